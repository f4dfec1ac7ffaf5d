"""Who opened my record: who, when, from which office, and why, in plain words, month by month (C182)."""

from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pakan.channels.kit.speech import month_text
from pakan.channels.member.shell import page, person_of
from pakan.registers.access.actor import Asked
from pakan.registers.access.models import AuditRow
from pakan.registers.access.queries import looks_at, months_looked, names_of

DOORS: dict[str, str | Promise] = {
    "office": gettext_lazy("Social security staff"),
    "counter": gettext_lazy("Social security staff"),
    "employer": gettext_lazy("Your employer"),
    "timetable": gettext_lazy("The system"),
}
OWN_DOORS = ("member", "phone")  # where only members come in
# What was done, by the room of the verb; a look is told apart.
DONE: dict[str, str | Promise] = {
    "look": gettext_lazy("Looked at your record"),
    "declare": gettext_lazy("Wrote a month on your record"),
    "report": gettext_lazy("Told us, or answered, that a month is wrong"),
    "certify": gettext_lazy("Made a signed paper"),
    "voluntary": gettext_lazy("Changed your own insurance"),
    "entrust": gettext_lazy("Changed who helps you"),
    "enrol": gettext_lazy("Changed who you are on record"),
    "claim": gettext_lazy("Worked on a claim"),
    "award": gettext_lazy("Worked on a benefit"),
    "appraise": gettext_lazy("Worked on a claim"),
    "wish": gettext_lazy("Changed what you allow, or your data"),
    "visit": gettext_lazy("Worked on an appointment"),
    "dial": gettext_lazy("Looked by the keys of your telephone"),
    "enter": gettext_lazy("Changed how you sign in"),
    "merge": gettext_lazy("Worked on your old numbers"),
    "life": gettext_lazy("Worked on your proof of life"),
    "family": gettext_lazy("Changed your family on record"),
    "payee": gettext_lazy("Changed the account that we pay to"),
    "recover": gettext_lazy("Worked on money that was too much"),
    "appeal": gettext_lazy("Worked on your appeal"),
    "care": gettext_lazy("Worked on your hospital or a visit"),
    "inspect": gettext_lazy("Checked you at your work"),
    "hire": gettext_lazy("Wrote you on an employer's list"),
    "notify": gettext_lazy("Changed how we write to you"),
}
WHY: dict[str, str | Promise] = {
    "account": gettext_lazy("a question about payments"),
    "money": gettext_lazy("money that found no owner"),
    "visit": gettext_lazy("a visit or inspection"),
    "audit": gettext_lazy("an audit"),
    "case": gettext_lazy("to answer your question"),
    "helper": gettext_lazy("you let this person help you"),
    "claim": gettext_lazy("to decide your claim"),
    "correction": gettext_lazy("to correct your data"),
    "appointment": gettext_lazy("your appointment"),
    "two jobs": gettext_lazy("two employers declared you for one month"),
    "new phone": gettext_lazy("your new telephone"),
    "message": gettext_lazy("a message to you"),
    "life": gettext_lazy("your proof of life"),
    "card": gettext_lazy("your card"),
    "family": gettext_lazy("your family"),
    "old numbers": gettext_lazy("to find your old numbers"),
    "doubles": gettext_lazy("to find your old numbers"),
    "dispute": gettext_lazy("a month that somebody contests"),
    "hospital": gettext_lazy("your hospital"),
    "bill": gettext_lazy("a bill of your hospital"),
    "overpayment": gettext_lazy("money that was too much"),
    "complaint": gettext_lazy("a complaint about your employer"),
    "accident": gettext_lazy("an accident at work"),
    "hand_over": gettext_lazy("your account was handed to you"),
    "recover": gettext_lazy("you could not sign in"),
    "call: question": gettext_lazy("a call to you: your question"),
    "call: missing_paper": gettext_lazy("a call to you: a paper is missing"),
    "call: payment": gettext_lazy("a call to you: a payment"),
    "call: visit": gettext_lazy("a call to you: a visit"),
}


@require_GET
def looks(request: Asked) -> HttpResponse:
    person_id, asked = person_of(request), request.GET.get("month", "")
    months = months_looked(person_id)
    chosen = next((month for month in months if str(month) == asked), None)
    rows = looks_at(person_id, chosen)
    names = names_of({row.account_id for row in rows if row.account_id and row.door in OWN_DOORS})
    facts = {
        "rows": [_said(row, names, request.actor.account_id) for row in rows],
        "months": [(str(month), month_text(month)) for month in months],
        "chosen": str(chosen) if chosen else "",
    }
    return page(request, "looks", tab="me", back="me", **facts)


def _said(row: AuditRow, names: dict[int, str], own: int | None) -> dict[str, Any]:
    return {
        "row": row,
        "who": _who(row, names, own),
        "did": DONE.get(row.act.split(".")[0], gettext_lazy("Changed your record")),
        "why": WHY.get(row.purpose) or _in_words(row.purpose),
    }


def _in_words(purpose: str) -> str:
    """What an officer typed. A word of the machine, as of the way somebody proved who he is, says nothing to a reader."""
    return "" if purpose.isascii() and " " not in purpose.strip() else purpose


def _who(row: AuditRow, names: dict[int, str], own: int | None) -> str:
    """Staff by their office; a helper by name, since the owner let him in; oneself as "You"."""
    if row.door in OWN_DOORS:
        return _("You") if row.account_id == own else names.get(row.account_id or 0, _("Somebody you let in"))
    return str(DOORS.get(row.door, _("The system")))
