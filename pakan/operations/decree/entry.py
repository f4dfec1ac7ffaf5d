"""Entering: a decree is believed only after the whole law was built with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pakan.law.contributions.rule import SCHEMES, rates_for
from pakan.law.contributions.values import Law
from pakan.law.dated import NoLawYet, WrongHistory
from pakan.operations.decree.groups import GROUPS, NOTHING, Value, read_values
from pakan.operations.decree.wrong import Fault, WrongEntry
from pakan.operations.law_in_force import HOLIDAYS, InForce, Raw, block_of, built
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.decrees import actions, queries
from pakan.registers.decrees.models import CONFIDENCES, Decree
from pakan.registers.documents.actions import keep
from pakan.units.month import Month

MOST_SCAN = 5 * 1024 * 1024  # bytes
EARLIEST, LATEST = date(2001, 1, 1), date(2100, 12, 31)
# What a file begins with tells what it is; its name does not.
MAGIC = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
# Rules keep what they were asked; a law that is only tried out must not stay in memory with them.
fresh_rates = rates_for.__wrapped__


@dataclass(frozen=True)
class Entry:
    """What an officer typed. `values` by name, empty where nothing changes; `supersedes`: the decree whose place it takes."""

    group: str
    values: Mapping[str, str]
    first_day: date | None
    cite: str
    confidence: str
    scan_name: str
    scan: bytes
    article: str = ""
    note: str = ""
    supersedes: int | None = None


@verb("decree.enter")
def enter(actor: Actor, entry: Entry) -> Decree:
    """Keep a new decree with its scan. Raises WrongEntry with everything that is wrong."""
    values, before, faults = _read(entry)
    if faults:
        raise WrongEntry(faults)
    assert entry.first_day is not None and actor.account_id is not None
    scan = keep(
        kind="decree", name=entry.scan_name, media_type=media_of(entry.scan) or "", content=entry.scan,
        employer=None, account_id=actor.account_id, at=actor.at,
    )  # fmt: skip
    decree = actions.enter(
        group=entry.group, values=values, first_day=entry.first_day, cite=entry.cite.strip(),
        article=entry.article.strip(), note=entry.note.strip(), confidence=entry.confidence, scan=scan,
        supersedes=before, account_id=actor.account_id, at=actor.at,
    )  # fmt: skip
    remember(
        f"decree {decree.id} {decree.group}", first_day=decree.first_day, values=values, scan=scan.sha256
    )
    return decree


def look_over(entry: Entry) -> dict[str, list[Fault]]:
    """Everything that is wrong with an entry, by field; empty if it may be entered. Nothing is written."""
    return _read(entry)[2]


def _read(entry: Entry) -> tuple[dict[str, Value], Decree | None, dict[str, list[Fault]]]:
    if entry.group not in GROUPS:
        return {}, None, {"group": [Fault("no_such_group")]}
    faults = _about(entry)
    values: dict[str, Value] = {}
    try:
        values = read_values(entry.group, dict(entry.values))
    except WrongEntry as wrong:
        faults |= wrong.faults
    before = _superseded(entry, faults)
    if values and entry.first_day and "first_day" not in faults:
        faults |= _tried(entry, values, before)
    return values, before, faults


def media_of(content: bytes) -> str | None:
    """PDF, PNG or JPEG by how the file begins; None for anything else."""
    return next((media for magic, media in MAGIC.items() if content.startswith(magic)), None)


def _about(entry: Entry) -> dict[str, list[Fault]]:
    faults: dict[str, list[Fault]] = {}
    for name, most in (("cite", 200), ("article", 60), ("note", 400)):
        text = getattr(entry, name).strip()
        if name == "cite" and not text:
            faults[name] = [Fault("missing")]
        elif len(text) > most:
            faults[name] = [Fault("too_long", {"most": most})]
    if entry.confidence not in CONFIDENCES:
        faults["confidence"] = [Fault("missing")]
    if entry.first_day is None:
        faults["first_day"] = [Fault("missing")]
    elif not EARLIEST <= entry.first_day <= LATEST:
        faults["first_day"] = [Fault("out_of_range")]
    if not entry.scan:
        faults["scan"] = [Fault("missing")]
    elif len(entry.scan) > MOST_SCAN:
        faults["scan"] = [Fault("too_large")]
    elif media_of(entry.scan) is None:
        faults["scan"] = [Fault("not_a_scan")]
    return faults


def _superseded(entry: Entry, faults: dict[str, list[Fault]]) -> Decree | None:
    if entry.supersedes is None:
        return None
    found = {decree.id: decree for decree in queries.in_force(entry.group)}.get(entry.supersedes)
    if found is None:
        faults["supersedes"] = [Fault("not_in_force")]
    return found


def _tried(entry: Entry, values: dict[str, Value], before: Decree | None) -> dict[str, list[Fault]]:
    """Build the law with each value alone, then with all: the same reader that reads the program's own texts."""
    assert entry.first_day is not None
    about = {"date": entry.first_day, "cite": entry.cite.strip() or "?", "confidence": "high"}
    if entry.group == HOLIDAYS:
        return {}
    number, _seal = queries.newest_approved()
    history = built(number, queries.approved(number, before)).history(entry.group)
    faults: dict[str, list[Fault]] = {}
    if entry.first_day < history.first_day:
        return {"first_day": [Fault("before_first_law", {"day": history.first_day})]}
    for name, value in values.items():
        try:
            history.with_blocks([about | {name: value}])
        except WrongHistory as wrong:
            code = "set_that_day" if "set twice" in str(wrong) else "wrong_value"
            faults[name] = [Fault(code, {"said": str(wrong)})]
    return faults or out_of_order(with_block(entry.group, about | values, before), entry.first_day)


