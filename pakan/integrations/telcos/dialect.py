"""How operators that speak HTTP tell us things: JSON with the states of SMPP. Ours alone: the link writes it too."""

import json
from datetime import datetime

from pakan.integrations.telcos.telco import DeliveryReceipt, IncomingText, ReceiptRefused, State

# A text that was accepted and never heard of again is "unknown": it may have arrived, so it is not sent again.
STATES: dict[str, State] = {
    "DELIVRD": "delivered",
    "ACCEPTD": "waiting",
    "ENROUTE": "waiting",
    "UNKNOWN": "waiting",
    "EXPIRED": "failed",
    "UNDELIV": "failed",
    "DELETED": "failed",
    "REJECTD": "failed",
}
LONGEST_TEXT = 1600


def compose_receipt(message_id: str, to: str, stat: str, at: datetime, reason: str = "") -> dict[str, object]:
    return {"id": message_id, "to": to, "stat": stat, "at": at.isoformat(), "reason": reason}


def compose_incoming(message_id: str, sender: str, text: str, at: datetime) -> dict[str, object]:
    return {"id": message_id, "from": sender, "text": text, "at": at.isoformat()}


def read_told(body: bytes) -> DeliveryReceipt | IncomingText:
    """A receipt, or a text that somebody sent to us. Raises ReceiptRefused 'unreadable'."""
    try:
        told = json.loads(body.decode())
        message_id, at = told["id"], datetime.fromisoformat(told["at"])
        stat = told.get("stat", "").upper()
        sender, text, reason = told.get("from", ""), told.get("text", ""), told.get("reason", "")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ReceiptRefused("unreadable") from error
    if (
        not all(isinstance(one, str) for one in (message_id, sender, text, reason))
        or not message_id
        or at.tzinfo is None
    ):
        raise ReceiptRefused("unreadable")
    if sender:
        return IncomingText(message_id[:80], sender[:20], text[:LONGEST_TEXT], at)
    if stat not in STATES:
        raise ReceiptRefused("unreadable")
    return DeliveryReceipt(message_id, STATES[stat], at, reason[:20])
