"""What a phone's outbox may bring: late, twice, from two devices, by somebody else, from a phone that was revoked, or wrong."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pakan.registers.access.actions import member_account
from pakan.registers.access.models import Account, AuditRow, SignIn
from pakan.registers.benefits.models import Claim, Evidence
from pakan.registers.people.models import Person
from pakan.registers.submissions.models import Submission
from tests.channels.claimants import answer_all, begin, covered, photo
from tests.channels.member.months import phone

__all__ = ["covered", "phone"]  # fixtures
Sign = Callable[[Account], Client]
BY_OUTBOX = {"Outbox": "1"}


def bring(client: Client, address: str, fields: dict[str, Any], key: uuid.UUID | None = None) -> Any:
    """Send one act as the outbox does; what it is told."""
    return client.post(address, fields | {"once": str(key or uuid.uuid4())}, headers=BY_OUTBOX)


def done(act: str) -> int:
    return AuditRow.objects.filter(act=act).count()


@pytest.fixture
def draft(phone: Client, covered: list[Person], now: datetime) -> str:
    """A claim with all its answers, not sent yet: the address of its papers."""
    return answer_all(phone, begin(phone), now.date(), pregnancy_months="9", children="1", leave_days="105")


def test_abuse_A19_a_claim_sent_from_two_devices_is_one_claim_and_both_are_told_so(
    phone: Client, draft: str, member: Account, client_of: Sign
) -> None:
    address = draft.replace("/papers/", "/check/")
    told = [bring(one, address, {}).json() for one in (phone, client_of(member))]
    assert [one["state"] for one in told] == ["sent", "sent"]
    assert told[0]["url"] == told[1]["url"] and all(one["says"] for one in told)
    assert done("claim.lodge") == 1 and Claim.objects.get().steps.filter(name="lodged").count() == 1


def test_an_answer_that_comes_after_the_claim_was_sent_needs_the_person(phone: Client, draft: str) -> None:
    phone.post(draft.replace("/papers/", "/check/"))
    late = bring(phone, draft.replace("papers/", "question/children/"), {"q-children": "2"}).json()
    assert late["state"] == "refused" and late["says"] == ["This claim was sent already."]
    assert Claim.objects.get().told["children"] == 1


def test_a_sending_that_comes_after_the_claim_was_taken_back_needs_the_person(
    phone: Client, draft: str
) -> None:
    phone.post(draft.replace("/papers/", "/withdraw/"))
    late = bring(phone, draft.replace("/papers/", "/check/"), {}).json()
    assert late["state"] == "refused" and late["says"]
    assert Claim.objects.get().state == "withdrawn" and done("claim.lodge") == 0


def test_a_sending_before_all_is_answered_needs_the_person(phone: Client, covered: list[Person]) -> None:
    address = begin(phone)
    early = bring(phone, f"{address.split('question')[0]}check/", {}).json()
    assert early["state"] == "refused" and early["says"]
    assert Claim.objects.get().state == "draft"


def test_abuse_A21_a_replayed_answer_does_not_undo_a_later_one(phone: Client, draft: str) -> None:
    address, first = draft.replace("papers/", "question/children/"), uuid.uuid4()
    for key, number in ((first, "1"), (uuid.uuid4(), "2"), (first, "1")):
        assert bring(phone, address, {"q-children": number}, key).json()["state"] == "sent"
    assert Claim.objects.get().told["children"] == 2


def test_abuse_A21_a_replayed_photo_is_one_paper(phone: Client, draft: str) -> None:
    key, fields = uuid.uuid4(), {"kind": "birth", "paper_key": uuid.uuid4()}
    said = [bring(phone, draft, fields | {"photo": photo()}, key).json() for _twice in range(2)]
    assert said[0] == said[1] and said[0]["state"] == "sent"
    assert Evidence.objects.get().receipt_number in said[0]["says"][0]


def test_abuse_A21_somebody_elses_outbox_changes_nothing_of_mine(
    phone: Client, draft: str, workers: list[Person], now: datetime, client_of: Sign
) -> None:
    """The same acts, copied from a shared phone into another person's session: ids and claims belong to one person."""
    key = uuid.uuid4()
    bring(phone, draft.replace("papers/", "question/children/"), {"q-children": "1"}, key)
    stranger = client_of(member_account(workers[1], now))
    for address in (
        draft.replace("papers/", "question/children/"),
        draft.replace("/papers/", "/check/"),
        draft,
    ):
        assert bring(stranger, address, {"q-children": "2", "kind": "birth"}, key).status_code == 404
    claim = Claim.objects.get()
    assert (claim.state, claim.told["children"]) == ("draft", 1)
    assert not Submission.objects.exclude(account_id=claim.person.account.id).exists()


