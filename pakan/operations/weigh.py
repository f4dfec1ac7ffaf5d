"""Weigh: what a month is worth in rights, by asking the law twice: with the month, and without it (C22, C28).

Reads only. The same engine decides every claim, so a loss told here is one that a claim of today would really show.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from pakan.law.benefits import named
from pakan.law.contributions.rule import Scheme
from pakan.law.contributions.values import BRANCHES
from pakan.law.decision import Condition, Decision, Sentence
from pakan.law.insured import Entry, Insured
from pakan.law.wrong import WrongSituation
from pakan.operations.assess import insured_of
from pakan.operations.law_in_force import InForce
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.rate import Rate

__all__ = ["insured_of"]

PENSION = "old_age"
# What would be asked if it happened today, answered in the most usual way; the rest of each is its default.
EVENTS: dict[str, dict[str, Any]] = {
    "health": {},
    "sickness": {"cause": "other", "wage_stopped": True, "certificate": True},
    "maternity": {"claimant": "mother", "leave_days": 105},
    "unemployment": {"cause": "closed", "exit_certificate": True, "fit": True, "unemployed_days": 30},
    "invalidity": {"category": 1},
}


@dataclass(frozen=True)
class Loss:
    """`was`: with the month the law would say yes; `now` is without it. Kip of the first month or of the whole time."""

    benefit: str
    title: Sentence
    was: bool
    now: bool
    kip_was: Kip
    kip_now: Kip
    until_was: date | None
    until_now: date | None


@dataclass(frozen=True)
class Road:
    """How far it is to a pension: months that count and that the law asks for, and the day of the age."""

    months: int
    needed: int
    age_from: date | None
    age: int

    @property
    def left(self) -> int:
        return max(0, self.needed - self.months)


def road(person: Insured, day: date) -> Road | None:
    """None where the law of that person's scheme asks in another way (the public one)."""
    decision = _decide(person, PENSION, {}, day)
    months = _condition(decision, "months")
    age = next((each for each in decision.conditions if each.label == "age"), None) if decision else None
    if months is None or age is None:
        return None
    found, needed, years = months.found, months.needed, age.needed
    if not (isinstance(found, int) and isinstance(needed, int) and isinstance(years, int)):
        return None
    return Road(found, needed, age.met_from, years)


def _condition(decision: Decision | None, label: str) -> Condition | None:
    return next((each for each in decision.conditions if each.label == label), None) if decision else None


def _decide(person: Insured, benefit: str, told: Mapping[str, Any], day: date) -> Decision | None:
    try:
        return named(benefit).decide(person, told, day)
    except WrongSituation:  # a man's maternity, a law of before: nothing to lose there
        return None


def usual_wage(person: Insured, month: Month, scheme: str, law: InForce) -> Kip:
    """The insured wage of the nearest month that counts before it, or after it; the least the law insures if none."""
    before = [one for one in person.paid if one < month]
    if person.paid:
        return person.paid[max(before) if before else min(person.paid)]
    return law.rates(cast(Scheme, scheme), month).lowest


def with_month(person: Insured, month: Month, employer: str, scheme: str, insured: Kip) -> Insured:
    """The same person, had this month been paid."""
    others = tuple(each for each in person.months.get(month, ()) if each.employer != employer)
    paid = Entry(employer, insured, insured, paid=True, scheme=cast(Scheme, scheme))
    return replace(person, months=dict(person.months) | {month: (*others, paid)})


def losses(now: Insured, was: Insured, day: date) -> list[Loss]:
    """What the law would give on `day` to the second and not, or less of it, to the first."""
    found = []
    for name, told in EVENTS.items():
        if name == "maternity" and now.sex == "m":
            continue
        one, other = _decide(now, name, told, day), _decide(was, name, told, day)
        if one is None or other is None:
            continue
        loss = _compare(name, one, other)
        if (loss.now, loss.kip_now, loss.until_now) != (loss.was, loss.kip_was, loss.until_was):
            found.append(loss)
    return found


def _compare(name: str, now: Decision, was: Decision) -> Loss:
    return Loss(
        name, named(name).title, was.entitled, now.entitled, _kip(was), _kip(now), _until(was), _until(now)
    )


def _kip(decision: Decision) -> Kip:
    shown = [amount.kip for amount in decision.amounts if not amount.staff_only and amount.kind != "cover"]
    return Kip(sum(shown)) if decision.entitled else Kip(0)


def _until(decision: Decision) -> date | None:
    """The last day of the cover; of money only its sum is compared."""
    ends = [amount.end for amount in decision.amounts if amount.kind == "cover" and amount.end]
    return max(ends) if ends and decision.entitled else None


@dataclass(frozen=True)
class Share:
    """A part of a month's contributions by branch: an inference that the fund has not confirmed (A-04)."""

    branch: str
    rate: Rate
    kip: Kip


def shares(insured: int, scheme: str, month: Month, total: int) -> list[Share]:
    """What the contributions of a month buy, by branch, adding up to `total` exactly; nothing outside the enterprise
    and voluntary schemes, whose branches nothing is known of.
    """
    values = BRANCHES.on(month.first)
    parts = {"work_injury": values.work_injury, "unemployment": values.unemployment}
    if scheme == "voluntary":
        parts = {}
    elif scheme != "enterprise":
        return []
    told = [Share(name, rate, rate.of(Kip(insured))) for name, rate in parts.items()]
    rest = Kip(total - sum(share.kip for share in told))
    return [Share("rest", values.rest, rest), *told] if rest >= 0 else []
