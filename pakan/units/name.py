"""Names of people and firms: what may be stored, and the key by which spellings of one name meet."""

import re
import unicodedata

LONGEST_NAME = 200

# Word processors put zero-width spaces between Lao words for line breaks: invisible, meaningless, dropped.
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_TONES = r"\u0EC8-\u0ECB"
_SIGNS = r"\u0EB1\u0EB4-\u0EB9\u0EBB\u0EBC\u0ECC\u0ECD"  # vowel and other signs above or below a letter
_LETTERS = r"\u0E81-\u0EAE\u0EB0-\u0EBD\u0EC0-\u0EC4\u0EC8-\u0ECD"
_LAO_TITLES = ("ນາງສາວ", "ທ້າວ", "ທ່ານ", "ນາງ")
_LATIN_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|dr|thao|nang)(?:\.\s*|\s+)(?=\S)")


class WrongName(ValueError):
    """A name that is not stored. `code`: 'empty', 'hidden_characters', 'formula', 'too_long'."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text[:40]!r}")
        self.code = code


def clean_name(text: str) -> str:
    """The name as typed, in NFC, with single spaces. Raises WrongName.

    Text that a spreadsheet would run as a formula, or that turns the reading direction, is refused: it is
    an attack or an accident, never a name.
    """
    name = " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())
    if not name:
        raise WrongName("empty", text)
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs"} for letter in name):
        raise WrongName("hidden_characters", text)
    if name[0] in "=+-@":
        raise WrongName("formula", text)
    if len(name) > LONGEST_NAME:
        raise WrongName("too_long", text)
    return name


def _without_title(key: str) -> str:
    for title in _LAO_TITLES:
        # A name may begin like a title: something that can be a name must remain.
        if key.startswith(title) and len(key) >= len(title) + 2:
            return _without_title(key[len(title) :])
    return key


def search_key(name: str) -> str:
    """One key for the spellings of one name: no title, spaces, case or marks of style.

    NFKC joins ໜ with ຫນ, ໝ with ຫມ, ຳ with ໍາ, but neither ຫຼ with ຫລ nor the two orders of tone mark and sign
    (ນ້ຳ, ນໍ້າ); those are joined here.
    """
    key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).translate(_INVISIBLE)
    key = _LATIN_TITLE.sub("", key.strip())
    key = "".join(letter for letter in key if unicodedata.category(letter)[0] in "LMN")
    key = key.replace("ເເ", "ແ")
    key = re.sub(f"ຫລ(?=[{_LETTERS}])", "ຫຼ", key)
    key = re.sub(f"[{_TONES}{_SIGNS}]{{2,}}", _tone_last, key)
    # Moving marks can leave others out of their canonical order.
    return _without_title(unicodedata.normalize("NFC", key))


def _tone_last(run: re.Match[str]) -> str:
    # Within the signs in canonical order, or the next normalisation would turn them round again.
    def place(mark: str) -> tuple[bool, int, str]:
        return re.match(f"[{_TONES}]", mark) is not None, unicodedata.combining(mark), mark

    return "".join(sorted(run[0], key=place))
