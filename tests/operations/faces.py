"""Pictures that can be a face on a card."""

import io

from PIL import Image


def face(grey: int = 140, size: tuple[int, int] = (480, 600)) -> bytes:
    """A picture with something on it."""
    picture = (
        Image.linear_gradient("L")
        .resize(size)
        .point([max(0, min(255, grey + (v - 128) // 2)) for v in range(256)])
    )
    kept = io.BytesIO()
    picture.convert("RGB").save(kept, "JPEG")
    return kept.getvalue()
