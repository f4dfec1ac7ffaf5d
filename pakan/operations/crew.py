"""Crew: workers who come and go together, and single days of work (C68, C69).

A day that was worked is noted once, told to the worker at once, and goes into the month's wages with all the others of that
month. Prepaid vouchers are backed by money that the fund already keeps for the employer: one that cannot be covered is not
issued, one that nobody used ends and its money stays the employer's. How many days a year and how long: A-63.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.utils import timezone
from procrastinate.contrib.django import app

from pakan.law.contributions.rule import Scheme, due
from pakan.operations.law_in_force import in_force
from pakan.operations.speak import say
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account
from pakan.registers.access.verbs import verb
from pakan.registers.contributions.actions import lock_month
from pakan.registers.contributions.queries import latest_declaration
from pakan.registers.crews import actions, queries
from pakan.registers.crews.actions import DayTaken, NameTaken
from pakan.registers.crews.models import Crew, DayVoucher
from pakan.registers.crews.states import State, WrongMove
from pakan.registers.payments.queries import credit_of
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import Known, by_id, by_number
from pakan.units.money import Kip, dotted
from pakan.units.month import Month
from pakan.units.name import WrongName, clean_name
from pakan.units.number import WrongNumber, clean_person_number
from pakan.units.words import english_date, lao_date

__all__ = ["DayTaken", "NameTaken", "WrongMove"]

DAYS_A_YEAR = 120  # of one worker at one employer; whoever works more is a monthly worker
VOUCHER_LIFE = timedelta(days=90)
MOST_AT_ONCE = 200
MOST_WAGE = 10_000_000  # kip a day
BACK = timedelta(days=62)  # a day is noted within two months
NAME = 60


class Refused(ValueError):
    """Not done; every reason as (code, whom it is about), in `problems`."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{code} {about}".strip() for code, about in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of noting a day: the vouchers, and who had the day already."""

    vouchers: tuple[DayVoucher, ...]
    again: tuple[str, ...]


@verb("crew.form")
def form(actor: Actor, employer: Employer, name: str, numbers: Sequence[str] = ()) -> Crew:
    """A new crew with the persons of these numbers. Raises Refused with every problem."""
    try:
        plain = clean_name(name)[:NAME]
    except WrongName as fault:
        raise Refused(("name", name[:NAME])) from fault
    people = _people(numbers)
    try:
        crew = actions.form(employer, plain, actor.at)
    except NameTaken as fault:
        raise Refused(("name_taken", plain)) from fault
    actions.change(crew, [person.id for person in people], actor.at)
    remember(f"{employer.code} crew {crew.id}", people=len(people))
    return crew


@verb("crew.change")
def change(actor: Actor, crew: Crew, numbers: Sequence[str]) -> Crew:
    """Exactly these persons belong to the crew from now on. Raises Refused."""
    came, went = actions.change(crew, [person.id for person in _people(numbers)], actor.at)
    remember(f"{crew.employer.code} crew {crew.id}", came=came, went=went)
    return crew


@verb("crew.end")
def end(actor: Actor, crew: Crew) -> None:
    """The crew is over; its days and its people stay on record."""
    remember(f"{crew.employer.code} crew {crew.id}")
    actions.end(crew, actor.at)


def _people(numbers: Iterable[str]) -> list[Known]:
    """The persons with these numbers, each once. Raises Refused with every number that is none."""
    plain: list[str] = []
    wrong = []
    for number in numbers:
        try:
            plain.append(clean_person_number(number))
        except WrongNumber:
            wrong.append(("number", number[:40]))
    found = by_number(plain)
    wrong += [("unknown", number) for number in plain if number not in found]
    if wrong:
        raise Refused(*wrong)
    return [found[number] for number in dict.fromkeys(plain)]


def _wage(wage: int) -> Kip:
    if not 0 < wage <= MOST_WAGE:
        raise Refused(("wage", str(wage)))
    return Kip(wage)


@verb("crew.note_day")
def note_day(
    actor: Actor, employer: Employer, numbers: Sequence[str], day: date, wage: int, key: str
) -> Noted:
    """These persons worked on `day` for `wage` kip each. Raises Refused; who has the day already is told, not refused."""
    people, paid = _people(numbers), _wage(wage)
    problems = _day_problems(actor, employer, day)
    if not people:
        problems.append(("nobody", ""))
    days = queries.days_of_year(employer, [person.id for person in people], day.year)
    problems += [("year_full", person.number) for person in people if days.get(person.id, 0) >= DAYS_A_YEAR]
    if problems:
        raise Refused(*problems)
    lock_month(employer, Month.of(day))
    made, again = [], []
    for person in people:
        try:
            assert actor.account_id is not None
            made.append(
                actions.note_day(
                    employer, person.id, day, paid, actor.account_id, actor.at, f"{key}:{person.id}"
                )
            )
        except DayTaken:
            again.append(person.name)
    remember(f"{employer.code} {day}", people=len(made), wage=wage)
    _tell(employer, made)
    return Noted(tuple(made), tuple(again))


def _day_problems(actor: Actor, employer: Employer, day: date) -> list[tuple[str, str]]:
    problems = []
    if day > actor.today:
        problems.append(("future", str(day)))
    elif day < actor.today - BACK:
        problems.append(("too_old", str(day)))
    if Month.of(day) < employer.first_month or (employer.last_month and Month.of(day) > employer.last_month):
        problems.append(("closed", str(day)))
    elif latest_declaration(employer, Month.of(day)) is not None:
        problems.append(("declared", str(day)))
    return problems


def cover(employer: Employer, wage: int, count: int, month: Month) -> tuple[Kip, Kip]:
    """What `count` vouchers of `wage` need, and what is free for them: credit less what other vouchers keep.

    Each is priced as if it were its worker's only day of the month: two days of one worker may cost less, never more.
    """
    rates = in_force().rates(cast(Scheme, employer.scheme), month)

    def needs(one: int) -> int:
        priced = due(Kip(one), rates)
        return int(priced.employer + priced.worker)

    free = credit_of(employer.id) - sum(needs(other) for other in queries.promised(employer))
    return Kip(needs(wage) * count), Kip(free)


@verb("crew.issue")
def issue(actor: Actor, employer: Employer, wage: int, count: int, key: str) -> list[DayVoucher]:
    """Prepaid vouchers, covered by the employer's credit. Raises Refused ('wage', 'count', 'not_covered' with what lacks)."""
    paid = _wage(wage)
    if not 0 < count <= MOST_AT_ONCE:
        raise Refused(("count", str(count)))
    Employer.objects.select_for_update(no_key=True).get(id=employer.id)  # two pages at once see one credit
    needed, free = cover(employer, wage, count, Month.of(actor.today))
    known = DayVoucher.objects.filter(key__startswith=f"{key}:").exists()
    if needed > free and not known:
        raise Refused(("not_covered", dotted(Kip(needed - free))))
    assert actor.account_id is not None
    made = actions.issue(employer, paid, count, actor.today + VOUCHER_LIFE, actor.account_id, actor.at, key)
    remember(f"{employer.code} vouchers", count=len(made), wage=wage)
    return made


