"""Wage files as employers really make them come in, are recognised, confirmed once and remembered."""

import csv
import io
from collections.abc import Sequence

import pytest
from django.db import connection

from pakan.operations import declare
from pakan.registers.access.actor import Actor
from pakan.registers.contributions.models import Layout, Sheet
from pakan.registers.documents.models import Document
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.integrations.formats.wagefile import wagefile_samples as make
from tests.operations.desk import HEADER, at_once, codes, file_of, found, lines, rows_of, sheet_of, upload

pytestmark = pytest.mark.django_db

LAO = str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙")


def as_csv(rows: Sequence[Sequence[object]], delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def titled(workers: Sequence[Person]) -> list[list[object]]:
    """Title rows, merged-looking header, a blank row in the middle, a totals row and signatures."""
    rows = rows_of(workers)
    return [
        ["ບໍລິສັດ ດອກຈຳປາ ຈຳກັດ"],
        ["ລາຍຊື່ພະນັກງານ ແລະ ເງິນເດືອນ ປະຈຳເດືອນ 10/2026"],
        [],
        HEADER,
        *rows[:5],
        [],
        *rows[5:],
        ["", "", "ລວມທັງໝົດ", 3_000_000 * len(rows)],
        [],
        ["", "ຜູ້ສະຫຼຸບ", "ຜູ້ອຳນວຍການ"],
    ]


def lao_digits(workers: Sequence[Person]) -> list[list[object]]:
    return [
        ["ລະຫັດ ປກສ", "ຊື່ ແລະ ນາມສະກຸນ", "ເງິນເດືອນ"],
        *([worker.number.translate(LAO), worker.name, "3.000.000".translate(LAO)] for worker in workers),
    ]


def in_english(workers: Sequence[Person]) -> list[list[object]]:
    return [
        ["No", "Name", "Basic salary (LAK)", "SSO number"],
        *([at, worker.name, "3,000,000", worker.number] for at, worker in enumerate(workers, 1)),
    ]


def spaced(workers: Sequence[Person]) -> list[list[object]]:
    """Numbers as we print them, names in two columns, amounts as text with the sign of the kip."""
    return [
        ["ລະຫັດປະກັນສັງຄົມ", "ຊື່", "ນາມສະກຸນ", "ເງິນເດືອນ"],
        *(
            [
                f"{worker.number[:2]} {worker.number[2:6]} {worker.number[6:]}",
                worker.given_name,
                worker.family_name,
                "3 000 000 ກີບ",
            ]
            for worker in workers
        ),
    ]


LAYOUTS = {
    "titles.xlsx": lambda workers: make.xlsx(titled(workers)),
    "titles.ods": lambda workers: make.ods(titled(workers)),
    "titles.xls": lambda workers: make.xls(titled(workers)),
    "titles.csv": lambda workers: as_csv(titled(workers)),
    "lao.xlsx": lambda workers: make.xlsx(lao_digits(workers)),
    "lao.csv": lambda workers: as_csv(lao_digits(workers), ";"),
    "english.xlsx": lambda workers: make.xlsx(in_english(workers)),
    "english.csv": lambda workers: as_csv(in_english(workers), "\t", "utf-16"),
    "spaced.ods": lambda workers: make.ods(spaced(workers)),
    "second sheet.xlsx": lambda workers: make.xlsx(
        [["ຄຳແນະນຳ"], ["ກະລຸນາຢ່າລຶບ"]], in_english(workers), names=("ອ່ານກ່ອນ", "ເງິນເດືອນ")
    ),
    "hidden old year.xlsx": lambda workers: make.xlsx(
        [HEADER, *rows_of(workers[:4], 1)], titled(workers), names=("2025", "2026"), hidden=(0,)
    ),
}


@pytest.mark.parametrize("filename", LAYOUTS)
def test_an_own_layout_is_recognised_confirmed_once_and_remembered(
    filename: str, kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    content = LAYOUTS[filename](workers)
    uploaded = declare.read_file(filename, content)
    read = declare.take_in(kham, factory, open_month - 1, uploaded, "one")
    assert (read.state, read.document is not None and bytes(read.document.content)) == ("read", content)
    columns = declare.columns_offered(read)
    offered = {column.field: column.letter for column in columns if column.field}
    assert {"number", "wage"} <= offered.keys()
    assert all(column.samples or column.header for column in columns)

    sheet = declare.confirm_columns(kham, read, offered)
    assert sheet.state == Sheet.State.OPEN
    assert [(line.person_id, line.wage) for line in lines(sheet).values()] == [
        (worker.id, 3_000_000) for worker in workers
    ]
    assert (codes(sheet), sheet.summary["missing_count"], sheet.summary["wages"]) == ({}, 0, 36_000_000)
    assert sheet.summary["stated_total"] == (
        36_000_000 if "titles" in filename or "old" in filename else None
    )

    following = declare.take_in(kham, factory, open_month, uploaded, "two")
    assert (following.state, len(lines(following)), codes(following)) == ("open", 12, {})
    assert Layout.objects.count() == 1


def test_next_months_file_of_the_same_make_with_a_line_more_above_needs_no_confirmation(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    upload(kham, factory, open_month - 1, make.xlsx(titled(workers), names=("ຕຸລາ 2026",)), "one")
    rows = [["ສະບັບປັບປຸງ"], *titled(workers[:9])]
    read = declare.read_file("november.xlsx", make.xlsx(rows, names=("ພະຈິກ 2026",)))
    sheet = declare.take_in(kham, factory, open_month, read, "two")
    assert (sheet.state, len(lines(sheet)), sheet.summary["missing_count"]) == ("open", 9, 3)


def test_what_one_employer_confirmed_is_not_taken_for_another(
    kham: Actor, factory: Employer, other_factory: Employer, workers: list[Person], open_month: Month, stranger_at
) -> None:  # fmt: skip
    upload(kham, factory, open_month, file_of(rows_of(workers)), "one")
    other = stranger_at(other_factory)
    read = declare.read_file("w.xlsx", file_of(rows_of(workers)))
    assert declare.take_in(other, other_factory, open_month, read, "two").state == Sheet.State.READ


def test_the_person_decides_which_column_is_the_wage(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    table = [["ລະຫັດປະກັນສັງຄົມ", "ຊື່ ແລະ ນາມສະກຸນ", "ເງິນເດືອນພື້ນຖານ", "ເງິນເດືອນລວມ"]]
    table += [[worker.number, worker.name, 2_600_000, 3_100_000] for worker in workers]
    for key, letter, wage in (("a", "C", 2_600_000), ("b", "D", 3_100_000)):
        read = declare.take_in(kham, factory, open_month, declare.read_file("w.xlsx", make.xlsx(table)), key)
        sheet = declare.confirm_columns(kham, read, {"number": "A", "name": "B", "wage": letter})
        assert {line.wage for line in lines(sheet).values()} == {wage}
    remembered = Layout.objects.get().layout["columns"]
    assert remembered == {"number": "A", "name": "B", "wage": "D"}


@pytest.mark.parametrize(
    ("columns", "refused"),
    [
        ({}, ["number_or_name_needed", "wage_needed"]),
        ({"number": "B"}, ["wage_needed"]),
        ({"wage": "D"}, ["number_or_name_needed"]),
        ({"number": "B", "wage": "B"}, ["twice"]),
        ({"nonsense": "A", "remark": "E"}, ["number_or_name_needed", "wage_needed"]),
    ],
)
def test_columns_that_make_no_wage_list_are_refused_with_every_reason(
    columns: dict[str, str], refused: list[str], kham: Actor, factory: Employer, workers: list[Person],
    open_month: Month,
) -> None:  # fmt: skip
    read = declare.read_file("w.xlsx", file_of(rows_of(workers)))
    sheet = declare.take_in(kham, factory, open_month, read, "one")
    with pytest.raises(declare.ColumnsRefused) as fault:
        declare.confirm_columns(kham, sheet, columns)
    assert fault.value.codes == refused
    sheet.refresh_from_db()
    assert (sheet.state, Layout.objects.count()) == ("read", 0)


def test_columns_of_a_signed_or_replaced_sheet_are_not_confirmed_again(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    columns = {"number": "B", "name": "C", "wage": "D"}
    sheet = upload(kham, factory, open_month, file_of(rows_of(workers)), "one")
    sheet = declare.hand_over(kham, sheet, sheet.revision)
    with pytest.raises(declare.AlreadyApproved):
        declare.confirm_columns(kham, sheet, columns)
    declare.approve(noy, sheet, sheet.revision)
    with pytest.raises(declare.AlreadyApproved):
        declare.confirm_columns(kham, sheet, columns)
    replaced = upload(kham, factory, open_month - 1, file_of(rows_of(workers)), "two")
    sheet_of(kham, factory, open_month - 1, rows_of(workers), "three")
    with pytest.raises(declare.AlreadyApproved):
        declare.confirm_columns(kham, replaced, columns)
    assert sorted(Sheet.objects.values_list("state", flat=True)) == ["approved", "open", "replaced"]


def test_the_same_page_sent_twice_is_one_sheet_and_one_kept_file(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    read = declare.read_file("w.xlsx", file_of(rows_of(workers)))
    one, two = (declare.take_in(kham, factory, open_month, read, "same") for _ in range(2))
    assert (one.id, Sheet.objects.count(), Document.objects.count()) == (two.id, 1, 1)
    typed = [declare.start_typing(kham, factory, open_month, "typed") for _ in range(2)]
    assert typed[0].id == typed[1].id != one.id
    one.refresh_from_db()
    assert one.state == Sheet.State.REPLACED


def test_a_new_file_replaces_the_sheet_before_and_both_files_stay(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    first = sheet_of(kham, factory, open_month, rows_of(workers), "one")
    second = sheet_of(kham, factory, open_month, rows_of(workers, 3_300_000), "two")
    first.refresh_from_db()
    assert (first.state, second.state, Document.objects.count()) == ("replaced", "open", 2)
    assert len(lines(first)) == 12
    with pytest.raises(declare.AlreadyApproved):
        declare.write_line(kham, first, 2, wage="1")


def test_an_errors_cell_is_shown_where_it_stands(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    rows = rows_of(workers)
    rows[0][3] = ("=1/0", "#DIV/0!")
    rows[1][1] = ("=VLOOKUP(A3;x;1)", "#N/A")
    rows[2][3] = ("=2*1500000", 3_000_000)
    sheet = upload(kham, factory, open_month, file_of(rows))
    assert found(sheet, 2)["wage_error_cell"]["facts"] == {"error": "#DIV/0!"}
    assert set(codes(sheet)) == {2, 3} and "wage_error_cell" not in found(sheet, 3)
    assert lines(sheet)[3].wage == 3_000_000
    assert found(sheet, 4)["wage_from_formula"]["level"] == "note"
    sheet = declare.write_line(kham, sheet, 2, wage="3.000.000")
    assert lines(sheet)[2].wage == 3_000_000 and 2 not in codes(sheet)
    assert 2 not in codes(declare.write_line(kham, sheet, 4, wage="3.100.000"))


@pytest.mark.parametrize(
    ("cell", "wage", "code"),
    [
        (3_000_000.0, 3_000_000, None),
        (3_000_000.5, None, "wage_decimals"),
        (500.125, None, "wage_decimals"),
        (2_500_000 / 7, None, "wage_decimals"),
        (1e20, None, "wage_too_large"),
        (-5, None, "wage_negative"),
        ("500.125", 500_125, None),
    ],
)
def test_a_number_cell_means_the_number_that_stands_in_it(
    cell: object, wage: int | None, code: str | None, kham: Actor, factory: Employer, workers: list[Person],
    open_month: Month,
) -> None:  # fmt: skip
    rows = rows_of(workers)
    rows[0][3] = cell
    sheet = upload(kham, factory, open_month, file_of(rows))
    errors = [one for one, problem in found(sheet, 2).items() if problem["level"] == "error"]
    assert (lines(sheet)[2].wage, errors) == (wage, [code] if code else [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (file_of([[1, "0100000017", "ບຸນມີ", 1]])[:700], None),
        (b"%PDF-1.7 hello", None),
        (make.encrypted(file_of([[1, "0100000017", "ບຸນມີ", 1]])), None),
        (make.xlsx([["ບົດລາຍງານ"], ["ບໍ່ມີຫຍັງ"]]), "no_table"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_in_both_languages_and_leaves_nothing(
    content: bytes, code: str | None
) -> None:
    with pytest.raises(declare.FileRefused) as refused:
        declare.read_file("wages.xlsx", content)
    assert code is None or refused.value.code == code
    assert refused.value.message("lo") != refused.value.message("en")
    assert (Sheet.objects.count(), Document.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_abuse_A20_an_upload_that_was_cut_is_no_half_file(kind: str, workers: list[Person]) -> None:
    whole = {"xlsx": make.xlsx, "ods": make.ods, "xls": make.xls}[kind]([HEADER, *rows_of(workers)])
    # An old workbook's last sector may be padding; where the table itself is cut, it is refused.
    ends = range(0, len(whole) - (4096 if kind == "xls" else 1), max(1, len(whole) // 25))
    for end in ends:
        with pytest.raises(declare.FileRefused):
            declare.read_file(f"w.{kind}", whole[:end])


def test_characters_that_the_database_cannot_keep_are_dropped_or_refused_with_words(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    rows = [HEADER, *rows_of(workers)]
    named = workers[0].name.encode()
    with pytest.raises(declare.FileRefused) as refused:
        declare.read_file("w.csv", as_csv(rows).replace(named, named + b"\x00\x01"))
    assert refused.value.code == "wrong_type"
    rows[1][2] = f"{workers[0].name}_x0000_"  # how a workbook writes a NUL
    sheet = upload(kham, factory, open_month, make.xlsx(rows), filename="w.xlsx")
    assert len(lines(sheet)) == 12 and "\x00" not in lines(sheet)[2].name


def test_abuse_A13_another_employers_sheet_answers_to_nobody_else(
    kham: Actor, factory: Employer, other_factory: Employer, workers: list[Person], open_month: Month, stranger_at
) -> None:  # fmt: skip
    from pakan.registers.access.verbs import NotAllowed

    sheet = upload(kham, factory, open_month, file_of(rows_of(workers)))
    other = stranger_at(other_factory)
    read = declare.read_file("w.xlsx", file_of(rows_of(workers)))
    before = (Sheet.objects.values().get(), sorted(map(str, lines(sheet).values())))
    tries = [
        lambda: declare.take_in(other, factory, open_month, read, "k"),
        lambda: declare.confirm_columns(other, sheet, {"number": "B", "wage": "D"}),
        lambda: declare.start_typing(other, factory, open_month, "k"),
        lambda: declare.same_as_last_month(other, factory, open_month, "k"),
        lambda: declare.no_workers(other, factory, open_month, "k"),
        lambda: declare.correct(other, factory, open_month, "k"),
        lambda: declare.write_line(other, sheet, 2, wage="1"),
        lambda: declare.write_wages(other, sheet, {2: "1"}),
        lambda: declare.leave_out(other, sheet, 2),
        lambda: declare.add_up(other, sheet, 2),
        lambda: declare.confirm(other, sheet, 2, "joins"),
        lambda: declare.confirm_all(other, sheet, "joins"),
        lambda: declare.absent(other, sheet, workers[0].id, "leave"),
        lambda: declare.add_worker(other, sheet, workers[0].number, "1"),
        lambda: declare.register_new(
            other, sheet, 2, given_name="ກ", family_name="ຂ", birth_date=workers[0].birth_date, sex="f"
        ),
        lambda: declare.hand_over(other, sheet, sheet.revision),
        lambda: declare.take_back(other, sheet),
        lambda: declare.approve(other, sheet, sheet.revision),
    ]
    for act in tries:
        with pytest.raises(NotAllowed):
            act()
    assert (Sheet.objects.values().get(), sorted(map(str, lines(sheet).values()))) == before


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_leave_one_open_sheet_and_the_other_replaced(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    upload(kham, factory, open_month - 1, file_of(rows_of(workers)), "learned")
    read = declare.read_file("w.xlsx", file_of(rows_of(workers)))
    results = at_once(
        *(lambda key=f"key {at}": declare.take_in(kham, factory, open_month, read, key) for at in range(4))
    )
    assert [type(one) for one in results] == [Sheet] * 4
    states = sorted(Sheet.objects.filter(month=open_month).values_list("state", flat=True))
    assert states == ["open", "replaced", "replaced", "replaced"]
    assert connection.vendor == "postgresql"


@pytest.mark.django_db(transaction=True)
def test_abuse_A19_a_double_tap_is_one_sheet(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    read = declare.read_file("w.xlsx", file_of(rows_of(workers)))
    results = at_once(*(lambda: declare.take_in(kham, factory, open_month, read, "one tap"),) * 4)
    assert {getattr(one, "id", one) for one in results} == {Sheet.objects.get().id}
    typed = at_once(*(lambda: declare.start_typing(kham, factory, open_month - 1, "typed"),) * 4)
    assert {getattr(one, "id", one) for one in typed} == {Sheet.objects.get(month=open_month - 1).id}
