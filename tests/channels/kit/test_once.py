"""Forms with an id: sent twice, done once, answered alike; the phone's outbox is answered in JSON."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from pakan.channels.kit.once import digest_of
from pakan.registers.access.models import AuditRow
from pakan.registers.cases.models import Case
from pakan.registers.submissions.models import Submission
from pakan.units.month import Month
from tests.channels.member.months import phone

__all__ = ["phone"]  # fixture


@pytest.fixture
def address(open_month: Month) -> str:
    return f"/member/record/{open_month}/wrong/"


def opened() -> int:
    return AuditRow.objects.filter(act="report.open").count()


def words(client: Client, location: str) -> list[str]:
    return [str(one) for one in client.get(location).context["messages"]]


def test_the_form_of_a_page_carries_a_new_id_each_time(phone: Client, open_month: Month) -> None:
    pages = [phone.get(f"/member/record/{open_month}/").content.decode() for _ in range(2)]
    ids = [page.split('name="once" value="')[1][:36] for page in pages]
    assert len(set(ids)) == 2


def test_sent_twice_it_is_done_once_and_says_the_same(phone: Client, address: str) -> None:
    form = {"kind": "other", "text": "hello", "once": str(uuid4())}
    first = phone.post(address, form)
    said = words(phone, first["Location"])
    again = phone.post(address, form)
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert words(phone, again["Location"]) == said and said
    assert opened() == 1


def test_other_content_under_the_id_gets_409_and_a_way_on(phone: Client, address: str) -> None:
    form = {"kind": "other", "text": "hello", "once": str(uuid4())}
    location = phone.post(address, form)["Location"]
    answer = phone.post(address, form | {"text": "something else"})
    assert answer.status_code == 409
    assert f'href="{location}"' in answer.content.decode()
    assert Case.objects.get().text == "hello"


def test_what_was_refused_can_be_sent_again_with_the_same_id(phone: Client, address: str) -> None:
    form = {"kind": "nonsense", "once": str(uuid4())}
    assert phone.post(address, form).status_code == 302
    assert not Submission.objects.exists()
    assert phone.post(address, form | {"kind": "other"}).status_code == 302
    assert Submission.objects.count() == 1 and opened() == 1


def test_words_of_a_refusal_reach_the_next_page(phone: Client, open_month: Month) -> None:
    """They are translated only when they are looked at, and the storage of messages takes plain text alone."""
    address = f"/member/record/{open_month + 12}/wrong/"
    told = phone.post(address, {"kind": "other", "once": str(uuid4())}, headers={"Outbox": "1"}).json()
    assert (told["state"], told["says"]) == ("refused", ["This month has not come yet."])
    assert phone.post(address, {"kind": "other", "once": str(uuid4())}).status_code == 302


def test_an_id_that_is_none_is_a_bad_request(phone: Client, address: str) -> None:
    assert phone.post(address, {"kind": "other", "once": "1 OR 1=1"}).status_code == 400
    assert opened() == 0


def test_the_outbox_is_told_what_became_of_it(phone: Client, address: str) -> None:
    form = {"kind": "other", "text": "hello", "once": str(uuid4())}
    told = [phone.post(address, form, headers={"Outbox": "1"}).json() for _ in range(2)]
    assert told[0] == told[1]
    assert told[0]["state"] == "sent" and Case.objects.get().number in told[0]["says"][0]
    other = phone.post(address, form | {"text": "x"}, headers={"Outbox": "1"})
    assert (other.status_code, other.json()["state"]) == (409, "conflict")
    refused = phone.post(address, {"kind": "nonsense", "once": str(uuid4())}, headers={"Outbox": "1"}).json()
    assert refused["state"] == "refused" and refused["says"]


def test_content_is_address_fields_and_files_but_no_token() -> None:
    def digest(address: str = "/a/", content: bytes = b"photo", **fields: str) -> str:
        request = RequestFactory().post(address, fields | {"file": SimpleUploadedFile("a.jpg", content)})
        return digest_of(request)  # type: ignore[arg-type]

    same = digest(text="x", csrfmiddlewaretoken="one", once="1")
    assert same == digest(text="x", csrfmiddlewaretoken="two", once="2")
    assert len({same, digest(text="y"), digest("/b/", text="x"), digest(content=b"other", text="x")}) == 4
