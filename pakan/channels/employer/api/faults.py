"""What went wrong, as problem details (RFC 9457): every fault at once, where it is, and what to do, in Lao and English."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import override

from pakan.channels.employer.wording import NEWCOMERS, refusal_words
from pakan.channels.kit.api import allowed_words, problem_answer
from pakan.channels.kit.speech import language

Words = dict[str, str]
Place = dict[str, Any]

# code -> (status, Lao, English: what it is and what to do)
FAULTS: dict[str, tuple[int, str, str]] = {
    "not_json": (400, "ອ່ານບໍ່ໄດ້. ສົ່ງ JSON ເປັນ UTF-8.", "The body cannot be read. Send JSON in UTF-8."),
    "repeated": (
        400,
        "ຊື່ໜຶ່ງມີສອງເທື່ອ. ໃຫ້ມີເທື່ອດຽວ.",
        "A name stands there twice. Write each name once.",
    ),
    "not_readable": (
        400,
        "ອ່ານຄຳຂໍບໍ່ໄດ້. ກວດ ແລ້ວສົ່ງໃໝ່.",
        "The request cannot be read. Check it and send it again.",
    ),
    "no_key": (
        401,
        "ຕ້ອງມີກະແຈ. ໃສ່ໃນ Authorization: Bearer.",
        "A key is needed. Send it as Authorization: Bearer.",
    ),
    "unknown": (
        401,
        "ບໍ່ຮູ້ຈັກກະແຈນີ້ ຫຼື ໝົດເວລາແລ້ວ.",
        "This key or token is not known, or its time is over.",
    ),
    "expired": (
        401,
        "ກະແຈໝົດອາຍຸແລ້ວ. ຂໍອັນໃໝ່ຈາກຜູ້ບໍລິຫານ.",
        "The key has expired. Ask your administrator for a new one.",
    ),
    "revoked": (
        401,
        "ກະແຈຖືກຍົກເລີກແລ້ວ. ຂໍອັນໃໝ່ຈາກຜູ້ບໍລິຫານ.",
        "The key was taken back. Ask your administrator for a new one.",
    ),
    "maker_left": (
        401,
        "ຜູ້ສ້າງກະແຈບໍ່ແມ່ນຜູ້ບໍລິຫານແລ້ວ. ຂໍກະແຈໃໝ່.",
        "Who made the key administers the company no more. Ask for a new key.",
    ),
    "practice_key": (
        401,
        "ກະແຈນີ້ແມ່ນຂອງບ່ອນຝຶກຫັດ. ສົ່ງໄປທີ່ຢູ່ຂອງບ່ອນຝຶກຫັດ.",
        "This key is of the practice house. Send it to the practice address.",
    ),
    "real_key": (
        401,
        "ນີ້ແມ່ນບ່ອນຝຶກຫັດ ແຕ່ກະແຈແມ່ນຂອງຈິງ. ໃຊ້ກະແຈທີ່ຂຶ້ນຕົ້ນດ້ວຍ practice_.",
        "This is the practice house, and the key is a real one. Use a key that begins with practice_.",
    ),
    "practice_only": (
        404,
        "ມີແຕ່ຢູ່ບ່ອນຝຶກຫັດ. ຂອງຈິງ ຄົນຕ້ອງເຊັນ ແລະ ຈ່າຍເອງ.",
        "This is there for practice only. In earnest a person signs, and an account pays.",
    ),
    "notice_closed": (
        409,
        "ໃບແຈ້ງນີ້ຈ່າຍບໍ່ໄດ້ແລ້ວ. ຂໍໃບໃໝ່.",
        "This notice is not open any more. Ask for a new one.",
    ),
    "scope": (
        403,
        "ກະແຈນີ້ເຮັດສິ່ງນີ້ບໍ່ໄດ້. ຂໍສິດເພີ່ມ.",
        "This key may not do this. Ask for a key with the scope that is named.",
    ),
    "not_found": (404, "ບໍ່ມີສິ່ງນີ້.", "There is no such thing."),
    "method": (405, "ໃຊ້ວິທີອື່ນ. ເບິ່ງ Allow.", "Another method is needed; see Allow."),
    "other_content": (
        409,
        "Idempotency-Key ນີ້ໃຊ້ກັບເນື້ອໃນອື່ນແລ້ວ. ໃຊ້ອັນໃໝ່.",
        "This Idempotency-Key was used for something else. Use a new one.",
    ),
    "not_here": (
        409,
        "ຄົນນີ້ອອກແລ້ວ. ເບິ່ງ employments.",
        "This worker has left already. See the employments.",
    ),
    "too_large": (413, "ໃຫຍ່ເກີນໄປ. ສົ່ງເປັນໄຟລ໌ xlsx.", "This is too large. Send the xlsx file instead."),
    "media": (415, "ສົ່ງເປັນ {wanted}.", "Send it as {wanted}."),
    "wrong": (
        422,
        "ມີຂໍ້ມູນທີ່ຮັບບໍ່ໄດ້. ເບິ່ງທຸກຂໍ້ໃນ errors.",
        "Something cannot be taken. Every fault stands in errors.",
    ),
    "too_often": (
        429,
        "ຖາມເລື້ອຍເກີນໄປ. ຖາມໃໝ່ໃນ {seconds} ວິນາທີ.",
        "Too many requests. Ask again in {seconds} seconds.",
    ),
    "broken": (
        500,
        "ລະບົບມີບັນຫາ. ສົ່ງຄືນດ້ວຍ Idempotency-Key ເດີມ.",
        "Something broke here. Send it again with the same Idempotency-Key.",
    ),
    "bank_silent": (
        503,
        "ທະນາຄານບໍ່ຕອບ. ສົ່ງຄືນດ້ວຍ Idempotency-Key ເດີມ.",
        "The bank does not answer. Send it again with the same Idempotency-Key.",
    ),
    "amount_changed": (
        409,
        "ຈຳນວນເງິນປ່ຽນພໍດີ. ສົ່ງຄືນອີກ.",
        "The amount changed just now. Send it again.",
    ),
}
TITLES: dict[int, Words] = {
    400: {"lo": "ອ່ານບໍ່ໄດ້", "en": "Cannot be read"},
    401: {"lo": "ເຂົ້າບໍ່ໄດ້", "en": "Not let in"},
    403: {"lo": "ບໍ່ມີສິດ", "en": "Not allowed"},
    404: {"lo": "ບໍ່ພົບ", "en": "Not found"},
    405: {"lo": "ວິທີບໍ່ຖືກ", "en": "Method not allowed"},
    409: {"lo": "ຕອນນີ້ບໍ່ໄດ້", "en": "Not now"},
    413: {"lo": "ໃຫຍ່ເກີນໄປ", "en": "Too large"},
    415: {"lo": "ຕ້ອງສົ່ງແບບອື່ນ", "en": "Another kind is needed"},
    422: {"lo": "ຮັບບໍ່ໄດ້", "en": "Cannot be taken"},
    429: {"lo": "ເລື້ອຍເກີນໄປ", "en": "Too often"},
    500: {"lo": "ລະບົບມີບັນຫາ", "en": "Broken"},
    503: {"lo": "ທະນາຄານບໍ່ຕອບ", "en": "The bank is silent"},
}
# What can be wrong with one place, besides its shape (kit/api.py) and the employer's own sentences (wording.py).
PLACES: dict[str, Words] = {
    "nobody_here": {
        "lo": "ລະຫັດນີ້ບໍ່ແມ່ນຄົນງານຂອງເດືອນນີ້.",
        "en": "This number is not one of the month's workers.",
    },
    "lines_needed": {
        "lo": "ຕ້ອງມີແຖວ ຫຼື nobody_worked ເປັນ true.",
        "en": "Lines are needed, or nobody_worked set to true; not both.",
    },
    "inner_address": {
        "lo": "ໃຊ້ທີ່ຢູ່ https ທີ່ເປີດທົ່ວໄປໃນອິນເຕີເນັດ.",
        "en": "Use a public https address; machines of inner networks are not called.",
    },
    "too_many_endpoints": {
        "lo": "ມີທີ່ຢູ່ຄົບຈຳນວນແລ້ວ. ລຶບອັນໜຶ່ງກ່ອນ.",
        "en": "The company has all the addresses it may have. Remove one first.",
    },
    "cursor": {"lo": "ໃຊ້ next ຈາກໜ້າກ່ອນ.", "en": "Use what the page before gave as next."},
    "key_text": {
        "lo": "ໃຊ້ 8 ຫາ 100 ຕົວອັກສອນລາຕິນ.",
        "en": "Use 8 to 100 visible Latin letters, digits or signs.",
    },
    "parameter": {"lo": "ບໍ່ຮູ້ຈັກຊື່ນີ້.", "en": "No such parameter."},
    "looks_known": {
        "lo": "ອາດແມ່ນຄົນທີ່ມີຊື່ແລ້ວ. ຕອບໃນ answer: same ຫຼື reason.",
        "en": "This may be somebody on record. Say who in answer.same, or why not in answer.reason.",
    },
    "choice": {
        "lo": "ຄຳຕອບນີ້ບໍ່ກົງກັບຄຳຖາມ. ໃຊ້ sign ຈາກ like.",
        "en": "This answers no question. Use a sign that stood in like, or leave it out.",
    },
    "reason": {
        "lo": "ບອກເຫດຜົນ 3 ຫາ 300 ຕົວອັກສອນ.",
        "en": "Say why, in 3 to 300 letters.",
    },
    "last_day": {
        "lo": "ວັນສຸດທ້າຍຕ້ອງບໍ່ກ່ອນວັນເລີ່ມ ແລະ ບໍ່ເກີນສອງເດືອນຂ້າງໜ້າ.",
        "en": "The last day cannot lie before the first one, nor more than two months ahead.",
    },
    "no_worker_here": {
        "lo": "ບໍ່ແມ່ນຄົນງານຂອງທ່ານ ຫຼື ອອກແລ້ວ. ກວດລະຫັດ.",
        "en": "Nobody with this number works here now. Check the number.",
    },
    "leaves_twice": {
        "lo": "ຄົນນີ້ມີສອງແຖວ. ໃຫ້ເຫຼືອແຖວດຽວ.",
        "en": "This worker stands there twice. Keep one row.",
    },
    "letter": {"lo": "ຂຽນຕົວອັກສອນຂອງຖັນ ເຊັ່ນ C.", "en": "Write the letter of a column, such as C."},
}


class Fault(Exception):
    """An answer that is not what was asked for. `places`: the faults one by one."""

    def __init__(
        self, code: str, places: Sequence[Place] = (), retry: int | None = None, **facts: Any
    ) -> None:
        super().__init__(code)
        self.code, self.places, self.retry, self.facts = code, list(places), retry, facts


def place(pointer: str, code: str, **facts: Any) -> Place:
    """One fault at one place, in both languages."""
    return {"pointer": pointer, "code": code, "says": PLACES[code] if code in PLACES else both(code), **facts}


def newcomer_place(pointer: str, code: str) -> Place:
    """What is wrong with a new worker's field, or with the row; the sentences are those of the page."""
    if code in ("choice", "reason"):
        return place(f"{pointer}/answer", code)
    at = "" if code in ("twice", "works_here") else f"/{code}"
    return {"pointer": pointer + at, "code": code, "says": in_both(lambda: str(NEWCOMERS[code]))}


