"""The communicator sees what the fund says and what it costs, who was not reached, and reads sentences aloud."""

import struct
from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pakan.channels.kit.aloud import cut, of_page, sentences
from pakan.operations import aloud, notify
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.messages import actions
from pakan.registers.messages.models import Attempt, Message, Told, Way
from pakan.registers.people.models import Person
from pakan.registers.speech.fingerprint import fingerprint, normalised
from pakan.registers.speech.models import LARGEST, Recording

pytestmark = pytest.mark.django_db
OGG = b"OggS" + b"\0" * 200
WAV = b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + b"\0" * 100


@pytest.fixture
def desk(client_of: Callable[[Account], Client], communicator: Account) -> Client:
    client = client_of(communicator)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def failed(person: Person, now: datetime, key: str = "k") -> Message:
    row = {"key": key, "wording": "month_not_paid", "values": dict(notify.LONGEST), "language": "lo",
           "phone": "+8562055500001", "person_id": person.id}  # fmt: skip
    [made] = actions.queue([row], now)
    attempt = actions.begin(made, Way.SMS, now)
    assert attempt is not None
    actions.way_failed(attempt, "phone", now)
    actions.no_way_left(made)
    return Message.objects.get(id=made)


def test_every_wording_stands_there_in_both_languages_with_its_price(desk: Client) -> None:
    page = desk.get("/office/wordings/").content.decode()
    for name in notify.WORDINGS:
        assert f'id="{name}"' in page
    assert "ເດືອນນີ້ນັບໃຫ້ທ່ານ" in page and "The month counts." in page
    said = notify.priced("month_credited", "lo")
    assert f"{said.letters} letters · 2 parts · 200 kip" in page
    assert "goes at night too" in page and "news: STOP ends it" in page


def test_the_board_counts_a_day_by_way_and_names_what_nobody_got(
    desk: Client, workers: list[Person], now: datetime
) -> None:
    message = failed(workers[0], now)
    page = desk.get("/office/deliveries/").content.decode()
    assert f"/office/deliveries/{message.id}/" in page and "The phone did not get it." in page
    assert workers[0].given_name not in page  # who it is about is seen on the task, and that look is kept
    for day in ("2020-01-01", "x", "9999-01-01"):
        assert desk.get(f"/office/deliveries/?day={day}").status_code == 200


def test_a_task_is_done_once_and_the_look_is_kept_for_the_person(
    desk: Client, workers: list[Person], now: datetime
) -> None:
    message = failed(workers[0], now)
    address = f"/office/deliveries/{message.id}/"
    page = desk.get(address).content.decode()
    assert workers[0].given_name in page and "Ask your employer or call 1508." in page
    assert AuditRow.objects.filter(person_id=workers[0].id, object=f"message {message.id}").exists()
    assert desk.post(address, {"how": "pigeon"}).status_code == 422
    assert desk.post(address, {"how": "call", "note": "ok"}).status_code == 302
    assert Told.objects.get().how == "call"
    assert desk.get(address).status_code == 404 and desk.post(address, {"how": "call"}).status_code == 404


def test_a_late_delivery_takes_the_task_away(desk: Client, workers: list[Person], now: datetime) -> None:
    message = failed(workers[0], now)
    Attempt.objects.update(operator="sandbox", operator_id="T1")
    assert actions.delivery("sandbox", "T1", True, "", now) is None
    assert desk.get(f"/office/deliveries/{message.id}/").status_code == 404


# Recordings


def test_sentences_come_from_the_screens_and_the_messages_and_are_cut_as_they_are_read() -> None:
    lao = {one.text for one in sentences("lo")}
    english = {one.text for one in sentences("en")}
    assert normalised("ທ່ານບໍ່ຕ້ອງເຮັດຫຍັງ.") in lao and "You need to do nothing" in english
    assert all("%(" not in one and "{" not in one for one in lao | english)
    assert cut("Paid. It counts!  12 \n Now") == ["Paid", "It counts", "Now"]
    html = (
        "<header>no</header><main><h1>One  two.</h1><p>Three <b>four</b>. Five</p><script>x</script>"
        '<p data-listen="Listen"><a>Listen</a></p><p>Six</p></main><p>seven</p>'
    )
    assert of_page(html) == ["One two", "Three four", "Five", "Six"]


def upload(desk: Client, key: str, content: bytes | None, name: str = "a.ogg") -> int:
    files = {} if content is None else {"sound": SimpleUploadedFile(name, content)}
    return desk.post(f"/office/recordings/{key}/?in=lo", files).status_code


