"""Alter: an employer asks that what is on record about it is changed, and officers decide (C72).

Identity (the name, an end, a new beginning) needs a paper and two officers; the rest one officer who did not ask. What
was and what is wanted stay on record. An employer that was closed is opened again by two people only, stands on the
auditors' list, and the third within thirty days alarms (A3).
"""

import logging
from datetime import date, timedelta
from typing import Any

from pakan.integrations.formats.scan import PaperRefused, take
from pakan.operations.registration import issue, promised
from pakan.operations.speak import people_of, say
from pakan.registers.access.actions import grant
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import Note, remember, write
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import verb
from pakan.registers.contributions.queries import months_missing, owed_in_all
from pakan.registers.documents.actions import keep
from pakan.registers.joining import actions, queries
from pakan.registers.joining.models import TEXT, WITH_FUND, Change, State
from pakan.registers.people import actions as people
from pakan.registers.people.models import District, Employer
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.name import WrongName, clean_name
from pakan.units.number import WrongNumber, clean_phone

__all__ = ["ALARM_AT", "IDENTITY", "PaperRefused", "Refused", "ask", "decide", "remaining"]
log = logging.getLogger("pakan.alter")
Kind = Change.Kind
IDENTITY = frozenset({Kind.NAME.value, Kind.CLOSE.value, Kind.REOPEN.value})
ALARM_AT, WITHIN = 3, timedelta(days=30)  # of employers opened again


class Refused(ValueError):
    """Why nothing was done: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def remaining(employer: Employer, last: Month) -> tuple[list[Month], Kip]:
    """What an end in `last` leaves to do: months still to declare, and kip open. Told, it hinders nothing."""
    return months_missing(employer, last), owed_in_all(employer.id)


def ask(
    actor: Actor, employer: Employer, kind: str, wanted: dict[str, str], text: str = "",
    paper: tuple[str, str, bytes] | None = None,
) -> Change:  # fmt: skip
    """Ask for a change, with name, type and content of a paper where identity changes.

    Raises Refused 'kind', 'paper', 'text', 'open' or the name of the wrong field; PaperRefused.
    """
    if kind in IDENTITY and paper is None:
        raise Refused("paper")
    scan = take(*paper) if paper else None
    kept = (paper[0], scan.media_type, scan.content) if paper and scan else None
    return _ask(actor, employer, kind, wanted, text, kept)


@verb("alter.ask")
def _ask(
    actor: Actor, employer: Employer, kind: str, wanted: dict[str, str], text: str,
    paper: tuple[str, str, bytes] | None,
) -> Change:  # fmt: skip
    assert actor.account_id is not None
    if kind not in Kind.values:
        raise Refused("kind")
    if len(text) > TEXT:
        raise Refused("text")
    Employer.objects.select_for_update().get(id=employer.id)
    if Change.objects.filter(employer=employer, kind=kind, state__in=WITH_FUND).exists():
        raise Refused("open")
    clean = _clean(employer, kind, wanted, actor.today)
    kept = None
    if paper:
        kept = keep(
            kind=f"change {kind}", name=paper[0], media_type=paper[1], content=paper[2], employer=employer,
            account_id=actor.account_id, at=actor.at,
        )  # fmt: skip
    made = actions.ask_change(
        actor.today.year, employer=employer, kind=kind, was=_was(employer, clean), wanted=clean, text=text.strip(),
        paper=kept, asked_by_id=actor.account_id, asked_at=actor.at, promised_on=promised(actor.today),
    )  # fmt: skip
    remember(made.number, employer_id=employer.id, kind=kind, was=made.was, wanted=clean)
    return made


def _was(employer: Employer, wanted: dict[str, Any]) -> dict[str, Any]:
    kept = {name: getattr(employer, name, None) for name in wanted if hasattr(employer, name)}
    return {name: str(value) if value is not None else None for name, value in kept.items()}


def _clean(employer: Employer, kind: str, wanted: dict[str, str], today: date) -> dict[str, Any]:
    """What is wanted as it will be kept. Raises Refused with the field's name."""
    if kind == Kind.NAME:
        return {"name_lo": _name(wanted, "name_lo"), "name_en": _name(wanted, "name_en", needed=False)}
    if kind == Kind.CONTACT:
        return {"phone": _phone(wanted), "email": wanted.get("email", "").strip()[:254]}
    if kind in (Kind.ADDRESS, Kind.BRANCH):
        district = District.objects.filter(code=wanted.get("district_id", "")).first()
        if district is None:
            raise Refused("district_id")
        return {"district_id": district.code, "village": _name(wanted, "village")[:100]}
    return _clean_months(employer, kind, wanted, today)


def _clean_months(employer: Employer, kind: str, wanted: dict[str, str], today: date) -> dict[str, Any]:
    month = _month(wanted)
    now, ended = Month.of(today), employer.last_month is not None
    paused = employer.suspensions.filter(last_month=None).first()
    if kind == Kind.CLOSE:
        if ended or not employer.first_month <= month <= now + 2:
            raise Refused("month")
    elif kind == Kind.REOPEN:
        if employer.last_month is None or not employer.last_month < month <= now + 2:
            raise Refused("month")
    elif kind == Kind.SUSPEND:
        if ended or paused or not now <= month <= now + 6:
            raise Refused("month")
    elif paused is None or not paused.first_month < month <= now + 2:
        raise Refused("month")
    return {"month": str(month)}


