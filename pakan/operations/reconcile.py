"""Reconcile: money that nobody could match, the bank's statement against our receipts, and `prove`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import SequenceMatcher

from django.conf import settings
from django.db.models import F, Q, Sum

from pakan.integrations.banks.bank import BankUnreachable
from pakan.integrations.formats.iso20022 import Entry, StatementRefused
from pakan.operations import steps
from pakan.operations.later import later
from pakan.operations.proofs import Finding, findings
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.contributions.models import Obligation
from pakan.registers.contributions.queries import open_obligations
from pakan.registers.payments import actions as payments
from pakan.registers.payments.models import Notice, Receipt, Statement
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.name import search_key
from pakan.units.number import latin_digits

SUGGESTIONS = 5

# A page that asks for a statement says these two in words.
__all__ = [
    "AlreadySettled",
    "BankUnreachable",
    "StatementRefused",
    "StatementResult",
    "Suggestion",
    "newest_statement",
    "prove",
    "settle",
    "suggest",
    "take_in_statement",
]


class AlreadySettled(ValueError):
    """Somebody settled this money meanwhile."""


@dataclass(frozen=True)
class Suggestion:
    """Whose money it may be: a score from 0 to 1, and the reasons in codes that the page puts into words."""

    employer: Employer
    notice: Notice | None
    months: tuple[Month, ...]
    score: float
    reasons: tuple[str, ...]


def suggest(receipt: Receipt) -> list[Suggestion]:
    """The likeliest owners of unmatched money, best first: by what the payer wrote, the amount, and his name."""
    written = "".join(sign for sign in latin_digits(receipt.given_reference) if sign.isalnum()).upper()
    found: dict[int, Suggestion] = {}
    for notice in _notices_like(written, receipt.amount):
        reasons, score = [], 0.0
        likeness = _likeness(written, notice.reference)
        if likeness >= 0.8:
            reasons.append("reference_close")
            score += 0.6 * likeness
        if notice.amount == receipt.amount:
            reasons.append("amount_equal")
            score += 0.3
        _keep(
            found,
            receipt,
            notice.employer,
            notice,
            [line.month for line in notice.lines.all()],
            score,
            reasons,
        )
    for employer, debts in _debts_of(receipt.amount).items():
        months = [debt.month for debt in debts]
        _keep(found, receipt, employer, None, months, 0.3, ["amount_of_open_debt"])
    best = sorted(found.values(), key=lambda one: (-one.score, one.employer.code))
    return best[:SUGGESTIONS]


def _keep(
    found: dict[int, Suggestion],
    receipt: Receipt,
    employer: Employer,
    notice: Notice | None,
    months: Sequence[Month],
    score: float,
    reasons: list[str],
) -> None:
    name = search_key(employer.name_en or employer.name_lo)
    if receipt.payer_name and _likeness(search_key(receipt.payer_name), name) >= 0.75:
        reasons, score = [*reasons, "payer_name"], score + 0.2
    known = found.get(employer.id)
    if reasons and (known is None or score > known.score):
        found[employer.id] = Suggestion(
            employer, notice, tuple(sorted(months)), round(min(score, 0.99), 2), tuple(reasons)
        )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(a=one, b=other, autojunk=False).ratio()


def _notices_like(written: str, amount: int) -> list[Notice]:
    """Notices that share the amount or a stretch of the reference: narrowed in the database, compared here."""
    notices = Notice.objects.select_related("employer").prefetch_related("lines")
    near = list(notices.filter(amount=amount).order_by("-made_at")[:100])
    stretches = Q()
    for start in range(0, max(len(written) - 7, 0), 2):
        stretches |= Q(reference__contains=written[start : start + 8])
    if stretches:  # one question, however much the payer wrote
        near += notices.filter(stretches).order_by("-made_at")[:100]
    return list({notice.id: notice for notice in near}.values())


def _debts_of(amount: int) -> dict[Employer, list[Obligation]]:
    """Employers whose open debts are exactly this amount: one month, or all together."""
    open_ones = Obligation.objects.filter(settled__lt=F("owed"))
    single = open_ones.filter(owed=amount + F("settled")).select_related("employer")[:20]
    result = {debt.employer: [debt] for debt in single}
    sums = (
        open_ones.values("employer_id")
        .annotate(in_all=Sum(F("owed") - F("settled")))
        .filter(in_all=amount)[:20]
    )
    for row in sums:
        debts = open_obligations(row["employer_id"])
        result.setdefault(Employer.objects.get(id=row["employer_id"]), debts)
    return result


@verb("reconcile.settle")
def settle(
    actor: Actor, receipt_id: int, employer: Employer, months: Sequence[Month] | None = None
) -> Receipt:
    """Give unmatched money to an employer: against these months (all open ones if none are named), the rest as credit.

    Raises AlreadySettled.
    """
    receipt = Receipt.objects.select_for_update().get(id=receipt_id)
    if receipt.state != Receipt.State.UNMATCHED:
        raise AlreadySettled(receipt.number)
    wanted = list(months) if months else [debt.month for debt in open_obligations(employer.id)]
    remember(receipt.number, employer_id=employer.id, months=[str(month) for month in wanted])
    payments.match(receipt, employer, None, actor.account_id)
    steps.set_against(receipt, employer, wanted, actor.at)
    if employer.scheme == Employer.Scheme.VOLUNTARY:
        later("voluntary.tell", receipt_id=receipt.id, months=[])
    receipt.refresh_from_db()
    return receipt


# --- the bank's statement --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StatementResult:
    """What a statement said: its lines, how many confirmed a receipt, how many we had not heard of, what differs."""

    number: str
    day: date
    lines: int
    confirmed: int
    new: int
    differences: tuple[str, ...]


def take_in_statement(actor: Actor, day: date) -> StatementResult:
    """Fetch the statement of a day and compare it with our receipts. Raises BankUnreachable or StatementRefused."""
    bank = steps.bank(settings.COLLECTING_BANK)
    fetched = bank.fetch_statement(day)
    number, entries = fetched.number, fetched.entries
    return _take_in(actor, bank.name, fetched.account, number, day, fetched.opening, fetched.closing, entries)


@verb("reconcile.statement")
def _take_in(
    actor: Actor,
    bank: str,
    account: str,
    number: str,
    day: date,
    opening: Kip,
    closing: Kip,
    entries: Sequence[Entry],
) -> StatementResult:
    statement, _ = payments.take_in_statement(
        bank=bank, account=account, number=number, day=day, opening=opening, closing=closing, at=actor.at
    )
    remember(f"{bank} {number}", lines=len(entries), day=day)
    confirmed, new, differences = 0, 0, []
    moved = sum(entry.amount if entry.credit else -entry.amount for entry in entries)
    if opening + moved != closing:
        differences.append("balance")
    for entry in entries:
        if not entry.credit:
            differences.append(f"debit {entry.bank_reference}")
            continue
        receipt, is_new = _receipt_of(actor, bank, account, entry)
        if receipt.amount != entry.amount:
            differences.append(f"amount {entry.bank_reference}")
            continue
        payments.confirm(statement, receipt, entry.bank_reference, entry.amount)
        confirmed, new = confirmed + (not is_new), new + is_new
    return StatementResult(number, day, len(entries), confirmed, new, tuple(differences))


def _receipt_of(actor: Actor, bank: str, account: str, entry: Entry) -> tuple[Receipt, bool]:
    """The receipt of a statement line; money that no notice announced is booked now and waits for its owner or finds it."""
    receipt, is_new = payments.receive(
        bank=bank,
        account=account,
        bank_reference=entry.bank_reference,
        amount=entry.amount,
        paid_at=datetime.combine(entry.booked_on, time(5), UTC),
        at=actor.at,
        given_reference=entry.remittance_reference or entry.remittance_text,
        payer_name=entry.payer,
        payer_account=entry.payer_account,
    )
    if is_new:
        steps.match_by_reference(receipt, [entry.remittance_reference, entry.remittance_text], actor.at)
    return receipt, is_new


# --- prove -----------------------------------------------------------------------------------------------------------


@verb("reconcile.prove")
def _proved(actor: Actor, _: None) -> list[Finding]:
    result = findings(actor.at)
    remember("all", differences=sum(finding.differences for finding in result), at=actor.at)
    return result


def prove(actor: Actor | None = None) -> list[Finding]:
    """Compare everything that is written twice (standards, 'always true'). Zero differences everywhere is the only good."""
    return _proved(actor or Actor.system(datetime.now(UTC), "prove"), None)


def newest_statement() -> Statement | None:
    """The statement of the latest day taken in."""
    return Statement.objects.order_by("-day", "-id").first()
