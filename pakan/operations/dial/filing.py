"""A month filed by telephone keys: same as last month, nil, or a signature under what a colleague prepared (C81, C91).

The same verbs as on the web and nothing checked less: what needs an answer is answered there, and two people sign (C84).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from pakan.operations import collect, declare
from pakan.operations.declare.check import ready
from pakan.operations.due import due_on
from pakan.operations.later import later
from pakan.operations.speak import say
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.queries import cools, people_with_access
from pakan.registers.access.roles import Role
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.contributions.queries import (
    last_declaration_before,
    months_missing,
    open_obligations,
    open_sheet,
)
from pakan.registers.keypads.models import Talk
from pakan.registers.keypads.queries import line_of_account
from pakan.registers.payments.queries import open_notice
from pakan.registers.people.models import Employer
from pakan.units.money import dotted
from pakan.units.month import Month
from pakan.units.number import shown_creditor_reference
from pakan.units.words import english_date, english_month, lao_date, lao_month

SAME, NIL, SIGN = "same", "nil", "sign"
PREPARES = frozenset({Role.EMPLOYER_PREPARER, Role.EMPLOYER_ADMINISTRATOR})
NAME_LETTERS = 24  # of an employer, beside an amount and a reference


class NotPossible(ValueError):
    """It cannot be done by keys now: `code` is 'questions', 'in_work', 'cools' or 'over'."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Changed(ValueError):
    """The figures are others than those that were shown: look again before signing."""


@dataclass(frozen=True)
class Offer:
    """What would be signed, with the figures that are shown."""

    month: Month
    workers: int
    total: int
    due: date
    revision: int

    @property
    def figures(self) -> str:
        return f"{self.month} {self.workers} {self.total} {self.revision}"


@dataclass(frozen=True)
class Owed:
    """A month that is declared and not paid."""

    month: Month
    amount: int
    due: date
    reference: str  # empty while the notice is being made


@dataclass(frozen=True)
class Standing:
    """What a company can do by keys now. `waits`: prepared, and another person has to sign."""

    month: Month | None
    ways: tuple[str, ...]
    waits: bool
    owed: Owed | None


@dataclass(frozen=True)
class Outcome:
    """`number` is empty where the month was prepared and waits for the second person."""

    number: str
    total: int


# Looking


def standing(actor: Actor, employer: Employer) -> Standing:
    """The oldest month that is not declared, and the ways in which this person may bring it forward."""
    missing = months_missing(employer, Month.of(actor.today) - 1)
    month = missing[0] if missing else None
    roles = actor.roles_at(employer.id)
    sheet = open_sheet(employer, month) if month else None
    ways: list[str] = []
    waits = sheet is not None and sheet.state == Sheet.State.HANDED_OVER
    if sheet is not None and waits and Role.EMPLOYER_APPROVER in roles and not _needs_another(actor, sheet):
        ways.append(SIGN)
    elif month is not None and sheet is None and roles & PREPARES:
        ways += [SAME] if last_declaration_before(employer, month) else []
        ways.append(NIL)
    return Standing(month, tuple(ways), waits, _owed(employer))


def _needs_another(actor: Actor, sheet: Sheet) -> bool:
    """Whoever handed it over may sign it only where one person may, and nobody else is there (C84)."""
    if sheet.handed_over_by_id != actor.account_id:
        return False
    return not sheet.employer.one_person_may_approve or bool(_others(actor, sheet.employer))


def _others(actor: Actor, employer: Employer) -> list[Account]:
    """Who besides the actor may sign."""
    mandates = people_with_access(employer.id, actor.at).filter(
        role=Role.EMPLOYER_APPROVER, account__is_active=True
    )
    return [one.account for one in mandates.exclude(account_id=actor.account_id or 0)]


def _owed(employer: Employer) -> Owed | None:
    """What was asked for already goes first: its reference is what a person needs on the way to the bank."""
    debts = open_obligations(employer.id)
    for debt in debts:
        notice = open_notice(employer, debt.month)
        if notice is not None:
            return Owed(debt.month, notice.amount, debt.due_on, shown_creditor_reference(notice.reference))
    return Owed(debts[0].month, debts[0].open, debts[0].due_on, "") if debts else None


def offer(actor: Actor, employer: Employer, month: Month, way: str) -> Offer:
    """The figures of `way`; nothing stays of it. Raises NotPossible."""
    if way == SIGN:
        return _offered(_handed_over(employer, month), with_revision=True)
    with transaction.atomic():
        try:
            return _offered(
                _prepare(actor, employer, month, way, f"rehearsal-{employer.id}-{actor.account_id}")
            )
        finally:
            transaction.set_rollback(True)


