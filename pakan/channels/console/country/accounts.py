"""Sign-ins of the invented country. Passwords and secrets stand here in the open: never where real people are.

`refuse_in_production` is asked before any of them is made or shown.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.management.base import CommandError
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from pakan.channels.console.country.firms import BOOKS, DEMO, SHOP
from pakan.operations import enrol, enter
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.people.models import Employer

(
    PREPARER, APPROVER, ACCOUNTANT, OWNER, FINANCE, AUDITOR, JURIST, HEAD, DIRECTOR,
    REGISTRAR, BENEFITS, DECIDER, INSPECTOR, COMMUNICATOR,
) = (
    "preparer", "approver", "accountant", "owner", "finance", "auditor", "jurist", "head", "director",
    "registrar", "benefits", "decider", "inspector", "communicator",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """`firms`: places in the list of firms where it holds `roles`; staff hold theirs everywhere."""

    name: str
    full_name: str
    says: str
    roles: tuple[Role, ...]
    firms: tuple[int, ...] = ()

    @property
    def sign_in(self) -> str:
        return f"{self.name}@demo.example"

    @property
    def password(self) -> str:
        return f"demo-{self.name}-2026"

    @property
    def secret(self) -> bytes:
        return hashlib.sha1(f"pakan demo {self.name}".encode(), usedforsecurity=False).digest()

    @property
    def secret_shown(self) -> str:
        return base64.b32encode(self.secret).decode()

    def code(self) -> str:
        """The six digits that an authenticator app would show now."""
        return f"{totp(self.secret):06d}"  # type: ignore[no-untyped-call]


PREPARES = (Role.EMPLOYER_PREPARER,)
APPROVES = (Role.EMPLOYER_APPROVER,)
ALONE = (Role.EMPLOYER_ADMINISTRATOR, Role.EMPLOYER_PREPARER, Role.EMPLOYER_APPROVER)
ACCOUNTS = {
    account.name: account
    for account in (
        DemoAccount(PREPARER, "ນາງ ຕົວຢ່າງ ກະກຽມ", "prepares the wages of the garment firm", PREPARES, (DEMO,)),
        DemoAccount(APPROVER, "ທ້າວ ຕົວຢ່າງ ອະນຸມັດ", "approves them", APPROVES, (DEMO,)),
        DemoAccount(ACCOUNTANT, "ນາງ ຕົວຢ່າງ ບັນຊີ", "keeps the books of five employers", ALONE, BOOKS),
        DemoAccount(OWNER, "ທ້າວ ຕົວຢ່າງ ຮ້ານ", "owns the shop, alone", ALONE, (SHOP,)),
        DemoAccount(FINANCE, "ນາງ ຕົວຢ່າງ ການເງິນ", "finance officer of the fund", (Role.FINANCE,)),
        DemoAccount(AUDITOR, "ທ້າວ ຕົວຢ່າງ ກວດສອບ", "auditor: sees, changes nothing", (Role.AUDITOR,)),
        DemoAccount(JURIST, "ນາງ ຕົວຢ່າງ ນິຕິກຳ", "enters new legal values", (Role.LAW_OFFICER,)),
        DemoAccount(HEAD, "ທ້າວ ຕົວຢ່າງ ຫົວໜ້າ", "approves legal values", (Role.LAW_OFFICER,)),
        DemoAccount(
            DIRECTOR, "ນາງ ຕົວຢ່າງ ອຳນວຍການ", "third hand for a day that has passed", (Role.LAW_OFFICER,)
        ),
        DemoAccount(REGISTRAR, "ນາງ ຕົວຢ່າງ ທະບຽນ", "registers people and employers", (Role.REGISTRAR,)),
        DemoAccount(BENEFITS, "ນາງ ຕົວຢ່າງ ອຸດໜູນ", "checks claims and proposes", (Role.BENEFITS_OFFICER,)),
        DemoAccount(DECIDER, "ທ້າວ ຕົວຢ່າງ ຕັດສິນ", "decides on claims", (Role.BENEFITS_OFFICER,)),
        DemoAccount(INSPECTOR, "ທ້າວ ຕົວຢ່າງ ກວດກາ", "visits employers, follows debts", (Role.INSPECTOR,)),
        DemoAccount(
            COMMUNICATOR, "ນາງ ຕົວຢ່າງ ສື່ສານ", "looks after messages and recordings", (Role.COMMUNICATOR,)
        ),
    )
}


def refuse_in_production() -> None:
    if settings.ENV == "production":
        raise CommandError(
            "The invented country and its sign-ins are not for production: anybody knows their passwords."
        )


def open_accounts(at: datetime, employers: list[Employer]) -> dict[str, Account]:
    """All demo accounts with their mandates and second factors, by name."""
    refuse_in_production()
    actor = Actor.system(at, "country")
    return {name: _open(actor, account, employers) for name, account in ACCOUNTS.items()}


def _open(actor: Actor, wanted: DemoAccount, employers: list[Employer]) -> Account:
    staff = not wanted.firms
    made = enrol.account(
        actor,
        wanted.sign_in,
        "staff" if staff else "employer",
        wanted.full_name,
        password=wanted.password,
        staff_roles=[role.value for role in wanted.roles] if staff else [],
        office="ສຳນັກງານໃຫຍ່" if staff else "",
    )
    for place in wanted.firms:
        for role in wanted.roles:
            enrol.mandate(actor, employers[place], made, role)
    TOTPDevice.objects.create(user=made, name="demo", key=wanted.secret.hex(), confirmed=True)
    return made


def members() -> list[Account]:
    """The members who were given an account with the country, in that order."""
    found = Account.objects.filter(kind="member", person__isnull=False).select_related("person")
    return list(found.order_by("id")[:2])


def cards() -> list[dict[str, str]]:
    """The invented identity cards of members, as the sandbox of the State reads them: the first twenty."""
    found = Account.objects.filter(kind="member", person__isnull=False).select_related("person")
    return [
        {
            "subject": _subject(account), "name": account.person.name, "born": str(account.person.birth_date),
            "number": account.person.national_id,
        }
        for account in found.order_by("id")[:20] if account.person
    ]  # fmt: skip


def link_cards(at: datetime) -> None:
    """The two members of the demo have linked their identity; the others may try it."""
    system = Actor.system(at, "country")
    for account in members() if settings.IDENTITY["issuer"] else ():
        enter.link_state(
            system, account, settings.IDENTITY["issuer"], _subject(account), "sandbox:card", is_high=True
        )


def _subject(account: Account) -> str:
    return hashlib.sha256(account.sign_in.encode()).hexdigest()[:24]