def _name(wanted: dict[str, str], field: str, needed: bool = True) -> str:
    text = wanted.get(field, "")
    if not needed and not text.strip():
        return ""
    try:
        return clean_name(text)
    except WrongName as fault:
        raise Refused(field) from fault


def _phone(wanted: dict[str, str]) -> str:
    try:
        return clean_phone(wanted.get("phone", ""))
    except WrongNumber as fault:
        raise Refused("phone") from fault


def _month(wanted: dict[str, str]) -> Month:
    try:
        return Month.parse(wanted.get("month", ""))
    except ValueError as fault:
        raise Refused("month") from fault


@verb("alter.decide")
def decide(actor: Actor, number: str, agrees: bool, answer: str) -> Change:
    """An officer decides. Identity: the first yes proposes, another officer's yes does it. A no has a reason.

    Raises Refused 'closed', 'answer' or 'same person'.
    """
    one = actions.lock_change(number)
    if one.state not in WITH_FUND:
        raise Refused("closed")
    if len(answer) > TEXT or (not agrees and not answer.strip()):
        raise Refused("answer")
    if actor.account_id in (one.first_by_id, one.asked_by_id):
        raise Refused("same person")
    remember(number, employer_id=one.employer_id, kind=one.kind, agrees=agrees, answer=answer)
    decided = {"decided_by_id": actor.account_id, "decided_at": actor.at, "answer": answer.strip()}
    if not agrees:
        actions.write_change(one, state=State.REFUSED, **decided)
    elif one.kind in IDENTITY and one.state == State.WAITING:
        actions.write_change(one, state=State.PROPOSED, first_by_id=actor.account_id)
        return one
    else:
        _apply(actor, one)
        actions.write_change(one, state=State.APPROVED, **decided)
        _watch_revivals(actor, one)
    _tell(actor, one)
    return one


def _apply(actor: Actor, one: Change) -> None:
    """What was decided, on the employer (locked)."""
    employer = Employer.objects.select_for_update().get(id=one.employer_id)
    wanted = one.wanted
    if one.kind == Kind.BRANCH:
        _open_branch(actor, employer, one)
    elif one.kind in (Kind.NAME, Kind.CONTACT, Kind.ADDRESS):
        people.correct_employer(employer, wanted)
        if one.kind == Kind.NAME:
            issue(employer, actor.at)
    elif one.kind == Kind.SUSPEND:
        people.suspend(employer, Month.parse(wanted["month"]))
    elif one.kind == Kind.RESUME:
        people.resume(employer, Month.parse(wanted["month"]))
    elif one.kind == Kind.CLOSE:
        people.close_employer(employer, Month.parse(wanted["month"]))
        actions.replace_certificates(employer, actor.at)
    else:
        people.reopen_employer(employer, Month.parse(wanted["month"]))
        issue(employer, actor.at)


def _open_branch(actor: Actor, employer: Employer, one: Change) -> None:
    """The same unit at another place: the next two digits; who asked administers it."""
    code = actions.next_branch(employer.code)
    if code is None:
        raise Refused("no branch")
    branch = people.register_employer(
        at=actor.at, code=code, name_lo=employer.name_lo, name_en=employer.name_en, scheme=employer.scheme,
        district=District.objects.get(code=one.wanted["district_id"]), village=one.wanted["village"],
        first_month=Month.of(actor.today), enterprise_number=employer.enterprise_number,
        tax_number=employer.tax_number, phone=employer.phone, email=employer.email,
        one_person_may_approve=employer.one_person_may_approve,
    )  # fmt: skip
    issue(branch, actor.at)
    assert actor.account_id is not None
    officer = Account.objects.get(id=actor.account_id)
    grant(one.asked_by, branch, Role.EMPLOYER_ADMINISTRATOR, actor.at, officer)


def _watch_revivals(actor: Actor, one: Change) -> None:
    """The third employer opened again within thirty days is no chance any more: an alarm for people (A3)."""
    if one.kind != Kind.REOPEN:
        return
    many = queries.revived_since(actor.at - WITHIN)
    if many >= ALARM_AT:
        write(
            actor,
            "alarm",
            Note(object=f"{many} employers opened again in 30 days", employer_id=one.employer_id),
        )
        log.error("employers opened again", extra={"facts": {"many": many, "change": one.number}})


def _tell(actor: Actor, one: Change) -> None:
    """Everybody who acts for the employer hears of it, so that no change happens behind their backs."""
    wording = "change_done" if one.state == State.APPROVED else "change_refused"
    rows = [
        {
            "key": f"change:{one.number}:{person['account_id']}", "wording": wording, "values": {"number": one.number},
            "phone": person["account__phone"], "language": person["account__language"],
            "account_id": person["account_id"],
        }
        for person in people_of(Employer.objects.filter(id=one.employer_id), actor.at)
    ]  # fmt: skip
    say(rows, actor.at)
