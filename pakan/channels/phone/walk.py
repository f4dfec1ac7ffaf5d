"""A menu of a keypad telephone as a walk: the place follows from everything typed so far, and nothing else.

Screens on the way are not spoken, so what a screen does when it is spoken (signing) happens at the end of a walk only.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

LAO_LETTERS, LATIN_LETTERS = 80, 182
BACK, START = "0", "00"
Words = str | Promise


@dataclass(frozen=True)
class End:
    """The last words of a talk."""

    words: str


Said = "str | End | Stop"


@dataclass
class Stop:
    """One place. `say` may lead elsewhere (to another stop, or to the end); `typed` takes what is no choice."""

    say: "Callable[[], str | End | Stop]"
    choices: "dict[str, tuple[Words, Callable[[], Stop | None]]]" = field(default_factory=dict)
    typed: "Callable[[str, int], Stop] | None" = None


@dataclass
class Walk:
    """`home` makes the first stop; `path` are the choices that lead to where one stands."""

    home: Callable[[], Stop]
    stops: list[tuple[Stop, str]] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    unknown: bool = False  # the last input was no choice of its screen

    @property
    def here(self) -> Stop:
        return self.stops[-1][0]

    @property
    def path(self) -> list[str]:
        return [choice for _stop, choice in self.stops if choice]

    def begin(self, place: Sequence[str] = ()) -> None:
        """From the start, along `place` as far as no PIN is in the way."""
        self.stops, self.pending = [(self.home(), "")], list(place)
        self._go_on()

    def take(self, typed: str, at: int) -> None:
        """One input; `at` is its place among all of them."""
        self.unknown = False
        if typed == START:
            self.begin()
        elif typed == BACK:
            self.stops, self.pending = self.stops[:-1] or self.stops, []
            if not self.stops:
                self.begin()
        elif self.here.typed is not None:
            self.stops[-1] = (self.here.typed(typed, at), self.stops[-1][1])
            self._go_on()
        elif not self._choose(typed):
            self.unknown = True

    def _choose(self, choice: str) -> bool:
        if choice not in self.here.choices:
            return False
        stop = self.here.choices[choice][1]()
        if stop is not None:
            self.stops.append((stop, choice))
        return True

    def _go_on(self) -> None:
        while self.pending and self.here.typed is None and self._choose(self.pending[0]):
            self.pending.pop(0)

    def spoken(self) -> tuple[str, bool]:
        """The words of where one stands, and whether they are the last."""
        stop = self.here
        said = stop.say()
        while isinstance(said, Stop):
            stop, said = said, said.say()
        if isinstance(said, End):
            return said.words, True
        return "\n".join(self._lines(stop, said)), False

    def _lines(self, stop: Stop, said: str) -> Iterator[str]:
        if self.unknown:
            yield _("Choose a number:")
        elif said:
            yield said
        for key, (label, _go) in stop.choices.items():
            yield f"{key} {label}"
        if len(self.stops) > 1:
            yield _("0 Back")
