"""Wish: what a person allows, wants corrected, and wants a copy of (C187, C189).

What the social security law itself asks for is done on that basis and told, not asked (A-50). A name or birth date is
changed by two officers; who asked is told what came of it. A copy is made by a job and gone after a day.
"""

import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.integrations.formats.scan import PaperRefused, take
from pakan.operations.later import later
from pakan.operations.speak import say
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.access.verbs import verb
from pakan.registers.care.queries import faces
from pakan.registers.documents.actions import keep
from pakan.registers.people.actions import correct_person
from pakan.registers.people.models import Employer, Person
from pakan.registers.wishes import actions, queries
from pakan.registers.wishes.models import Consent, Copy, Correction
from pakan.units.name import WrongName, clean_name

__all__ = ["PaperRefused"]

LADDER = RetryStrategy(max_attempts=6, wait=60)
WORDING = 1  # of the texts that are shown beside each purpose; a new text asks anew
YEAR = timedelta(days=365)
IDENTITY = {Correction.Field.GIVEN_NAME, Correction.Field.FAMILY_NAME, Correction.Field.BIRTH_DATE}
OLDEST = date(1900, 1, 1)
MOST_TEXT = 500


class Refused(ValueError):
    """Why nothing happened: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _person_id(actor: Actor) -> int:
    if actor.person_id is None:
        raise PermissionError("only a person has own data")
    return actor.person_id


# --- what is allowed -------------------------------------------------------------------------------------------------


@verb("wish.allow")
def allow(actor: Actor, purpose: str) -> Consent:
    """Allow one purpose for a year. Raises Refused 'purpose'."""
    if purpose not in Consent.Purpose.values:
        raise Refused("purpose")
    person = actions.lock_person(_person_id(actor))
    remember(purpose, person_id=person.id, wording=WORDING)
    return actions.allow(person.id, purpose, WORDING, actor.today + YEAR, actor.at)


@verb("wish.withdraw")
def withdraw(actor: Actor, purpose: str) -> bool:
    """Take it back; it counts at once. False if there was nothing to take back."""
    remember(purpose[:20], person_id=_person_id(actor))
    return bool(actions.withdraw(_person_id(actor), purpose, actor.at))


# --- what is wrong ---------------------------------------------------------------------------------------------------


def ask_correction(
    actor: Actor, field: str, wanted: str, text: str, name: str, media_type: str, content: bytes
) -> Correction:
    """Ask that a fact is changed, with a photo or PDF that proves it.

    Raises Refused 'field', 'wanted', 'same', 'open' or 'text'; PaperRefused for a file that is none.
    """
    scan = take(name, media_type, content)
    return _ask_correction(actor, field, wanted, text, name, scan.media_type, scan.content)


@verb("wish.ask_correction")
def _ask_correction(
    actor: Actor, field: str, wanted: str, text: str, name: str, media_type: str, content: bytes
) -> Correction:
    person = actions.lock_person(_person_id(actor))
    if field not in Correction.Field.values:
        raise Refused("field")
    if len(text) > MOST_TEXT:
        raise Refused("text")
    clean, was = _clean(field, wanted, actor.today), _as_text(person, field)
    if clean == was:
        raise Refused("same")
    if Correction.objects.filter(person=person, field=field, state__in=["open", "proposed"]).exists():
        raise Refused("open")
    proof = keep(
        kind="correction proof", name=name, media_type=media_type, content=content, employer=None,
        account_id=actor.account_id, at=actor.at,
    )  # fmt: skip
    made = actions.ask_correction(
        actor.today.year, person=person, field=field, was=was, wanted=clean, text=text.strip(), proof=proof,
        asked_at=actor.at,
    )  # fmt: skip
    remember(made.number, person_id=person.id, field=field, was=was, wanted=clean)
    return made


def _clean(field: str, wanted: str, today: date) -> str:
    """As it will be kept; a birth date as 1990-08-15. Raises Refused 'wanted'."""
    if field == Correction.Field.BIRTH_DATE:
        try:
            born = date.fromisoformat(wanted)
        except ValueError as fault:
            raise Refused("wanted") from fault
        if not OLDEST <= born <= today:
            raise Refused("wanted")
        return born.isoformat()
    try:
        clean = clean_name(wanted)
    except WrongName as fault:
        raise Refused("wanted") from fault
    if len(clean) > 100:
        raise Refused("wanted")
    return clean


def _as_text(person: Person, field: str) -> str:
    value = getattr(person, field)
    return value.isoformat() if isinstance(value, date) else str(value)


@verb("wish.decide")
def decide(actor: Actor, number: str, agrees: bool, answer: str) -> Correction:
    """An officer decides. Identity: the first yes proposes, another officer's yes does it. A no has a reason.

    Raises Refused 'closed', 'answer', or 'same person' where the second officer is the first.
    """
    one = actions.lock_correction(number)
    answer = answer.strip()
    if one.state not in (Correction.State.OPEN, Correction.State.PROPOSED):
        raise Refused("closed")
    if len(answer) > MOST_TEXT or (not agrees and not answer):
        raise Refused("answer")
    remember(number, person_id=one.person_id, agrees=agrees, answer=answer, was=one.was, wanted=one.wanted)
    if one.state == Correction.State.PROPOSED and one.first_by_id == actor.account_id:
        raise Refused("same person")
    if not agrees:
        actions.change(
            one,
            state=Correction.State.REFUSED,
            answer=answer,
            decided_by_id=actor.account_id,
            decided_at=actor.at,
        )
    elif one.field in IDENTITY and one.state == Correction.State.OPEN:
        actions.change(one, state=Correction.State.PROPOSED, first_by_id=actor.account_id, answer=answer)
        return one
    else:
        _apply(one)
        actions.change(
            one, state=Correction.State.DONE, answer=answer or one.answer, decided_by_id=actor.account_id,
            decided_at=actor.at,
        )  # fmt: skip
    _tell(one, actor.at)
    return one


def _apply(one: Correction) -> None:
    """On the person, and on what carries the name: the account, and the own contributor of a voluntary member."""
    person = actions.lock_person(one.person_id)
    born = one.field == Correction.Field.BIRTH_DATE
    correct_person(person, {one.field: date.fromisoformat(one.wanted) if born else one.wanted})
    Account.objects.filter(person=person).update(full_name=person.name)
    Employer.objects.filter(membership__person=person).update(name_lo=person.name)


def _tell(one: Correction, at: datetime) -> None:
    account = Account.objects.filter(person_id=one.person_id).first()
    row = {
        "key": f"correction:{one.id}",
        "wording": "correction_done" if one.state == Correction.State.DONE else "correction_refused",
        "values": {"number": one.number},
        "language": account.language if account else "lo",
        "phone": one.person.phone,
        "person_id": one.person_id,
        "account_id": account.id if account else None,
    }
    say([row], at)


# --- a copy of everything --------------------------------------------------------------------------------------------

# Rows that are the house's own work on a person, or nothing but secrets; everything else that points to him is his.
NOT_HIS = {
    "access.PhoneCode",
    "access.Call",
    "contributions.SheetLine",  # an employer's working paper; what was declared is there
    "compliance.Matter",  # between the fund and an employer
    "wishes.Copy",
}
# Papers that he handed in, by table: the column that holds the file, and the way to the person.
PAPERS = {
    "benefits.Evidence": ("document", "claim__person_id"),
    "families.FamilyPaper": ("document", "member__insured_id"),
    "wishes.Correction": ("proof", "person_id"),
}
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
# Columns that open something, or that only machines read.
HIDDEN = {
    "password", "pin", "token", "key", "digest", "payee_digest", "content", "sort_key", "grams", "code_digest",
    "findings", "warnings", "staff_roles",
}  # fmt: skip


@verb("wish.ask_copy")
def ask_copy(actor: Actor) -> Copy:
    """Have a copy of all own data made; asked again while one is being made, it is the same."""
    person = actions.lock_person(_person_id(actor))
    waiting = Copy.objects.filter(person=person, made_at=None, asked_at__gte=actor.at - actions.KEPT).first()
    remember("copy", person_id=person.id)
    if waiting:
        return waiting
    made = actions.ask_copy(person.id, actor.at)
    later("wish.make_copy", copy_id=made.id)
    return made


@app.task(name="wish.make_copy", retry=LADDER)
def make_copy(copy_id: int) -> None:
    """Make a copy that was asked for; made once, however often the job runs."""
    copy = Copy.objects.filter(id=copy_id, made_at=None).select_related("person").first()
    if copy is not None:
        actions.keep_copy(copy, packed(copy.person), timezone.now())


def packed(person: Person) -> bytes:
    """A zip: data.json for machines, the same as a page to read, the papers as handed in and the faces for cards."""
    tables = gathered(person)
    page = render_to_string("operations/copy.html", {"person": person, "tables": tables})
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("data.json", json.dumps(tables, ensure_ascii=False, indent=1, default=str))
        bundle.writestr("read-me.html", page)
        for name, content in papers(person):
            bundle.writestr(name, content, zipfile.ZIP_STORED)  # photos and PDF do not get smaller
    return kept.getvalue()


def his_tables() -> Iterator[tuple[type[Model], str]]:
    """Every table of ours that points to a person, with the column that does."""
    for model in apps.get_models():
        label = model._meta.label
        if not model.__module__.startswith("pakan.registers") or label in NOT_HIS:
            continue
        for field in model._meta.concrete_fields:
            if field.related_model is Person:
                yield model, field.attname


def gathered(person: Person) -> dict[str, list[dict[str, Any]]]:
    """All rows about a person by table, without what opens something."""
    found = {"people.Person": _rows(Person, "id", person.id)}
    for model, column in his_tables():
        rows = _rows(model, column, person.id)
        if rows:
            found.setdefault(model._meta.label, []).extend(rows)
    for label, (_, way) in PAPERS.items():
        if label not in found and (rows := _rows(apps.get_model(label), way, person.id)):
            found[label] = rows
    found["access.AuditRow"] = _rows(AuditRow, "person_id", person.id)
    return found


def papers(person: Person) -> Iterator[tuple[str, bytes]]:
    """Each paper by its name in the copy: its table and the number of its row, as data.json has it."""
    for label, (column, way) in PAPERS.items():
        rows = apps.get_model(label)._default_manager.filter(**{way: person.id}).order_by("id")
        kept = rows.values_list("id", f"{column}__media_type", f"{column}__content")
        for row, media_type, content in kept.iterator(chunk_size=20):
            name = label.split(".")[1].lower()
            yield f"papers/{name}-{row}.{ENDINGS.get(media_type, 'bin')}", bytes(content)
    for photo in faces(person.id):
        yield f"papers/photo-{photo.id}.jpg", bytes(photo.content)


def _rows(model: type[Model], column: str, person_id: int) -> list[dict[str, Any]]:
    columns = [field.attname for field in model._meta.concrete_fields if field.attname not in HIDDEN]
    return list(model._default_manager.filter(**{column: person_id}).values(*columns))


def drop_old_copies(at: datetime) -> int:
    return actions.drop_old_copies(at)


def of_person(person_id: int, at: datetime, key: str) -> Copy | None:
    """The person's own copy, to fetch."""
    return queries.copy_of(person_id, key, at)
