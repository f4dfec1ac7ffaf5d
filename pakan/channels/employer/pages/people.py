"""People with access: who may do what here, invited and ended by the company's own administrator (C64, C65)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.employer.frame import may, of_employer, show, to
from pakan.channels.kit.fields import DayField
from pakan.operations import enter, invite
from pakan.registers.access.actor import Asked
from pakan.registers.access.invitations import open_of
from pakan.registers.access.queries import people_with_access
from pakan.registers.people.models import Employer

PAGE = 20
ROLES: dict[str, str | Promise] = {
    "employer_reader": gettext_lazy("may look"),
    "employer_preparer": gettext_lazy("prepares the declaration"),
    "employer_approver": gettext_lazy("approves and signs"),
    "employer_administrator": gettext_lazy("administers and prepares"),
}
REFUSED: dict[str, str | Promise] = {
    "last": gettext_lazy("This is the last administrator. Invite another one first."),
    "oneself": gettext_lazy("Somebody else must do this for you: a colleague who administers, or an office."),
    "other_companies": gettext_lazy("This person acts for other companies too. An office must help."),
    "not_here": gettext_lazy("This person has no access here."),
}
FIELDS = {"name": "full_name", "phone": "phone", "roles": "roles", "until": "until"}
WRONG: dict[str, str | Promise] = {
    "name": gettext_lazy("Write the name in letters."),
    "phone": gettext_lazy("This is not a phone number. Write it as 020 and 8 digits."),
    "roles": gettext_lazy("Choose what this person may do."),
    "until": gettext_lazy("This day is over."),
}


class InviteForm(forms.Form):
    full_name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "class": "short"}),
        help_text=gettext_lazy("Without a phone you tell the number of the invitation yourself."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("What this person may do"),
        choices=list(ROLES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    until = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave it empty for no end.")
    )


@of_employer("GET", "HEAD")
def people(request: Asked, employer: Employer) -> HttpResponse:
    """Who may do what here, and who is invited."""
    page = Paginator(people_with_access(employer.id, request.actor.at), PAGE).get_page(
        request.GET.get("page")
    )
    administers = may(request.actor, employer, "invite.person")
    facts = {
        "page": page,
        "rows": [{"mandate": mandate, "says": ROLES[mandate.role]} for mandate in page.object_list],
        "one_may": employer.one_person_may_approve,
        "administers": administers,
        "invitations": [
            (one, [ROLES[role] for role in one.roles]) for one in open_of(employer, request.actor.at)[:PAGE]
        ]
        if administers
        else [],
    }
    return show(request, "people", employer, facts, current="people")


def prove_first(request: Asked, employer: Employer, page: str) -> HttpResponse | None:
    """The way to a fresh proof, where the last one is older than ten minutes."""
    if enter.is_fresh(request, request.actor.at):
        return None
    messages.info(request, _("Show the code of your authenticator app first, then come back."))
    back = reverse(f"employer:{page}", args=[employer.code])
    return redirect(f"{reverse('public:ways_in')}?{urlencode({'next': back})}")


@of_employer("GET", "HEAD", "POST")
def invite_person(request: Asked, employer: Employer) -> HttpResponse:
    """Invite somebody; the code is shown once."""
    if prove := prove_first(request, employer, "invite"):
        return prove
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            invited = invite.person(
                request.actor, employer, told["full_name"], told["phone"], told["roles"], told["until"]
            )
        except invite.Refused as refused:
            for code in refused.codes:
                form.add_error(FIELDS[code], str(WRONG[code]))
        else:
            return _code_once(request, employer, invited)
    status = 422 if form.errors else 200
    return show(request, "invite", employer, {"form": form}, current="people", status=status)


def _code_once(request: Asked, employer: Employer, invited: invite.Invited) -> HttpResponse:
    facts: dict[str, Any] = {"invited": invited.invitation, "code": invited.code}
    return show(request, "invited_code", employer, facts, current="people")


@of_employer("POST")
def access(request: Asked, employer: Employer) -> HttpResponse:
    """End somebody's access, take an invitation back, or help a colleague who lost the authenticator."""
    if prove := prove_first(request, employer, "people"):
        return prove
    number = request.POST.get("id", "")
    about = int(number) if number.isdigit() and len(number) < 18 else 0
    try:
        if request.POST.get("do") == "recover":
            return _code_once(request, employer, invite.recover(request.actor, employer, about))
        if request.POST.get("do") == "withdraw":
            if invite.withdraw(request.actor, employer, about):
                messages.success(request, _("The invitation is taken back."))
        elif request.POST.get("do") == "end" and invite.end(request.actor, employer, about):
            messages.success(request, _("This person has no access any more."))
    except invite.Refused as refused:
        messages.error(request, str(REFUSED[refused.codes[0]]))
    return to("people", employer)
