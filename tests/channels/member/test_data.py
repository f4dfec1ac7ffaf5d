"""My data on the phone: what I allow, what is wrong, the copy; and the officers' side of a correction."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pakan.operations import wish
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.people.models import Person
from pakan.registers.wishes.models import Copy, Correction
from pakan.registers.wishes.queries import consents_of
from tests.channels.member.test_relatives import proved
from tests.operations.test_wish import photo

Sign = Callable[[Account], Client]


def test_consents_are_given_and_taken_back(phone: Client, member_person: Person, now: datetime) -> None:
    assert "The social security law makes us" in phone.get("/member/consents/").content.decode()
    phone.post("/member/consents/", {"purpose": "survey", "act": "allow"})
    assert list(consents_of(member_person.id, now.date())) == ["survey"]
    phone.post("/member/consents/", {"purpose": "survey", "act": "withdraw"})
    assert not consents_of(member_person.id, now.date())
    assert phone.post("/member/consents/", {"purpose": "duty", "act": "allow"}).status_code == 404


def test_a_correction_from_the_phone_to_the_two_officers(
    phone: Client, member_person: Person, registrar: Account, finance: Account, client_of: Sign
) -> None:
    typed = {"field": "birth_date", "wanted": "03/02/1985", "text": "ໃນບັດ"}
    page = phone.post(
        "/member/data/correct/", typed | {"proof": SimpleUploadedFile("id.jpg", photo(), "image/jpeg")}
    )
    assert page.status_code == 302
    [case] = Correction.objects.all()
    assert case.wanted == "1985-02-03" and case.number in phone.get("/member/data/correct/").content.decode()
    assert client_of(finance).get(f"/office/corrections/{case.number}/").status_code == 404
    office = client_of(registrar)
    assert case.number in office.get("/office/corrections/").content.decode()
    assert member_person.number[:2] in office.get(f"/office/corrections/{case.number}/").content.decode()
    assert office.get(f"/office/corrections/{case.number}/proof/")["Content-Type"] == "image/jpeg"
    assert AuditRow.objects.filter(act="look", person_id=member_person.id, purpose="correction").count() == 2
    office.post(f"/office/corrections/{case.number}/", {"act": "yes"})
    case.refresh_from_db()
    assert case.state == "proposed"


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"wanted": "31/02/1985"}, "wanted"), ({"field": ""}, "field"), ({"proof": ""}, "proof")],
)
def test_every_problem_is_said_at_its_field(phone: Client, changed: dict[str, str], field: str) -> None:
    typed: dict[str, object] = {"field": "birth_date", "wanted": "03/02/1985"}
    typed["proof"] = SimpleUploadedFile("id.jpg", photo(), "image/jpeg")
    page = phone.post("/member/data/correct/", typed | changed)
    assert page.status_code == 200 and field in page.context["form"].errors


def test_a_file_that_is_no_photo_is_told(phone: Client) -> None:
    typed = {
        "field": "village",
        "wanted": "ໂພນທັນ",
        "proof": SimpleUploadedFile("id.jpg", b"MZ", "image/jpeg"),
    }
    page = phone.post("/member/data/correct/", typed)
    assert "We cannot read this file." in page.content.decode()


def test_a_copy_needs_a_fresh_proof_and_is_only_ones_own(
    phone: Client, now: datetime, workers: list[Person], client_of: Sign
) -> None:
    assert "/prove/" in phone.post("/member/data/").headers["Location"]
    assert not Copy.objects.exists()
    proved(phone, now)
    phone.post("/member/data/")
    [copy] = Copy.objects.all()
    assert phone.get(f"/member/data/copy/{copy.key}/").status_code == 404
    wish.make_copy(copy.id)
    answer = phone.get(f"/member/data/copy/{copy.key}/")
    assert answer.content.startswith(b"PK")
    assert phone.get("/member/data/copy/other/").status_code == 404
