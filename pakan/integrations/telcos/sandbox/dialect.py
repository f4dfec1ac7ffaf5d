"""How the sandbox operator writes a delivery receipt: JSON with the states of SMPP."""

import json
from datetime import datetime

from pakan.integrations.telcos.telco import DeliveryReceipt, ReceiptRefused, State

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


def compose_receipt(message_id: str, to: str, stat: str, at: datetime) -> dict[str, object]:
    return {"id": message_id, "to": to, "stat": stat, "at": at.isoformat()}


def read_receipt(body: bytes) -> DeliveryReceipt:
    """Raises ReceiptRefused 'unreadable'."""
    try:
        told = json.loads(body.decode())
        message_id, stat, at = told["id"], told["stat"].upper(), datetime.fromisoformat(told["at"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ReceiptRefused("unreadable") from error
    if not isinstance(message_id, str) or not message_id or stat not in STATES or at.tzinfo is None:
        raise ReceiptRefused("unreadable")
    return DeliveryReceipt(message_id, STATES[stat], at)
