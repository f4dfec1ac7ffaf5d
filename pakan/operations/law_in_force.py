"""The law in force: the texts that came with the program, and every decree that officers approved since.

Below the verbs, so that each of them prices with the same law. The newest approved decree is looked up once for each
question (an index with few rows); the law built from it is kept, since an approved decree never changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from pakan.law.calendar.due import DUE_DAYS, DueDate, DueDays, due_date, explain_due_date
from pakan.law.contributions.rule import Rates, Scheme, rates_for
from pakan.law.contributions.values import LAW, Law
from pakan.law.dated import History
from pakan.law.surcharges.rule import TERMS, Terms
from pakan.registers.decrees import queries
from pakan.registers.decrees.models import Decree
from pakan.units.month import Month

# The groups of values that a decree can change, as they came with the program.
HISTORIES: Mapping[str, History[Any]] = {
    "enterprise": LAW.enterprise,
    "public": LAW.public,
    "voluntary": LAW.voluntary,
    "minimum_wage": LAW.minimum_wage,
    "surcharges": TERMS,
    "due_days": DUE_DAYS,
}
HOLIDAYS = "holidays"  # a group of days instead of a history
Raw = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class InForce:
    """`number`: of the newest decree in it, 0 for none. Kept with what was priced, so that it can be told again."""

    number: int
    law: Law
    surcharges: History[Terms]
    due_days: History[DueDays]
    holidays: frozenset[date]

    def rates(self, scheme: Scheme, month: Month) -> Rates:
        """Raises NoLawYet."""
        return rates_for(scheme, month, self.law)

    def due_date(self, month: Month) -> date:
        """Raises NoLawYet."""
        return due_date(month, self.holidays, self.due_days)

    def explain_due_date(self, month: Month) -> DueDate:
        """Raises NoLawYet."""
        return explain_due_date(month, self.holidays, self.due_days)

    def history(self, group: str) -> History[Any]:
        """The history of a group with its decrees. Raises KeyError for none of ours."""
        of_law = {
            name: getattr(self.law, name) for name in ("enterprise", "public", "voluntary", "minimum_wage")
        }
        found: History[Any] = (of_law | {"surcharges": self.surcharges, "due_days": self.due_days})[group]
        return found


_newest: ContextVar[list[tuple[int, str]] | None] = ContextVar("newest_decree", default=None)


@contextmanager
def one_law() -> Iterator[None]:
    """Inside it the newest decree is looked up once: a page that is only looked at shows one law from top to bottom.

    Not for what is written: a verb must see a decree that was approved a moment ago.
    """
    token = _newest.set([])
    try:
        yield
    finally:
        _newest.reset(token)


def _looked_up() -> tuple[int, str]:
    kept = _newest.get()
    if kept is None:
        return queries.newest_approved()
    if not kept:
        kept.append(queries.newest_approved())
    return kept[0]


def in_force(number: int | None = None) -> InForce:
    """What is in force now, or was when decree `number` was the newest (0: none yet). One short query.

    Raises LookupError if no approved decree has that number: pricing with another law would go unseen.
    """
    if number is None:
        return _kept(*_looked_up())
    found = (0, "") if number == 0 else queries.newest_approved(number)
    if found[0] != number:
        raise LookupError(f"no approved decree has the number {number}")
    return _kept(*found)


def law_in_force(number: int | None = None) -> Law:
    """The contribution law in force now, or with decree `number` as the newest."""
    return in_force(number).law


@lru_cache(maxsize=64)
def _kept(number: int, seal: str) -> InForce:
    """The seal names the whole chain of decrees, so what was built for it stays right in every process."""
    return built(number, queries.approved(number) if seal else [])


def built(
    number: int, decrees: Iterable[Decree], extra: Mapping[str, Sequence[Raw]] | None = None
) -> InForce:
    """The law of these decrees and of `extra` blocks by group. Raises WrongHistory."""
    blocks: dict[str, list[Raw]] = {group: [] for group in HISTORIES}
    holidays: set[date] = set()
    told = [(decree.group, block_of(decree)) for decree in decrees]
    told += [(group, block) for group, group_blocks in (extra or {}).items() for block in group_blocks]
    for group, block in told:
        if group == HOLIDAYS:
            holidays |= holidays_in(block)
        else:
            blocks[group].append(block)
    histories = {group: history.with_blocks(blocks[group]) for group, history in HISTORIES.items()}
    law = Law(
        enterprise=histories["enterprise"],
        public=histories["public"],
        voluntary=histories["voluntary"],
        minimum_wage=histories["minimum_wage"],
        rounding=LAW.rounding,
    )
    return InForce(number, law, histories["surcharges"], histories["due_days"], frozenset(holidays))


def block_of(decree: Decree) -> Raw:
    """A decree as a [[since]] block."""
    about = {
        "date": decree.first_day,
        "cite": decree.cite,
        "article": decree.article,
        "confidence": decree.confidence,
        "note": decree.note,
    }
    values: dict[str, object] = decree.values
    return about | values


def holidays_in(block: Raw) -> set[date]:
    days = block["days"]
    return {date.fromisoformat(day) for day in days} if isinstance(days, list | tuple) else set()
