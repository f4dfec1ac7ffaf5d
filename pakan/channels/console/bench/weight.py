"""What a page weighs and how it comes on a slow line: bytes, requests and paints as Chromium tells them (DevTools)."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the program does not need a browser, only its bench and its tests do
    from playwright.sync_api import BrowserContext, CDPSession, Page

# Slow lines of the standard, section 1: round trip in ms, bits a second down and up, how much slower the processor is.
TWO_G = (300, 250_000, 50_000, 6)
SLOW_3G = (400, 400_000, 400_000, 6)
# Begun before the page's own scripts; `tasks` are stretches in which nothing else could run, `taps` how long each tap took.
WATCH = """() => {
    const seen = window.benchSeen = { largest: 0, shift: 0, tasks: [], tap: 0 };
    const watch = (type, more, take) => new PerformanceObserver(list => list.getEntries().forEach(take))
        .observe({ type, buffered: true, ...more });
    watch("largest-contentful-paint", {}, one => { seen.largest = one.startTime });
    watch("layout-shift", {}, one => { if (!one.hadRecentInput) seen.shift += one.value });
    watch("longtask", {}, one => seen.tasks.push([one.startTime, one.duration]));
    watch("event", { durationThreshold: 16 }, one => { seen.tap = Math.max(seen.tap, one.duration) });
}"""
PAINTS = """() => new Promise(done => setTimeout(() => {
    const seen = window.benchSeen, navigation = performance.getEntriesByType("navigation")[0];
    const first = (performance.getEntriesByName("first-contentful-paint")[0] || {}).startTime || 0;
    const late = seen.tasks.filter(task => task[0] + task[1] > first);
    done({ first, largest: seen.largest, shift: seen.shift, usable: navigation.domContentLoadedEventEnd,
        blocking: late.reduce((sum, task) => sum + Math.max(0, task[1] - 50), 0) });
}, 300))"""
# What a finger can touch without leaving the page; the title where there is nothing else.
TAPPED = (
    "main summary, main input:not([type=hidden]), main button[type=button], main h1:not(.unseen), main h2"
)
MOST_TAPS = 6


@dataclass(frozen=True)
class Limit:
    """Bytes on the wire, headers included; `html` with its style sheets, which the first paint waits for."""

    bytes: int
    requests: int
    html: int


LIMITS = {
    "first": Limit(80_000, 8, 14_000),
    "next": Limit(15_000, 3, 15_000),
    "app": Limit(15_000, 6, 0),
}


@dataclass
class Visit:
    html: int = 0
    style: int = 0
    bytes: int = 0
    requests: int = 0

    def over(self, limit: Limit, name: str) -> list[str]:
        """What is over its limit, in words."""
        found = [
            ("bytes", self.bytes, limit.bytes),
            ("requests", self.requests, limit.requests),
            ("first HTML with style", self.html + self.style, limit.html),
        ]
        return [f"{name}: {what} {value} > {most}" for what, value, most in found if value > most]


@dataclass
class Counter:
    """Listens to one page."""

    session: "CDPSession"
    kinds: dict[str, str] = field(default_factory=dict)
    visit: Visit = field(default_factory=Visit)

    def __post_init__(self) -> None:
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self._answered)
        self.session.on("Network.loadingFinished", self._ended)

    def _answered(self, told: dict[str, Any]) -> None:
        if told["response"]["url"].startswith("http"):
            self.kinds[told["requestId"]] = told["type"]

    def _ended(self, told: dict[str, Any]) -> None:
        kind = self.kinds.pop(told["requestId"], None)
        size = int(told["encodedDataLength"])  # 0: it was there already
        if kind is None or size == 0:
            return
        self.visit.bytes += size
        self.visit.requests += 1
        if kind == "Document":
            self.visit.html += size
        if kind == "Stylesheet":
            self.visit.style += size

    def since(self) -> Visit:
        """What came since the last asking."""
        found, self.visit = self.visit, Visit()
        return found


def phone(browser: Any, site: str, session: str, language: str) -> "BrowserContext":
    """A phone of 360 x 640 with nothing stored. Without worker: DevTools neither slows nor counts what it fetches."""
    context: BrowserContext = browser.new_context(
        viewport={"width": 360, "height": 640}, service_workers="block"
    )
    cookies = {"language": language} | ({"session": session} if session else {})
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
    return context


def measured(context: "BrowserContext", address: str) -> tuple[Visit, Visit]:
    """The first visit to a page with nothing stored, and the same page again with what the first one left."""
    page = context.new_page()
    counter = Counter(context.new_cdp_session(page))
    _arrive(page, address)
    first = counter.since()
    _arrive(page, address)
    return first, counter.since()


def _arrive(page: "Page", address: str) -> None:
    page.goto(address, wait_until="networkidle")


@dataclass(frozen=True)
class Paints:
    """Milliseconds since the page was asked for; `shift` is the layout's, without unit."""

    first: float
    largest: float
    usable: float
    shift: float
    blocking: float  # beyond 50 ms of each long stretch of work after the first paint
    tap: float = 0.0  # the slowest of some taps, until its answer is painted


def on_a_slow_line(
    context: "BrowserContext", address: str, line: tuple[int, int, int, int], taps: bool = False
) -> tuple[Paints, Paints]:
    """How the first visit and the next one paint; with `taps`, how long the slowest tap took on the next one."""
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    session = context.new_cdp_session(page)
    wait, down, up, slower = line
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": wait, "downloadThroughput": down / 8, "uploadThroughput": up / 8},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    first, following = _painted(page, address), _painted(page, address)
    return first, replace(following, tap=_tapped(page)) if taps else following


def _painted(page: "Page", address: str) -> Paints:
    page.goto(address, wait_until="networkidle", timeout=60_000)
    return Paints(**page.evaluate(PAINTS))


def _tapped(page: "Page") -> float:
    page.evaluate("() => { window.benchSeen.tap = 0 }")
    for place in page.locator(TAPPED).all()[:MOST_TAPS]:
        if place.is_visible():
            place.click(timeout=10_000, force=True)
            page.wait_for_timeout(200)
    return float(page.evaluate("() => window.benchSeen.tap"))
