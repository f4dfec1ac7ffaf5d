"""Report: a member says that a month is wrong, and an officer answers (C18). The employer is never told who asked."""

from django.db.models import Q

from pakan.operations.speak import say
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account
from pakan.registers.access.verbs import verb
from pakan.registers.cases import actions, queries
from pakan.registers.cases.models import ANSWER, TEXT, Case
from pakan.registers.cases.states import WrongMove
from pakan.registers.contributions.models import DeclaredWage
from pakan.registers.people.models import Employment
from pakan.units.month import Month
from pakan.units.words import english_month, lao_month

__all__ = ["MOST_OPEN", "Refused", "WrongMove", "answer", "open_case"]

MOST_OPEN = 20  # at a time and person


class Refused(ValueError):
    """Why nothing was opened or answered: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@verb("report.open")
def open_case(actor: Actor, month: Month, kind: str, text: str = "", employer_id: int | None = None) -> Case:
    """Open a case about the actor's own month; said again while it is open, it is the same case.

    Raises Refused 'kind', 'future', 'too long', 'employer' or 'too many'.
    """
    person_id = actor.person_id
    if person_id is None or actor.account_id is None:
        raise PermissionError("only a person has a record")
    text = " ".join(text.split())
    _look_at(person_id, actor, month, kind, text, employer_id)
    actions.lock_person(person_id)
    known = queries.same_still_open(person_id, month, employer_id, kind)
    if known is None and queries.open_count(person_id) >= MOST_OPEN:
        raise Refused("too many")
    case = known or actions.open_case(
        person_id=person_id, month=month, employer_id=employer_id, kind=kind, text=text,
        account_id=actor.account_id, at=actor.at, year=actor.today.year,
    )  # fmt: skip
    remember(case.number, person_id=person_id, month=str(month), kind=kind)
    return case


def _look_at(
    person_id: int, actor: Actor, month: Month, kind: str, text: str, employer_id: int | None
) -> None:
    if kind not in Case.Kind.values:
        raise Refused("kind")
    if month > Month.of(actor.today):
        raise Refused("future")
    if len(text) > TEXT:
        raise Refused("too long")
    if employer_id is not None and not _has_to_do_with(person_id, employer_id):
        raise Refused("employer")


def _has_to_do_with(person_id: int, employer_id: int) -> bool:
    """Whether the employer ever employed or declared this person: nobody can point at others."""
    here = Q(person_id=person_id)
    return (
        Employment.objects.filter(here, employer_id=employer_id).exists()
        or DeclaredWage.objects.filter(here, declaration__employer_id=employer_id).exists()
    )


@verb("report.answer")
def answer(actor: Actor, number: str, text: str, closes: bool) -> Case:
    """Answer a case; the member gets a message that does not repeat what was said. Raises Refused, WrongMove."""
    if actor.account_id is None:
        raise PermissionError("an answer has a name")
    text = text.strip()
    if not text:
        raise Refused("empty")
    if len(text) > ANSWER:
        raise Refused("too long")
    case = actions.lock(number)
    step = actions.answer(case, text, closes, actor.account_id, actor.at)
    remember(number, person_id=case.person_id, closes=closes, answer=text)
    account = Account.objects.filter(person_id=case.person_id).first()
    message = {
        "key": f"case:{case.id}:{step.id}",
        "wording": "case_closed" if closes else "case_answered",
        "values": {
            "number": number,
            "month_lo": lao_month(case.month),
            "month_en": english_month(case.month),
        },
        "language": account.language if account else "lo",
        "phone": case.person.phone,
        "person_id": case.person_id,
        "account_id": account.id if account else None,
    }
    say([message], actor.at)
    return case
