"""Health care: who is covered on a day, and until when.

The fund pays hospitals, not the person, so the answer is protection with its last day and never kip.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pakan.law.dated import History
from pakan.law.decision import Decision, sentences
from pakan.law.insured import Insured, birthday
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation
from pakan.units.money import Kip
from pakan.units.month import Month

WORDS = sentences(Path(__file__).with_name("words.toml"))
NOTHING = Kip(0)


@dataclass(frozen=True, slots=True)
class Values:
    """`protection_*`: full calendar months after the last paid month, a benefit or a death (A-26)."""

    child_age: int
    student_age: int
    exclusions: str | None = None
    cofinancing_after_months: int | None = None
    qualifying_months: int | None = None
    qualifying_window: int | None = None
    protection_months: int | None = None
    protection_months_after_benefit: int | None = None
    protection_months_after_death: int | None = None
    protection_ends: Literal["end of month"] | None = None
    hospital_changes_a_year: int | None = None
    study_proof_months: int | None = None
    episode_continuation: str | None = None
    entitled_persons: str | None = None
    provider_rule: str | None = None
    integration: str | None = None


def decide(person: Insured, situation: Situation, day: date, history: History[Values]) -> Decision:
    """Whether care is covered on `day`, for the insured person and the family."""
    r = Reckoning("health", day, history, WORDS)
    last = last_day(r, person, situation)
    died = person.died is not None and person.died < day
    if last is not None and not died:
        r.pay("cover", "insured_covered", NOTHING, day, last)
    if r.all_met:
        _family(r, person, day, last)
        r.note("hospital", "provider_rule")
    return r.decision()


def last_day(r: Reckoning[Values], person: Insured, situation: Situation) -> date | None:
    """The last day of protection. None: as long as another benefit is drawn."""
    if person.died is not None and person.died < r.day:
        months = r.known("protection_months_after_death")
        return _until(r, "after_death", "protection_months_after_death", Month.of(person.died) + months)
    if situation.choice("draws") != "nothing":
        r.need("draws_benefit", "entitled_persons", True, True, True)
        r.pay("cover", "covered_with_benefit", NOTHING, r.day)
        return None
    ended = situation.day("benefit_ended")
    if ended is not None:
        months = r.known("protection_months_after_benefit")
        return _until(r, "after_benefit", "protection_months_after_benefit", Month.of(ended) + months)
    return _after_contributions(r, person, situation)


def _after_contributions(r: Reckoning[Values], person: Insured, situation: Situation) -> date:
    needed, window = r.known("qualifying_months"), r.known("qualifying_window")
    # The month itself may be paid already, so the six months end with the last one that is.
    months = person.paid_through(r.day)
    last = months[-1] if months else None
    found = sum(month > last - window for month in months[-window:]) if last else 0
    ready = (
        None
        if last and found >= needed
        else (Month.of(r.day) + needed - (found if _is_recent(last, r.day) else 0)).first
    )
    r.need("months_in_last", "qualifying_months", needed, found, found >= needed, ready, window=window)
    if last is None:
        return r.day - timedelta(days=1)
    end = (last + r.known("protection_months")).last
    episode = situation.day("serious_illness_since")
    if r.day > end and episode is not None and episode <= end:
        r.need("episode", "episode_continuation", True, True, True)
        return r.day
    return _until(r, "after_contributions", "protection_months", last + r.known("protection_months"))


def _is_recent(last: Month | None, day: date) -> bool:
    return last is not None and Month.of(day).number - last.number <= 1


def _until(r: Reckoning[Values], label: str, value: str, last: Month) -> date:
    """Protection to the end of `last` (A-26): certain until the same day of the month, whichever way it is counted."""
    end = last.last
    r.need(label, value, end, r.day, r.day <= end)
    if Month.of(r.day) == last:
        r.note("end_of_month", "protection_ends", end, weighs=True)
    return end


def _family(r: Reckoning[Values], person: Insured, day: date, last: date | None) -> None:
    if person.family.spouse is not None:
        r.pay("cover", "spouse_covered", NOTHING, day, last)
    for child in person.family.children:
        if child.born > day:
            continue
        years = r.values.student_age if child.student else r.values.child_age
        ends = birthday(child.born, years) - timedelta(days=1)
        if ends >= day:
            r.pay("cover", "child_covered", NOTHING, day, min(ends, last) if last else ends, born=child.born)
            r.note("child_until", "student_age" if child.student else "child_age", ends, born=child.born)