def test_a_sentence_is_read_and_any_phone_hears_it(desk: Client, client: Client) -> None:
    text = sentences("lo")[0].text
    key = fingerprint(text)
    assert client.get(f"/listen/{key}/").status_code == 404
    assert upload(desk, key, OGG) == 302
    sound = client.get(f"/listen/{key}/")
    assert (sound.status_code, sound.headers["Content-Type"], sound.content) == (200, "audio/ogg", OGG)
    assert client.get(f"/listen/have/?f={key[:16]}.{'0' * 16}.x").json() == {"have": [key]}
    assert upload(desk, key, WAV) == 302
    assert client.get(f"/listen/{key}/").content == WAV
    assert Recording.objects.count() == 2 and Recording.objects.filter(ended_at=None).count() == 1
    assert AuditRow.objects.filter(act="aloud.record").count() == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "There is no sound in it"), (b"", "There is no sound in it"), (b"<html>" * 50, "no sound file"),
     (OGG[:4] + b"\0" * LARGEST, "over 60 kB"), (b"\xff\xd8\xff\xe0" + b"x" * 90, "no sound file")],
)  # fmt: skip
def test_abuse_A27_what_is_no_sound_or_too_large_is_refused_in_words(
    content: bytes | None, says: str, desk: Client
) -> None:
    key = fingerprint(sentences("lo")[0].text)
    files = {} if content is None else {"sound": SimpleUploadedFile("a.ogg", content, "audio/ogg")}
    reply = desk.post(f"/office/recordings/{key}/?in=lo", files)
    assert reply.status_code == 422 and says in reply.content.decode()
    assert not Recording.objects.exists()


@pytest.mark.parametrize(
    ("start", "kind"),
    [(b"OggS", "audio/ogg"), (b"ID3\x04", "audio/mpeg"), (b"\xff\xfb\x90\x00", "audio/mpeg"),
     (b"\0\0\0\x20ftypM4A ", "audio/mp4"), (b"\x1aE\xdf\xa3", "audio/webm"), (b"RIFF\0\0\0\0WAVE", "audio/wav"),
     (b"", ""), (b"\xff", ""), (b"\xff\xd8\xff\xe0", ""), (b"RIFF\0\0\0\0AVI ", ""), (b"GIF89a", "")],
)  # fmt: skip
def test_a_sound_is_known_by_its_first_octets(start: bytes, kind: str) -> None:
    assert aloud.kind_of(start) == kind


def test_a_recording_older_than_its_text_is_flagged_and_can_go(
    desk: Client, communicator: Account, as_actor: Callable[..., Actor], client: Client
) -> None:
    place = sentences("lo")[0]
    aloud.record(as_actor(communicator), "ຂໍ້ຄວາມເກົ່າ", "lo", OGG, place.place)
    page = desk.get("/office/recordings/?show=old").content.decode()
    assert "ຂໍ້ຄວາມເກົ່າ" in page and place.text in page and "older than the text" in page
    key = fingerprint("ຂໍ້ຄວາມເກົ່າ")
    assert "stand on no screen" in desk.get(f"/office/recordings/{key}/").content.decode()
    assert desk.post(f"/office/recordings/{key}/", {"end": "1"}).status_code == 302
    assert client.get(f"/listen/{key}/").status_code == 404
    assert desk.get(f"/office/recordings/{'0' * 64}/").status_code == 404


def test_only_this_page_may_ask_for_the_microphone(desk: Client) -> None:
    key = fingerprint(sentences("lo")[0].text)
    assert "microphone=(self)" in desk.get(f"/office/recordings/{key}/").headers["Permissions-Policy"]
    assert "microphone=()" in desk.get("/office/recordings/").headers["Permissions-Policy"]


# Without script


def test_without_script_a_page_is_listened_to_sentence_by_sentence(
    client: Client, communicator: Account, as_actor: Callable[..., Actor]
) -> None:
    start = client.get("/").content.decode()
    assert 'href="/listen/?of=/"' in start
    page = client.get("/listen/?of=/").content.decode()
    assert "<audio" not in page and "ຍັງບໍ່ມີໃຜອ່ານໜ້ານີ້" in page
    text = of_page(start)[0]
    aloud.record(as_actor(communicator), text, "lo", OGG)
    assert f'src="/listen/{fingerprint(text)}/"' in client.get("/listen/?of=/").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "x",
        "/listen/",
        "/office/",
        "/member/",
        "/static/x",
        "/health",
        "/nowhere/",
        "/partners/banks/sandbox/notice/",
    ],
)
def test_nobody_listens_to_what_he_may_not_see(path: str, client: Client) -> None:
    assert client.get("/listen/", {"of": path}).status_code == 404


def test_a_member_listens_to_his_own_pages(phone: Client) -> None:
    phone.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Messages" in phone.get("/listen/?of=/member/messages/").content.decode()


@pytest.fixture
def phone(member: Account, client_of: Callable[[Account], Client]) -> Client:
    return client_of(member)
