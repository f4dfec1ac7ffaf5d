"""SMPP 3.4 octet by octet: what is written is read again, what is cut is refused, and receipts are read as centres write them."""

import struct
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.integrations.telcos.parts import split, tidy
from pakan.integrations.telcos.smpp import pdu as smpp
from pakan.integrations.telcos.smpp.letters import HAS_HEADER, UCS2, from_gsm, gsm, pieces, read
from pakan.integrations.telcos.smpp.link import validity
from pakan.integrations.telcos.smpp.pdu import FIELDS, Malformed, Pdu, decode, encode
from pakan.integrations.telcos.smpp.receipts import (
    STATE_NUMBERS,
    Receipt,
    is_receipt,
    receipt_of,
    receipt_text,
    same_ids,
)

TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(max_codepoint=0x2FFFF, exclude_categories=["Cs"]), st.sampled_from("ກ້ຳa€🙂^")
    ),
    max_size=600,
)


def _value(size: int) -> st.SearchStrategy[smpp.Value]:
    if size == 0:
        return st.integers(0, 255)
    if size < 0:
        return st.binary(max_size=254)
    return st.binary(max_size=size - 1).map(lambda octets: octets.replace(b"\0", b"x"))


@st.composite
def units(draw: st.DrawFn) -> Pdu:
    command = draw(st.sampled_from(sorted(FIELDS)))
    body = {name: draw(_value(size)) for name, size in FIELDS[command]}
    tags = draw(st.dictionaries(st.integers(0, 0xFFFF), st.binary(max_size=300), max_size=4))
    # A unit without any field of its own carries no tags in 3.4 but reads them all the same.
    return Pdu(command, draw(st.integers(0, 0x7FFFFFFF)), draw(st.integers(0, 0xFFFF)), body, tags)


@given(units())
def test_what_is_written_is_read_again(unit: Pdu) -> None:
    octets = encode(unit)
    assert struct.unpack(">I", octets[:4])[0] == len(octets)
    assert decode(octets) == unit


@given(units(), st.data())
def test_a_cut_unit_is_refused_never_misread(unit: Pdu, data: st.DataObject) -> None:
    octets = encode(unit)
    cut = octets[: data.draw(st.integers(0, len(octets) - 1))]
    with pytest.raises(Malformed):
        decode(cut)
    # Its length mended, it is refused or read as something shorter, but nothing else happens.
    if len(cut) >= 16:
        try:
            decode(struct.pack(">I", len(cut)) + cut[4:])
        except Malformed as fault:
            assert fault.status == smpp.INVALID_LENGTH


@given(st.binary(max_size=400))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    try:
        decode(octets)
    except Malformed:
        return


def test_a_unit_as_the_standard_prints_it() -> None:
    """The bind of the standard's own example (SMPP 3.4, section 3.2.4): octet for octet, as a transceiver."""
    octets = bytes.fromhex(
        "0000002f 00000009 00000000 00000001 534d5050 33544553 5400 73656372 65743038 00 5355424d 495431 00 00 01 01 00"
    )
    unit = decode(octets)
    assert (unit.text("system_id"), unit.text("password"), unit.text("system_type")) == (
        "SMPP3TEST", "secret08", "SUBMIT1",
    )  # fmt: skip
    assert encode(unit) == octets


def test_a_response_that_says_no_may_have_no_body() -> None:
    octets = struct.pack(">IIII", 16, smpp.SUBMIT_SM_RESP, smpp.THROTTLED, 7)
    assert decode(octets) == Pdu(smpp.SUBMIT_SM_RESP, 7, smpp.THROTTLED)


@pytest.mark.parametrize(
    "body",
    [{"source_addr": b"x" * 21}, {"source_addr": b"a\0b"}, {"short_message": b"x" * 255}, {"data_coding": 256},
     {"data_coding": b"8"}, {"source_addr": 5}],
)  # fmt: skip
def test_a_field_that_does_not_fit_is_never_written(body: dict[str, smpp.Value]) -> None:
    with pytest.raises(Malformed):
        encode(Pdu(smpp.SUBMIT_SM, body=body))


# Letters


@pytest.mark.parametrize("way", ["udh", "sar", "payload"])
@given(text=TEXTS)
def test_a_text_comes_out_of_its_parts_as_it_went_in(way: str, text: str) -> None:
    sent = pieces(text, 200, way)  # type: ignore[arg-type]
    came = []
    for piece in sent:
        body: dict[str, smpp.Value] = {
            "data_coding": piece.data_coding,
            "esm_class": piece.esm_class,
            "short_message": piece.short_message,
        }
        came.append(read(decode(encode(Pdu(smpp.SUBMIT_SM, body=body, tagged=piece.tagged)))))
    assert "".join(one.text for one in came) == text
    if way != "payload":
        assert len(sent) == split(text).count
        assert [one.number for one in came] == list(range(1, len(sent) + 1))
        assert {one.total for one in came} == {len(sent)}
        assert len({one.reference for one in came}) == 1
        assert all(len(piece.short_message) <= 160 for piece in sent)
        # 140 octets go over the air: septets are packed there, so 160 of them fit.
        assert all(len(piece.short_message) <= 140 for piece in sent if piece.data_coding == UCS2)


