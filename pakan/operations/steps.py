"""Steps that several verbs take in the same way: money is set against months, and a month that is paid is credited.

Verbs do not know each other; what two of them need stands here, below them, so that there is one way to credit a
month whether the bank's notice, an officer or a correction settled it (docs/decisions/0003).
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from procrastinate.types import JSONValue

from pakan.integrations.banks import named
from pakan.integrations.banks.bank import Bank, BankConfig
from pakan.operations.later import later
from pakan.registers.contributions import actions as contributions
from pakan.registers.contributions.models import Declaration, Obligation
from pakan.registers.contributions.queries import changes_as_columns, wages_as_columns
from pakan.registers.payments import actions as payments
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.payments.queries import notice_by_number
from pakan.registers.people.models import Employer
from pakan.registers.records import actions as records
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.number import WrongNumber, latin_digits, read_creditor_reference


def credit_if_settled(obligation: Obligation, at: datetime) -> int:
    """Credit the month to its workers once it is paid in full (A-20); how many. Their messages are a job."""
    declaration = obligation.declaration
    if obligation.open or obligation.credited_version >= declaration.version:
        return 0
    corrected = obligation.credited_version > 0
    if not corrected:
        wages = wages_as_columns(declaration.id)
    else:
        before = Declaration.objects.get(
            employer_id=obligation.employer_id, month=obligation.month, version=obligation.credited_version
        )
        wages = changes_as_columns(declaration.id, before.id)
    people = records.credit(obligation.employer_id, obligation.month, declaration.version, wages, at)
    contributions.mark_credited(obligation, declaration.version)
    if people:
        later(
            "notify.month_credited",
            obligation_id=obligation.id,
            version=declaration.version,
            corrected=corrected,
        )
    return people


def bank_name(name: str) -> tuple[str, str]:
    """How papers and pages call a bank, in Lao and English; one without words is called as its folder is."""
    lo, en = settings.BANKS.get(name, {}).get("name", (name, name))
    return lo, en


def bank(name: str) -> Bank:
    """The bank `name` as the settings reach it."""
    wired = settings.BANKS[name]
    return named(
        name,
        BankConfig(
            address=wired["url"],
            token=wired["keys"][0],
            account=wired["account"],
            iin=wired["iin"],
            receiver=wired["receiver"],
            receiver_name=wired["receiver_name"],
            place=wired["place"],
        ),
    )


def reference_of(*written: str) -> str:
    """The notice number that a payer named, as RF reference or as bill number; '' if none can be read."""
    for text in written:
        try:
            return read_creditor_reference(text)
        except WrongNumber:
            bare = latin_digits(text).strip()
            if len(bare) == 13 and bare.isascii() and bare.isdigit():
                return bare
    return ""


def match_by_reference(receipt: Receipt, written: Sequence[str], at: datetime) -> list[Obligation]:
    """Match new money to the notice that the payer named, and settle; nothing happens if no notice has that number.

    A notice that is left partly unpaid gets a successor by a job.
    """
    number = reference_of(*written)
    notice = notice_by_number(number) if number else None
    if notice is None:
        return []
    payments.match(receipt, notice.employer, notice)
    debts = set_against(receipt, notice.employer, [line.month for line in notice.lines.all()], at)
    still_open = [str(debt.month) for debt in debts if debt.open]
    if still_open:
        later("collect.ask_again", employer_id=notice.employer_id, months=list[JSONValue](still_open))
    return debts


def set_against(
    receipt: Receipt, employer: Employer, months: Sequence[Month], at: datetime
) -> list[Obligation]:
    """Set what is left of a matched receipt against these months, oldest first; the rest is kept as credit (C105, C107)."""
    left = Kip(receipt.amount - receipt.allocated - receipt.credited)
    debts = contributions.lock_obligations(employer.id, months)
    for debt in debts:
        part = Kip(min(left, debt.open))
        if part:
            contributions.settle(debt, part, at, receipt.number)
            payments.allocate(receipt, debt.month, part, at)
            left = Kip(left - part)
        credit_if_settled(debt, at)
    payments.keep_credit(receipt, left, at)
    close_notices(employer, debts)
    return debts


def use_credit(employer: Employer, debts: Sequence[Obligation], credit: Kip, at: datetime) -> Kip:
    """Set kept credit against debts (locked), oldest first; what remains of the credit."""
    for debt in debts:
        part = Kip(min(credit, debt.open))
        if part:
            used = payments.use_credit(employer.id, debt.month, part, at)
            contributions.settle(debt, part, at, f"credit:{used.id}", from_credit=True)
            credit = Kip(credit - part)
        credit_if_settled(debt, at)
    return credit


def close_notices(employer: Employer, debts: Sequence[Obligation]) -> None:
    """A notice whose months are all paid is paid; one that asks for a wrong amount now is no longer shown (C112)."""
    months = [debt.month.first for debt in debts]
    open_ones = Notice.objects.filter(employer=employer, state=Notice.State.OPEN, lines__month__in=months)
    for notice in open_ones.distinct().prefetch_related("lines"):
        wanted = [line.month for line in notice.lines.all()]
        settled = {
            debt.month for debt in contributions.lock_obligations(employer.id, wanted) if debt.open == 0
        }
        if settled.issuperset(wanted):
            payments.mark_paid(notice)
        else:
            payments.supersede(employer, wanted)
