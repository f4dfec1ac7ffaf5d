"""The way back without e-mail, and the paper from the counter (C2, C7)."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.member.browser import address_of, back_to, in_language, too_often, with_next
from pakan.channels.member.forms import NumberForm
from pakan.operations import enter
from pakan.registers.access.actor import Asked


class PaperForm(NumberForm):
    secret = forms.CharField(
        label=gettext_lazy("Twelve digits from the paper"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


@require_safe
def recover(request: Asked) -> HttpResponse:
    """Phone or PIN lost: what to do, what it costs (nothing), and what to beware of."""
    state = with_next("member:state_go", "", why="recover") if enter.state_is_there() else ""
    return render(request, "member/recover.html", {"back": back_to("member:sign_in"), "state": state})


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: Asked) -> HttpResponse:
    """The person takes over an account that a counter opened, or gets back into the own one."""
    form = PaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, at = form.cleaned_data, request.actor.at
        try:
            found = enter.use_paper(typed["number"], typed["secret"], at, address_of(request))
        except enter.TooOften as fault:
            return too_often(request, fault.until)
        if found is not None:
            account, purpose = found
            enter.begin(request, account, "member", "paper", at)
            request.session["paper"] = purpose
            return in_language(redirect("member:welcome"), account.language)
        form.add_error("secret", _("This does not fit, or the paper is older than a day. Ask at the office."))
    return render(request, "member/paper.html", {"form": form, "back": back_to("member:recover")})
