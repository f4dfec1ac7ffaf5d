"""The cast: Kham prepares and Noy approves at a factory of twelve; Bounmy is at another factory and must see nothing.

Everybody comes in through the real operations. `now` is the real time: sessions and due dates are checked against it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from pakan.operations import enrol
from pakan.registers.access.actions import begin_session, member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.queries import actor_of
from pakan.registers.access.roles import Role
from pakan.registers.people.models import District, Employer, Person
from pakan.units.month import Month

PASSWORD = "ເຂົ້າໜຽວໝາກມ່ວງ 42"
GIVEN = ("ບຸນມີ", "ສຸພາພອນ", "ຄຳແພງ", "ສົມສັກ", "ວັນນາ", "ນ້ອຍ", "ແກ້ວ", "ພອນ", "ຈັນທາ", "ຫຼ້າ", "ໜຸ່ມ", "ສີດາ")
FAMILY = (
    "ພົມມະຈັນ",
    "ແກ້ວມະນີ",
    "ສີສະຫວັດ",
    "ວົງສາ",
    "ສີລາ",
    "ອິນທະວົງ",
    "ຈັນທະລາ",
    "ໄຊຍະວົງ",
    "ທຳມະວົງ",
    "ບຸບຜາ",
    "ລັດຕະນະ",
    "ຄຳພູວົງ",
)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def system(now: datetime) -> Actor:
    return Actor.system(now, "test")


@pytest.fixture
def open_month(now: datetime) -> Month:
    """Last month: the one that employers declare now."""
    return Month.of(now.date()) - 1


def people(count: int, born: int = 1990, phone: bool = True) -> list[dict[str, object]]:
    """Facts of `count` invented persons, each name once."""
    return [
        {
            "given_name": GIVEN[at % 12],
            "family_name": FAMILY[(at + at // 12) % 12] + ("" if at < 144 else str(at)),
            "birth_date": date(born + at % 10, 1 + at % 12, 1 + at % 28),
            "sex": "fm"[at % 2],
            "phone": f"+85620555{at:05d}" if phone else "",
        }
        for at in range(count)
    ]


def enrol_factory(
    system: Actor, code: str, name: str, start: Month, workers: int = 12, **facts: object
) -> Employer:
    district = District.objects.get(code="0102")
    employer = enrol.employer(
        system, code, name, district, start, **({"name_en": f"Factory {code}", "village": "ໜອງບົວທອງ"} | facts)
    )
    enrol.workers(system, employer, people(workers), start.first)
    return employer


@pytest.fixture
def factory(db: None, system: Actor, open_month: Month) -> Employer:
    return enrol_factory(system, "0451201", "ໂຮງງານຕັດຫຍິບ ດອກຈຳປາ", open_month - 12)


@pytest.fixture
def other_factory(db: None, system: Actor, open_month: Month) -> Employer:
    return enrol_factory(system, "0777702", "ໂຮງງານເຟີນີເຈີ ໄມ້ສັກ", open_month - 12, 3)


@pytest.fixture
def workers(factory: Employer) -> list[Person]:
    """The twelve workers of the factory, by number."""
    return list(Person.objects.filter(employments__employer=factory).order_by("number"))


def _account(system: Actor, sign_in: str, name: str, employer: Employer | None, *roles: Role) -> Account:
    account = enrol.account(system, sign_in, "employer", name, password=PASSWORD)
    for role in roles if employer else ():
        assert employer is not None
        enrol.mandate(system, employer, account, role)
    TOTPDevice.objects.create(user=account, name="phone", confirmed=True)
    return account


@pytest.fixture
def preparer(factory: Employer, system: Actor) -> Account:
    return _account(system, "kham@example.la", "ຄຳ ສີສຸກ", factory, Role.EMPLOYER_PREPARER)


@pytest.fixture
def approver(factory: Employer, system: Actor) -> Account:
    return _account(system, "noy@example.la", "ນ້ອຍ ວົງໄຊ", factory, Role.EMPLOYER_APPROVER)


@pytest.fixture
def administrator(factory: Employer, system: Actor) -> Account:
    return _account(system, "seng@example.la", "ແສງ ບຸນທະວີ", factory, Role.EMPLOYER_ADMINISTRATOR)


@pytest.fixture
def reader(factory: Employer, system: Actor) -> Account:
    return _account(system, "ket@example.la", "ເກດ ມະນີ", factory, Role.EMPLOYER_READER)


@pytest.fixture
def other_preparer(other_factory: Employer, system: Actor) -> Account:
    return _account(system, "bounmy@example.la", "ບຸນມີ ພິມມະ", other_factory, Role.EMPLOYER_PREPARER)


def _staff(system: Actor, sign_in: str, name: str, role: Role) -> Account:
    account = enrol.account(
        system, sign_in, "staff", name, password=PASSWORD, staff_roles=[role.value], office="ນະຄອນຫຼວງວຽງຈັນ"
    )
    TOTPDevice.objects.create(user=account, name="phone", confirmed=True)
    return account


@pytest.fixture
def finance(db: None, system: Actor) -> Account:
    return _staff(system, "dara", "ດາລາ ການເງິນ", Role.FINANCE)


@pytest.fixture
def auditor(db: None, system: Actor) -> Account:
    return _staff(system, "somphone", "ສົມພອນ ກວດສອບ", Role.AUDITOR)


@pytest.fixture
def registrar(db: None, system: Actor) -> Account:
    return _staff(system, "latsamy", "ລັດສະໝີ ທະບຽນ", Role.REGISTRAR)


@pytest.fixture
def second_registrar(db: None, system: Actor) -> Account:
    return _staff(system, "manivone@example.la", "ມະນີວອນ ສີສະຫວັດ", Role.REGISTRAR)


@pytest.fixture
def law_officer(db: None, system: Actor) -> Account:
    return _staff(system, "khamla", "ຄຳຫຼ້າ ນິຕິກຳ", Role.LAW_OFFICER)


@pytest.fixture
def benefits_officer(db: None, system: Actor) -> Account:
    return _staff(system, "chanthy", "ຈັນທີ ອຸດໜູນ", Role.BENEFITS_OFFICER)


@pytest.fixture
def second_benefits_officer(db: None, system: Actor) -> Account:
    return _staff(system, "vilay", "ວິໄລ ອຸດໜູນ", Role.BENEFITS_OFFICER)


@pytest.fixture
def inspector(db: None, system: Actor) -> Account:
    return _staff(system, "phouvong", "ພູວົງ ກວດກາ", Role.INSPECTOR)


@pytest.fixture
def communicator(db: None, system: Actor) -> Account:
    return _staff(system, "malaythong", "ມາໄລທອງ ສື່ສານ", Role.COMMUNICATOR)


@pytest.fixture
def member_person(workers: list[Person]) -> Person:
    return workers[0]


@pytest.fixture
def member(member_person: Person, now: datetime) -> Account:
    return member_account(member_person, now)


DOORS = {"member": "member", "employer": "employer", "staff": "office"}


@pytest.fixture
def client_of(now: datetime) -> Callable[[Account], Client]:
    """A Django client with a living session of the account, second factor done."""

    def sign_in(account: Account) -> Client:
        client = Client()
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        device = TOTPDevice.objects.filter(user=account).first()
        if device:
            session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.create()
        assert session.session_key is not None
        begin_session(account, session.session_key, DOORS[account.kind], "test", now)
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return client

    return sign_in


@pytest.fixture
def as_actor(now: datetime) -> Callable[[Account], Actor]:
    """The account as an actor for calling operations directly, at any moment."""

    def act(account: Account, at: datetime | None = None) -> Actor:
        return replace(
            actor_of(account, at or now, DOORS[account.kind], "test", "lo"), door=DOORS[account.kind]
        )

    return act
