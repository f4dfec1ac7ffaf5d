"""Messy layouts of real offices: the table is found, the columns are known, no person is lost or invented."""

import json
import random
import secrets

import pytest
import wagefile_samples as make
from hypothesis import given, settings
from hypothesis import strategies as st

from pakan.integrations.formats.wagefile.read import Reading, open_file, read_all
from pakan.integrations.formats.wagefile.refusal import FileRefused
from pakan.integrations.formats.wagefile.table import (
    Layout,
    columns_offered,
    find_table,
    recognise,
    remembered,
    tables,
)
from pakan.integrations.formats.wagefile.words import is_total, kind_of_header, rough_amount

PEOPLE = make.people(6)
EXPECTED = [(number, name, wage) for _, number, name, wage in PEOPLE]


def understood(content: bytes, filename: str = "a.xlsx") -> tuple[Layout, Reading]:
    book = open_file(filename, content)
    layout = recognise(find_table(book))
    return layout, read_all(book, layout)


def found(reading: Reading) -> list[tuple[str, str, object]]:
    return [(row.number, row.name, row.wage) for row in reading.rows]


def test_titles_headers_totals_and_signatures() -> None:
    rows: list[list[object]] = [
        ["ບໍລິສັດ ແສງຕາເວັນ ຈຳກັດ"],
        ["ລະຫັດຫົວໜ່ວຍແຮງງານ:", "01234-56"],
        ["ລາຍຊື່ພະນັກງານ ແລະ ເງິນເດືອນ ປະຈຳເດືອນ 10/2026"],
        [],
        make.HEADER,
        ["(1)", "(2)", "(3)", "(4)"],
        *PEOPLE[:3],
        [],
        make.HEADER,
        *PEOPLE[3:],
        ["", "", "ລວມທັງໝົດ", sum(wage for *_, wage in EXPECTED)],
        [],
        ["", "ວຽງຈັນ, ວັນທີ 31/10/2026"],
        ["", "ຜູ້ສະຫຼຸບ", "ຜູ້ອຳນວຍການ"],
        ["", "", "ທ່ານ ຄຳ"],
    ]
    layout, reading = understood(make.xlsx(rows))
    assert layout.columns == {"row_no": "A", "number": "B", "name": "C", "wage": "D"}
    assert (layout.header_row, layout.header_end) == (5, 6)
    assert found(reading) == EXPECTED
    assert reading.stated_total == sum(wage for *_, wage in EXPECTED)
    assert [dropped.reason for dropped in reading.dropped] == ["header", "note", "note", "note"]
    assert reading.rows[3].row == 12 and reading.rows[3].wage_cell == "D12"


def test_subtotals_departments_and_an_unlabelled_total() -> None:
    first, second = sum(w for *_, w in EXPECTED[:3]), sum(w for *_, w in EXPECTED[3:])
    rows: list[list[object]] = [
        make.HEADER,
        ["", "", "ພະແນກຂາຍ"],
        *PEOPLE[:3],
        ["", "", "ລວມຍ່ອຍ", first],
        ["", "", "ພະແນກຜະລິດ"],
        *PEOPLE[3:],
        ["", "", "ລວມຍ່ອຍ", second],
        ["", "", "", first + second],
    ]
    _, reading = understood(make.xlsx(rows))
    assert found(reading) == EXPECTED
    assert [total.amount for total in reading.totals] == [first, second, first + second]
    assert [dropped.text for dropped in reading.dropped] == ["ພະແນກຂາຍ", "ພະແນກຜະລິດ"]


def test_a_person_without_wage_or_number_is_kept_for_mending() -> None:
    rows: list[list[object]] = [
        make.HEADER,
        PEOPLE[0],
        [2, "", "ນາງ ວັນນາ ສີລາ", 2_000_000],
        [3, "0100000099", "ທ້າວ ຄຳພູ ສີລາ", ""],
        [4, "", "ນາງ ດາວເຮືອງ", ""],
        [5, "0100000077", "", "32OO000"],
        [6, "", "", ""],
        ["", "", "ລວມ", 9_999_999],
    ]
    _, reading = understood(make.xlsx(rows))
    assert [row.row for row in reading.rows] == [2, 3, 4, 5, 6]
    assert reading.rows[4].wage == "32OO000"
    assert [(dropped.row, dropped.reason) for dropped in reading.dropped] == [(7, "numbered")]


