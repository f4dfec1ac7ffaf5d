"""Care: which hospitals there are, which one a person chose, what care was given, and how it was (C56–C61).

Hospitals note care with the reader, perhaps without network; the note has an id of its own and comes once, late or
twice. No money moves here: a bill is agreed by two people, and its payment is the contract's own way.
"""

import csv
import hmac
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pakan.law.benefits import named
from pakan.law.care import TERMS
from pakan.operations.speak import say
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account
from pakan.registers.access.verbs import verb
from pakan.registers.care import actions, queries
from pakan.registers.care.models import WORDS, Choice, Facility, IssuedCard, Visit
from pakan.registers.families.models import FamilyMember
from pakan.registers.families.queries import insured_now
from pakan.registers.people.models import District, Person
from pakan.units.money import KIP_LIMIT, Kip
from pakan.units.month import Month

__all__ = ["COLUMNS", "MOST_AT_ONCE", "Noted", "Problem", "Refused"]

COLUMNS = (
    "code", "name_lo", "name_en", "kind", "district", "village", "phone", "emergency", "contract_from",
    "contract_until",
)  # fmt: skip
MOST_ROWS = 5_000
MOST_AT_ONCE = 200  # notes of care in one sending
OLDEST_NOTE = timedelta(days=400)


class Refused(ValueError):
    """Why nothing was written: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# --- facilities ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line of the list: `code` is for the words on the screen. Line 1 holds the names."""

    line: int
    code: str
    value: str = ""


class ListRefused(ValueError):
    """Nothing was loaded; every problem at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


@verb("care.load")
def load(actor: Actor, content: bytes) -> tuple[int, int]:
    """Take in the list of facilities (CSV, UTF-8): how many are new, how many were there. Raises ListRefused.

    A facility that is not in the file stays as it is; one leaves by its last day of contract.
    """
    rows, problems = _read(content)
    if problems:
        raise ListRefused(problems)
    new = sum(actions.write_facility(code, facts) for code, facts in rows)
    remember("facilities", new=new, rows=len(rows))
    return new, len(rows) - new


def _read(content: bytes) -> tuple[list[tuple[str, dict[str, Any]]], list[Problem]]:
    try:
        lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        return [], [Problem(1, "not_csv")]
    if not lines:
        return [], [Problem(1, "empty")]
    missing = [name for name in COLUMNS if name not in lines[0]]
    if missing:
        return [], [Problem(1, "column", name) for name in missing]
    if len(lines) > MOST_ROWS:
        return [], [Problem(1, "too_many")]
    districts = set(District.objects.values_list("code", flat=True))
    rows, problems, seen = [], [], set[str]()
    for number, line in enumerate(lines, 2):
        facts, wrong = _row(number, {name: (line[name] or "").strip() for name in COLUMNS}, districts)
        if facts["code"] in seen:
            wrong.append(Problem(number, "twice", facts["code"]))
        seen.add(facts["code"])
        problems += wrong
        rows.append((facts.pop("code"), facts))
    return rows, problems


def _row(number: int, line: Mapping[str, str], districts: set[str]) -> tuple[dict[str, Any], list[Problem]]:
    days = {name: _day(line[name]) for name in ("contract_from", "contract_until")}
    tests = {
        "code": 0 < len(line["code"]) <= 10 and line["code"].isascii() and line["code"].isalnum(),
        "name_lo": 0 < len(line["name_lo"]) <= 200 and line["name_lo"][0] not in "=+-@",
        "name_en": len(line["name_en"]) <= 200 and line["name_en"][:1] not in {"=", "+", "-", "@"},
        "kind": line["kind"] in Facility.Kind.values,
        "district": line["district"].zfill(4) in districts,
        "village": len(line["village"]) <= 100,
        "phone": len(line["phone"]) <= 20,
        "emergency": line["emergency"] in ("yes", "no"),
        "contract_from": days["contract_from"] is not None,
        "contract_until": not line["contract_until"] or days["contract_until"] is not None,
    }
    begins, ends = days["contract_from"], days["contract_until"]
    tests["contract_until"] &= begins is None or ends is None or ends >= begins
    facts: dict[str, Any] = {name: line[name] for name in COLUMNS if name != "district"}
    facts |= {"district_id": line["district"].zfill(4), "emergency": line["emergency"] == "yes"}
    return facts | days, [Problem(number, name, line[name][:40]) for name, good in tests.items() if not good]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@verb("care.new_key")
def new_key(actor: Actor, code: str) -> str:
    """A new key for the reader of a facility: shown once; the old one ends. Raises Refused 'unknown'."""
    found = queries.facility(code)
    if found is None:
        raise Refused("unknown")
    remember(code)
    return actions.new_key(found, actor.at)


# --- the hospital a person chose (C58) -------------------------------------------------------------------------------


def changes_a_year(day: date) -> int:
    """How often a person may change without moving (A-27)."""
    values: Any = named("health").values.on(day)
    return int(values.hospital_changes_a_year)


def may_change(person_id: int, at: datetime, today: date) -> bool:
    """Whether this year's change is still there."""
    return queries.changes_since(person_id, at - timedelta(days=365)) < changes_a_year(today)


