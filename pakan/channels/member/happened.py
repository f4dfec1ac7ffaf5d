"""What has happened? Each event of life, answered from the member's own months before anything is asked (C26, C32).

Everything is reckoned from one `Insured`, read once; the rest of the situation is supposed to be the usual one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pakan.channels.kit.life import EVENTS
from pakan.channels.kit.speech import in_language, kip_text, month_text
from pakan.law.benefits import all_names, named
from pakan.law.decision import Condition, Decision
from pakan.law.insured import Insured
from pakan.law.wrong import WrongSituation

# Who is paid after the insured person's death is somebody else: that claim begins with the dead person's number.
AFTER_A_DEATH = ("survivors",)
# What is supposed until the member says more; every page says so.
USUAL: Mapping[str, Mapping[str, Any]] = {
    "maternity": {"leave_days": 105},
    "sickness": {"cause": "other", "wage_stopped": True, "certificate": True},
    "work_accident": {"place": "work", "certificate": True},
    "unemployment": {"cause": "closed", "exit_certificate": True, "fit": True, "unemployed_days": 30},
    "invalidity": {"category": 6},
    "death": {"who_died": "spouse", "certificate": True},
}
# Care is not claimed: the card is shown at the hospital.
BY_CARD = frozenset({"health"})
# The category, and the amount with it, is for the medical board to say.
NO_AMOUNT = frozenset({"invalidity"})


@dataclass(frozen=True)
class Outlook:
    """One event: its words, and what it would bring today. `tone`: 'ok' yes, 'wait' not yet, 'info' ask us."""

    name: str
    label: str
    note: str
    tone: str
    status: str


def claimable() -> list[str]:
    """What a member can claim for himself, in the order of life."""
    return [name for name in EVENTS if name in all_names() and name not in AFTER_A_DEATH]


def outlooks(person: Insured, today: date) -> list[Outlook]:
    return [_outlook(name, _decide(person, name, today)) for name in claimable()]


def usual(person: Insured, name: str) -> dict[str, Any]:
    """The answers that are supposed. A man claims for a birth as the father."""
    told = dict(USUAL.get(name, {}))
    if name == "maternity" and person.sex == "m":
        return {"claimant": "father", "wife_has_occupation": False}
    return told


def _decide(person: Insured, name: str, today: date) -> Decision | None:
    try:
        return named(name).decide(person, usual(person, name), today)
    except WrongSituation:
        return None


def _outlook(name: str, decision: Decision | None) -> Outlook:
    label = str(EVENTS[name][0])
    if decision is None:
        return Outlook(name, label, "", "info", _("ask us"))
    if not decision.entitled:
        return Outlook(name, label, _missing(decision), "wait", _("not yet"))
    shown = [amount for amount in decision.amounts if not amount.staff_only]
    if name in NO_AMOUNT or not shown:
        return Outlook(name, label, _("An officer works it out with you."), "info", _("ask us"))
    return Outlook(name, label, amount_about(decision), "ok", _("yes"))


def amount_about(decision: Decision) -> str:
    """The money in one line, or the cover in words."""
    shown = [amount for amount in decision.amounts if not amount.staff_only]
    months = [amount for amount in shown if amount.kind == "monthly"]
    first = min((amount.start for amount in months if amount.start), default=None)
    monthly = sum(amount.kip for amount in months if amount.start == first)  # later times may be paid less
    once = sum(amount.kip for amount in shown if amount.kind in ("lump_sum", "period"))
    if monthly:
        return _("about %(kip)s a month") % {"kip": kip_text(monthly)}
    if once:
        return _("about %(kip)s") % {"kip": kip_text(once)}
    return in_language(shown[0]) if shown else ""


def _missing(decision: Decision) -> str:
    """What is not there yet: how many months, or from when, or the condition itself."""
    first = decision.missing[0]
    months = _months_short(first)
    if months:
        return ngettext("%(number)s month more", "%(number)s months more", months) % {"number": months}
    if decision.first_day is not None:
        return _("from %(month)s") % {"month": month_text(decision.first_day)}
    return in_language(first)


def _months_short(condition: Condition) -> int:
    """How many months of contributions are missing; 0 where the condition is about something else."""
    needed, found = condition.needed, condition.found
    if "months" not in condition.label or not (isinstance(needed, int) and isinstance(found, int)):
        return 0
    return max(0, needed - found)
