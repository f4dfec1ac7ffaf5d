"""A member whose every page has something to say: months of each kind, claims, money, a hospital, relatives, messages."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import award, care, entrust, visit, voluntary, wish
from pakan.registers.access import audit
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.benefits.models import Claim, Evidence, Instalment, PayeeAccount
from pakan.registers.care.models import Choice, Facility
from pakan.registers.care.models import Visit as Stay
from pakan.registers.messages.actions import queue
from pakan.registers.people.models import Employer, Person
from pakan.registers.relatives.models import Entrusted
from pakan.registers.visits.models import Appointment
from pakan.registers.visits.queries import office as office_by_code
from pakan.units.money import Kip
from pakan.units.month import Month
from tests.channels.claimants import answer_all, begin, credit_months, photo
from tests.channels.member.test_getting_in import grown, sign_up
from tests.channels.member.test_relatives import proved
from tests.channels.member.test_trust import VALUES
from tests.operations.families import STUDENT, confirmed
from tests.operations.test_care import LIST
from tests.operations.test_wish import photo as paper

PAYEE = {"bank": "sandbox", "number": "010123456789", "name": "KHAMPHENG SISAVATH"}


@dataclass
class OneMember:
    """Her phone, and what the parameters of her addresses may be: by address, else by its first word, else by name."""

    client: Client
    values: dict[str, dict[str, object]]

    def of(self, address: str, parameter: str) -> object:
        for place in (address, address.split("_", maxsplit=1)[0], ""):
            if parameter in self.values.get(place, {}):
                return self.values[place][parameter]
        raise AssertionError(f"{address} takes {parameter!r}: give one_member a value for it")


@pytest.fixture
def one_member(
    member: Account, workers: list[Person], factory: Employer, open_month: Month, declared: Callable[..., None],
    benefits_officer: Account, second_benefits_officer: Account, registrar: Account, finance: Account,
    as_actor: Callable[..., Actor], now: datetime,
) -> OneMember:  # fmt: skip
    """Come in by a code, with a PIN, and live through a year."""
    person, me = workers[0], as_actor(member)
    gap = open_month - 3
    credit_months(
        factory, workers, [one for one in (open_month - 12).until(open_month - 1) if one != gap], now
    )
    declared()
    client = proved(sign_up(person), now)
    grown(person)
    one, two = as_actor(benefits_officer), as_actor(second_benefits_officer)
    granted = _granted(client, one, two, now)
    asked = _asked(client, one, now)
    draft = _draft(client, now)
    _care(person, me, as_actor(registrar), one)
    _own_data(me, person, workers[5], as_actor, as_actor(finance), now)
    voluntary.join(me, 1_200_000, 3, Month.of(me.today))
    notice = voluntary.ask(me, 3)
    assert notice is not None
    grown_child = confirmed(me, as_actor(registrar), STUDENT)
    confirmed(me, as_actor(registrar))
    copy = wish.ask_copy(me)
    wish.make_copy(copy.id)
    paid = Instalment.objects.filter(award__claim=granted, paid_on__isnull=False).latest("id")
    mine = Entrusted.objects.get(holder__person=person)
    values: dict[str, dict[str, object]] = {
        "": {"month": gap, "language": "lo", "name": "maternity", "code": "01", "province": "01"},
        "story": {"open": open_month, "asked": asked.key},
        "claim": {"key": granted.key},
        "claim_question": {"key": draft.key, "name": "day"},
        "claim_papers": {"key": draft.key},
        "claim_check": {"key": draft.key},
        "claim_paper": {
            "key": granted.key,
            "number": Evidence.objects.filter(claim=granted)[0].receipt_number,
        },
        "month_statement": {"month": open_month - 1},
        "slip": {"id": paid.id},
        "voluntary_code": {"number": notice.number},
        "visit": {"key": Stay.objects.get().key},
        "appointment_move": {"key": Appointment.objects.get().key},
        "for": {"key": mine.key, "claim": _helped(client, mine, now).key, "name": "day"},
        "copy": {"key": copy.key},
        "family": {"number": grown_child.number, "relation": "spouse"},
    }
    return OneMember(client, values)


def _lodged(client: Client, address: str, papers: tuple[str, ...]) -> Claim:
    for kind in papers:
        client.post(address, {"kind": kind, "paper_key": uuid.uuid4(), "photo": photo()})
    client.post(address.replace("/papers/", "/check/"))
    return Claim.objects.latest("id")


def _granted(client: Client, one: Actor, two: Actor, now: datetime) -> Claim:
    """A birth: lodged, granted by two officers, its first part paid."""
    client.post("/member/account/", PAYEE)
    PayeeAccount.objects.update(check_result="match")
    birth = now.date() - timedelta(days=5)
    address = answer_all(client, begin(client), birth, pregnancy_months="9", children="1", leave_days="105")
    made = _lodged(client, address, ("birth", "leave"))
    for evidence in Evidence.objects.filter(claim=made):
        award.judge(one, evidence.receipt_number, True)
    award.propose(one, made.number, "granted")
    award.decide(two, made.number, True)
    first = Instalment.objects.filter(award__claim=made).earliest("id")
    # What the bank answers is told in test_claim; here only its trace is looked at.
    Instalment.objects.filter(id=first.id).update(state="paid", paid_on=now.date())
    return made


def _asked(client: Client, one: Actor, now: datetime) -> Claim:
    """A sickness: its certificate could not be read."""
    address = answer_all(
        client, begin(client, "sickness"), now.date() - timedelta(days=20), cause="other",
        wage_stopped="yes", certificate="yes",
    )  # fmt: skip
    made = _lodged(client, address, ("certificate", "wage_stopped"))
    until = now.date() + timedelta(days=14)
    award.request_missing(one, made.number, ["certificate"], "ກາໝາຍອ່ານບໍ່ອອກ", "ຫ້ອງການນະຄອນຫຼວງ", until)
    return made


def _draft(client: Client, now: datetime) -> Claim:
    """An accident at work, told to the end and not sent."""
    answer_all(
        client,
        begin(client, "work_accident"),
        now.date() - timedelta(days=40),
        place="work",
        certificate="yes",
    )
    return Claim.objects.latest("id")


def _helped(client: Client, mine: Entrusted, now: datetime) -> Claim:
    """An accident of the one whom she helps, told to the end and not sent."""
    start = f"/member/for/{mine.key}/claims/start/work_accident/"
    draft = str(client.post(start, {"key": uuid.uuid4()})["Location"])
    first = str(client.get(draft)["Location"])
    answer_all(client, first, now.date() - timedelta(days=40), place="work", certificate="yes")
    return Claim.objects.latest("id")


def _care(person: Person, me: Actor, registrar: Actor, officer: Actor) -> None:
    care.load(registrar, LIST.encode())
    care.choose(me, "H01")
    assert Choice.objects.get().facility.code == "H01"
    place = Facility.objects.get(code="H01")
    care.note_visit(officer, person, place, uuid.uuid4(), "in", officer.today, Kip(800_000))


def _own_data(
    me: Actor, person: Person, relative: Person, as_actor: Callable[..., Actor], finance: Actor, now: datetime
) -> None:
    """A helper of hers, somebody whom she helps, a message, a look, a consent, a correction, an appointment."""
    until = me.today + timedelta(days=30)
    helper = as_actor(member_account(relative, now))
    entrust.give(me, relative.number, relative.birth_date, ["record", "messages"], until)
    entrust.give(helper, person.number, person.birth_date, ["record", "messages", "wrong", "claim"], until)
    queue([{"key": "m", "wording": "month_credited", "values": VALUES, "person_id": person.id}], now)
    audit.look(finance, "record", person.id, "ຄຳຖາມທາງໂທລະສັບ")
    wish.allow(me, "news")
    wish.ask_correction(me, "village", "ໂພນທັນ", "", "id.jpg", "image/jpeg", paper())
    office = office_by_code("01")
    assert office is not None
    visit.book(me, office, visit.days(me.today)[0], visit.slots()[0], "claim")


def cookies_of(client: Client, language: str) -> dict[str, str]:
    """What the phone in Chromium must hold to be hers."""
    names = (settings.SESSION_COOKIE_NAME, settings.DEVICE_COOKIE_NAME)
    return {name: client.cookies[name].value for name in names} | {settings.LANGUAGE_COOKIE_NAME: language}
