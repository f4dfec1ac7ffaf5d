"""The fund's side: give back with one list of what is missing, propose, and decide by another person."""

from pakan.operations.join.apply import Refused, tell
from pakan.operations.registration import issue
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.joining import actions
from pakan.registers.joining.models import TEXT, WITH_FUND, Request, State
from pakan.registers.people.actions import register_employer
from pakan.units.month import Month


def _locked(actor: Actor, number: str, *states: State) -> Request:
    """Raises Refused 'state'; PermissionError without an account."""
    if actor.account_id is None:
        raise PermissionError("a decision has a name")
    found = actions.lock(number)
    if found.state not in states:
        raise Refused(state="state")
    return found


def _said(text: str, needed: bool) -> str:
    """Raises Refused 'text'."""
    text = text.strip()
    if len(text) > TEXT or (needed and not text):
        raise Refused(text="text")
    return text


@verb("join.give_back")
def give_back(actor: Actor, number: str, missing: str) -> Request:
    """One list of everything that is missing; the clock stops until the applicant answers. Raises Refused."""
    request = _locked(actor, number, *WITH_FUND)
    text = _said(missing, needed=True)
    actions.change(request, actor.at, state=State.RETURNED, promised_on=None, first_by=None)
    actions.step(request, State.RETURNED, text, actor.account_id, actor.at)
    remember(number, missing=text)
    tell(request, "joining_returned", actor.at, number=number)
    return request


@verb("join.propose")
def propose(actor: Actor, number: str, note: str) -> Request:
    """The first officer looked at papers and doubles and says yes; another one decides. Raises Refused."""
    request = _locked(actor, number, State.WAITING)
    actions.change(request, actor.at, state=State.PROPOSED, first_by_id=actor.account_id)
    actions.step(request, State.PROPOSED, _said(note, needed=False), actor.account_id, actor.at)
    remember(number)
    return request


@verb("join.decide")
def decide(actor: Actor, number: str, agrees: bool, text: str) -> Request:
    """The second officer: registered, or refused with a reason. Raises Refused 'state', 'text' or 'same person'."""
    request = _locked(actor, number, State.PROPOSED)
    if request.first_by_id == actor.account_id:
        raise Refused(state="same person")
    said = _said(text, needed=not agrees)
    if agrees:
        _register(actor, request)
    state = State.APPROVED if agrees else State.REFUSED
    actions.change(
        request, actor.at, state=state, decided_by_id=actor.account_id, decided_at=actor.at,
        employer=request.employer,
    )  # fmt: skip
    actions.step(request, state, said, actor.account_id, actor.at)
    remember(number, agrees=agrees, employer_id=request.employer_id, text=said)
    tell(request, "joining_approved" if agrees else "joining_refused", actor.at, number=number)
    return request


def _register(actor: Actor, request: Request) -> None:
    assert request.first_hire is not None and request.district is not None
    request.employer = register_employer(
        at=actor.at, code=actions.next_code(), name_lo=request.name_lo, name_en=request.name_en,
        district=request.district, first_month=Month.of(request.first_hire), village=request.village,
        enterprise_number=request.enterprise_number, tax_number=request.tax_number, phone=request.phone,
        email=request.email, one_person_may_approve=request.alone,
    )  # fmt: skip
    issue(request.employer, actor.at)