def both(code: str) -> Words:
    """A sentence of the employer's pages in both languages."""
    return in_both(lambda: refusal_words(code))


def in_both(say: Callable[[], str]) -> Words:
    said = {}
    for name in ("lo", "en"):
        with override(name):
            said[name] = say()
    return said


def answer(fault: Fault) -> HttpResponse:
    """The fault as it goes out, its title and detail in the language that was asked for.

    A code that is not in the table is one of the employer's pages: 409."""
    status, lo, en = FAULTS.get(fault.code, (409, "", ""))
    says = (
        both(fault.code) if not en else {"lo": lo.format_map(fault.facts), "en": en.format_map(fault.facts)}
    )
    body = {
        "type": "about:blank", "title": TITLES[status][language()], "status": status, "detail": says[language()],
        "code": fault.code,
        "says": says, "errors": fault.places,
    }  # fmt: skip
    if "error" in fault.facts:
        body["error"] = fault.facts["error"]  # the word of RFC 6749, for OAuth libraries
    return problem_answer(body, status, fault.retry)


def from_shape(errors: Sequence[Mapping[str, Any]]) -> list[Place]:
    """The faults of what has not even the right shape, each place once."""
    found: dict[str, Place] = {}
    for error in errors:
        lo, en = allowed_words(error)
        pointer = _pointer(error["loc"])
        found.setdefault(
            pointer, {"pointer": pointer, "code": str(error["type"]), "says": {"lo": lo, "en": en}}
        )
    return list(found.values())


def _pointer(loc: Sequence[int | str]) -> str:
    """('body', 'told', 'lines', 0, 'wage') -> '/lines/0/wage'; a parameter is its name after '?'."""
    if loc[0] != "body":
        return f"?{loc[-1]}"
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in loc[2:])
