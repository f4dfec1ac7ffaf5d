"""The app's own addresses: manifest, worker, pages without network, what may be kept; and how much the pages ask."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from ops import icons
from pakan.channels.member.keep import profile_of
from pakan.registers.access.models import Account, SignIn
from pakan.registers.people.models import Person
from pakan.units.month import Month

MOST = 12


def test_the_manifest_names_the_app_in_both_languages_with_the_tokens_colours(client: Client) -> None:
    told = json.loads(client.get("/member/app.webmanifest").content)
    assert "ປະກັນສັງຄົມ" in told["name"] and "Social security" in told["name"]
    assert (told["theme_color"], told["background_color"]) == ("#0a4f4b", "#f5f7f6")
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip


@pytest.mark.parametrize("name", icons.ICONS)
def test_icons_are_drawn_from_the_code(name: str) -> None:
    size, part, is_full = icons.ICONS[name]
    with Image.open(icons.STATIC / name) as kept:
        assert kept.size == (size, size)
        drawn = icons.drawn(size, part, is_full).quantize(32).convert("RGBA")
        assert list(kept.convert("RGBA").getdata()) == list(drawn.getdata())
    assert (icons.STATIC / name).stat().st_size < 15_000


def test_the_worker_stands_at_its_own_address_with_its_scope_and_version(client: Client) -> None:
    answer = client.get("/member/worker.js")
    text = answer.content.decode()
    assert answer["Service-Worker-Allowed"] == "/member/" and answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    assert 'VERSION = "shell-' in text and "/member/offline/lo/" in text and "importScripts(" in text
    assert "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(("language", "words"), [("lo", "ບໍ່ມີເນັດ"), ("en", "No network")])
def test_the_page_without_network_names_nobody(
    client: Client, phone: Client, member_person: Person, language: str, words: str
) -> None:
    pages = [one.get(f"/member/offline/{language}/").content.decode() for one in (client, phone)]
    assert pages[0] == pages[1] and words in pages[0]
    assert member_person.name not in pages[1] and "csrf" not in pages[1]
    assert client.get("/member/offline/xx/").status_code == 404


def test_only_who_said_yes_may_be_kept_and_only_the_pages_that_are_meant(
    phone: Client, member: Account
) -> None:
    assert phone.get("/member/")["Kept"] == "none"
    phone.post("/member/keep/", {"keep": "yes"})
    name = profile_of(member.id)
    assert phone.get("/member/")["Kept"] == phone.get("/member/card/")["Kept"] == f"{name}; store"
    assert phone.get("/member/messages/")["Kept"] == name
    assert "no-store" in phone.get("/member/")["Cache-Control"]
    assert str(member.id) not in name and len(name) == 16
    phone.post("/member/keep/", {"keep": "no"})
    assert phone.get("/member/")["Kept"] == "none"


def test_a_page_with_a_message_is_not_kept(phone: Client, open_month: Month) -> None:
    phone.post("/member/keep/", {"keep": "yes"})
    address = f"/member/record/{open_month}/"
    phone.post(f"{address}wrong/", {"kind": "other"})
    assert "store" not in phone.get(address)["Kept"]
    assert "store" in phone.get(address)["Kept"]


def test_nobody_and_a_forged_choice_keep_nothing(client: Client, phone: Client, member: Account) -> None:
    client.cookies["kept"] = f"{profile_of(member.id)}-yes"
    assert client.get("/member/sign-in/")["Kept"] == "none"
    assert client.get("/member/")["Kept"] == "none"
    for text in ("x", "-yes", f"{profile_of(member.id)}-perhaps", "." * 500):
        phone.cookies["kept"] = text
        assert phone.get("/member/")["Kept"] == "none"


def test_the_token_is_for_the_profile_that_is_in(client: Client, phone: Client, member: Account) -> None:
    told = phone.get("/member/outbox/token/").json()
    assert told["who"] == profile_of(member.id) and len(told["token"]) == 64
    assert client.get("/member/outbox/token/").status_code == 302


def test_a_phone_that_was_signed_out_without_network_is_signed_out_at_the_next_request(
    phone: Client, member: Account
) -> None:
    phone.cookies["left"] = "1"
    answer = phone.get("/member/record/")
    assert answer.status_code == 302 and "sign-in" in answer["Location"]
    assert not SignIn.objects.filter(account=member, ended_at=None).exists()
    assert answer.cookies["left"]["max-age"] == answer.cookies["kept"]["max-age"] == 0


@pytest.mark.parametrize("page", ["", "record/", "card/"])
def test_home_record_and_card_ask_at_most_twelve_queries(
    phone: Client, paid: Callable[..., None], open_month: Month, page: str
) -> None:
    for back in range(3):
        paid(open_month - back)
    phone.get(f"/member/{page}")  # the first card is issued here
    with CaptureQueriesContext(connection) as asked:
        assert phone.get(f"/member/{page}").status_code == 200
    told: list[Any] = [query["sql"][:90] for query in asked.captured_queries]
    assert len(told) <= MOST, "\n".join(told)
