"""The register of benefits: a claim moves as its table says and what was said, decided and paid stays, whoever writes."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, IntegrityError, connection, transaction

from pakan.registers.access.models import Account
from pakan.registers.benefits import actions, queries
from pakan.registers.benefits.models import Award, Claim, ClaimDecision, Instalment, PayeeAccount
from pakan.registers.benefits.states import MOVES, State, WrongMove, move
from pakan.registers.people.models import Person
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.number import WrongNumber, check_claim_number
from tests.operations.desk import unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(member: Account, now: datetime) -> Claim:
    assert member.person_id is not None
    return actions.start(
        key=uuid4(), person_id=member.person_id, insured_id=member.person_id, benefit="maternity", channel="member",
        account_id=member.id, at=now,
    )  # fmt: skip


def refused(statement: str, *facts: object, why: str) -> None:
    with pytest.raises(Error, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, facts)


def set_state(claim: Claim, state: State) -> None:
    with unguarded() as cursor:
        cursor.execute(
            "UPDATE benefits_claim SET state = %s, lodged_at = now(), promised_on = now(), event_day = now() WHERE id = %s",
            [state.value, claim.id],
        )


def decided(
    claim: Claim, officers: tuple[int | None, int | None], now: datetime, **facts: Any
) -> ClaimDecision:
    told = {
        "facts": {"pays": []}, "told": {}, "law": 0, "outcome": "granted", "confidence": "high", "estimate": False,
        "proposed_by_id": officers[0], "proposed_at": now, "decided_by_id": officers[1], "decided_at": now,
        "letter_number": f"L{uuid4().hex[:9]}", "letter": {}, "version": 1,
    } | facts  # fmt: skip
    return ClaimDecision.objects.create(claim=claim, **told)


def account_of(person: Person, now: datetime, number: str = "0101000000421") -> PayeeAccount:
    return actions.put_payee(
        person_id=person.id,
        bank="sandbox",
        number=number,
        name="A B",
        usable_from=now,
        account_id=None,
        at=now,
    )


def test_a_claims_number_carries_a_check_digit(made: Claim) -> None:
    assert check_claim_number(made.number.lower().replace("-", " ")) == made.number
    other = str((int(made.number[-1]) + 1) % 10)
    with pytest.raises(WrongNumber, match="wrong_check"):
        check_claim_number(made.number[:-1] + other)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("then", State)
def test_python_and_the_database_know_the_same_moves(before: State, then: State, made: Claim) -> None:
    set_state(made, before)
    change = "UPDATE benefits_claim SET state = %s WHERE id = %s"
    if then == before:
        with pytest.raises(WrongMove):
            move(before.value, then)
    elif then in MOVES[before]:
        assert move(before.value, then) == then
        with connection.cursor() as cursor:
            cursor.execute(change, [then.value, made.id])
    else:
        with pytest.raises(WrongMove):
            move(before.value, then)
        refused(change, then.value, made.id, why="does not become")


@pytest.mark.parametrize(
    "change", ["told = '{}'", "event_day = now()", "family = '{\"a\": 1}'", "number = 'B'", "late = true"]
)
def test_what_was_lodged_stays(change: str, made: Claim, now: datetime) -> None:
    actions.save(made, {"leave_days": 1}, now.date().replace(day=1), {}, now)
    actions.lodge(made, now.date(), False, None, now)
    refused(f"UPDATE benefits_claim SET {change} WHERE id = %s", made.id, why="what was said in claim")
    refused("DELETE FROM benefits_claim WHERE id = %s", made.id, why="append-only")
    refused("UPDATE benefits_claimstep SET text = 'x'", why="append-only")


def test_a_key_is_one_claim(made: Claim, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.start(
            key=made.key, person_id=made.person_id, insured_id=made.person_id, benefit="sickness", channel="member",
            account_id=None, at=now,
        )  # fmt: skip


def test_one_person_never_does_both(made: Claim, finance: Account, now: datetime) -> None:
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        decided(made, (finance.id, finance.id), now)


@pytest.mark.parametrize(
    "facts",
    [{"outcome": "refused", "article": "A", "reason": "r"}, {"estimate": True}, {"risks": ["amount"]}],
)
def test_the_machine_grants_only_what_is_certain_and_never_refuses(
    facts: dict[str, Any], made: Claim, now: datetime
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        decided(made, (None, None), now, **facts)
    decided(made, (None, None), now)


def test_a_refusal_has_an_article(made: Claim, finance: Account, auditor: Account, now: datetime) -> None:
    with pytest.raises(IntegrityError, match="adverse"), transaction.atomic():
        decided(made, (finance.id, auditor.id), now, outcome="refused", reason="r")
    kept = decided(made, (finance.id, auditor.id), now, outcome="refused", reason="r", article="Article 30")
    refused("UPDATE benefits_claimdecision SET outcome = 'granted' WHERE id = %s", kept.id, why="stays")


def test_instalments_are_once_a_month_and_never_more_than_the_award(
    made: Claim, finance: Account, auditor: Account, now: datetime
) -> None:
    decision = decided(made, (finance.id, auditor.id), now)
    award = actions.award(
        decision, account_of(made.person, now), expense="5020", kind="period", label="leave_due", kip=1_000,
        start=now.date(), total=1_000, carried=300,
    )  # fmt: skip
    first = actions.fall_due(award, Month(2026, 10), Kip(400), now.date(), now)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.fall_due(award, Month(2026, 10), Kip(1), now.date(), now)
    with pytest.raises(Error, match="too much"), transaction.atomic():
        actions.fall_due(award, Month(2026, 11), Kip(301), now.date(), now)
    actions.fall_due(award, Month(2026, 11), Kip(300), now.date(), now)
    refused("UPDATE benefits_instalment SET kip = 1 WHERE id = %s", first.id, why="stays")
    refused(
        "UPDATE benefits_instalment SET state = 'paid', paid_on = now() WHERE id = %s",
        first.id,
        why="does not become",
    )
    refused("UPDATE benefits_award SET kip = 2000 WHERE id = %s", award.id, why="stays as it was decided")
    assert Instalment.objects.count() == 2 and Award.objects.get().payee_digest == actions.digest_of(
        award.payee
    )


def test_a_refused_decision_awards_nothing(
    made: Claim, finance: Account, auditor: Account, now: datetime
) -> None:
    decision = decided(
        made, (finance.id, auditor.id), now, outcome="refused", reason="r", article="Article 30"
    )
    with pytest.raises(Error, match="grants nothing"), transaction.atomic():
        actions.award(
            decision,
            account_of(made.person, now),
            expense="5020",
            kind="lump_sum",
            label="x",
            kip=1,
            start=now.date(),
        )


def test_one_account_is_in_force_and_the_old_one_stays_as_it_was(made: Claim, now: datetime) -> None:
    first = account_of(made.person, now)
    second = account_of(made.person, now, "0101000000777")
    assert queries.payee_of(made.person_id) == second and second.masked == "••••0777"
    refused(
        "UPDATE benefits_payeeaccount SET number = '123456' WHERE id = %s",
        second.id,
        why="another one is another row",
    )
    refused(
        "UPDATE benefits_payeeaccount SET ended_at = NULL WHERE id = %s",
        first.id,
        why="another one is another row",
    )
    for wrong in ("12345", "1" * 21, "12345a"):
        with pytest.raises(Error), transaction.atomic():
            account_of(made.person, now, wrong)
