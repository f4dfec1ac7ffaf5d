"""A career in a few words: so many months with one wage up to a last month. For a first answer, not for a decision."""

from dataclasses import dataclass
from datetime import date

from pakan.law.contributions.rule import Scheme
from pakan.law.contributions.values import Law
from pakan.law.insured import (
    Child,
    Entry,
    Family,
    Insured,
    Membership,
    Parent,
    Sex,
    Spouse,
    birthday,
    insured_wage,
)
from pakan.units.money import Kip
from pakan.units.month import Month


@dataclass(frozen=True, slots=True)
class Career:
    """`wage` kip in each of the `months` months that end with `last_month` (None: the month before `day`)."""

    day: date
    born: date
    sex: Sex
    months: int
    wage: Kip
    scheme: Scheme = "enterprise"
    last_month: Month | None = None
    hazardous_years: int = 0
    spouse: Sex | None = None
    spouse_born: date | None = None
    spouse_income: bool = False
    children: tuple[date, ...] = ()
    father_born: date | None = None
    mother_born: date | None = None


def career_of(told: Career, law: Law) -> Insured:
    """The insured person of a career. Raises NoLawYet, WrongSituation."""
    last = told.last_month or Month.of(told.day) - 1
    months = (last - (told.months - 1)).until(last) if told.months else []
    paid = {
        month: (Entry("", told.wage, insured_wage(told.wage, told.scheme, month, law), True, told.scheme),)
        for month in months
    }
    return Insured(told.born, told.sex, paid, _memberships(told), _family(told))


def _memberships(told: Career) -> tuple[Membership, ...]:
    if not told.hazardous_years:
        return ()
    # Only for the years of hazardous work; public service is counted from the months paid where no time is recorded.
    scheme: Scheme = "enterprise"
    return (Membership(scheme, birthday(told.day, -told.hazardous_years), told.day, hazardous=True),)


def _family(told: Career) -> Family:
    spouse = None
    if told.spouse is not None and told.spouse_born is not None:
        spouse = Spouse(told.spouse_born, told.spouse, has_income=told.spouse_income)
    sexes: tuple[tuple[date | None, Sex], ...] = ((told.father_born, "m"), (told.mother_born, "f"))
    parents = tuple(Parent(born, sex) for born, sex in sexes if born is not None)
    return Family(spouse, tuple(Child(born) for born in told.children), parents)


def field_of(name: str, children: list[str], parents: list[str]) -> str:
    """The form's field for the field of a law's problem: 'months[2001-05].wage' -> 'paid_months'.

    `children`, `parents`: the fields that were filled in, in order.
    """
    for start, filled in (("family.children[", children), ("family.parents[", parents)):
        if name.startswith(start):
            return filled[int(name.removeprefix(start).split("]")[0])]
    if name.startswith("months"):
        return "paid_months"
    return "hazardous_years" if name.startswith("memberships") else name