@verb("care.choose")
def choose(actor: Actor, facility_code: str, reason: str = "", text: str = "") -> Choice:
    """Choose or change the hospital. The first counts at once; a change from next month; a second in a year waits
    for an officer, unless the person moved to another district (A-27).

    Raises Refused 'unknown', 'same', 'waiting', 'why', 'too long' or 'not moved'.
    """
    person_id = actor.person_id
    if person_id is None:
        raise PermissionError("only a person has a hospital")
    facility = queries.under_contract(actor.today).filter(code=facility_code).first()
    text = " ".join(text.split())
    if facility is None:
        raise Refused("unknown")
    if len(text) > WORDS:
        raise Refused("too long")
    actions.lock_person(person_id)
    month = Month.of(actor.today)
    now, coming = queries.choice_in_force(person_id, month), queries.choice_to_come(person_id, month)
    if coming is not None and coming.state == Choice.State.WAITING:
        raise Refused("waiting")
    if facility.id in {one.facility_id for one in (now, coming) if one is not None}:
        raise Refused("same")
    why, state = _weigh(actor, person_id, now, facility, reason, text)
    first = month if now is None else month + 1
    made = actions.choose(person_id, facility, first, why, text, state, actor.at)
    remember(facility.code, person_id=person_id, reason=why, state=state)
    return made


def _weigh(
    actor: Actor, person_id: int, now: Choice | None, facility: Facility, reason: str, text: str
) -> tuple[str, str]:
    """Reason and state of a wish. Raises Refused."""
    if now is None:
        return Choice.Reason.FIRST, Choice.State.GRANTED
    if reason == Choice.Reason.MOVED:
        if facility.district_id == now.facility.district_id:
            raise Refused("not moved")
        return Choice.Reason.MOVED, Choice.State.GRANTED
    if may_change(person_id, actor.at, actor.today):
        return Choice.Reason.YEARLY, Choice.State.GRANTED
    if not text:
        raise Refused("why")
    return Choice.Reason.OTHER, Choice.State.WAITING


@verb("care.decide")
def decide(actor: Actor, choice_id: int, grant: bool, answer: str) -> Choice:
    """An officer answers a wish to change; a no says why. Raises Refused 'decided', 'why' or 'too long'."""
    assert actor.account_id is not None
    answer = " ".join(answer.split())
    if not grant and not answer:
        raise Refused("why")
    if len(answer) > WORDS:
        raise Refused("too long")
    found = actions.lock_choice(choice_id)
    if found.state != Choice.State.WAITING:
        raise Refused("decided")
    state = Choice.State.GRANTED if grant else Choice.State.REFUSED
    actions.decide(found, state, Month.of(actor.today) + 1, answer, actor.account_id, actor.at)
    remember(found.facility.code, person_id=found.person_id, state=state, answer=answer)
    _tell(found.person, f"choice:{found.id}", "hospital_granted" if grant else "hospital_refused", actor)
    return found


def _tell(person: Person, key: str, wording: str, actor: Actor) -> None:
    account = Account.objects.filter(person_id=person.id).first()
    say(
        [
            {
                "key": key,
                "wording": wording,
                "values": {},
                "language": account.language if account else "lo",
                "phone": person.phone,
                "person_id": person.id,
                "account_id": account.id if account else None,
            }
        ],
        actor.at,
    )


# --- care that was given (C56, C57) ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Noted:
    """One note of care as a reader sends it; `key` was made there."""

    key: UUID
    serial: str
    at: datetime
    kind: str
    billed: int
    was_offline: bool


Answer = Literal["stored", "again", "conflict", "unknown", "wrong"]


def facility_with_key(code: str, key: str) -> Facility | None:
    """The facility whose reader this is, or nobody."""
    found = queries.facility(code)
    digest = found.key_digest if found else ""
    good = hmac.compare_digest(digest or "-", actions.digest_of(key))
    return found if good else None


@verb("care.served")
def served(actor: Actor, facility: Facility, note: Noted) -> Answer:
    """Take in one note of a hospital. Sent again it is the same visit; the same id for something else is a conflict.

    Nothing is refused for what the reader could not know: what does not fit is a finding for an officer (C56).
    """
    remember(f"{facility.code} {note.key}")
    issued = queries.card_by_serial(note.serial)
    if issued is None:
        return "unknown"
    if not _sane(note, actor.at):
        return "wrong"
    found, is_new = actions.note_visit(
        note.key,
        person_id=issued.person_id,
        family_id=issued.family_id,
        facility=facility,
        card=issued,
        kind=note.kind,
        served_at=note.at,
        was_offline=note.was_offline,
        received_at=actor.at,
        billed=note.billed,
        findings=" ".join(_findings(note, issued, facility)),
    )
    remember(f"{facility.code} {note.key}", person_id=issued.person_id)
    same = (found.facility_id, found.card_id, found.kind, found.served_at, found.billed) == (
        facility.id, issued.id, note.kind, note.at, note.billed,
    )  # fmt: skip
    return "stored" if is_new else "again" if same else "conflict"


