"""What is written about decrees. Nothing is ever deleted."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.db import connection

from pakan.registers.decrees.models import Decree, Rehearsal, Signature
from pakan.registers.decrees.states import State, move
from pakan.registers.documents.models import Document

LOCK = 7_301_135  # one approval at a time: each numbers and seals after the one before


def enter(
    *,
    group: str,
    values: dict[str, Any],
    first_day: date,
    cite: str,
    article: str,
    note: str,
    confidence: str,
    scan: Document,
    supersedes: Decree | None,
    account_id: int,
    at: datetime,
) -> Decree:
    return Decree.objects.create(
        group=group, values=values, first_day=first_day, cite=cite, article=article, note=note,
        confidence=confidence, scan=scan, supersedes=supersedes, entered_by_id=account_id, entered_at=at,
    )  # fmt: skip


def lock(decree_id: int) -> Decree:
    """The decree, held until the transaction ends; approvals wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    return Decree.objects.select_for_update(of=("self",)).select_related("supersedes").get(id=decree_id)


def ask_rehearsal(decree: Decree, law: int, account_id: int, at: datetime) -> Rehearsal:
    return Rehearsal.objects.create(decree=decree, law=law, asked_by_id=account_id, asked_at=at)


def keep_rehearsal(rehearsal: Rehearsal, result: dict[str, Any], at: datetime) -> None:
    """The result, once; a decree that was only entered is rehearsed from now on."""
    rehearsal.result, rehearsal.done_at = result, at
    rehearsal.save(update_fields=["result", "done_at"])
    decree = rehearsal.decree
    if decree.state == State.ENTERED:
        decree.state = move(decree.state, State.REHEARSED)
        decree.save(update_fields=["state"])


def sign(rehearsal: Rehearsal, account_id: int, at: datetime) -> Signature:
    return Signature.objects.create(
        decree_id=rehearsal.decree_id, rehearsal=rehearsal, account_id=account_id, at=at
    )


def approve(decree: Decree, at: datetime, on: date) -> None:
    """Number and seal it: from now on it is law and never changes. The decree must be locked."""
    last = Decree.objects.filter(number__isnull=False).order_by("-number").first()
    decree.state = move(decree.state, State.APPROVED)
    decree.approved_at, decree.approved_on = at, on
    decree.number = (last.number or 0) + 1 if last else 1
    decree.seal = seal_of(decree, last.seal if last else "")
    decree.save(update_fields=["state", "approved_at", "approved_on", "number", "seal"])


def seal_of(decree: Decree, before: str) -> str:
    """SHA-256 over what the decree says and the seal before it: a changed decree breaks every later seal."""
    said = [
        before, decree.number, decree.group, decree.values, decree.first_day.isoformat(), decree.cite,
        decree.article, decree.confidence, decree.supersedes_id, decree.entered_by_id, decree.scan.sha256,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def withdraw(decree: Decree, account_id: int, at: datetime, why: str) -> None:
    decree.state = move(decree.state, State.WITHDRAWN)
    decree.withdrawn_by_id, decree.withdrawn_at, decree.withdrawn_why = account_id, at, why
    decree.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_why"])
