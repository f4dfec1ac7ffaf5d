"""The office answers what members say is wrong (C18), and sees who has not declared or paid, by district (C123)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import collect, enrol, report
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.cases.models import Case
from pakan.registers.contributions.filing import behind, behind_by_district
from pakan.registers.messages.models import Message
from pakan.registers.people.models import District, Employer
from pakan.units.month import Month
from tests.channels.partners.bank_hall import Hall, declares, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(
    member: Account, as_actor: Callable[..., Actor], factory: Employer, open_month: Month, now: Any
) -> Case:
    """Said three days ago."""
    before = as_actor(member, now - timedelta(days=3))
    return report.open_case(before, open_month, "wrong_wage", "I earn more", factory.id)


def test_the_list_shows_the_oldest_first_with_its_clock_and_no_names(
    officer: Client, said: Case, member: Account, as_actor: Callable[..., Actor], open_month: Month, now: Any
) -> None:
    older = report.open_case(as_actor(member, now - timedelta(days=9)), open_month - 1, "missing")
    answer = officer.get("/office/cases/")
    assert [(row["case"], row["days"]) for row in answer.context["rows"]] == [(older, 9), (said, 3)]
    page = answer.content.decode()
    assert said.person.name not in page and said.person.number not in page and said.text not in page
    report.answer(as_actor(Account.objects.get(sign_in="dara")), older.number, "We look.", closes=False)
    assert [row["case"] for row in officer.get("/office/cases/").context["rows"]] == [said, older]


def test_an_officer_answers_and_the_member_is_told(officer: Client, said: Case) -> None:
    page = officer.get(f"/office/cases/{said.number}/")
    assert "I earn more" in page.content.decode() and said.person.name in page.content.decode()
    seen = AuditRow.objects.get(act="look", object=f"case {said.number}")
    assert (seen.person_id, seen.employer_id) == (said.person_id, None)
    answer = officer.post(f"/office/cases/{said.number}/", {"text": "We asked them."})
    assert answer.status_code == 302
    said.refresh_from_db()
    assert (said.state, said.answer) == ("answered", "We asked them.")
    officer.post(f"/office/cases/{said.number}/", {"text": "Mended.", "closes": "on"})
    said.refresh_from_db()
    assert said.state == "closed"
    assert list(Message.objects.order_by("id").values_list("wording", flat=True)) == [
        "case_answered",
        "case_closed",
    ]
    late = officer.post(f"/office/cases/{said.number}/", {"text": "Once more."}, follow=True)
    assert "Somebody has closed this case already." in late.content.decode()
    assert "<textarea" not in late.content.decode()
    assert "Nobody waits for an answer" in officer.get("/office/cases/").content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_an_answer_that_says_nothing_or_too_much_comes_back(text: str, officer: Client, said: Case) -> None:
    assert officer.post(f"/office/cases/{said.number}/", {"text": text}).status_code == 422
    assert not Message.objects.exists()
    assert officer.get("/office/cases/C26-9999999-9/").status_code == 404


def test_the_pages_stay_within_their_questions(
    officer: Client, said: Case, member: Account, as_actor: Callable[..., Actor], open_month: Month,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for back in range(1, 12):
        report.open_case(as_actor(member), open_month - back, "missing")
    for address in ("", f"{said.number}/"):
        with django_assert_max_num_queries(25):
            officer.get(f"/office/cases/{address}")


# Who is behind


@pytest.fixture
def firms(
    system: Actor, factory: Employer, other_factory: Employer, open_month: Month, hall: Hall
) -> list[Employer]:
    """In one district: paid in part, and declared only; in another: not declared, and one that has ended."""
    away = District.objects.exclude(code="0102").order_by("code")[0]
    silent = enrol.employer(system, "0900003", "ຮ້ານ ມິດງຽບ", away, open_month - 3)
    ended = enrol.employer(system, "0900004", "ຮ້ານ ປິດແລ້ວ", away, open_month - 3)
    Employer.objects.filter(id=ended.id).update(last_month=open_month - 1)
    for one in (factory, other_factory):
        declares(system, one, open_month)
    notice = collect.ask(system, factory, [open_month])
    hall.tells(hall.notice(hall.pays(notice.amount - 1_000, notice.reference)))
    work()
    return [factory, other_factory, silent, ended]


def test_who_is_behind_is_told_apart_and_counted_by_district(
    officer: Client, firms: list[Employer], open_month: Month
) -> None:
    factory, other, silent, _ended = firms
    found = {one.code: (one.state, one.open) for one in behind(open_month)}
    assert found[factory.code] == ("part_paid", 1_000)
    assert found[other.code][0] == "not_paid" and (found[other.code][1] or 0) > 0
    assert found[silent.code] == ("not_declared", None)
    assert len(found) == 3
    assert behind_by_district(open_month) == {
        "0102": {"not_declared": 0, "not_paid": 1, "part_paid": 1},
        silent.district_id: {"not_declared": 1, "not_paid": 0, "part_paid": 0},
    }
    page = officer.get("/office/not-declared/")
    assert [(row["code"], row["behind"], row["all"]) for row in page.context["districts"]] == [
        ("0102", 2, 2),
        (silent.district_id, 1, 1),
    ]
    assert page.context["month"] == open_month


def test_a_month_a_district_and_a_state_can_be_chosen(
    officer: Client, firms: list[Employer], open_month: Month
) -> None:
    def codes(query: str) -> list[str]:
        return [row[0].code for row in officer.get(f"/office/not-declared/?{query}").context["rows"]]

    factory, other, silent, ended = firms
    assert codes("district=0102") == [factory.code, other.code]
    assert codes("state=not_declared") == [silent.code]
    assert codes(f"month={open_month - 1}&state=not_declared&district={silent.district_id}") == [
        silent.code,
        ended.code,
    ]
    assert sorted(codes("month=nonsense&state=nonsense")) == sorted([factory.code, other.code, silent.code])
    assert codes("district=99999999") == []


def test_when_all_have_paid_it_says_so(officer: Client) -> None:
    assert "Everybody has declared and paid" in officer.get("/office/not-declared/").content.decode()


def test_the_list_stays_within_its_questions_and_goes_page_by_page(
    client_of: Callable[[Account], Client], auditor: Account, system: Actor, open_month: Month,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    districts = list(District.objects.order_by("code")[:10])
    for at in range(45):
        enrol.employer(system, f"08000{at:02d}", f"ຮ້ານ {at}", districts[at % 10], open_month)
    client = client_of(auditor)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "lo"
    with django_assert_max_num_queries(25):
        page = client.get("/office/not-declared/?page=3")
    assert len(page.context["rows"]) == 5 and len(page.context["districts"]) == 10
