"""Proof of life at the desk: the list, one person, and every act with what is wrong on its own form."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from pakan.registers.access.models import Account, AuditRow
from pakan.registers.lives.actions import open_check
from pakan.registers.lives.models import Death, LifeProof, Stop
from pakan.registers.lives.queries import stands_still
from pakan.registers.people.models import Person

pytestmark = pytest.mark.django_db
In = Callable[[Account], Client]


def act(client: Client, person: Person, name: str, expected: int = 302, **typed: object) -> str:
    answer = client.post(f"/office/lives/{person.number}/{name}/", typed)
    text = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == expected, text[-2500:]
    return text


def test_two_officers_and_two_tries_before_payments_are_suspended_and_one_proof_after(
    client_of: In,
    benefits_officer: Account,
    second_benefits_officer: Account,
    workers: list[Person],
    now: datetime,
) -> None:
    person = workers[0]
    open_check(person.id, "yearly", now.date() - timedelta(days=2), now - timedelta(days=50))
    one, two = client_of(benefits_officer), client_of(second_benefits_officer)
    listed = one.get("/office/lives/").content.decode()
    assert person.number in listed and person.name not in listed
    assert "Try first" in act(one, person, "propose", 422, reason="ບໍ່ພົບ") or "ຕິດຕໍ່ກ່ອນ" in act(
        one, person, "propose", 422, reason="ບໍ່ພົບ"
    )
    for days in (5, 2):
        day = now.date() - timedelta(days=days)
        act(one, person, "tried", on_day=f"{day:%d/%m/%Y}", way="call", end="nobody", note="ບໍ່ຮັບສາຍ")
    act(one, person, "propose", reason="ບໍ່ພົບ")
    act(one, person, "suspend", 422)
    act(two, person, "suspend")
    assert stands_still(person.id) == "no_proof" and Stop.objects.count() == 1
    assert act(one, person, "seen", 422, key=uuid4(), route="home", seen_on=f"{now:%d/%m/%Y}")
    act(one, person, "seen", key=uuid4(), route="home", seen_on=f"{now:%d/%m/%Y}", witness="ນາຍບ້ານ")
    assert stands_still(person.id) == "" and LifeProof.objects.count() == 1
    assert AuditRow.objects.filter(person_id=person.id, act__startswith="look").exists()


def test_a_death_takes_two_officers_and_a_mistake_one(
    client_of: In, registrar: Account, benefits_officer: Account, workers: list[Person], now: datetime
) -> None:
    person, day = workers[0], now.date() - timedelta(days=3)
    one, two = client_of(registrar), client_of(benefits_officer)
    act(one, person, "died", 422, died_on=f"{day:%d/%m/%Y}", paper="certificate", paper_number="")
    act(one, person, "died", died_on=f"{day:%d/%m/%Y}", paper="certificate", paper_number="ມຕ 7")
    assert person.number in one.get("/office/lives/").content.decode()
    act(one, person, "confirm", 422)
    act(
        one,
        person,
        "report",
        number=workers[1].number,
        relation="spouse",
        died_on=f"{day:%d/%m/%Y}",
        key=uuid4(),
    )
    act(two, person, "confirm")
    assert stands_still(person.id) == "dead"
    assert workers[1].claims.filter(benefit="death", insured=person).exists()
    act(two, person, "claims")
    act(one, person, "mistake", 422, reason="")
    act(one, person, "mistake", reason="ຄົນຊື່ດຽວກັນ")
    assert stands_still(person.id) == "" and Death.objects.get().withdrawn_why


def test_the_auditor_reads_and_acts_nothing(client_of: In, auditor: Account, workers: list[Person]) -> None:
    client = client_of(auditor)
    assert (
        '<form class="form stack"' not in client.get(f"/office/lives/{workers[0].number}/").content.decode()
    )
    assert client.post(f"/office/lives/{workers[0].number}/confirm/").status_code == 404
    assert client.get("/office/lives/0000000/").status_code == 404
