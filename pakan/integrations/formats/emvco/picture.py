"""The code as a picture: SVG without inline style or script, so that it passes a strict content policy."""

import io
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from typing import Any

import segno
import zxingcpp


@lru_cache(maxsize=512)
def svg(text: str, title: str = "LAO QR") -> str:
    """`text` as an SVG element with an accessible name, error level M, quiet zone of four modules.

    By zxing: choosing the best of eight masks in Python takes twenty times as long, which is longer than all the rest of
    a page, and each member has a card of his own.
    """
    drawn: Any = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image()
    rows: list[list[int]] = memoryview(drawn).tolist()  # type: ignore[assignment]
    side = len(rows)
    path = "".join(_runs(row, y) for y, row in enumerate(rows))
    name = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side * 6}"'
        f' height="{side * 6}" role="img" shape-rendering="crispEdges"><title>{name}</title>'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}" stroke="#000"/></svg>'
    )


def png(text: str) -> bytes:
    """`text` as a PNG file for the gallery of a phone, which cannot scan its own screen: some 600 pixels.

    `make_qr` and not `make`: a short text would otherwise become a Micro QR, which telephones do not read.
    """
    kept = io.BytesIO()
    segno.make_qr(text, error="m").save(kept, kind="png", scale=10, border=4)
    return kept.getvalue()


def _runs(row: Iterable[int], y: int) -> str:
    """Neighbouring dark modules (0) as one stroke, each from the end of the one before: a third of the bytes on the wire."""
    path, x, end = "", 0, 0
    for light, group in groupby(row):
        width = len(list(group))
        if not light:
            path += f"m{x - end} 0h{width}" if path else f"M{x} {y}.5h{width}"
            end = x + width
        x += width
    return path
