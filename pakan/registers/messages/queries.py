"""What is read about messages."""

from pakan.registers.messages.models import Message


def inbox(person_id: int, start: int = 0, most: int = 20) -> list[Message]:
    """A person's messages, newest first; codes are not kept in sight."""
    found = Message.objects.filter(person_id=person_id).exclude(wording="code").order_by("-made_at", "-id")
    return list(found[start : start + most])


def unread(person_id: int) -> int:
    return Message.objects.filter(person_id=person_id, read_at=None).exclude(wording="code").count()


def queued(ids: list[int]) -> list[Message]:
    return list(Message.objects.filter(id__in=ids, state=Message.State.QUEUED).order_by("id"))


def told_of_employer(account_id: int, code: str, most: int = 3) -> list[Message]:
    """What this account was told about one employer (its code), newest first."""
    found = Message.objects.filter(account_id=account_id, person=None, values__code=code)
    return list(found.exclude(wording="code").order_by("-made_at", "-id")[:most])
