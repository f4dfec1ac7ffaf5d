"""Unemployment: part of the wage for some months after a job that did not end by own will."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pakan.law.dated import History
from pakan.law.decision import Decision, sentences
from pakan.law.insured import Insured, months_later
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation
from pakan.units.month import Month
from pakan.units.rate import Rate

WORDS = sentences(Path(__file__).with_name("words.toml"))


@dataclass(frozen=True, slots=True)
class Values:
    """`months_*`: how long it is paid, by how many months were ever paid in."""

    implementing_decision: str
    qualifying_months: int | None = None
    qualifying_window: int | None = None
    new_months: int | None = None
    certified_days: int | None = None
    causes: str | None = None
    other_conditions: str | None = None
    rate: Rate | None = None
    months_short: int | None = None
    months_middle: int | None = None
    middle_from: int | None = None
    months_long: int | None = None
    long_from: int | None = None


def decide(person: Insured, situation: Situation, day: date, history: History[Values]) -> Decision:
    """For a job that ended on `day`."""
    r = Reckoning("unemployment", day, history, WORDS)
    r.need_months(person, r.known("qualifying_months"), "qualifying_months", r.known("qualifying_window"))
    r.need_scheme(person, ("enterprise",))
    _new_months(r, person)
    caused = situation.choice("cause") != "resigned"
    r.need("cause", "causes", True, caused, caused)
    for question in ("exit_certificate", "fit"):
        answer = situation.yes(question)
        r.need(question, "other_conditions", True, answer, answer)
    days, needed = situation.whole("unemployed_days"), r.known("certified_days")
    r.need("unemployed_days", "certified_days", needed, days, days >= needed, day + timedelta(days=needed))
    average = r.average(person)
    kip = r.share("rate", "rate", r.known("rate"), average.exact)
    months, value = _duration(r, person.paid_before(day))
    if r.all_met:  # who has no right is not told how long it would last
        r.note("duration", value, weighs=True, months=months, paid=person.paid_before(day))
    r.pay("monthly", "a_month", kip, day, months_later(day, months) - timedelta(days=1))
    return r.decision()


def _new_months(r: Reckoning[Values], person: Insured) -> None:
    """After an earlier unemployment benefit, months count anew."""
    ends = [
        each.end or each.start
        for each in person.events
        if each.benefit == "unemployment" and each.start < r.day
    ]
    if not ends:
        return
    last, now = Month.of(max(ends)), Month.of(r.day)
    found = sum(last < month < now for month in person.paid)
    needed = r.known("new_months")
    ready = (now + max(0, needed - found)).first
    r.need("new_months", "new_months", needed, found, found >= needed, ready)


def _duration(r: Reckoning[Values], paid: int) -> tuple[int, str]:
    """For how many months (A-43), and the value that says so."""
    if paid >= r.known("long_from"):
        return int(r.known("months_long")), "months_long"
    if paid >= r.known("middle_from"):
        return int(r.known("months_middle")), "months_middle"
    return int(r.known("months_short")), "months_short"
