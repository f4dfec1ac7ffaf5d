"""The applicant's side: begin, go on, add papers, send; come back with number and code."""

import hashlib
import hmac
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from pakan.integrations.formats.scan import take
from pakan.operations.join.terms import terms
from pakan.operations.registration import promised
from pakan.operations.speak import say
from pakan.registers.access import invitations
from pakan.registers.access.actions import count
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Invitation
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import verb
from pakan.registers.documents.actions import keep
from pakan.registers.joining import actions, queries
from pakan.registers.joining.models import WITH_APPLICANT, Paper, Request, State
from pakan.units.name import WrongName, clean_name, search_key
from pakan.units.number import WrongNumber, check_joining_number, clean_phone, clean_tax_number, latin_digits

MOST_PAPERS = 12
BEGUN = (10, timedelta(days=1))  # requests from one address
TRIED = (10, timedelta(hours=1))  # codes for one number, and 30 from one address
OLDEST = date(1950, 1, 1)
INVITED = timedelta(hours=24)


class Refused(ValueError):
    """Not done; what is wrong with which field stands in `fields`."""

    def __init__(self, **fields: str) -> None:
        super().__init__(", ".join(f"{name}: {code}" for name, code in fields.items()))
        self.fields = fields


def _address_key(what: str, address: str, at: datetime) -> str:
    mixed = hmac.new(settings.SECRET_KEY.encode(), f"{at:%Y-%m-%d}:{address}".encode(), hashlib.sha256)
    return f"{what}:{mixed.hexdigest()}"


def begin(actor: Actor, kind: str, address: str) -> tuple[Request, str]:
    """A new request and its code, shown once. Raises Refused 'kind', TooOften."""
    if kind not in Request.Kind.values:
        raise Refused(kind="choose")
    count(_address_key("joining", address, actor.at), actor.at, *BEGUN)
    return _begin(actor, kind)


@verb("join.begin")
def _begin(actor: Actor, kind: str) -> tuple[Request, str]:
    made, code = actions.begin(kind, actor.language, actor.at, actor.today.year)
    remember(made.number, kind=kind)
    return made, code


def open_again(actor: Actor, number: str, code: str, address: str) -> Request | None:
    """The request that number and code open; nobody learns which of the two was wrong. Raises TooOften."""
    count(_address_key("joining-code", address, actor.at), actor.at, 30, timedelta(minutes=10))
    try:
        clean = check_joining_number(number)
    except WrongNumber:
        return None
    count(f"joining-number:{clean}", actor.at, *TRIED)
    return actions.open_with(clean, code)


def _mine(number: str) -> Request:
    """The locked request while it is the applicant's turn. Raises Refused 'state'."""
    found = actions.lock(number)
    if found.state not in WITH_APPLICANT:
        raise Refused(state="state")
    return found


@verb("join.write")
def write(actor: Actor, /, number: str, **facts: Any) -> Request:
    """Keep the answers of one screen. Raises Refused with every field that cannot be so."""
    request = _mine(number)
    wrong: dict[str, str] = {}
    clean: dict[str, Any] = {}
    for name, value in facts.items():
        try:
            clean[name] = _clean(request.kind, name, value, actor.today)
        except (WrongName, WrongNumber) as fault:
            wrong[name] = fault.code
    if wrong:
        raise Refused(**wrong)
    if "name_lo" in clean:
        clean["name_key"] = search_key(clean["name_lo"])
    actions.change(request, actor.at, **clean)
    remember(number, fields=sorted(clean))
    return request


def _clean(kind: str, name: str, value: Any, today: date) -> Any:
    """One answer as it is kept. Raises WrongName, WrongNumber."""
    if name == "name_lo" or (name in ("name_en", "contact", "village") and value):
        return clean_name(value)[:100] if name in ("contact", "village") else clean_name(value)
    if name == "tax_number" and (value or kind == Request.Kind.ENTERPRISE):
        return clean_tax_number(value)
    if name == "enterprise_number" and (value or kind == Request.Kind.ENTERPRISE):
        return _clean_enterprise_number(value)
    if name == "phone":
        return clean_phone(value)
    if name == "first_hire" and not OLDEST <= value <= today:
        raise WrongNumber("day", str(value))
    return value


def _clean_enterprise_number(text: str) -> str:
    """As on the certificate; no rule is published, so none is invented (A-55): 3 to 20 letters, digits, strokes."""
    number = "".join(latin_digits(text).split()).upper()
    if not 3 <= len(number) <= 20 or not all(letter.isalnum() or letter in "-/." for letter in number):
        raise WrongNumber("not_an_enterprise_number", text)
    return number


