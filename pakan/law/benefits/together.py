"""Benefits together (A-44): one benefit that replaces a wage at a time, the higher one.

Pension, survivors' benefit and health care run beside it. An amount that loses is shortened or dropped, never paid
twice; whoever decides sees which one gave way to which.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from pakan.law.benefits import named
from pakan.law.common import COMMON
from pakan.law.dated import Source
from pakan.law.decision import Amount, Decision
from pakan.law.wrong import WrongSituation


@dataclass(frozen=True, slots=True)
class GaveWay:
    """On `start` to `end` (None: without end) the benefit `loser` is not paid, because `winner` is higher."""

    winner: str
    loser: str
    start: date
    end: date | None
    lo: str
    en: str
    source: Source


@dataclass(frozen=True, slots=True)
class Together:
    """`amounts`: what is paid, as (benefit, amount), in the order of the decisions."""

    amounts: tuple[tuple[str, Amount], ...]
    gave_way: tuple[GaveWay, ...]


def together(decisions: Sequence[Decision]) -> Together:
    """What is paid when all of these were decided for one person. Lump sums and protection are never cut."""
    claims = [
        (decision, amount) for decision in decisions for amount in decision.amounts if decision.entitled
    ]
    replacing = [(decision, amount) for decision, amount in claims if _replaces(decision, amount)]
    paid: list[tuple[str, Amount]] = []
    told: list[GaveWay] = []
    for decision, amount in claims:
        if not _replaces(decision, amount):
            paid.append((decision.benefit, amount))
            continue
        rivals = [
            other
            for other in replacing
            if other[0] is not decision and _stronger(other, (decision, amount), decisions)
        ]
        parts, gaps = _cut(amount, rivals)
        paid += [(decision.benefit, part) for part in parts]
        told += [_gave_way(winner, decision, start, end) for winner, start, end in gaps]
    return Together(tuple(paid), tuple(told))


def _replaces(decision: Decision, amount: Amount) -> bool:
    try:
        benefit = named(decision.benefit)
    except WrongSituation:
        return False
    return benefit.replaces_wage and amount.kind in ("monthly", "period") and amount.start is not None


def _daily(amount: Amount) -> Fraction:
    """Kip a day, to compare: a month counts thirty days (A-21)."""
    if amount.kind == "monthly" or amount.start is None or amount.end is None:
        return Fraction(amount.kip, 30)
    return Fraction(amount.kip, (amount.end - amount.start).days + 1)


def _stronger(
    other: tuple[Decision, Amount], own: tuple[Decision, Amount], decisions: Sequence[Decision]
) -> bool:
    """Whether `other` wins: it is higher; of two that are equal, the one that was decided first."""
    if _daily(other[1]) != _daily(own[1]):
        return _daily(other[1]) > _daily(own[1])
    order = [id(decision) for decision in decisions]
    return order.index(id(other[0])) < order.index(id(own[0]))


def _cut(
    amount: Amount, rivals: Sequence[tuple[Decision, Amount]]
) -> tuple[list[Amount], list[tuple[Decision, date, date | None]]]:
    """What is left of an amount beside stronger ones, and when it gives way to whom."""
    parts, gaps = [amount], []
    for rival, stronger in rivals:
        left: list[Amount] = []
        for part in parts:
            common = _overlap(part, stronger)
            if common is None:
                left.append(part)
                continue
            gaps.append((rival, *common))
            left += _outside(part, *common)
        parts = left
    return parts, gaps


def _overlap(one: Amount, other: Amount) -> tuple[date, date | None] | None:
    if one.start is None or other.start is None:
        return None
    start = max(one.start, other.start)
    ends = [end for end in (one.end, other.end) if end is not None]
    end = min(ends) if ends else None
    return None if end is not None and end < start else (start, end)


def _outside(part: Amount, start: date, end: date | None) -> list[Amount]:
    left = []
    if part.start is not None and part.start < start:
        left.append(_between(part, part.start, start - timedelta(days=1)))
    if end is not None and (part.end is None or end < part.end):
        left.append(_between(part, end + timedelta(days=1), part.end))
    return left


def _between(part: Amount, start: date, end: date | None) -> Amount:
    """The amount for a shorter time; what stands for the whole time shrinks by its days, half up to whole kip."""
    if part.kind != "period" or end is None:
        return replace(part, start=start, end=end)
    exact = _daily(part) * ((end - start).days + 1)
    kip = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return replace(part, start=start, end=end, kip=type(part.kip)(kip))


def _gave_way(winner: Decision, loser: Decision, start: date, end: date | None) -> GaveWay:
    return GaveWay(
        winner=winner.benefit,
        loser=loser.benefit,
        start=start,
        end=end,
        lo=f"{loser.title_lo} ບໍ່ຈ່າຍພ້ອມກັບ {winner.title_lo}. ຈ່າຍອັນທີ່ສູງກວ່າ.",
        en=f"{loser.title_en} is not paid beside {winner.title_en}. The higher one is paid.",
        source=COMMON.sources("wage_replacing_at_once", start),
    )
