"""Base45 (RFC 9285): bytes as the letters that a QR code packs tightest. One text for each bytes, one bytes for each text."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def encode(content: bytes) -> str:
    """Two bytes are three letters, a last single byte two; the lowest letter stands first."""
    letters = []
    for at in range(0, len(content), 2):
        pair = content[at : at + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            value, rest = divmod(value, 45)
            letters.append(ALPHABET[rest])
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
