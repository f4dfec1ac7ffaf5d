"""The drawings: columns that compare from zero, months without a gap, and the same figures in the table and in words."""

import re
from html import unescape

import pytest
from django.template import Context, Template
from django.utils.translation import override

from pakan.channels.kit.charts import AGES, MOST, PITCH, TALL, WIDTH, Declared, drawings, last_twelve
from pakan.registers.contributions.arrears import OVERDUE
from pakan.units.month import Month

NEWEST = Month(2026, 10)


def months(*wages: int | None) -> list[Declared]:
    """These wages, the last one in NEWEST, each month with a tenth of a thousandth as workers."""
    start = NEWEST - (len(wages) - 1)
    return [Declared(start + at, kip, kip and kip // 10_000) for at, kip in enumerate(wages)]


def test_twelve_months_are_the_newest_and_those_before_fall_out() -> None:
    found = last_twelve(months(*range(100_000, 1_600_000, 100_000)))
    assert len(found) == MOST
    assert (found[0].month, found[-1].month) == (NEWEST - 11, NEWEST)
    assert found[-1].wages == 1_500_000


def test_a_month_that_nobody_declared_stands_empty_in_its_place() -> None:
    found = last_twelve([*months(200_000, None, 100_000), Declared(NEWEST + 1, None, None)])
    assert [(one.month, one.wages) for one in found] == [
        (NEWEST - 2, 200_000),
        (NEWEST - 1, None),
        (NEWEST, 100_000),
    ]
    assert last_twelve(months(None, None)) == last_twelve([]) == []


def test_the_order_in_which_months_come_does_not_matter() -> None:
    given = months(100_000, 300_000, 200_000)
    assert last_twelve(given[::-1]) == last_twelve(given) == given


def test_columns_begin_at_zero_so_that_their_lengths_compare() -> None:
    wages, workers = drawings(months(1_000_000, 500_000, 0))
    assert [int(tall) for _x, _y, _wide, tall in wages.columns] == [TALL, TALL // 2, 0]
    assert [int(y) + int(tall) for _x, y, _wide, tall in wages.columns] == [TALL] * 3
    assert [int(x) for x, _y, _wide, _tall in wages.columns] == [
        at * PITCH + (PITCH - WIDTH) // 2 for at in range(3)
    ]
    assert (
        workers.columns == wages.columns
    )  # a hundred workers a million: drawn alike, each against its own most


def test_months_of_nothing_draw_nothing_and_divide_by_nothing() -> None:
    for drawing in drawings(months(0, 0)):
        assert [tall for _x, _y, _wide, tall in drawing.columns] == ["0", "0"]


@pytest.mark.parametrize(
    ("language", "says", "most"),
    [
        ("en", "Insured wages, August 2026 to October 2026. First: ₭ 1,000,000. Last: ₭ 0. Most: ₭ 2,500,000.", "₭ 2,500,000"),
        ("lo", "ສິງຫາ 2026", "₭ 2.500.000"),
    ],
)  # fmt: skip
def test_who_does_not_see_the_columns_reads_first_last_and_most(language: str, says: str, most: str) -> None:
    with override(language):
        wages, workers = drawings(months(1_000_000, 2_500_000, 0))
    assert says in wages.says and wages.most == most
    assert workers.most == "250"


def test_every_figure_of_a_drawing_is_written_without_dots_of_a_language() -> None:
    page = write(months(*[12_345_678] * 12))
    for value in re.findall(r' (?:x|y|width|height)="([^"]*)"', page):
        assert value.isdigit(), value


def test_the_table_beside_says_the_same() -> None:
    found = months(1_000_000, None, 2_500_000)
    page = write(found)
    cells = [unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", page)]
    assert cells == ["1.000.000", "100", "—", "—", "2.500.000", "250"]
    assert page.count("<rect") == 2 * len(found)
    assert "<table" not in write(found, table=False)


def test_one_month_is_no_picture() -> None:
    assert write(months(1_000_000)).strip() == ""


def test_every_age_of_a_debt_has_its_words() -> None:
    assert tuple(AGES) == OVERDUE
    with override("lo"):
        assert all(any("\u0e80" <= letter <= "\u0eff" for letter in str(words)) for words in AGES.values())


def test_a_bar_may_lead_somewhere() -> None:
    rows = [{"label": "ແຂວງ", "value": 5, "url": "?province=01&age=30"}, {"label": "ອື່ນ", "value": 0}]
    with override("lo"):
        page = Template("{% load kit %}{% bars 'x' rows %}").render(Context({"rows": rows}))
    assert '<a href="?province=01&amp;age=30">ແຂວງ</a>' in page
    assert page.count("<a ") == 1


def write(found: list[Declared], table: bool = True) -> str:
    with override("lo"):
        return Template("{% load kit %}{% year found table %}").render(
            Context({"found": found, "table": table})
        )