def test_every_letter_of_the_default_alphabet_has_its_place() -> None:
    assert gsm("@Δ ¡¿à€") == bytes([0x00, 0x10, 0x20, 0x40, 0x60, 0x7F, 0x1B, 0x65])
    assert from_gsm(bytes(range(128)).replace(b"\x1b", b"")) == from_gsm(
        gsm(from_gsm(bytes(range(128)).replace(b"\x1b", b"")))
    )
    assert from_gsm(b"\x1b") == " " and from_gsm(b"\xff") == "?"


@given(st.binary(max_size=300), st.integers(0, 255), st.integers(0, 255), st.dictionaries(
    st.sampled_from([smpp.PAYLOAD, smpp.SAR_TOTAL, smpp.SAR_NUMBER, smpp.SAR_REFERENCE, smpp.RECEIPTED_ID,
                     smpp.MESSAGE_STATE]), st.binary(max_size=20)))  # fmt: skip
def test_no_foreign_text_breaks_the_reader(
    octets: bytes, coding: int, esm: int, tags: dict[int, bytes]
) -> None:
    unit = Pdu(
        smpp.DELIVER_SM, body={"short_message": octets, "data_coding": coding, "esm_class": esm}, tagged=tags
    )
    assert isinstance(read(unit).text, str)
    told = receipt_of(unit)
    assert told is None or told.stat in STATE_NUMBERS.values()


def test_a_header_with_a_reference_of_two_octets_is_read() -> None:
    header = bytes([6, 8, 4, 0x12, 0x34, 3, 2])
    unit = Pdu(smpp.DELIVER_SM, body={"short_message": header + gsm("abc"), "esm_class": HAS_HEADER})
    found = read(unit)
    assert (found.text, found.reference, found.total, found.number) == ("abc", 0x1234, 3, 2)


# Receipts

AT = datetime(2026, 3, 2, 9, 15)


def receipt(text: str = "", **tags: bytes) -> Receipt | None:
    names = {"id": smpp.RECEIPTED_ID, "state": smpp.MESSAGE_STATE}
    unit = Pdu(
        smpp.DELIVER_SM,
        body={"esm_class": 4, "short_message": text.encode()},
        tagged={names[name]: value for name, value in tags.items()},
    )
    assert is_receipt(unit)
    return receipt_of(unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (receipt_text("123", "DELIVRD", AT, AT, "Sign-in"), Receipt("123", "DELIVRD")),
        ("ID:7f3A SUB:001 DLVRD:000 SUBMIT DATE:260302091500 DONE DATE:260302091559 STAT:undeliv",
         Receipt("7f3A", "UNDELIV")),
        ("id:9 stat:EXPIRED", Receipt("9", "EXPIRED")),
        ("id: 9 sub:001 stat: DELIVERED", Receipt("9", "DELIVRD")),
        ("id:9 stat:HAPPY", Receipt("9", "UNKNOWN")),
        ("id:9", Receipt("9", "UNKNOWN")),
        ("stat:DELIVRD text:id", None),
        ("", None),
    ],
)  # fmt: skip
def test_receipts_are_read_as_centres_write_them(text: str, expected: Receipt | None) -> None:
    assert receipt(text) == expected


def test_tagged_fields_win_over_the_text() -> None:
    assert receipt("id:1 stat:UNDELIV", id=b"2\0", state=b"\2") == Receipt("2", "DELIVRD")
    assert receipt(id=b"2\0") == Receipt("2", "UNKNOWN")
    assert [receipt(id=b"2", state=bytes([at])) for at in STATE_NUMBERS] == [
        Receipt("2", stat) for stat in STATE_NUMBERS.values()
    ]


def test_ids_meet_in_decimals_and_hexadecimals() -> None:
    assert "499602d2" in same_ids("1234567890") and "1234567890" in same_ids("499602D2")
    assert same_ids("00499602d2")[0] == "499602d2"
    assert same_ids("ab-c") == ["ab-c"]


@given(st.integers(1, 10**9))
def test_an_id_in_one_base_is_found_by_the_other(number: int) -> None:
    assert same_ids(str(number))[0] in same_ids(f"{number:X}")
    assert same_ids(f"{number:x}")[0] in same_ids(str(number))


# Time


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (300, "000000000500000R"),
        (86400, "000001000000000R"),
        (0, "000000000001000R"),
        (90061, "000001010101000R"),
    ],
)
def test_how_long_a_text_is_worth_something_goes_with_it(seconds: float, written: str) -> None:
    assert validity(seconds) == written and len(written) == 16


@given(TEXTS)
def test_a_tidied_text_is_never_dearer(text: str) -> None:
    assert "\u200b" not in tidy(text)
    if split(text).alphabet == "ucs2":
        assert split(tidy(text)).count <= split(text).count
