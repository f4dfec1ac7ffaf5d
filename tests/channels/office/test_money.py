"""Money without an owner: found, weighed, planned, settled once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pakan.channels.office.pages.money import plan_of
from pakan.operations import collect
from pakan.operations.reconcile import prove
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.contributions.models import Obligation
from pakan.registers.payments.models import Receipt
from pakan.registers.people.models import Employer
from pakan.registers.records.models import Credit
from pakan.units.month import Month
from tests.channels.partners.bank_hall import Hall, declares, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def stray(hall: Hall, system: Actor, factory: Employer, open_month: Month) -> Receipt:
    """The factory pays two months, but with one digit of the reference wrong: nobody's money."""
    for month in (open_month - 1, open_month):
        declares(system, factory, month)
    notice = collect.ask(system, factory, [open_month - 1, open_month])
    wrong = notice.reference[:-1] + str((int(notice.reference[-1]) + 1) % 10)
    hall.tells(hall.notice(hall.pays(notice.amount + 70_000, wrong)))
    work()
    return Receipt.objects.get()


def settle_address(receipt: Receipt, **asked: str) -> str:
    return f"/office/money/{receipt.number}/settle/?" + "&".join(
        f"{key}={value}" for key, value in asked.items()
    )


def post_plan(client: Client, receipt: Receipt, page: Any) -> Any:
    plan = page.context["plan"]
    form = {
        "employer": plan.employer.code,
        "month": [str(month) for month in plan.months],
        "seal": plan.seal,
        "chosen": "1",
    }
    return client.post(f"/office/money/{receipt.number}/settle/", form)


def test_the_list_shows_amount_day_and_what_was_written_but_the_payer_in_part_only(
    officer: Client, stray: Receipt
) -> None:
    page = officer.get("/office/money/").content.decode()
    assert stray.number in page and stray.given_reference in page
    assert f"{stray.amount:,} kip" in page
    assert "FA•••" in page and "FACTORY" not in page


def test_the_list_asks_the_same_however_much_there_is(
    officer: Client, hall: Hall, django_assert_max_num_queries: Any
) -> None:
    for at in range(45):
        hall.tells(hall.notice(hall.pays(100_000 + at)))
    work()
    for number in ("1", "2", "3"):
        with django_assert_max_num_queries(25):
            page = officer.get(f"/office/money/?page={number}")
        assert page.status_code == 200
    assert len(page.context["rows"]) == 5
    assert officer.get("/office/money/?page=nonsense").context["page"].number == 1


def test_the_best_suggestion_comes_row_by_row(officer: Client, stray: Receipt, factory: Employer) -> None:
    page = officer.get("/office/money/").content.decode()
    assert f'hx-get="/office/money/{stray.number}/suggestion/"' in page
    found = officer.get(f"/office/money/{stray.number}/suggestion/").content.decode()
    assert factory.name_lo in found and "04512-01" in found


def test_suggestions_say_their_reasons_and_lead_to_their_plan(
    officer: Client, stray: Receipt, factory: Employer
) -> None:
    page = officer.get(f"/office/money/{stray.number}/")
    [offer] = page.context["offers"]
    assert offer["employer"] == factory
    text = page.content.decode()
    assert "What the payer wrote is nearly the reference of this notice." in text
    assert "•••0017" in text and "099000000017" not in text
    plan = officer.get(offer["url"]).context["plan"]
    assert (plan.employer, len(plan.months), plan.credit) == (factory, 2, 70_000)


def test_looking_at_the_plan_changes_nothing_and_the_button_does_exactly_that_plan(
    officer: Client, stray: Receipt, factory: Employer, open_month: Month
) -> None:
    page = officer.get(settle_address(stray, employer=factory.code))
    stray.refresh_from_db()
    assert (page.status_code, stray.state, Credit.objects.count()) == (200, "unmatched", 0)
    planned = {part.month: part.part for part in page.context["plan"].parts}
    answer = post_plan(officer, stray, page)
    assert (answer.status_code, answer["Location"]) == (302, f"/office/money/{stray.number}/")
    stray.refresh_from_db()
    assert {part.month: part.amount for part in stray.allocations.all()} == planned
    assert (stray.state, stray.credited) == ("matched", 70_000)
    assert Credit.objects.count() == 24  # twelve workers, two months
    assert [finding for finding in prove() if finding.differences] == []
    row = AuditRow.objects.get(act="reconcile.settle")
    assert (row.actor, row.employer_id, row.object) == ("dara", factory.id, stray.number)
    after = officer.get(answer["Location"]).content.decode()
    assert "Settled. The receipt is ready." in after and "receipt.pdf" in after


def test_the_receipt_is_a_pdf_once_the_money_has_an_owner(
    officer: Client, stray: Receipt, factory: Employer
) -> None:
    address = f"/office/money/{stray.number}/receipt.pdf"
    assert officer.get(address).status_code == 404
    post_plan(officer, stray, officer.get(settle_address(stray, employer=factory.code)))
    answer = officer.get(address)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert answer["Cache-Control"] and "no-store" in answer["Cache-Control"]


