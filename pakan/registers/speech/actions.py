"""Keeping recordings."""

from datetime import datetime

from django.db import transaction

from pakan.registers.speech.fingerprint import fingerprint
from pakan.registers.speech.models import Recording


def keep(
    text: str, language: str, audio: bytes, kind: str, place: str, made_by: int, at: datetime
) -> Recording:
    """This recording counts for these words now; the one before it is ended, and so is any of its place."""
    with transaction.atomic():
        print_ = fingerprint(text)
        living = Recording.objects.select_for_update().filter(language=language, ended_at=None)
        living.filter(fingerprint=print_).update(ended_at=at)
        living.filter(place=place).exclude(place="").update(ended_at=at)
        return Recording.objects.create(
            fingerprint=print_, text=text, language=language, audio=audio, kind=kind, place=place,
            made_by_id=made_by, made_at=at,
        )  # fmt: skip


def end(recording_id: int, at: datetime) -> bool:
    return bool(Recording.objects.filter(id=recording_id, ended_at=None).update(ended_at=at))
