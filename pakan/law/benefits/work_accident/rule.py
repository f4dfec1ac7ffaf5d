"""Work accident and occupational disease: part of the wage during treatment, then an examination.

What stays for good is the invalidity benefit; the medical care itself goes with the card.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pakan.law.dated import History
from pakan.law.decision import Decision, sentences
from pakan.law.insured import Insured, months_later
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation
from pakan.units.rate import Rate

WORDS = sentences(Path(__file__).with_name("words.toml"))


@dataclass(frozen=True, slots=True)
class Values:
    """`notice_working_days`: within which the employer reports the accident."""

    qualifying_months: int
    covered_places: str
    occupational_disease: str
    temporary: Rate
    temporary_months: int
    medical_care: str
    notice_working_days: int


def decide(person: Insured, situation: Situation, day: date, history: History[Values]) -> Decision:
    """For an accident, or a disease established, on `day`."""
    r = Reckoning("work_accident", day, history, WORDS)
    r.need_months(person, r.values.qualifying_months, "qualifying_months")
    r.need_scheme(person, ("enterprise", "public"))
    place = situation.choice("place")
    if place == "disease":
        by_trade = situation.yes("caused_by_trade")
        r.need("caused_by_trade", "occupational_disease", True, by_trade, by_trade)
    else:
        covered = place != "elsewhere"
        r.need("covered_place", "covered_places", True, covered, covered)
    certified = situation.yes("certificate")
    r.need("certificate", "temporary", True, certified, certified)
    average = r.average(person)
    kip = r.share("temporary", "temporary", r.values.temporary, average.exact)
    last = months_later(day, r.values.temporary_months) - timedelta(days=1)
    until = situation.day("until")
    r.pay("monthly", "a_month", kip, day, last if until is None else min(last, until))
    if until is None or until > last:
        r.note("examined_again", "temporary_months", last + timedelta(days=1))
    r.note("care", "medical_care")
    return r.decision()
