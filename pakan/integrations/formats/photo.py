"""A face for a card: read safely, looked at for what a printer cannot mend, cut to size, and written anew.

Writing it anew drops whatever else the file held: place, device, hidden pictures.
"""

import io
from typing import Literal

from PIL import Image, ImageOps, ImageStat

Warning = Literal["dark", "bright", "small", "flat"]
MOST_BYTES = 6_000_000
MOST_PIXELS = 40_000_000
SIZE = (240, 300)  # pixels, 4 : 5: 20 mm high at 380 dots an inch
LEAST = (200, 250)
DARK, BRIGHT, FLAT = 70, 215, 22  # mean and spread of grey, 0 to 255


class PhotoRefused(ValueError):
    """Not a picture that we read. `code`: large, not_a_photo."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def prepare(content: bytes) -> tuple[bytes, list[Warning]]:
    """The photo as a small JPEG, and what is wrong with it. Raises PhotoRefused."""
    if len(content) > MOST_BYTES:
        raise PhotoRefused("large")
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PhotoRefused("large")
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        if isinstance(fault, PhotoRefused):
            raise
        raise PhotoRefused("not_a_photo") from fault
    face = ImageOps.fit(upright, SIZE, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    kept = io.BytesIO()
    face.save(kept, "JPEG", quality=82)
    return kept.getvalue(), _warnings(upright, face)


def _warnings(upright: Image.Image, face: Image.Image) -> list[Warning]:
    grey = ImageStat.Stat(face.convert("L"))
    mean, spread = grey.mean[0], grey.stddev[0]
    found: list[tuple[Warning, bool]] = [
        ("small", upright.width < LEAST[0] or upright.height < LEAST[1]),
        ("dark", mean < DARK),
        ("bright", mean > BRIGHT),
        ("flat", spread < FLAT),  # one colour: a covered lens, a wall
    ]
    return [name for name, is_so in found if is_so]
