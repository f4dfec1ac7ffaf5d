"""The calculators: open to everyone, the law's own amounts to the kip, in both languages, with plain faults."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as some

from pakan.channels.openlaw.career import Career, career_of
from pakan.law.benefits import all_names, named
from pakan.law.contributions.rule import due, rates_for
from pakan.law.contributions.values import LAW
from pakan.law.told import read_insured
from pakan.units.money import Kip
from pakan.units.month import Month

pytestmark = pytest.mark.django_db
BIRTH = {
    "day": "05/10/2026", "q-claimant": "mother", "q-pregnancy_months": "9", "q-pregnancy_days": "0",
    "q-children": "1", "q-leave_days": "105", "q-leave_from": "", "born": "01/05/1990", "sex": "f",
    "career_scheme": "enterprise", "paid_months": "12", "wage": "4.000.000", "last_month": "",
}  # fmt: skip


def page(client: Client, address: str, asked: dict[str, Any] | None = None, language: str = "en") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(address, asked or {})
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_start_leads_to_every_benefit_without_sign_in(client: Client) -> None:
    shown = page(client, "/law/")
    for name in all_names():
        assert f'href="/law/benefit/{name}/"' in shown
    for address in ("contribution", "voluntary", "values", "open", "developers"):
        assert f'href="/law/{address}/"' in shown
    assert client.get("/law/").cookies.keys() <= {settings.CSRF_COOKIE_NAME}


@pytest.mark.parametrize("language", ["lo", "en"])
def test_every_page_opens_in_both_languages(client: Client, language: str) -> None:
    for address in ("", "contribution/", "voluntary/", "values/", "open/", "developers/"):
        assert f'<html lang="{language}">' in page(client, f"/law/{address}", language=language)
    for name in all_names():
        assert 'name="born"' in page(client, f"/law/benefit/{name}/", language=language)


def test_what_does_not_exist_is_not_there(client: Client) -> None:
    for address in ("benefit/nothing/", "values/nothing/", "values/branches/", "open/A-99/"):
        assert client.get(f"/law/{address}").status_code == 404, address


# Contributions


def test_the_contribution_of_a_round_wage(client: Client) -> None:
    asked = {"wage": "2.500.000", "month": "03/2026", "workers": "12", "scheme": "enterprise"}
    shown = page(client, "/law/contribution/", asked)
    for figure in ("1,800,000 kip", "1,650,000 kip", "3,450,000 kip", "2,650,000 kip", "2,362,500 kip"):
        assert figure in shown
    assert "For 12 employees" in shown
    assert "Law 34/NA (2013)" in shown


def test_lao_says_it_with_points_and_takes_lao_digits(client: Client) -> None:
    asked = {"wage": "໒໕໐໐໐໐໐", "month": "໐໓/໒໐໒໖", "workers": "໑", "scheme": "enterprise"}
    shown = page(client, "/law/contribution/", asked, "lo")
    assert "150.000 ກີບ" in shown and "137.500 ກີບ" in shown
    assert "ສ່ວນຂອງຜູ້ໃຊ້ແຮງງານ" in shown


@trying(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wage=some.integers(0, 9_000_000_000),
    month=some.integers(Month(2014, 1).number, Month(2040, 1).number),
    workers=some.integers(1, 1_000_000),
    scheme=some.sampled_from(["enterprise", "public"]),
)
def test_the_page_says_what_the_law_says(
    client: Client, wage: int, month: int, workers: int, scheme: Any
) -> None:
    of_month = Month(2000, 1) + (month - Month(2000, 1).number)
    owed = due(Kip(wage), rates_for(scheme, of_month))
    asked = {"wage": str(wage), "month": str(of_month), "workers": str(workers), "scheme": scheme}
    shown = page(client, "/law/contribution/", asked)
    for amount in (
        owed.employer * workers,
        owed.worker * workers,
        owed.total * workers,
        wage + owed.employer,
    ):
        assert f"{amount:,} kip" in shown


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"wage": "many"}, "Type an amount in whole kip"),
        ({"wage": "-5"}, "Type an amount in whole kip"),
        ({"wage": "9" * 15}, "This amount is too large"),
        ({"month": "13/2026"}, "Type month and year"),
        ({"month": "05/2001"}, "No such law before 1 June 2001"),
        ({"workers": "0"}, "Type a whole number from 1 to 1000000"),
        ({"workers": "9" * 30}, "Type a whole number from 1 to 1000000"),
        ({"month": "1" * 41}, "This is too long"),
    ],
)
def test_a_fault_is_said_beside_its_field(client: Client, changed: dict[str, str], said: str) -> None:
    asked = {"wage": "2500000", "month": "03/2026", "workers": "1", "scheme": "enterprise"}
    shown = page(client, "/law/contribution/", asked | changed)
    assert said in shown
    assert "aria-invalid" in shown
    assert "What does one more employee cost?" not in shown


def test_a_voluntary_member_pays_nine_percent_for_a_quarter(client: Client) -> None:
    shown = page(client, "/law/voluntary/", {"income": "2000000", "month": "11/2026", "rhythm": "3"})
    assert "180,000 kip" in shown and "540,000 kip" in shown
    assert "January 2027" in shown


def test_time_paid_ahead_is_reckoned_month_by_month(client: Client) -> None:
    """In August 2022 the lowest income rose from 1,100,000 to 1,200,000."""
    shown = page(client, "/law/voluntary/", {"income": "1000000", "month": "07/2022", "rhythm": "3"})
    assert f"{99_000 + 108_000 + 108_000:,} kip" in shown


# Benefits


def test_a_birth_in_a_few_words(client: Client) -> None:
    shown = page(client, "/law/benefit/maternity/", BIRTH)
    assert "Yes, there is a right to it" in shown
    assert "2,400,000" in shown and "11,200,000" in shown
    assert "This is an estimate" in shown and 'href="/law/open/A-21/"' in shown


def test_one_month_too_few_says_from_when(client: Client) -> None:
    shown = page(client, "/law/benefit/maternity/", BIRTH | {"paid_months": "8"})
    assert "Not yet" in shown and "What is missing" in shown
    assert "The right would begin on" in shown and "1 November 2026" in shown
    assert "2,400,000" not in shown


def test_the_same_in_lao_holds_no_english_sentence(client: Client) -> None:
    shown = page(client, "/law/benefit/maternity/", BIRTH, "lo")
    assert "ມີສິດໄດ້ຮັບ" in shown and "ນີ້ແມ່ນການຄາດຄະເນ" in shown
    for english in ("estimate", "Average insured wage", "What the law asks for", "Work it out"):
        assert english not in shown


def test_a_pension_without_a_published_formula_shows_no_sum(client: Client) -> None:
    asked = {
        "day": "15/08/2026", "born": "15/08/1966", "sex": "m", "career_scheme": "enterprise",
        "paid_months": "150", "wage": "3000000", "last_month": "", "hazardous_years": "0", "q-scheme": "last",
        "q-wants_early": "no", "q-poor_health": "no", "q-leaves_service": "no", "q-special_case": "no",
        "q-months_before_1975": "0", "q-points_hundredths": "",
    }  # fmt: skip
    shown = page(client, "/law/benefit/old_age/", asked)
    assert "Not yet" in shown
    person = career_of(Career(date(2026, 8, 15), date(1966, 8, 15), "m", 180, Kip(3_000_000)), LAW)
    told = named("old_age").decide(person, {}, date(2026, 8, 15))
    assert told.entitled
    kept = {f"{each.kip:,}" for each in told.amounts if each.staff_only}
    assert kept and "0" not in kept
    shown = page(client, "/law/benefit/old_age/", asked | {"paid_months": "180"})
    assert "Yes, there is a right to it" in shown
    assert not any(figure in shown for figure in kept)


def test_a_family_is_asked_for_and_counted(client: Client) -> None:
    asked = {
        "day": "05/10/2026", "born": "01/01/1960", "career_scheme": "enterprise", "paid_months": "60",
        "wage": "4000000", "last_month": "", "q-other_parents_record": "no", "spouse": "f",
        "spouse_born": "01/01/1965", "spouse_income": "no", "child_1": "05/05/2014", "child_2": "06/06/2018",
    }  # fmt: skip
    shown = page(client, "/law/benefit/survivors/", asked)
    assert "1,200,000" in shown and "800,000" in shown
    shown = page(client, "/law/benefit/survivors/", asked | {"spouse_born": ""})
    assert "Needed to know the age." in shown


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"day": "31/02/2026"}, "Type day, month, year"),
        ({"born": "01/01/2027"}, "So many months would begin before 1 January 2027"),
        ({"born": "01/01/2027", "paid_months": "0"}, "must not be before 1 January 2027"),
        ({"paid_months": "400"}, "So many months would begin before 1 June 2001"),
        ({"q-leave_days": "999"}, "Type a whole number from 0 to 365"),
        ({"q-claimant": "nobody"}, "nobody"),
        ({"career_scheme": "voluntary", "paid_months": "160"}, "This scheme begins on 1 January 2014"),
        ({"day": "01/01/2010"}, "must not be before"),
    ],
)
def test_a_situation_that_cannot_be(client: Client, changed: dict[str, str], said: str) -> None:
    shown = page(client, "/law/benefit/maternity/", BIRTH | changed)
    assert said in shown
    assert "Yes, there is a right to it" not in shown


def test_a_child_that_was_born_too_early_is_named(client: Client) -> None:
    asked = {
        "day": "05/10/2026", "born": "01/01/1990", "career_scheme": "enterprise", "paid_months": "60",
        "wage": "4000000", "spouse": "none", "child_3": "05/05/1980", "q-other_parents_record": "no",
    }  # fmt: skip
    shown = page(client, "/law/benefit/survivors/", asked)
    assert 'href="#id_child_3"' in shown


@trying(max_examples=80, deadline=None)
@given(
    months=some.integers(0, 120),
    wage=some.integers(1, 12_000_000),
    back=some.integers(1, 30),
    name=some.sampled_from(["maternity", "sickness", "unemployment", "invalidity"]),
)
def test_a_career_in_a_few_words_is_the_law_of_the_same_months(
    months: int, wage: int, back: int, name: str
) -> None:
    """Told shortly to the page or month by month to the law: the same kip."""
    answers = {
        "maternity": {"leave_days": 90},
        "sickness": {"cause": "other", "wage_stopped": True, "certificate": True},
        "unemployment": {"cause": "closed", "exit_certificate": True, "fit": True, "unemployed_days": 40},
        "invalidity": {"category": 2},
    }[name]
    day, last = date(2026, 10, 5), Month(2026, 10) - back
    short = career_of(Career(day, date(1980, 2, 29), "f", months, Kip(wage), last_month=last), LAW)
    lines = [
        {"month": str(last - ago), "wage": wage, "scheme": "enterprise", "paid": True}
        for ago in range(months)
    ]
    long = read_insured({"born": "1980-02-29", "sex": "f", "months": lines})
    ours, theirs = (named(name).decide(person, answers, day) for person in (short, long))
    assert ours.as_dict() == theirs.as_dict()
