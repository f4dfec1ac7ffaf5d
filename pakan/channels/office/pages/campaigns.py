"""Campaigns: entered by one officer, approved by another (C125)."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pakan.channels.kit.fields import DayField, MonthField, WholeField
from pakan.channels.kit.matters import refusal
from pakan.channels.office.frame import show
from pakan.operations import campaign
from pakan.registers.access.actor import Asked
from pakan.registers.compliance.queries import campaigns as every


class CampaignForm(forms.Form):
    name_lo = forms.CharField(label=gettext_lazy("Name in Lao"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120)
    cite = forms.CharField(label=gettext_lazy("Decision that allows it"), max_length=200)
    starts = DayField(label=gettext_lazy("First day"))
    ends = DayField(label=gettext_lazy("Last day"))
    last_month = MonthField(label=gettext_lazy("For months up to"))
    percent = WholeField(1, 100, label=gettext_lazy("Per cent of the late charge that is given up"))


FIELD = {"days": "ends", "short": "cite"}


@require_http_methods(["GET", "HEAD", "POST"])
def campaigns(request: Asked) -> HttpResponse:
    form = CampaignForm(request.POST if "name_lo" in request.POST else None)
    try:
        if form.is_bound and form.is_valid():
            campaign.enter(request.actor, **form.cleaned_data)
            messages.success(request, _("Written. Another officer has to agree."))
            return redirect("office:campaigns")
        if request.method == "POST" and not form.is_bound:
            wanted = next((one for one in every() if str(one.id) == request.POST.get("approve")), None)
            if wanted is None:
                raise Http404
            campaign.approve(request.actor, wanted)
            messages.success(request, _("The campaign is approved."))
            return redirect("office:campaigns")
    except campaign.Refused as refused:
        if form.is_bound:
            field = FIELD.get(refused.code, refused.code)
            form.add_error(field if field in form.fields else None, refusal(refused.code))
        else:
            messages.error(request, refusal(refused.code))
    facts = {"form": form, "campaigns": every(), "mine": request.actor.account_id}
    return show(request, "campaigns", facts, current="campaigns", status=422 if form.errors else 200)
