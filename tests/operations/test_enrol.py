"""Employers, workers and the people who act for them come into the registers, by those who may."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from pakan.operations import enrol
from pakan.registers.access.actions import revoke
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import AuditRow
from pakan.registers.access.queries import actor_of, approvers_besides, mandates_of
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.people.models import District, Employer, Employment, Person
from pakan.units.month import Month
from pakan.units.name import WrongName
from pakan.units.number import WrongNumber, person_number_check
from tests.cast import enrol_factory, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    return District.objects.get(code="0102")


def test_an_employer_is_registered_with_a_clean_code_and_name(
    system: Actor, district: District, open_month: Month
) -> None:
    made = enrol.employer(system, "໐໔໕໑໒-໐໑", "  ໂຮງງານ\u200b  ດອກຈຳປາ ", district, open_month)
    assert (made.code, made.name_lo, made.scheme) == ("0451201", "ໂຮງງານ ດອກຈຳປາ", "enterprise")
    row = AuditRow.objects.get(act="enrol.employer")
    assert (row.object, row.employer_id) == ("0451201", made.id)


@pytest.mark.parametrize(
    ("code", "name", "fault"),
    [("123", "ໂຮງງານ", WrongNumber), ("0451201", "=cmd", WrongName), ("0451201", "", WrongName)],
)
def test_a_code_or_name_that_cannot_be_is_refused(
    code: str, name: str, fault: type[Exception], system: Actor, district: District, open_month: Month
) -> None:
    with pytest.raises(fault):
        enrol.employer(system, code, name, district, open_month)
    assert (Employer.objects.count(), AuditRow.objects.count()) == (0, 0)


def test_a_code_belongs_to_one_employer(system: Actor, factory: Employer, district: District) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        enrol.employer(system, factory.code, "ໂຮງງານອື່ນ", district, factory.first_month)


def test_workers_get_numbers_of_the_office_in_the_order_of_the_list(system: Actor, factory: Employer) -> None:
    newcomers = people(30)[12:]
    numbers = enrol.workers(system, factory, newcomers, factory.first_month.first)
    assert numbers == sorted(numbers) and len(set(numbers)) == 18
    assert all(person_number_check(number) and number.startswith("01") for number in numbers)
    names = {person.number: person.name for person in Person.objects.filter(number__in=numbers)}
    assert [names[number] for number in numbers] == [
        f"{one['given_name']} {one['family_name']}" for one in newcomers
    ]
    assert Employment.objects.filter(employer=factory, end=None).count() == 30


def test_departures_end_open_employment_once(
    system: Actor, factory: Employer, other_factory: Employer, workers: list[Person], open_month: Month
) -> None:
    ids = [worker.id for worker in workers[:3]]
    assert enrol.departures(system, factory, ids, open_month.last) == 3
    assert enrol.departures(system, factory, ids, open_month.last + timedelta(days=3)) == 0
    assert enrol.departures(system, other_factory, ids, open_month.last) == 0
    before_he_began = factory.first_month.first - timedelta(days=1)
    assert enrol.departures(system, factory, [workers[5].id], before_he_began) == 0
    assert set(Employment.objects.filter(person_id__in=ids).values_list("end", flat=True)) == {
        open_month.last
    }


def test_a_mandate_counts_from_its_moment_and_is_given_once(
    system: Actor, factory: Employer, open_month: Month
) -> None:
    account = enrol.account(system, " Kham@Example.LA ", "employer", "ຄຳ")
    assert account.sign_in == "kham@example.la" and not account.has_usable_password()
    for _ in range(2):
        enrol.mandate(system, factory, account, Role.EMPLOYER_PREPARER)
    assert mandates_of(account, system.at) == {factory.id: frozenset({Role.EMPLOYER_PREPARER})}
    assert mandates_of(account, system.at - timedelta(seconds=1)) == {}
    actor = actor_of(account, system.at, "employer", "-", "lo")
    assert actor.roles_at(factory.id) == {Role.EMPLOYER_PREPARER, Role.ANYONE}
    assert actor.roles_at(None) == actor.roles_at(factory.id + 1) == {Role.ANYONE}


def test_abuse_A14_a_mandate_that_was_ended_counts_no_more(system: Actor, factory: Employer) -> None:
    account = enrol.account(system, "kham@example.la", "employer", "ຄຳ")
    for role in (Role.EMPLOYER_PREPARER, Role.EMPLOYER_APPROVER):
        enrol.mandate(system, factory, account, role)
    later = system.at + timedelta(seconds=1)
    assert revoke(account, factory, later) == 2
    assert len(mandates_of(account, system.at)[factory.id]) == 2  # it did count then
    assert mandates_of(account, later) == {} and not approvers_besides(factory.id, None, later)
    enrol.mandate(replace(system, at=later), factory, account, Role.EMPLOYER_READER)
    assert mandates_of(account, later) == {factory.id: frozenset({Role.EMPLOYER_READER})}


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.REGISTRAR, Role.SYSTEM)])
def test_only_registrars_enrol(
    role: Role, system: Actor, factory: Employer, district: District, workers: list[Person], open_month: Month
) -> None:
    actor = Actor("x", system.at, "office", own=frozenset({role}), employers={factory.id: frozenset({role})})
    account = enrol.account(system, "a@example.la", "employer", "ກ")
    rows = AuditRow.objects.count()
    for act in (
        lambda: enrol.employer(actor, "0999901", "ໂຮງງານ", district, open_month),
        lambda: enrol.workers(actor, factory, people(1), open_month.first),
        lambda: enrol.departures(actor, factory, [workers[0].id], open_month.last),
        lambda: enrol.account(actor, "b@example.la", "employer", "ຂ"),
        lambda: enrol.mandate(actor, factory, account, Role.EMPLOYER_APPROVER),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert AuditRow.objects.count() == rows


def test_an_employer_of_the_state_pays_the_states_rates(system: Actor, open_month: Month) -> None:
    import numpy as np

    from pakan.operations import declare

    office = enrol_factory(system, "0555505", "ຫ້ອງການແຂວງ", open_month - 3, 2, scheme="public")
    ids = np.array(sorted(office.employments.values_list("person_id", flat=True)), dtype=np.int64)
    signed = declare.declare_wages(
        system, office, open_month, ids, np.array([2_000_000, 9_000_000], dtype=np.int64)
    )
    assert (signed.scheme, signed.employer_share, signed.worker_share) == ("public", 935_000, 880_000)
