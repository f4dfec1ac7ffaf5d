"""Keeping an answer beside the key of what it answered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from pakan.registers.submissions.models import Submission


def hold(account_id: int, key: UUID) -> None:
    """Let nobody else work on this key until the transaction ends: two taps at one moment come one after another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"submission {account_id} {key}"]
        )


def keep(
    account_id: int, key: UUID, digest: str, location: str, says: Sequence[tuple[str, str]], at: datetime
) -> Submission:
    """Write down what was answered. The database refuses a second row for the key."""
    return Submission.objects.create(
        account_id=account_id, key=key, digest=digest, location=location, says=list(says), at=at
    )
