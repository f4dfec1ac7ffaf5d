"""The administrator's pages, and the way in of who is invited."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from pakan.operations import enrol
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Invitation
from pakan.registers.access.roles import Role
from pakan.registers.people.models import Employer
from tests.cast import PASSWORD
from tests.channels.employer.conftest import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(
    factory: Employer,
    system: Actor,
    client_of: Callable[[Account], Client],
    english: Callable[[Client], Client],
) -> Client:
    account = enrol.account(system, "boss@example.la", "employer", "ທ້າວ ຫົວໜ້າ", password=PASSWORD)
    enrol.mandate(system, factory, account, Role.EMPLOYER_ADMINISTRATOR)
    TOTPDevice.objects.create(user=account, name="phone", confirmed=True)
    client = english(client_of(account))
    session = client.session
    session["proved_at"] = system.at.isoformat()
    session.save()
    return client


def invite(boss: Client, factory: Employer) -> tuple[str, str]:
    page = boss.post(
        f"/employer/{factory.code}/people/invite/",
        {"full_name": "ນາງ ແກ້ວ ພອນ", "phone": "", "roles": ["employer_preparer"]},
    ).content.decode()
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", said(page))
    assert code, page
    return Invitation.objects.get().number, code[0]


def test_who_is_invited_sets_a_password_and_an_authenticator_and_is_in(
    boss: Client, factory: Employer, client: Client
) -> None:
    number, code = invite(boss, factory)
    assert "Invited, not here yet" in said(boss.get(f"/employer/{factory.code}/people/").content.decode())
    assert client.post("/invited/", {"number": number, "code": code})["Location"] == "/invited/accept/"
    wrong = client.post("/invited/accept/", {"sign_in": "kaeo", "new": "short", "again": "other"})
    assert wrong.status_code == 422
    told = {"sign_in": "kaeo@example.la", "new": PASSWORD, "again": PASSWORD}
    assert client.post("/invited/accept/", told)["Location"] == "/sign-in/authenticator/"
    assert client.get(f"/employer/{factory.code}/").status_code == 302  # nothing is open yet
    device = TOTPDevice.objects.get(user__sign_in="kaeo@example.la")
    client.post("/sign-in/authenticator/", {"code": f"{totp(device.bin_key):06d}"})
    assert client.get(f"/employer/{factory.code}/").status_code == 200
    assert client.get(f"/employer/{factory.code}/people/invite/").status_code == 404  # no administrator


def test_whoever_has_an_account_takes_it_with_that(
    boss: Client, factory: Employer, other_preparer: Account, client_of: Callable[[Account], Client]
) -> None:
    number, code = invite(boss, factory)
    books = client_of(other_preparer)
    books.post("/invited/", {"number": number, "code": code})
    assert books.post("/invited/accept/")["Location"] == "/employer/"
    assert books.get(f"/employer/{factory.code}/").status_code == 200


def test_wrong_numbers_and_codes_are_answered_alike(client: Client, boss: Client, factory: Employer) -> None:
    number, _code = invite(boss, factory)
    pages = [
        client.post("/invited/", {"number": tried, "code": "AAAA-AAAA-AAAA"})
        for tried in (number, "I26-9999999-9", "x")
    ]
    assert {page.status_code for page in pages} == {422}
    assert client.get("/invited/accept/")["Location"] == "/invited/"


def test_access_is_ended_by_a_button_and_without_a_fresh_proof_nothing_happens(
    boss: Client, factory: Employer, preparer: Account, client_of: Callable[[Account], Client]
) -> None:
    session = boss.session
    fresh = session.pop("proved_at")
    session.save()
    address = f"/employer/{factory.code}/people/access/"
    answer = boss.post(address, {"do": "end", "id": preparer.id})
    assert answer["Location"].startswith("/ways-in/?next=")
    assert client_of(preparer).get(f"/employer/{factory.code}/").status_code == 200
    session["proved_at"] = fresh
    session.save()
    boss.post(address, {"do": "end", "id": preparer.id})
    assert client_of(preparer).get(f"/employer/{factory.code}/").status_code == 404


def test_a_colleague_who_lost_the_phone_comes_back(
    boss: Client, factory: Employer, preparer: Account, client: Client
) -> None:
    page = boss.post(f"/employer/{factory.code}/people/access/", {"do": "recover", "id": preparer.id})
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", said(page.content.decode()))
    assert code and "no-store" in page["Cache-Control"]
    client.post("/invited/", {"number": Invitation.objects.get().number, "code": code[0]})
    new = PASSWORD + " ໃໝ່"
    assert (
        client.post("/invited/accept/", {"new": new, "again": new})["Location"] == "/sign-in/authenticator/"
    )
    preparer.refresh_from_db()
    assert preparer.check_password(new)


def test_an_officer_helps_who_stands_at_the_counter(
    registrar: Account, preparer: Account, client_of: Callable[[Account], Client]
) -> None:
    office = client_of(registrar)
    assert office.post("/office/lost/", {"sign_in": "nobody", "seen": "id"}).status_code == 422
    page = office.post("/office/lost/", {"sign_in": preparer.sign_in, "seen": "id"})
    assert Invitation.objects.get().number in page.content.decode()
