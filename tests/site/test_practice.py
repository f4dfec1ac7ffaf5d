"""The practice house shares neither ledger nor key with the real one, and says on every page what it is."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pypdf import PdfReader

from pakan.integrations.formats import letter
from pakan.integrations.formats.credential.keys import SEED
from pakan.site.apps import PRACTICE_STAMP
from pakan.site.practice import apart, practice_from

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "k" * 40
HERE = {"PAKAN_PRACTICE": "1", "PAKAN_PRACTICE_KEY": KEY}
BANNER = "ຝຶກຫັດ"


def test_the_practice_house_is_marked_by_one_variable() -> None:
    assert not practice_from({}, "pakan", ()).on
    found = practice_from(HERE | {"PAKAN_PRACTICE_BACK": "https://real.example/"}, "pakan_practice", ())
    assert found.on
    assert found.back == "https://real.example"


@pytest.mark.parametrize(
    ("environ", "database", "says"),
    [
        (HERE, "pakan", "needs one whose name ends in _practice"),
        ({}, "pakan_practice", "of the practice house"),
        ({"PAKAN_PRACTICE": "yes"}, "pakan", "use 1"),
        (HERE | {"PAKAN_PRACTICE_KEY": ""}, "pakan_practice", "32 letters"),
        (HERE | {"PAKAN_PRACTICE_KEY": "s" * 40}, "pakan_practice", "something else too"),
        ({"PAKAN_PRACTICE_URL": "https://x.example"}, "pakan", "32 letters"),
        (HERE | {"PAKAN_PRACTICE_URL": "https://x.example"}, "pakan_practice", "belongs to the real house"),
        (HERE | {"PAKAN_COLLECTING_BANK": "bcel"}, "pakan_practice", "sandbox bank only"),
    ],
)
def test_two_houses_that_share_a_ledger_a_key_or_a_bank_do_not_start(
    environ: dict[str, str], database: str, says: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=says):
        practice_from(environ, database, ("s" * 40,))


def settings_say(*names: str, **environ: str) -> list[str]:
    """The settings of a process that is started with this environment."""
    shown = "; ".join(f"print(repr(s.{name}))" for name in names)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PAKAN_")}
    url = (
        "postgresql://postgres@/pakan_practice"
        if environ.get("PAKAN_PRACTICE")
        else "postgresql://postgres@/pakan"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"from pakan.site import settings as s; {shown}"],
        env={**clean, "PYTHONPATH": str(ROOT), "PAKAN_SECRET_KEY": "s" * 50, "DATABASE_URL": url, **environ},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_an_environment_copied_whole_still_gives_practice_keys_and_cookies_of_its_own() -> None:
    names = ("SECRET_KEY", "SIGNING_KEY", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "DEVICE_COOKIE_NAME")
    real, practice = settings_say(*names), settings_say(*names, **HERE)

    assert not set(real) & set(practice)
    assert len(apart("s" * 50)) >= SEED


def test_no_message_leaves_the_practice_house() -> None:
    environ = {"PAKAN_MAIL_HOST": "mail.example", "PAKAN_TELCO": "smpp"}

    assert settings_say("MAIL['host']", "TELCO", **environ) == ["'mail.example'", "'smpp'"]
    assert settings_say("MAIL['host']", "TELCO", **environ, **HERE) == ["''", "''"]


def test_every_page_of_the_practice_house_says_so_and_none_of_the_real_one(db: None, settings: Any) -> None:
    pages = ("/", "/sign-in/", "/verify/", "/law/", "/no-such-page/")
    for page in pages:
        assert "practice.css" not in Client().get(page).content.decode()
    settings.PRACTICE, settings.PRACTICE_BACK = True, "https://real.example"
    for page in pages:
        shown = Client().get(page).content.decode()
        assert '<aside class="practice"' in shown, page
        assert BANNER in shown, page
        assert "https://real.example/employer/" in shown
    client = Client()
    client.cookies["language"] = "en"
    assert "PRACTICE: invented people, invented money" in client.get("/").content.decode()


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_colours_of_practice_can_be_read_and_are_not_those_of_the_real_house() -> None:
    folder = ROOT / "pakan/channels/kit/static/kit"
    read = [
        dict(re.findall(r"--([\w-]+): ?(#[0-9a-f]{6})", (folder / name).read_text()))
        for name in ("tokens.css", "practice.css")
    ]
    real, practice = read[0], read[0] | read[1]
    for name in ("mekong-900", "mekong-700", "mekong-600"):
        assert practice[name] != real[name]
        for ground in ("paper", "ground", "mekong-50", "mekong-100", "mist"):
            assert contrast(practice[name], practice[ground]) >= 7, (name, ground)
        assert contrast(practice[name], practice["ink-light"]) >= 7
    for name in ("mekong-50", "mekong-100"):
        assert contrast(practice["ink-soft"], practice[name]) >= 7
    assert contrast(practice["champa-400"], practice["ink"]) >= 7
    assert contrast(practice["champa-400"], "#33104a") >= 7


@pytest.fixture
def stamped(settings: Any) -> Iterator[None]:
    settings.PRACTICE = True
    apps.get_app_config("pakan_site").ready()
    yield
    letter.stamp_all("")


RECEIPT: letter.ReceiptLetter = {
    "number": "R26-0000123-1", "employer": "ຝຶກຫັດ", "employer_code": "9900001", "reference": "",
    "lines": [{"month": "2026-09", "amount": 1000}], "amount": 1000, "bank_lo": "ທ", "bank_en": "B",
    "bank_reference": "X", "paid_on": "2026-10-01", "issued_on": "2026-10-01", "verify_at": "https://x.example/",
}  # fmt: skip


def test_whatever_the_practice_house_prints_says_practice(stamped: None) -> None:
    with_stamp = letter.pictures("receipt", RECEIPT, ppi=40)
    letter.stamp_all("")
    assert letter.pictures("receipt", RECEIPT, ppi=40) != with_stamp
    assert "PRACTICE" in PRACTICE_STAMP


def test_the_word_is_on_every_page_of_the_pdf(stamped: None) -> None:
    pages = PdfReader(BytesIO(letter.render("receipt", RECEIPT))).pages
    assert all("PRACTICE" in page.extract_text() for page in pages)
    letter.stamp_all("")
    pages = PdfReader(BytesIO(letter.render("receipt", RECEIPT))).pages
    assert not any("PRACTICE" in page.extract_text() for page in pages)
