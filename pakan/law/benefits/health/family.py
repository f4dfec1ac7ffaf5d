"""A family member's care: it hangs on the insured person's own cover and never lasts longer than it (three months after
a death). Husband or wife; a child until 18, until 25 with a proof of study that is not too old (A-64).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from pakan.law.benefits import named
from pakan.law.benefits.health.rule import NOTHING, WORDS, Values, last_day
from pakan.law.dated import History
from pakan.law.decision import Decision
from pakan.law.insured import Insured, birthday, full_years, months_later
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation, read

Relation = Literal["spouse", "child"]
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Relative:
    """`since`: the marriage or the birth. `ended`: the last day. `studied_on`: the dates of the proofs of study."""

    relation: Relation
    born: date
    since: date
    ended: date | None = None
    studied_on: tuple[date, ...] = ()


def family_cover(
    relative: Relative,
    person: Insured,
    day: date,
    told: Mapping[str, Any] | None = None,
    history: History[Values] | None = None,
) -> Decision:
    """Whether care of the relative is covered on `day`, each condition with its source. `told`: as for the insured.

    Raises WrongSituation for answers that cannot be, NoLawYet for a day before the first law.
    """
    benefit = named("health")
    situation = read(benefit.questions, told or {})
    r: Reckoning[Values] = Reckoning("health", day, history or benefit.values, WORDS)
    last = _from_insured(r, person, situation)
    ends = [each for each in (last, _bounds(r, relative), _by_kind(r, relative)) if each is not None]
    if r.all_met:
        # Only a benefit that is drawn tells no last day; it said so itself.
        r.amounts.clear()
        if ends:
            r.pay("cover", "family_covered", NOTHING, day, min(ends))
        else:
            r.pay("cover", "family_with_benefit", NOTHING, day)
        r.note("hospital", "provider_rule")
    return r.decision()


def age_ends(relative: Relative, day: date) -> date | None:
    """The last day by age and study, as it stands on `day`; None where they set no end, or do not cover on that day."""
    r: Reckoning[Values] = Reckoning("health", day, named("health").values, WORDS)
    last = _by_kind(r, relative)
    return last if r.all_met else None


def renewals(day: date, ahead: timedelta) -> tuple[tuple[date, date], tuple[date, date]]:
    """Whose cover by age or study ends from `day` on within `ahead`: the first and last birth dates of those who grow up,
    and the first and last dates of proofs of study that run out."""
    values: Values = named("health").values.on(day)
    born = months_later(day, -12 * values.child_age)
    dated = months_later(day, -(values.study_proof_months or 0))
    return (born, born + ahead), (dated, dated + ahead)


def study_ends(born: date, day: date) -> date:
    """The last day before the age at which no study helps any more."""
    return birthday(born, named("health").values.on(day).student_age) - DAY


def _from_insured(r: Reckoning[Values], person: Insured, situation: Situation) -> date | None:
    """The insured person's own conditions, or those after the death; the last day."""
    if person.died is not None and person.died < r.day:
        then: Reckoning[Values] = Reckoning("health", person.died, r.history, WORDS)
        last_day(then, replace(person, died=None), situation)
        r.need(
            "insured_at_death",
            "protection_months_after_death",
            True,
            then.all_met,
            then.all_met,
            day=person.died,
        )
        r.note("survivors_own", "entitled_persons")
    return last_day(r, person, situation)


def _bounds(r: Reckoning[Values], relative: Relative) -> date | None:
    """From the marriage or birth to the end of the relation."""
    since = max(relative.since, relative.born)
    r.need("family_since", "entitled_persons", since, r.day, r.day >= since, since)
    if relative.ended is not None:
        r.need("family_ended", "entitled_persons", relative.ended, r.day, r.day <= relative.ended)
    return relative.ended


def _by_kind(r: Reckoning[Values], relative: Relative) -> date | None:
    if relative.relation == "spouse":
        r.need("spouse_right", "entitled_persons", True, True, True)
        return None
    age, grown = full_years(relative.born, r.day), birthday(relative.born, r.values.child_age)
    if r.day < grown:
        r.need("child_under", "child_age", r.values.child_age, age, True)
        return grown - DAY
    old = birthday(relative.born, r.values.student_age)
    r.need("student_under", "student_age", r.values.student_age, age, r.day < old)
    return min(old - DAY, _studied(r, relative.studied_on))


def _studied(r: Reckoning[Values], studied_on: tuple[date, ...]) -> date:
    """Until when the newest proof counts that was there on the day."""
    months = r.known("study_proof_months")
    until = max((months_later(on, months) - DAY for on in studied_on if on <= r.day), default=None)
    if until is None:
        r.need("study_proof_none", "study_proof_months", True, False, False, months=months)
        return r.day - DAY
    r.need("study_proof", "study_proof_months", until, r.day, r.day <= until, months=months)
    return until
