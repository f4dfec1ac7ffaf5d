"""A member shows life with a fresh proof only, and tells of a death in the family without learning anything."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from pakan.operations import enter
from pakan.registers.access.models import Account
from pakan.registers.lives.models import DeathReport, LifeProof
from pakan.registers.people.models import Person

pytestmark = pytest.mark.django_db
In = Callable[[Account], Client]


def test_showing_life_asks_for_a_fresh_proof_and_is_kept_once(
    client_of: In, member: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, key = client_of(member), uuid4()
    answer = client.post("/member/life/", {"key": key})
    assert answer.status_code == 302 and "/prove/" in answer["Location"]
    assert not LifeProof.objects.exists()
    monkeypatch.setattr(enter, "is_fresh", lambda request, at: True)
    for _ in range(2):
        assert client.post("/member/life/", {"key": key})["Location"] == "/member/life/"
    assert LifeProof.objects.get().route == "app"
    assert client.get("/member/life/").status_code == 200


def test_a_death_is_told_with_number_and_birth_date_and_tries_are_counted(
    client_of: In, member: Account, workers: list[Person], now: datetime
) -> None:
    client, dead = client_of(member), workers[1]
    told = {"key": uuid4(), "number": dead.number, "born": f"{dead.birth_date:%d/%m/%Y}", "died_on": f"{now:%d/%m/%Y}",
            "relation": "spouse"}  # fmt: skip
    wrong = client.post("/member/death/", told | {"born": "01/02/1999"})
    assert wrong.status_code == 422 and dead.name not in wrong.content.decode()
    assert client.post("/member/death/", told).status_code == 302
    assert DeathReport.objects.get().person == dead
    for _ in range(4):
        last = client.post("/member/death/", told | {"key": uuid4(), "born": "01/02/1999"})
    assert last.status_code == 422 and "1508" in re.sub(r"\s+", " ", last.content.decode())
    other = client.post("/member/death/", told | {"key": uuid4()})
    assert other.status_code == 422
