"""The words of the sandbox identity's pages: (Lao, English)."""

WORDS = {
    "title": ("ບັດປະຈຳຕົວດິຈິຕອນທົດລອງ", "Sandbox digital identity"),
    "banner": (
        "ລະບົບທົດລອງ: ທຸກຄົນໃນນີ້ແມ່ນຄົນສົມມຸດ",
        "Sandbox: everybody here is invented. Nothing here is real.",
    ),
    "asks": ("ປະກັນສັງຄົມຂໍຮູ້ວ່າທ່ານແມ່ນໃຜ", "The social security fund asks who you are"),
    "gives": (
        "ຖ້າຍິນຍອມ, ພວກເຮົາຈະບອກ: ຊື່, ວັນເກີດ ແລະ ເລກບັດປະຈຳຕົວ.",
        "If you agree, we tell it: name, birth date and identity card number.",
    ),
    "who": ("ທ່ານແມ່ນໃຜ?", "Who are you?"),
    "agree": ("ຍິນຍອມ", "Agree"),
    "decline": ("ບໍ່ຍິນຍອມ", "Do not agree"),
    "people": ("ບັດທີ່ມີ", "The cards that there are"),
    "none": ("ຍັງບໍ່ມີບັດ. ກະລຸນາເພີ່ມ.", "There is no card yet. Add one."),
    "add": ("ເພີ່ມບັດສົມມຸດ", "Add an invented card"),
    "name": ("ຊື່ ແລະ ນາມສະກຸນ", "Given and family name"),
    "born": ("ວັນເກີດ (ປີ-ເດືອນ-ວັນ)", "Birth date (year-month-day)"),
    "number": ("ເລກບັດປະຈຳຕົວ", "Identity card number"),
    "behaves": ("ຄຳຕອບຕໍ່ໄປເປັນແນວໃດ", "How the next answers are"),
    "choose": ("ເລືອກ", "Choose"),
    "back": ("ກັບໄປໜ້າທຳອິດ", "Back to the first page"),
    "bad_question": (
        "ຄຳຖາມນີ້ບໍ່ຖືກຕ້ອງ. ບໍ່ໄດ້ສົ່ງຫຍັງກັບໄປ.",
        "This question is not in order. Nothing is sent back.",
    ),
    "bad_form": ("ແບບຟອມບໍ່ຖືກຕ້ອງ. ກະລຸນາກວດຄືນ.", "The form is not right. Look at it again."),
    "not_found": ("ບໍ່ມີໜ້ານີ້", "There is no such page"),
    "normal": ("ປົກກະຕິ", "As they should be"),
    "phone": ("ຢັ້ງຢືນດ້ວຍໂທລະສັບເທົ່ານັ້ນ", "Proved by telephone only"),
    "nonce": ("nonce ຜິດ", "Another nonce"),
    "audience": ("aud ຜິດ", "For somebody else (aud)"),
    "issuer": ("iss ຜິດ", "From another issuer (iss)"),
    "expired": ("ໝົດອາຍຸ", "Expired"),
    "unsigned": ("ບໍ່ມີລາຍເຊັນ (alg none)", "Without a signature (alg none)"),
    "stranger": ("ລາຍເຊັນຂອງກະແຈອື່ນ", "Signed with another key"),
    "hash": ("at_hash ຜິດ", "Another at_hash"),
    "subject": ("userinfo ຂອງຄົນອື່ນ", "Userinfo of somebody else"),
    "down": ("ບໍ່ຕອບ", "No answer"),
}


def say(key: str, language: str) -> str:
    return WORDS[key][language == "en"]
