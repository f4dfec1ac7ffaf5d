"""What two desks share where an officer says yes or no with an answer: changes of employers, and of people's own data."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.operations import alter, wish
from pakan.registers.access.actor import Actor, Asked

Decide = Callable[[Actor, str, bool, str], object]
Refused = type[alter.Refused] | type[wish.Refused]


class AnswerForm(forms.Form):
    """`who_reads`: whom the answer is for, said beside the field. That a no needs a reason is the verb's to say."""

    def __init__(self, data: Any, who_reads: str, most: int) -> None:
        super().__init__(data)
        self.fields["answer"] = forms.CharField(
            label=gettext_lazy("Your answer"), help_text=who_reads, max_length=most, required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )  # fmt: skip


def yes_or_no(
    request: Asked, page: str, number: str, decide: Decide, refused: Refused, words: Mapping[str, str | Promise], answer: str
) -> HttpResponse:  # fmt: skip
    """Decide as the button says and go back to the page; a refusal is said there in `words`."""
    act = request.POST.get("act", "")
    if act not in ("yes", "no"):
        raise Http404
    try:
        decide(request.actor, number, act == "yes", answer)
        messages.success(request, _("Kept."))
    except refused as fault:
        messages.error(request, str(words[fault.code]))
    return redirect(page, number)