def test_two_header_rows_without_merges_and_several_wages() -> None:
    rows: list[list[object]] = [
        ["ລ/ດ", "ເລກບັດ ອປສ", "ຊື່", "ນາມສະກຸນ", "ເງິນເດືອນ", "", "", "ໝາຍເຫດ"],
        ["", "", "", "", "ພື້ນຖານ", "ເງິນເພີ່ມ", "ລວມ", ""],
        *[[i, n, *name.rsplit(" ", 1), w - 100_000, 100_000, w, "ດີ"] for i, n, name, w in PEOPLE],
    ]
    layout, reading = understood(make.xlsx(rows))
    assert layout.columns["given"] == "C" and layout.columns["family"] == "D"
    assert layout.columns["wage"] == "G" and layout.candidates["wage"] == ["E", "G"]
    assert layout.confidence["wage"] <= 0.6
    assert found(reading) == EXPECTED
    assert reading.rows[0].remark == "ດີ"


def test_two_lines_of_header_in_two_languages() -> None:
    rows = [make.HEADER, ["No.", "SSO No.", "Name and surname", "Wage (LAK)"], *PEOPLE]
    layout, reading = understood(make.xlsx(rows))
    assert (layout.header_row, layout.header_end) == (1, 2)
    assert found(reading) == EXPECTED


def test_english_payroll_with_many_columns() -> None:
    header = [
        *(
            "No.",
            "Staff ID",
            "Social Security No",
            "Employee Name",
            "Name (English)",
            "Gender",
            "Date of Birth",
        ),
        *(
            "Department",
            "Basic Salary",
            "Overtime",
            "Gross Salary",
            "Income Tax",
            "Net Pay",
            "Bank Account No",
        ),
    ]
    rows = [
        [
            i,
            f"E{i:03d}",
            n,
            name,
            f"Mr Person {i}",
            "M",
            "1990-02-03",
            "Sales",
            w - 5,
            5,
            w,
            1,
            w - 1,
            f"0102{i:08d}",
        ]
        for i, n, name, w in PEOPLE
    ]
    layout, reading = understood(make.xlsx([header, *rows]))
    assert layout.columns == {
        "row_no": "A",
        "number": "C",
        "name": "D",
        "latin_name": "E",
        "sex": "F",
        "birth": "G",
        "wage": "K",
    }
    assert layout.candidates["wage"] == ["I", "K", "M"]
    assert found(reading) == EXPECTED
    assert (reading.rows[0].sex, reading.rows[0].birth) == ("M", "1990-02-03")


@pytest.mark.parametrize("header", [("Name", "Surname"), ("Name", "Last name"), ("ຊື່", "ນາມສະກຸນ")])
def test_a_name_beside_a_surname_is_the_given_name(header: tuple[str, str]) -> None:
    rows = [[number, *name.split(" ", 1), wage] for number, name, wage in EXPECTED]
    layout, reading = understood(make.xlsx([["SSN", *header, "Gross salary"], *rows]))
    assert (layout.columns["given"], layout.columns["family"]) == ("B", "C")
    assert found(reading) == EXPECTED


def test_a_whole_name_beside_a_surname_stays_whole() -> None:
    rows = [[number, name, name.split(" ", 1)[1], wage] for number, name, wage in EXPECTED]
    layout, reading = understood(make.xlsx([["SSN", "Name", "Surname", "Gross salary"], *rows]))
    assert layout.columns["name"] == "B"
    assert found(reading) == EXPECTED


def test_the_insured_wage_is_taken_without_doubt() -> None:
    header = [*make.HEADER[:3], "ເງິນເດືອນພື້ນຖານ", "ເງິນເດືອນປະກັນຕົນ"]
    layout, _ = understood(make.xlsx([header, *[[*row, row[3]] for row in PEOPLE]]))
    assert layout.columns["wage"] == "E" and layout.confidence["wage"] == 0.95


def test_no_header_at_all() -> None:
    layout, reading = understood(make.xlsx(PEOPLE))
    assert layout.header_row == 0
    assert {name: layout.columns[name] for name in ("number", "name", "wage")} == {
        "number": "B",
        "name": "C",
        "wage": "D",
    }
    assert max(layout.confidence.values()) <= 0.55
    assert found(reading) == EXPECTED


def test_numbers_stored_as_numbers_lao_digits_and_spaces() -> None:
    rows: list[list[object]] = [
        make.HEADER,
        [1, 1_123_456_789, "  ທ້າວ\u200b ບຸນມີ   ພົມມະຈັນ ", "໒.໕໐໐.໐໐໐"],
        [2, " 01 2345 6798 ", "ນາງ\u00a0ວັນນາ ສີລາ", "2 500 000"],
        [3, "01-2345-6799", "ນາງ ດາວເຮືອງ ແກ້ວມະນີ", 2_500_000.5],
    ]
    _, reading = understood(make.xlsx(rows))
    assert found(reading) == [
        ("1123456789", "ທ້າວ ບຸນມີ ພົມມະຈັນ", "໒.໕໐໐.໐໐໐"),
        ("01 2345 6798", "ນາງ ວັນນາ ສີລາ", "2 500 000"),
        ("01-2345-6799", "ນາງ ດາວເຮືອງ ແກ້ວມະນີ", 2_500_000.5),
    ]


