"""What is read about access."""

import hashlib
from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncMonth

from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account, AuditRow, Device, Invitation, Mandate, Passkey, SignIn
from pakan.registers.access.roles import Role
from pakan.registers.kept import kept
from pakan.units.month import Month

# Idle and whole life of a session by door (standards, table of section 3).
LIFE = {
    "member": (timedelta(minutes=30), timedelta(days=30)),
    "employer": (timedelta(minutes=30), timedelta(hours=12)),
    "office": (timedelta(minutes=15), timedelta(hours=10)),
}
LOCK = timedelta(minutes=5)  # after which a member's PIN is asked again


def is_over(sign_in: SignIn, at: datetime) -> bool:
    """Whether a session is past its time. On a remembered phone a member's only locks when idle."""
    idle, whole = LIFE[sign_in.door]
    return at - sign_in.began_at > whole or (sign_in.device_id is None and at - sign_in.seen_at > idle)


def over(door: str, at: datetime) -> Q:
    """The sessions of a door that `is_over` would call so."""
    idle, whole = LIFE[door]
    return Q(began_at__lt=at - whole) | Q(device=None, seen_at__lt=at - idle)


def is_locked(sign_in: SignIn, at: datetime) -> bool:
    """Whether the member's PIN has to open this session again."""
    return sign_in.door == "member" and bool(sign_in.account.pin) and at - sign_in.seen_at > LOCK


def mandates_of(account: Account, at: datetime) -> dict[int, frozenset[Role]]:
    """The roles of `account` by employer id, in force at `at`."""
    found: dict[int, set[Role]] = {}
    rows = Mandate.objects.filter(Q(end=None) | Q(end__gt=at), account=account, start__lte=at)
    for employer_id, role in rows.values_list("employer_id", "role"):
        found.setdefault(employer_id, set()).add(Role(role))
    return {employer: frozenset(roles) for employer, roles in found.items()}


def actor_of(account: Account, at: datetime, door: str, request: str, language: str) -> Actor:
    """The account as an actor. A member acts for himself, staff by their roles, an employer's people by mandate."""
    own: frozenset[Role] = frozenset(Role(role) for role in account.staff_roles)
    if account.kind == Account.Kind.MEMBER and account.person_id:
        own = frozenset({Role.MEMBER})
    return Actor(
        name=account.sign_in,
        at=at,
        door=door,
        account_id=account.id,
        person_id=account.person_id,
        own=own,
        employers=mandates_of(account, at) if account.kind == Account.Kind.EMPLOYER else {},
        office=account.office,
        request=request,
        language=language,
    )


def cools(account: Account, at: datetime) -> bool:
    """Whether nothing shown by this account counts for money or identity yet."""
    return account.cools_until is not None and at < account.cools_until


def open_sign_ins() -> QuerySet[SignIn]:
    """With the account, the person whose it is and the remembered browser: each page asks for them."""
    return SignIn.objects.select_related("account__person", "device").filter(ended_at=None)


@kept(str)
def _open(session_key: str) -> QuerySet[SignIn, SignIn]:
    return open_sign_ins().filter(session_key=session_key)


def open_sign_in(session_key: str) -> SignIn | None:
    return next(iter(_open(session_key)), None)


def people_with_access(employer_id: int, at: datetime) -> QuerySet[Mandate]:
    return (
        Mandate.objects.filter(Q(end=None) | Q(end__gt=at), employer_id=employer_id)
        .select_related("account")
        .order_by("account__full_name", "role")
    )


def employers_account(sign_in: str) -> Account | None:
    """The account of an employer's person by its sign-in, exactly as typed."""
    found = Account.objects.filter(
        sign_in=sign_in.strip().lower(), kind=Account.Kind.EMPLOYER, is_active=True
    )
    return found.first()


def living_invitation(invitation_id: object, at: datetime) -> Invitation | None:
    """The invitation that a session opened, while it may still be used."""
    if not isinstance(invitation_id, int):
        return None
    open_ones = Invitation.objects.filter(taken_at=None, withdrawn_at=None, expires_at__gt=at)
    return open_ones.select_related("employer", "account").filter(id=invitation_id).first()


def approvers_besides(employer_id: int, account_id: int | None, at: datetime) -> bool:
    """Is there anybody else who may approve for this employer?"""
    return (
        people_with_access(employer_id, at)
        .filter(role=Role.EMPLOYER_APPROVER, account__is_active=True)
        .exclude(account_id=account_id or 0)
        .exists()
    )


def passkeys_of(account: Account) -> list[Passkey]:
    return list(Passkey.objects.filter(account=account).order_by("made_at"))


def looks_at(person_id: int, month: Month | None = None, most: int = 50) -> list[AuditRow]:
    """Who looked at a person's record, newest first; of one month in Vientiane, if one is named."""
    found = AuditRow.objects.filter(person_id=person_id)
    if month is not None:
        start, end = (datetime.combine(one.first, time(), VIENTIANE) for one in (month, month + 1))
        found = found.filter(at__gte=start, at__lt=end)
    return list(found.order_by("-number")[:most])


def months_looked(person_id: int, most: int = 12) -> list[Month]:
    """The months in which somebody looked or changed something, newest first."""
    rows = AuditRow.objects.filter(person_id=person_id)
    found = rows.annotate(month=TruncMonth("at", tzinfo=VIENTIANE)).values_list("month", flat=True).distinct()
    return [Month.of(month.date()) for month in found.order_by("-month")[:most]]


def names_of(account_ids: Collection[int]) -> dict[int, str]:
    return dict(Account.objects.filter(id__in=account_ids).values_list("id", "full_name"))


def device_digest(secret: str) -> str:
    """What is kept of a browser's secret; it is random, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def profiles(secret: str) -> list[Device]:
    """Who is remembered on the browser that holds `secret`, the last one first (C180)."""
    if not secret:
        return []
    rows = Device.objects.filter(digest=device_digest(secret), ended_at=None, account__is_active=True)
    return list(rows.exclude(account__pin="").select_related("account__person").order_by("-used_at"))


def devices_of(account_id: int) -> list[Device]:
    """Where an account is remembered, the last used first."""
    return list(Device.objects.filter(account_id=account_id, ended_at=None).order_by("-used_at"))
