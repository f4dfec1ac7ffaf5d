"""Invite: a company's administrator says who may act for it, and takes it back at once (C64, C65).

Who is invited gets a number by phone and a code from who invites; messages carry no links. An account that exists takes the
mandate as it is (an accountant with many companies has one account); a new one sets a password and an authenticator. Lost
proofs come back in the same way, never by a weaker one: a colleague who administers hands the code over, or an office does
after a day in which the old phone was told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from pakan.operations.speak import say
from pakan.registers.access import actions as access
from pakan.registers.access import invitations
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account, Invitation
from pakan.registers.access.queries import people_with_access
from pakan.registers.access.roles import EMPLOYER_ROLES, Role
from pakan.registers.access.verbs import verb
from pakan.registers.people.models import Employer
from pakan.units.name import WrongName, clean_name
from pakan.units.number import WrongNumber, clean_phone

LIFE = timedelta(hours=24)
OFFICE_WAITS = timedelta(hours=24)  # the old phone hears of it before the code counts


class Refused(ValueError):
    """Not done; every reason in `codes`."""

    def __init__(self, *codes: str) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


@dataclass(frozen=True, slots=True)
class Invited:
    """`code` is shown once and kept nowhere."""

    invitation: Invitation
    code: str


@verb("invite.person")
def person(
    actor: Actor,
    employer: Employer,
    full_name: str,
    phone: str,
    roles: Sequence[str],
    until: date | None = None,
) -> Invited:
    """Invite somebody to act for the employer in these roles, until the last day if one is given. Raises Refused."""
    codes = []
    try:
        name = clean_name(full_name)
    except WrongName:
        name, codes = "", ["name"]
    try:
        reached = clean_phone(phone) if phone.strip() else ""
    except WrongNumber:
        reached = ""
        codes.append("phone")
    if not roles or not set(roles) <= EMPLOYER_ROLES:
        codes.append("roles")
    if until is not None and until < actor.today:
        codes.append("until")
    if codes:
        raise Refused(*codes)
    assert actor.account_id is not None
    made, code = invitations.invite(
        by=actor.account_id, at=actor.at, counts_from=actor.at, expires_at=actor.at + LIFE, full_name=name,
        phone=reached, employer=employer, roles=sorted(set(roles)), until=until,
    )  # fmt: skip
    remember(f"{employer.code} {made.number}", roles=made.roles, until=str(until or ""))
    _send(made, employer)
    return Invited(made, code)


def _send(made: Invitation, employer: Employer) -> None:
    """The number by phone, the code by mouth: who reads the one has not the other."""
    if made.phone:
        facts = {"employer": employer.name_lo[:40], "number": made.number}
        row = {"key": f"invited:{made.number}", "wording": "invited", "values": facts, "phone": made.phone}
        say([row | {"language": "lo"}], timezone.now())


@verb("invite.withdraw")
def withdraw(actor: Actor, employer: Employer, invitation_id: int) -> bool:
    """Take an open invitation back; False if there is none."""
    found = invitations.withdraw(employer, invitation_id, actor.at)
    remember(f"{employer.code} {found.number if found else ''}".strip())
    return found is not None


def opened(number: str, code: str, at: datetime, address: str) -> Invitation | None:
    """The invitation that number and code open. Raises TooOften (many tries from one address)."""
    access.count(f"invitation-from:{address}", at, 30, timedelta(minutes=10))
    return invitations.open_invitation(number.strip().upper(), code, at)


@verb("invite.take")
def take(actor: Actor, invitation: Invitation, account: Account) -> bool:
    """Let an account have what it was invited to; False if the invitation is used or over meanwhile."""
    assert invitation.employer is not None
    if not invitations.take(invitation, account, actor.at):
        return False
    until = invitation.until
    end = datetime.combine(until + timedelta(days=1), time(), VIENTIANE) if until else None
    invitations.give_mandates(invitation, account, end, actor.at)
    remember(
        f"{account.sign_in} {invitation.number}", roles=invitation.roles, employer_id=invitation.employer_id
    )
    return True


@verb("invite.join")
def join(actor: Actor, invitation: Invitation, sign_in: str, password: str) -> Account:
    """A new account for who was invited, with the mandates. Raises Refused ('taken': the sign-in has an account; 'over')."""
    if Account.objects.filter(sign_in=sign_in.strip().lower()).exists():
        raise Refused("taken")
    account = access.open_account(
        at=actor.at, sign_in=sign_in, kind=Account.Kind.EMPLOYER, full_name=invitation.full_name,
        password=password, phone=invitation.phone, language=actor.language,
    )  # fmt: skip
    if not take(actor, invitation, account):
        raise Refused("over")
    remember(account.sign_in, number=invitation.number)
    return account


@verb("invite.end")
def end(actor: Actor, employer: Employer, account_id: int) -> int:
    """End all that an account may do for the employer, at once. Raises Refused ('last': nobody would administer any more)."""
    there = people_with_access(employer.id, actor.at)
    administers = there.filter(role=Role.EMPLOYER_ADMINISTRATOR, account__is_active=True)
    if (
        administers.filter(account_id=account_id).exists()
        and not administers.exclude(account_id=account_id).exists()
    ):
        raise Refused("last")
    account = Account.objects.filter(id=account_id, mandates__in=there).first()
    if account is None:
        return 0
    remember(f"{employer.code} {account.sign_in}")
    return access.revoke(account, employer, actor.at)


@verb("invite.recover")
def recover(actor: Actor, employer: Employer, account_id: int) -> Invited:
    """A colleague lost the authenticator: a code that sets the proofs anew, to be handed over in person.

    Raises Refused: 'not_here' for somebody else's colleague, 'other_companies' for who acts for others too (an office helps),
    'oneself'.
    """
    there = people_with_access(employer.id, actor.at)
    account = Account.objects.filter(id=account_id, mandates__in=there).first()
    if account is None:
        raise Refused("not_here")
    if account.id == actor.account_id:
        raise Refused("oneself")
    if account.mandates.filter(end=None).exclude(employer=employer).exists():
        raise Refused("other_companies")
    return _recovery(actor, account, actor.at)


@verb("invite.recover_at_office")
def recover_at_office(actor: Actor, account: Account, seen: str) -> Invited:
    """At the counter, with `seen` (which paper showed who it is): the code counts after a day, and the old phone hears of it."""
    if not seen.strip():
        raise Refused("seen")
    if account.kind != Account.Kind.EMPLOYER:
        raise Refused("not_here")
    return _recovery(actor, account, actor.at + OFFICE_WAITS, seen.strip()[:60])


def _recovery(actor: Actor, account: Account, counts_from: datetime, seen: str = "") -> Invited:
    assert actor.account_id is not None
    made, code = invitations.invite(
        by=actor.account_id, at=actor.at, counts_from=counts_from, expires_at=counts_from + LIFE,
        full_name=account.full_name, account=account,
    )  # fmt: skip
    remember(f"{account.sign_in} {made.number}", seen=seen)
    if account.phone:
        row: dict[str, Any] = {
            "key": f"recovery:{made.number}", "wording": "recovery", "values": {}, "phone": account.phone,
            "language": account.language, "account_id": account.id,
        }  # fmt: skip
        say([row], timezone.now())
    return Invited(made, code)


@verb("invite.renew")
def renew(actor: Actor, invitation: Invitation, password: str) -> Account:
    """Set the proofs of an account anew: the password now, the authenticator with the next step. Raises Refused ('over')."""
    assert invitation.account is not None
    if not invitations.take(invitation, invitation.account, actor.at):
        raise Refused("over")
    remember(f"{invitation.account.sign_in} {invitation.number}")
    invitations.forget_proofs(invitation.account, password, actor.at)
    return invitation.account
