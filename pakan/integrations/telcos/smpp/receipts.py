"""Delivery receipts of message centres: a text that each writes a little differently, or tagged fields."""

import re
from dataclasses import dataclass
from datetime import datetime

from pakan.integrations.telcos.dialect import STATES
from pakan.integrations.telcos.smpp.letters import read
from pakan.integrations.telcos.smpp.pdu import MESSAGE_STATE, RECEIPTED_ID, Pdu

IS_RECEIPT = 0x04  # esm_class, bits 2 to 5
STATE_NUMBERS = {
    1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN", 8: "REJECTD"
}  # fmt: skip
_ID = re.compile(r"\bid:\s*([0-9a-z._-]{1,64})", re.I)
_STAT = re.compile(r"\bstat:\s*([a-z]{1,12})", re.I)


@dataclass(frozen=True)
class Receipt:
    """`stat` is one of the states of SMPP in capital letters; what we do not know is UNKNOWN."""

    message_id: str
    stat: str


def is_receipt(pdu: Pdu) -> bool:
    return pdu.number("esm_class") & 0x3C == IS_RECEIPT


def receipt_of(pdu: Pdu) -> Receipt | None:
    """What the receipt tells; None where it names no message. Tagged fields win over the text."""
    text = read(pdu).text
    named, stood = _ID.search(text), _STAT.search(text)
    message_id = pdu.tagged.get(RECEIPTED_ID, b"").rstrip(b"\0").decode("latin-1") or (
        named.group(1) if named else ""
    )
    stat = STATE_NUMBERS.get(int.from_bytes(pdu.tagged.get(MESSAGE_STATE, b"")), "") or (
        _whole(stood.group(1)) if stood else "UNKNOWN"
    )
    return Receipt(message_id, stat) if message_id else None


def _whole(stat: str) -> str:
    """The state by its first seven letters: some centres write DELIVERED or REJECTED."""
    stat = stat.upper()
    short = {"DELIVERED": "DELIVRD", "ACCEPTED": "ACCEPTD", "REJECTED": "REJECTD", "UNDELIVERABLE": "UNDELIV"}
    stat = short.get(stat, stat)
    return stat if stat in STATES else "UNKNOWN"


def same_ids(message_id: str) -> list[str]:
    """The ways in which a centre may write this id elsewhere, likeliest first: some answer a submit in one base and
    write the receipt in the other."""
    found = [message_id]
    if re.fullmatch(r"[0-9]{1,20}", message_id):
        found.append(f"{int(message_id):x}")
    if re.fullmatch(r"[0-9a-fA-F]{1,16}", message_id):
        found.append(str(int(message_id, 16)))
    plain = [one.lower().lstrip("0") or "0" for one in found]
    return list(dict.fromkeys(plain))


def receipt_text(message_id: str, stat: str, made: datetime, done: datetime, text: str = "") -> str:
    """As most centres write it."""
    arrived = int(stat == "DELIVRD")
    return (
        f"id:{message_id} sub:001 dlvrd:{arrived:03} submit date:{made:%y%m%d%H%M} done date:{done:%y%m%d%H%M}"
        f" stat:{stat} err:{0 if arrived else 1:03} text:{text[:20]}"
    )
