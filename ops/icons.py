"""The app's PNG icons, drawn anew from the numbers of icon.svg: `python -m ops.icons`. Same bytes of colour each time.

Phones want PNG; a drawing program would be a tool nobody else has. The heart is two arcs and two curves.
"""

import re
from collections.abc import Iterator
from math import atan2, cos, hypot, pi, sin, sqrt

from PIL import Image, ImageDraw

from ops.place import ROOT

STATIC = ROOT / "pakan" / "channels" / "kit" / "static" / "kit"
VIEW = 32.0  # units of icon.svg
FINER = 4  # drawn larger and shrunk, for smooth edges
Point = tuple[float, float]
# name -> pixels, part of the picture that the drawing takes, whether the ground reaches the corners
ICONS = {
    "icon-192.png": (192, 1.0, False),
    "icon-512.png": (512, 1.0, False),
    "icon-maskable.png": (512, 0.8, True),  # phones cut off up to a tenth on each side
}


def colours() -> tuple[str, str]:
    """Ground and heart, as the design tokens say."""
    tokens = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", (STATIC / "tokens.css").read_text()))
    return tokens["mekong-700"], tokens["champa-400"]


def _curve(start: Point, one: Point, two: Point, end: Point) -> Iterator[Point]:
    for step in range(33):
        t = step / 32
        a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        yield (
            a * start[0] + b * one[0] + c * two[0] + d * end[0],
            a * start[1] + b * one[1] + c * two[1] + d * end[1],
        )


def _arc(start: Point, end: Point, radius: float) -> Iterator[Point]:
    """The short way round, clockwise on the screen."""
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    across = hypot(end[0] - start[0], end[1] - start[1])
    away = sqrt(radius**2 - (across / 2) ** 2)
    centre = (
        middle[0] - away * (end[1] - start[1]) / across,
        middle[1] + away * (end[0] - start[0]) / across,
    )
    first = atan2(start[1] - centre[1], start[0] - centre[0])
    last = atan2(end[1] - centre[1], end[0] - centre[0])
    turn = (last - first) % (2 * pi)
    for step in range(33):
        angle = first + turn * step / 32
        yield centre[0] + radius * cos(angle), centre[1] + radius * sin(angle)


def heart() -> list[Point]:
    """As in icon.svg: M16 25s-9-5.5-9-12a5 5 0 0 1 9-3 5 5 0 0 1 9 3c0 6.5-9 12-9 12z"""
    return [
        *_curve((16, 25), (16, 25), (7, 19.5), (7, 13)),
        *_arc((7, 13), (16, 10), 5),
        *_arc((16, 10), (25, 13), 5),
        *_curve((25, 13), (25, 19.5), (16, 25), (16, 25)),
    ]


def drawn(size: int, part: float, is_full: bool) -> Image.Image:
    ground, gold = colours()
    large = size * FINER
    picture = Image.new("RGBA", (large, large), ground if is_full else "#00000000")
    pen = ImageDraw.Draw(picture)
    if not is_full:
        pen.rounded_rectangle((0, 0, large - 1, large - 1), radius=7 / VIEW * large, fill=ground)
    scale, shift = large * part / VIEW, large * (1 - part) / 2
    pen.polygon([(x * scale + shift, y * scale + shift) for x, y in heart()], fill=gold)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def write() -> None:
    for name, facts in ICONS.items():
        drawn(*facts).quantize(32).save(STATIC / name, optimize=True)


if __name__ == "__main__":
    write()
