"""Step 1: three equal ways to give the wages, columns confirmed once, and refusals that say what to do."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.channels.employer.conftest import Desk, rows_of, wage_file


def test_a_file_in_the_employers_layout_becomes_a_sheet(kham: Desk, workers: list[Person]) -> None:
    assert "Upload a file" in kham.look()
    answer = kham.client.post(kham.at(), {"key": "page-1", "file": wage_file(rows_of(workers))})
    assert answer["Location"] == kham.at("columns/")
    columns = kham.look("columns/")
    assert "ຊື່ ແລະ ນາມສະກຸນ" in columns and workers[0].number in columns
    page = kham.send("columns/", A="number", B="name", C="wage")
    assert "wages.csv, 12 rows read in" in page and "Every row is in order." in page


def test_confirmed_columns_are_remembered_for_the_next_file(kham: Desk, workers: list[Person]) -> None:
    kham.upload(wage_file(rows_of(workers)))
    answer = kham.client.post(kham.at(), {"key": "page-2", "file": wage_file(rows_of(workers, "3100000"))})
    assert answer["Location"] == kham.at("check/")
    assert kham.sheet.summary["wages"] == 12 * 3_100_000


def test_the_same_page_sent_twice_makes_one_sheet(kham: Desk, workers: list[Person]) -> None:
    for _ in range(2):
        kham.client.post(kham.at(), {"key": "page-1", "file": wage_file(rows_of(workers))})
    assert Sheet.objects.count() == 1


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"A": "number", "B": "name"}, "Choose the column with the wage."),
        ({"C": "wage"}, "Choose the column with the social security number or with the name."),
        ({"A": "number", "B": "wage", "C": "wage"}, "Each meaning can be chosen once only."),
    ],
)
def test_wrong_columns_are_refused_in_words_and_the_choice_is_kept(
    kham: Desk, workers: list[Person], columns: dict[str, str], says: str
) -> None:
    kham.client.post(kham.at(), {"key": "page-1", "file": wage_file(rows_of(workers))})
    answer = kham.client.post(kham.at("columns/"), columns)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert all(f'<option value="{field}" selected>' in page for field in set(columns.values()))


REFUSED = {
    "nothing chosen": (None, "Choose the file first."),
    "empty": (SimpleUploadedFile("wages.csv", b""), "The file is empty."),
    "a picture": (
        SimpleUploadedFile("wages.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        "Save it as xlsx, xls, ods or csv",
    ),
    "cut in the middle": (SimpleUploadedFile("wages.xlsx", b"PK\x03\x04" + bytes(400)), "Send it again"),
    "no table": (SimpleUploadedFile("wages.csv", b"hello\nworld\n"), "No wage table was found"),
    "program": (SimpleUploadedFile("wages.xlsm", b"a,b\n1,2\n"), "macro"),
    "too large": (SimpleUploadedFile("wages.csv", b"1,2,3\n" * 1_100_000), "larger than 5 MB"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_file_says_why_and_the_page_stays(kham: Desk, case: str) -> None:
    file, says = REFUSED[case]
    if file is not None:
        file.seek(0)
    answer = kham.client.post(kham.at(), {"key": "page-7"} | ({"file": file} if file else {}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page and 'role="alert"' in page
    assert 'name="key" value="page-7"' in page
    assert not Sheet.objects.exists()


def test_a_refusal_speaks_lao_to_who_reads_lao(kham: Desk) -> None:
    kham.client.cookies["language"] = "lo"
    answer = kham.client.post(
        kham.at(), {"key": "k", "file": SimpleUploadedFile("wages.csv", b"hello\nworld\n")}
    )
    assert "ບໍ່ພົບຕາຕະລາງເງິນເດືອນໃນໄຟລ໌" in answer.content.decode()


def test_last_month_again(kham: Desk, last_month: Declaration) -> None:
    assert "12 workers" in kham.look()
    page = kham.send("", way="last", key="k")
    assert "Last month&#x27;s wages again, 12 rows" in page and "Every row is in order." in page


def test_typing_saves_every_step(kham: Desk, workers: list[Person]) -> None:
    page = kham.send("", way="type", key="k")
    assert page.count('inputmode="numeric" autocomplete="off"') == 12
    half = {f"wage-{row}": "3.000.000" for row in range(1, 7)} | {
        f"was-wage-{row}": "" for row in range(1, 13)
    }
    page = kham.mend("save", back="typing", **half)
    assert 'value="3.000.000"' in page
    assert kham.sheet.summary["wages"] == 18_000_000
    rest = {f"wage-{row}": "2500000" for row in range(7, 13)} | {
        f"was-wage-{row}": "" for row in range(7, 13)
    }
    assert "Every row is in order." in kham.mend("go:check:", back="typing", **rest)


def test_a_month_without_workers(kham: Desk, workers: list[Person]) -> None:
    page = kham.send("", way="nobody", key="k")
    assert "Nobody worked this month" in page and "nothing will be paid" in page
    assert kham.sheet.summary["missing_count"] == 0


def test_what_was_begun_can_be_gone_on_with(kham: Desk, workers: list[Person]) -> None:
    kham.upload(wage_file(rows_of(workers)))
    page = kham.look()
    assert "You began this month already." in page and kham.at("check/") in page


def test_our_file_comes_with_the_workers_in_it(kham: Desk, workers: list[Person]) -> None:
    answer = kham.client.get(kham.at("template/"))
    assert answer.content.startswith(b"PK")
    assert (
        answer["Content-Disposition"]
        == f'attachment; filename="wages-{kham.employer.code}-{kham.month}.xlsx"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("ahead", [2, -40])
def test_a_month_that_cannot_be_declared_says_why(kham: Desk, ahead: int) -> None:
    month: Month = kham.month + ahead
    answer = kham.client.get(f"/employer/{kham.employer.code}/{month}/")
    assert answer.status_code == 422
    says = "This month has not begun." if ahead > 0 else "was not registered in this month"
    assert says in answer.content.decode()


def test_no_month_of_that_name_is_no_page(kham: Desk) -> None:
    assert kham.client.get(f"/employer/{kham.employer.code}/2026-13/").status_code == 404
