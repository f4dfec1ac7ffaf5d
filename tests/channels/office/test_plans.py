"""The plan to pay back at both doors: offered, read, agreed or contested, approved and answered by others (C45, C52)."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.benefits.models import ClaimDecision, Overpayment
from pakan.registers.benefits.queries import plan_of
from tests.cast import _staff
from tests.channels.office.test_patterns import Office

pytestmark = pytest.mark.django_db
In = Callable[[Account], Client]


def send(client: Client, address: str, expected: int = 302, **typed: object) -> str:
    answer = client.post(address, typed)
    text = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == expected, text[-2500:]
    return text


@pytest.fixture
def found(db: None, now: datetime) -> Overpayment:
    office = Office(now)
    office.grant(0, 1, 3_000_000)
    decision = ClaimDecision.objects.get()
    return Overpayment.objects.create(claim=decision.claim, decision=decision, kip=600_000, found_at=now)


def test_a_plan_goes_from_the_desk_to_the_member_and_back(
    found: Overpayment, client_of: In, benefits_officer: Account, second_benefits_officer: Account, system: Actor,
    member: Account, now: datetime,
) -> None:  # fmt: skip
    one, two = client_of(benefits_officer), client_of(second_benefits_officer)
    owner = client_of(member_account(found.claim.person, now))
    desk, own = f"/office/overpaid/{found.id}/", f"/member/overpaid/{found.id}/"
    assert found.claim.number in one.get("/office/overpaid/").content.decode()
    send(one, desk, 422, act="offer", monthly="700000", reason="ຈ່າຍເກີນ")
    send(one, desk, 422, act="offer", monthly="100000", reason="")
    send(one, desk, act="offer", monthly="100000", reason="ຈ່າຍເກີນ")
    shown = owner.get(own).content.decode()
    assert "100.000" in shown and "ຈ່າຍເກີນ" in shown
    assert client_of(member).get(own).status_code == 404
    send(owner, own, 422, act="offer", monthly="900000")
    send(owner, own, act="offer", monthly="50000")
    send(one, desk, act="offer", monthly="100000", reason="ຈ່າຍເກີນ")
    send(two, desk, 422, act="approve")
    send(owner, own, act="agree")
    send(one, desk, 422, act="approve")
    send(two, desk, act="approve")
    send(owner, own, act="contest", text="")
    assert getattr(plan_of(found.id), "state", "") == "contested"
    send(two, desk, 422, act="answer", stays="no", text="ບໍ່ມີ")
    third = client_of(_third(system))
    send(third, desk, 422, act="answer", stays="yes", text="ມີ", article="")
    send(third, desk, act="answer", stays="no", text="ບໍ່ມີຫຼັກຖານ")
    assert getattr(plan_of(found.id), "state", "") == "dropped"
    assert "ບໍ່ມີຫຼັກຖານ" in owner.get(own).content.decode()
    assert owner.get("/member/overpaid/").status_code == 200


def _third(system: Actor) -> Account:
    return _staff(system, "bounmy@lsso.example.la", "ບຸນມີ", Role.BENEFITS_OFFICER)
