"""Cards and statements from the real record: what they say is what the law and the record say, and it verifies."""

import hashlib
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from pakan.integrations.formats.credential import PURPOSES, compose, signing_key
from pakan.integrations.formats.letter import pictures
from pakan.operations import assess, certify, issuing
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.care.models import IssuedCard
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.channels.member.months import declared, paid
from tests.codes import codes_on

__all__ = ["declared", "paid"]  # fixtures


@pytest.fixture
def self_of(member: Account, as_actor: Callable[..., Actor], now: datetime) -> Callable[..., Actor]:
    """The member, at a moment."""

    def act(at: datetime | None = None) -> Actor:
        return as_actor(member, at or now)

    return act


@pytest.fixture
def covered(paid: Any, open_month: Month) -> None:
    for back in range(6, -1, -1):
        paid(open_month - back)


def test_no_card_of_cover_before_enough_months_are_paid(self_of: Callable[..., Actor], paid: Any) -> None:
    paid()
    card = certify.card(self_of())
    assert not card.cover.entitled
    assert (card.until, card.code) == (None, "")


def test_the_card_says_what_the_law_says_and_ends_with_the_cover(
    self_of: Callable[..., Actor], covered: None, member_person: Person
) -> None:
    me = self_of()
    card = certify.card(me)
    decision = assess.estimate(member_person, "health", certify.COVER, me.today)
    assert decision.entitled
    assert card.until == decision.amounts[0].end
    found = certify.verify(card.code, me.at)
    assert isinstance(found.document, certify.Card)
    assert (found.document.number, found.document.name) == (member_person.number, member_person.name)
    assert (found.document.birth_date, found.document.sex) == (member_person.birth_date, member_person.sex)
    assert (found.document.scheme, found.document.group) == ("enterprise", "insured")
    assert found.expires.astimezone(VIENTIANE).date() == card.until
    with pytest.raises(certify.CredentialRefused, match="expired"):
        certify.verify(card.code, found.expires + timedelta(hours=1))


def test_a_card_is_issued_once_a_cover_and_read_after(self_of: Callable[..., Actor], covered: None) -> None:
    first = certify.card(self_of())
    before = AuditRow.objects.count()
    assert certify.card(self_of()).code == first.code
    assert (AuditRow.objects.count(), IssuedCard.objects.count()) == (before, 1)
    row = AuditRow.objects.latest("number")
    assert (row.act, row.object) == ("certify.take_card", IssuedCard.objects.get().serial)


def test_the_statement_holds_every_month_that_counts(
    self_of: Callable[..., Actor], covered: None, open_month: Month, member_person: Person
) -> None:
    me = self_of()
    letter = certify.statement(me)
    assert [row["month"] for row in letter["rows"]] == [str(open_month - back) for back in range(6, -1, -1)]
    assert letter["months"] == 7
    found = certify.verify(letter["code"], me.at).document
    assert isinstance(found, certify.Statement)
    assert (found.document, found.number, found.name) == (
        letter["number"],
        member_person.number,
        member_person.name,
    )
    assert (found.months, found.first, found.last) == (7, open_month - 6, open_month)
    assert found.paid == 7 * (180_000 + 165_000)
    table = json.dumps(letter["rows"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert found.digest == hashlib.sha256(table.encode()).digest()


def test_a_statement_leaves_one_line_in_the_audit_trail(self_of: Callable[..., Actor], paid: Any) -> None:
    me = self_of()
    before = AuditRow.objects.count()
    letter = certify.statement(me)
    row = AuditRow.objects.latest("number")
    assert AuditRow.objects.count() == before + 1
    assert (row.act, row.object, row.person_id) == ("certify.statement", letter["number"], me.person_id)


def test_no_two_statements_have_one_number(self_of: Callable[..., Actor]) -> None:
    numbers = {certify.statement(self_of())["number"] for _ in range(20)}
    assert len(numbers) == 20


def test_a_statement_without_months(self_of: Callable[..., Actor]) -> None:
    letter = certify.statement(self_of())
    assert (letter["rows"], letter["months"]) == ([], 0)
    found = certify.verify(letter["code"], self_of().at).document
    assert isinstance(found, certify.Statement)
    assert (found.first, found.paid) == (None, 0)
    assert certify.statement_pdf(letter).startswith(b"%PDF-")


def test_the_code_on_the_printed_page_reads_and_verifies(
    self_of: Callable[..., Actor], covered: None
) -> None:
    letter = certify.statement(self_of())
    assert certify.statement_pdf(letter).startswith(b"%PDF-")
    [page] = pictures("statement", letter)
    codes = codes_on(Image.open(io.BytesIO(page)))
    assert [code.text for code in codes] == [letter["code"]]
    assert certify.verify(codes[0].text, self_of().at).document.number == letter["person_number"]


def test_thirty_years_print_on_pages_and_the_code_still_reads(
    self_of: Callable[..., Actor], paid: Any
) -> None:
    paid()
    letter = certify.statement(self_of())
    [row] = letter["rows"]
    months = [str(month) for month in (Month(1997, 1)).until(Month(2026, 12))]
    long = letter | {"rows": [row | {"month": month} for month in months], "months": len(months)}
    pages = pictures("statement", long)
    assert 6 <= len(pages) <= 12
    codes = codes_on(Image.open(io.BytesIO(pages[0])))
    assert [code.text for code in codes] == [letter["code"]]


def test_only_a_person_has_a_card_or_a_statement(preparer: Account, finance: Account, as_actor: Any) -> None:
    for account in (preparer, finance):
        with pytest.raises(PermissionError):
            certify.card(as_actor(account))
        with pytest.raises(NotAllowed):
            certify.statement(as_actor(account))


def test_keys_are_shown_a_year_after_and_ninety_days_before() -> None:
    shown = issuing.public_keys(datetime(2026, 9, 1, tzinfo=UTC))
    assert shown.keys() == {f"{purpose}-{year}" for purpose in PURPOSES for year in (2025, 2026)}
    assert "card-2027" in issuing.public_keys(datetime(2026, 10, 5, tzinfo=UTC))
    assert "card-2026" in issuing.public_keys(datetime(2027, 12, 31, tzinfo=UTC))


def test_a_card_of_december_is_read_in_january(settings: Any) -> None:
    at = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # eleven at night in Vientiane
    later = datetime(2027, 1, 2, tzinfo=UTC)
    facts = certify.Card("0123456789", "ບຸນມີ ພົມມະຈັນ", "", date(1990, 3, 5), "f", "enterprise", "insured")
    key = signing_key(settings.SIGNING_KEY.encode(), "card", 2026)
    code = compose(facts, key, settings.BASE_URL, at, at + timedelta(days=60))
    assert certify.verify(code, later).document == facts


def test_another_house_has_other_keys(self_of: Callable[..., Actor], covered: None, settings: Any) -> None:
    card = certify.card(self_of())
    settings.SIGNING_KEY = "the secret of quite another house, 32+"
    with pytest.raises(certify.CredentialRefused, match="not_genuine"):
        certify.verify(card.code, self_of().at)
    settings.SIGNING_KEY = "short"
    with pytest.raises(ValueError, match="32 bytes"):
        certify.card(self_of())


def test_the_published_list_has_no_secret() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    shown = certify.published_keys(at)
    assert shown["issuer"] == "http://localhost:8000"
    assert shown["made_at"] == "2026-11-01T00:00:00+00:00"
    assert {key["kid"] for key in shown["keys"]} == issuing.public_keys(at).keys()
    assert all("d" not in key for key in shown["keys"])
