"""A list of new workers out of an employer's own table: which column is what, by the words of its header.

The file is examined and opened like a wage file (in a child process); here only its cells are read.
"""

from typing import Final

from pakan.integrations.formats.wagefile.refusal import FileRefused
from pakan.integrations.formats.wagefile.words import squeezed
from pakan.integrations.formats.wagefile.workbook import Cell, open_file

__all__ = ["FIELDS", "MOST", "FileRefused", "read"]

MOST: Final = 500  # rows; more come in parts
_SEARCHED: Final = 20
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "given_name": ("ຊື່", "given name", "first name", "ຊື່ (ລາວ)"),
    "family_name": ("ນາມສະກຸນ", "ສະກຸນ", "family name", "surname", "last name"),
    "name": ("ຊື່ ແລະ ນາມສະກຸນ", "ຊື່ນາມສະກຸນ", "ຊື່ເຕັມ", "name", "full name", "name (lao)"),
    "name_latin": ("ຊື່ພາສາອັງກິດ", "ຊື່ອັງກິດ", "latin name", "name latin", "name (latin)", "english name", "name in english"),
    "birth_date": ("ວັນເດືອນປີເກີດ", "ວັນເກີດ", "birth date", "date of birth", "birthday", "dob", "born"),
    "sex": ("ເພດ", "sex", "gender"),
    "phone": ("ເບີໂທ", "ໂທລະສັບ", "phone", "telephone", "mobile", "tel"),
    "national_id": ("ເລກບັດປະຈຳຕົວ", "ບັດປະຈຳຕົວ", "national id", "id card", "identity card", "national id number"),
    "start": ("ວັນເລີ່ມວຽກ", "ວັນເຂົ້າວຽກ", "ເລີ່ມວຽກ", "start", "start date", "first day", "hired", "hire date"),
    "category": ("ປະເພດແຮງງານ", "ປະເພດວຽກ", "ປະເພດພະນັກງານ", "category", "kind of work", "type of work", "employment type"),
    "until": ("ວັນໝົດສັນຍາ", "ວັນສິ້ນສຸດສັນຍາ", "ສິ້ນສຸດສັນຍາ", "until", "contract end", "end of contract", "contract until"),
    "number": ("ລະຫັດປະກັນສັງຄົມ", "ເລກປະກັນສັງຄົມ", "social security number", "social security no", "sso no"),
}  # fmt: skip
FIELDS: Final = tuple(_WORDS)
_EXACT: Final = {squeezed(word): field for field, words in _WORDS.items() for word in words}


def read(filename: str, content: bytes) -> list[dict[str, str]]:
    """Rows with the fields of FIELDS that the file has, and 'row' as the employer counts. Raises FileRefused."""
    for sheet in open_file(filename, content).sheets:
        for at, (_number, cells) in enumerate(sheet.rows[:_SEARCHED]):
            columns = _columns(cells)
            if len(columns) >= 3 and columns.keys() & {"name", "given_name"}:
                rows = [_row(number, found, columns) for number, found in sheet.rows[at + 1 :]]
                people = [
                    row for row in rows if row.get("given_name") or row.get("name") or row.get("number")
                ]
                if len(people) > MOST:
                    raise FileRefused("too_many_rows", limit=MOST)
                if people:
                    return people
    raise FileRefused("no_table")


def _columns(cells: list[Cell]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        field = _EXACT.get(squeezed(str(cell)))
        if field and field not in found:
            found[field] = index
    return found


def _row(number: int, cells: list[Cell], columns: dict[str, int]) -> dict[str, str]:
    row = {
        field: " ".join(str(cells[index]).split()) if index < len(cells) else ""
        for field, index in columns.items()
    }
    if "name" in row and "given_name" not in row:
        given, _space, family = row.pop("name").partition(" ")
        row |= {"given_name": given, "family_name": family}
    return row | {"row": str(number)}
