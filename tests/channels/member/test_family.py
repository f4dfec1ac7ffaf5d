"""My family on the phone: add a child with a photo, see who is covered and why, take it back, prove study, say it ended."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pakan.operations import family
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.care.models import IssuedCard
from pakan.registers.families.models import FamilyMember
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.operations.families import CHILD, SPOUSE, STUDENT, asked, confirmed, entered, photo

Act = Callable[..., Actor]
SENT = {"given_name": "ດາວ", "family_name": "ພົມມະຈັນ", "birth_date": "5/4/2018", "sex": "f"}


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("birth.jpg", photo(), "image/jpeg")


def text(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


@pytest.fixture
def covered(paid: Any, open_month: Month) -> None:
    for back in range(3, -1, -1):
        paid(open_month - back)


def test_a_child_is_added_with_a_photo_and_stands_on_the_list(phone: Client, member_person: Person) -> None:
    assert "Nobody stands here yet." in text(phone, "/member/family/")
    assert "My family" in text(phone, "/member/card/") and "My family" in text(phone, "/member/me/")
    answer = phone.post("/member/family/new/child/", SENT | {"paper": file()})
    made = FamilyMember.objects.get()
    assert answer["Location"] == "/member/family/"
    assert (made.name, made.relation, made.state, made.since) == (
        "ດາວ ພົມມະຈັນ",
        "child",
        "asked",
        made.birth_date,
    )
    page = text(phone, "/member/family/")
    assert f"Your number: {made.number}" in page and "we look at it" in page and "ດາວ ພົມມະຈັນ" in page
    phone.post(f"/member/family/{made.number}/", {"act": "withdraw"})
    assert "Nobody stands here yet." in text(phone, "/member/family/")


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    phone: Client, member: Account, as_actor: Act
) -> None:
    page = phone.post("/member/family/new/spouse/", {"given_name": "ວຽງ"}).content.decode()
    assert "Photo of the paper" in page and 'value="ວຽງ"' in page and "error" in page
    sent = SENT | {"birth_date": "1/1/1950"}
    assert (
        "A child is younger than its parent."
        in phone.post("/member/family/new/child/", sent | {"paper": file()}).content.decode()
    )
    broken = SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")
    assert (
        "We cannot read this file."
        in phone.post("/member/family/new/child/", SENT | {"paper": broken}).content.decode()
    )
    asked(as_actor(member))
    page = phone.post(
        "/member/family/new/child/", SENT | {"given_name": "ດາວໆ", "paper": file()}
    ).content.decode()
    assert "Somebody alike is on the list." in page and 'name="why"' in page
    assert FamilyMember.objects.count() == 1
    assert phone.get("/member/family/new/cousin/").status_code == 404


def test_who_is_covered_and_why(
    phone: Client, covered: None, member: Account, registrar: Account, as_actor: Act
) -> None:
    me, officer = as_actor(member), as_actor(registrar)
    young, grown = confirmed(me, officer), confirmed(me, officer, STUDENT)
    confirmed(me, officer, SPOUSE)
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        page = text(phone, "/member/family/")
    assert len(asked_for) <= 12, len(asked_for)
    assert page.count("Covered") == 2 and page.count("Not covered") == 1
    assert "Add my husband or wife" not in page
    page = text(phone, f"/member/family/{young.number}/")
    assert "A child has the right until the age of 18." in page and "still missing" not in page
    assert (
        "Family member of" in page
        and "data:image/svg+xml," in page
        and IssuedCard.objects.get().family == young
    )
    assert "Send a proof of study" not in page
    page = text(phone, f"/member/family/{grown.number}/")
    assert "There is none." in page and "still missing" in page and 'width="320"' not in page
    today = me.today
    late = phone.post(
        f"/member/family/{grown.number}/", {"act": "study", "dated": "1/1/2020", "paper": file()}
    )
    assert "The paper must be of the last twelve months." in late.content.decode()
    phone.post(
        f"/member/family/{grown.number}/", {"act": "study", "dated": f"{today:%d/%m/%Y}", "paper": file()}
    )
    proof = grown.papers.get(kind="study")
    family.judge_study(officer, grown.number, proof.id, True)
    page = text(phone, f"/member/family/{grown.number}/")
    assert "accepted" in page and "still missing" not in page


def test_an_end_is_told_and_nothing_ends_before_an_officer_looked(
    phone: Client, member: Account, registrar: Account, as_actor: Act
) -> None:
    wife = confirmed(as_actor(member), as_actor(registrar), SPOUSE)
    address = f"/member/family/{wife.number}/"
    page = phone.post(address, {"act": "end", "why": "other", "on": "1/1/2024"}).content.decode()
    assert "Say in a few words what happened." in page
    phone.post(address, {"act": "end", "why": "divorce", "on": "1/1/2024"})
    wife.refresh_from_db()
    assert (wife.state, wife.end_why) == ("confirmed", "divorce")
    assert "You told us that it ended." in text(phone, address)
    family.decide_end(as_actor(registrar), wife.number, True)
    assert "ended" in text(phone, address)


def test_anothers_family_is_not_there(
    phone: Client, registrar: Account, as_actor: Act, workers: list[Person]
) -> None:
    theirs = entered(as_actor(registrar), workers[1], CHILD)
    for number in (theirs.number, "F26-0000000-0"):
        assert phone.get(f"/member/family/{number}/").status_code == 404
        assert phone.post(f"/member/family/{number}/", {"act": "withdraw"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "asked"
