"""The forty employers of the invented country: what they are, how many work there, and how they pay."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

DISTRICTS = ("0101", "0102", "0103", "0104", "0106", "1301", "1302", "1311", "0601", "0605")
FACTORY, DEMO, SHOP, OFFICE = range(4)
BOOKS = (4, 5, 6, 7, 8)  # small employers whose books one accountant keeps
FEWEST = 12


class Habit(StrEnum):
    """How an employer pays. One that is late is late every month."""

    ON_TIME = "on time"
    LATE = "late"
    IN_PARTS = "in parts"
    TOO_MUCH = "too much"


@dataclass(frozen=True, slots=True)
class Firm:
    """`size`: people at work at one time. Months are counted from the first of the history."""

    code: str
    name_lo: str
    name_en: str
    district: str
    size: int
    wage: tuple[int, int]  # what most are paid, kip a month
    women: int  # percent
    leavers: int
    scheme: str = "enterprise"
    alone: bool = False  # one person may approve
    first: int = 0
    habit: Habit = Habit.ON_TIME
    skips: int | None = None  # a month that was never declared
    raised: int | None = None  # a month corrected upwards after it was paid
    lowered: int | None = None
    wrong_reference: bool = False  # in the last month
    last_unpaid: bool = False
    slow: bool = False  # declares the open month after its due date


KINDS = [
    ("ໂຮງແຮມ", "Hotel", (2_500_000, 4_200_000), 60),
    ("ບໍລິສັດ ກໍ່ສ້າງ", "Construction Co.", (2_600_000, 5_200_000), 15),
    ("ໂຮງງານ ນ້ຳດື່ມ", "Drinking Water Factory", (2_500_000, 3_300_000), 45),
    ("ໂຮງຮຽນ ເອກະຊົນ", "Private School", (2_800_000, 5_500_000), 65),
    ("ບໍລິສັດ ຂົນສົ່ງ", "Transport Co.", (2_700_000, 4_600_000), 20),
    ("ໂຮງງານ ກາເຟ", "Coffee Factory", (2_500_000, 3_400_000), 50),
    ("ຮ້ານອາຫານ", "Restaurant", (2_500_000, 3_000_000), 60),
    ("ບໍລິສັດ ຄອມພິວເຕີ", "Computer Co.", (3_500_000, 9_500_000), 40),
    ("ໂຮງງານ ເຟີນີເຈີ", "Furniture Factory", (2_500_000, 3_600_000), 30),
    ("ຄລີນິກ", "Clinic", (2_900_000, 6_500_000), 70),
    ("ໂຮງງານຕັດຫຍິບ", "Garment Factory", (2_500_000, 3_300_000), 85),
    ("ສວນຢາງພາລາ", "Rubber Plantation", (2_500_000, 3_000_000), 40),
]
WORDS = [
    ("ຝົນຕົກໃໝ່", "New Rain"), ("ດາວຫາງ", "Comet"), ("ຕາເວັນແດງ", "Red Sun"), ("ເມກຂາວ", "White Cloud"),
    ("ໄມ້ໄຜ່ທອງ", "Golden Bamboo"), ("ນົກຍູງ", "Peacock"), ("ປາບຶກນ້ອຍ", "Little Catfish"), ("ໂຄມໄຟ", "Lantern"),
    ("ຂົວໄມ້", "Wooden Bridge"), ("ຊ້າງນ້ອຍ", "Little Elephant"), ("ແມ່ນ້ຳສອງສີ", "Two Rivers"), ("ພູສາມລູກ", "Three Hills"),
]  # fmt: skip
SIZES = (12, 9, 18, 14, 22, 5, 8, 27, 35, 41, 56, 63, 74, 88, 95, 110, 126, 140, 155, 170, 185, 210, 240, 300, 46, 31, 67, 79,
         52, 24, 16, 11, 130, 98, 72, 61)  # fmt: skip
PEOPLE = 15_000

SPECIAL = [
    Firm("0101001", "ໂຮງງານຕັດຫຍິບ ຝ້າຍຄຳ", "Golden Cotton Garment Factory", "0106", 10_000, (2_500_000, 3_300_000),
         82, 0),
    Firm("0100452", "ບໍລິສັດ ຕັດຫຍິບ ໄໝເງິນ ຈຳກັດ", "Silver Silk Garment Co., Ltd", "0102", 214, (2_500_000, 3_400_000),
         80, 36),
    Firm("0103303", "ຮ້ານ ສາມດາວ", "Three Stars Shop", "0103", 3, (2_500_000, 2_900_000), 50, 1, alone=True),
    Firm("0600404", "ຫ້ອງການ ທະບຽນ ຕົວຢ່າງ", "Sample Registry Office", "0601", 120, (2_600_000, 4_800_000), 45, 6,
         scheme="public"),
]  # fmt: skip


def firms(scale: float = 1.0) -> list[Firm]:
    """Forty firms with 15,000 people in all; a smaller `scale` has fewer of both, and every kind of event."""
    count = max(FEWEST, round(40 * min(scale, 1.0) ** 0.5))
    listed = [*SPECIAL, *_ordinary(count - len(SPECIAL))]
    sized = [_scaled(firm, scale, keep=place in (SHOP,)) for place, firm in enumerate(listed)]
    others = sum(firm.size + firm.leavers for firm in sized[1:])
    factory = sized[FACTORY]
    # Whoever of the 15,000 is nowhere else worked in the factory and left.
    left = PEOPLE - others - factory.size if scale == 1 else factory.size // 20
    return [replace(factory, leavers=left), *sized[1:]]


def _scaled(firm: Firm, scale: float, keep: bool) -> Firm:
    if scale >= 1 or keep:
        return firm
    return replace(firm, size=max(5, round(firm.size * scale)), leavers=max(1, round(firm.leavers * scale)))


def _ordinary(count: int) -> Iterator[Firm]:
    for place in range(count):
        kind, kind_en, wage, women = KINDS[place % len(KINDS)]
        word, word_en = WORDS[(place + place // len(KINDS)) % len(WORDS)]
        district = DISTRICTS[place % len(DISTRICTS)]
        yield Firm(
            code=f"{district[:2]}{10 + place:03d}{(place * 37 + 11) % 100:02d}",
            name_lo=f"{kind} {word}",
            name_en=f"{word_en} {kind_en}",
            district=district,
            size=SIZES[place % len(SIZES)],
            wage=wage,
            women=women,
            leavers=max(1, SIZES[place % len(SIZES)] // 8),
            alone=len(SPECIAL) + place in BOOKS,
            **_events(place),
        )


def _events(place: int) -> dict[str, Any]:
    """Who does what: each thing that happens to a fund happens to somebody, in the smallest country too."""
    happens: dict[int, dict[str, Any]] = {
        0: {"habit": Habit.TOO_MUCH},
        1: {"raised": -3},
        2: {"lowered": -3},
        3: {"skips": -4},
        4: {"wrong_reference": True},
        5: {"habit": Habit.LATE, "wrong_reference": True},
        6: {"habit": Habit.IN_PARTS},
        7: {"wrong_reference": True, "first": 2},
        8: {"habit": Habit.LATE},
        9: {"habit": Habit.TOO_MUCH},
        11: {"last_unpaid": True},
        12: {"habit": Habit.LATE, "last_unpaid": True},
        13: {"slow": True},
        15: {"habit": Habit.IN_PARTS, "first": 9},
        18: {"wrong_reference": True},
        20: {"raised": -6},
        21: {"habit": Habit.LATE},
        25: {"lowered": -8},
        26: {"slow": True},
        28: {"habit": Habit.IN_PARTS},
        30: {"habit": Habit.LATE},
    }
    return happens.get(place, {})
