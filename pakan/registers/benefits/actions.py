"""Writing about claims. Every act on a claim stands in its steps, and stays."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from pakan.registers.access.actor import VIENTIANE
from pakan.registers.benefits import postings
from pakan.registers.benefits.models import (
    Appeal,
    Award,
    Claim,
    ClaimDecision,
    ClaimStep,
    Deduction,
    Evidence,
    Instalment,
    MissingRequest,
    Overpayment,
    PayeeAccount,
    PaymentHold,
    Recovery,
    WriteOff,
)
from pakan.registers.benefits.states import State, StepName, move
from pakan.registers.documents.models import Document
from pakan.registers.ledger.actions import post
from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Person
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.number import benefit_number

OPEN = Recovery.objects.exclude(state__in=["done", "replaced", "dropped"])


def _year(at: datetime) -> int:
    return at.astimezone(VIENTIANE).year


def lock_person(person_id: int) -> None:
    """Whoever starts a claim, changes the account or freezes payments of one person waits here for the other."""
    Person.objects.select_for_update(no_key=True).only("id").get(id=person_id)


# --- the claim ---------------------------------------------------------------------------------------------------


def start(
    *,
    key: UUID,
    person_id: int,
    insured_id: int,
    benefit: str,
    channel: str,
    account_id: int | None,
    at: datetime,
) -> Claim:
    year = _year(at)
    claim = Claim.objects.create(
        key=key, number=benefit_number("B", year, take_numbers(f"claim {year}")), person_id=person_id,
        insured_id=insured_id, benefit=benefit, channel=channel, started_at=at, saved_at=at,
    )  # fmt: skip
    step(claim, StepName.STARTED, at, account_id)
    return claim


def lock(number: str) -> Claim | None:
    """The claim, held until the transaction ends."""
    return _locked().filter(number=number).first()


def lock_by_key(key: UUID) -> Claim | None:
    return _locked().filter(key=key).first()


def lock_by_id(claim_id: int) -> Claim:
    return _locked().get(id=claim_id)


def _locked() -> QuerySet[Claim]:
    return Claim.objects.select_for_update(of=("self",)).select_related("person", "insured")


def save(
    claim: Claim, told: Mapping[str, Any], event_day: date | None, family: Mapping[str, Any], at: datetime
) -> None:
    claim.told, claim.event_day, claim.family, claim.saved_at = dict(told), event_day, dict(family), at
    claim.save(update_fields=["told", "event_day", "family", "saved_at"])


def lodge(claim: Claim, promised_on: date, late: bool, account_id: int | None, at: datetime) -> None:
    claim.state, claim.lodged_at, claim.promised_on, claim.late = (
        move(claim.state, State.LODGED),
        at,
        promised_on,
        late,
    )
    claim.save(update_fields=["state", "lodged_at", "promised_on", "late"])
    step(claim, StepName.LODGED, at, account_id)
    if late:
        step(claim, StepName.LATE, at)


def turn(
    claim: Claim, state: State, name: StepName, at: datetime, account_id: int | None = None, text: str = "",
    promised_on: date | None = None,
) -> None:  # fmt: skip
    """The claim goes on to `state`, and the step says so. Raises WrongMove."""
    claim.state = move(claim.state, state)
    claim.promised_on = promised_on or claim.promised_on
    claim.save(update_fields=["state", "promised_on"])
    step(claim, name, at, account_id, text)


def promise(claim: Claim, day: date, at: datetime) -> None:
    """The promised day was missed: another one, and the step that says so (C51)."""
    claim.promised_on = day
    claim.save(update_fields=["promised_on"])
    step(claim, StepName.PROMISE_MISSED, at)


def step(
    claim: Claim, name: StepName, at: datetime, account_id: int | None = None, text: str = ""
) -> ClaimStep:
    return ClaimStep.objects.create(claim=claim, name=name.value, text=text, account_id=account_id, at=at)


# --- papers ------------------------------------------------------------------------------------------------------


def receive_paper(
    claim: Claim, *, key: UUID, kind: str, document: Document, account_id: int | None, at: datetime
) -> Evidence:
    year = _year(at)
    paper = Evidence.objects.create(
        key=key, claim=claim, kind=kind, document=document, received_at=at, received_by_id=account_id,
        receipt_number=benefit_number("E", year, take_numbers(f"paper {year}")),
    )  # fmt: skip
    step(claim, StepName.PAPER_RECEIVED, at, account_id, kind)
    return paper


def judge(paper: Evidence, accepted: bool, why: str, account_id: int, at: datetime) -> None:
    paper.state = Evidence.State.ACCEPTED if accepted else Evidence.State.REFUSED
    paper.why, paper.judged_by_id, paper.judged_at = why, account_id, at
    paper.save(update_fields=["state", "why", "judged_by", "judged_at"])
    step(
        paper.claim,
        StepName.PAPER_ACCEPTED if accepted else StepName.PAPER_REFUSED,
        at,
        account_id,
        paper.kind,
    )


def ask_missing(
    claim: Claim, kinds: Sequence[str], text: str, place: str, until: date, account_id: int, at: datetime
) -> MissingRequest:
    asked = MissingRequest.objects.create(
        claim=claim,
        kinds=list(kinds),
        text=text,
        place=place,
        until=until,
        asked_at=at,
        asked_by_id=account_id,
    )
    turn(claim, State.ASKED, StepName.ASKED, at, account_id)
    return asked


def missing_answered(claim: Claim, promised_on: date, account_id: int | None, at: datetime) -> None:
    MissingRequest.objects.filter(claim=claim, answered_at=None).update(answered_at=at)
    turn(claim, State.LODGED, StepName.SUPPLIED, at, account_id, promised_on=promised_on)


# --- decisions ---------------------------------------------------------------------------------------------------


def propose(claim: Claim, *, account_id: int | None, at: datetime, **facts: Any) -> ClaimDecision:
    """A decision of the next version; a person's one waits for another person, the machine's is decided by `decide`."""
    version = ClaimDecision.objects.filter(claim=claim).count() + 1
    made = ClaimDecision(claim=claim, version=version, proposed_by_id=account_id, proposed_at=at, **facts)
    if account_id is not None:
        made.save()
        turn(claim, State.PROPOSED, StepName.PROPOSED, at, account_id)
    return made


def take_letter_number(at: datetime) -> str:
    year = _year(at)
    return benefit_number("L", year, take_numbers(f"letter {year}"))


def decide(
    decision: ClaimDecision,
    letter_number: str,
    letter: Mapping[str, Any],
    account_id: int | None,
    at: datetime,
) -> None:
    decision.decided_by_id, decision.decided_at = account_id, at
    decision.letter_number, decision.letter = letter_number, dict(letter)
    decision.save()
    granted = decision.outcome == ClaimDecision.Outcome.GRANTED
    turn(
        decision.claim, State.APPROVED if granted else State.REFUSED,
        StepName.APPROVED if granted else StepName.REFUSED, at, account_id,
    )  # fmt: skip


def send_back(decision: ClaimDecision, why: str, account_id: int, at: datetime) -> None:
    decision.sent_back_by_id, decision.sent_back_at, decision.sent_back_why = account_id, at, why
    decision.save(update_fields=["sent_back_by", "sent_back_at", "sent_back_why"])
    turn(decision.claim, State.LODGED, StepName.SENT_BACK, at, account_id)


# --- awards and instalments --------------------------------------------------------------------------------------


def award(decision: ClaimDecision, payee: PayeeAccount, **facts: Any) -> Award:
    claim = decision.claim
    return Award.objects.create(
        claim=claim, decision=decision, person_id=claim.person_id, benefit=claim.benefit, payee=payee,
        payee_digest=digest_of(payee), **facts,
    )  # fmt: skip


def digest_of(payee: PayeeAccount) -> str:
    """What names an account: bank, number and owner. Another one has another digest."""
    return account_digest(payee.bank, payee.number, payee.name)


def account_digest(bank: str, number: str, name: str) -> str:
    return hashlib.sha256("\x1f".join((bank, number, name)).encode()).hexdigest()


def lock_award(award_id: int) -> Award:
    found = Award.objects.select_for_update(of=("self",)).select_related(
        "claim", "payee", "person", "decision"
    )
    return found.get(id=award_id)


def end_award(ended: Award, on: date, why: str) -> None:
    ended.ended_on, ended.ended_why = on, why
    ended.save(update_fields=["ended_on", "ended_why"])


def pay_to(award: Award, payee: PayeeAccount) -> None:
    """Another account, which a person confirmed."""
    award.payee, award.payee_digest = payee, digest_of(payee)
    award.save(update_fields=["payee", "payee_digest"])


def fall_due(award: Award, month: Month, kip: Kip, due_on: date, at: datetime) -> Instalment:
    """The fund owes a month of the award from now on."""
    made = Instalment.objects.create(award=award, month=month, kip=kip, due_on=due_on, made_at=at)
    post(postings.accrued(made, award.expense), at)
    return made


def mark(instalment: Instalment, state: str, why: str = "", paid_on: date | None = None) -> None:
    """A new state. What the table does not allow, the database refuses."""
    instalment.state, instalment.why, instalment.paid_on = state, why[:30], paid_on
    instalment.save(update_fields=["state", "why", "paid_on"])


def cancel(instalment: Instalment, at: datetime) -> None:
    mark(instalment, Instalment.State.CANCELLED)
    for taken in Deduction.objects.filter(instalment=instalment, released_at=None):
        taken.released_at = at
        taken.save(update_fields=["released_at"])
        post(postings.released(taken), at)
    post(postings.cancelled(instalment, instalment.award.expense), at)


def overpaid(decision: ClaimDecision, before: Award, kip: Kip, at: datetime) -> Overpayment:
    found = Overpayment.objects.create(claim=decision.claim, decision=decision, kip=kip, found_at=at)
    post(postings.overpaid(found, before), at)
    return found


def overpaid_after_death(instalment: Instalment, at: datetime) -> Overpayment:
    """The money of a month that began after the person had died."""
    found = Overpayment.objects.create(
        claim=instalment.award.claim, instalment=instalment, kip=instalment.kip, found_at=at
    )
    post(postings.overpaid(found, instalment.award), at)
    return found


def lock_overpayment(overpayment_id: int) -> Overpayment | None:
    found = Overpayment.objects.select_for_update(of=("self",)).select_related(
        "claim__person", "instalment__award"
    )
    return found.filter(id=overpayment_id).first()


def offer_plan(
    found: Overpayment, monthly: Kip, reason: str, account_id: int, at: datetime, by_person: bool = False
) -> Recovery:
    """A plan in the place of the one that was open."""
    OPEN.filter(overpayment=found).update(state=Recovery.State.REPLACED)
    state = Recovery.State.AGREED if by_person else Recovery.State.OFFERED
    return Recovery.objects.create(
        overpayment=found, monthly=monthly, reason=reason, by_person=by_person, proposed_by_id=account_id,
        proposed_at=at, state=state, agreed_at=at if by_person else None,
    )  # fmt: skip


def turn_plan(plan: Recovery, state: str, **facts: Any) -> None:
    plan.state = state
    for name, value in facts.items():
        setattr(plan, name, value)
    plan.save(update_fields=["state", *facts])


def deduct(plan: Recovery, instalment: Instalment, kip: Kip, at: datetime) -> Deduction:
    made = Deduction.objects.create(plan=plan, instalment=instalment, kip=kip, at=at)
    post(postings.deducted(made), at)
    return made


def write_off(found: Overpayment, left: Kip, back: Kip, expense: str, at: datetime) -> WriteOff:
    made = WriteOff.objects.create(overpayment=found, left=left, back=back, at=at)
    post(postings.written_off(made, expense), at)
    return made


# --- appeals -----------------------------------------------------------------------------------------------------


def appeal(
    decision: ClaimDecision, *, key: UUID, text: str, late: bool, account_id: int | None, at: datetime
) -> Appeal:
    year = _year(at)
    made = Appeal.objects.create(
        key=key, number=benefit_number("A", year, take_numbers(f"appeal {year}")), claim=decision.claim,
        decision=decision, text=text, opened_at=at, late=late,
    )  # fmt: skip
    step(decision.claim, StepName.APPEALED, at, account_id)
    return made


def lock_appeal(number: str) -> Appeal | None:
    found = Appeal.objects.select_for_update(of=("self",)).select_related("claim", "decision")
    return found.filter(number=number).first()


def answer_appeal(
    appeal: Appeal, changed: bool, text: str, article: str, account_id: int, at: datetime
) -> None:
    appeal.state = Appeal.State.CHANGED if changed else Appeal.State.KEPT
    appeal.answer, appeal.article, appeal.answered_by_id, appeal.answered_at = text, article, account_id, at
    appeal.save(update_fields=["state", "answer", "article", "answered_by", "answered_at"])


# --- payees ------------------------------------------------------------------------------------------------------


def put_payee(
    *,
    person_id: int,
    bank: str,
    number: str,
    name: str,
    usable_from: datetime,
    account_id: int | None,
    at: datetime,
) -> PayeeAccount:
    """A new account in force; the one before ends at that moment."""
    PayeeAccount.objects.filter(person_id=person_id, ended_at=None).update(ended_at=at)
    return PayeeAccount.objects.create(
        person_id=person_id, bank=bank, number=number, name=name, asked_at=at, asked_by_id=account_id,
        usable_from=usable_from,
    )  # fmt: skip


def checked(payee: PayeeAccount, result: str, at: datetime, account_id: int | None = None) -> None:
    payee.check_result, payee.checked_at = result, at
    payee.looked_by_id = account_id or payee.looked_by_id
    payee.save(update_fields=["check_result", "checked_at", "looked_by"])


def hold(person_id: int, account_id: int, at: datetime) -> PaymentHold:
    return PaymentHold.objects.create(person_id=person_id, on_at=at, on_by_id=account_id)


def let_go(hold: PaymentHold, account_id: int, at: datetime) -> None:
    hold.off_at, hold.off_by_id = at, account_id
    hold.save(update_fields=["off_at", "off_by"])
