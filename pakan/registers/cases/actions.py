"""Opening a case and answering it. Each step is written beside it and stays."""

from datetime import datetime

from pakan.registers.cases.models import Case, CaseStep
from pakan.registers.cases.states import State, move
from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Person
from pakan.units.month import Month
from pakan.units.number import case_number


def lock_person(person_id: int) -> None:
    """Cases of one person are opened one after another: two taps at one moment find each other."""
    Person.objects.select_for_update(no_key=True).only("id").get(id=person_id)


def open_case(
    *, person_id: int, month: Month, employer_id: int | None, kind: str, text: str, account_id: int,
    at: datetime, year: int,
) -> Case:  # fmt: skip
    """A new case with the next number of `year`."""
    case = Case.objects.create(
        number=case_number(year, take_numbers(f"case {year}")), person_id=person_id, month=month,
        employer_id=employer_id, kind=kind, text=text, opened_at=at,
    )  # fmt: skip
    CaseStep.objects.create(case=case, state=State.OPEN.value, text=text, account_id=account_id, at=at)
    return case


def lock(number: str) -> Case:
    """The case, held until the transaction ends."""
    return Case.objects.select_for_update(of=("self",)).select_related("person").get(number=number)


def answer(case: Case, text: str, closes: bool, account_id: int, at: datetime) -> CaseStep:
    """Answer a locked case; `closes`: nothing more will come. Raises WrongMove."""
    case.state = move(case.state, State.CLOSED if closes else State.ANSWERED)
    case.answer, case.answered_at, case.answered_by_id = text, at, account_id
    case.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    return CaseStep.objects.create(case=case, state=case.state, text=text, account_id=account_id, at=at)
