"""Base45 (RFC 9285): bytes as the letters that a QR code packs tightest. One text for each bytes, one bytes for each text."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_PAIRS = [low + high for high in ALPHABET for low in ALPHABET]  # two letters for each value below 45 * 45
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def encode(content: bytes) -> str:
    """Two bytes are three letters, a last single byte two; the lowest letter stands first."""
    letters: list[str] = []
    for at in range(0, len(content) - 1, 2):
        high, low = divmod(content[at] << 8 | content[at + 1], len(_PAIRS))
        letters += (_PAIRS[low], ALPHABET[high])
    if len(content) % 2:
        letters.append(_PAIRS[content[-1]])
    return "".join(letters)


def decode(text: str) -> bytes:
    """Raises ValueError for a letter outside the alphabet, a length that cannot be, or a group that is too large."""
    content = bytearray()
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        if len(group) == 1 or not set(group) <= _VALUES.keys():
            raise ValueError("not base45")
        value = sum(_VALUES[letter] * 45**place for place, letter in enumerate(group))
        try:
            content += value.to_bytes(len(group) - 1, "big")
        except OverflowError as fault:
            raise ValueError("not base45") from fault
    return bytes(content)
