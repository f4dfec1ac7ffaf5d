"""A keypad telephone behind its gateway, and the shop whose owner signs alone."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.test import Client

from pakan.integrations.telcos.parts import split
from pakan.operations import enrol
from pakan.registers.access.actions import set_pin
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.keypads.models import Line
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from tests.cast import enrol_factory
from tests.channels.member.months import declared, paid

__all__ = ["declared", "paid"]
PIN, WRONG = "493817", "271944"
KEY = "sandbox-ussd-key"


def fits(text: str) -> bool:
    """A screen holds 80 letters with a Lao one among them, else 182 septets (standard of messages, section 4)."""
    cut = split(text)
    return cut.units <= (80 if cut.alphabet == "ucs2" else 182)


@dataclass
class Keypad:
    """One telephone; `press` sends one input more of its session, as a gateway tells it."""

    phone: str
    session: str = "AT-1"
    text: str = ""
    client: Client = field(default_factory=Client)

    def ask(self, text: str, **headers: str) -> str:
        answer = self.client.post(
            "/phone/ussd/",
            {"sessionId": self.session, "serviceCode": "*1508#", "phoneNumber": self.phone, "text": text},
            headers={"Authorization": f"Bearer {KEY}"} | headers,
        )
        assert answer.status_code == 200, answer.status_code
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        said = answer.content.decode()
        assert said[:4] in ("CON ", "END ") and fits(said[4:]), (len(said) - 4, said)
        return said

    def dial(self, session: str = "") -> str:
        self.session, self.text = session or self.session, ""
        return self.ask("")

    def start(self, session: str) -> str:
        """Dial, and from the start if the last talk broke off."""
        said = self.dial(session)
        return self.press("2") if "cut off" in said else said

    def press(self, *inputs: str) -> str:
        said = ""
        for typed in inputs:
            self.text = f"{self.text}*{typed}" if self.text else typed
            said = self.ask(self.text)
        return said


@pytest.fixture
def keypad(member: Account) -> Keypad:
    """The member's telephone; the account has a PIN and reads English."""
    set_pin(member, PIN, None)
    Account.objects.filter(id=member.id).update(language="en")
    return Keypad(member.phone)


Opened = Callable[[Account, str], Keypad]


@pytest.fixture
def opened(system: Actor) -> Opened:
    """A telephone whose keys declare for an account."""

    def make(account: Account, phone: str) -> Keypad:
        set_pin(account, PIN, None)
        Account.objects.filter(id=account.id).update(language="en", phone=phone)
        Line.objects.create(
            account=account, phone=phone, declares=True, made_at=system.at, opened_at=system.at
        )
        return Keypad(phone)

    return make


@pytest.fixture
def shop(db: None, system: Actor, open_month: Month) -> Employer:
    return enrol_factory(system, "0888801", "ຮ້ານ ສາມຄົນ", open_month - 1, 3, one_person_may_approve=True)


@pytest.fixture
def owner(shop: Employer, system: Actor) -> Account:
    account = enrol.account(system, "owner@example.la", "employer", "ວຽງ ເຈົ້າຂອງ")
    for role in (Role.EMPLOYER_ADMINISTRATOR, Role.EMPLOYER_APPROVER):
        enrol.mandate(system, shop, account, role)
    return account
