"""I was invited: a number and a code lead to a mandate, with the account one has or with a new one; or back into an account."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pakan.channels.public.pages.password import NewPasswordForm
from pakan.channels.public.pages.sign_in import too_often
from pakan.operations import enter, invite
from pakan.registers.access.actor import Asked
from pakan.registers.access.models import Account, Invitation
from pakan.registers.access.queries import living_invitation


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number of the invitation"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"class": "short", "autocapitalize": "characters", "autocomplete": "off"}
        ),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "short", "autocapitalize": "characters", "autocomplete": "off"}
        ),
    )


class NewAccountForm(NewPasswordForm):
    sign_in = forms.EmailField(
        label=gettext_lazy("Your e-mail: you sign in with it"),
        max_length=120,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    field_order = ["sign_in", "new", "again"]


@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: Asked) -> HttpResponse:
    """Number and code; five tries each, and nobody learns which of the two was wrong."""
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told, address = form.cleaned_data, request.META.get("REMOTE_ADDR", "")
        try:
            found = invite.opened(told["number"], told["code"], request.actor.at, address)
        except enter.TooOften as fault:
            return too_often(request, fault.until, reverse("public:invited"))
        if found is not None:
            request.session["invitation"] = found.id
            return redirect("public:invitation")
        form.add_error(
            None,
            _("Number and code do not fit, or the invitation is over. Ask who invited you for a new one."),
        )
    return render(request, "public/invited.html", {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Asked) -> HttpResponse:
    """What one is invited to; taken by who is signed in, or with a new account."""
    found = living_invitation(request.session.get("invitation"), request.actor.at)
    if found is None:
        return redirect("public:invited")
    if found.account is not None:
        return _renew(request, found)
    account = _signed_in(request)
    if account is not None:
        return _take(request, found, account)
    form = NewAccountForm(Account(full_name=found.full_name), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = invite.join(request.actor, found, form.cleaned_data["sign_in"], form.cleaned_data["new"])
        except invite.Refused as refused:
            form.add_error("sign_in", _refused(refused.codes[0]))
        else:
            return _to_authenticator(request, made)
    return _show(request, found, form)


def _signed_in(request: Asked) -> Account | None:
    account = enter.account_of(request.actor) if request.actor.account_id is not None else None
    return account if account is not None and account.kind == Account.Kind.EMPLOYER else None


def _refused(code: str) -> str:
    if code == "taken":
        return _("This e-mail has an account. Sign in with it first, then type number and code again.")
    return _("The invitation was used or taken back meanwhile.")


def _take(request: Asked, found: Invitation, account: Account) -> HttpResponse:
    if request.method != "POST":
        return _show(request, found, None, account)
    request.session.pop("invitation", None)
    if invite.take(request.actor, found, account):
        messages.success(request, _("Done. The company is in your list."))
    else:
        messages.error(request, _("The invitation was used or taken back meanwhile."))
    return redirect("/employer/")


def _renew(request: Asked, found: Invitation) -> HttpResponse:
    assert found.account is not None
    form = NewPasswordForm(found.account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = invite.renew(request.actor, found, form.cleaned_data["new"])
        except invite.Refused:
            return redirect("public:invited")
        return _to_authenticator(request, account)
    return _show(request, found, form)


def _to_authenticator(request: Asked, account: Account) -> HttpResponse:
    """The password is set; nothing is open until the authenticator is."""
    request.session.pop("invitation", None)
    enter.wait_at_second(request, account, request.actor.at, "/employer/")
    enter.prepare_totp(account)
    return redirect("public:enrol_totp")


def _show(
    request: Asked, found: Invitation, form: forms.Form | None, account: Account | None = None
) -> HttpResponse:
    facts = {"invitation": found, "form": form, "account": account}
    return render(request, "public/invitation.html", facts, status=422 if form and form.errors else 200)
