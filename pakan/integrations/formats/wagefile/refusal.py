"""Why a wage file is refused, in words an employer can act on (Lao and English)."""

from typing import Final

MESSAGES: Final[dict[str, dict[str, str]]] = {
    "empty": {
        "lo": "ໄຟລ໌ນີ້ຫວ່າງເປົ່າ. ກະລຸນາເປີດໄຟລ໌ໃນຄອມພິວເຕີຂອງທ່ານ, ບັນທຶກໃໝ່ ແລ້ວສົ່ງອີກຄັ້ງ.",
        "en": "The file is empty. Open it on your computer, save it again, and send it once more.",
    },
    "too_large": {
        "lo": ("ໄຟລ໌ໃຫຍ່ເກີນ {limit} MB. ກະລຸນາລຶບຮູບພາບ ແລະ ແຜ່ນງານທີ່ບໍ່ຈຳເປັນ, ບັນທຶກໃໝ່ ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "The file is larger than {limit} MB. Remove pictures and sheets that "
            "are not needed and save again."
        ),
    },
    "wrong_type": {
        "lo": ("ນີ້ແມ່ນ {found}, ບໍ່ແມ່ນຕາຕະລາງທີ່ພວກເຮົາອ່ານໄດ້. ກະລຸນາບັນທຶກເປັນ xlsx, xls, ods ຫຼື csv ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "This is {found}, not a table we can read. Save it as xlsx, xls, ods or csv and send it again."
        ),
    },
    "password": {
        "lo": "ໄຟລ໌ມີລະຫັດຜ່ານ. ກະລຸນາເປີດໄຟລ໌, ເອົາລະຫັດຜ່ານອອກ, ບັນທຶກ ແລ້ວສົ່ງອີກຄັ້ງ.",
        "en": ("The file is protected by a password. Open it, remove the password, save, and send it again."),
    },
    "macros": {
        "lo": ("ໄຟລ໌ມີໂປຣແກຣມຢູ່ພາຍໃນ (macro) ຫຼື ເປັນ xlsm ຫຼື xlsb. ກະລຸນາບັນທຶກເປັນ xlsx ທຳມະດາ ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "The file carries a program (macro), or is xlsm or xlsb. Save it as a "
            "plain xlsx and send it again."
        ),
    },
    "zip_bomb": {
        "lo": ("ເມື່ອຄາຍອອກແລ້ວ ໄຟລ໌ໃຫຍ່ຜິດປົກກະຕິ. ກະລຸນາສຳເນົາສະເພາະຕາຕະລາງເງິນເດືອນໄປໃສ່ໄຟລ໌ໃໝ່ ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "Unpacked, the file is far too large. Copy only the wage table into a new file and send that."
        ),
    },
    "too_many_parts": {
        "lo": ("ໄຟລ໌ມີສ່ວນປະກອບຫຼາຍເກີນ {limit}. ກະລຸນາສຳເນົາສະເພາະຕາຕະລາງເງິນເດືອນໄປໃສ່ໄຟລ໌ໃໝ່ ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "The file has more than {limit} parts. Copy only the wage table into a new file and send that."
        ),
    },
    "nested_file": {
        "lo": "ມີໄຟລ໌ອື່ນຝັງຢູ່ໃນໄຟລ໌ນີ້. ກະລຸນາລຶບໄຟລ໌ທີ່ຝັງໄວ້, ບັນທຶກ ແລ້ວສົ່ງອີກຄັ້ງ.",
        "en": ("Another file is packed inside this one. Remove the embedded file, save, and send it again."),
    },
    "external_links": {
        "lo": ("ໄຟລ໌ເຊື່ອມໂຍງກັບໄຟລ໌ ຫຼື ຂໍ້ມູນພາຍນອກ. ໃນ Excel: Data, Edit Links, Break Link; ບັນທຶກ ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "The file draws on other files or data. In Excel: Data, Edit Links, "
            "Break Link; save and send it again."
        ),
    },
    "entities": {
        "lo": ("ໄຟລ໌ມີຄຳສັ່ງແຝງທີ່ຕາຕະລາງທຳມະດາບໍ່ມີ. ກະລຸນາເປີດໃນ Excel ຫຼື LibreOffice, ບັນທຶກໃໝ່ ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "The file holds hidden instructions no plain table has. Open it in "
            "Excel or LibreOffice, save it anew."
        ),
    },
    "broken": {
        "lo": ("ໄຟລ໌ບໍ່ຄົບ ຫຼື ເສຍຫາຍ. ອາດຖືກຕັດລະຫວ່າງສົ່ງ. ກະລຸນາສົ່ງອີກຄັ້ງ; ຖ້າຍັງບໍ່ໄດ້ ໃຫ້ບັນທຶກໄຟລ໌ໃໝ່."),
        "en": (
            "The file is incomplete or damaged, perhaps cut while sending. Send it again, or save it anew."
        ),
    },
    "duplicate_parts": {
        "lo": ("ໄຟລ໌ມີສ່ວນປະກອບຊື່ດຽວກັນສອງອັນ, ຈຶ່ງບໍ່ຮູ້ວ່າອັນໃດແທ້. ກະລຸນາເປີດ, ບັນທຶກໃໝ່ ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "The file holds two parts of the same name, so we cannot tell which "
            "counts. Open it and save it anew."
        ),
    },
    "unsafe_names": {
        "lo": ("ໄຟລ໌ມີຊື່ສ່ວນປະກອບທີ່ບໍ່ປອດໄພ. ກະລຸນາເປີດໃນ Excel ຫຼື LibreOffice, ບັນທຶກໃໝ່ ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "Parts of the file have unsafe names. Open it in Excel or LibreOffice, "
            "save it anew, and send it again."
        ),
    },
    "too_many_rows": {
        "lo": "ຕາຕະລາງມີຫຼາຍກວ່າ {limit} ແຖວ. ກະລຸນາແບ່ງເປັນຫຼາຍໄຟລ໌.",
        "en": "The table has more than {limit} rows. Divide it into several files.",
    },
    "too_wide": {
        "lo": ("ມີຂໍ້ມູນຢູ່ໄກຈາກຕາຕະລາງ, ໃນຊ່ອງ {cell} ຂອງແຜ່ນງານ {sheet}. ກະລຸນາລຶບຊ່ອງນັ້ນ, ບັນທຶກ ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "A value stands far outside the table, in cell {cell} of sheet "
            "{sheet}. Delete it, save, send again."
        ),
    },
    "too_heavy": {
        "lo": ("ການອ່ານໄຟລ໌ນີ້ໃຊ້ເວລາ ຫຼື ໜ່ວຍຄວາມຈຳຫຼາຍເກີນໄປ. ກະລຸນາສຳເນົາສະເພາະຕາຕະລາງໄປໃສ່ໄຟລ໌ໃໝ່ ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "Reading this file takes too much time or memory. Copy only the wage "
            "table into a new file, send that."
        ),
    },
    "unreadable": {
        "lo": ("ພວກເຮົາອ່ານໄຟລ໌ນີ້ບໍ່ໄດ້. ກະລຸນາເປີດໃນ Excel ຫຼື LibreOffice, ບັນທຶກເປັນ xlsx ແລ້ວສົ່ງອີກຄັ້ງ."),
        "en": (
            "We cannot read this file. Open it in Excel or LibreOffice, save it as xlsx, and send it again."
        ),
    },
    "no_table": {
        "lo": "ບໍ່ພົບຕາຕະລາງເງິນເດືອນໃນໄຟລ໌. ກະລຸນາກວດວ່າມີຖັນຊື່ ແລະ ຖັນເງິນເດືອນ.",
        "en": (
            "No wage table was found in the file. Check that it has a column of names and a column of wages."
        ),
    },
}


class FileRefused(Exception):
    """The file is not taken. `code` is a key of MESSAGES, `params` fill its places."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code = code
        self.params = params
        super().__init__(self.message("en"))

    def message(self, language: str) -> str:
        """What is wrong and what to do, in 'lo' or 'en'."""
        return MESSAGES[self.code]["lo" if language == "lo" else "en"].format(**self.params)
