"""A new password: the old one and a code of the last ten minutes open the way to it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pakan.channels.public.pages.sign_in import too_often
from pakan.operations import enter
from pakan.registers.access.actor import Asked
from pakan.registers.access.models import Account


def secret_field(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=500, strip=False, widget=widget, help_text=help_text)


class NewPasswordForm(forms.Form):
    """A password for the first time, or anew, typed twice."""

    new = secret_field(
        gettext_lazy("The new password"),
        "new-password",
        gettext_lazy("At least 8 signs. Not your name, and no word that everybody knows."),
    )
    again = secret_field(gettext_lazy("The new password once more"), "new-password")

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.account)
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise ValidationError(_("The two new passwords are not the same."))
        return again


class PasswordForm(NewPasswordForm):
    old = secret_field(gettext_lazy("The password until now"), "current-password")
    field_order = ["old", "new", "again"]


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Asked) -> HttpResponse:
    """Only after a fresh proof; afterwards all other devices are signed out."""
    if not enter.is_fresh(request, request.actor.at):
        messages.info(request, _("Show the code of your authenticator app first."))
        return redirect("public:ways_in")
    form = PasswordForm(enter.account_of(request.actor), request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            if enter.change_password(request, request.actor, told["old"], told["new"]):
                messages.success(request, _("The password is changed. Other devices are signed out."))
                return redirect("public:ways_in")
        except enter.TooOften as fault:
            return too_often(request, fault.until, reverse("public:ways_in"))
        form.add_error("old", _("This is not your password."))
    return render(request, "public/password.html", {"form": form})
