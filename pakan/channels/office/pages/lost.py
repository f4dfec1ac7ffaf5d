"""An employer's person lost password and authenticator: at the counter, with a paper, a code that counts after a day (C64)."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pakan.channels.office.frame import show
from pakan.operations import invite
from pakan.registers.access.actor import Asked
from pakan.registers.access.queries import employers_account

SEEN = [
    ("id", gettext_lazy("identity card")),
    ("passport", gettext_lazy("passport")),
    ("family_book", gettext_lazy("family book")),
]


class LostForm(forms.Form):
    sign_in = forms.CharField(label=gettext_lazy("The sign-in (e-mail)"), max_length=120)
    seen = forms.ChoiceField(
        label=gettext_lazy("Which paper showed who it is"), choices=SEEN, widget=forms.RadioSelect
    )


@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: Asked) -> HttpResponse:
    form = LostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = employers_account(form.cleaned_data["sign_in"])
        if account is None:
            form.add_error("sign_in", _("No employer's account has this sign-in."))
        else:
            made = invite.recover_at_office(request.actor, account, form.cleaned_data["seen"])
            answer = show(
                request, "lost_code", {"invited": made.invitation, "code": made.code}, "lost_proofs"
            )
            answer["Cache-Control"] = "no-store"
            return answer
    return show(request, "lost", {"form": form}, "lost_proofs", 422 if form.errors else 200)
