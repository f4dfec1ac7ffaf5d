"""From the desk to the account: one proposes, another decides, the machine only pays what is certain, and all adds up."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, IntegrityError, connection, transaction

from pakan.law.decision import decision_from
from pakan.operations import assess, award, certify, claim, payee
from pakan.operations.award.schedule import less, parts
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.benefits import queries
from pakan.registers.benefits.models import Award, Claim, Instalment, Overpayment
from pakan.registers.benefits.states import State
from pakan.registers.ledger.queries import balance
from pakan.registers.messages.models import Message
from pakan.registers.payments.models import Payout
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.integrations.conftest import Process
from tests.operations.claims import (
    FATHER,
    MOTHER,
    _vault,
    accepted,
    bank,
    chanthy,
    crew,
    father,
    firm,
    granted,
    hands_in,
    has_account,
    lodged,
    mother,
    paid,
    run_jobs,
    vilay,
)
from tests.operations.desk import broken

__all__ = ["_vault", "bank", "chanthy", "crew", "father", "firm", "mother", "vilay"]
pytestmark = pytest.mark.django_db
As = Callable[..., Actor]
FATHERS = ("birth", "marriage")


def instalments(made: Claim) -> list[tuple[str, int, str]]:
    rows = Instalment.objects.filter(award__claim=made).order_by("award__label", "month")
    return [(row.award.label, row.kip, row.state) for row in rows.select_related("award")]


# The whole story


def test_a_maternity_claim_from_the_first_answer_to_the_letter_and_the_money(
    mother: Actor, chanthy: Actor, vilay: Actor, bank: Process, crew: list[Person]
) -> None:
    has_account(mother)
    made = lodged(mother, MOTHER)
    run_jobs()
    made.refresh_from_db()
    assert made.state == State.LODGED and made.event_day is not None
    simulated = assess.estimate(crew[0], "maternity", MOTHER, made.event_day)
    decision = granted(chanthy, vilay, made)
    assert decision_from(decision.facts) == simulated  # one way from the record to the law (C27)
    run_jobs()
    made.refresh_from_db()
    lump, leave = simulated.kip("lump_sum"), simulated.kip("period")
    assert (lump, leave) == (2_400_000, 11_200_000)
    by_label = {row.label: row.total for row in Award.objects.filter(claim=made)}
    assert by_label == {"lump_sum_due": lump, "leave_due": leave}
    assert ("lump_sum_due", lump, "paid") in instalments(made)
    assert Message.objects.filter(wording="benefit_paid").exists()
    assert Message.objects.filter(wording="claim_granted", values__number=made.number).count() == 1
    assert broken() == {}


def test_a_leave_is_paid_once_a_month_to_the_last_kip(
    mother: Actor, chanthy: Actor, vilay: Actor, bank: Process, as_actor: As
) -> None:
    has_account(mother)
    made = lodged(mother, MOTHER)
    decision = granted(chanthy, vilay, made)
    leave = Award.objects.get(claim=made, label="leave_due")
    for _ in range(2):
        for ahead in range(0, 200, 10):
            day = decision.decided_at and decision.decided_at + timedelta(days=ahead)
            award.pay._fall_due(Actor.system(day, "later"), leave.id)
    run_jobs()
    rows = list(Instalment.objects.filter(award=leave).order_by("month"))
    assert sum(row.kip for row in rows) == leave.total == 11_200_000
    assert len({row.month for row in rows}) == len(rows) >= 4
    assert {row.state for row in rows} == {"paid"}
    made.refresh_from_db()
    assert made.state == State.PAID
    assert balance("2310") == 0 and balance("5020") == 13_600_000
    assert broken() == {}


def test_a_certain_claim_is_paid_by_the_machine_once_people_accepted_its_papers(
    father: Actor, chanthy: Actor, bank: Process
) -> None:
    has_account(father, name="SOMSAK V")
    made = lodged(father, FATHER, FATHERS)
    run_jobs()
    made.refresh_from_db()
    assert made.state == State.LODGED  # nobody has looked at the papers
    accepted(chanthy, made)
    run_jobs()
    made.refresh_from_db()
    assert made.state == State.PAID
    decision = queries.decided(made)
    assert decision is not None
    assert (decision.proposed_by_id, decision.decided_by_id, decision.risks, decision.estimate) == (
        None,
        None,
        [],
        False,
    )
    assert instalments(made) == [("lump_sum_due", 2_400_000, "paid")]
    assert broken() == {}


@pytest.mark.parametrize(
    ("spoil", "risk"),
    [
        ("UPDATE benefits_payeeaccount SET check_result = 'close'", "account"),
        ("INSERT INTO benefits_paymenthold (person_id, on_at, on_by_id)"
         " SELECT person_id, now(), asked_by_id FROM benefits_payeeaccount", "frozen"),
        ("UPDATE records_credit SET insured = insured * 2"
         " WHERE month >= (SELECT max(month) - interval '2 months' FROM records_credit)", "wage_jump"),
        ("UPDATE records_credit SET credited_at = now()", "fresh_months"),
    ],
)  # fmt: skip
def test_abuse_A02_whatever_is_odd_goes_to_people_and_is_never_refused_by_the_machine(
    spoil: str, risk: str, father: Actor, chanthy: Actor, bank: Process
) -> None:
    has_account(father, name="SOMSAK V")
    made = lodged(father, FATHER, FATHERS)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(spoil)
        cursor.execute("SET LOCAL session_replication_role = origin")
    accepted(chanthy, made)
    run_jobs()
    made.refresh_from_db()
    assert made.state == State.LODGED
    assert risk in award.reckoned(made, father.today).risks
    assert not Payout.objects.exists()


# The desk


def test_what_is_missing_is_asked_for_once_with_what_where_and_until_when(
    mother: Actor, chanthy: Actor, vilay: Actor
) -> None:
    made = lodged(mother, MOTHER, ("birth",))
    until = chanthy.today + timedelta(days=30)
    asked = award.request_missing(chanthy, made.number, ["leave"], "", "Vientiane, desk 3", until)
    assert (asked.kinds, asked.place, asked.until) == (["leave"], "Vientiane, desk 3", until)
    with pytest.raises(award.Refused, match="asked_already"):
        award.request_missing(vilay, made.number, ["birth"], "", "Vientiane", until)
    assert Message.objects.filter(wording="claim_missing").count() == 1
    hands_in(mother, made.key, "leave")
    made.refresh_from_db()
    assert made.state == State.LODGED and made.steps.filter(name="supplied").exists()
    with pytest.raises(award.Refused, match="asked_already"):
        award.request_missing(chanthy, made.number, ["birth"], "", "Vientiane", until)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO benefits_missingrequest (claim_id, kinds, text, place, until, asked_at, asked_by_id)"
            " VALUES (%s, '[]', '', 'x', now(), now(), %s)", [made.id, chanthy.account_id],
        )  # fmt: skip
    assert broken() == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kinds": ["passport"]}, "kind"),
        ({"kinds": []}, "kind"),
        ({"place": " "}, "place"),
        ({"ahead": 2}, "until"),
        ({"ahead": 400}, "until"),
        ({"number": "B26-0000000-0"}, "unknown"),
    ],
)  # fmt: skip
def test_a_request_that_nobody_could_follow_is_not_made(
    change: dict[str, Any], code: str, mother: Actor, chanthy: Actor
) -> None:
    made = lodged(mother, MOTHER, ("birth",))
    until = chanthy.today + timedelta(days=change.get("ahead", 30))
    with pytest.raises(award.Refused, match=code):
        award.request_missing(
            chanthy,
            change.get("number", made.number),
            change.get("kinds", ["leave"]),
            "",
            change.get("place", "desk"),
            until,
        )


def test_who_proposes_does_not_decide_and_the_database_says_the_same(
    mother: Actor, chanthy: Actor, vilay: Actor, bank: Process, as_actor: As, finance: Account
) -> None:
    has_account(mother)
    made = lodged(mother, MOTHER)
    accepted(chanthy, made)
    decision = award.propose(chanthy, made.number, "granted")
    with pytest.raises(award.Refused, match="same_person"):
        award.decide(chanthy, made.number, True)
    with pytest.raises(NotAllowed):
        award.decide(as_actor(finance), made.number, True)
    with (
        pytest.raises(IntegrityError, match="two_people"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE benefits_claimdecision SET decided_by_id = proposed_by_id, decided_at = now(),"
            " letter_number = 'L' WHERE id = %s",
            [decision.id],
        )
    with pytest.raises(award.Refused, match="why"):
        award.decide(vilay, made.number, False)
    award.decide(vilay, made.number, False, "Ask the hospital first.")
    made.refresh_from_db()
    assert made.state == State.LODGED and not Payout.objects.exists()
    again = award.propose(vilay, made.number, "granted")
    assert again.version == 2
    award.decide(chanthy, made.number, True)
    assert broken() == {}


def test_a_refusal_needs_two_people_an_article_and_a_reason(
    mother: Actor, chanthy: Actor, vilay: Actor
) -> None:
    made = lodged(mother, {"leave_days": 30, "pregnancy_months": 1}, papers=())
    with pytest.raises(award.Refused, match="article"):
        award.propose(chanthy, made.number, "refused", reason="Too early.")
    with pytest.raises(award.Refused, match="reason"):
        award.propose(chanthy, made.number, "refused", article="Article 30")
    with pytest.raises(award.Refused, match="not_entitled"):
        award.propose(chanthy, made.number, "granted")
    award.propose(
        chanthy, made.number, "refused", article="Article 30", reason="The pregnancy lasted one month."
    )
    decision = award.decide(vilay, made.number, True)
    made.refresh_from_db()
    assert made.state == State.REFUSED
    assert decision.letter is not None and decision.letter["article"] == "Article 30"
    assert Message.objects.filter(wording="claim_refused").count() == 1
    assert broken() == {}


def test_the_law_that_grants_is_not_overruled_without_other_facts(mother: Actor, chanthy: Actor) -> None:
    made = lodged(mother, MOTHER)
    with pytest.raises(award.Refused, match="entitled"):
        award.propose(chanthy, made.number, "refused", article="Article 30", reason="No.")
    with pytest.raises(award.Refused, match="papers"):
        award.propose(chanthy, made.number, "granted")
    told = {"leave_days": 30, "pregnancy_months": 1}
    decision = award.propose(
        chanthy, made.number, "refused", article="Article 30", reason="See the paper.", told=told
    )
    assert decision.told == told and Claim.objects.get(id=made.id).told == MOTHER


def test_nothing_is_decided_without_an_account_whose_name_is_checked(
    mother: Actor, chanthy: Actor, vilay: Actor, bank: Process
) -> None:
    made = lodged(mother, MOTHER)
    accepted(chanthy, made)
    award.propose(chanthy, made.number, "granted")
    with pytest.raises(award.Refused, match="payee"):
        award.decide(vilay, made.number, True)
    has_account(mother)
    award.decide(vilay, made.number, True)


def test_a_paper_is_judged_once_and_a_refused_one_is_asked_again(
    mother: Actor, chanthy: Actor, vilay: Actor
) -> None:
    made = lodged(mother, MOTHER)
    paper = made.papers.get(kind="birth")
    with pytest.raises(award.Refused, match="why"):
        award.judge(chanthy, paper.receipt_number, False)
    award.judge(chanthy, paper.receipt_number, False, "The name cannot be read.")
    with pytest.raises(award.Refused, match="state"):
        award.judge(vilay, paper.receipt_number, True)
    assert [one.key for one in claim.preview(made, mother.today).papers if one.open] == ["birth"]
    with pytest.raises(Error, match="stays"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE benefits_evidence SET state = 'accepted', why = '' WHERE id = %s", [paper.id])


# The letter


def test_the_letter_tells_facts_arithmetic_and_appeal_and_verifies(
    mother: Actor, chanthy: Actor, vilay: Actor, bank: Process
) -> None:
    has_account(mother)
    made = lodged(mother, MOTHER)
    decision = granted(chanthy, vilay, made)
    letter = decision.letter
    assert letter is not None and decision.decided_at is not None
    assert letter["appeal_until"] == (vilay.today + timedelta(days=60)).isoformat()
    assert any("2.400.000" in row["lo"] for row in letter["rows"])
    assert award.letter_pdf(decision).startswith(b"%PDF")
    found = certify.verify(letter["code"], vilay.at).document
    assert (found.document, found.number) == (decision.letter_number, made.person.number)
    with pytest.raises(certify.CredentialRefused):
        certify.verify(letter["code"][:-8] + "00000000", vilay.at)


def test_a_slip_adds_up_and_says_what_for(father: Actor, chanthy: Actor, bank: Process) -> None:
    has_account(father, name="SOMSAK V")
    made = lodged(father, FATHER, FATHERS)
    accepted(chanthy, made)
    run_jobs()
    row = queries.instalment(Instalment.objects.get(award__claim=made).id)
    assert row is not None
    told = award.slip(row)
    assert told.net == sum(line.kip for line in told.lines) == 2_400_000
    assert told.bank_reference and award.slip_pdf(row).startswith(b"%PDF")


def test_the_calendar_shows_what_was_paid_and_what_will_be(
    mother: Actor, chanthy: Actor, vilay: Actor, bank: Process
) -> None:
    has_account(mother)
    made = lodged(mother, MOTHER)
    granted(chanthy, vilay, made)
    run_jobs()
    year = mother.today.year
    planned = [
        one for at in (year - 1, year, year + 1) for one in award.calendar(made.person_id, at, mother.today)
    ]
    assert sum(one.kip for one in planned) == 13_600_000
    assert {one.state for one in planned} == {"paid", ""}
    assert all(one.due_on > mother.today for one in planned if not one.state)


# Promises


def test_a_missed_promise_says_sorry_with_a_new_day_once(mother: Actor) -> None:
    made = lodged(mother, MOTHER)
    award.watch_promises()
    assert not Message.objects.filter(wording="promise_missed").exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE benefits_claim SET promised_on = %s WHERE id = %s",
            [mother.today - timedelta(days=1), made.id],
        )
    award.watch_promises()
    award.watch_promises()
    made.refresh_from_db()
    assert made.promised_on is not None and made.promised_on > mother.today
    assert Message.objects.filter(wording="promise_missed").count() == 1
    assert made.steps.filter(name="promise_missed").count() == 1


# Deciding anew


def test_a_corrected_fact_pays_the_difference_and_takes_nothing_back_by_itself(
    mother: Actor, chanthy: Actor, vilay: Actor, bank: Process, as_actor: As, law_officer: Account
) -> None:
    has_account(mother)
    made = lodged(mother, MOTHER)
    granted(chanthy, vilay, made)
    run_jobs()
    _reopen(made)
    award.propose(chanthy, made.number, "granted", told=MOTHER | {"children": 2, "leave_days": 120})
    award.decide(vilay, made.number, True)
    run_jobs()
    new = Award.objects.get(claim=made, label="lump_sum_due", ended_on=None)
    assert (new.total, new.carried) == (4_800_000, 2_400_000)
    assert [row.kip for row in new.instalments.all()] == [2_400_000]
    _reopen(made)
    award.propose(chanthy, made.number, "granted", told=MOTHER | {"leave_days": 0})
    award.decide(vilay, made.number, True)
    run_jobs()
    found = Overpayment.objects.get(claim=made)
    paid = sum(row.kip for row in Instalment.objects.filter(award__claim=made, state="paid"))
    assert found.kip == paid - 2_400_000 > 0
    assert balance("1300") == found.kip
    assert broken() == {}


def test_a_past_wage_corrected_after_the_decision_sends_the_claim_back_with_before_and_after(
    mother: Actor, chanthy: Actor, vilay: Actor, bank: Process, firm: Employer, open_month: Month
) -> None:
    has_account(mother)
    made = lodged(mother, MOTHER)
    granted(chanthy, vilay, made)
    run_jobs()
    paid(firm, open_month - 2, 4_300_000)
    run_jobs()
    made.refresh_from_db()
    assert made.state == State.LODGED
    assert made.steps.get(name="reopened").text == "13.600.000 → 13.770.000"
    assert Message.objects.filter(wording="claim_reopened", values__after="13.770.000").count() == 1
    award.propose(chanthy, made.number, "granted")
    award.decide(vilay, made.number, True)
    run_jobs()
    assert Award.objects.get(claim=made, label="lump_sum_due", ended_on=None).total == 2_430_000
    assert broken() == {}


def _reopen(made: Claim) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE benefits_claim SET state = 'lodged' WHERE id = %s", [made.id])


def test_abuse_A07_one_pair_of_hands_cannot_enter_the_account_and_decide(
    chanthy: Actor, vilay: Actor, crew: list[Person], bank: Process, firm: Employer
) -> None:
    key = uuid4()
    made = claim.start(chanthy, "maternity", key, person=crew[0], channel="counter")
    claim.answer(chanthy, key, MOTHER, event_day=chanthy.today)
    for kind in ("birth", "leave"):
        hands_in(chanthy, key, kind)
    claim.lodge(chanthy, key)
    payee.add(vilay, "sandbox", "0101000000771", "SOUPHAPHONE K", person=crew[0])
    run_jobs()
    accepted(chanthy, made)
    award.propose(chanthy, made.number, "granted")
    with pytest.raises(award.Refused, match="same_person"):
        award.decide(vilay, made.number, True)
    assert not Payout.objects.exists()


def test_the_parts_of_a_time_come_to_the_whole() -> None:
    for start, days, kip in (
        (date(2026, 10, 5), 105, 11_200_000),
        (date(2024, 1, 31), 1, 7),
        (date(2026, 2, 1), 120, 1),
    ):
        found = parts("period", kip, start, start + timedelta(days=days - 1), Month(2030, 1))
        assert sum(part for _, part in found) == kip
        assert len({month for month, _ in found}) == len(found)
        for carried in (0, 1, kip // 3, kip, kip + 5):
            assert sum(part for _, part in less(found, carried)) == max(0, kip - carried)
    half = parts("monthly", 3_000_000, date(2026, 1, 10), date(2026, 2, 24), Month(2030, 1))
    assert half == [(Month(2026, 1), 3_000_000), (Month(2026, 2), 1_500_000)]
    assert len(parts("monthly", 1, date(2026, 1, 31), None, Month(2026, 12))) == 12