def test_abuse_A22_the_outbox_of_a_revoked_phone_is_not_taken_and_goes_after_signing_in(
    phone: Client, draft: str, member: Account, client_of: Sign, now: datetime
) -> None:
    address, key = draft.replace("/papers/", "/check/"), uuid.uuid4()
    SignIn.objects.filter(account=member).update(ended_at=now)
    assert "/sign-in/" in bring(phone, address, {}, key)["Location"]
    assert "/sign-in/" in phone.get("/member/outbox/token/")["Location"]
    assert Claim.objects.get().state == "draft"
    again = client_of(member)
    assert [bring(again, address, {}, key).json()["state"] for _twice in range(2)] == ["sent", "sent"]
    assert done("claim.lodge") == 1


def test_a_day_a_year_ahead_as_a_wrong_clock_makes_it_is_refused_at_its_field(
    phone: Client, covered: list[Person], now: datetime
) -> None:
    """The day of an event is the only day that a phone sends; all other times are the server's own."""
    address, key = begin(phone), uuid.uuid4()
    ahead = {"day": f"{now.date() + timedelta(days=365):%d/%m/%Y}"}
    assert bring(phone, address, ahead, key).json()["state"] == "refused"
    page = phone.post(address, ahead)
    assert page.status_code == 422 and ahead["day"] in page.content.decode()
    assert bring(phone, address, {"day": f"{now:%d/%m/%Y}"}, key).json()["state"] == "sent"
    assert Claim.objects.get().event_day == now.date()


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("hospital/", {"facility": "H99"}),
        ("messages/reach/", {"act": "mail", "address": "nobody"}),
        ("data/correct/", {"field": "name", "wanted": ""}),
    ],
)
def test_a_change_that_was_refused_is_not_sent_and_its_page_says_why(
    phone: Client, db: None, address: str, wrong: dict[str, str]
) -> None:
    """The outbox hands it to its page under the same id: nothing was done, so the id is free, and the input is kept."""
    key = uuid.uuid4()
    assert bring(phone, f"/member/{address}", wrong, key).json()["state"] == "refused"
    assert not Submission.objects.exists()
    page = phone.post(f"/member/{address}", wrong | {"once": str(key)}).content.decode()
    assert "data-error-summary" in page
    assert all(value in page for value in wrong.values())


def test_a_consent_that_waited_counts_once(phone: Client, db: None) -> None:
    key, page = uuid.uuid4(), phone.get("/member/consents/")
    fields = {"purpose": page.context["rows"][0]["purpose"], "act": "allow"}
    for _twice in range(2):
        assert bring(phone, "/member/consents/", fields, key).json()["state"] == "sent"
    assert done("wish.allow") == 1


def test_abuse_A27_a_photo_of_40_megabytes_is_refused_with_the_limit_also_from_the_outbox(
    phone: Client, draft: str
) -> None:
    large = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0" + bytes(40 * 1024 * 1024), "image/jpeg")
    told = bring(phone, draft, {"kind": "birth", "paper_key": uuid.uuid4(), "photo": large})
    assert told.json()["state"] == "refused" and not Evidence.objects.exists()
