"""A member sees her months: declared, paid, posted; and nobody else's."""

import gzip
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape
from django.utils.translation import override

from pakan.channels.kit.speech import VIENTIANE, day_text, month_text
from pakan.channels.member.reading import record_of
from pakan.law.contributions.explain import explain
from pakan.operations import reconcile
from pakan.registers.access.models import Account
from pakan.registers.people.models import Employer, Employment, Person
from pakan.units.money import Kip
from pakan.units.month import Month

PAGES = (
    "/member/",
    "/member/record/",
    "/member/messages/",
    "/member/help/",
    "/member/looks/",
    "/member/signed-in/",
)


def text(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def cell(page: str, month: Month, state: str) -> bool:
    return f"{month_text(month)}: {state}" in page


def test_home_says_three_things(phone: Client, paid: Any, open_month: Month, member_person: Person) -> None:
    paid()
    page = text(phone, "/member/")
    assert member_person.name in page
    for heading in ("Paid up to", "What you can claim", "Your next step"):
        assert f">{heading}</h2>" in page
    assert page.count("<h2") == 3
    assert f'<p class="huge"><strong><time class="num" datetime="{open_month}">' in page
    assert "1 month counts for you." in page


def test_before_anything_is_paid(phone: Client) -> None:
    assert "No month counts yet." in text(phone, "/member/")


def test_a_missing_month_is_the_next_step(phone: Client, paid: Any, open_month: Month) -> None:
    """Twelve months of work before the paid one, and nobody declared them."""
    paid()
    page = text(phone, "/member/")
    assert f'href="/member/record/{open_month - 1}/"' in page
    assert "12 months are missing." in page


def test_a_declared_month_that_is_not_paid_is_on_its_way(
    member_person: Person, declared: Any, open_month: Month
) -> None:
    declared()
    due = record_of(member_person.id, open_month.last).works[open_month][0].due
    assert due is not None
    states = {day: record_of(member_person.id, day).state(open_month) for day in (open_month.last, due)}
    assert set(states.values()) == {"coming"}
    late = date.fromordinal(due.toordinal() + 1)
    assert record_of(member_person.id, late).state(open_month) == "missing"


def test_an_undeclared_month_is_to_come_until_its_due_day(member_person: Person, open_month: Month) -> None:
    due = record_of(member_person.id, open_month.last).works[open_month][0].due
    assert due is not None
    assert record_of(member_person.id, due).state(open_month) == "future"
    assert record_of(member_person.id, date.fromordinal(due.toordinal() + 1)).state(open_month) == "missing"


def test_a_paid_month_counts_whatever_the_day(member_person: Person, paid: Any, open_month: Month) -> None:
    paid()
    assert record_of(member_person.id, open_month.last).state(open_month) == "paid"
    assert record_of(member_person.id, date(2031, 1, 1)).state(open_month) == "paid"


def test_after_leaving_no_month_is_missing(
    member_person: Person, factory: Employer, open_month: Month
) -> None:
    left = open_month - 6
    Employment.objects.filter(person=member_person).update(end=left.first)
    record = record_of(member_person.id, (open_month + 2).first)
    assert record.state(left) == "missing"
    assert record.state(left + 1) == "none"
    assert record.state(open_month + 12) == "future"


def test_the_record_says_every_state_in_words(phone: Client, paid: Any, open_month: Month) -> None:
    paid()
    with_english = text(phone, "/member/record/")
    with override("en"):
        assert cell(with_english, open_month, "paid")
        assert cell(with_english, open_month - 1, "missing")
        assert cell(
            with_english,
            Month(open_month.year, 12) if open_month.month < 11 else open_month + 1,
            "still to come",
        )
        assert cell(with_english, open_month - 13, "not insured")
    assert "1 month counts for you." in with_english
    assert f'href="/member/record/{open_month}/"' in with_english


def test_a_month_shows_three_states_and_all_amounts(
    phone: Client, paid: Any, open_month: Month, now: datetime
) -> None:
    paid()
    page = text(phone, f"/member/record/{open_month}/")
    assert page.count('<li class="done"') == 3
    for said in (
        "Your employer declared your wage", "Your employer paid", "The month counts for you", "Factory 0451201",
        "3,000,000 kip", "180,000 kip", "165,000 kip", "How is this worked out?",
    ):  # fmt: skip
        assert said in page, said
    with override("en"):
        assert page.count(day_text(now.astimezone(VIENTIANE).date())) == 3
        assert f"<title>{month_text(open_month)} · Social security</title>" in page
    assert re.search(r"<p class=\"soft\">(Law|Decision|Decree)", page)
    explained = explain(Kip(3_000_000), "enterprise", open_month)
    for step in explained.steps:
        assert escape(step.en) in page


def test_a_declared_month_shows_what_is_still_to_come(
    phone: Client, declared: Any, open_month: Month
) -> None:
    declared()
    page = text(phone, f"/member/record/{open_month}/")
    assert page.count('<li class="done"') == 1
    assert page.count("Not yet") == 2


def test_a_month_nobody_declared(phone: Client, open_month: Month) -> None:
    page = text(phone, f"/member/record/{open_month - 3}/")
    assert "Your employer has not declared you." in page
    assert "1508" in page
    assert page.count('<li class="done"') == 0


def test_the_same_in_lao(phone: Client, paid: Any, open_month: Month) -> None:
    paid()
    phone.cookies[settings.LANGUAGE_COOKIE_NAME] = "lo"
    page = text(phone, f"/member/record/{open_month}/")
    for said in ("ນາຍຈ້າງແຈ້ງເງິນເດືອນແລ້ວ", "ໂຮງງານຕັດຫຍິບ ດອກຈຳປາ", "3.000.000 ກີບ", "ຄິດໄລ່ແນວໃດ?"):
        assert said in page, said
    assert "ຈ່າຍຮອດ" in text(phone, "/member/")


@pytest.mark.parametrize("address", ["2026-13", "hello", "2026", "1700-01", "2026-10-01"])
def test_a_month_that_is_none(phone: Client, address: str) -> None:
    assert phone.get(f"/member/record/{address}/").status_code == 404


def test_abuse_A13_a_member_sees_only_herself(
    phone: Client, paid: Any, open_month: Month, workers: list[Person], client_of: Callable[[Account], Client]
) -> None:
    paid()
    others = [person.name for person in workers[1:]] + [person.number for person in workers[1:]]
    for address in (*PAGES, f"/member/record/{open_month}/"):
        page = phone.get(address, {"person": workers[1].id, "person_id": workers[1].id}).content.decode()
        assert not [other for other in others if other in page], address


def test_employers_and_staff_have_no_member_pages(
    preparer: Account, finance: Account, client_of: Callable[[Account], Client]
) -> None:
    for account in (preparer, finance):
        client = client_of(account)
        assert {client.get(address).status_code for address in PAGES} == {404}


def test_looking_at_ones_own_record_changes_nothing(phone: Client, paid: Any) -> None:
    paid()
    for address in PAGES:
        phone.get(address)
    assert [finding for finding in reconcile.prove() if not finding.holds] == []


def test_member_pages_need_at_most_twelve_queries(
    phone: Client, paid: Any, declared: Any, open_month: Month, django_assert_max_num_queries: Any
) -> None:
    for back in (3, 2, 1):
        paid(open_month - back)
    declared(open_month)
    for address in (*PAGES, f"/member/record/{open_month}/", f"/member/record/{open_month - 1}/"):
        with django_assert_max_num_queries(12):
            assert phone.get(address).status_code == 200


def test_member_pages_fit_one_round_of_tcp(phone: Client, paid: Any, open_month: Month) -> None:
    paid()
    phone.cookies[settings.LANGUAGE_COOKIE_NAME] = "lo"
    Employment.objects.update(start=date(2001, 1, 1))
    Employer.objects.update(first_month=Month(2001, 1))
    for address in (*PAGES, "/member/record/?all", f"/member/record/{open_month}/"):
        assert len(gzip.compress(phone.get(address).content)) <= 14_000, address


def test_old_years_come_on_request(phone: Client, factory: Employer) -> None:
    Employment.objects.update(start=date(2014, 1, 1))
    Employer.objects.update(first_month=Month(2014, 1))
    page = text(phone, "/member/record/")
    assert ">2014</strong>" not in page
    assert 'href="?all"' in page
    assert ">2014</strong>" in text(phone, "/member/record/?all")


def test_the_record_says_how_far_it_is_to_a_pension(phone: Client, paid: Any, open_month: Month) -> None:
    paid()
    page = text(phone, "/member/record/")
    assert "1 of 180 months" in page
    assert '<progress value="1" max="180"' in page
    assert "14 years and 11 months more for a pension at 55." in page
    assert "You lose nothing if it is paid later." in page
    assert "All months count together." in page


def test_missing_months_are_told_with_what_they_cost(
    phone: Client, paid: Any, open_month: Month, django_assert_max_num_queries: Any
) -> None:
    paid()
    with django_assert_max_num_queries(12):
        page = text(phone, "/member/record/missing/")
    assert "12 months less for your pension." in page
    assert "With it: yes. Without it: not today." in page  # one month is not enough for care; thirteen are


def test_before_any_month_is_paid_what_is_missing_is_told_with_few_queries(
    phone: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        assert "months less for your pension." in text(phone, "/member/record/missing/")


def test_a_month_says_what_the_money_buys_as_an_estimate(phone: Client, paid: Any, open_month: Month) -> None:
    paid()
    page = text(phone, f"/member/record/{open_month}/")
    for said in ("What the money buys", "270,000 kip", "15,000 kip", "60,000 kip", "(A-04)", "estimate"):
        assert said in page, said
