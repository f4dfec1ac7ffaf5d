"""Voluntary: a person insures himself: joins, chooses, pays ahead by LAO QR, pauses without debt, leaves (C23).

He is his own contributor, so that notice, receipt, declaration, record and proofs are those of every employer. Nothing is
owed before it is paid: his months come into being with the money (steps.cover). Rates and bounds are the law's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.integrations.banks.bank import BankUnreachable, Code
from pakan.integrations.formats import emvco
from pakan.law.contributions.values import Voluntary
from pakan.law.insured import full_years
from pakan.operations import steps
from pakan.operations.declaring import price_of
from pakan.operations.due import due_days, due_on
from pakan.operations.law_in_force import InForce, in_force
from pakan.operations.speak import say
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account
from pakan.registers.access.verbs import verb
from pakan.registers.contributions.actions import lock_obligations
from pakan.registers.contributions.models import Obligation
from pakan.registers.payments import actions as payments
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.payments.queries import credit_of, open_notice
from pakan.registers.voluntary import actions, queries
from pakan.registers.voluntary.models import Membership
from pakan.units.money import Kip, dotted
from pakan.units.month import Month
from pakan.units.number import creditor_reference
from pakan.units.words import english_month, lao_month

__all__ = ["BankUnreachable"]

LADDER = RetryStrategy(max_attempts=6, wait=300)
Line = tuple[Month, Kip]


class Refused(ValueError):
    """Why nothing happened: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ChoiceChanged(RuntimeError):
    """Between asking the bank and issuing the notice something changed: ask again."""


# --- what may be chosen ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bounds:
    """What the law lets a member choose in a month. `assumption`: which of it no text was found for."""

    lowest: Kip
    highest: Kip | None
    months_ahead: tuple[int, ...]
    min_age: int | None
    max_age: int | None
    assumption: str


def bounds(month: Month) -> Bounds:
    law = in_force()
    values: Voluntary = law.law.voluntary.on(month.first)
    rates = law.rates("voluntary", month)
    asked = law.law.voluntary.sources("months_ahead", month.first).assumption
    return Bounds(rates.lowest, rates.ceiling, values.months_ahead, values.min_age, values.max_age, asked)


def cost(income: int, month: Month) -> Kip:
    """What one month costs on this income, by the law in force."""
    return price_of(income, month, in_force()).total


def first_months(today: date) -> tuple[Month, Month]:
    """From when a new member may be insured: this month or the next one. Nobody joins backwards."""
    return Month.of(today), Month.of(today) + 1


def _look_at(income: int, months_ahead: int, month: Month) -> None:
    allowed = bounds(month)
    if income < allowed.lowest or (allowed.highest is not None and income > allowed.highest):
        raise Refused("income")
    if months_ahead not in allowed.months_ahead:
        raise Refused("months")


def old_enough(born: date, since: Month) -> bool:
    """Whether the age at entry lies within the law's bounds."""
    allowed, age = bounds(since), full_years(born, since.first)
    return (allowed.min_age or 0) <= age <= (allowed.max_age or 200)


# --- joining, choosing, pausing, leaving -----------------------------------------------------------------------------


def _person_id(actor: Actor) -> int:
    if actor.person_id is None:
        raise PermissionError("only a person can insure himself")
    return actor.person_id


@verb("voluntary.join")
def join(actor: Actor, income: int, months_ahead: int, since: Month) -> Membership:
    """Join, or come back. Twice at one moment is once. Raises Refused 'income', 'months', 'since' or 'age'."""
    person = actions.lock_person(_person_id(actor))
    known = queries.of_person(person.id)
    if known and known.state != Membership.State.LEFT:
        return known
    if since not in first_months(actor.today):
        raise Refused("since")
    _look_at(income, months_ahead, since)
    if not old_enough(person.birth_date, since):
        raise Refused("age")
    remember(f"from {since}", person_id=person.id, income=income, months_ahead=months_ahead)
    if known:
        actions.change(
            known,
            actor.at,
            state=Membership.State.ACTIVE,
            income=income,
            months_ahead=months_ahead,
            since=since,
        )
        return known
    employer = actions.contributor(person, since, actor.at)
    return actions.join(person, employer, income, months_ahead, since, actor.at)


