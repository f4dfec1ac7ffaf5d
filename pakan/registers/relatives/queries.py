"""What is read about what members entrust. In force: not ended, and the last day not over."""

from datetime import date

from django.db.models import QuerySet

from pakan.registers.relatives.models import Entrusted


def _in_force(today: date) -> QuerySet[Entrusted]:
    return Entrusted.objects.filter(ended_at=None, until__gte=today).select_related("owner", "holder")


def given_by(owner_id: int, today: date) -> list[Entrusted]:
    return list(_in_force(today).filter(owner_id=owner_id).order_by("made_at"))


def held_by(account_id: int, today: date) -> list[Entrusted]:
    return list(_in_force(today).filter(holder_id=account_id).order_by("made_at"))


def held(account_id: int, key: str, scope: str, today: date) -> Entrusted | None:
    """What this account holds under this key for this scope, now; asked anew at every page."""
    return _in_force(today).filter(holder_id=account_id, key=key, scopes__contains=[scope]).first()


def was_given(owner_id: int, key: str) -> bool:
    """Whether the owner ever gave it, in force or not."""
    return Entrusted.objects.filter(owner_id=owner_id, key=key).exists()


def was_held(account_id: int, key: str, today: date) -> bool:
    """Whether this account held it, and it is over."""
    mine = Entrusted.objects.filter(holder_id=account_id, key=key)
    return mine.exists() and not _in_force(today).filter(holder_id=account_id, key=key).exists()
