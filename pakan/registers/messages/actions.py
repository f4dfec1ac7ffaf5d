"""Queuing messages, the ways they were tried, and what became of them."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from pakan.registers.messages.models import (
    CODES,
    Attempt,
    Incoming,
    MailAddress,
    Message,
    NewsStop,
    PushSubscription,
    Told,
    Way,
)


def queue(rows: Iterable[dict[str, Any]], at: datetime) -> list[int]:
    """Queue many messages at once; the ids of the new ones. A key that is there already stays as it is: never twice.

    A row has key, wording, values, language, phone ("" = none), person_id, account_id. With no phone, no confirmed
    e-mail address and no browser to wake, it stands in the inbox only.
    """
    prepared = [
        {
            "key": row["key"],
            "wording": row["wording"],
            "values": row.get("values", {}),
            "language": row.get("language", "lo"),
            "phone": row.get("phone", ""),
            "person_id": row.get("person_id"),
            "account_id": row.get("account_id"),
        }
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pakan_messages_message (key, wording, values, language, phone, state, person_id, account_id,"
            " made_at, tries)"
            " SELECT key, wording, values, language, phone, CASE WHEN phone <> ''"
            " OR EXISTS (SELECT 1 FROM pakan_messages_pushsubscription p"
            "  WHERE p.account_id = r.account_id AND p.ended_at IS NULL)"
            " OR EXISTS (SELECT 1 FROM pakan_messages_mailaddress m"
            "  WHERE m.account_id = r.account_id AND m.confirmed_at IS NOT NULL)"
            " OR EXISTS (SELECT 1 FROM access_account a WHERE a.id = r.account_id AND a.kind = 'employer'"
            "  AND a.sign_in LIKE '%%@%%')"
            " THEN 'queued' ELSE 'inbox' END, person_id, account_id, %s, 0"
            " FROM jsonb_to_recordset(%s::jsonb) AS r(key text, wording text, values jsonb, language text, phone text,"
            " person_id bigint, account_id bigint)"
            " ON CONFLICT (key) DO NOTHING RETURNING id",
            [at, json.dumps(prepared, ensure_ascii=False)],
        )
        return [found[0] for found in cursor.fetchall()]


def queue_now(rows: Iterable[dict[str, Any]], at: datetime) -> list[int]:
    """Like `queue`, and to be sent even where no address counts yet (the code that confirms one)."""
    ids = queue(rows, at)
    Message.objects.filter(id__in=ids).update(state=Message.State.QUEUED)
    return ids


def begin(message_id: int, way: Way, at: datetime) -> Attempt | None:
    """Try this way now; the same row while it is still being tried. None: it was tried already."""
    attempt, _ = Attempt.objects.get_or_create(
        message_id=message_id, way=way, defaults={"state": Attempt.State.TRYING, "at": at}
    )
    return attempt if attempt.state == Attempt.State.TRYING else None


def handed(attempt: Attempt, operator: str, operator_id: str, at: datetime) -> None:
    """It left. A one-time code is forgotten at that moment: nobody reads it here afterwards."""
    Attempt.objects.filter(id=attempt.id).update(
        state=Attempt.State.SENT, operator=operator, operator_id=operator_id
    )
    mine = Message.objects.filter(id=attempt.message_id)
    mine.filter(wording__in=CODES).update(values={"code": "••••••"})
    mine.update(state=Message.State.SENT, sent_at=at, tries=F("tries") + 1)


def sent(message_id: int, operator: str, operator_id: str, at: datetime) -> None:
    """It is with the telephone operator now."""
    attempt = begin(message_id, Way.SMS, at)
    if attempt is not None:
        handed(attempt, operator, operator_id, at)


def stumbled(message_id: int) -> None:
    """The other side did not answer: once more, later."""
    Message.objects.filter(id=message_id).update(tries=F("tries") + 1)


def way_failed(attempt: Attempt, reason: str, at: datetime) -> None:
    """This way is over for this message; the next one begins with a fresh count."""
    Attempt.objects.filter(id=attempt.id).update(state=Attempt.State.FAILED, reason=reason[:20], ended_at=at)
    Message.objects.filter(id=attempt.message_id).update(tries=F("tries") + 1)


def no_way_left(message_id: int) -> None:
    """A message that was tried has failed and wants a person; one that could not be tried stands in the inbox."""
    tried = Attempt.objects.filter(message_id=message_id).exists()
    state = Message.State.FAILED if tried else Message.State.INBOX
    Message.objects.filter(id=message_id, state=Message.State.QUEUED).update(state=state)


def outlived(message_id: int) -> None:
    """Worth nothing any more (a code): it is not sent."""
    Message.objects.filter(id=message_id).update(state=Message.State.FAILED, tries=F("tries") + 1)


def delivery(operator: str, operator_id: str, delivered: bool, reason: str, at: datetime) -> int | None:
    """A delivery receipt. A late "delivered" wins over "failed", never the other way round.

    The id of the message where its way has just failed, so that the next one may be tried; None otherwise.
    """
    with transaction.atomic():
        attempt = (
            Attempt.objects.select_for_update()
            .filter(operator=operator, operator_id=operator_id)
            .select_related("message")
            .first()
        )
        if attempt is None:
            return None
        if delivered:
            Attempt.objects.filter(id=attempt.id).update(
                state=Attempt.State.DELIVERED, reason="", ended_at=at
            )
            Message.objects.filter(id=attempt.message_id).update(state=Message.State.DELIVERED)
            return None
        if attempt.state not in (Attempt.State.SENT, Attempt.State.TRYING):
            return None
        Attempt.objects.filter(id=attempt.id).update(
            state=Attempt.State.FAILED, reason=reason[:20] or "phone", ended_at=at
        )
        # Queued again: what has failed here goes on by the next way, or to a person.
        again = Message.objects.filter(id=attempt.message_id, state=Message.State.SENT)
        return attempt.message_id if again.update(state=Message.State.QUEUED, tries=0) else None


def silent(before: datetime, at: datetime) -> list[int]:
    """Texts handed over before this moment of which nothing was heard: taken as failed, late receipts still win."""
    quiet = Attempt.objects.filter(way=Way.SMS, state=Attempt.State.SENT, at__lt=before)
    ids = list(quiet.values_list("message_id", flat=True)[:1000])
    with transaction.atomic():
        quiet.filter(message_id__in=ids).update(state=Attempt.State.FAILED, reason="silence", ended_at=at)
        sent = Message.objects.filter(id__in=ids, state=Message.State.SENT)
        found = list(sent.values_list("id", flat=True))
        sent.update(state=Message.State.QUEUED, tries=0)
    return found


def told(message: Message, account_id: int, how: str, note: str, at: datetime) -> bool:
    """A person told it, or could not; once. False if somebody else was first."""
    try:
        with transaction.atomic():
            Told.objects.create(message=message, account_id=account_id, how=how, note=note, at=at)
    except IntegrityError:
        return False
    return True


def read(person_id: int, at: datetime) -> None:
    """The person opened the inbox: everything in it is read."""
    Message.objects.filter(person_id=person_id, read_at=None).update(read_at=at)


# Where people are reached


def subscribe(account_id: int, endpoint: str, public_key: str, secret: str, at: datetime) -> PushSubscription:
    """This browser may be woken for this account, and for no other any more (one phone, several people)."""
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    living = PushSubscription.objects.select_for_update().filter(digest=digest, ended_at=None)
    for one in living:
        if (one.account_id, one.public_key, one.secret) == (account_id, public_key, secret):
            return one
        end_push(one.id, "replaced", at)
    return PushSubscription.objects.create(
        account_id=account_id,
        digest=digest,
        endpoint=endpoint,
        public_key=public_key,
        secret=secret,
        made_at=at,
    )


def end_push(subscription_id: int, why: str, at: datetime) -> None:
    PushSubscription.objects.filter(id=subscription_id, ended_at=None).update(ended_at=at, why_ended=why)


def end_all_push(account_id: int, why: str, at: datetime) -> int:
    return PushSubscription.objects.filter(account_id=account_id, ended_at=None).update(
        ended_at=at, why_ended=why
    )


def say_mail(account_id: int, address: str, code: str, at: datetime) -> MailAddress:
    """An address that its owner has not confirmed yet. The old one counts no more."""
    row, _ = MailAddress.objects.update_or_create(
        account_id=account_id,
        defaults={
            "address": address,
            "said_at": at,
            "code": _digest(account_id, code),
            "tries": 0,
            "confirmed_at": None,
        },
    )
    return row


def confirm_mail(account_id: int, code: str, most: int, earliest: datetime, at: datetime) -> bool:
    """Whether this is the code that was sent there. Each try counts, in one statement."""
    mine = MailAddress.objects.filter(account_id=account_id, confirmed_at=None)
    if not mine.filter(tries__lt=most, said_at__gte=earliest).update(tries=F("tries") + 1):
        return False
    right = mine.filter(code=_digest(account_id, code)).exclude(code="")
    return bool(right.update(confirmed_at=at, code=""))


def forget_mail(account_id: int) -> None:
    MailAddress.objects.filter(account_id=account_id).delete()


def _digest(account_id: int, code: str) -> str:
    return hashlib.sha256(f"{account_id}:{code}".encode()).hexdigest()


def stop_news(phone: str, at: datetime) -> None:
    NewsStop.objects.get_or_create(phone=phone, ended_at=None, defaults={"at": at})


def start_news(phone: str, at: datetime) -> None:
    NewsStop.objects.filter(phone=phone, ended_at=None).update(ended_at=at)


def heard(operator: str, operator_id: str, phone: str, asks: str, at: datetime) -> Incoming | None:
    """Somebody wrote to us; None if this very text was told before."""
    row, is_new = Incoming.objects.get_or_create(
        operator=operator, operator_id=operator_id, defaults={"phone": phone, "asks": asks, "at": at}
    )
    return row if is_new else None
