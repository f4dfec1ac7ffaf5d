"""Steps that several verbs take in the same way: money is set against months, and a month that is paid is credited.

Verbs do not know each other; what two of them need stands here, below them, so that there is one way to credit a
month whether the bank's notice, an officer or a correction settled it (docs/decisions/0003).
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from procrastinate.types import JSONValue

from pakan.integrations.banks import named
from pakan.integrations.banks.bank import Bank, BankConfig, Code, CodeOrder
from pakan.operations import apart, happened, late
from pakan.operations.declaring import insure, price_of
from pakan.operations.due import due_days
from pakan.operations.later import later
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.compliance import queries as compliance
from pakan.registers.contributions import actions as contributions
from pakan.registers.contributions.models import Declaration, Obligation
from pakan.registers.contributions.queries import changes_as_columns, wages_as_columns
from pakan.registers.payments import actions as payments
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.payments.queries import credit_of, credit_since, notice_by_number, notices_made
from pakan.registers.people.models import Employer
from pakan.registers.records import actions as records
from pakan.registers.voluntary.models import Membership
from pakan.registers.voluntary.queries import behind_notice, of_employer
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.number import (
    WrongNumber,
    creditor_reference,
    latin_digits,
    notice_number,
    read_creditor_reference,
)


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
    if people and declaration.scheme != Employer.Scheme.VOLUNTARY:  # he is told once of all his months
        later(
            "notify.month_credited",
            obligation_id=obligation.id,
            version=declaration.version,
            corrected=corrected,
        )
    if people and corrected:  # a benefit that was decided on these wages is reckoned anew (C50)
        later("award.recheck_month", obligation_id=obligation.id, version=declaration.version)
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


def notice_number_for(employer: Employer, month: Month) -> str:
    """The number of the next notice that begins with this month."""
    return notice_number(month, employer.code, notices_made(employer, month) + 1)


def ask_for_code(number: str, lines: Sequence[tuple[Month, Kip]], for_funds: int = 0) -> Code:
    """The LAO QR of a notice, from the collecting bank; outside any transaction. Raises BankUnreachable."""
    order = CodeOrder(
        bill=number,
        reference=creditor_reference(number),
        amount=Kip(sum(part for _, part in lines) + for_funds),
        purpose=f"SSO {lines[0][0]}",
        terminal="WEB01",
    )
    return bank(settings.COLLECTING_BANK).ask_for_code(order)


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
    if notice.employer.scheme == Employer.Scheme.VOLUNTARY:
        return cover(receipt, notice, at)
    debts = set_against(receipt, notice.employer, [line.month for line in notice.lines.all()], at)
    still_open = [
        one.month for one in late.forecasts(notice.employer_id, debts, late.day_of(at)) if one.total
    ]
    others = apart.lines_on(notice.employer_id, [debt.month for debt in debts], late.day_of(at))
    still_open = sorted({*still_open, *(line.bill_month for line in others)})
    if still_open:
        later(
            "collect.ask_again", employer_id=notice.employer_id, months=list[JSONValue](map(str, still_open))
        )
    return debts


def set_against(
    receipt: Receipt, employer: Employer, months: Sequence[Month], at: datetime
) -> list[Obligation]:
    """Set what is left of a matched receipt against these months, then against charges, then other funds' lines on their
    bills; the rest is kept as credit.

    The order (C105, docs/decisions/0010, 0020): contributions of the months, the oldest first, then late charges, the oldest
    first, then other funds. A charge is fixed by the day on which the money was paid, whenever we hear of it.
    """
    left = receipt.left
    debts = contributions.lock_obligations(employer.id, months)
    paid_on = late.day_of(receipt.paid_at)
    for debt in debts:
        part = Kip(min(left, debt.open))
        if part:
            late.fix(debt, part, paid_on, at, receipt.number)
            contributions.settle(debt, part, at, receipt.number)
            late.forgive(debt, paid_on, at)
            payments.allocate(receipt, debt.month, part, at)
            left = Kip(left - part)
        credit_if_settled(debt, at)
    left = late.pay_charges(receipt, months, left, at)
    left = apart.pay_lines(receipt, months, left, paid_on, at)
    payments.keep_credit(receipt, left, at)
    close_notices(employer, debts)
    told = {"receipt": receipt.number, "amount": receipt.amount, "months": [str(month) for month in months]}
    happened.tell(employer.id, "receipt.issued", f"receipt:{receipt.number}", receipt.number, told, at)
    return debts


def cover(receipt: Receipt, notice: Notice, at: datetime) -> list[Obligation]:
    """A voluntary member's money: the months that it pays for come into being now, oldest first; the rest is credit.

    A month can be paid until its due date, by the day on which the payer paid. Money that comes later pays for as many
    months from the first that is still open: late money is not lost, and nobody is insured backwards after an illness.
    Months that are paid already are not paid twice. Priced by what was asked, with the law of today.
    """
    asked, one = behind_notice(notice.number), of_employer(notice.employer_id)
    assert asked is not None and one is not None, f"notice {notice.number} of nobody's choice"
    wanted = sorted(line.month for line in notice.lines.all())
    payments.lock_credit(one.employer_id)
    purse = Kip(receipt.amount + credit_of(one.employer_id))
    made = insure_months(one, _to_cover(one, wanted, receipt.paid_at), asked.income, purse, at)
    debts = set_against(receipt, one.employer, made, at)
    use_credit(one.employer, debts, credit_of(one.employer_id), at)
    payments.supersede(one.employer, wanted)
    later("voluntary.tell", receipt_id=receipt.id, months=[str(month) for month in made])
    return debts


def insure_months(
    one: Membership, months: Sequence[Month], income: int, purse: Kip, at: datetime
) -> list[Month]:
    """Declare these months, oldest first, as far as `purse` reaches: no month that is not paid in full (A-12)."""
    law, made = in_force(), []
    for month in months:
        cost = price_of(income, month, law).total
        if cost > purse:
            break
        insure(Actor.system(at, "voluntary"), one, month, income)
        purse = Kip(purse - cost)
        made.append(month)
    return made


def _to_cover(one: Membership, wanted: Sequence[Month], paid_at: datetime) -> list[Month]:
    """The months that money paid then is for: those asked for, and for each that was too late one more at the end."""
    days, day = due_days(), paid_at.astimezone(VIENTIANE).date()
    paid = set(Obligation.objects.filter(employer=one.employer).values_list("month", flat=True))
    open_ones = [month for month in wanted if month not in paid]
    in_time = [month for month in open_ones if days.due_date(month) >= day]
    month = max([*wanted, Month.of(day) - 1])
    while len(in_time) < len(open_ones):
        if month not in paid and month not in in_time and days.due_date(month) >= day:
            in_time.append(month)
        month += 1
    return in_time


def use_credit(employer: Employer, debts: Sequence[Obligation], credit: Kip, at: datetime) -> Kip:
    """Set kept credit against debts (locked), oldest first, then against charges; what remains of the credit.

    Money that the fund held already was not late while it held it.
    """
    since = late.day_of(credit_since(employer.id) or at)
    for debt in debts:
        part = Kip(min(credit, debt.open))
        if part:
            used = payments.use_credit(employer.id, debt.month, part, at)
            late.fix(debt, part, since, at, f"credit:{used.id}")
            contributions.settle(debt, part, at, f"credit:{used.id}", from_credit=True)
            credit = Kip(credit - part)
        credit_if_settled(debt, at)
    return late.pay_charges_from_credit(employer.id, [debt.month for debt in debts], credit, at)


def _still_charged(notice: Notice) -> bool:
    """Whether a month of the notice has a charge open."""
    charges = compliance.charges_by_month(notice.employer_id)
    return any(charges[line.month].open for line in notice.lines.all() if line.month in charges)


def close_notices(employer: Employer, debts: Sequence[Obligation]) -> None:
    """A notice whose months are all paid is paid; one that asks for a wrong amount now is no longer shown (C112)."""
    months = [debt.month.first for debt in debts]
    open_ones = Notice.objects.filter(employer=employer, state=Notice.State.OPEN, lines__month__in=months)
    for notice in open_ones.distinct().prefetch_related("lines"):
        wanted = [line.month for line in notice.lines.all()]
        settled = {
            debt.month for debt in contributions.lock_obligations(employer.id, wanted) if debt.open == 0
        }
        paid = settled.issuperset(wanted) and not _still_charged(notice)
        if paid and not apart.asks_still(notice.number):
            payments.mark_paid(notice)
            told = {"notice": notice.number, "reference": notice.reference, "amount": notice.amount}
            happened.tell(
                employer.id, "notice.paid", f"paid:{notice.number}", notice.number, told, timezone.now()
            )
        else:
            payments.supersede(employer, wanted)
