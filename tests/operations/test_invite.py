"""Who may act for a company: invited by its administrator, with two halves of a secret, ended at once (C64, C65)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from pakan.operations import enrol, invite
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Invitation, Mandate
from pakan.registers.access.queries import actor_of, people_with_access
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Employer
from tests.operations.desk import acting

pytestmark = pytest.mark.django_db
ROLES = [Role.EMPLOYER_PREPARER.value]
PASSWORD = "ເຂົ້າໜຽວໝາກມ່ວງ 42"


@pytest.fixture
def boss(system: Actor, factory: Employer) -> Actor:
    return acting(system, "boss@example.la", factory, Role.EMPLOYER_ADMINISTRATOR)


@pytest.fixture
def nobody(system: Actor) -> Actor:
    return Actor("nobody", system.at, "public")


def roles_of(account: Account, employer: Employer, boss: Actor, after: timedelta = timedelta(0)) -> set[str]:
    there = people_with_access(employer.id, boss.at + after).filter(account=account)
    return set(there.values_list("role", flat=True))


def opened(invited: invite.Invited, at: Actor, code: str = "") -> Invitation | None:
    return invite.opened(invited.invitation.number, code or invited.code, at.at, "10.0.0.1")


def test_who_is_invited_opens_it_with_number_and_code_and_joins(
    boss: Actor, nobody: Actor, factory: Employer
) -> None:
    invited = invite.person(boss, factory, "ນາງ ແກ້ວ ພອນ", "020 5555 1234", ROLES)
    message = Message.objects.get(wording="invited")
    assert invited.code not in str(message.values)  # the other half is told by mouth
    found = opened(invited, nobody, invited.code.lower().replace("-", " "))
    assert found is not None
    account = invite.join(nobody, found, "Kaeo@Example.la", PASSWORD)
    assert roles_of(account, factory, boss) == set(ROLES)
    assert opened(invited, nobody) is None  # once
    with pytest.raises(invite.Refused, match="over"):
        invite.join(nobody, found, "second@example.la", PASSWORD)
    assert not Account.objects.filter(sign_in="second@example.la").exists()


def test_an_accountant_takes_it_with_the_account_he_has(
    boss: Actor, system: Actor, factory: Employer, other_factory: Employer
) -> None:
    books = acting(system, "books@example.la", other_factory, Role.EMPLOYER_PREPARER)
    invited = invite.person(boss, factory, "ບັນຊີ", "", ROLES, boss.today + timedelta(days=30))
    found = opened(invited, books)
    account = Account.objects.get(id=books.account_id)
    assert found is not None and invite.take(books, found, account)
    assert set(actor_of(account, boss.at, "employer", "-", "lo").employers) == {factory.id, other_factory.id}
    assert roles_of(account, factory, boss, timedelta(days=29)) == set(ROLES)
    assert roles_of(account, factory, boss, timedelta(days=32)) == set()  # the mandate was dated
    with pytest.raises(NotAllowed):
        invite.person(books, factory, "ໃຜ", "", ROLES)


@pytest.mark.parametrize("after", [timedelta(hours=24, seconds=1), timedelta(days=400)])
def test_an_invitation_is_over_after_a_day(
    boss: Actor, nobody: Actor, factory: Employer, after: timedelta
) -> None:
    invited = invite.person(boss, factory, "ນາງ ແກ້ວ", "", ROLES)
    assert opened(invited, replace(nobody, at=nobody.at + after)) is None


def test_five_wrong_codes_close_it(boss: Actor, nobody: Actor, factory: Employer) -> None:
    invited = invite.person(boss, factory, "ນາງ ແກ້ວ", "", ROLES)
    for _ in range(5):
        assert opened(invited, nobody, "AAAA-AAAA-AAAA") is None
    assert opened(invited, nobody) is None


def test_abuse_A12_numbers_and_codes_cannot_be_tried_without_end(nobody: Actor) -> None:
    from pakan.registers.access.actions import TooOften

    with pytest.raises(TooOften):
        for at in range(31):
            invite.opened(f"I26-{at:07d}-0", "AAAA", nobody.at, "10.0.0.9")


def test_a_withdrawn_one_opens_nothing(
    boss: Actor, nobody: Actor, factory: Employer, other_factory: Employer
) -> None:
    invited = invite.person(boss, factory, "ນາງ ແກ້ວ", "", ROLES)
    stranger = replace(boss, employers={other_factory.id: frozenset({Role.EMPLOYER_ADMINISTRATOR})})
    assert invite.withdraw(stranger, other_factory, invited.invitation.id) is False
    assert invite.withdraw(boss, factory, invited.invitation.id) is True
    assert opened(invited, nobody) is None


def test_every_wrong_word_is_told_at_once(boss: Actor, factory: Employer) -> None:
    with pytest.raises(invite.Refused) as wrong:
        invite.person(boss, factory, "", "12", ["finance"], date(2020, 1, 1))
    assert set(wrong.value.codes) == {"name", "phone", "roles", "until"}


def test_access_ends_at_once_and_one_administrator_stays(
    boss: Actor, system: Actor, factory: Employer
) -> None:
    kham = acting(system, "kham.x@example.la", factory, Role.EMPLOYER_PREPARER)
    assert kham.account_id is not None and boss.account_id is not None
    assert invite.end(boss, factory, kham.account_id) == 1
    account = Account.objects.get(id=kham.account_id)
    assert actor_of(account, boss.at, "employer", "-", "lo").employers == {}
    with pytest.raises(invite.Refused, match="last"):
        invite.end(boss, factory, boss.account_id)
    assert Mandate.objects.filter(account_id=boss.account_id, end=None).exists()


def test_lost_proofs_are_set_anew_by_a_colleague(
    boss: Actor, nobody: Actor, system: Actor, factory: Employer
) -> None:
    kham = acting(system, "kham.x@example.la", factory, Role.EMPLOYER_PREPARER)
    account = Account.objects.get(id=kham.account_id)
    TOTPDevice.objects.create(user=account, name="lost phone", confirmed=True)
    invited = invite.recover(boss, factory, account.id)
    found = opened(invited, nobody)
    assert found is not None
    invite.renew(nobody, found, PASSWORD)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    assert not TOTPDevice.objects.filter(user=account).exists()
    with pytest.raises(invite.Refused, match="over"):
        invite.renew(nobody, found, "other password 77")


def test_nobody_recovers_himself_nor_somebody_elses_colleague(
    boss: Actor, system: Actor, factory: Employer, other_factory: Employer
) -> None:
    other = acting(system, "x@example.la", other_factory, Role.EMPLOYER_PREPARER)
    assert boss.account_id is not None and other.account_id is not None
    for account_id, why in ((boss.account_id, "oneself"), (other.account_id, "not_here")):
        with pytest.raises(invite.Refused, match=why):
            invite.recover(boss, factory, account_id)
    enrol.mandate(system, factory, Account.objects.get(id=other.account_id), Role.EMPLOYER_READER)
    with pytest.raises(invite.Refused, match="other_companies"):
        invite.recover(boss, factory, other.account_id)


def test_at_the_office_the_code_counts_after_a_day_and_the_old_phone_hears(
    boss: Actor, nobody: Actor, registrar: Account, system: Actor
) -> None:
    account = Account.objects.get(id=boss.account_id)
    Account.objects.filter(id=account.id).update(phone="+8562055551234")
    officer = replace(system, account_id=registrar.id, own=frozenset({Role.REGISTRAR}))
    account.refresh_from_db()
    invited = invite.recover_at_office(officer, account, "id")
    assert opened(invited, nobody) is None
    later = replace(nobody, at=nobody.at + timedelta(hours=24, seconds=1))
    assert Message.objects.filter(wording="recovery", phone="+8562055551234").count() == 1
    assert opened(invited, later) is not None
