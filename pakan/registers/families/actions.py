"""Writing about families: asked, decided, ended; and their papers."""

from datetime import date, datetime
from typing import Any

from pakan.registers.documents.models import Document
from pakan.registers.families.models import FamilyMember, FamilyPaper
from pakan.registers.families.states import State, move
from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Person
from pakan.units.name import search_key
from pakan.units.number import family_number

Kind = FamilyPaper.Kind


def lock_person(person_id: int) -> Person:
    """Entries under one insured person are made one after another: two taps at one moment find each other."""
    return Person.objects.select_for_update(no_key=True).get(id=person_id)


def ask(insured: Person, account_id: int, at: datetime, year: int, **facts: Any) -> FamilyMember:
    """A new entry with the next number of `year`; `facts` are its columns."""
    return FamilyMember.objects.create(
        number=family_number(year, take_numbers(f"family {year}")), insured=insured, asked_by_id=account_id,
        asked_at=at, waits_since=at, key=search_key(f"{facts['given_name']} {facts['family_name']}"), **facts,
    )  # fmt: skip


def add_paper(
    member: FamilyMember,
    kind: str,
    document: Document,
    account_id: int,
    at: datetime,
    dated: date | None = None,
) -> FamilyPaper:
    made = FamilyPaper.objects.create(
        member=member, kind=kind, document=document, dated=dated, kept_by_id=account_id, kept_at=at
    )
    _waits(member)
    return made


def lock(number: str) -> FamilyMember:
    """The entry, held until the transaction ends. Raises FamilyMember.DoesNotExist."""
    found = FamilyMember.objects.select_for_update(of=("self",)).select_related("insured")
    return found.get(number=number)


def lock_study(paper_id: int) -> FamilyPaper:
    """A proof of study. Raises FamilyPaper.DoesNotExist."""
    found = FamilyPaper.objects.select_for_update(of=("self",)).select_related("member__insured")
    return found.get(id=paper_id, kind=Kind.STUDY)


def decide(
    member: FamilyMember,
    state: State,
    answer: str,
    account_id: int,
    at: datetime,
    own: Person | None,
    override: str,
) -> None:
    """Raises WrongMove."""
    member.state, member.answer, member.own = move(member.state, state), answer, own
    member.decided_by_id, member.decided_at = account_id, at
    member.override = override or member.override
    member.save()
    _waits(member)


def withdraw(member: FamilyMember) -> None:
    """Raises WrongMove."""
    member.state = move(member.state, State.WITHDRAWN)
    member.save(update_fields=["state"])
    _waits(member)


def ask_end(member: FamilyMember, why: str, on: date, text: str, account_id: int, at: datetime) -> None:
    member.end_why, member.end_on, member.end_text = why, on, text
    member.end_by_id, member.end_at = account_id, at
    member.save(update_fields=["end_why", "end_on", "end_text", "end_by", "end_at"])
    _waits(member)


def end(member: FamilyMember, account_id: int, at: datetime) -> None:
    """Raises WrongMove."""
    member.state, member.until = move(member.state, State.ENDED), member.end_on
    member.ended_by_id, member.ended_at = account_id, at
    member.save(update_fields=["state", "until", "ended_by", "ended_at"])
    _waits(member)


def keep_on(member: FamilyMember) -> None:
    """The end that was asked for is not granted; what was asked stands in the audit trail."""
    member.end_why, member.end_on, member.end_text, member.end_by, member.end_at = "", None, "", None, None
    member.save(update_fields=["end_why", "end_on", "end_text", "end_by", "end_at"])
    _waits(member)


def judge_study(paper: FamilyPaper, accepted: bool, answer: str, account_id: int, at: datetime) -> None:
    paper.accepted, paper.answer, paper.decided_by_id, paper.decided_at = accepted, answer, account_id, at
    paper.save(update_fields=["accepted", "answer", "decided_by", "decided_at"])
    _waits(paper.member)


def _waits(member: FamilyMember) -> None:
    """Since when something of the entry waits for an officer; nothing does once it is refused, withdrawn or ended."""
    since: datetime | None = None
    if member.state == State.ASKED:
        since = member.asked_at
    elif member.state == State.CONFIRMED:
        study = member.papers.filter(kind=Kind.STUDY, accepted=None).order_by("kept_at").first()
        since = min([at for at in (member.end_at, study and study.kept_at) if at], default=None)
    FamilyMember.objects.filter(id=member.id).update(waits_since=since)
    member.waits_since = since
