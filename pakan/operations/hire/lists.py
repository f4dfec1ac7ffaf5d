"""A list of new workers: read, judged row by row, answered, and registered at once when nothing is open."""

from datetime import date, timedelta
from typing import Any

from pakan.integrations.formats import peoplefile
from pakan.operations.doubles import Double, doubles_of, is_reason, near, shown
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.joining import actions
from pakan.registers.joining.models import HireList, Override
from pakan.registers.people.actions import employ, lock_newcomers, register_person
from pakan.registers.people.models import Employer, Person, Sex
from pakan.units.name import WrongName, clean_name, search_key
from pakan.units.number import WrongNumber, clean_person_number, clean_phone, latin_digits

_SEX = {
    "f": "f",
    "m": "m",
    "female": "f",
    "male": "m",
    "ຍິງ": "f",
    "ຊາຍ": "m",
    "ຍ": "f",
    "ຊ": "m",
    "ນາງ": "f",
    "ທ້າວ": "m",
}
_CATEGORIES = {
    "regular": ("", "regular", "permanent", "ປະຈຳ", "ພະນັກງານປະຈຳ"),
    "temporary": ("temporary", "temporary crew", "seasonal", "ຊົ່ວຄາວ", "ແຮງງານຊົ່ວຄາວ", "ຕາມລະດູ"),
    "intern": ("intern", "trainee", "ຝຶກງານ", "ນັກຝຶກງານ"),
    "foreigner": ("foreigner", "foreign", "expatriate", "ຄົນຕ່າງປະເທດ", "ຕ່າງປະເທດ", "ຊາວຕ່າງປະເທດ"),
}
_CATEGORY = {word: category for category, words in _CATEGORIES.items() for word in words}
AHEAD = timedelta(days=62)  # a first or a last day of work may be known beforehand
EARLIEST = date(1950, 1, 1)
Line = dict[str, Any]


