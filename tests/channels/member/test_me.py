"""The page "Me" and what a phone hides: few choices under each heading, and no amount before its owner taps (C180)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from pakan.channels.kit.speech import kip_text
from pakan.channels.member.me import GROUPS, ROWS, grouped
from pakan.operations import award, voluntary
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Device
from pakan.registers.benefits.models import Claim, Evidence, Instalment, PayeeAccount
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.channels.claimants import covered, lodged, text
from tests.channels.member.test_getting_in import sign_up

__all__ = ["covered", "lodged"]  # fixtures


def test_every_row_of_me_stands_in_a_group_of_seven_at_most() -> None:
    named = [name for _title, names in GROUPS for name in names]
    assert sorted(named) == sorted(row[0] for row in ROWS)
    assert max(len(rows) for _title, rows in grouped()) <= 7


@pytest.fixture
def rich(member_person: Person, lodged: Callable[[Client], Claim], now: datetime, benefits_officer: Account,
         second_benefits_officer: Account, as_actor: Callable[..., Actor]) -> Client:  # fmt: skip
    """A phone with a PIN, whose owner has a payment and insures herself."""
    client = sign_up(member_person)
    client.post("/member/account/", {"bank": "sandbox", "number": "010123456789", "name": "KHAM S"})
    PayeeAccount.objects.update(check_result="match")
    claim = lodged(client)
    one, two = as_actor(benefits_officer), as_actor(second_benefits_officer)
    for paper in Evidence.objects.filter(claim=claim):
        award.judge(one, paper.receipt_number, True)
    award.propose(one, claim.number, "granted")
    award.decide(two, claim.number, True)
    first = Instalment.objects.earliest("id")
    Instalment.objects.filter(id=first.id).update(state="paid", paid_on=now.date() - timedelta(days=1))
    me = as_actor(Account.objects.get(person=member_person))
    voluntary.join(me, 1_234_000, 3, Month.of(me.today))
    return client


def test_amounts_are_hidden_on_payments_slips_and_the_voluntary_page_until_tapped(rich: Client) -> None:
    slip = Instalment.objects.get(state="paid")
    pages = {
        f"/member/payments/?year={slip.due_on.year}": kip_text(slip.kip),
        f"/member/payments/{slip.id}/": kip_text(slip.kip),
        "/member/voluntary/": kip_text(1_234_000),
    }
    for address, amount in pages.items():
        assert escape(amount) in text(rich, address)
    rich.post("/member/me/amounts/")
    assert Device.objects.get().hides_amounts
    for address, amount in pages.items():
        hidden = text(rich, address)
        assert escape(amount) not in hidden, address
        assert "Tap to show the amounts" in hidden
        shown = address + ("&show" if "?" in address else "?show")
        assert escape(amount) in text(rich, shown), shown
