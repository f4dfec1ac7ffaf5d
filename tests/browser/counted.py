"""A hand whose acts are counted: screens seen, presses (click, tap or Enter), keys to get there, and fields typed into."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Frame, Locator, Page

MOST_TABS = 60


@dataclass
class Hand:
    """Works one page. `screens`: the addresses of the pages shown, in order; one reload is one screen."""

    page: Page
    screens: list[str] = field(default_factory=list)
    presses: int = 0
    tabs: int = 0
    typed: int = 0

    def __post_init__(self) -> None:
        self.page.on("framenavigated", self._arrived)

    def _arrived(self, frame: Frame) -> None:
        if frame == self.page.main_frame and frame.url.startswith("http"):
            self.screens.append(frame.url)

    def click(self, what: Locator) -> None:
        """Press with mouse or finger, and wait for the page that follows."""
        with self.page.expect_navigation():
            what.click()
        self.presses += 1

    def choose(self, field: Locator, file: Path) -> None:
        """Press the field and choose the file; what is pressed in the system's own window counts as one."""
        field.set_input_files(file)
        self.presses += 1

    def tab_to(self, selector: str) -> None:
        """Tab forward from where the keyboard is until `selector` has it: everybody can see where it stands."""
        for _ in range(MOST_TABS):
            if self.page.evaluate("what => document.activeElement.matches(what)", selector):
                assert self.page.evaluate(SEEN), f"{selector} has the keyboard, and nobody sees it"
                return
            self.page.keyboard.press("Tab")
            self.tabs += 1
        raise AssertionError(f"{selector} is not reached by {MOST_TABS} presses of Tab on {self.page.url}")

    def type_into(self, selector: str, text: str) -> None:
        self.tab_to(selector)
        self.page.keyboard.type(text)
        self.typed += 1

    def enter(self, selector: str = "") -> None:
        """Press Enter there, and wait for the page that follows."""
        if selector:
            self.tab_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.presses += 1


SEEN = """() => { const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 }"""