def _own(actor: Actor, *states: str) -> Membership:
    try:
        one = actions.lock(_person_id(actor))
    except Membership.DoesNotExist as nobody:
        raise Refused("member") from nobody
    if one.state not in states:
        raise Refused("state")
    remember(one.employer.code, person_id=one.person_id)
    return one


@verb("voluntary.choose")
def choose(actor: Actor, income: int, months_ahead: int) -> Membership:
    """Another income or rhythm, from the next payment on. Raises Refused."""
    one = _own(actor, Membership.State.ACTIVE, Membership.State.PAUSED)
    _look_at(income, months_ahead, Month.of(actor.today))
    remember(one.employer.code, income=income, months_ahead=months_ahead)
    actions.change(one, actor.at, income=income, months_ahead=months_ahead)
    _no_longer_asked(one)
    return one


@verb("voluntary.pause")
def pause(actor: Actor) -> Membership:
    """Stop paying for a while: missed months are not insured and owe nothing (A-12)."""
    return _stop(actor, Membership.State.PAUSED, Membership.State.ACTIVE)


@verb("voluntary.leave")
def leave(actor: Actor) -> Membership:
    """Leave. Months that were paid stay; what was paid too much stays his."""
    return _stop(actor, Membership.State.LEFT, Membership.State.ACTIVE, Membership.State.PAUSED)


def _stop(actor: Actor, state: str, *states: str) -> Membership:
    one = _own(actor, *states)
    actions.change(one, actor.at, state=state)
    _no_longer_asked(one)
    return one


@verb("voluntary.resume")
def resume(actor: Actor) -> Membership:
    """Go on from this month; the months between are not made up for."""
    one = _own(actor, Membership.State.PAUSED)
    since = max(one.since, Month.of(actor.today))
    actions.change(one, actor.at, state=Membership.State.ACTIVE, since=since)
    return one


def _no_longer_asked(one: Membership) -> None:
    """Open notices are not shown any more; money that still comes by them is taken."""
    open_ones = Notice.objects.filter(employer=one.employer, state=Notice.State.OPEN).prefetch_related(
        "lines"
    )
    for notice in open_ones:
        payments.supersede(one.employer, [line.month for line in notice.lines.all()])


# --- paying ----------------------------------------------------------------------------------------------------------


def next_months(one: Membership, today: date, count: int) -> list[Month]:
    """The next months that can be paid: not paid yet, and their due date not over."""
    days, month = due_days(), max(one.since, Month.of(today) - 1)
    paid = set(Obligation.objects.filter(employer_id=one.employer_id).values_list("month", flat=True))
    found: list[Month] = []
    while len(found) < count:
        if month not in paid and days.due_date(month) >= today:
            found.append(month)
        month += 1
    return found


def offer(one: Membership, today: date, count: int) -> list[Line]:
    """The next months with what each costs now, before kept credit."""
    law = in_force()
    return [(month, price_of(one.income, month, law).total) for month in next_months(one, today, count)]


def ask(actor: Actor, count: int) -> Notice | None:
    """The notice for the next `count` months; None where kept credit paid for them all. Raises Refused, BankUnreachable.

    Nothing is owed by it: it is an offer until the due date of its first month.
    """
    for _ in range(3):
        one, lines = _prepare(actor, count)
        if not lines:
            return None
        current = _same(one, lines, actor.today)
        if current:
            return current
        number = steps.notice_number_for(one.employer, lines[0][0])
        code = steps.ask_for_code(number, lines)
        try:
            return _issue(actor, count, lines, number, code)
        except ChoiceChanged:
            continue
    raise ChoiceChanged


@verb("voluntary.use_credit")
def _prepare(actor: Actor, count: int) -> tuple[Membership, list[Line]]:
    """Use what is kept for the member first; what is left to pay, by month."""
    one = _own(actor, Membership.State.ACTIVE)
    if count not in bounds(Month.of(actor.today)).months_ahead:
        raise Refused("months")
    payments.lock_credit(one.employer_id)
    credit = credit_of(one.employer_id)
    months = next_months(one, actor.today, count)
    made = steps.insure_months(one, months, one.income, credit, actor.at)
    if made:
        steps.use_credit(one.employer, lock_obligations(one.employer_id, made), credit, actor.at)
    return one, _left(one, months[len(made) :], in_force())


