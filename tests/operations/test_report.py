"""A member says that a month is wrong and is answered; the employer never learns who asked (C18)."""

from collections.abc import Callable

import pytest
from django.db import connection

from pakan.operations import notify, report
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.cases.models import Case
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.operations.desk import at_once

pytestmark = pytest.mark.django_db
As = Callable[[Account], Actor]


@pytest.fixture
def somsy(member: Account, as_actor: As) -> Actor:
    return as_actor(member)


def test_a_word_said_twice_is_one_case(somsy: Actor, factory: Employer, open_month: Month) -> None:
    first = report.open_case(somsy, open_month, "wrong_wage", "  I earn\n\n more ", factory.id)
    again = report.open_case(somsy, open_month, "wrong_wage", "", factory.id)
    other = report.open_case(somsy, open_month, "not_there", "", factory.id)
    assert first == again != other
    assert (first.text, first.state, first.employer_id) == ("I earn more", "open", factory.id)
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"month": "next"}, "future"),
        ({"text": "x" * 501}, "too long"),
        ({"employer_id": "strange"}, "employer"),
    ],
)
def test_what_cannot_be_said_is_refused(
    facts: dict[str, str], code: str, somsy: Actor, open_month: Month, other_factory: Employer
) -> None:
    month = open_month + 2 if "month" in facts else open_month
    employer = other_factory.id if "employer_id" in facts else None
    with pytest.raises(report.Refused) as refusal:
        report.open_case(somsy, month, facts.get("kind", "other"), facts.get("text", ""), employer)
    assert refusal.value.code == code and not Case.objects.exists()


def test_one_person_cannot_fill_the_desk(somsy: Actor, open_month: Month) -> None:
    for back in range(report.MOST_OPEN):
        report.open_case(somsy, open_month - back, "missing")
    with pytest.raises(report.Refused, match="too many"):
        report.open_case(somsy, open_month - report.MOST_OPEN, "missing")
    report.open_case(somsy, open_month, "missing")  # what is open already is still found


def test_an_answer_reaches_the_member_and_does_not_repeat_what_was_said(
    somsy: Actor, finance: Account, as_actor: As, open_month: Month, member_person: Person
) -> None:
    case = report.open_case(somsy, open_month, "other", "my secret")
    dara = as_actor(finance)
    report.answer(dara, case.number, "We asked them.", closes=False)
    report.answer(dara, case.number, "It is mended now.", closes=True)
    with pytest.raises(report.WrongMove):
        report.answer(dara, case.number, "Once more.", closes=True)
    told = list(Message.objects.order_by("id"))
    assert [(one.wording, one.person_id, one.phone) for one in told] == [
        ("case_answered", member_person.id, member_person.phone),
        ("case_closed", member_person.id, member_person.phone),
    ]
    for message in told:
        for language in ("lo", "en"):
            text = notify.text_of(message, language)
            assert case.number in text and "secret" not in text and "mended" not in text
    case.refresh_from_db()
    assert (case.state, case.answer) == ("closed", "It is mended now.")


@pytest.mark.parametrize(("text", "code"), [("  ", "empty"), ("x" * 1001, "too long")])
def test_an_answer_says_something(
    text: str, code: str, somsy: Actor, finance: Account, as_actor: As, open_month: Month
) -> None:
    case = report.open_case(somsy, open_month, "other")
    with pytest.raises(report.Refused) as refusal:
        report.answer(as_actor(finance), case.number, text, closes=True)
    assert refusal.value.code == code and not Message.objects.exists()


def test_nobody_else_opens_or_answers(
    somsy: Actor, preparer: Account, auditor: Account, workers: list[Person], as_actor: As, open_month: Month
) -> None:
    case = report.open_case(somsy, open_month, "other")
    for account in (preparer, auditor):
        with pytest.raises(NotAllowed):
            report.open_case(as_actor(account), open_month, "other")
        with pytest.raises(NotAllowed):
            report.answer(as_actor(account), case.number, "x", closes=True)
    with pytest.raises(NotAllowed):
        report.answer(somsy, case.number, "x", closes=True)


def test_nothing_that_an_employer_can_ask_for_names_a_case(
    somsy: Actor, finance: Account, as_actor: As, factory: Employer, open_month: Month
) -> None:
    """The audit rows are the person's, not the employer's; the message is the person's alone."""
    case = report.open_case(somsy, open_month, "not_there", "", factory.id)
    report.answer(as_actor(finance), case.number, "We look.", closes=False)
    rows = AuditRow.objects.filter(act__startswith="report.")
    assert rows.count() == 2
    assert {(row.person_id, row.employer_id) for row in rows} == {(somsy.person_id, None)}
    assert not Message.objects.exclude(person_id=somsy.person_id).exists()


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_one_moment_are_one_case(
    workers: list[Person], as_actor: As, open_month: Month, factory: Employer
) -> None:
    somsy = as_actor(member_account(workers[0], factory.registered_at))
    connection.close()
    results = at_once(*[lambda: report.open_case(somsy, open_month, "other")] * 2)
    assert results[0] == results[1] and Case.objects.count() == 1
