"""Invitations: written, used once, withdrawn. A code is hashed with its number, as a phone's code is with its token."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import F, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from pakan.registers.access.models import Account, Invitation, Mandate, Passkey, SignIn
from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Employer
from pakan.units.number import invitation_number

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else
LENGTH = 12  # 60 bits
TRIES = 5


def _digest(number: str, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{number}:{code}".encode(), hashlib.sha256).hexdigest()


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())[:40]


def new_code(number: str) -> tuple[str, str]:
    """A code that belongs to `number`: as it is told, in groups of four, and the digest that is kept."""
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4)), _digest(number, code)


def fits(number: str, code: str, digest: str) -> bool:
    """Whether this is the code of `number`; without a digest it is nobody's, and takes as long."""
    return hmac.compare_digest(_digest(number, _plain(code)), digest or "0" * 64)


def invite(
    *, by: int, at: datetime, counts_from: datetime, expires_at: datetime, full_name: str, phone: str = "",
    employer: Employer | None = None, account: Account | None = None, roles: Sequence[str] = (), until: date | None = None,
) -> tuple[Invitation, str]:  # fmt: skip
    """A new invitation and its code in groups of four, which is nowhere else."""
    number = invitation_number(at.year, take_numbers(f"invitation {at.year}"))
    code, digest = new_code(number)
    made = Invitation.objects.create(
        number=number, digest=digest, employer=employer, account=account, full_name=full_name,
        phone=phone, roles=list(roles), until=until, made_by_id=by, made_at=at, counts_from=counts_from,
        expires_at=expires_at,
    )  # fmt: skip
    return made, code


def open_of(employer: Employer, at: datetime) -> QuerySet[Invitation]:
    """Invitations of an employer that may still be used, newest first."""
    return Invitation.objects.filter(
        employer=employer, taken_at=None, withdrawn_at=None, expires_at__gt=at
    ).order_by("-made_at")


def open_invitation(number: str, code: str, at: datetime) -> Invitation | None:
    """The invitation that this code opens; none if wrong, early, late, used, withdrawn or tried five times.

    The try is counted before the comparison, so that parallel guesses cannot share one.
    """
    usable = Invitation.objects.filter(
        number=number,
        taken_at=None,
        withdrawn_at=None,
        expires_at__gt=at,
        counts_from__lte=at,
        tries__lt=TRIES,
    )
    tried = usable.update(tries=F("tries") + 1)
    kept = (
        Invitation.objects.select_related("employer", "account").filter(number=number).first()
        if tried
        else None
    )
    right = fits(number, code, kept.digest if kept else "")
    return kept if kept and right else None


def take(invitation: Invitation, account: Account, at: datetime) -> bool:
    """Use it up for this account; False if it was used, withdrawn or is over."""
    return bool(
        Invitation.objects.filter(
            id=invitation.id, taken_at=None, withdrawn_at=None, expires_at__gt=at
        ).update(taken_by=account, taken_at=at)
    )


def withdraw(employer: Employer, invitation_id: int, at: datetime) -> Invitation | None:
    """Take an open invitation back; none if there is no such one of this employer."""
    found = open_of(employer, at).filter(id=invitation_id).first()
    if found is not None:
        found.withdrawn_at = at
        found.save(update_fields=["withdrawn_at"])
    return found


def forget_proofs(account: Account, password: str, at: datetime) -> None:
    """Lost proofs are worth nothing any more: new password, no authenticator, no passkey, no session."""
    TOTPDevice.objects.filter(user=account).delete()
    Passkey.objects.filter(account=account).delete()
    SignIn.objects.filter(account=account, ended_at=None).update(ended_at=at)
    account.set_password(password)
    account.save(update_fields=["password"])


def give_mandates(invitation: Invitation, account: Account, until: datetime | None, at: datetime) -> None:
    """The roles of the invitation, from now until `until`; those that the account has without an end stay."""
    assert invitation.employer is not None
    there = Mandate.objects.filter(account=account, employer=invitation.employer, end=None)
    known = set(there.values_list("role", flat=True))
    Mandate.objects.bulk_create(
        Mandate(
            account=account, employer=invitation.employer, role=role, start=at, end=until,
            granted_by_id=invitation.made_by_id,
        )
        for role in invitation.roles
        if role not in known
    )  # fmt: skip