def _left(one: Membership, months: Sequence[Month], law: InForce) -> list[Line]:
    """What these months cost, the first of them less what is kept: that was not enough for it alone."""
    lines = [(month, price_of(one.income, month, law).total) for month in months]
    kept = credit_of(one.employer_id)
    return [(month, Kip(price - kept * (at == 0))) for at, (month, price) in enumerate(lines)]


def _same(one: Membership, lines: list[Line], today: date) -> Notice | None:
    current = open_notice(one.employer, lines[0][0])
    if current is None or current.expires_on < today:
        return None
    asked = queries.behind_notice(current.number)
    told = sorted((line.month, line.amount) for line in current.lines.all())
    return current if told == lines and asked and asked.income == one.income else None


@verb("voluntary.ask")
def _issue(actor: Actor, count: int, lines: list[Line], number: str, code: Code) -> Notice:
    one, law = _own(actor, Membership.State.ACTIVE), in_force()
    now = _left(one, next_months(one, actor.today, len(lines)), law)
    if now != lines or Notice.objects.filter(number=number).exists():
        raise ChoiceChanged
    remember(number, lines=lines)
    last_day = due_on(lines[0][0])
    notice = payments.issue_notice(
        one.employer,
        lines,
        number=number,
        reference=creditor_reference(number),
        due_on=last_day,
        expires_on=last_day,
        bank=settings.COLLECTING_BANK,
        code_text=code.text,
        code_made_by=code.made_by,
        at=actor.at,
    )
    actions.keep_asked(one, number, law.number, actor.at)
    return notice


def code_png(notice: Notice) -> bytes:
    """The LAO QR as a picture to keep: a phone cannot scan its own screen, but its bank's app reads the gallery."""
    return emvco.png(notice.code_text)


def code_svg(notice: Notice) -> str:
    return emvco.svg(notice.code_text)


def open_notice_of(one: Membership, today: date) -> Notice | None:
    """The notice that can be paid now."""
    found = Notice.objects.filter(employer_id=one.employer_id, state=Notice.State.OPEN, expires_on__gte=today)
    return found.prefetch_related("lines").order_by("-made_at").first()


# --- telling ---------------------------------------------------------------------------------------------------------


@app.task(name="voluntary.tell", retry=LADDER)
def tell(receipt_id: int, months: list[str]) -> None:
    """Tell a voluntary member once what became of a payment: which months it insures, and what is kept for later."""
    receipt = Receipt.objects.select_related("notice").get(id=receipt_id)
    assert receipt.employer_id is not None
    one = queries.of_employer(receipt.employer_id)
    assert one is not None
    insured = [Month.parse(month) for month in months]
    account = Account.objects.filter(person_id=one.person_id).first()
    row: dict[str, Any] = {
        "key": f"voluntary:{receipt.id}",
        "wording": _wording(receipt, insured),
        "values": _span(insured)
        | {"amount": dotted(receipt.amount), "kept": dotted(credit_of(one.employer_id))},
        "language": account.language if account else "lo",
        "phone": one.person.phone,
        "person_id": one.person_id,
        "account_id": account.id if account else None,
    }
    say([row], timezone.now())


def _wording(receipt: Receipt, insured: list[Month]) -> str:
    asked = sorted(line.month for line in receipt.notice.lines.all()) if receipt.notice else []
    if not insured:
        return "voluntary_kept"
    if insured == asked:
        return "voluntary_paid"
    return "voluntary_moved" if len(insured) == len(asked) else "voluntary_part"


def _span(months: list[Month]) -> dict[str, str]:
    """'ພະຈິກ 2026' or 'ພະຈິກ 2026 ຫາ ມັງກອນ 2027', in both languages."""
    if not months:
        return {"months_lo": "", "months_en": ""}
    first, last = min(months), max(months)
    if first == last:
        return {"months_lo": lao_month(first), "months_en": english_month(first)}
    return {
        "months_lo": f"{lao_month(first)} ຫາ {lao_month(last)}",
        "months_en": f"{english_month(first)} to {english_month(last)}",
    }
