"""Whoever disagrees is heard by somebody who decided nothing in the claim; nobody is turned away for being late."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction

from pakan.operations import appeal, award, enrol
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.benefits.models import Appeal, Claim
from pakan.registers.benefits.states import State
from tests.operations.claims import chanthy, crew, father, firm, lodged, mother, vilay
from tests.operations.desk import broken

__all__ = ["chanthy", "crew", "father", "firm", "mother", "vilay"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(mother: Actor, chanthy: Actor, vilay: Actor) -> Claim:
    made = lodged(mother, {"leave_days": 30, "pregnancy_months": 1}, papers=())
    award.propose(chanthy, made.number, "refused", article="Article 30", reason="One month only.")
    award.decide(vilay, made.number, True)
    made.refresh_from_db()
    return made


@pytest.fixture
def third(system: Actor) -> Actor:
    account = enrol.account(system, "keo.desk", "staff", "ແກ້ວ", staff_roles=[Role.BENEFITS_OFFICER.value])
    return Actor("keo.desk", system.at, "office", account.id, own=frozenset({Role.BENEFITS_OFFICER}))


def test_an_appeal_sent_twice_is_one_and_sends_the_claim_back_to_other_people(
    refused: Claim, mother: Actor, father: Actor, chanthy: Actor, vilay: Actor, third: Actor
) -> None:
    key = uuid4()
    opened = appeal.open_appeal(mother, refused.key, "It was nine months.", key)
    assert appeal.open_appeal(mother, refused.key, "Again.", key) == opened and not opened.late
    with pytest.raises(appeal.Refused, match="unknown"):
        appeal.open_appeal(father, refused.key, "Mine?", uuid4())
    for officer in (chanthy, vilay):
        with pytest.raises(appeal.Refused, match="same_person"):
            appeal.answer(officer, opened.number, True, "You are right.", "")
    with (
        pytest.raises(Error, match="does not answer appeal"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE benefits_appeal SET state = 'changed', answer = 'x', answered_at = now(), answered_by_id = %s",
            [vilay.account_id],
        )
    appeal.answer(third, opened.number, True, "The paper says nine months.", "")
    refused.refresh_from_db()
    assert refused.state == State.LODGED
    assert refused.promised_on is not None and refused.promised_on > mother.today
    assert broken() == {}


def test_an_appeal_that_changes_nothing_names_the_article(
    refused: Claim, mother: Actor, third: Actor
) -> None:
    opened = appeal.open_appeal(mother, refused.key, "No.", uuid4())
    with pytest.raises(appeal.Refused, match="article"):
        appeal.answer(third, opened.number, False, "We looked again.", "")
    appeal.answer(third, opened.number, False, "We looked again.", "Article 30")
    with pytest.raises(appeal.Refused, match="state"):
        appeal.answer(third, opened.number, True, "Or not.", "")
    refused.refresh_from_db()
    assert refused.state == State.REFUSED and Appeal.objects.get().state == "kept"


def test_a_late_appeal_is_heard(
    refused: Claim, mother: Actor, as_actor: Callable[..., Actor], now: datetime
) -> None:
    account = Account.objects.get(id=mother.account_id)
    assert appeal.open_appeal(as_actor(account, now + timedelta(days=61)), refused.key, "Late.", uuid4()).late


def test_nothing_is_appealed_before_it_is_decided(mother: Actor) -> None:
    made = lodged(mother, {"leave_days": 30})
    with pytest.raises(appeal.Refused, match="state"):
        appeal.open_appeal(mother, made.key, "No.", uuid4())
