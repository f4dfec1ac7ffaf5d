"""The one-off cash benefit of 2020 for workers hit by the pandemic: an exception with an end date.

It is over: the amount is ended in the history and not deleted, so that a decision of then can be read again.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pakan.law.dated import History
from pakan.law.decision import Decision, sentences
from pakan.law.insured import Insured
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation
from pakan.units.money import Kip

WORDS = sentences(Path(__file__).with_name("words.toml"))


@dataclass(frozen=True, slots=True)
class Values:
    amount: Kip | None
    qualifying_months: int


def decide(person: Insured, situation: Situation, day: date, history: History[Values]) -> Decision:
    """For work that stopped on `day`."""
    r = Reckoning("pandemic_2020", day, history, WORDS)
    running = r.values.amount is not None
    r.need("running", "amount", True, running, running)
    if running:  # nobody can still earn the right to what has ended
        r.need_months(person, r.values.qualifying_months, "qualifying_months")
    stopped = situation.yes("work_stopped")
    r.need("work_stopped", "qualifying_months", True, stopped, stopped)
    if r.values.amount is not None:
        r.pay("lump_sum", "once", r.step("amount", "amount", r.values.amount), day)
    return r.decision()
