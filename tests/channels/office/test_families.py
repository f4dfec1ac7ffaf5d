"""Families at the desk: the heap without names, the papers, what the machine found beside them, and two people."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pakan.operations import family
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.care.models import Photo
from pakan.registers.families.models import FamilyMember
from pakan.registers.people.models import Person
from tests.operations.faces import face
from tests.operations.families import CHILD, SPOUSE, STUDENT, asked, confirmed, entered, paper, photo

Act = Callable[..., Actor]
SENT = {
    "relation": "child", "given_name": "ດາວ", "family_name": "ພົມມະຈັນ", "birth_date": "5/4/2018", "sex": "f",
}  # fmt: skip


@pytest.fixture
def desk_of(client_of: Callable[[Account], Client]) -> Callable[[Account], Client]:
    def signed_in(account: Account) -> Client:
        client = client_of(account)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return signed_in


def text(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def test_what_waits_is_decided_beside_the_paper(
    member: Account,
    member_person: Person,
    registrar: Account,
    desk_of: Callable[[Account], Client],
    as_actor: Act,
) -> None:
    made, desk = asked(as_actor(member)), desk_of(registrar)
    assert "Family members" in text(desk, "/office/")
    page = text(desk, "/office/families/")
    assert made.number in page and "To be confirmed: child" in page and "ດາວ" not in page
    page = text(desk, f"/office/families/{made.number}/")
    assert "ດາວ ພົມມະຈັນ" in page and member_person.name in page
    kept = desk.get(f"/office/families/{made.number}/papers/{made.papers.get().id}/")
    assert kept["Content-Type"] == "image/jpeg" and "attachment" in kept["Content-Disposition"]
    looks = AuditRow.objects.filter(person_id=member_person.id, act="look", purpose="family")
    assert set(looks.values_list("object", flat=True)) == {f"family {made.number}", f"paper of {made.number}"}
    answer = desk.post(f"/office/families/{made.number}/", {"act": "no"})
    assert answer.status_code == 422 and "A no needs its reason." in answer.content.decode()
    desk.post(f"/office/families/{made.number}/", {"act": "yes"})
    made.refresh_from_db()
    assert made.state == "confirmed"
    page = text(desk, f"/office/families/{made.number}/")
    assert "What the law says" in page and "Not covered" in page and "not met" in page
    assert made.number not in text(desk, "/office/families/")
    assert desk.post(f"/office/families/{made.number}/", {"act": "yes"}).status_code == 302
    assert desk.post(f"/office/families/{made.number}/", {"act": "all"}).status_code == 404
    assert desk.get("/office/families/F26-0000000-0/").status_code == 404


def test_from_paper_at_the_desk_and_confirmed_by_another(
    member_person: Person,
    registrar: Account,
    second_registrar: Account,
    desk_of: Callable[[Account], Client],
) -> None:
    desk, other = desk_of(registrar), desk_of(second_registrar)
    answer = desk.post("/office/families/", {"number": member_person.number})
    address = f"/office/families/of/{member_person.number}/"
    assert answer["Location"] == address
    assert "Nobody of the family stands on record" in text(desk, address)
    assert desk.post(address, SENT).status_code == 422
    desk.post(address, SENT | {"paper": SimpleUploadedFile("x.jpg", photo(), "image/jpeg")})
    made = FamilyMember.objects.get()
    assert made.number in text(desk, address)
    refused = desk.post(f"/office/families/{made.number}/", {"act": "yes"})
    assert "Another officer than the first must agree." in refused.content.decode()
    other.post(f"/office/families/{made.number}/", {"act": "yes"})
    made.refresh_from_db()
    assert made.state == "confirmed"
    for page in (reverse("office:person_cards", args=[member_person.number]), address):
        assert "Family members" in text(desk, page)


def test_the_desk_takes_the_face_of_a_family_member(
    member: Account,
    registrar: Account,
    member_person: Person,
    desk_of: Callable[[Account], Client],
    as_actor: Act,
) -> None:
    child = confirmed(as_actor(member), as_actor(registrar))
    asked(as_actor(member), SPOUSE)  # not confirmed: no card, so no photo either
    desk, page = desk_of(registrar), reverse("office:person_cards", args=[member_person.number])
    assert [text(desk, page).count(word) for word in ("There is none.", f'value="{child.number}"')] == [2, 1]
    address = reverse("office:card_photo", args=[member_person.number])
    for whose in ("", "F-0"):
        sent = {"whose": whose, "photo": SimpleUploadedFile("x.jpg", face(), "image/jpeg")}
        assert "Choose whose photo it is." in desk.post(address, sent, follow=True).content.decode()
    sent = {"whose": child.number, "photo": SimpleUploadedFile("x.jpg", face(), "image/jpeg")}
    assert "The photo is kept for the next card." in desk.post(address, sent, follow=True).content.decode()
    assert Photo.objects.get().family_id == child.id
    assert text(desk, page).count("There is none.") == 1


def test_what_the_machine_found_is_shown_and_a_second_marriage_asks_why(
    member: Account, registrar: Account, second_registrar: Account, workers: list[Person],
    desk_of: Callable[[Account], Client], as_actor: Act,
) -> None:  # fmt: skip
    confirmed(as_actor(member), as_actor(registrar), SPOUSE)
    again = entered(as_actor(registrar), workers[3], SPOUSE)
    other = desk_of(second_registrar)
    assert "Stands in another family too:" in text(other, f"/office/families/{again.number}/")
    answer = other.post(f"/office/families/{again.number}/", {"act": "yes", "override": ""})
    assert "Say why it is right all the same." in answer.content.decode()
    other.post(f"/office/families/{again.number}/", {"act": "yes", "override": "ເຫັນໃບຢ່າ"})
    again.refresh_from_db()
    assert (again.state, again.override) == ("confirmed", "ເຫັນໃບຢ່າ")
    she = workers[4]
    facts = {
        "given_name": she.given_name,
        "family_name": she.family_name,
        "birth_date": she.birth_date,
        "sex": she.sex,
    }
    child = asked(as_actor(member), CHILD, **(facts | {"birth_date": she.birth_date}))
    page = text(other, f"/office/families/{child.number}/")
    assert "Perhaps insured too:" in page and she.number in page
    other.post(f"/office/families/{child.number}/", {"act": "yes", "own_number": she.number})
    child.refresh_from_db()
    assert child.own_id == she.id


def test_an_end_and_a_proof_of_study_wait_for_another(
    member: Account,
    registrar: Account,
    second_registrar: Account,
    desk_of: Callable[[Account], Client],
    as_actor: Act,
) -> None:
    me, officer, today = as_actor(member), as_actor(registrar), as_actor(member).today
    wife, son = confirmed(me, officer, SPOUSE), confirmed(me, officer, STUDENT)
    proof = family._prove_study(me, son.number, today - timedelta(3), paper())
    desk, other = desk_of(registrar), desk_of(second_registrar)
    desk.post(
        f"/office/families/{wife.number}/",
        {"act": "end", "why": "divorce", "on": f"{date(2024, 1, 1):%d/%m/%Y}"},
    )
    page = text(desk, "/office/families/")
    assert "An end" in page and "Proof of study" in page
    assert (
        "Another officer than the first"
        in desk.post(f"/office/families/{wife.number}/", {"act": "end_yes"}).content.decode()
    )
    other.post(f"/office/families/{wife.number}/", {"act": "end_yes"})
    wife.refresh_from_db()
    assert (wife.state, wife.until) == ("ended", date(2024, 1, 1))
    address = f"/office/families/{son.number}/"
    assert other.post(address, {"act": "study_no", "paper_id": proof.id}).status_code == 422
    other.post(address, {"act": "study_yes", "paper_id": proof.id})
    proof.refresh_from_db()
    assert proof.accepted
    assert "accepted" in text(other, address)
