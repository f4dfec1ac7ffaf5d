"""The statement of the day: taken whole or not at all, in every version, and it commands nothing."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.integrations.formats.iso20022 import Entry, Statement, StatementRefused, compose, parse
from pakan.units.money import Kip

DAY = date(2026, 3, 2)
PAID = Entry(
    bank_reference="SB260302AAAA",
    amount=Kip(517_500),
    credit=True,
    booked_on=DAY,
    remittance_reference="RF342602000104701",
    remittance_text="SSO 2026-02",
    payer="LAO GARMENT FACTORY",
    payer_account="0101234567890",
    valued_on=date(2026, 3, 1),
)
FEE = Entry("SB260302BBBB", Kip(10_000), False, DAY, remittance_text="fee", valued_on=DAY)
STATEMENT = Statement("SANDLALA", "010000000001", "20260302", Kip(1_000), Kip(508_500), DAY, (PAID, FEE))


START = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'


def refused(content: bytes) -> str:
    with pytest.raises(StatementRefused) as caught:
        parse(content)
    assert caught.value.lo and caught.value.en
    return caught.value.code


def changed(before: str, after: str) -> bytes:
    text = compose(STATEMENT).decode()
    assert before in text
    return text.replace(before, after).encode()


def test_a_statement_comes_back_as_it_was_written() -> None:
    assert parse(compose(STATEMENT)) == STATEMENT
    assert STATEMENT.balances
    assert compose(STATEMENT) == compose(parse(compose(STATEMENT)))


def test_a_statement_that_does_not_add_up_says_so_and_is_kept() -> None:
    off = parse(changed('<Amt Ccy="LAK">508500</Amt>', '<Amt Ccy="LAK">508501</Amt>'))
    assert not off.balances and len(off.entries) == 2


def test_every_version_is_read_by_its_name_space_and_a_variant_of_a_country_is_not() -> None:
    for version in ("02", "04", "08", "13"):
        assert parse(changed("camt.053.001.08", f"camt.053.001.{version}")) == STATEMENT
    assert refused(changed("camt.053.001.08", "camt.052.001.08")) == "message"
    assert refused(changed("urn:iso:std:iso:20022:tech:xsd:camt.053", "urn:country:camt.053")) == "message"


def test_an_old_version_keeps_its_status_and_the_name_of_the_payer_in_other_places() -> None:
    text = compose(STATEMENT).decode().replace("camt.053.001.08", "camt.053.001.02")
    text = re.sub(r">\s+<", "><", text)
    for before, after in (
        ("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>"),
        (
            "<Pty><Nm>LAO GARMENT FACTORY</Nm></Pty>",
            "<Nm>LAO GARMENT FACTORY</Nm>",
        ),
        ("BICFI>", "BIC>"),
    ):
        assert before in text
        text = text.replace(before, after)
    assert parse(text.encode()) == STATEMENT


def test_money_that_is_only_announced_is_not_booked() -> None:
    announced = Statement("B", "1", "N", Kip(0), Kip(0), DAY, pending=(PAID,))
    assert parse(compose(announced)) == announced
    assert announced.balances


def test_a_copy_and_a_page_say_so() -> None:
    copy = Statement("B", "1", "N", Kip(-5), Kip(-5), DAY, copy=True, page=2, last_page=False)
    assert parse(compose(copy)) == copy


def test_an_entry_without_any_reference_gets_one_that_stays_the_same() -> None:
    text = compose(Statement("B", "1", "N", Kip(0), Kip(2 * 517_500), DAY, (PAID, PAID))).decode()
    text = text.replace("<AcctSvcrRef>SB260302AAAA</AcctSvcrRef>", "")
    first, second = parse(text.encode()).entries
    assert first.bank_reference != second.bank_reference
    assert parse(text.encode()).entries == (first, second)


BATCH = (
    "<NtryDtls><TxDtls><Refs><TxId>T1</TxId></Refs><Amt Ccy='LAK'>500000</Amt></TxDtls>"
    "<TxDtls><Refs><TxId>T2</TxId></Refs><Amt Ccy='LAK'>17500</Amt></TxDtls></NtryDtls>"
)


def batch(details: str) -> bytes:
    text = compose(Statement("B", "1", "N", Kip(0), Kip(517_500), DAY, (PAID,))).decode()
    start, end = text.index("<NtryDtls>"), text.index("</NtryDtls>") + len("</NtryDtls>")
    return (text[:start] + details + text[end:]).encode()


def test_the_parts_of_a_batch_are_entries_of_their_own_when_they_add_up() -> None:
    parts = parse(batch(BATCH))
    assert [(part.bank_reference, part.amount) for part in parts.entries] == [("T1", 500_000), ("T2", 17_500)]
    assert parts.balances


def test_a_batch_that_does_not_add_up_is_one_sum_that_nobody_can_allocate() -> None:
    [whole] = parse(batch(BATCH.replace("17500", "17501"))).entries
    assert (whole.bank_reference, whole.amount, whole.remittance_reference) == ("SB260302AAAA", 517_500, "")


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('Ccy="LAK">517500', 'Ccy="USD">517500', "currency"),
        ("<Ccy>LAK</Ccy>", "<Ccy>THB</Ccy>", "currency"),
        ('"LAK">517500', '"LAK">517500.5', "part_of_kip"),
        ('"LAK">517500', '"LAK">-517500', "amount"),
        ('"LAK">517500', '"LAK">5E5', "amount"),
        ('"LAK">517500', '"LAK">99999999999999999', "amount"),
        ("<Dt>2026-03-02</Dt>", "<Dt>2026-02-29</Dt>", "day"),
        ("OPBD", "XXXX", "missing"),
        ("<CdtDbtInd>CRDT</CdtDbtInd>", "", "missing"),
        ("<Id>010000000001</Id>", "", "missing"),
        ("</Document>", "", "xml"),
    ],
)
def test_a_file_with_one_fault_is_refused_whole(before: str, after: str, code: str) -> None:
    assert refused(changed(before, after)) == code


def test_empty_decimals_are_whole_kip() -> None:
    assert parse(changed('"LAK">517500', '"LAK">517500.00')).entries[0].amount == 517_500


def test_two_statements_in_one_file_are_refused() -> None:
    text = compose(STATEMENT).decode()
    body = text[text.index("<Stmt>") : text.index("</BkToCstmrStmt>")]
    assert refused(text.replace(body, body + body).encode()) == "several"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "xml"),
        (b"PK\x03\x04\xff", "encoding"),
        (compose(STATEMENT).decode().replace("UTF-8", "UTF-16").encode("utf-16"), "encoding"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "dtd"),
        (b'<?xml version="1.0"?><!doctype a><a/>', "dtd"),
        (b"<a>&undefined;</a>", "message"),
        (START + b"&undefined;</Document>", "xml"),
        (START + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</Document>", "xml"),
        (START + b"<Ntry/></Document>", "message"),
        (b" " * (128 * 1024 * 1024 + 1), "size"),
    ],
)
def test_a_hostile_file_is_refused_before_it_does_anything(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_an_include_is_not_followed() -> None:
    include = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
    assert parse(changed("</GrpHdr>", f"{include}</GrpHdr>")) == STATEMENT


entries = st.builds(
    Entry,
    bank_reference=st.from_regex(r"[A-Z0-9]{6,16}", fullmatch=True),
    amount=st.integers(0, 10**12).map(Kip),
    credit=st.booleans(),
    booked_on=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    remittance_text=st.from_regex(r"([A-Za-z0-9ກ-ຮ]+ )*[A-Za-z0-9ກ-ຮ]+", fullmatch=True).map(
        lambda t: t[:140].strip()
    ),
    valued_on=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)


@given(st.lists(entries, max_size=8), st.integers(-(10**12), 10**12))
def test_whatever_is_booked_is_read_back_and_adds_up(booked: list[Entry], opening: int) -> None:
    moved = sum(entry.amount if entry.credit else -entry.amount for entry in booked)
    written = Statement("B", "1", "N", Kip(opening), Kip(opening + moved), DAY, tuple(booked))
    assert parse(compose(written)) == written and written.balances


def test_a_day_with_fifty_thousand_entries_is_read() -> None:
    text = compose(Statement("B", "1", "N", Kip(0), Kip(50_000 * 517_500), DAY, (PAID,))).decode()
    entry = text[text.index("<Ntry>") : text.index("</Stmt>")]
    many = "".join(entry.replace("SB260302AAAA", f"R{number}") for number in range(50_000))
    read = parse(text.replace(entry, many).encode())
    assert len({one.bank_reference for one in read.entries}) == 50_000 and read.balances
