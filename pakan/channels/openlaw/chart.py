"""A legal value over time, drawn as steps: numbers for a template, no script and no style of its own."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pakan.channels.openlaw.groups import Change, Value
from pakan.units.rate import Rate

WIDTH, HEIGHT, EDGE = 1000, 200, 10


@dataclass(frozen=True, slots=True)
class Step:
    """A level from x1 to x2 at height y; `rise` is where the step before ended. `guess`: rests on an assumption."""

    x1: str
    x2: str
    y: str
    rise: str
    guess: bool


@dataclass(frozen=True, slots=True)
class Chart:
    steps: tuple[Step, ...]
    highest: Change
    lowest: Change
    first: date
    last: date


def chart_of(value: Value, today: date) -> Chart | None:
    """None where there is nothing to see: fewer than two numbers, or always the same one."""
    numbers = [(each, _number(each.value)) for each in value.changes]
    known = [(each, number) for each, number in numbers if number is not None]
    if len({number for _, number in known}) < 2:
        return None
    first, last = known[0][0].source.date, max(today, value.changes[-1].source.date)
    top = max(number for _, number in known)
    days = max((last - first).days, 1)
    steps: list[Step] = []
    before = ""
    for place, (change, number) in enumerate(numbers):
        if number is None:
            before = ""
            continue
        end = numbers[place + 1][0].source.date if place + 1 < len(numbers) else last
        x1, x2 = ((day - first).days * WIDTH // days for day in (change.source.date, end))
        y = str(HEIGHT - EDGE - int(number * (HEIGHT - 2 * EDGE) / top)) if top else str(HEIGHT - EDGE)
        guess = bool(change.source.assumption) or change.source.confidence == "low"
        steps.append(Step(str(x1), str(x2), y, before, guess))
        before = y
    by_number = sorted(known, key=lambda pair: pair[1])
    return Chart(tuple(steps), by_number[-1][0], by_number[0][0], first, last)


def _number(value: object) -> Fraction | None:
    if isinstance(value, Rate):
        return Fraction(value.numerator, value.denominator)
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else None
