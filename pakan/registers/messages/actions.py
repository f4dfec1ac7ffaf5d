"""Queuing messages and what became of them."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from pakan.registers.messages.models import Message


def queue(rows: Iterable[dict[str, Any]], at: datetime) -> list[int]:
    """Queue many messages at once; the ids of the new ones. A key that is there already stays as it is: never twice.

    A row has key, wording, values, language, phone ("" = only the inbox), person_id, account_id.
    """
    prepared = [
        {
            "key": row["key"],
            "wording": row["wording"],
            "values": row.get("values", {}),
            "language": row.get("language", "lo"),
            "phone": row.get("phone", ""),
            "state": "queued" if row.get("phone") else "inbox",
            "person_id": row.get("person_id"),
            "account_id": row.get("account_id"),
        }
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pakan_messages_message (key, wording, values, language, phone, state, person_id, account_id,"
            " made_at, tries, operator, operator_id)"
            " SELECT key, wording, values, language, phone, state, person_id, account_id, %s, 0, '', ''"
            " FROM jsonb_to_recordset(%s::jsonb) AS r(key text, wording text, values jsonb, language text, phone text,"
            " state text, person_id bigint, account_id bigint)"
            " ON CONFLICT (key) DO NOTHING RETURNING id",
            [at, json.dumps(prepared, ensure_ascii=False)],
        )
        return [found[0] for found in cursor.fetchall()]


def sent(message_id: int, operator: str, operator_id: str, at: datetime) -> None:
    """It is with the operator now. A one-time code is forgotten at that moment: nobody reads it here afterwards."""
    Message.objects.filter(id=message_id, wording="code").update(values={"code": "••••••"})
    Message.objects.filter(id=message_id).update(
        state=Message.State.SENT, operator=operator, operator_id=operator_id, sent_at=at, tries=F("tries") + 1
    )


def failed(message_id: int, final: bool) -> None:
    """A try failed; the last one leaves the message to the inbox and to a person."""
    state = Message.State.FAILED if final else Message.State.QUEUED
    Message.objects.filter(id=message_id).update(state=state, tries=F("tries") + 1)


def delivery(operator: str, operator_id: str, delivered: bool) -> bool:
    """A delivery receipt. A late "delivered" wins over "failed", never the other way round. False if unknown."""
    messages = Message.objects.filter(operator=operator, operator_id=operator_id)
    if delivered:
        return bool(messages.update(state=Message.State.DELIVERED))
    return (
        bool(messages.exclude(state=Message.State.DELIVERED).update(state=Message.State.FAILED))
        or messages.exists()
    )


def read(person_id: int, at: datetime) -> None:
    """The person opened the inbox: everything in it is read."""
    Message.objects.filter(person_id=person_id, read_at=None).update(read_at=at)
