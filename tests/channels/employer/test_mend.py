"""Step 2: everything that needs a look stands on one page, and one click or one corrected cell mends it."""

import io

import openpyxl
import pytest

from pakan.registers.contributions.models import Declaration, SheetLine
from pakan.registers.people.models import Employer, Person
from tests.channels.employer.conftest import Desk, rows_of, wage_file

Rows = list[tuple[str, str, str]]


@pytest.fixture
def rows(workers: list[Person], last_month: Declaration) -> Rows:
    return rows_of(workers)


def with_row(
    rows: Rows, at: int, number: str | None = None, name: str | None = None, wage: str | None = None
) -> Rows:
    was = rows[at]
    new = tuple(old if given is None else given for given, old in zip((number, name, wage), was, strict=True))
    return [*rows[:at], new, *rows[at + 1 :]]  # type: ignore[list-item]


def row_of(desk: Desk, number: str) -> int:
    return int(SheetLine.objects.get(sheet=desk.sheet, number=number).row)


def test_the_letter_o_is_mended_with_one_click(kham: Desk, rows: Rows) -> None:
    page = kham.upload(wage_file(with_row(rows, 3, wage="32OO000")))
    row = row_of(kham, rows[3][0])
    assert "not a number" in page and "Use 3,200,000" in page and "1 row" in page
    page = kham.mend(f"wage:{row}:3200000")
    assert "Every row is in order." in page
    assert SheetLine.objects.get(sheet=kham.sheet, row=row).wage == 3_200_000


def test_a_wage_is_corrected_in_its_place(kham: Desk, rows: Rows) -> None:
    kham.upload(wage_file(with_row(rows, 3, wage="300 USD")))
    row = row_of(kham, rows[3][0])
    assert 'value="300 USD"' in kham.look("check/")
    page = kham.mend("save", **{f"wage-{row}": "3.100.000", f"was-wage-{row}": "300 USD"})
    assert "Every row is in order." in page


def test_what_was_typed_is_not_lost_by_a_click_elsewhere(kham: Desk, rows: Rows) -> None:
    bad = with_row(with_row(rows, 3, wage="300 USD"), 5, wage="9800000")
    kham.upload(wage_file(bad))
    typed, asked = row_of(kham, rows[3][0]), row_of(kham, rows[5][0])
    page = kham.mend(
        f"confirm:{asked}:wage_jump", **{f"wage-{typed}": "3000000", f"was-wage-{typed}": "300 USD"}
    )
    assert "Every row is in order." in page


def test_a_number_with_a_slip_offers_the_person(kham: Desk, rows: Rows) -> None:
    right = rows[3][0]
    wrong = right[:-2] + right[-1] + right[-2]
    page = kham.upload(wage_file(with_row(rows, 3, number=wrong)))
    row = row_of(kham, wrong)
    assert f'value="number:{row}:{right}"' in page and f"It is {rows[3][1]}" in page
    assert "Every row is in order." in kham.mend(f"number:{row}:{right}")


def test_a_number_is_corrected_in_its_place(kham: Desk, rows: Rows) -> None:
    kham.upload(wage_file(with_row(rows, 3, number="0199999999")))
    row = row_of(kham, "0199999999")
    page = kham.mend("save", **{f"number-{row}": rows[3][0], f"was-number-{row}": "0199999999"})
    assert "Every row is in order." in page


def test_the_same_person_twice_is_added_up(kham: Desk, rows: Rows) -> None:
    page = kham.upload(wage_file([*rows, (rows[0][0], rows[0][1], "500000")]))
    second = SheetLine.objects.filter(sheet=kham.sheet, number=rows[0][0]).order_by("-row").first()
    assert second is not None and "Add both wages up" in page
    kham.mend(f"add_up:{second.row}:2")
    assert kham.sheet.summary["wages"] == 12 * 3_000_000 + 500_000 and kham.sheet.summary["errors"] == 0


