"""What a page weighs on the wire, counted by Chromium at a real server with compressed files: limits on bytes and requests."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import httpx
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser

from pakan.channels.console.bench.weight import LIMITS, Visit, measured, phone
from pakan.registers.access.models import Account
from pakan.units.month import Month
from tests.browser.stage import ROOT
from tests.channels.member.months import declared, paid

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["declared", "paid"]  # fixtures
KIT = Path(settings.ROOT) / "pakan" / "channels" / "kit" / "static" / "kit"
FONTS = sum(font.stat().st_size for font in KIT.glob("vendor/*.woff2"))
PAGES = ("", "record/", "card/", "messages/", "benefits/")


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory, db: None) -> Iterator[str]:
    """The site as it is served in life, on the test's database: granian, hashed and compressed files."""
    folder = tmp_path_factory.mktemp("static")
    wired, port = connection.settings_dict, _free_port()
    database = f"postgresql://postgres@/{wired['NAME']}?host={quote(str(wired['HOST']), safe='')}"
    environment = os.environ | {
        "PAKAN_ENV": "demo", "PAKAN_STATIC": str(folder), "DATABASE_URL": database, "PAKAN_SECRET_KEY": settings.SECRET_KEY,
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=ROOT, env=environment, check=True,
    )  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1",
         "--no-ws", "pakan.site.wsgi:application"],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    site = f"http://localhost:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{site}/health", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield site
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.parametrize("language", ["lo", "en"])
def test_first_and_next_visits_stay_within_their_budget(
    browser: Browser, served: str, member: Account, client_of: Callable[[Account], Client], paid: Callable[..., None],
    open_month: Month, language: str,
) -> None:  # fmt: skip
    for back in range(3, -1, -1):
        paid(open_month - back)
    session = client_of(member).cookies[settings.SESSION_COOKIE_NAME].value
    wrong: list[str] = []
    for name in PAGES:
        context = phone(browser, served, session, language)
        first, following = measured(context, urljoin(served, f"/member/{name}"))
        context.close()
        first.bytes += FONTS  # where the phone has no Lao of its own; this machine may have
        first.requests += 2
        print(f"{language} /member/{name:<10} first {first} next {following}")
        wrong += first.over(LIMITS["first"], f"{name} first") + following.over(LIMITS["next"], f"{name} next")
    assert wrong == []


def test_the_app_adds_little_to_the_first_visit(served: str) -> None:
    """What the worker fetches beyond the page: itself and the page without network, in two languages."""
    with httpx.Client(base_url=served, trust_env=False, headers={"Accept-Encoding": "gzip, br"}) as client:
        told = client.get("/member/worker.js")
        total = int(told.headers.get("Content-Length", len(told.content)))
        scripts = [part.strip(' ");') for part in told.text.split("importScripts(")[1].split(",")]
        for address in (*scripts, "/member/offline/lo/", "/member/offline/en/"):
            with client.stream("GET", address) as answer:
                assert answer.status_code == 200, address
                total += sum(len(chunk) for chunk in answer.iter_raw())
    assert total <= LIMITS["app"].bytes, total


def test_own_scripts_of_a_member_page_stay_small() -> None:
    assert sum((KIT / name).stat().st_size for name in ("kit.js", "outbox.js", "phone.js")) <= 20_000
    assert len((KIT / "worker.js").read_text().splitlines()) < 300


def test_a_visit_over_its_limits_is_told() -> None:
    heavy: Any = Visit(html=15_000, bytes=90_000, requests=9, style=0)
    assert len(heavy.over(LIMITS["first"], "x")) == 3
