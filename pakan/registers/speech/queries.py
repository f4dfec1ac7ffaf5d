"""What is read about recordings."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from pakan.registers.speech.models import Recording


def _living() -> QuerySet[Recording]:
    return Recording.objects.filter(ended_at=None)


def recording(fingerprint: str) -> Recording | None:
    """The one that counts for these words, in whichever language they are."""
    return _living().filter(fingerprint=fingerprint).first()


def recorded(fingerprints: Iterable[str]) -> set[str]:
    return set(_living().filter(fingerprint__in=list(fingerprints)).values_list("fingerprint", flat=True))


def begin_with(starts: Iterable[str]) -> list[str]:
    """The fingerprints of recordings that begin so."""
    asked = list(starts)
    if not asked:
        return []
    begins = Q()
    for one in asked:
        begins |= Q(fingerprint__startswith=one)
    return sorted(_living().filter(begins).values_list("fingerprint", flat=True))


def of_language(language: str) -> list[Recording]:
    """All that count, without their sound."""
    return list(_living().filter(language=language).defer("audio").order_by("place", "id"))
