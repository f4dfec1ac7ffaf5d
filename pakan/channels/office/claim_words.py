"""Why a claim needs a person, and why an act on it was not done: the codes of the desk, in sentences for officers."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pakan.channels.office.wording import NOT_KNOWN

Words = str | Promise

# Why the machine passed the claim to people (Reckoned.risks).
RISKS: dict[str, Words] = {
    "not_entitled": gettext_lazy("As told, the law gives no right. Only people refuse."),
    "estimate": gettext_lazy("The rule rests on an assumption: read the steps before you propose."),
    "nothing_to_pay": gettext_lazy("Nothing would be paid."),
    "open_ended": gettext_lazy("It would be paid each month, with no end."),
    "late": gettext_lazy("It came more than twelve months after the event."),
    "papers": gettext_lazy("A paper is missing, or nobody has accepted it yet."),
    "amount": gettext_lazy("The amount is too high for the machine."),
    "account": gettext_lazy("The account is missing, or the bank has not confirmed its name."),
    "frozen": gettext_lazy("The member has stopped all payments."),
    "wage_jump": gettext_lazy("The wage rose by half or more in the last three months."),
    "fresh_months": gettext_lazy("Several months came only in the last weeks."),
    "months_open": gettext_lazy("A declared month has not been paid yet."),
    "again": gettext_lazy("There was a claim for the same benefit before."),
    "facts": gettext_lazy("The facts do not fit together."),
    "other_benefit": gettext_lazy("Another benefit runs at the same time (A-44)."),
}
# Why nothing was done (Refused.code).
REFUSED: dict[str, Words] = {
    "state": gettext_lazy("Somebody has gone on with this claim already. Look at it again."),
    "why": gettext_lazy("Say why: the member reads it."),
    "article": gettext_lazy("Name the article of the law."),
    "reason": gettext_lazy("Give the reason: the member reads it."),
    "same_person": gettext_lazy("You proposed this yourself. Another officer decides."),
    "asked_already": gettext_lazy("The member was asked once already. A second time is not allowed."),
    "until": gettext_lazy("Choose a day from one week to three months from now."),
    "place": gettext_lazy("Say where the papers can be brought."),
    "kind": gettext_lazy("Tick what is missing, or write it."),
    "not_entitled": gettext_lazy(
        "With these facts the law gives no right. Change the facts, or propose to refuse."
    ),
    "entitled": gettext_lazy("With these facts the law grants it. Refuse only with other facts."),
    "other_benefit": gettext_lazy("Another benefit would have to end first (A-44)."),
    "payee": gettext_lazy("The member has told no account that can be paid to."),
    "papers": gettext_lazy("Accept every paper first."),
    "too_long": gettext_lazy("This is too long."),
    "nothing": gettext_lazy("Nothing would be paid."),
    "empty": gettext_lazy("Write an answer."),
    "changed": gettext_lazy(
        "The record has changed since this was proposed. Send it back, and propose anew."
    ),
    "granted_already": gettext_lazy(
        "The grant for this death was awarded to another claim. It is paid once."
    ),
    "outcome": gettext_lazy("Choose to grant or to refuse."),
}


def risk(code: str) -> Words:
    return RISKS.get(code, NOT_KNOWN)


def refused(code: str) -> Words:
    return REFUSED.get(code, NOT_KNOWN)