def _offered(sheet: Sheet, with_revision: bool = False) -> Offer:
    told = sheet.summary
    return Offer(
        sheet.month, told["workers"], told["employer_share"] + told["worker_share"], due_on(sheet.month),
        sheet.revision if with_revision else 0,
    )  # fmt: skip


def _handed_over(employer: Employer, month: Month) -> Sheet:
    sheet = open_sheet(employer, month)
    if sheet is None or sheet.state != Sheet.State.HANDED_OVER:
        raise NotPossible("over")
    return sheet


def _prepare(actor: Actor, employer: Employer, month: Month, way: str, key: str) -> Sheet:
    """The sheet of this way. Somebody's open sheet is not pushed aside. Raises NotPossible."""
    if open_sheet(employer, month) is not None:
        raise NotPossible("in_work")
    if month not in months_missing(employer, month):
        raise NotPossible("over")
    begin = declare.same_as_last_month if way == SAME else declare.no_workers
    try:
        sheet = begin(actor, employer, month, key)
    except declare.MonthRefused as refusal:
        raise NotPossible("over") from refusal
    if not ready(sheet):
        raise NotPossible("questions")
    return sheet


# Signing


def sign(actor: Actor, employer: Employer, month: Month, way: str, talk: Talk) -> Outcome:
    """Do it, if the figures are still those that `talk` showed. Raises NotPossible, Changed.

    Where another person has to sign it is prepared, and that person is told.
    """
    account = Account.objects.get(id=actor.account_id or 0)
    if cools(account, actor.at):
        raise NotPossible("cools")
    with transaction.atomic():
        if way == SIGN:
            sheet = _handed_over(employer, month)
        else:
            sheet = _prepare(actor, employer, month, way, f"keypad-{talk.key[:40]}-{way}")
        if _offered(sheet, way == SIGN).figures != talk.shown:
            raise Changed
        try:
            if way != SIGN:
                sheet = declare.hand_over(actor, sheet, sheet.revision)
            if Role.EMPLOYER_APPROVER not in actor.roles_at(employer.id):
                raise declare.SecondPersonNeeded
            made = declare.approve(actor, sheet, sheet.revision)
        except declare.SecondPersonNeeded:
            _ask_others(actor, account, sheet)
            return Outcome("", 0)
        except declare.Refused as refusal:
            raise NotPossible("questions") from refusal
        return _signed(actor, account, made)


def _ask_others(actor: Actor, account: Account, sheet: Sheet) -> None:
    rows = [
        _row(one, sheet.employer, sheet.month, f"keypad-prepared:{sheet.id}", "keypad_prepared")
        for one in _others(actor, sheet.employer)
    ]
    say(rows, actor.at)


def _signed(actor: Actor, account: Account, made: Declaration) -> Outcome:
    total = made.employer_share + made.worker_share
    if total:
        later("dial.payment", declaration_id=made.id, account_id=account.id)
    else:
        row = _row(account, made.employer, made.month, f"keypad:{made.id}", "keypad_nil")
        say([row | {"values": row["values"] | {"incoming": made.incoming_number}}], actor.at, at_once=True)
    return Outcome(made.incoming_number, total)


def _row(account: Account, employer: Employer, month: Month, key: str, wording: str) -> dict[str, Any]:
    line = line_of_account(account.id)
    lao = account.language == "lo" or not employer.name_en
    values = {
        "employer": (employer.name_lo if lao else employer.name_en)[:NAME_LETTERS],
        "month_lo": lao_month(month), "month_en": english_month(month),
    }  # fmt: skip
    return {
        "key": f"{key}:{account.id}", "wording": wording, "values": values, "language": account.language,
        "phone": line.phone if line else account.phone, "account_id": account.id,
    }  # fmt: skip


@app.task(name="dial.payment", retry=collect.LADDER)
def payment(declaration_id: int, account_id: int) -> None:
    """Ask the bank for the payment notice of a month that was signed by keys, and send its reference."""
    made = Declaration.objects.select_related("employer").get(id=declaration_id)
    account, now = Account.objects.get(id=account_id), timezone.now()
    row = _row(account, made.employer, made.month, f"keypad:{made.id}", "keypad_filed")
    told = {"incoming": made.incoming_number}
    try:
        notice = collect.ask(Actor.system(now, "keypad"), made.employer, [made.month])
    except collect.NothingToPay:
        row["wording"] = "keypad_nil"
    else:
        told |= {
            "amount": dotted(notice.amount), "reference": shown_creditor_reference(notice.reference),
            "due_lo": lao_date(notice.due_on), "due_en": english_date(notice.due_on),
        }  # fmt: skip
    say([row | {"values": row["values"] | told}], now, at_once=True)
