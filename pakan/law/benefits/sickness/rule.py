"""Sickness: part of the wage while ill and without wage, in two periods, the second a little less.

Illness caused by work needs fewer months. An accident at work and its sickness are one benefit (A-29).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pakan.law.dated import History
from pakan.law.decision import Decision, sentences
from pakan.law.insured import Insured, months_later
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation
from pakan.units.rate import Rate

WORDS = sentences(Path(__file__).with_name("words.toml"))
PERIODS = ("first", "second")


@dataclass(frozen=True, slots=True)
class Values:
    qualifying_months_work: int
    qualifying_months_other: int
    wage_stopped: str
    medical_certificate: str
    rate_work_first: Rate
    months_work_first: int
    rate_work_second: Rate
    months_work_second: int
    rate_other_first: Rate
    months_other_first: int
    rate_other_second: Rate
    months_other_second: int
    payment_frequency: Literal["monthly"]
    work_cause: Literal["one benefit"]


def decide(person: Insured, situation: Situation, day: date, history: History[Values]) -> Decision:
    """For an illness that begins, or a wage that stops, on `day`."""
    r = Reckoning("sickness", day, history, WORDS)
    cause = situation.choice("cause")
    r.need_months(person, getattr(r.values, f"qualifying_months_{cause}"), f"qualifying_months_{cause}")
    if cause == "work":
        r.need_scheme(person, ("enterprise", "public"))
    stopped, certified = situation.yes("wage_stopped"), situation.yes("certificate")
    r.need("wage_stopped", "wage_stopped", True, stopped, stopped)
    r.need("certificate", "medical_certificate", True, certified, certified)
    average = r.average(person)
    until, start = situation.day("until"), day
    for period in PERIODS:
        months = getattr(r.values, f"months_{cause}_{period}")
        end = months_later(start, months) - timedelta(days=1)
        if until is not None and until < start:
            break
        rate = f"rate_{cause}_{period}"
        kip = r.share(f"{period}_period", rate, getattr(r.values, rate), average.exact)
        r.pay("monthly", "a_month", kip, start, end if until is None else min(end, until))
        start = end + timedelta(days=1)
    if until is not None and until >= start:
        r.note("ended", f"months_{cause}_second", start)
    return r.decision()