def _sane(note: Noted, now: datetime) -> bool:
    """A phone's clock may be wrong by much; a note from next week or of last year is not taken."""
    return (
        note.kind in Visit.Kind.values
        and 0 <= note.billed <= KIP_LIMIT // 1000
        and now - OLDEST_NOTE <= note.at <= now + timedelta(days=1)
    )


def _findings(note: Noted, issued: IssuedCard, facility: Facility) -> list[str]:
    """What an officer should look at: withdrawn or over by then, another hospital, more than was guaranteed."""
    day = note.at.astimezone(VIENTIANE).date()
    chosen = queries.choice_in_force(issued.person_id, Month.of(day))
    elsewhere = chosen is not None and chosen.facility_id != facility.id
    found = {
        "withdrawn": issued.revoked_at is not None and issued.revoked_at <= note.at,
        "over": day > issued.until,
        "elsewhere": elsewhere and note.kind != Visit.Kind.EMERGENCY,
        "above": note.was_offline and note.billed > TERMS.on(day).guarantee,
    }
    return [name for name, is_so in found.items() if is_so]


@verb("care.note_visit")
def note_visit(
    actor: Actor, person: Person, facility: Facility, key: UUID, kind: str, day: date, billed: Kip,
    member: FamilyMember | None = None,
) -> Visit:  # fmt: skip
    """An officer enters a visit from a paper: of the insured person, or of a `member` of the family who was treated.

    Raises Refused 'kind', 'future', 'family' (not confirmed, or of somebody else) or 'conflict'.
    """
    if kind not in Visit.Kind.values:
        raise Refused("kind")
    if day > actor.today:
        raise Refused("future")
    if member is not None and (member.state != "confirmed" or insured_now(member).id != person.id):
        raise Refused("family")
    family_id = member.id if member else None
    served_at = datetime(day.year, day.month, day.day, 12, tzinfo=VIENTIANE)
    found, _ = actions.note_visit(
        key, person_id=person.id, facility=facility, kind=kind, served_at=served_at, received_at=actor.at,
        billed=billed, entered_by_id=actor.account_id, family_id=family_id,
    )  # fmt: skip
    told = (found.person_id, found.family_id, found.facility_id, found.billed)
    if told != (person.id, family_id, facility.id, billed):
        raise Refused("conflict")
    remember(f"{facility.code} {key}", person_id=person.id, billed=billed)
    return found


# --- bills (C57, C61) ------------------------------------------------------------------------------------------------


@verb("care.propose")
def propose(actor: Actor, key: UUID, agreed: Kip, why: str) -> Visit:
    """What of a bill should be paid; less needs a reason. Raises Refused 'decided', 'amount' or 'why'."""
    assert actor.account_id is not None
    found = actions.lock_visit(key)
    why = " ".join(why.split())[:WORDS]
    if found.decided_at is not None:
        raise Refused("decided")
    if not 0 <= agreed <= found.billed:
        raise Refused("amount")
    if agreed < found.billed and not why:
        raise Refused("why")
    actions.propose(found, agreed, why, actor.account_id, actor.at)
    remember(str(key), person_id=found.person_id, agreed=agreed, why=why)
    return found


@verb("care.settle")
def settle(actor: Actor, key: UUID) -> Visit:
    """A second person agrees to what was proposed. Raises Refused 'decided', 'nothing' or 'same person'."""
    assert actor.account_id is not None
    found = actions.lock_visit(key)
    if found.decided_at is not None:
        raise Refused("decided")
    if found.agreed is None:
        raise Refused("nothing")
    if found.proposed_by_id == actor.account_id:
        raise Refused("same person")
    actions.settle(found, actor.account_id, actor.at)
    remember(str(key), person_id=found.person_id, agreed=found.agreed)
    return found


@verb("care.rate")
def rate(actor: Actor, key: UUID, stars: int, words: str) -> None:
    """How the actor's own visit was. Raises Refused 'unknown', 'stars', 'too long' or 'rated'."""
    found = queries.visit(key)
    if found is None or found.person_id != actor.person_id:
        raise Refused("unknown")
    if not 1 <= stars <= 5:
        raise Refused("stars")
    words = " ".join(words.split())
    if len(words) > WORDS:
        raise Refused("too long")
    if not actions.rate(found, stars, words, actor.at):
        raise Refused("rated")
    remember(str(key), person_id=found.person_id, stars=stars)
