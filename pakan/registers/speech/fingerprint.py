"""The fingerprint of a sentence: the same for the same words, however a page spaces them.

kit/listen.js does the same in the browser; a test holds the two together.
"""

import hashlib
import re
import unicodedata

_SPACE = re.compile(r"[\s\u00a0\u200b-\u200f\u2060\ufeff]+")


def normalised(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip().rstrip(".:!?… ")


def fingerprint(text: str) -> str:
    return hashlib.sha256(normalised(text).encode()).hexdigest()
