"""Survivors: a part of the insured wage for husband or wife, each child and parents, each for a time of its own.

All parts together never exceed the wage; if they would, each is reduced in proportion (A-41).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from pakan.law.dated import History
from pakan.law.decision import Decision, sentences
from pakan.law.insured import Insured, Parent, Spouse, birthday, half_up
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation
from pakan.units.money import Kip
from pakan.units.rate import Rate

WORDS = sentences(Path(__file__).with_name("words.toml"))


@dataclass(frozen=True, slots=True)
class Values:
    qualifying_months: int
    spouse: Rate
    husband_age: int
    wife_age: int
    spouse_condition: str
    child: Rate
    child_age: int
    child_disabled: str
    two_insured_parents: str
    one_parent: Rate
    two_parents: Rate
    father_age: int
    mother_age: int
    parent_condition: str
    family_cap: Rate
    proof_of_life_months: int


@dataclass(frozen=True, slots=True)
class Share:
    """One survivor's part, until `end` (None: for life). A child born after the death begins at its birth."""

    label: str
    rate: Fraction
    end: date | None
    born: date

    def runs_on(self, day: date) -> bool:
        return self.born <= day and (self.end is None or day <= self.end)


def decide(person: Insured, situation: Situation, day: date, history: History[Values]) -> Decision:
    """For the family of an insured person who died on `day`."""
    r = Reckoning("survivors", day, history, WORDS)
    r.need_months(person, r.values.qualifying_months, "qualifying_months")
    shares = [*_spouse(r, person.family.spouse)]
    shares += _children(r, person, on_other_record=situation.yes("other_parents_record"))
    shares += _parents(r, person.family.parents)
    r.need("somebody", "spouse_condition", True, bool(shares), bool(shares))
    if shares:
        _reckon(r, person, shares)
        r.note("proof_of_life", "proof_of_life_months")
    return r.decision()


def _spouse(r: Reckoning[Values], spouse: Spouse | None) -> Iterable[Share]:
    if spouse is None:
        return
    needed = r.values.husband_age if spouse.sex == "m" else r.values.wife_age
    old = birthday(spouse.born, needed) <= r.day and not spouse.has_income
    invalid = spouse.invalid and not spouse.other_benefit
    if (old or invalid) and not spouse.remarried:
        yield Share("spouse", _exact(r.values.spouse), None, spouse.born)
    else:
        r.note("spouse_not", "spouse_condition", needed=needed)


def _children(r: Reckoning[Values], person: Insured, on_other_record: bool) -> Iterable[Share]:
    for child in person.family.children:
        ends = birthday(child.born, r.values.child_age) - timedelta(days=1)
        if not child.disabled and ends < r.day:
            r.note("child_not", "child_age", born=child.born, years=r.values.child_age)
        elif on_other_record:
            r.note("other_record", "two_insured_parents", born=child.born)
        else:
            yield Share("child", _exact(r.values.child), None if child.disabled else ends, child.born)


def _parents(r: Reckoning[Values], parents: tuple[Parent, ...]) -> Iterable[Share]:
    entitled = []
    for parent in parents:
        needed = r.values.father_age if parent.sex == "m" else r.values.mother_age
        if parent.supported and birthday(parent.born, needed) <= r.day:
            entitled.append(parent)
        else:
            r.note("parent_not", "parent_condition", needed=needed)
    rate = _exact(r.values.two_parents) / 2 if len(entitled) > 1 else _exact(r.values.one_parent)
    for parent in entitled[:2]:
        yield Share("parent", rate, None, parent.born)


def _exact(rate: Rate) -> Fraction:
    return Fraction(rate.numerator, rate.denominator)


def _reckon(r: Reckoning[Values], person: Insured, shares: list[Share]) -> None:
    """Each share over time: whenever one ends, the cap may bind less."""
    wage = r.average(person, named=False).exact
    for label, value in (("spouse", "spouse"), ("child", "child"), ("parent", _parent_value(shares))):
        many = [share for share in shares if share.label == label]
        if many:
            r.step(label, value, half_up(wage * many[0].rate), percent=_percent(many[0].rate), many=len(many))
    ends = sorted({share.end for share in shares if share.end is not None})
    births = {share.born for share in shares if share.born > r.day}
    starts = sorted({r.day, *births, *(end + timedelta(days=1) for end in ends)})
    stops = [start - timedelta(days=1) for start in starts[1:]]
    paid: dict[int, list[tuple[date, date | None, Kip]]] = {place: [] for place in range(len(shares))}
    for start, end in zip(starts, [*stops, None], strict=True):
        alive = [place for place, share in enumerate(shares) if share.runs_on(start)]
        for place in alive:
            _extend(paid[place], start, end, half_up(wage * shares[place].rate * _reduced(r, shares, alive)))
    whole = sum(share.rate for share in shares)
    if whole > _exact(r.values.family_cap):
        r.step("capped", "family_cap", half_up(wage * _exact(r.values.family_cap)), rate=r.values.family_cap)
    for place, parts in paid.items():
        for start, end, kip in parts:
            name = f"{shares[place].label}_{'until' if end else 'for_life'}"
            r.pay("monthly", name, kip, start, end, born=shares[place].born)


def _reduced(r: Reckoning[Values], shares: list[Share], alive: list[int]) -> Fraction:
    whole = sum((shares[place].rate for place in alive), Fraction(0))
    return min(Fraction(1), _exact(r.values.family_cap) / whole)


def _extend(parts: list[tuple[date, date | None, Kip]], start: date, end: date | None, kip: Kip) -> None:
    if parts and parts[-1][2] == kip:
        start = parts.pop()[0]
    parts.append((start, end, kip))


def _parent_value(shares: list[Share]) -> str:
    return "two_parents" if sum(share.label == "parent" for share in shares) > 1 else "one_parent"


def _percent(rate: Fraction) -> Rate:
    return Rate(rate.numerator, rate.denominator)