def test_a_row_is_left_out_and_taken_in_again(kham: Desk, rows: Rows) -> None:
    kham.upload(wage_file(with_row(rows, 3, wage="nothing")))
    row = row_of(kham, rows[3][0])
    kham.mend(f"leave_out:{row}:")
    assert kham.sheet.summary["left_out"] == 1
    assert "Take in again" in kham.look("rows/")
    kham.mend(f"take_in:{row}:", back="rows")
    assert kham.sheet.summary["left_out"] == 0


def test_a_wage_under_the_floor_needs_a_reason(kham: Desk, rows: Rows) -> None:
    kham.upload(wage_file(with_row(rows, 3, wage="2000000")))
    row = row_of(kham, rows[3][0])
    assert "Choose a reason first." in kham.mend(f"confirm:{row}:under_floor")
    assert kham.sheet.summary["questions"] == 1
    assert "Choose a reason first." in kham.mend(f"confirm:{row}:under_floor", **{f"reason-{row}": "because"})
    page = kham.mend(f"confirm:{row}:under_floor", **{f"reason-{row}": "part_time"})
    assert "Every row is in order." in page
    assert "Confirmed: works part-time." in kham.look("rows/")


def test_one_answer_for_all_rows(kham: Desk, rows: Rows) -> None:
    for at in range(4):
        rows = with_row(rows, at, wage="9800000")
    page = kham.upload(wage_file(rows))
    assert "Confirm all 4 rows: large change" in page
    assert "Every row is in order." in kham.mend("confirm_all:0:wage_jump")


def test_one_reason_for_all_rows(kham: Desk, rows: Rows) -> None:
    for at in range(3):
        rows = with_row(rows, at, wage="2000000")
    page = kham.upload(wage_file(rows))
    assert "Confirm all 3 rows: low" in page
    kham.mend("confirm_all:0:under_floor")
    assert kham.sheet.summary["questions"] == 3
    assert "Every row is in order." in kham.mend(
        "confirm_all:0:under_floor", **{"reason-under_floor": "part_month"}
    )


def test_a_missing_worker_left_is_on_leave_or_was_forgotten(
    kham: Desk, rows: Rows, workers: list[Person]
) -> None:
    page = kham.upload(wage_file(rows[3:]))
    assert page.count("not in the list") == 3
    left, leave, forgotten = (worker.id for worker in workers[:3])
    assert "Write the last day of work" in kham.mend(f"left:{left}:")
    kham.mend(f"left:{left}:", **{f"on-{left}": str(kham.month.first)})
    kham.mend(f"leave:{leave}:")
    page = kham.mend(f"add_missing:{forgotten}:")
    assert "Every row is in order." in page and "on leave without pay" in page
    assert kham.sheet.summary["workers"] == 10
    assert "not in the list" in kham.mend(f"undo:{leave}:")


def test_a_new_worker_is_registered_on_a_page_of_its_own(kham: Desk, rows: Rows) -> None:
    page = kham.upload(wage_file([*rows, ("", "ນາງ ໃໝ່ ຄົນດີ", "2600000")]))
    row = SheetLine.objects.get(sheet=kham.sheet, number="").row
    assert kham.at(f"new/{row}/") in page
    form = kham.look(f"new/{row}/")
    assert 'value="ໃໝ່"' in form and 'value="ຄົນດີ"' in form and 'value="f"' in form and "checked" in form
    facts = {"given_name": "ໃໝ່", "family_name": "ຄົນດີ", "sex": "f"}
    answer = kham.client.post(kham.at(f"new/{row}/"), facts | {"birth_date": "2001-02-03", "phone": "12"})
    assert answer.status_code == 422 and "This is not a Lao phone number." in answer.content.decode()
    page = kham.send(f"new/{row}/", **facts, birth_date="2001-02-03", phone="020 5555 1234")
    assert "Every row is in order." in page
    assert kham.sheet.summary["joined"] == 1


