"""What happened in the invented country, month after month, done by the fund's own operations in the order of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from pakan.channels.console.country import accounts
from pakan.channels.console.country.careers import STAYS, Crew
from pakan.channels.console.country.dice import Dice
from pakan.channels.console.country.firms import BOOKS, DEMO, SHOP, Firm, Habit
from pakan.law.calendar.due import due_date
from pakan.operations import collect, declare, enrol
from pakan.operations.collect import PaymentNotice
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account
from pakan.registers.access.queries import actor_of
from pakan.registers.contributions import queries as contributions
from pakan.registers.contributions.models import Sheet
from pakan.registers.payments.models import Notice
from pakan.registers.people import queries as people
from pakan.registers.people.models import District, Employer
from pakan.units.money import Kip
from pakan.units.month import Month

BANK = "sandbox"
# Which months (counted from the end) come in as sheets that people work on; all others come as columns.
SHEETS = {DEMO: 3, SHOP: 6} | dict.fromkeys(BOOKS, 2)
# Whoever signs in finds the month that is declared now still to do; the accountant has done two of five.
STILL_TO_DO = {DEMO, SHOP, *BOOKS[2:]}


@dataclass(frozen=True, order=True, slots=True)
class Event:
    """One thing that happens. `at` and `turn` put all of them into one order."""

    at: datetime
    turn: int
    act: Callable[[datetime], None] = field(compare=False)


@dataclass
class Unit:
    """A firm with its crew, and as the registers know it."""

    place: int
    firm: Firm
    crew: Crew
    employer: Employer


@dataclass
class History:
    """`months` months from `start`, and of the open month what has come in so far; nothing happens after `now`."""

    start: Month
    months: int
    now: datetime

    @property
    def end(self) -> Month:
        return self.start + (self.months - 1)

    @property
    def open(self) -> Month:
        """The month that is declared now: as the days go by, more employers have declared and paid it."""
        return self.end + 1

    def events(self, units: list[Unit], months: range | None = None) -> list[Event]:
        """Everything that happens to these firms (for these months, as places in the history), in the order of time."""
        found = [event for unit in units for event in self._events_of(unit, months or range(self.months + 1))]
        return sorted(event for event in found if event.at <= self.now)

    def _events_of(self, unit: Unit, months: range) -> Iterator[Event]:
        firm = unit.firm
        for index in range(max(firm.first, months.start), months.stop):
            if firm.skips is not None and index == self._from_end(firm.skips):
                continue
            if index == self.months and unit.place in STILL_TO_DO:
                continue
            yield from Months(self, unit, index, Dice(f"pakan history {firm.code} {index}")).events()

    def halves(self, units: list[Unit]) -> list[list[Event]]:
        """The whole history for two processes that hardly wait for each other: numbers are given out by calendar year, so
        one does the months paid before a new year and the other those after it. Who works with sheets stays in one, since
        a sheet shows the departures of all months before."""
        new_years = [index for index in range(1, self.months) if self.month(index).month == 12]
        cut = min(new_years, key=lambda index: abs(index - self.months // 2), default=self.months // 2)
        with_sheets = [unit for unit in units if unit.place in SHEETS]
        others = [unit for unit in units if unit.place not in SHEETS]
        late = [*self.events(others, range(cut, self.months + 1)), *self.events(with_sheets)]
        return [self.events(others, range(cut)), sorted(late)]

    def _from_end(self, offset: int) -> int:
        return self.months + offset

    def month(self, index: int) -> Month:
        return self.start + index


def moment(day: Any, dice: Dice) -> datetime:
    """Some time of that working day in Vientiane."""
    return datetime.combine(day, time(8), VIENTIANE) + timedelta(seconds=dice.below(8 * 3600))


@dataclass
class Months:
    """One firm's one month: declared, paid, corrected."""

    history: History
    unit: Unit
    index: int
    dice: Dice

    @property
    def month(self) -> Month:
        return self.history.month(self.index)

    def events(self) -> Iterator[Event]:
        firm, dice = self.unit.firm, self.dice
        due = due_date(self.month)
        # Six of ten come within the last three days (assumption A-46).
        early = dice.between(1, 3) if dice.chance(60) else dice.between(4, 11)
        declared = moment(due - timedelta(days=early), dice)
        last, is_open = self.index == self.history.months - 1, self.index == self.history.months
        if is_open and firm.slow:
            declared += timedelta(days=early + dice.between(4, 9))
        yield self._event(declared, self._declare)
        if (last or is_open) and (firm.last_unpaid or firm.slow):
            return
        paid = moment(due - timedelta(days=dice.below(early)), dice) + timedelta(hours=9)
        if firm.habit == Habit.LATE:
            paid += timedelta(days=dice.between(6, 40))
        if last and firm.wrong_reference:
            yield self._event(paid, lambda at: self._pay(at, self._owed(at), wrong=True))
            return
        yield from self._payments(paid, last)
        if self.history.month(self.index) in self._corrected(firm):
            yield self._event(paid + timedelta(days=5), self._correct)

    def _event(self, at: datetime, act: Callable[[datetime], None]) -> Event:
        return Event(at, self.unit.place * 1000 + self.index, act)

    def _payments(self, paid: datetime, last: bool) -> Iterator[Event]:
        habit = self.unit.firm.habit
        if habit == Habit.IN_PARTS and self.dice.chance(60):
            yield self._event(paid, lambda at: self._pay(at, Kip(self._owed(at) * 6 // 10)))
            if not last:
                yield self._event(paid + timedelta(days=20), lambda at: self._pay(at, self._owed(at)))
        elif habit == Habit.TOO_MUCH and self.dice.chance(50):
            yield self._event(paid, lambda at: self._pay(at, Kip((self._owed(at) // 100_000 + 1) * 100_000)))
        else:
            yield self._event(paid, lambda at: self._pay(at, self._owed(at)))

    def _corrected(self, firm: Firm) -> list[Month]:
        return [
            self.history.end + (offset + 1) for offset in (firm.raised, firm.lowered) if offset is not None
        ]

    # --- declaring ---------------------------------------------------------------------------------------------------

    def _declare(self, at: datetime) -> None:
        unit = self.unit
        from_end = self.history.months - self.index
        if 0 < from_end <= SHEETS.get(unit.place, 0):
            self._by_sheet(at)
            return
        gone = unit.crew.ids[unit.crew.last == self.index - 1]
        if len(gone):
            enrol.departures(Actor.system(at, "country"), unit.employer, gone.tolist(), (self.month - 1).last)
        places = unit.crew.at_work(self.index)
        wages = unit.crew.wages(self.index, places)
        declare.declare_wages(
            Actor.system(at, "country"), unit.employer, self.month, unit.crew.ids[places], wages
        )

    def _by_sheet(self, at: datetime) -> None:
        """As people do it: open the month, type the wages, answer the questions, hand over, approve."""
        preparer, approver = actors(self.unit.place, at)
        unit = self.unit
        key = f"country {unit.employer.code} {self.month}"
        sheet = declare.start_typing(preparer, unit.employer, self.month, key)
        rows = {line.person_id: line.row for line in contributions.lines_of(sheet)}
        for person in unit.crew.ids[unit.crew.last == self.index - 1].tolist():
            sheet = declare.leave_out(preparer, sheet, rows[person])
            sheet = declare.absent(preparer, sheet, person, "left", (self.month - 1).last)
        places = unit.crew.at_work(self.index)
        wages = dict(zip(places.tolist(), unit.crew.wages(self.index, places).tolist(), strict=True))
        typed = {
            rows[int(unit.crew.ids[place])]: str(wage)
            for place, wage in wages.items()
            if unit.crew.ids[place] in rows
        }
        sheet = declare.write_wages(preparer, sheet, typed)
        for place, wage in wages.items():
            if unit.crew.ids[place] not in rows:  # known to the fund, new to the employer (form 1-04)
                sheet = declare.add_worker(preparer, sheet, unit.crew.numbers[place], str(wage))
        self._sign(preparer, approver, sheet)

    def _sign(self, preparer: Actor, approver: Actor, sheet: Sheet) -> None:
        for code in list(sheet.summary["by_code"]):
            sheet = declare.confirm_all(preparer, sheet, code, "part_time" if "floor" in code else "")
        declare.hand_over(preparer, sheet, sheet.revision)
        sheet.refresh_from_db()
        declare.approve(approver, sheet, sheet.revision)

    def _correct(self, at: datetime) -> None:
        """After the payment it turns out that some wages were wrong, upwards or downwards."""
        unit = self.unit
        up = unit.firm.raised is not None
        places = unit.crew.at_work(self.index)
        wages = unit.crew.wages(self.index, places)
        wages[:2] += np.int64(400_000 if up else -300_000)
        declare.declare_wages(
            Actor.system(at, "country"), unit.employer, self.month, unit.crew.ids[places], wages
        )
        if up:
            self._pay(at + timedelta(hours=3), self._owed(at))

    # --- paying ------------------------------------------------------------------------------------------------------

    def _owed(self, at: datetime) -> Kip:
        debt = contributions.obligation(self.unit.employer, self.month)
        return Kip(debt.open if debt else 0)

    def _pay(self, at: datetime, amount: Kip, wrong: bool = False) -> None:
        """Money reaches the fund's account, with the notice's reference or with a slip in it."""
        system = Actor.system(at, "country")
        try:
            notice = collect.ask(system, self.unit.employer, [self.month])
        except collect.NothingToPay:
            return
        reference = notice.reference
        if wrong:  # two digits changed places
            reference = reference[:-4] + reference[-3] + reference[-4] + reference[-2:]
            reference = reference if reference != notice.reference else reference[:-1]
        told = self._told(at, notice, amount, reference)
        receipt = collect.book(system, BANK, settings.BANKS[BANK]["account"], told)
        if receipt.notice_id and amount < notice.amount:
            collect.ask(system, self.unit.employer, [self.month])

    def _told(self, at: datetime, notice: Notice, amount: Kip, reference: str) -> PaymentNotice:
        again = notice.number[-2:]
        return PaymentNotice(
            bank_reference=f"IC{at:%y%m%d}{self.unit.employer.code}{self.index:02d}{again}",
            scheme_reference=f"LAPN{at:%y%m%d}{self.unit.employer.code}{self.index:02d}",
            bill=notice.number if reference == notice.reference else "",
            amount=amount,
            currency="LAK",
            paid_at=at,
            payer_name=self.unit.firm.name_en.upper(),
            payer_account=f"0{self.unit.employer.code}00418",
            reference=reference,
        )


def actors(place: int, at: datetime) -> tuple[Actor, Actor]:
    """Who prepares and who approves in the firms whose months come in as sheets."""
    names = {DEMO: (accounts.PREPARER, accounts.APPROVER), SHOP: (accounts.OWNER, accounts.OWNER)}
    pair = names.get(place, (accounts.ACCOUNTANT, accounts.ACCOUNTANT))
    made = [Account.objects.get(sign_in=accounts.ACCOUNTS[name].sign_in) for name in pair]
    first, second = (actor_of(account, at, "employer", "-", "lo") for account in made)
    return first, second


def settle_down(unit: Unit, start: Month, at: datetime) -> None:
    """Everybody who ever works for the firm is registered, each employed from an own first day."""
    system = Actor.system(at, "country")
    crew = unit.crew
    crew.numbers = [""] * len(crew.people)
    for first in np.unique(crew.first).tolist():
        places = np.flatnonzero(crew.first == first).tolist()
        day = (start + first).first
        numbers = enrol.workers(system, unit.employer, [crew.people[place] for place in places], day)
        for place, number in zip(places, numbers, strict=True):
            crew.numbers[place] = number
    known = people.by_number(crew.numbers)
    crew.ids = np.array([known[number].id for number in crew.numbers], dtype=np.int64)


def move(leaves: Unit, joins: Unit, month: int) -> None:
    """One worker changes the employer: in `month` he is at the new one. Both have to be settled down."""
    old, new = leaves.crew, joins.crew
    place = next(
        at
        for at in old.at_work(month).tolist()
        if old.first[at] == leaves.firm.first and old.people[at]["phone"]
    )
    old.last[place] = month - 1
    new.people.append(old.people[place])
    new.numbers.append(old.numbers[place])
    new.ids = np.append(new.ids, old.ids[place])
    new.first, new.last = np.append(new.first, month), np.append(new.last, STAYS)
    new.base = np.append(new.base, old.base[place] + 400_000)
    new.raise_percent = np.append(new.raise_percent, old.raise_percent[place])


def found(firm: Firm, start: Month, at: datetime) -> Employer:
    """The employer comes into the register."""
    return enrol.employer(
        Actor.system(at, "country"),
        firm.code,
        firm.name_lo,
        District.objects.get(code=firm.district),
        start + firm.first,
        name_en=firm.name_en,
        scheme=firm.scheme,
        one_person_may_approve=firm.alone,
        phone=f"+85621{int(firm.code) % 10**6:06d}",
    )


def happen(events: list[Event]) -> None:
    """Let everything happen. Of the jobs that it defers, those about messages would tell people of years gone by, and
    notices for what stays open are asked for at once: so jobs stay in memory and end with it."""
    with app.replace_connector(InMemoryConnector()):
        for event in events:
            event.act(event.at)
