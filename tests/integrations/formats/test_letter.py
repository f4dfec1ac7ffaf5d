"""The letters: right sums, the right number of pages, codes that a telephone reads, and no way in for a program."""

import io
from datetime import date
from typing import Any

import pytest
from PIL import Image, ImageChops

from pakan.integrations.formats.emvco import Bill, compose
from pakan.integrations.formats.letter import pictures, prepare, render
from pakan.units.money import Kip
from tests.codes import codes_on

CODE = compose(
    Bill(
        iin="99990418",
        receiver="SANDBOX0000001",
        amount=Kip(517_500),
        number="2602000104701",
        reference="RF342602000104701",
        terminal="WEB01",
        purpose="SSO 2026-02",
        name="SOCIAL SECURITY FUND",
        place="Vientiane",
    )
)
VERIFY = "https://pakan.example.la/receipt/R26-0000123-4"
HOSTILE = '#panic("x") *b* _i_ $x$ @y <z> \\ "quoted" #import "kit.typ" `raw` // end'


def row(number: int, **more: Any) -> dict[str, Any]:
    return {
        "code": f"01 0000 {number:04d}",
        "name": "ບຸນມີ ສີວິໄລ",
        "born": "1990-03-05",
        "sex": "f",
        "wage": 2_500_000,
        "employer": 150_000,
        "worker": 137_500,
        "remark": "",
    } | more


def form(workers: int, **more: Any) -> Any:
    empty = dict.fromkeys(
        ("incoming_number", "received_by", "received_on", "entered_by", "receipt_number", "bank", "slip",
         "slip_on", "phone", "fax", "email", "village", "district", "province", "place", "signed_on", "owner",
         "preparer"),
        "",
    )  # fmt: skip
    return (
        empty
        | {
            "paid": None,
            "month": "2026-02",
            "employer": "ໂຮງງານຕົວຢ່າງ ຈຳກັດ",
            "employer_code": "0001047",
            "employer_rate": "6",
            "worker_rate": "5,5",
            "total_rate": "11,5",
            "employer_total": 150_000 * workers,
            "worker_total": 137_500 * workers,
            "add": 0,
            "deduct": 0,
            "workers": workers,
            "joined": 0,
            "joined_with_card": 0,
            "left": 0,
            "rows": [row(number) for number in range(1, workers + 1)],
        }
        | more
    )


def notice(**more: Any) -> Any:
    return {
        "number": "2602000104701",
        "reference": "RF342602000104701",
        "code": CODE,
        "employer": "ໂຮງງານຕົວຢ່າງ ຈຳກັດ",
        "employer_code": "0001047",
        "month": "2026-02",
        "amount": 517_500,
        "due_on": "2026-03-20",
        "issued_on": "2026-03-02",
        "receiver": "SOCIAL SECURITY FUND",
        "account": "010000000001",
        "bank_lo": "ທະນາຄານທົດລອງ",
        "bank_en": "Sandbox Bank",
    } | more


def receipt(**more: Any) -> Any:
    return {
        "number": "R26-0000123-4",
        "employer": "ໂຮງງານຕົວຢ່າງ ຈຳກັດ",
        "employer_code": "0001047",
        "reference": "RF342602000104701",
        "lines": [{"month": "2026-02", "amount": 500_000}],
        "amount": 517_500,
        "bank_lo": "ທະນາຄານທົດລອງ",
        "bank_en": "Sandbox Bank",
        "bank_reference": "SB2603020A1B2C3D",
        "paid_on": "2026-03-02",
        "issued_on": "2026-03-02",
        "verify_at": VERIFY,
    } | more


def seen(name: str, data: Any, ppi: float = 144) -> list[Image.Image]:
    return [Image.open(io.BytesIO(page)).convert("L") for page in pictures(name, data, ppi)]


def test_the_code_on_the_printed_notice_is_the_code_of_the_bill() -> None:
    [page] = seen("notice", notice())
    [found] = codes_on(page)
    assert found.text == CODE


def cash_slip(**more: Any) -> Any:
    return notice() | {"months": ["2026-01", "2026-02"], "expires_on": "2026-05-31"} | more


