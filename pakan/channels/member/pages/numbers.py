"""Old numbers of mine: what an officer found, and my word on it (C8)."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pakan.channels.member.browser import with_next
from pakan.channels.member.shell import page, person_of
from pakan.operations import enter, merge
from pakan.registers.access.actor import Asked


class AnswerForm(forms.Form):
    id = forms.IntegerField(min_value=1, max_value=2**62)
    answer = forms.ChoiceField(choices=[("yes", ""), ("no", "")])


@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: Asked) -> HttpResponse:
    """Each old number with its state; agreeing needs a fresh proof."""
    fresh = enter.is_fresh(request, request.actor.at)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not fresh:
            return redirect(with_next("member:prove", reverse("member:numbers")))
        try:
            merge.answer(request.actor, form.cleaned_data["id"], form.cleaned_data["answer"] == "yes")
        except merge.Refused:
            messages.error(request, _("This was answered already."))
        else:
            messages.success(request, _("Thank you. We have your answer."))
        return redirect("member:numbers")
    rows = merge.proposed_to(person_of(request))
    prove = with_next("member:prove", reverse("member:numbers"))
    return page(request, "numbers", tab="me", back="me", rows=rows, fresh=fresh, prove=prove)
