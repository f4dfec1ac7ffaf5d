"""The member's pages on a phone of six times less power, on 2G and slow 3G; a table, and what is over its limit."""

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from pakan.channels.console.bench import weight

PAGES = ("", "record/", "card/", "messages/", "benefits/")
PAINTED = {"first": 2500, "largest": 3500, "usable": 5000}  # ms on 2G, standards section 2
NEXT_USABLE = 1500


def measured(site: str, sessions: Sequence[str], say: Callable[[str], object]) -> list[dict[str, Any]]:
    """A row a page and language; nothing, with a word, where there is no Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        say("No playwright here: the pages are not weighed.")
        return []
    path = os.environ.get("PAKAN_CHROMIUM")
    if not path:
        say("No Chromium here: the pages are not weighed.")
        return []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-quic"])
        say(f"\n{'page':<22}{'first B':>9}{'req':>5}{'html+css':>10}{'next B':>8}{'req':>5}{'2G paint':>10}{'largest':>9}"
            f"{'usable':>8}{'next':>7}{'3G shift':>10}")  # fmt: skip
        found = [
            _row(browser, site, session, language, page, say)
            for language, session in zip(("lo", "en"), sessions[:2], strict=True)
            for page in PAGES
        ]
        browser.close()
    return found


def _row(
    browser: Any, site: str, session: str, language: str, page: str, say: Callable[[str], object]
) -> dict[str, Any]:
    address = f"{site}/member/{page}"
    context = weight.phone(browser, site, session, language)
    first, following = weight.measured(context, address)
    context.close()
    context = weight.phone(browser, site, session, language)
    slow, slow_next = weight.on_a_slow_line(context, address, weight.TWO_G)
    context.close()
    context = weight.phone(browser, site, session, language)
    third, _ = weight.on_a_slow_line(context, address, weight.SLOW_3G)
    context.close()
    over = first.over(weight.LIMITS["first"], "first") + following.over(weight.LIMITS["next"], "next")
    over += [f"2G {name}" for name, most in PAINTED.items() if getattr(slow, name) > most]
    over += ["2G next"] if slow_next.usable > NEXT_USABLE else []
    say(f"{language} /member/{page:<11}{first.bytes:>9,}{first.requests:>5}{first.html + first.style:>10,}{following.bytes:>8,}"
        f"{following.requests:>5}{slow.first:>10,.0f}{slow.largest:>9,.0f}{slow.usable:>8,.0f}{slow_next.usable:>7,.0f}"
        f"{third.shift:>10.3f}{'  ! ' + ', '.join(over) if over else ''}")  # fmt: skip
    facts: dict[str, Any] = {
        "first": first,
        "next": following,
        "two_g": slow,
        "two_g_next": slow_next,
        "slow_3g": third,
    }
    return {"page": page, "language": language, "over": over} | {
        name: asdict(one) for name, one in facts.items()
    }
