"""Keeping a file."""

import hashlib
import secrets
from datetime import date, datetime

from pakan.registers.documents.models import Document
from pakan.registers.people.models import Employer

# Claim and contribution papers: ten years (assumption A-51).
YEARS = 10


def keep(
    *,
    kind: str,
    name: str,
    media_type: str,
    content: bytes,
    employer: Employer | None,
    account_id: int | None,
    at: datetime,
) -> Document:
    today = at.date()
    return Document.objects.create(
        token=secrets.token_urlsafe(32),
        kind=kind,
        name=name[-200:],
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        employer=employer,
        kept_at=at,
        kept_by_id=account_id,
        keep_until=date(today.year + YEARS, 12, 31),
    )
