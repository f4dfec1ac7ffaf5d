"""LAO QR: what we write is what the banks read, and a code that lies is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pakan.integrations.formats.emvco import Bill, CodeRefused, compose, crc, parse, svg
from pakan.integrations.formats.emvco.tlv import join, split
from pakan.units.money import Kip
from tests.codes import codes_on

# Made up: the receiver is a placeholder.
EXAMPLE = (
    "00020101021238590016A00526628466257701082771041802030020316mch000000000000052049399530341854065175005802LA"
    "5920SOCIAL SECURITY FUND6009Vientiane6262011326020001047010517RF3426020001047010705WEB01"
    "0811SSO 2026-02630452EF"
)
BILL = Bill(
    iin="27710418",
    receiver="mch0000000000000",
    amount=Kip(517_500),
    number="2602000104701",
    reference="RF342602000104701",
    terminal="WEB01",
    purpose="SSO 2026-02",
    name="SOCIAL SECURITY FUND",
    place="Vientiane",
)
OTHER_EXAMPLE = (
    "00020101021238560016A00526628466257701082771041802030020313EXAMPLE00000152040000530341854062875005802LA"
    "5909LSSO TEST6009VIENTIANE62190115202603-12345-0163044C26"
)


def resealed(text: str) -> str:
    """The same fields with a right checksum, as somebody who knows the rules would forge it."""
    return text[:-4] + crc(text[:-4])


def refused(text: str) -> str:
    with pytest.raises(CodeRefused) as caught:
        parse(text)
    assert caught.value.lo and caught.value.en
    return caught.value.code


def test_the_checksum_has_the_known_check_value() -> None:
    assert crc("123456789") == "29B1"


def test_the_checksum_keeps_its_leading_zero() -> None:
    assert any(crc(str(number)).startswith("0") for number in range(50))
    assert all(len(crc(str(number))) == 4 for number in range(50))


def test_the_made_up_example_is_written_character_by_character() -> None:
    assert len(EXAMPLE) == 217
    assert compose(BILL) == EXAMPLE
    assert parse(EXAMPLE) == BILL


def test_a_code_of_another_maker_is_read_and_written_back() -> None:
    bill = parse(OTHER_EXAMPLE)
    assert (bill.amount, bill.number, bill.receiver) == (287_500, "202603-12345-01", "EXAMPLE000001")
    assert compose(bill) == OTHER_EXAMPLE


def test_a_lower_case_checksum_is_accepted() -> None:
    assert parse(EXAMPLE[:-4] + EXAMPLE[-4:].lower()) == BILL


def test_fields_may_come_in_any_order_and_a_merchant_account_of_another_scheme_is_skipped() -> None:
    fields = split(EXAMPLE[:-8])
    mixed = [
        ("00", "01"),
        ("01", "12"),
        *reversed(list(fields.items())[2:]),
        ("15", "0" * 31),
        ("63", "XXXX"),
    ]
    assert parse(resealed(join(mixed))) == BILL


def test_one_wrong_character_anywhere_is_seen() -> None:
    for at in range(6, len(EXAMPLE) - 8):
        other = "7" if EXAMPLE[at] != "7" else "8"
        assert refused(EXAMPLE[:at] + other + EXAMPLE[at + 1 :]) == "crc"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("A005266284662577", "A000000727662577", "not_lao_qr"),
        ("5303418", "5303840", "currency"),
        ("5802LA", "5802VN", "country"),
        ("5406517500", "540551.75", "part_of_kip"),
        ("5406517500", "5406-17500", "amount"),
        ("5406517500", "5406000000", "amount"),
        ("5406517500", "5406517.5k", "amount"),
        ("5406517500", "5406໕17500", "amount"),
        ("27710418", "27710704", "bank"),
        ("5802LA", "5502015802LA", "tip"),
        ("5802LA", "5802LA5802LA", "repeated"),
        ("6009Vientiane", "6099Vientiane", "cut"),
    ],
)
def test_a_code_that_is_not_ours_to_pay_is_refused(before: str, after: str, code: str) -> None:
    assert before in EXAMPLE
    assert refused(resealed(EXAMPLE.replace(before, after))) == code


@pytest.mark.parametrize("text", ["", "hello", "000201", "https://example.org/", EXAMPLE[:-1], "x" * 5000])
def test_other_texts_are_refused(text: str) -> None:
    assert refused(text) == "format"


@pytest.mark.parametrize(("written", "amount"), [("10000", 10_000), ("15000.00", 15_000), ("15000.", 15_000)])
def test_amounts_with_empty_decimals_are_whole_kip(written: str, amount: int) -> None:
    text = EXAMPLE.replace("5406517500", f"54{len(written):02d}{written}")
    assert parse(resealed(text)).amount == amount


def test_unused_fields_filled_with_a_nought_are_empty() -> None:
    text = join([("62", join([("01", "0"), ("05", "0")]))])
    bill = parse(resealed(EXAMPLE.replace(EXAMPLE[EXAMPLE.index("6262") : -8], text)))
    assert (bill.number, bill.reference) == ("", "")


def test_lengths_count_lao_letters_and_not_their_bytes() -> None:
    bill = Bill(iin="27710418", receiver="mch1", name_lo="ກອງທຶນປະກັນສັງຄົມ")
    assert "0117ກອງທຶນປະກັນສັງຄົມ" in compose(bill)
    assert parse(compose(bill)) == bill


@pytest.mark.parametrize(
    ("bill", "code"),
    [
        (Bill(iin="27710418", receiver="m", name="A" * 26), "too_long"),
        (Bill(iin="27710418", receiver="m" * 70), "too_long"),
        (Bill(iin="27710418", receiver="m", name="ກອງທຶນ"), "letters"),
        (Bill(iin="2771", receiver="m"), "bank"),
        (Bill(iin="27710418", receiver=""), "bank"),
        (Bill(iin="27710418", receiver="m", amount=Kip(0)), "amount"),
        (Bill(iin="27710418", receiver="m", amount=Kip(-5)), "amount"),
        (Bill(iin="27710418", receiver="m", category="93"), "category"),
        (
            Bill(
                iin="27710418",
                receiver="m",
                number="1" * 25,
                reference="2" * 25,
                purpose="3" * 25,
                terminal="4" * 25,
            ),
            "too_long",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_refused_before_it_is_written(bill: Bill, code: str) -> None:
    with pytest.raises(CodeRefused) as caught:
        compose(bill)
    assert caught.value.code == code


latin = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20).filter(
    lambda text: text != "0"
)


@given(st.integers(1, 10**13 - 1), latin, latin, latin)
def test_every_bill_comes_back_as_it_was_written(amount: int, number: str, reference: str, name: str) -> None:
    bill = Bill("27710418", "mch0000000000000", Kip(amount), number, reference, "WEB01", "SSO", name, "VTE")
    assert parse(compose(bill)) == bill


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    for attempt in (text, resealed("000201" + text + "6304XXXX")):
        try:
            parse(attempt)
        except CodeRefused as caught:
            assert caught.en


def drawn(markup: str) -> Image.Image:
    """The dark squares of the SVG, painted by hand: the path says where each module is."""
    side = int(markup.split('viewBox="0 0 ')[1].split(" ")[0])
    picture = Image.new("L", (side * 6, side * 6), 255)
    for row in markup.split(' d="')[1].split('"')[0].split("M")[1:]:
        start, *strokes = row.split("h")  # "4 4.5", then each width with the gap to the next: "7m2 0"
        x, y = (int(float(part)) for part in start.split(" "))
        for stroke in strokes:
            width, _, gap = stroke.partition("m")
            picture.paste(0, (x * 6, y * 6, (x + int(width)) * 6, y * 6 + 6))
            x += int(width) + int(gap.split(" ")[0] or 0)
    return picture


def test_the_picture_says_the_same_as_the_text() -> None:
    markup = svg(EXAMPLE, title="LAO QR <517.500>")
    [found] = codes_on(drawn(markup))
    assert found.text == EXAMPLE
    assert "M" in str(found.ec_level)
    assert "<title>LAO QR &lt;517.500&gt;</title>" in markup and 'role="img"' in markup
    assert "style=" not in markup and "<script" not in markup


def test_a_short_text_is_not_made_into_a_micro_code() -> None:
    [found] = codes_on(drawn(svg("RF34")))
    assert found.text == "RF34" and "Micro" not in str(found.format)
