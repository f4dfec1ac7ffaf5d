"""What the member's tests share."""

from tests.channels.member.months import declared, paid, phone

__all__ = ["declared", "paid", "phone"]