@verb("crew.use")
def use(actor: Actor, voucher: DayVoucher, number: str, day: date) -> DayVoucher:
    """Give a prepaid voucher to a worker for a day. Raises Refused, WrongMove."""
    (person,) = _people([number])
    problems = _day_problems(actor, voucher.employer, day)
    if voucher.expires_on is not None and voucher.expires_on < actor.today:
        problems.append(("expired", voucher.number))
    if queries.days_of_year(voucher.employer, [person.id], day.year).get(person.id, 0) >= DAYS_A_YEAR:
        problems.append(("year_full", person.number))
    if problems:
        raise Refused(*problems)
    lock_month(voucher.employer, Month.of(day))
    voucher = DayVoucher.objects.select_for_update(of=("self",)).select_related("employer").get(id=voucher.id)
    try:
        actions.use(voucher, person.id, day, actor.at)
    except DayTaken as fault:
        raise Refused(("taken", person.name)) from fault
    remember(f"{voucher.employer.code} voucher {voucher.number}", day=str(day))
    _tell(voucher.employer, [voucher])
    return voucher


@verb("crew.cancel")
def cancel(actor: Actor, voucher: DayVoucher) -> None:
    """A day that was not worked, or a voucher nobody wants. Raises WrongMove, Refused ('declared')."""
    if voucher.day is not None:
        lock_month(voucher.employer, Month.of(voucher.day))
        if latest_declaration(voucher.employer, Month.of(voucher.day)) is not None:
            raise Refused(("declared", str(voucher.day)))
    voucher = DayVoucher.objects.select_for_update(of=("self",)).select_related("employer").get(id=voucher.id)
    was_used = voucher.state == State.USED.value
    actions.cancel(voucher, actor.at)
    remember(f"{voucher.employer.code} voucher {voucher.number}")
    if was_used:
        _tell(voucher.employer, [voucher], "day_work_cancelled")


def _tell(employer: Employer, vouchers: Sequence[DayVoucher], wording: str = "day_work") -> None:
    """Each worker hears what was written about his day, so that an invented one is seen (A2)."""
    by_person = {voucher.person_id: voucher for voucher in vouchers}
    accounts = Account.objects.filter(person_id__in=list(by_person)).select_related("person")
    say((_message(employer, by_person[one.person_id], one, wording) for one in accounts), timezone.now())


def _message(employer: Employer, voucher: DayVoucher, account: Account, wording: str) -> dict[str, Any]:
    assert voucher.day is not None and account.person is not None
    name = employer.name_lo if account.language == "lo" else employer.name_en or employer.name_lo
    return {
        "key": f"{wording}:{voucher.number}",
        "wording": wording,
        "values": {
            "employer": name[:24],
            "day_lo": lao_date(voucher.day),
            "day_en": english_date(voucher.day),
            "amount": dotted(Kip(voucher.wage)),
        },
        "language": account.language,
        "phone": account.person.phone,
        "person_id": account.person_id,
        "account_id": account.id,
    }


@app.periodic(cron="15 17 * * *")
@app.task(name="crew.expire", queueing_lock="crew.expire")
def expire(timestamp: int) -> None:
    """After midnight in Vientiane: prepaid vouchers past their day end; their money stays the employer's."""
    actor = Actor.system(timezone.now())
    actions.expire(actor.today, actor.at)


def not_in(
    employer: Employer, month: Month, there: Iterable[int | None]
) -> dict[int, tuple[Known, int, int]]:
    """Who worked single days in `month` and is not among `there`: person id -> (person, wages together, days)."""
    earned: Mapping[int, tuple[int, int]] = queries.earned_in(employer, month)
    missing = earned.keys() - set(there)
    people = by_id(missing)
    return {id: (people[id], *earned[id]) for id in missing if id in people}
