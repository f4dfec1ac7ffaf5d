"""The stage of the browser journeys: Chromium, a worker, and the sandbox bank and operator, each a process."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from ops import browser as browsers

ROOT = Path(__file__).resolve().parents[2]
AXE = Axe()
# By day a journey is gone once on a Lao phone and once on an English desk, by night in the other ways too.
WAYS = [("lo", 360), ("en", 1280)]
NARROW = [
    ("lo", 320),
    ("en", 1280),
    *(pytest.param(*way, marks=pytest.mark.night) for way in (("lo", 360), ("en", 360), ("lo", 1280))),
]


def chromium() -> str:
    found = os.environ.get("PAKAN_CHROMIUM") or browsers.find()
    assert found, "no Chromium: install one, or set PAKAN_CHROMIUM to its path"
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        arguments = [
            "--no-sandbox",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            # No picture needs a graphics card here: without one, and without its process, a page costs a sixth less.
            "--disable-gpu",
            "--in-process-gpu",
        ]
        yield play.chromium.launch(executable_path=chromium(), args=arguments)


class Sandboxes:
    """The world around the live server: what it is told, and where."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.processes: list[subprocess.Popen[str]] = []
        self.bank = self.telco = ""

    def start(self, folder: Path) -> None:
        keys = {"SANDBOX_BANK_KEY": "sandbox-bank-key", "SANDBOX_TELCO_KEY": "sandbox-telco-key"}
        self.bank = self._sandbox(
            "banks", folder, "--notify", f"{self.site}/partners/banks/sandbox/notice/", **keys
        )
        self.telco = self._sandbox(
            "telcos", folder, "--receipts", f"{self.site}/partners/telcos/sandbox/receipt/", **keys
        )

    def _sandbox(self, kind: str, folder: Path, *words: str, **environment: str) -> str:
        process = subprocess.Popen(
            [sys.executable, "-m", f"pakan.integrations.{kind}.sandbox", "--port", "0",
             "--data", f"{folder}/{kind}.sqlite", *words],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | environment,
        )  # fmt: skip
        self.processes.append(process)
        assert process.stdout is not None
        return process.stdout.readline().strip().split(" on ")[1]

    def work(self) -> None:
        """Start a real worker on the test's database."""
        wired = connection.settings_dict
        address = f"postgresql://{wired['USER']}@/{wired['NAME']}?host={quote(str(wired['HOST']), safe='')}"
        if wired["PORT"]:
            address += f"&port={wired['PORT']}"
        environment = os.environ | {
            "DATABASE_URL": address,
            "PAKAN_ENV": "test",
            "PAKAN_QUIET_HOURS": "off",  # journeys run at any hour
            "PAKAN_BASE_URL": self.site,
            "PAKAN_BANK_URL": self.bank,
            "PAKAN_TELCO_URL": self.telco,
        }
        self.processes.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency", "2"],
                cwd=ROOT, env=environment, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
        )  # fmt: skip

    def end(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(timeout=60)
            if process.stdout:
                process.stdout.close()

    def get(self, address: str) -> str:
        return httpx.get(address, trust_env=False, follow_redirects=True).text


@pytest.fixture
def sandboxes(live_server: Any, tmp_path: Path, settings: Any) -> Iterator[Sandboxes]:
    """Bank, operator and worker around the live server."""
    world = Sandboxes(live_server.url)
    world.start(tmp_path)
    settings.BANKS = {"sandbox": settings.BANKS["sandbox"] | {"url": world.bank}}
    settings.TELCOS = {"sandbox": settings.TELCOS["sandbox"] | {"url": world.telco}}
    settings.BASE_URL = live_server.url
    world.work()
    yield world
    world.end()


def assert_accessible(page: Page) -> None:
    """No finding of axe, and nothing that scrolls sideways.

    Contrast is half of axe's work, and colours know no language: it is looked at on the Lao pages.
    """
    contrast = page.locator("html").get_attribute("lang") == "lo"
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    found = AXE.run(page, options=options)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} pixels wider than the screen"


def assert_lao(page: Page) -> None:
    """The page says that it is Lao."""
    assert page.locator("html").get_attribute("lang") == "lo", page.url


def for_guide(page: Page, guide: str, name: str) -> None:
    """Make the picture `name` of docs/guides/<guide> anew, one screen high: of the Lao page on a phone, `…-wide` on a desk.

    Only where PAKAN_GUIDE asks for it and the guide names the picture; small, as a guide is opened on a slow line.
    """
    folder = ROOT / "docs/guides" / guide
    place = folder / f"pictures/{name}.webp"
    width = 1280 if name.endswith("-wide") else 360
    size = page.viewport_size
    if not os.environ.get("PAKAN_GUIDE") or size is None or size["width"] != width:
        return
    is_lao = page.locator("html").get_attribute("lang") == "lo"
    if is_lao and f"(pictures/{name}.webp)" in (folder / "guide.lo.md").read_text():
        place.parent.mkdir(exist_ok=True)
        Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(place, "WEBP", quality=70)


def shoot(page: Page, name: str) -> None:
    """A picture into the folder that PAKAN_PICTURES names; nothing without it."""
    folder = os.environ.get("PAKAN_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
