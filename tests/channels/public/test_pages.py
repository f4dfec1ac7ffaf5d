"""What anyone sees: the start page, the language, health, and whether a receipt is real."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from procrastinate.contrib.django import app

from pakan.channels.public.pages import health
from pakan.channels.public.pages.check import masked_name
from pakan.registers.access.models import Account
from pakan.registers.payments.models import Allocation, Receipt
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from pakan.units.number import receipt_number


def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_the_start_page_is_lao_and_leads_everyone_on(client: Client, db: None) -> None:
    page = client.get("/").content.decode()
    assert '<html lang="lo">' in page
    assert "ທ່ານແມ່ນໃຜ?" in page
    assert 'href="tel:1508"' in page
    for address in ("/member/", "/employer/", "/office/", "/check/"):
        assert f'href="{address}"' in page


def test_the_start_page_in_english(client: Client, db: None) -> None:
    page = english(client).get("/").content.decode()
    assert '<html lang="en">' in page
    assert "Who are you?" in page


def test_the_language_changes_and_the_page_stays(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/check/?number=1"})
    assert answer.headers["Location"] == "/check/?number=1"
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, bool(cookie["httponly"]), cookie["samesite"]) == ("en", True, "Lax")
    assert '<html lang="en">' in client.get("/").content.decode()


def test_a_language_we_do_not_speak_changes_nothing(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "xx", "next": "/check/"})
    assert answer.headers["Location"] == "/check/"
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_the_language_is_kept_for_the_account(preparer: Account, client_of: Any) -> None:
    client_of(preparer).post("/language/", {"language": "en", "next": "/"})
    preparer.refresh_from_db()
    assert preparer.language == "en"


def test_health_says_little_and_nothing_personal(client: Client, db: None) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"database": "up", "queue": "up", "oldest_job_seconds": 0}


def test_health_reports_a_queue_that_stands_still(client: Client, db: None) -> None:
    app.configure_task("nobody.works", schedule_at=datetime.now(UTC) - timedelta(hours=1)).defer()
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["queue"] == "late"
    assert answer.json()["oldest_job_seconds"] >= 3600


def test_a_job_for_later_is_not_late(client: Client, db: None) -> None:
    app.configure_task("nobody.works", schedule_at=datetime.now(UTC) + timedelta(hours=1)).defer()
    assert client.get("/health").status_code == 200


def test_health_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> int:
        raise OperationalError("no route")

    monkeypatch.setattr(health, "_oldest_job", away)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"database": "down", "queue": "unknown"}


# Receipts

NUMBER = receipt_number(2026, 123)
WRONG_DIGIT = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)


@pytest.fixture
def receipt(factory: Employer, now: datetime) -> Receipt:
    made = Receipt.objects.create(
        number=NUMBER, bank="sandbox", account="1", bank_reference="FT-SECRET-1", amount=4_140_000,
        paid_at=datetime(2026, 11, 10, 20, tzinfo=UTC), payer_name="PAYER OF NOBODY'S BUSINESS",
        payer_account="010999", state="matched", employer=factory, allocated=4_140_000, received_at=now,
    )  # fmt: skip
    Allocation.objects.create(receipt=made, employer=factory, month=Month(2026, 10), amount=4_140_000, at=now)
    return made


def test_a_real_receipt_shows_what_the_paper_shows(client: Client, receipt: Receipt) -> None:
    page = english(client).get(f"/check/{NUMBER}/").content.decode()
    for shown in (
        "This receipt is real",
        NUMBER,
        "4,140,000 kip",
        "October 2026",
        "11 November 2026",
        "•••12-01",
    ):
        assert shown in page
    for hidden in (receipt.payer_name, "010999", "FT-SECRET", "0451201", "04512-01", "ດອກຈຳປາ", "BUSINESS"):
        assert hidden not in page


def test_no_such_receipt_is_said_plainly(client: Client, receipt: Receipt) -> None:
    answer = english(client).get(f"/check/{receipt_number(2026, 124)}/")
    assert answer.status_code == 404
    assert "There is no such receipt" in answer.content.decode()


def test_a_mistyped_digit_is_told_apart(client: Client, receipt: Receipt) -> None:
    english(client)
    for answer in (client.get(f"/check/{WRONG_DIGIT}/"), client.get("/check/", {"number": WRONG_DIGIT})):
        assert "One digit of this number is wrong" in answer.content.decode()
        assert "There is no such receipt" not in answer.content.decode()
    assert (
        "This is not the number of a receipt" in client.get("/check/", {"number": "hello"}).content.decode()
    )


def test_the_question_leads_to_the_answer_also_in_lao_digits(client: Client, receipt: Receipt) -> None:
    typed = NUMBER.replace("-", " ").translate(str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙"))
    answer = client.get("/check/", {"number": typed})
    assert answer.headers["Location"] == f"/check/{NUMBER}/"


def test_nobody_reads_all_receipts_by_asking(client: Client, receipt: Receipt) -> None:
    answers = [client.get(f"/check/{receipt_number(2026, 200 + at)}/").status_code for at in range(31)]
    assert answers == [404] * 30 + [429]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ໂຮງງານຕັດຫຍິບ", "ໂຮງງາ•••"),
        ("ບໍລິສັດ ກ", "ບໍລິສັ•••"),
        ("ນ້ຳປາ", "ນ້ຳປາ•••"),
        ("AB", "AB•••"),
        ("ເຟີນີເຈີ", "ເຟີນີເຈີ•••"),
    ],
)
def test_a_name_is_masked_between_letters_and_never_inside_one(name: str, shown: str) -> None:
    assert masked_name(name) == shown


def test_public_pages_need_few_queries(
    client: Client, receipt: Receipt, django_assert_max_num_queries: Any
) -> None:
    for address in ("/", "/sign-in/", "/check/", f"/check/{NUMBER}/", "/health"):
        with django_assert_max_num_queries(12):
            client.get(address)


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/check/"])
def test_the_first_page_fits_one_round_of_tcp(client: Client, db: None, address: str) -> None:
    import gzip

    assert len(gzip.compress(client.get(address).content)) <= 14_000
