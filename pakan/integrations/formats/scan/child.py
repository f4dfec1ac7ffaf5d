"""The child process that opens a paper: `python -m ...scan.child JPEG 200000 < photo > answer`.

The answer: a line of JSON, {"pages": 1} or {"refused": code, "params": {}}, then the bytes to keep.
It may die of any file; the parent turns that into a refusal.
"""

import io
import json
import sys
from typing import Any, BinaryIO, Final

from PIL import Image, ImageOps

from pakan.integrations.formats import cage

MEMORY: Final = 640 * 1024 * 1024
CPU_SECONDS: Final = 15
MAX_OUTPUT: Final = 16 * 1024 * 1024
# 60 million points are more than nearly all phones take, and 180 MB when decoded.
MAX_POINTS: Final = 60_000_000
MAX_SIDE: Final = 20_000
LEAST_SIDE: Final = 40
KEPT_SIDE: Final = 1600  # an A4 page at 137 points an inch: small print can be read
QUALITIES: Final = (80, 70, 60, 50, 40)


class Refused(Exception):
    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def photo(kind: str, content: bytes, most: int) -> bytes:
    """The same picture as a JPEG of at most `most` bytes, upright, on white, and nothing else from the file."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit below says so in words
    # Only the one decoder that the bytes asked for; open() reads the head, so a bomb is seen before it is decoded.
    with Image.open(io.BytesIO(content), formats=(kind,)) as opened:
        width, height = opened.size
        if width * height > MAX_POINTS or max(width, height) > MAX_SIDE:
            raise Refused("too_many_pixels")
        if min(width, height) < LEAST_SIDE:
            raise Refused("too_small")
        opened.draft("RGB", (KEPT_SIDE, KEPT_SIDE))  # a JPEG is decoded at a half, a quarter, an eighth
        opened.load()
        upright = ImageOps.exif_transpose(_reduced(opened, KEPT_SIDE))
    return _small(_bare(upright), most)


def _reduced(picture: Image.Image, side: int) -> Image.Image:
    if picture.mode not in ("RGB", "L", "RGBA"):
        picture = picture.convert("RGBA" if "transparency" in picture.info or "A" in picture.mode else "RGB")
    if max(picture.size) > side:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return picture


def _bare(picture: Image.Image) -> Image.Image:
    """Points only: a new picture carries no EXIF, no place, no comment, no thumbnail of what was cut away."""
    bare = Image.new("RGB", picture.size, "white")
    bare.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return bare


def _small(picture: Image.Image, most: int) -> bytes:
    """Less quality first, then fewer points. Ends, because a picture of 40 points fits into any limit we use."""
    while True:
        for quality in QUALITIES:
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= most:
                return out.getvalue()
        picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS)


def _pages(content: bytes) -> int:
    """How many, of a PDF that may be kept."""
    from pakan.integrations.formats.scan import (
        pdf,
    )  # most papers are photos: they need not wait for its library

    try:
        return pdf.check(content)
    except pdf.Refused as refused:
        raise Refused(refused.code, **refused.params) from refused


def main(kind: str, most: int, content: bytes, out: BinaryIO) -> None:
    """Write the answer, or one line saying why not."""
    kept, told = b"", dict[str, Any]()
    try:
        if kind == "PDF":
            kept, told = content, {"pages": _pages(content)}
        else:
            kept, told = photo(kind, content, most), {"pages": 1}
    except Refused as refused:
        told = {"refused": refused.code, "params": refused.params}
    except MemoryError:
        told = {"refused": "too_heavy", "params": {}}
    except (
        Exception
    ):  # the decoders raise whatever the broken bytes lead them to; here nothing else can be hurt
        told = {"refused": "broken", "params": {}}
    out.write(json.dumps(told).encode() + b"\n" + kept)


if __name__ == "__main__":
    cage.limit(MEMORY, CPU_SECONDS, MAX_OUTPUT)
    main(sys.argv[1], int(sys.argv[2]), sys.stdin.buffer.read(), sys.stdout.buffer)
    sys.stdout.buffer.flush()
