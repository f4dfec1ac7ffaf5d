"""What is read about telephones."""

from pakan.registers.keypads.models import Line


def declaring_line(phone: str) -> Line | None:
    """The line that declares for companies from this number, if its account still opens with a PIN."""
    open_ones = Line.objects.filter(phone=phone, declares=True, ended_at=None, opened_at__isnull=False)
    usable = open_ones.filter(account__is_active=True).exclude(account__pin="")
    return usable.select_related("account").first()


def line_of_account(account_id: int) -> Line | None:
    """The telephone that an account declares with."""
    return Line.objects.filter(
        account_id=account_id, declares=True, ended_at=None, opened_at__isnull=False
    ).first()


def asked_line(account_id: int, line_id: object) -> Line | None:
    """A line of this account that still waits for its code."""
    if not isinstance(line_id, int):
        return None
    return (
        Line.objects.filter(id=line_id, account_id=account_id, ended_at=None).exclude(code_digest="").first()
    )
