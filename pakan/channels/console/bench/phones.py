"""Pages on a phone of six times less power, on 2G and slow 3G (standards, section 2); a table of figures beside limits."""

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pakan.channels.console.bench import weight


@dataclass(frozen=True)
class Budget:
    """Of one door: weight, and ms on 2G (first paint, largest, usable, next) and slow 3G (blocking, tap)."""

    first: weight.Limit
    next: weight.Limit
    paint: float
    largest: float
    usable: float
    next_usable: float
    blocking: float
    shift: float
    tap: float


MEMBER = Budget(weight.LIMITS["first"], weight.LIMITS["next"], 2500, 3500, 5000, 1500, 100, 0.02, 150)
EMPLOYER = Budget(
    weight.Limit(150_000, 12, 14_000), weight.Limit(20_000, 4, 20_000), 3000, 4000, 6000, 2000, 200, 0.05, 200
)


@dataclass(frozen=True)
class Stop:
    """One page in one language; `session` is empty for who is not signed in."""

    path: str
    language: str
    session: str
    budget: Budget


def stops(sessions: Sequence[str], employer: tuple[str, str]) -> list[Stop]:
    """The member's pages in Lao and English, and an employer's month in Lao."""
    pages = ("", "record/", "card/", "messages/", "benefits/")
    found = []
    for language, session in zip(("lo", "en"), sessions[:2], strict=True):
        found.append(Stop("/member/sign-in/", language, "", MEMBER))
        found += [Stop(f"/member/{page}", language, session, MEMBER) for page in pages]
    session, month = employer
    return [*found, Stop(month, "lo", session, EMPLOYER)]


def measured(site: str, wanted: Sequence[Stop], say: Callable[[str], object]) -> list[dict[str, Any]]:
    """A row for each; nothing, with a word, where there is no Chromium."""
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
        say(
            "\nFigure/limit. Weight: first visit, its HTML with styles, next page. 2G: first and largest paint, usable, next page"
            " usable (ms). Slow 3G: blocking (ms), shift, slowest tap (ms)."
        )
        found = [_row(browser, site, stop, say) for stop in wanted]
        browser.close()
    return found


def _row(browser: Any, site: str, stop: Stop, say: Callable[[str], object]) -> dict[str, Any]:
    def visit(*line: Any, **how: Any) -> Any:
        context = weight.phone(browser, site, stop.session, stop.language)
        try:
            seen = weight.on_a_slow_line if line else weight.measured
            return seen(context, f"{site}{stop.path}", *line, **how)
        finally:
            context.close()

    first, following = visit()
    slow, slow_next = visit(weight.TWO_G)
    third, third_next = visit(weight.SLOW_3G, taps=True)
    most = stop.budget
    figures: list[tuple[str, float, float]] = [
        ("bytes", first.bytes, most.first.bytes),
        ("html", first.html + first.style, most.first.html),
        ("next bytes", following.bytes, most.next.bytes),
        ("requests", first.requests, most.first.requests),
        ("next requests", following.requests, most.next.requests),
        ("paint", slow.first, most.paint),
        ("largest", slow.largest, most.largest),
        ("usable", slow.usable, most.usable),
        ("next usable", slow_next.usable, most.next_usable),
        ("blocking", max(third.blocking, third_next.blocking), most.blocking),
        ("shift", max(third.shift, third_next.shift), most.shift),
        ("tap", third_next.tap, most.tap),
    ]
    over = [name for name, figure, limit in figures if figure > limit]
    told = "  ".join(f"{name} {_short(figure)}/{_short(limit)}" for name, figure, limit in figures)
    say(f"{stop.language} {stop.path}\n   {told}" + (f"\n   ! over: {', '.join(over)}" if over else ""))
    facts = {
        "first": first,
        "next": following,
        "two_g": slow,
        "two_g_next": slow_next,
        "slow_3g": third,
        "slow_3g_next": third_next,
    }
    return {"page": stop.path, "language": stop.language, "over": over} | {
        name: asdict(one) for name, one in facts.items()
    }


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 1 or figure == 0 else f"{figure:.3f}"