def test_only_the_chosen_months_are_settled_and_the_rest_is_credit(
    officer: Client, stray: Receipt, factory: Employer, open_month: Month
) -> None:
    page = officer.get(settle_address(stray, employer="04512-01", month=str(open_month), chosen="1"))
    plan = page.context["plan"]
    due = Obligation.objects.get(month=open_month.first).open
    assert (plan.months, plan.credit) == ([open_month], stray.amount - due)
    post_plan(officer, stray, page)
    stray.refresh_from_db()
    assert stray.credited == stray.amount - due
    assert Obligation.objects.get(month=(open_month - 1).first).settled == 0


def test_a_plan_that_grew_old_is_shown_anew_instead_of_carried_out(
    officer: Client, stray: Receipt, factory: Employer, hall: Hall, open_month: Month
) -> None:
    page = officer.get(settle_address(stray, employer=factory.code))
    right = collect.payment_queries.last_notice(factory, open_month)  # type: ignore[attr-defined]
    hall.tells(hall.notice(hall.pays(50_000, right.reference)))
    work()
    answer = post_plan(officer, stray, page)
    assert answer.status_code == 409
    assert "The debts changed while this page lay open." in answer.content.decode()
    stray.refresh_from_db()
    assert stray.state == "unmatched"


def test_settling_twice_settles_once_and_says_so(officer: Client, stray: Receipt, factory: Employer) -> None:
    page = officer.get(settle_address(stray, employer=factory.code))
    post_plan(officer, stray, page)
    answer = post_plan(officer, stray, page)
    assert answer.status_code == 302
    assert "Somebody has settled this money already." in officer.get(answer["Location"]).content.decode()
    assert AuditRow.objects.filter(act="reconcile.settle").count() == 1


def test_no_month_chosen_is_asked_about_not_guessed(
    officer: Client, stray: Receipt, factory: Employer
) -> None:
    for send in (officer.get, officer.post):
        address = f"/office/money/{stray.number}/settle/"
        answer = send(address, {"employer": factory.code, "chosen": "1"})
        assert answer.status_code == 422
        assert "Choose at least one month." in answer.content.decode()
    stray.refresh_from_db()
    assert stray.state == "unmatched"


def test_an_employer_who_owes_nothing_keeps_all_as_credit(
    officer: Client, stray: Receipt, other_factory: Employer
) -> None:
    page = officer.get(settle_address(stray, employer=other_factory.code))
    assert page.context["plan"].credit == stray.amount
    post_plan(officer, stray, page)
    stray.refresh_from_db()
    assert (stray.employer, stray.credited) == (other_factory, stray.amount)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "This field is required."),
        ("12345", "An employer&#x27;s number has seven digits, such as 12345-67."),
        ("99999-99", "No employer has this number."),
    ],
)
def test_a_wrong_number_is_said_at_its_place_and_kept(
    officer: Client, stray: Receipt, typed: str, says: str
) -> None:
    answer = officer.get(settle_address(stray, employer=typed))
    text = answer.content.decode()
    assert answer.status_code == 422 and says in text
    assert f'value="{typed}"' in text or not typed


def test_what_a_payer_wrote_is_text_and_never_markup(officer: Client, hall: Hall) -> None:
    hall.tells(hall.notice(hall.pays(5_000, "<script>alert(1)</script>", payer="<b>x</b>")))
    work()
    for address in ("/office/money/", f"/office/money/{Receipt.objects.get().number}/"):
        text = officer.get(address).content.decode()
        assert "<SCRIPT>" not in text and "&lt;SCRIPT&gt;" in text and "<b>" not in text


def test_an_auditor_reads_but_has_no_button(
    client_of: Callable[[Account], Client], auditor: Account, stray: Receipt, factory: Employer
) -> None:
    client = client_of(auditor)
    text = client.get(f"/office/money/{stray.number}/").content.decode()
    assert factory.name_lo in text and "settle" not in text
    assert client.get(settle_address(stray, employer=factory.code)).status_code == 404
    assert client.post(f"/office/money/{stray.number}/settle/", {"employer": factory.code}).status_code == 404


def test_a_receipt_that_is_not_there_is_not_there(officer: Client) -> None:
    for end in ("", "settle/", "suggestion/", "receipt.pdf"):
        assert officer.get(f"/office/money/R26-0000001-1/{end}").status_code == 404


def test_the_plan_takes_the_oldest_chosen_month_first(
    stray: Receipt, factory: Employer, open_month: Month
) -> None:
    stray.amount = 1_000
    months = [str(open_month), str(open_month - 1)]
    plan = plan_of(stray, factory, months)
    assert [(part.part, part.stays_open > 0) for part in plan.parts] == [(1_000, True), (0, True)]


def test_one_receipt_page_asks_little(officer: Client, stray: Receipt) -> None:
    with CaptureQueriesContext(connection) as asked:
        officer.get(f"/office/money/{stray.number}/")
    assert len(asked) <= 25


def test_the_pages_speak_lao_first(
    client_of: Callable[[Account], Client], finance: Account, stray: Receipt
) -> None:
    client = client_of(finance)
    assert settings.LANGUAGE_CODE == "lo"
    text = client.get(f"/office/money/{stray.number}/").content.decode()
    assert '<html lang="lo">' in text and "ຈັບຄູ່ກັບເດືອນເຫຼົ່ານີ້" in text