def add_paper(actor: Actor, number: str, kind: str, name: str, media_type: str, content: bytes) -> Paper:
    """A photo or PDF, made anew at the door. Raises Refused 'kind', 'most', 'state'; PaperRefused."""
    if kind not in Paper.Kind.values:
        raise Refused(kind="choose")
    scan = take(name, media_type, content)
    return _add_paper(actor, number, kind, name, scan.media_type, scan.content)


@verb("join.add_paper")
def _add_paper(actor: Actor, number: str, kind: str, name: str, media_type: str, content: bytes) -> Paper:
    request = _mine(number)
    if len(queries.papers_of(request)) >= MOST_PAPERS:
        raise Refused(paper="most")
    kept = keep(
        kind=f"joining {kind}", name=name, media_type=media_type, content=content, employer=None,
        account_id=None, at=actor.at,
    )  # fmt: skip
    remember(number, kind=kind, sha256=kept.sha256)
    actions.change(request, actor.at)
    return actions.add_paper(request, kind, kept)


@verb("join.drop_paper")
def drop_paper(actor: Actor, number: str, paper_id: int) -> bool:
    request = _mine(number)
    remember(number, paper=paper_id)
    actions.change(request, actor.at)
    return actions.drop_paper(request, paper_id, actor.at)


def paper_content(request: Request, paper_id: int) -> tuple[str, bytes] | None:
    """Media type and bytes of a paper of this very request."""
    found = request.papers.filter(id=paper_id, dropped_at=None).select_related("document").first()
    return (found.document.media_type, bytes(found.document.content)) if found else None


def needed_papers(request: Request) -> list[str]:
    return terms().papers[request.kind]


def wanting(request: Request) -> list[str]:
    """What is still to be filled or added before it can be sent: names of fields, and 'paper certificate' and the like."""
    fields = ["name_lo", "village", "contact", "phone", "first_hire"]
    if request.kind == Request.Kind.ENTERPRISE:
        fields[1:1] = ["enterprise_number", "tax_number"]
    found = [name for name in fields if not getattr(request, name)]
    if request.district_id is None:
        found.append("district")
    there = {paper.kind for paper in queries.papers_of(request)}
    return found + [f"paper {kind}" for kind in needed_papers(request) if kind not in there]


@verb("join.send")
def send(actor: Actor, number: str) -> Request:
    """Hand it to the fund, for the first time or again. Raises Refused 'wanting'."""
    request = _mine(number)
    if wanting(request):
        raise Refused(all="wanting")
    again = request.state == State.RETURNED
    until = promised(actor.today)
    actions.change(
        request, actor.at, state=State.WAITING, promised_on=until, sent_at=request.sent_at or actor.at, first_by=None,
    )  # fmt: skip
    actions.step(request, State.WAITING, "", None, actor.at)
    remember(number, again=again, promised_on=until)
    if not again:
        tell(request, "joining_sent", actor.at, number=number)
    return request


def tell(request: Request, wording: str, at: datetime, **values: str) -> None:
    """To the phone that was given, once a step."""
    if request.phone:
        steps = request.steps.count()
        row = {
            "key": f"{wording}:{request.number}:{steps}", "wording": wording, "values": values,
            "phone": request.phone, "language": request.language,
        }  # fmt: skip
        say([row], at)


@verb("join.invite_first")
def invite_first(actor: Actor, number: str) -> tuple[Invitation, str]:
    """The invitation of the first administrator, for who has number and code of the request; a new one each time until
    one was taken, and those before it are worth nothing. Raises Refused 'state' or 'taken'.
    """
    request = actions.lock(number)
    if request.state != State.APPROVED or request.employer is None:
        raise Refused(state="state")
    if queries.has_taken_access(request):
        raise Refused(state="taken")
    if request.invitation_id is not None:
        invitations.withdraw(request.employer, request.invitation_id, actor.at)
    roles = [Role.EMPLOYER_ADMINISTRATOR] + ([Role.EMPLOYER_APPROVER] if request.alone else [])
    assert request.decided_by_id is not None
    made, code = invitations.invite(
        by=request.decided_by_id, at=actor.at, counts_from=actor.at, expires_at=actor.at + INVITED,
        full_name=request.contact, phone=request.phone, employer=request.employer,
        roles=sorted(role.value for role in roles),
    )  # fmt: skip
    actions.change(request, actor.at, invitation=made)
    remember(f"{number} {made.number}", employer_id=request.employer_id)
    return made, code