def test_both_halves_of_the_cash_slip_carry_the_code_on_one_sheet() -> None:
    [page] = seen(
        "cash_slip", cash_slip(employer="ໂຮງງານຕັດຫຍິບ ດອກຈຳປາ ຂາອອກ ຂາເຂົ້າ ຜູ້ດຽວ ຈຳກັດ ສາຂາ ສະຫວັນນະເຂດ")
    )
    assert [one.text for one in codes_on(page)] == [CODE, CODE]
    upper = page.crop((0, 0, page.width, page.height // 2))
    assert [one.text for one in codes_on(upper)] == [CODE], "the bank's half is whole when it is cut off"


def test_figures_words_months_and_end_of_the_cash_slip() -> None:
    told = prepare.cash_slip(cash_slip())
    assert (told["amount"], told["words"]) == ("517.500", "ຫ້າແສນໜຶ່ງໝື່ນເຈັດພັນຫ້າຮ້ອຍກີບຖ້ວນ")
    assert told["months_en"] == "January 2026, February 2026"
    assert told["expires_on"] == ["31 ພຶດສະພາ 2026", "31 May 2026"]
    with pytest.raises(ValueError, match="asks for money"):
        prepare.cash_slip(cash_slip(amount=0))


def test_the_code_on_the_receipt_leads_to_where_it_is_confirmed() -> None:
    [page] = seen("receipt", receipt())
    [found] = codes_on(page)
    assert found.text == VERIFY


@pytest.mark.parametrize(("workers", "sheets"), [(0, 0), (1, 1), (25, 1), (26, 2), (51, 3)])
def test_a_sheet_holds_twenty_five_workers_and_the_form_counts_the_sheets(workers: int, sheets: int) -> None:
    data = form(workers)
    assert len(prepare.form_2_01(data)["sheets"]) == sheets
    pages = seen("form_2_01", data, ppi=20)
    assert len(pages) == 1 + sheets
    # The form stands upright, its sheets lie.
    assert [page.width > page.height for page in pages] == [False] + [True] * sheets


def test_the_largest_employer_gets_all_four_hundred_sheets() -> None:
    assert len(pictures("form_2_01", form(10_000), ppi=4)) == 401
    assert render("form_2_01", form(10_000)).startswith(b"%PDF")


def test_line_five_leaves_the_differences_out_and_the_amount_due_takes_them_in() -> None:
    data = form(0, employer_total=420_000, worker_total=385_000, add=10_000, deduct=5_000)
    told = prepare.form_2_01(data)
    assert told["amounts"] == ["420.000", "385.000", "10.000", "5.000", "805.000"]
    assert told["due"] == "810.000"
    assert told["words"] == "ແປດແສນຫ້າພັນກີບຖ້ວນ" and told["due_words"] == "ແປດແສນໜຶ່ງໝື່ນກີບຖ້ວນ"
    less = prepare.form_2_01(data | {"deduct": 900_000})
    assert (less["due"], less["due_words"]) == ("-85.000", "")


def test_the_sums_of_the_sheets_are_the_lines_of_the_form() -> None:
    told = prepare.form_2_01(form(27))
    assert told["sheets"][0]["rows"][0][:2] == ["1", "01 0000 0001"]
    assert told["sheets"][1]["rows"][1][0] == "27"
    assert told["sheets"][1]["sums"] == ["5.000.000", "300.000", "275.000", "575.000"]
    assert told["grand"][1:] == [told["amounts"][0], told["amounts"][1], told["amounts"][4]]
    for wrong in ({"employer_total": 1}, {"worker_total": 1}):
        with pytest.raises(ValueError, match="do not add up"):
            render("form_2_01", form(27) | wrong)


def test_the_codes_of_the_form_stand_in_their_boxes_and_days_are_day_first() -> None:
    told = prepare.form_2_01(form(0, incoming_number="26-00042", signed_on="2026-03-02"))
    assert "".join(told["incoming"]) == "2600042" and "".join(told["code"]) == "0001047"
    assert told["signed_on"] == ["02", "03", "2026"] and told["slip_on"] == ["", "", ""]
    assert (told["month_name"], told["year"]) == ("ກຸມພາ", "2026")


def test_a_receipt_shows_what_is_kept_as_credit_and_never_more_than_came_in() -> None:
    assert prepare.receipt(receipt())["credit"] == "17.500"
    assert prepare.receipt(receipt(amount=500_000))["credit"] == ""
    with pytest.raises(ValueError, match="more than the amount"):
        render("receipt", receipt(amount=499_999))


def test_figures_words_and_days_of_the_notice() -> None:
    told = prepare.notice(notice())
    assert (told["amount"], told["words"]) == ("517.500", "ຫ້າແສນໜຶ່ງໝື່ນເຈັດພັນຫ້າຮ້ອຍກີບຖ້ວນ")
    assert told["reference"] == "RF34 2602 0001 0470 1"
    assert told["due_on"] == ["20 ມີນາ 2026", "20 March 2026"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notice", notice(employer=HOSTILE, receiver=HOSTILE)),
        ("cash_slip", cash_slip(employer=HOSTILE, receiver=HOSTILE)),
        ("receipt", receipt(employer=HOSTILE, bank_reference=HOSTILE, reference="")),
        ("form_2_01", form(1, employer=HOSTILE, owner=HOSTILE, rows=[row(1, name=HOSTILE, remark=HOSTILE)])),
    ],
)
def test_what_a_person_typed_is_printed_and_never_obeyed(name: str, data: Any) -> None:
    assert len(pictures(name, data, ppi=20)) == (2 if name == "form_2_01" else 1)


def test_lao_letters_are_drawn_and_not_left_white() -> None:
    [with_name], [without] = seen("notice", notice()), seen("notice", notice(employer=""))
    assert ImageChops.difference(with_name, without).getbbox() is not None


def test_the_same_letter_is_the_same_picture_however_often_it_is_printed() -> None:
    assert pictures("receipt", receipt()) == pictures("receipt", receipt())
    other = receipt(number="R26-0000124-2", paid_on=date(2026, 3, 3).isoformat())
    assert pictures("receipt", receipt()) != pictures("receipt", other)


def test_an_unknown_letter_and_a_missing_key_are_errors() -> None:
    with pytest.raises(KeyError):
        pictures("nothing", {})
    with pytest.raises(KeyError):
        pictures("notice", {"number": "1"})
