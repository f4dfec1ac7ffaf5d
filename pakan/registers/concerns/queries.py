"""What is read about concerns."""

from django.db.models import QuerySet

from pakan.registers.concerns.models import Concern


def behind_code(code_digest: str) -> Concern | None:
    """The concern that this code was given for."""
    return Concern.objects.prefetch_related("steps").filter(code_digest=code_digest).first()


def waiting() -> QuerySet[Concern]:
    """What is not closed, the oldest first."""
    found = Concern.objects.exclude(state=Concern.State.CLOSED).select_related("employer")
    return found.order_by("opened_on", "id")


def concern(number: str) -> Concern | None:
    found = Concern.objects.select_related("employer").prefetch_related("steps__account")
    return found.filter(number=number).first()