def test_several_sheets_and_a_hidden_one() -> None:
    notes: list[list[object]] = [["ຄຳແນະນຳ"], ["ກະລຸນາອ່ານ"]]
    old = [make.HEADER, *make.people(40)]
    content = make.xlsx(notes, old, [make.HEADER, *PEOPLE], names=["ຄຳແນະນຳ", "ເກົ່າ", "ຕຸລາ"], hidden=[1])
    book = open_file("a.xlsx", content)
    assert [table.sheet for table in tables(book)] == ["ຕຸລາ", "ເກົ່າ"]
    assert find_table(book, "ເກົ່າ").hidden
    assert found(read_all(book, recognise(find_table(book)))) == EXPECTED


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_excel_and_open_document(kind: str) -> None:
    rows = [["ບໍລິສັດ ແສງຕາເວັນ"], [], make.HEADER, *PEOPLE, ["", "", "ລວມ", sum(w for *_, w in EXPECTED)]]
    _, reading = understood(getattr(make, kind)(rows), f"a.{kind}")
    assert found(reading) == EXPECTED
    assert reading.rows[0].row == 4
    assert reading.stated_total == sum(w for *_, w in EXPECTED)


def test_a_table_that_does_not_begin_at_the_corner() -> None:
    rows = [[], [], [], *[["", "", *row] for row in [make.HEADER, *PEOPLE]]]
    layout, reading = understood(make.xlsx(rows))
    assert layout.columns["wage"] == "F" and layout.header_row == 4
    assert found(reading) == EXPECTED and reading.rows[0].number_cell == "D5"


def test_a_confirmed_layout_is_remembered_next_month() -> None:
    header = [*make.HEADER[:3], "Basic salary", "Net pay"]
    october = make.xlsx([["ຕຸລາ"], header, *[[*row, 1] for row in PEOPLE]], names=["10-2026"])
    confirmed = recognise(find_table(open_file("o.xlsx", october))).with_columns(
        {"number": "B", "name": "C", "wage": "E", "sex": ""}
    )
    kept = Layout.from_json(json.loads(json.dumps(confirmed.to_json())))
    assert kept == confirmed
    november = [["ພະຈິກ"], ["ຂໍ້ຄວາມໃໝ່"], [], header, *[[*row, 7] for row in make.people(9)]]
    book = open_file("n.xlsx", make.xlsx(november, names=["11-2026"]))
    layout = remembered(book, [kept])
    assert layout is not None and layout.header_row == 4 and layout.columns["wage"] == "E"
    assert {row.wage for row in read_all(book, layout).rows} == {7}
    other = open_file("x.xlsx", make.xlsx([make.HEADER, *PEOPLE], names=["11-2026"]))
    assert remembered(other, [kept]) is None


def test_columns_are_offered_with_samples_and_guess() -> None:
    table = find_table(open_file("a.xlsx", make.xlsx([make.HEADER, *PEOPLE])))
    offered = columns_offered(table)
    assert [(column.letter, column.field) for column in offered] == [
        ("A", "row_no"),
        ("B", "number"),
        ("C", "name"),
        ("D", "wage"),
    ]
    assert offered[3].header == "ເງິນເດືອນ (ກີບ)" and offered[3].samples == ("1600000", "1650000", "1700000")


def test_a_file_without_wages_says_so() -> None:
    with pytest.raises(FileRefused) as caught:
        find_table(open_file("a.csv", b"hello\nworld\n"))
    assert caught.value.code == "no_table"


def test_ten_thousand_rows_keep_their_order_and_cells() -> None:
    everyone = make.people(10_000)
    _, reading = understood(make.xlsx([make.HEADER, *everyone]))
    assert found(reading) == [(n, name, w) for _, n, name, w in everyone]
    for _ in range(20):
        index = secrets.randbelow(10_000)
        assert reading.rows[index].wage_cell == f"D{index + 2}"


