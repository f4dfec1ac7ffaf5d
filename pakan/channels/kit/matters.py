"""What the fund and an employer settle between them, in words: the same on the employer's page and on the officer's."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = str | Promise
KINDS: dict[str, Words] = {
    "plan": gettext_lazy("Instalments"),
    "waiver": gettext_lazy("Waiver of a late charge"),
    "dispute": gettext_lazy("Disputed line"),
    "assessment": gettext_lazy("Assessment by the fund"),
    "refund": gettext_lazy("Refund of credit"),
    "reach": gettext_lazy("Correction of an old month"),
}
STATES: dict[str, tuple[Words, str]] = {
    "asked": (gettext_lazy("waiting for an answer"), "wait"),
    "half": (gettext_lazy("one officer agreed, another must"), "wait"),
    "shown": (gettext_lazy("waiting for the employer"), "wait"),
    "contested": (gettext_lazy("contested"), "wait"),
    "accepted": (gettext_lazy("accepted"), "ok"),
    "approved": (gettext_lazy("agreed"), "ok"),
    "refused": (gettext_lazy("not agreed"), "plain"),
    "withdrawn": (gettext_lazy("taken back"), "plain"),
    "missed": (gettext_lazy("an instalment is missing"), "bad"),
    "bounced": (gettext_lazy("the bank did not take it"), "bad"),
    "ended": (gettext_lazy("ended by the fund"), "bad"),
    "done": (gettext_lazy("done"), "ok"),
}
REASONS: dict[str, Words] = {
    "disaster": gettext_lazy("Flood, fire or another disaster"),
    "our_fault": gettext_lazy("A fault of the fund or its system"),
    "bank_fault": gettext_lazy("A fault of the bank"),
    "first_time": gettext_lazy("Late for the first time"),
    "other": gettext_lazy("Another reason"),
}
NAME_CHECKS: dict[str, Words] = {
    "match": gettext_lazy("the bank knows this name"),
    "close": gettext_lazy("the name differs a little"),
    "no": gettext_lazy("the account is another's"),
    "unknown": gettext_lazy("the bank does not know the account"),
}
REFUSALS: dict[str, Words] = {
    "short": gettext_lazy("Write the reason in a sentence."),
    "long": gettext_lazy("This is too long. Say it in at most 500 letters."),
    "live": gettext_lazy("This is asked already and not answered yet."),
    "changed": gettext_lazy(
        "Something was paid or declared meanwhile. Look at the new figures and send again."
    ),
    "same_person": gettext_lazy("Another officer has to do this: you have acted in it before."),
    "state": gettext_lazy("Somebody has done this already."),
    "late": gettext_lazy("The days to contest it are over. Ask the office."),
    "amount": gettext_lazy("The amount must lie between 1 kip and the open charge."),
    "days": gettext_lazy("The last day lies before the first, or is over already."),
    "last_month": gettext_lazy("Choose a month before the campaign begins."),
    "percent": gettext_lazy("Write a number between 1 and 100."),
    "reason": gettext_lazy("Choose a reason."),
    "no_account": gettext_lazy(
        "The bank told us no account to which the money could return. Ask the office."
    ),
    "unknown": gettext_lazy("This line is not in the declaration of the month."),
    "paid": gettext_lazy("This line is paid in full: nothing is open to dispute. Correct the month instead."),
    "nothing": gettext_lazy("Nothing is overdue: there is nothing to pay in instalments."),
    "count": gettext_lazy("Choose between 2 and 12 instalments."),
    "small": gettext_lazy("The instalments would be too small. Choose fewer."),
    "declared": gettext_lazy("This month is declared: correct it instead of assessing it."),
    "month": gettext_lazy("Choose a past month in which the employer was active."),
    "workers": gettext_lazy("Write how many workers there were."),
    "wage": gettext_lazy("Write the wage of one worker."),
}


def refusal(code: str) -> str:
    return str(REFUSALS.get(code, code))


def told(matter: Any) -> dict[str, Any]:
    """A matter for the list of a page."""
    words, tone = STATES[matter.state]
    return {"matter": matter, "kind": KINDS[matter.kind], "says": words, "tone": tone}


def told_whole(matter: Any) -> dict[str, Any]:
    """A matter for its own page, with its steps."""
    steps = [(step, STATES[step.state][0]) for step in matter.steps.order_by("id").select_related("account")]
    return told(matter) | {"steps": steps, "reason": REASONS.get(matter.reason, ""), "payee": _payee(matter)}


def _payee(matter: Any) -> dict[str, Any]:
    """Where a refund goes, the number masked, and what the bank said about the name."""
    facts = matter.facts
    if "account" not in facts:
        return {}
    check = facts["name_check"]
    return {
        "account": f"••••{facts['account'][-4:]}",
        "says": NAME_CHECKS.get(check, check),
        "tone": "ok" if check == "match" else "wait",
    }
