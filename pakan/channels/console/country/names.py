"""Lao names put together from parts that many names share; whoever bears one here is nobody."""

from dataclasses import dataclass

from pakan.channels.console.country.dice import Dice

# (Lao, Latin). Two parts make a name: 26 x 25 given names, 26 x 22 family names.
GIVEN_FIRST = [
    ("ບຸນ", "Boun"), ("ສົມ", "Som"), ("ຄຳ", "Kham"), ("ແກ້ວ", "Keo"), ("ວັນ", "Van"), ("ຈັນ", "Chan"), ("ສຸກ", "Souk"),
    ("ທອງ", "Thong"), ("ພອນ", "Phone"), ("ສີ", "Si"), ("ໄຊ", "Xay"), ("ເພັດ", "Phet"), ("ມະນີ", "Mani"), ("ດາວ", "Dao"),
    ("ພູ", "Phou"), ("ຄູນ", "Khoun"), ("ວິໄລ", "Vilay"), ("ສຸພາ", "Soupha"), ("ອຸ່ນ", "Oun"), ("ຫຼ້າ", "La"),
    ("ບົວ", "Boua"), ("ນົກ", "Nok"), ("ຕຸ້ຍ", "Touy"), ("ລັດ", "Lat"), ("ອານຸ", "Anou"), ("ປານີ", "Pany"),
]  # fmt: skip
GIVEN_LAST = [
    ("ມີ", "my"), ("ດີ", "dy"), ("ສັກ", "sak"), ("ພອນ", "phone"), ("ຈັນ", "chanh"), ("ທະວີ", "thavy"), ("ນາ", "na"),
    ("ລາ", "la"), ("ວອນ", "vone"), ("ເພັດ", "pheth"), ("ໃສ", "say"), ("ຮັກ", "hak"), ("ຄຳ", "kham"), ("ແສງ", "seng"),
    ("ພັນ", "phanh"), ("ສະຫວາດ", "savath"), ("ມາລີ", "maly"), ("ດາລາ", "dala"), ("ເງິນ", "ngeun"), ("ຍືນ", "yeun"),
    ("ຫຼວງ", "louang"), ("ໄພ", "phay"), ("ວຽງ", "vieng"), ("ແພງ", "pheng"), ("ໜູ", "nou"),
]  # fmt: skip
FAMILY_FIRST = [
    ("ວົງ", "Vong"), ("ແກ້ວ", "Keo"), ("ພົມມະ", "Phomma"), ("ສີຫາ", "Siha"), ("ອິນທະ", "Intha"), ("ໄຊຍະ", "Xaya"),
    ("ຈັນທະ", "Chantha"), ("ສຸວັນນະ", "Souvanna"), ("ພິມມະ", "Phimma"), ("ບຸນຍະ", "Bounya"), ("ສີສະ", "Sisa"),
    ("ລັດຕະ", "Latta"), ("ເທບພະ", "Theppha"), ("ມະຫາ", "Maha"), ("ນັນທະ", "Nantha"), ("ວິໄລ", "Vilay"),
    ("ທຳມະ", "Thamma"), ("ຂັນທະ", "Khantha"), ("ອຸດົມ", "Oudom"), ("ຄຸນ", "Khoun"), ("ສຸລິ", "Souli"), ("ດວງ", "Douang"),
    ("ເພັດ", "Pheth"), ("ສົມບັດ", "Sombath"), ("ພັນທະ", "Phantha"), ("ຊາຍ", "Say"),
]  # fmt: skip
FAMILY_LAST = [
    ("ວົງສາ", "vongsa"), ("ວົງ", "vong"), ("ພົນ", "phon"), ("ຈັກ", "chak"), ("ສຸກ", "souk"), ("ລາດ", "lath"),
    ("ທອງ", "thong"), ("ສະຫວັດ", "savath"), ("ມະນີ", "mani"), ("ສົມບູນ", "somboun"), ("ພັນ", "phanh"), ("ດາລາ", "dala"),
    ("ວິສຸກ", "visouk"), ("ແສງ", "sengh"), ("ສີລາ", "sila"), ("ພູມ", "phoum"), ("ມາດ", "math"), ("ຄຳພາ", "khampha"),
    ("ເດດ", "deth"), ("ຍະວົງ", "yavong"), ("ໄກ", "kay"), ("ບັນດິດ", "bandith"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    given: str
    family: str
    latin: str


def a_name(dice: Dice) -> Name:
    given = [dice.pick(GIVEN_FIRST), dice.pick(GIVEN_LAST)]
    family = [dice.pick(FAMILY_FIRST), dice.pick(FAMILY_LAST)]
    lao, latin = [["".join(part[which] for part in parts) for parts in (given, family)] for which in (0, 1)]
    return Name(lao[0], lao[1], " ".join(latin))


def a_phone(dice: Dice) -> str:
    """A mobile number in a valid pattern (020), in E.164; it is nobody's on purpose."""
    return f"+85620{dice.pick('2579')}{dice.below(10**7):07d}"
