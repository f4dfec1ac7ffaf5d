"""The door of the reader: what it hands out, who may send notes, and what is never taken (C55, C56)."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from pakan.integrations.formats.credential import read_keys, read_revoked
from pakan.operations import care, issuing
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.care import actions
from pakan.registers.care.models import IssuedCard, Visit
from pakan.registers.people.models import Person
from tests.operations.test_care import LIST

SENT = "/verifier/served/"


@pytest.fixture
def key(registrar: Account, as_actor: Callable[..., Actor]) -> str:
    care.load(as_actor(registrar), LIST.encode())
    return care.new_key(as_actor(registrar), "H01")


@pytest.fixture
def card(member_person: Person, now: datetime) -> IssuedCard:
    return actions.issue(
        member_person.id, "paper", (now + timedelta(days=30)).date(), "card-2026", now, "enterprise"
    )


def body(key: str, *notes: dict[str, Any], facility: str = "H01") -> str:
    return json.dumps({"facility": facility, "key": key, "notes": notes})


def note(card: IssuedCard, now: datetime, **facts: Any) -> dict[str, Any]:
    told = {
        "id": str(uuid4()),
        "serial": card.serial,
        "at": int(now.timestamp()),
        "kind": "out",
        "billed": 90_000,
    }
    return told | {"offline": True} | facts


def send(client: Client, text: str) -> Any:
    return client.post(SENT, text, content_type="application/json")


def test_notes_are_answered_one_by_one_and_twice_alike(
    client: Client, key: str, card: IssuedCard, now: datetime
) -> None:
    good, strange = note(card, now), note(card, now, serial="NOBODYS")
    first = send(client, body(key, good, strange)).json()["answers"]
    assert first == {good["id"]: "stored", strange["id"]: "unknown"}
    assert send(client, body(key, good)).json()["answers"] == {good["id"]: "again"}
    assert send(client, body(key, good | {"billed": 1})).json()["answers"] == {good["id"]: "conflict"}
    assert Visit.objects.get().billed == 90_000


def test_a_wrong_key_takes_nothing(client: Client, key: str, card: IssuedCard, now: datetime) -> None:
    for wrong in (
        body("x", note(card, now)),
        body(key, note(card, now), facility="H02"),
        body("", note(card, now)),
    ):
        assert send(client, wrong).status_code == 403
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"notes": 1}', '{"notes": [1], "facility": "H01", "key": "x"}', "\x00", '{"notes": [{"id": 1}]}',
     '{"notes": [{"id": "nonsense", "billed": 1, "at": 1}]}', '{"notes": [{"billed": 1.5, "at": 1e99}]}'],
)  # fmt: skip
def test_what_no_reader_would_send_is_refused_in_words(client: Client, key: str, text: str) -> None:
    answer = send(client, text)
    assert (answer.status_code, answer.json()) == (400, {"why": "not readable"})


def test_too_much_at_once_is_not_read(client: Client, key: str) -> None:
    assert send(client, "x" * 70_000).status_code == 413
    assert client.get(SENT).status_code == 405


def test_the_lists_are_signed_and_may_be_kept(client: Client, card: IssuedCard, now: datetime) -> None:
    roots = {each.id: each for each in issuing.public_keys(now).values() if each.purpose == "keys"}
    keys, gone = client.get("/keys.cose"), client.get("/revoked.cose")
    held = read_keys(keys.content, roots)
    assert card.serial not in read_revoked(gone.content, held.keys)
    actions.revoke([card], "lost", now)
    assert card.serial in read_revoked(client.get("/revoked.cose").content, held.keys)
    for answer in (keys, gone):
        assert answer.headers["Content-Type"] == "application/cose"
        assert answer.headers["Cache-Control"].startswith("public, max-age=")


def test_only_the_reader_may_ask_for_the_camera(client: Client, db: None) -> None:
    assert "camera=(self)" in client.get("/verifier/").headers["Permissions-Policy"]
    assert "camera=()" in client.get("/verify/").headers["Permissions-Policy"]


def test_the_page_its_worker_and_its_manifest_belong_together(client: Client, db: None) -> None:
    page, worker = client.get("/verifier/"), client.get("/verifier/worker.js")
    told = client.get("/verifier/manifest.webmanifest").json()
    assert (told["scope"], told["start_url"], told["display"]) == ("/verifier/", "/verifier/", "standalone")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    text = worker.content.decode().encode().decode("unicode_escape")
    for name in ("/verifier/", "verdict.js", "verifier.js", "jsqr.js", "kit.css"):
        assert name in text
    assert b"worker.js" in page.content


@pytest.mark.parametrize("address", ["/facilities/", "/facilities/01/", "/emergency/", "/verifier/"])
@pytest.mark.parametrize("language", ["lo", "en"])
def test_public_pages_of_care_need_no_account(client: Client, key: str, address: str, language: str) -> None:
    client.cookies["language"] = language
    assert client.get(address).status_code == 200


def test_a_province_that_is_none_is_not_there(client: Client, db: None) -> None:
    assert client.get("/facilities/99/").status_code == 404