class Refused(ValueError):
    """Why nothing was done: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_file(filename: str, content: bytes) -> list[dict[str, str]]:
    """Outside any transaction. Raises FileRefused."""
    return peoplefile.read(filename, content)


@verb("hire.take_in")
def take_in(actor: Actor, employer: Employer, rows: list[dict[str, str]]) -> HireList:
    """Keep and judge the rows; nobody is registered yet. Raises Refused 'none'."""
    if actor.account_id is None:
        raise PermissionError("a list has somebody who made it")
    if not rows:
        raise Refused("none")
    lines = [judged(row, actor.today) for row in rows[: peoplefile.MOST]]
    mark_twice(lines)
    remember(employer.code, rows=len(lines))
    return actions.keep_list(employer, lines, actor.account_id, actor.at)


def judged(row: dict[str, str], today: date) -> Line:
    """A row with its clean facts, its `problems` (fields), and who on record is `like` it (form 1-02) or known (1-04)."""
    line: Line = {
        "row": row.get("row", ""),
        "typed": row,
        "facts": {},
        "problems": [],
        "like": [],
        "choice": "",
    }
    facts, wrong = line["facts"], line["problems"]
    start = _day(row.get("start", ""))
    if row.get("start", "").strip() and (start is None or not EARLIEST <= start <= today + AHEAD):
        wrong.append("start")
    start = start or today
    facts["start"] = start.isoformat()
    _contract(line, row, start)
    if row.get("number", "").strip():
        _known(line, row["number"], f"{row.get('given_name', '')} {row.get('family_name', '')}")
        return line
    for field in ("given_name", "family_name"):
        try:
            facts[field] = clean_name(row.get(field, ""))[:100]
        except WrongName:
            wrong.append(field)
    try:
        facts["name_latin"] = clean_name(row["name_latin"]) if row.get("name_latin") else ""
    except WrongName:
        wrong.append("name_latin")
    born = _day(row.get("birth_date", ""))
    if born is None or born.year < 1900 or born >= start or start.year - born.year < 14:
        wrong.append("birth_date")
    else:
        facts["birth_date"] = born.isoformat()
    facts["sex"] = _SEX.get(row.get("sex", "").strip().casefold().rstrip("."), "")
    if facts["sex"] not in Sex.values:
        wrong.append("sex")
    try:
        facts["phone"] = clean_phone(row["phone"]) if row.get("phone", "").strip() else ""
    except WrongNumber:
        wrong.append("phone")
    facts["national_id"] = "".join(latin_digits(row.get("national_id", "")).upper().split())[:20]
    if not wrong:
        line["like"] = [shown(double) for double in _like(facts)]
    return line


def _contract(line: Line, row: dict[str, str], start: date) -> None:
    """The kind of work and its last day (C71). A word that we do not know is asked about, never taken for regular."""
    facts, wrong = line["facts"], line["problems"]
    category = _CATEGORY.get(" ".join(row.get("category", "").casefold().split()).rstrip("."))
    if category is None:
        wrong.append("category")
    facts["category"] = category or "regular"
    until = _day(row.get("until", ""))
    if row.get("until", "").strip() and (until is None or until < start):
        wrong.append("until")
    facts["until"] = until.isoformat() if until else ""


def _like(facts: dict[str, str]) -> list[Double]:
    name = f"{facts['given_name']} {facts['family_name']}"
    born = date.fromisoformat(facts["birth_date"])
    return doubles_of(name, facts["name_latin"], born, facts["phone"], facts["national_id"])


def _known(line: Line, text: str, name: str) -> None:
    """Somebody with a card joins (form 1-04): number and name must agree, so that nobody learns names from numbers."""
    try:
        person = Person.objects.filter(number=clean_person_number(text)).first()
    except WrongNumber:
        person = None
    if person is None or not near(search_key(name), person.key):
        line["problems"].append("number")
        return
    line["facts"]["person"] = person.id
    line["choice"] = "same"


def _day(text: str) -> date | None:
    text = latin_digits(text).strip().replace(".", "/").replace("-", "/").replace(" ", "/")
    parts = text.split("/")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    year, month, day = numbers if len(parts[0]) == 4 else numbers[::-1]
    try:
        return date(year, month, day)
    except ValueError:
        return None


def mark_twice(lines: list[Line]) -> None:
    """The same person twice in one list is a slip, not a question."""
    seen: set[tuple[Any, ...]] = set()
    for line in lines:
        facts = line["facts"]
        who = (
            facts.get("person"),
            facts.get("given_name"),
            facts.get("family_name"),
            facts.get("birth_date"),
        )
        if who in seen and not line["problems"]:
            line["problems"].append("twice")
        seen.add(who)


@verb("hire.answer")
def answer(
    actor: Actor, employer: Employer, list_id: int, at: int, choice: str, person_id: int = 0, reason: str = ""
) -> HireList:
    """Answer one line: 'same' (that person joins), 'new' (another person, with a reason), 'out' (leave the row out).

    Raises Refused 'choice', 'reason' or 'done'.
    """
    found = _open(employer, list_id)
    line = found.lines[at] if 0 <= at < len(found.lines) else None
    like = {double["id"] for double in line["like"]} if line else set()
    reason = reason.strip()
    if line is None or choice not in ("same", "new", "out") or (choice == "same" and person_id not in like):
        raise Refused("choice")
    if choice == "new" and (not like or not is_reason(reason)):
        raise Refused("reason")
    line["choice"], line["reason"] = choice, reason
    if choice == "same":
        line["facts"]["person"] = person_id
    actions.write_list(found)
    remember(f"{employer.code} list {list_id}", row=at, choice=choice)
    return found


def _open(employer: Employer, list_id: int) -> HireList:
    found = actions.lock_list(employer, list_id)
    if found.finished_at is not None:
        raise Refused("done")
    return found


def is_ready(line: Line) -> bool:
    return bool(line["choice"] == "out" or (not line["problems"] and (not line["like"] or line["choice"])))


@verb("hire.finish")
def finish(actor: Actor, employer: Employer, list_id: int) -> list[tuple[str, str]]:
    """Register and employ everybody of the list: (name, number). Raises Refused 'open' or 'done'.

    Who came onto record since the list was made is looked for again: two lists at one moment make nobody twice.
    """
    lock_newcomers()
    found = _open(employer, list_id)
    for line in found.lines:
        if not line["choice"] and not line["problems"]:
            line["like"] = [shown(double) for double in _like(line["facts"])]
    if not all(is_ready(line) for line in found.lines):
        raise Refused("open")
    made = [registered(actor, employer, line) for line in found.lines if line["choice"] != "out"]
    actions.write_list(found, actor.at)
    remember(f"{employer.code} list {list_id}", workers=len(made))
    return [(person.name, person.number) for person in made]


def registered(actor: Actor, employer: Employer, line: Line) -> Person:
    facts = line["facts"]
    if line["choice"] == "same":
        person = Person.objects.get(id=facts["person"])
    else:
        names = {
            name: facts[name]
            for name in ("given_name", "family_name", "name_latin", "sex", "phone", "national_id")
        }
        person = register_person(
            at=actor.at, office=employer.district_id[:2], birth_date=date.fromisoformat(facts["birth_date"]),
            district_id=employer.district_id, **names,
        )  # fmt: skip
        if line["choice"] == "new":
            _note_override(actor, employer, line, person)
    employ(
        employer,
        [person.id],
        date.fromisoformat(facts["start"]),
        category=facts["category"],
        until=_day(facts["until"]),
    )
    return person


def _note_override(actor: Actor, employer: Employer, line: Line, person: Person) -> None:
    like = line["like"][0]
    actions.note_override(
        employer=employer, person=person, like_id=like["id"], signs=like["signs"], reason=line["reason"],
        account_id=actor.account_id, at=actor.at,
    )  # fmt: skip


@verb("hire.judge_override")
def judge_override(actor: Actor, override_id: int, same: bool) -> Override:
    """A registrar says whether both are one person. Raises Refused 'done'."""
    if actor.account_id is None:
        raise PermissionError("a person looks at it")
    found = actions.look_at_override(override_id, same, actor.account_id, actor.at)
    if found is None:
        raise Refused("done")
    remember(f"override {override_id}", person_id=found.person_id, same=same)
    return found