def test_another_companys_worker_joins_after_a_question(
    kham: Desk, rows: Rows, other_factory: Employer
) -> None:
    stranger = Person.objects.filter(employments__employer=other_factory).first()
    assert stranger is not None
    page = kham.upload(wage_file([*rows, (stranger.number, stranger.name, "2600000")]))
    row = row_of(kham, stranger.number)
    assert "joins" in page
    assert "Every row is in order." in kham.mend(f"confirm:{row}:joins")


def test_a_strangers_name_is_never_shown(kham: Desk, rows: Rows, other_factory: Employer) -> None:
    stranger = Person.objects.filter(employments__employer=other_factory).order_by("number").last()
    assert stranger is not None
    page = kham.upload(wage_file([*rows, (stranger.number, "ສົມໃຈ ດວງດີ", "2600000")]))
    assert "somebody with another name" in page and stranger.name not in page


def test_two_pages_open_at_once(kham: Desk, rows: Rows) -> None:
    """A page that lay open does not write its old values over what a colleague mended meanwhile."""
    kham.upload(wage_file(with_row(rows, 3, wage="300 USD")))
    row, old = row_of(kham, rows[3][0]), kham.sheet.id
    kham.mend(f"wage:{row}:3100000")
    kham.mend("save", **{f"wage-{row}": "300 USD", f"was-wage-{row}": "300 USD"})
    assert SheetLine.objects.get(sheet=old, row=row).wage == 3_100_000
    kham.client.post(kham.at(), {"key": "page-2", "file": wage_file(rows)})
    page = kham.send("mend/", sheet=old, do=f"leave_out:{row}:")
    assert "Somebody changed this month since you opened the page." in page
    assert kham.sheet.summary["left_out"] == 0


def test_a_row_that_is_gone_says_so(kham: Desk, rows: Rows) -> None:
    kham.upload(wage_file(rows))
    assert "Somebody changed this month" in kham.mend("leave_out:9999:")


def test_the_marked_file_carries_the_words(kham: Desk, rows: Rows) -> None:
    kham.upload(wage_file(with_row(rows, 3, wage="32OO000")))
    answer = kham.client.get(kham.at("marked/"))
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value]
    assert any(cell.startswith("not a number: A letter stands") for cell in cells)


def test_rows_are_found_by_name_and_paged(kham: Desk, rows: Rows) -> None:
    kham.upload(wage_file(rows))
    page = kham.look(f"rows/?q={rows[4][0]}")
    assert rows[4][1] in page and rows[5][1] not in page
    assert "No row was found" in kham.look("rows/?q=zzz")


def test_a_workers_amounts_are_explained_with_their_articles(kham: Desk, rows: Rows) -> None:
    kham.upload(wage_file(with_row(rows, 3, wage="9800000")))
    page = kham.look(f"worker/{rows[3][0]}/")
    assert "only 4,500,000 kip count" in page
    assert "₭ 270,000" in page and "₭ 247,500" in page and "34/NA" in page
    kham.look("worker/0199999999/", status=404)


def test_a_new_worker_who_looks_like_somebody_on_record_is_asked_about(
    kham: Desk, rows: Rows, other_factory: Employer
) -> None:
    known = Person.objects.filter(employments__employer=other_factory).order_by("id")[0]
    kham.upload(wage_file([*rows, ("", known.name, "2600000")]))
    row = SheetLine.objects.get(sheet=kham.sheet, number="").row
    facts = {
        "given_name": known.given_name, "family_name": known.family_name, "sex": known.sex,
        "birth_date": f"{known.birth_date}",
    }  # fmt: skip
    answer = kham.client.post(kham.at(f"new/{row}/"), facts)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Somebody like this is on record already" in page
    assert known.number not in page and str(known.birth_date.year) in page
    answer = kham.client.post(kham.at(f"new/{row}/"), facts | {"same": "0", "reason": "x"})
    assert answer.status_code == 422 and "Say why, in a few words." in answer.content.decode()
    before = Person.objects.count()
    page = kham.send(f"new/{row}/", **facts, same=str(known.id))
    assert Person.objects.count() == before and "Every row is in order." in page
    assert SheetLine.objects.get(sheet=kham.sheet, row=row).number == known.number
