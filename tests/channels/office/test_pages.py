"""The office's other pages: what waits, what the bank said, employers' accounts, the ledger, the proof."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.channels.office.wording import BANK_MESSAGES, masked_account, masked_name
from pakan.integrations.banks.bank import WORDS as BANK_WORDS
from pakan.operations import collect
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.access.roles import permissions
from pakan.registers.ledger.models import Entry
from pakan.registers.payments.models import BankMessage, Receipt, Statement
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from tests.channels.partners.bank_hall import Hall, declares, work
from tests.operations.test_wish import asked

pytestmark = pytest.mark.django_db

PAGES = ("", "money/", "bank/", "bank/statement/", "employers/", "ledger/", "ledger/1010/", "prove/")


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def lived(hall: Hall, system: Actor, factory: Employer, open_month: Month) -> Receipt:
    """A month declared and paid, and some money that nobody owns."""
    declares(system, factory, open_month)
    notice = collect.ask(system, factory, [open_month])
    hall.tells(hall.notice(hall.pays(notice.amount, notice.reference)))
    hall.tells(hall.notice(hall.pays(123_000, "GOLD")))
    work()
    return Receipt.objects.get(state="matched")


# Who may come in


@pytest.mark.parametrize("page", PAGES)
def test_nobody_sees_the_office_without_signing_in(page: str) -> None:
    answer = Client().get(f"/office/{page}")
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("page", PAGES)
def test_the_office_is_not_there_for_employers_and_members(
    page: str, client_of: Callable[[Account], Client], preparer: Account, approver: Account, member: Account
) -> None:
    for account in (preparer, approver, member):
        assert client_of(account).get(f"/office/{page}").status_code == 404


def test_each_officer_sees_in_the_menu_what_the_table_allows_and_nothing_else(
    client_of: Callable[[Account], Client], finance: Account, registrar: Account, auditor: Account
) -> None:
    for account in (finance, registrar, auditor):
        client = client_of(account)
        answer = client.get("/office/")
        offered = {item["url"] for item in answer.context["nav"]}
        for page in PAGES:
            name = client.get(f"/office/{page}").resolver_match.view_name
            allowed = bool(set(account.staff_roles) & permissions().addresses[name])
            assert client.get(f"/office/{page}").status_code == (200 if allowed else 404), page
            if page != "ledger/1010/":
                assert (f"/office/{page}" in offered) == allowed, page


@pytest.mark.parametrize("page", ["money/", "bank/", "bank/statement/", "employers/", "ledger/"])
def test_pages_that_only_show_refuse_to_be_posted_to(officer: Client, page: str) -> None:
    assert officer.post(f"/office/{page}").status_code == 405
    assert officer.get("/office/bank/statement/take-in/").status_code == 405


def test_what_changes_something_needs_the_forms_token(
    client_of: Callable[[Account], Client], finance: Account
) -> None:
    client = client_of(finance)
    client.handler.enforce_csrf_checks = True
    for page in ("prove/", "bank/statement/take-in/"):
        assert client.post(f"/office/{page}").status_code == 403
    assert not AuditRow.objects.filter(act__startswith="reconcile").exists()


# Work to do


def test_the_first_page_counts_what_waits_and_since_when(officer: Client, lived: Receipt, hall: Hall) -> None:
    body = hall.notice(hall.pays(9_000))
    hall.tells(body, {})
    work()
    hall.tells(hall.notice(hall.pays(8_000)))
    BankMessage.objects.filter(state="new").update(received_at=hall.now - timedelta(minutes=20))
    answer = officer.get("/office/")
    assert {item["label"] for item in answer.context["work"] if item["count"] == 1} == {
        "Money without an owner",
        "Bank messages without an outcome",
        "Refused bank messages",
    }
    assert {"Messages that reached no phone", "Work of the machine that gave up"} <= {
        item["label"] for item in answer.context["done"]
    }
    text = answer.content.decode()
    assert "20\xa0minutes ago" in text
    assert f"₭ {lived.amount + 123_000:,}" in text and "2 payments" in text


def test_the_first_page_asks_at_most_25_questions(
    officer: Client, lived: Receipt, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(25):
        officer.get("/office/")


def ended_job(state: str, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts)"
            " VALUES ('default', 'timetable.prove', '{}', 'todo', 0) RETURNING id"
        )
        [job_id] = cursor.fetchone()
        for step in ("doing", state):
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [step, job_id])
        cursor.execute("UPDATE procrastinate_events SET at = %s WHERE job_id = %s", [at, job_id])


@pytest.mark.parametrize(
    ("state", "says"), [("succeeded", "Everything agrees"), ("failed", "Something differs")]
)
def test_the_first_page_says_how_the_nights_proof_ended(
    officer: Client, now: datetime, state: str, says: str
) -> None:
    assert "Not yet" in text_of(officer, "/office/")
    ended_job(state, now)
    assert says in text_of(officer, "/office/")
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    counts = {item["label"]: item["count"] for item in officer.get("/office/").context["work"]}
    assert counts.get("Work of the machine that gave up", 0) == failed == (state == "failed")


def test_a_registrar_gets_no_figures_of_money(
    client_of: Callable[[Account], Client], registrar: Account, lived: Receipt
) -> None:
    answer = client_of(registrar).get("/office/")
    assert "sees_money" not in answer.context and "/office/employers/" in answer.content.decode()


def test_the_first_page_counts_the_lists_of_each_desk(
    client_of: Callable[[Account], Client],
    registrar: Account,
    communicator: Account,
    member: Account,
    as_actor: Callable[[Account], Actor],
) -> None:
    asked(as_actor(member))
    [row] = client_of(registrar).get("/office/").context["work"]
    assert (row["url"], row["count"]) == ("/office/corrections/", 1) and row["since"] is not None
    there = client_of(communicator).get("/office/").context
    assert there["work"] == [] and [item["url"] for item in there["done"]] == ["/office/deliveries/"]


# Bank messages


def test_a_refused_message_shows_its_reason_and_digest_and_nothing_of_its_payer(
    officer: Client, hall: Hall
) -> None:
    body = hall.notice(hall.pays(9_000, payer="SOMSACK TRADING"))
    hall.tells(body, hall.headers(body, key=b"not the bank's"))
    work()
    text = text_of(officer, "/office/bank/")
    assert "Its signature was wrong: forged, or changed on the way." in text
    assert officer.get("/office/bank/").context["refused"][0]["digest"] in text
    assert "SOMSACK" not in text and "9000" not in text and "099000000017" not in text


def test_every_reason_that_a_bank_message_can_have_is_a_sentence() -> None:
    assert BANK_WORDS.keys() <= BANK_MESSAGES.keys()


# The statement


def test_a_statement_confirms_what_was_told_and_finds_what_was_not(
    officer: Client, lived: Receipt, hall: Hall, system: Actor
) -> None:
    missed = hall.pays(77_000, "NOBODY TOLD")
    day = system.today.isoformat()
    answer = officer.post("/office/bank/statement/take-in/", {"day": day})
    assert answer["Location"] == f"/office/bank/statement/?day={day}"
    page = officer.get(answer["Location"])
    result = page.context["result"]
    assert (result["lines"], result["confirmed"], result["new"], result["differences"]) == (3, 2, 1, [])
    text = page.content.decode()
    assert missed in text and "Taken in. Nothing differs." in text
    lived.refresh_from_db()
    assert lived.confirmed_on == system.today
    before = Entry.objects.count()
    officer.post("/office/bank/statement/take-in/", {"day": day})
    again = officer.get(answer["Location"]).context["result"]
    assert (again["confirmed"], again["new"], Entry.objects.count()) == (3, 0, before)
    assert Statement.objects.count() == 1


def test_a_difference_on_the_statement_is_said_in_words(
    officer: Client, lived: Receipt, hall: Hall, system: Actor
) -> None:
    with hall.till.book.change() as base:
        base.execute(
            "update payments set amount = amount + 1 where bank_reference = ?", [lived.bank_reference]
        )
    day = system.today.isoformat()
    officer.post("/office/bank/statement/take-in/", {"day": day})
    text = text_of(officer, f"/office/bank/statement/?day={day}")
    assert "The statement says another amount than our receipt." in text and lived.bank_reference in text
    lived.refresh_from_db()
    assert lived.confirmed_on is None


def test_a_bank_that_does_not_answer_is_said_and_the_day_stays_typed(
    officer: Client, hall: Hall, settings: Any, system: Actor
) -> None:
    settings.BANKS = {"sandbox": settings.BANKS["sandbox"] | {"url": "http://127.0.0.1:9"}}
    answer = officer.post("/office/bank/statement/take-in/", {"day": system.today.isoformat()})
    text = answer.content.decode()
    assert answer.status_code == 503 and "The bank does not answer now." in text
    assert f'value="{system.today.isoformat()}"' in text and not Statement.objects.exists()


@pytest.mark.parametrize("typed", ["05/11/2026", "໐໕/໑໑/໒໐໒໖", "5.11.2026", "2026-11-05"])
def test_a_day_is_read_day_first_in_lao_digits_too(officer: Client, typed: str) -> None:
    assert officer.get("/office/bank/statement/", {"day": typed}).context["day"] == date(2026, 11, 5)


def test_the_day_of_a_payment_is_the_one_in_vientiane(officer: Client, hall: Hall, lived: Receipt) -> None:
    hall.tells(hall.notice(hall.pays(5_000, paid_at=datetime(2026, 3, 1, 17, 30, tzinfo=UTC))))
    work()
    assert "2 March 2026" in text_of(officer, "/office/money/")
    Receipt.objects.filter(id=lived.id).update(paid_at=datetime(2026, 3, 1, 17, 30, tzinfo=UTC))
    assert lived.employer is not None
    assert "2 March 2026" in text_of(officer, f"/office/employers/{lived.employer.code}/")


@pytest.mark.parametrize("typed", ["", "31/02/2026", "yesterday", "2999-01-01"])
def test_a_day_that_is_none_is_said_at_its_place(officer: Client, typed: str) -> None:
    answer = officer.post("/office/bank/statement/take-in/", {"day": typed})
    assert answer.status_code == 422 and answer.context["form"].errors["day"]
    assert officer.get(f"/office/bank/statement/?day={typed}").status_code == 200


# Employers


@pytest.mark.parametrize("typed", ["0451201", "04512-01", "໐໔໕໑໒໐໑", "ໂຮງງານຕັດ", "factory 045"])
def test_an_employer_is_found_by_number_or_the_beginning_of_its_name(
    officer: Client, factory: Employer, typed: str
) -> None:
    found = officer.get("/office/employers/", {"q": typed, "why": "account"}).context["found"]
    assert found == [factory]


def test_nothing_is_listed_before_something_is_known(
    officer: Client, factory: Employer, other_factory: Employer
) -> None:
    assert factory.name_lo not in text_of(officer, "/office/employers/")
    for typed in ("", "f", "   ", "%%%", "__________"):
        page = officer.get("/office/employers/", {"q": typed, "why": "account"})
        assert (page.status_code, page.context["found"]) == (200, [])
    assert officer.get("/office/employers/", {"q": "ໂຮງງານ", "why": "curiosity"}).context["found"] == []


def test_the_account_is_the_one_the_employer_sees_and_the_look_is_kept(
    officer: Client, lived: Receipt, factory: Employer, open_month: Month
) -> None:
    page = officer.get(f"/office/employers/{factory.code}/?why=audit")
    text = page.content.decode()
    account = page.context["account"]
    [debt] = account.rows
    assert (debt.month, debt.open, account.open) == (open_month, 0, 0)
    assert f"{debt.owed:,}" in text and lived.number in text
    assert page.context["missing_count"] == 12
    row = AuditRow.objects.get(act="look", employer_id=factory.id)
    assert (row.actor, row.purpose, row.door) == ("dara", "audit", "office")


def test_the_same_account_is_shown_to_a_registrar_without_the_way_to_the_money(
    client_of: Callable[[Account], Client], registrar: Account, lived: Receipt, factory: Employer
) -> None:
    text = text_of(client_of(registrar), f"/office/employers/{factory.code}/")
    assert lived.number in text and "/office/money/" not in text


def test_an_account_asks_the_same_for_many_months(
    officer: Client, system: Actor, factory: Employer, open_month: Month, django_assert_max_num_queries: Any
) -> None:
    for back in range(12):
        declares(system, factory, open_month - back)
    with django_assert_max_num_queries(25):
        officer.get(f"/office/employers/{factory.code}/")
    assert officer.get("/office/employers/9999999/").status_code == 404


# The ledger


def test_the_ledger_balances_and_opens_down_to_the_postings(
    officer: Client, lived: Receipt, factory: Employer
) -> None:
    page = officer.get("/office/ledger/")
    assert page.context["debits"] == page.context["credits"] == 2 * lived.amount + 123_000 - lived.amount
    bank = officer.get("/office/ledger/1010/")
    assert bank.context["balance"] == lived.amount + 123_000
    text = bank.content.decode()
    assert "Money came to the bank" in text and lived.bank_reference in text
    assert officer.get("/office/ledger/9999/").status_code == 404


def test_older_postings_follow_twenty_by_twenty_without_gap(officer: Client, hall: Hall) -> None:
    for at in range(45):
        hall.tells(hall.notice(hall.pays(1_000 + at)))
    work()
    seen: list[int] = []
    address = "/office/ledger/1010/"
    while address:
        page = officer.get(address)
        seen += [entry.debit for entry, _words in page.context["rows"]]
        address = f"/office/ledger/1010/?before={page.context['older']}" if page.context["older"] else ""
    assert seen == [1_000 + at for at in reversed(range(45))]
    assert len(officer.get("/office/ledger/1010/?before=²x").context["rows"]) == 20


# The proof


def test_prove_shows_every_promise_in_words_and_all_green(officer: Client, lived: Receipt) -> None:
    assert officer.get("/office/prove/").context["result"] is None
    answer = officer.post("/office/prove/")
    assert answer["Location"] == "/office/prove/"
    page = officer.get("/office/prove/")
    assert page.context["result"]["differences"] == 0
    text = page.content.decode()
    assert "Zero differences. The books are proven." in text
    assert "Every posting balances: debits equal credits." in text
    assert AuditRow.objects.get(act="reconcile.prove").actor == "dara"
    assert "Everything agrees" in text_of(officer, "/office/")


def test_prove_names_what_differs_first(officer: Client, lived: Receipt) -> None:
    Receipt.objects.filter(id=lived.id).update(allocated=lived.allocated - 1)
    officer.post("/office/prove/")
    page = officer.get("/office/prove/")
    first = page.context["result"]["findings"][0]
    assert first["invariant"] == "I7" and first["differences"] == 1
    text = page.content.decode()
    assert lived.number in text and "Do not mend by hand" in text


# Masks


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("SOMSACK TRADING", "SO••• TR•••"),
        ("ທ້າວ ບຸນມີ", "ທ້າ••• ບຸນ•••"),
        ("ແກ້ວມະນີ", "ແກ້ວ•••"),
        ("", ""),
    ],
)
def test_a_masked_name_keeps_whole_letters_of_its_beginning(name: str, shown: str) -> None:
    assert masked_name(name) == shown


def test_a_masked_account_keeps_four_digits() -> None:
    assert [masked_account(one) for one in ("099000000017", "0017", "")] == ["•••0017", "•••", ""]


# The kit's own page


def test_the_kit_is_shown_to_staff_only(
    officer: Client, client_of: Callable[[Account], Client], preparer: Account
) -> None:
    assert officer.get("/kit/").status_code == 200
    assert client_of(preparer).get("/kit/").status_code == 404