def with_block(group: str, block: Raw, before: Decree | None) -> InForce:
    """The law in force with one block more, and without the decree whose place it takes. Raises WrongHistory."""
    number, _seal = queries.newest_approved()
    return built(number, queries.approved(number, before), {group: [block]})


def first_month(day: date) -> Month:
    """The first wage month that a value from `day` reaches: rates are those of the month's first day."""
    return Month.of(day) if day.day == 1 else Month.of(day) + 1


def out_of_order(trial: InForce, first_day: date) -> dict[str, list[Fault]]:
    """Whether floor and ceiling stand in order in every month that the new values reach."""
    months = {first_month(first_day)}
    histories = (trial.law.enterprise, trial.law.public, trial.law.voluntary, trial.law.minimum_wage)
    for history in histories:
        days = (block.source.date for block in history.blocks)
        months |= {first_month(day) for day in days if day >= first_day}
    for month in sorted(months):
        found = _order(trial.law, month)
        if found:
            return found
    return {}


def _order(law: Law, month: Month) -> dict[str, list[Fault]]:
    for scheme in SCHEMES:
        try:
            fresh_rates(scheme, month, law)
        except NoLawYet:
            continue  # a scheme that had no values yet
        except ValueError:
            return {"": [Fault("floor_above_ceiling", {"scheme": scheme, "month": month})]}
    return {}


def fits(decree: Decree) -> bool:
    """Whether the law can still be built with it: another decree may have come first."""
    superseded = decree.supersedes
    if superseded and superseded.id not in {one.id for one in queries.in_force(decree.group)}:
        return False
    try:
        trial = with_block(decree.group, block_of(decree), superseded)
    except WrongHistory:
        return False
    return not out_of_order(trial, decree.first_day)


Change = tuple[str, Any, Any]


def changes(decree: Decree, before: InForce) -> list[Change]:
    """Name, value before and new value, for showing; None where there was or is none."""
    if decree.group == HOLIDAYS:
        return [(name, None, value) for name, value in decree.values.items()]
    history = before.history(decree.group)
    try:
        old: Any = history.on(decree.first_day)
    except NoLawYet:
        old = None
    return [
        (name, getattr(old, name, None), None if value == NOTHING else value)
        for name, value in decree.values.items()
    ]
