"""The statement on paper: sums, headings of years, pages, and no way in for a program."""

import io
from typing import Any

import pytest
from PIL import Image

from pakan.integrations.formats.letter import pictures, prepare, render
from tests.codes import codes_on

HOSTILE = '#panic("x") *b* _i_ $x$ @y <z> \\ "quoted" #import "kit.typ" `raw` // end'
CODE = "NCFOXN*TS3BH*6H.ODEFMQ0"


def row(month: str, **more: Any) -> dict[str, Any]:
    return {
        "month": month, "employer": "ໂຮງງານຕົວຢ່າງ", "employer_code": "0001047", "insured": 3_000_000,
        "employer_share": 180_000, "worker_share": 165_000,
    } | more  # fmt: skip


def letter(*rows: dict[str, Any], **more: Any) -> Any:
    return {
        "number": "S26-4F09A1B2C3", "person": "ບຸນມີ ສີວິໄລ", "person_number": "0123456789", "born": "1990-03-05",
        "rows": list(rows), "months": len(rows), "issued_on": "2026-11-23", "valid_until": "2027-02-21", "code": CODE,
        "verify_at": "https://pakan.example.la/verify/",
    } | more  # fmt: skip


def test_sums_and_years() -> None:
    shown = prepare.texts("statement", letter(row("2025-12"), row("2026-01"), row("2026-02", worker_share=1)))
    assert [(year, len(rows)) for year, rows in shown["years"]] == [("2025", 1), ("2026", 2)]
    assert (shown["employer"], shown["worker"], shown["total"]) == ("540.000", "330.001", "870.001")
    assert shown["years"][1][1][1][2:] == ["3.000.000", "180.000", "1", "180.001"]


def test_two_employers_in_one_month_are_two_lines_and_one_month() -> None:
    both = letter(row("2026-01"), row("2026-01", employer_code="0777702"), months=1)
    shown = prepare.texts("statement", both)
    assert shown["months"] == "1"
    assert len(shown["years"][0][1]) == 2
    assert render("statement", both).startswith(b"%PDF-")


@pytest.mark.parametrize(("many", "most"), [(0, 1), (1, 1), (12, 1), (24, 2), (120, 5)])
def test_the_code_stands_on_the_first_page(many: int, most: int) -> None:
    months = [f"{2016 + at // 12}-{at % 12 + 1:02d}" for at in range(many)]
    pages = pictures("statement", letter(*map(row, months)))
    found = [[code.text for code in codes_on(Image.open(io.BytesIO(page)))] for page in pages]
    assert found == [[CODE]] + [[]] * (len(pages) - 1)
    assert len(pages) <= most


def test_what_somebody_typed_is_never_a_program() -> None:
    hostile = letter(row("2026-01", employer=HOSTILE), person=HOSTILE)
    assert render("statement", hostile).startswith(b"%PDF-")