NUMBER_WORDS = ("ລະຫັດປະກັນສັງຄົມ", "ເລກບັດ", "SSO No.", "ເລກທີປະກັນສັງຄົມ", "ລະຫັດ ປກສ.", "Insurance ID", "SSO ID")
NAME_WORDS = ("ຊື່ ແລະ ນາມສະກຸນ", "ຊື່-ນາມສະກຸນ", "ຊື່ພະນັກງານ", "Full Name", "Name", "ຊື່ ແລະ ນາມສະກຸນ (ລາວ)")
WAGE_WORDS = ("ເງິນເດືອນ", "ຄ່າແຮງງານ", "Salary", "Gross salary", "ເງິນເດືອນປະຈຳເດືອນ", "Monthly Salary (LAK)")
OTHER_COLUMNS = (
    ("ຕຳແໜ່ງ", "ພະນັກງານ"),
    ("Position", "Clerk"),
    ("ເບີໂທ", "02055512345"),
    ("ວັນເດືອນປີເກີດ", "2/3/1990"),
    ("ເພດ", "ຊ"),
    ("Bank account", "010155500012345"),
    ("ເງິນສົມທົບ 6%", 96_000),
    ("ລ່ວງເວລາ", 50_000),
    ("", ""),
    ("ລະຫັດພະນັກງານ", "E00123"),
    ("Tax", 12_345),
    ("ເລກບັດປະຈຳຕົວ", "01-5551234"),
)


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 30))
def test_columns_in_any_order_among_any_others(chance: random.Random, count: int) -> None:
    wanted = [("number", NUMBER_WORDS), ("name", NAME_WORDS), ("wage", WAGE_WORDS)]
    columns: list[tuple[str, str, object]] = [(field, chance.choice(words), None) for field, words in wanted]
    columns += [("", *other) for other in chance.sample(OTHER_COLUMNS, chance.randrange(6))]
    chance.shuffle(columns)
    columns.insert(0, ("row", chance.choice(["ລ/ດ", "No.", "ລຳດັບ", "#"]), None))
    rows: list[list[object]] = [["ບໍລິສັດ ກຂຄ ຈຳກັດ"]] * chance.randrange(3) + [[]] * chance.randrange(3)
    rows.append([header for _, header, _ in columns])
    expected: list[tuple[object, object, object]] = []
    for order, number, name, amount in make.people(count):
        wage = chance.choice([amount, f"{amount:,}", f"{amount:,}".replace(",", ".")])
        known = {"row": order, "number": number, "name": name, "wage": wage}
        rows.append([known.get(field, value) for field, _, value in columns])
        rows += [[]] * (chance.random() < 0.1)
        expected.append((number, name, wage))
    total: list[object] = [999_999_999 if field == "wage" else "" for field, _, _ in columns]
    total[0] = chance.choice(["ລວມ", "Total", "ລວມທັງໝົດ:", "Grand Total"])
    rows += chance.choice([[], [total], [total, [], ["", "ຜູ້ອຳນວຍການ", "ນັກບັນຊີ"]]])
    _, reading = understood(make.xlsx(rows))
    assert found(reading) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ຊື່ ແລະ ນາມສະກຸນ", "name"),
        ("ລະຫັດ ປະກັນສັງຄົມ", "number"),
        ("ເລກບັດປະຈຳຕົວ", "other"),
        ("ເງິນເດືອນ\n(ກີບ)", "wage"),
        ("ເງິນສົມທົບ 5,5%", "other"),
        ("Salary tax", "other"),
        ("Phone number", "other"),
        ("Bank name", "other"),
        ("ຊື່ທະນາຄານ", "other"),
        ("ເລກລະຫັດປະກັນສັງຄົມ", "number"),
        ("ເງິນເດືອນກ່ອນຫັກ", "wage_gross"),
        ("Employee contribution", "other"),
        ("ຄໍາເຫັນ", ""),
        ("ວັນ ເດືອນ ປີ ເກີດ", "birth"),
        ("ຫມາຍເຫດ", "remark"),
    ],
)
def test_header_words(text: str, kind: str) -> None:
    assert kind_of_header(text)[0] == kind


@pytest.mark.parametrize(
    "text", ["ລວມ", " * ລວມທັງໝົດ :", "TOTAL", "Grand total:", "(ລວມ)", "ລວມ 12 ຄົນ", "ຍອດລວມ"]
)
def test_total_words(text: str) -> None:
    assert is_total(text)


@pytest.mark.parametrize("text", ["ທ້າວ ລວມສຸກ", "ລວມສຸກ ວົງສາ", "Tota Somsak", "", "12"])
def test_names_are_no_totals(text: str) -> None:
    assert not is_total(text)


def test_a_file_without_security_numbers_is_read_by_names() -> None:
    rows = [["ລ/ດ", "ຊື່ ແລະ ນາມສະກຸນ", "ເງິນເດືອນ"], *[[i, name, w] for i, _, name, w in PEOPLE]]
    layout, reading = understood(make.xlsx([*rows, ["", "ລວມ", 99]]))
    assert "number" not in layout.columns
    assert found(reading) == [("", name, w) for _, name, w in EXPECTED]
    assert reading.stated_total == 99 and reading.rows[0].number_cell == ""


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("1.234.567", 1234567),
        ("1,234,567.00", 1234567),
        ("໒໕໐໐໐໐໐ ກີບ", 2500000),
        ("32OO000", None),
        ("-5", -5),
    ],
)
def test_a_glance_at_amounts(value: object, amount: int | None) -> None:
    assert rough_amount(value) == amount
