"""Claim: from "what has happened?" to a lodged claim, one question at a time, on one phone or several (C31-C37).

Nothing that the fund holds is asked. A draft is saved at each answer; the key is made on the phone, so that what is sent
twice is one claim; each paper gets a dated receipt. Whoever is not entitled by our reading may lodge all the same: only
people refuse (C42).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from pakan.integrations.formats.scan import Paper as Scan
from pakan.integrations.formats.scan import PaperRefused, take
from pakan.law.benefits import all_names, named
from pakan.law.decision import Decision
from pakan.law.situation import Question, read
from pakan.law.wrong import Problem, WrongSituation
from pakan.operations import casework
from pakan.operations.casework import PROMISE, Paper, Refused, family_of, reckon, tell, working_days_after
from pakan.operations.later import later
from pakan.registers.access.actions import TooOften, count
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account
from pakan.registers.access.verbs import verb
from pakan.registers.benefits import actions, queries
from pakan.registers.benefits.models import Claim, Evidence
from pakan.registers.benefits.states import State, StepName, WrongMove
from pakan.registers.documents.actions import keep
from pakan.registers.people.models import Person
from pakan.registers.people.queries import ids_of
from pakan.units.number import WrongNumber, check_claim_number

__all__ = [
    "Paper", "PaperRefused", "Preview", "Refused", "Status", "TooOften", "WrongMove", "WrongSituation", "add_evidence",
    "answer", "answered", "lodge", "next_question", "preview", "start", "status", "supplied", "withdraw",
]  # fmt: skip

MOST_OPEN = 10  # drafts and claims of one person at a time
MOST_PAPERS = 30  # of one claim
LOOKS, LOOKS_OF_ONE_PLACE, AN_HOUR = 5, 20, timedelta(hours=1)
ABANDONED = timedelta(days=3)
AHEAD_OF_IT = timedelta(days=92)  # a pension is asked for before it begins
OPEN = (State.DRAFT, State.LODGED, State.ASKED, State.PROPOSED)


@dataclass(frozen=True)
class Preview:
    """What the claim would get as told now: the same reckoning as the award. `decision` None while answers are missing."""

    decision: Decision | None
    problems: tuple[Problem, ...]
    papers: tuple[Paper, ...]
    late: bool
    promised_on: date


@dataclass(frozen=True)
class Status:
    """What anybody with number and birth date may see: where the claim stands, never what it is about in person."""

    number: str
    title_lo: str
    title_en: str
    state: str
    promised_on: date | None
    steps: tuple[tuple[str, datetime], ...]


# --- the draft -------------------------------------------------------------------------------------------------------


@verb("claim.start")
def start(
    actor: Actor, benefit: str, key: UUID, *, person: Person | None = None, insured: Person | None = None,
    channel: str = "member",
) -> Claim:  # fmt: skip
    """A new draft; the same key again is the same claim. `person`: whom staff do it for; `insured`: on whose record.

    Raises Refused 'benefit', 'unknown', 'too_many' or 'key_taken' (somebody else's key).
    """
    whose = _whose(actor, person)
    if benefit not in all_names():
        raise Refused("benefit")
    actions.lock_person(whose)
    known = Claim.objects.filter(key=key).first()
    if known is not None and (known.person_id, known.benefit) != (whose, benefit):
        raise Refused("key_taken")
    if known is None:
        if sum(claim.state in OPEN for claim in queries.of_person(whose)) >= MOST_OPEN:
            raise Refused("too_many")
        known = actions.start(
            key=key, person_id=whose, insured_id=insured.id if insured else whose, benefit=benefit, channel=channel,
            account_id=actor.account_id, at=actor.at,
        )  # fmt: skip
    remember(known.number, person_id=whose, benefit=benefit)
    return known


def _whose(actor: Actor, person: Person | None) -> int:
    """A member's own, or the person whom staff named."""
    if actor.person_id is not None:
        if person is not None and person.id != actor.person_id:
            raise Refused("unknown")
        return actor.person_id
    if person is None:
        raise Refused("unknown")
    return person.id


def _mine(actor: Actor, key: UUID) -> Claim:
    """The claim, locked: one's own, or any for staff. Raises Refused 'unknown'."""
    claim = actions.lock_by_key(key)
    if claim is None or (actor.person_id is not None and claim.person_id not in ids_of(actor.person_id)):
        raise Refused("unknown")
    return claim


@verb("claim.answer")
def answer(
    actor: Actor, key: UUID, told: Mapping[str, Any], *, event_day: date | None = None,
    family: Mapping[str, Any] | None = None,
) -> Claim:  # fmt: skip
    """Save answers into the draft; those not given now stay. None or '' takes one back.

    Raises WrongSituation for an answer that cannot be (nothing is saved then), Refused 'unknown' or 'state'.
    """
    claim = _mine(actor, key)
    if claim.state != State.DRAFT:
        raise Refused("state")
    _check_day(claim, event_day, actor.today)
    if family is not None:
        family_of(claim.insured, family)
    merged = dict(claim.told) | checked(claim.benefit, told)
    merged = {name: value for name, value in merged.items() if value is not None}
    actions.save(
        claim, merged, event_day or claim.event_day, claim.family if family is None else family, actor.at
    )
    remember(claim.number, person_id=claim.person_id, told=sorted(told))
    return claim


def checked(benefit: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as they are stored: days as text, None for one taken back. Raises WrongSituation."""
    questions = named(benefit).questions
    given = {name: value for name, value in told.items() if value is not None and value != ""}
    asked = tuple(question for question in questions if question.key in given)
    unknown = sorted(set(told) - {one.key for one in questions})
    if unknown:
        raise WrongSituation([Problem(key, "ບໍ່ມີຄຳຖາມນີ້", "is not a question here") for key in unknown])
    answers = read(asked, given).as_dict()
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in answers.items()}
    return plain | {name: None for name in told if name not in given}


def _check_day(claim: Claim, day: date | None, today: date) -> None:
    """An event has happened; only a pension is asked for before its day."""
    ahead = AHEAD_OF_IT if claim.benefit == "old_age" else timedelta()
    if day is not None and day > today + ahead:
        raise WrongSituation([Problem("day", "ຍັງບໍ່ທັນຮອດມື້ນັ້ນ", "that day has not come yet")])


def answered(claim: Claim) -> tuple[Question, ...]:
    """The questions that make sense with what was told until now, in order."""
    return named(claim.benefit).asked(claim.told)


def next_question(claim: Claim) -> Question | None:
    """The first question without an answer that there is no decision without."""
    missing = (
        question
        for question in answered(claim)
        if question.required and question.default is None and claim.told.get(question.key) is None
    )
    return next(missing, None)


def preview(claim: Claim, today: date) -> Preview:
    """What the claim would get, with every condition, and what is still missing. Reads only."""
    decision: Decision | None = None
    problems: tuple[Problem, ...] = ()
    try:
        decision = reckon(claim)
    except WrongSituation as wrong:
        problems = wrong.problems
    promised = claim.promised_on or working_days_after(today, PROMISE)
    return Preview(decision, problems, casework.papers(claim), casework.is_late(claim, today), promised)


# --- papers ----------------------------------------------------------------------------------------------------------


def add_evidence(
    actor: Actor, key: UUID, kind: str, paper_key: UUID, name: str, media_type: str, content: bytes
) -> Evidence:
    """Take a photo or PDF of a paper; its row carries the dated receipt. The same `paper_key` again is the same paper.

    Raises PaperRefused (with words for the person), Refused 'unknown', 'state', 'kind', 'key_taken' or 'too_many'.
    """
    known = Evidence.objects.filter(key=paper_key).select_related("claim").first()
    scan = None if known else take(name, media_type, content)
    return _receive(actor, key, kind, paper_key, name, scan)


@verb("claim.add_evidence")
def _receive(actor: Actor, key: UUID, kind: str, paper_key: UUID, name: str, scan: Scan | None) -> Evidence:
    claim = _mine(actor, key)
    known = Evidence.objects.filter(key=paper_key).first()
    if known is not None or scan is None:
        if known is None or (known.claim_id, known.kind) != (claim.id, kind):
            raise Refused("key_taken")
        remember(known.receipt_number, person_id=claim.person_id)
        return known
    if claim.state not in (State.DRAFT, State.LODGED, State.ASKED):
        raise Refused("state")
    if kind not in {one.key for one in named(claim.benefit).evidence}:
        raise Refused("kind")
    if Evidence.objects.filter(claim=claim).count() >= MOST_PAPERS:
        raise Refused("too_many")
    document = keep(
        kind="claim paper", name=name, media_type=scan.media_type, content=scan.content, employer=None,
        account_id=actor.account_id, at=actor.at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            paper = actions.receive_paper(
                claim, key=paper_key, kind=kind, document=document, account_id=actor.account_id, at=actor.at
            )
    except IntegrityError as fault:  # the same key with another claim, at the same moment
        raise Refused("key_taken") from fault
    remember(paper.receipt_number, person_id=claim.person_id, kind=kind, sha256=scan.sha256)
    if claim.state == State.ASKED and _all_supplied(claim):
        _go_back_to_desk(claim, actor)
    return paper


def _all_supplied(claim: Claim) -> bool:
    """Every paper that was asked for came after it was asked."""
    asked = queries.missing_of(claim)
    if asked is None:
        return False
    came = {paper.kind for paper in queries.papers_of(claim) if paper.received_at >= asked.asked_at}
    return came >= set(asked.kinds)


def _go_back_to_desk(claim: Claim, actor: Actor) -> None:
    """The file is complete: the fifteen days begin anew (A-23)."""
    actions.missing_answered(claim, working_days_after(actor.today, PROMISE), actor.account_id, actor.at)


@verb("claim.supplied")
def supplied(actor: Actor, key: UUID) -> Claim:
    """The person says that everything asked for is there, or cannot be had. Raises Refused 'unknown' or 'state'."""
    claim = _mine(actor, key)
    if claim.state != State.ASKED:
        raise Refused("state")
    _go_back_to_desk(claim, actor)
    remember(claim.number, person_id=claim.person_id)
    return claim


# --- lodging ---------------------------------------------------------------------------------------------------------


@verb("claim.lodge")
def lodge(actor: Actor, key: UUID) -> Claim:
    """Hand the claim to the fund; a second time it is the same. The day until when it is decided is promised (A-23).

    Raises WrongSituation with everything that is not told yet, Refused 'unknown', 'state' or 'already' (the same event
    was lodged by another claim).
    """
    claim = _mine(actor, key)
    if claim.state not in (State.DRAFT, State.WITHDRAWN):
        remember(claim.number, person_id=claim.person_id)
        return claim
    if claim.state == State.WITHDRAWN:
        raise Refused("state")
    actions.lock_person(claim.insured_id)
    reckon(claim)
    same = Claim.objects.filter(
        person_id=claim.person_id,
        insured_id=claim.insured_id,
        benefit=claim.benefit,
        event_day=claim.event_day,
    )
    if same.exclude(state__in=[State.DRAFT.value, State.WITHDRAWN.value]).exists():
        raise Refused("already")
    promised = working_days_after(actor.today, PROMISE)
    actions.lodge(claim, promised, casework.is_late(claim, actor.today), actor.account_id, actor.at)
    remember(claim.number, person_id=claim.person_id, told=claim.told, event_day=claim.event_day)
    tell(
        claim.person, f"claim:{claim.id}:lodged", "claim_received", actor.at, number=claim.number,
        **casework.days(promised=promised),
    )  # fmt: skip
    _tell_of_helper(actor, claim)
    later("award.look", f"claim {claim.id}", claim_id=claim.id)
    return claim


def _tell_of_helper(actor: Actor, claim: Claim) -> None:
    """Whoever let somebody claim in her place hears each time by whom it was done (C12)."""
    helper = Account.objects.filter(id=actor.account_id or 0, kind=Account.Kind.MEMBER).first()
    if helper is not None and helper.person_id not in ids_of(claim.person_id):
        tell(
            claim.person, f"claim:{claim.id}:helper", "claim_by_helper", actor.at, number=claim.number,
            name=helper.full_name[:40],
        )  # fmt: skip


@verb("claim.withdraw")
def withdraw(actor: Actor, key: UUID) -> Claim:
    """The person takes the claim back before it is decided. Raises Refused 'unknown' or 'state'."""
    claim = _mine(actor, key)
    try:
        actions.turn(claim, State.WITHDRAWN, StepName.WITHDRAWN, actor.at, actor.account_id)
    except WrongMove as fault:
        raise Refused("state") from fault
    remember(claim.number, person_id=claim.person_id)
    return claim


# --- without signing in (C37) ----------------------------------------------------------------------------------------


def status(number: str, born: date, address: str, at: datetime) -> Status | None:
    """Where a claim stands, for who knows its number and the birth date; None for anything else, in the same time.

    Raises TooOften from the sixth question an hour about one number, or the 21st from one address.
    """
    count(f"claim-status-from:{address}", at, LOOKS_OF_ONE_PLACE, AN_HOUR)
    try:
        clean = check_claim_number(number)
    except WrongNumber:
        clean = ""
    count(f"claim-status:{clean or number[:20]}", at, LOOKS, AN_HOUR)
    found = Claim.objects.select_related("person").prefetch_related("steps").filter(number=clean).first()
    if found is None or found.person.birth_date != born or found.state == State.DRAFT:
        return None
    title = named(found.benefit).title
    told = tuple((step.name, step.at) for step in sorted(found.steps.all(), key=lambda step: step.id))
    return Status(found.number, title.lo, title.en, found.state, found.promised_on, told)


# --- by itself -------------------------------------------------------------------------------------------------------


@app.task(name="claim.remind_drafts")
def remind_drafts() -> None:
    """A draft that nobody touched for three days: one word about it, once (C34)."""
    now = timezone.now()
    for draft in queries.drafts_older_than(now - ABANDONED):
        with transaction.atomic():
            tell(draft.person, f"claim:{draft.id}:draft", "claim_draft", now, number=draft.number)
