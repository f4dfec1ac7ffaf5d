"""`prove` in the rooms of benefits, debts, lives, old numbers and decrees: a fault is planted for each comparison."""

from dataclasses import replace
from datetime import datetime

import pytest

from pakan.operations import collect, merge, plan, recover, refund
from pakan.operations.proofs import PROOFS
from pakan.registers.access.actor import Actor
from pakan.registers.access.roles import Role
from pakan.registers.benefits.models import Award, Overpayment
from pakan.registers.contributions.models import Obligation
from pakan.registers.debits.models import DebitMandate
from pakan.registers.payments.models import Notice
from pakan.registers.people.models import Employer, Person
from pakan.units.money import Kip
from tests.integrations.conftest import Process
from tests.operations.claims import _vault, bank, chanthy, crew, father, firm, mother, run_jobs, vilay
from tests.operations.debtors import chan, debt, officer, pays_late, rate, sing
from tests.operations.desk import Plant, broken, declared, missed_faults
from tests.operations.test_debit import announced, bill, draw, leave, tea
from tests.operations.test_family_cards import FAMILIES
from tests.operations.test_life import pension, suspended
from tests.operations.test_merge import pair
from tests.operations.test_other_funds import FUNDS
from tests.operations.test_reconcile import PLANTS
from tests.operations.test_recover import after_pay_day, found, next_month

__all__ = [
    "_vault", "bank", "bill", "chan", "chanthy", "crew", "debt", "father", "firm", "found", "leave", "mother",
    "pair", "pension", "rate", "sing", "tea", "vilay",
]  # fmt: skip
pytestmark = pytest.mark.django_db

FIRST_PAID = "id = (SELECT min(id) FROM payments_payout WHERE state = 'paid')"
PERSONS: list[Plant] = [  # benefits, lives, old numbers
    ("I9c", "claim", "UPDATE benefits_claim SET state = 'refused'"),
    ("I9c", "claim", "UPDATE benefits_claim SET state = 'asked'"),
    ("I9c", "claim", "UPDATE benefits_claimdecision SET decided_at = NULL"),
    ("I11b", "payout", f"UPDATE payments_payout SET state = 'unknown', asked_at = now() - interval '1 hour' WHERE {FIRST_PAID}"),
    ("I14", "decision", "UPDATE benefits_claimdecision SET proposed_by_id = decided_by_id"),
    ("I14", "decision", "UPDATE benefits_claimdecision SET outcome = 'refused', article = ''"),
    ("I14", "decision", "UPDATE benefits_claimdecision SET decided_by_id = NULL, estimate = true"),
    ("I15", "award", "UPDATE benefits_instalment SET kip = kip + 100000000"),
    ("I15", "award", "UPDATE benefits_award SET kip = kip - 1 WHERE total IS NULL"),
    ("I15b", "instalment", "UPDATE benefits_instalment SET kip = kip - 1"),
    ("I15b", "instalment", "DELETE FROM ledger_posting WHERE key LIKE 'instalment:%'"),
    ("I15b", "benefits payable", "UPDATE ledger_entry SET account_id = '2200' WHERE account_id = '2310' AND debit > 0"),
    ("I15b", "overpaid benefits", "UPDATE benefits_overpayment SET kip = kip + 1"),
    ("I15c", "instalment", f"UPDATE payments_payout SET state = 'sent' WHERE {FIRST_PAID}"),
    ("I15c", "instalment", "UPDATE benefits_instalment SET state = 'held' WHERE id = (SELECT min(id) FROM benefits_instalment)"),
    ("I15c", "payout", "DELETE FROM ledger_posting WHERE key LIKE 'paid out:%'"),
    ("I15d", "overpayment", "UPDATE benefits_deduction SET kip = kip * 100"),
    ("I15d", "deduction", "UPDATE benefits_recovery SET approved_at = NULL, approved_by_id = NULL"),
    ("I15d", "plan", "UPDATE benefits_recovery SET contested_at = agreed_at - interval '1 year'"),
    ("A4", "stop", "UPDATE lives_stop SET decided_by_id = proposed_by_id"),
    ("A4", "stop", "DELETE FROM lives_contact"),
    ("A4", "instalment", "UPDATE benefits_instalment SET made_at = (SELECT max(decided_at) FROM lives_stop) + interval '1 day'"),
    ("A5", "alias", "UPDATE people_alias SET old_id = person_id"),
    ("A5", "alias", "UPDATE people_alias SET merged_by = found_by"),
    ("A5", "alias", "UPDATE people_alias SET agreed_at = NULL"),
]  # fmt: skip
DEBTS: list[Plant] = [  # charges, plans, refunds, debits, decrees
    ("I6c", "charges of employer", "UPDATE compliance_charge SET settled = settled - 1"),
    ("I6c", "charges of employer", "DELETE FROM payments_allocation WHERE to_charges"),
    ("I6c", "charges receivable", "UPDATE compliance_charge SET amount = amount + 1"),
    ("I6c", "charges receivable", "UPDATE ledger_entry SET account_id = '1010' WHERE account_id = '1110' AND credit > 0"),
    ("I7c", "refund", "UPDATE payments_credithold SET amount = amount + 1"),
    ("I7c", "refund", "UPDATE compliance_matter SET state = 'approved' WHERE kind = 'refund'"),
    ("I7c", "refund", "UPDATE payments_payout SET amount = amount + 1 WHERE kind = 'refund'"),
    ("I10c", "decree number 1", "UPDATE decrees_decree SET cite = 'Decision 100/MOLSW'"),
    ("I13b", "matter", "UPDATE compliance_matter SET decided_by_id = opened_by_id WHERE decided_by_id IS NOT NULL"),
    ("I13b", "matter", "UPDATE compliance_matter SET first_by_id = opened_by_id"),
    ("I13b", "plan", "UPDATE compliance_instalment SET amount = amount + 1"),
    ("I16", "debit", "UPDATE debits_debit SET bank_reference = 'nobody', settled_at = now() - interval '1 hour'"),
    ("I16", "debit", "UPDATE debits_debit SET state = 'refused'"),
    ("I16", "bill", "UPDATE debits_debit SET bill = '0000000000000'"),
]  # fmt: skip


def test_faults_in_the_rooms_of_persons_are_found_and_named(
    found: Overpayment, pension: Award, mother: Actor, chanthy: Actor, vilay: Actor,
    system: Actor, pair: tuple[Person, Person], now: datetime,
) -> None:  # fmt: skip
    """A month was paid too much and is taken back in parts, the pensioner is suspended, and an old number is merged."""
    recover.propose(chanthy, found.id, 200_000, "ເດືອນ 10 ຈ່າຍເກີນ")
    recover.agree(mother, found.id)
    recover.approve(vilay, found.id)
    assert next_month(pension, now, 1) == [800_000]
    months_on = after_pay_day(now, 2)
    suspended(pension, replace(chanthy, at=months_on), replace(vilay, at=months_on))
    first, second = (officer(system, name, Role.REGISTRAR) for name in ("first.desk", "second.desk"))
    made = merge.propose(first, pair[0], pair[1].id)
    merge.paper(first, made.id)
    merge.decide(second, made.id, True)
    assert broken() == {}
    assert missed_faults(PERSONS) == []
    assert broken() == {}


def test_faults_in_the_rooms_of_debts_are_found_and_named(
    rate: None, leave: DebitMandate, bill: Notice, debt: Obligation, bank: Process, kham: Actor, noy: Actor, chan: Actor,
    factory: Employer, now: datetime,
) -> None:  # fmt: skip
    """A bill was drawn, an old month was paid late and too much, the rest went back, and a plan was asked for another."""
    assert draw(announced(bill)).state == "drawn"
    late = collect.ask(noy, factory, [debt.month])
    pays_late(debt, now, int(late.amount) + 9_000_000, days=30)
    declared(kham, noy, factory, debt.month - 1)
    asked = plan.ask(
        noy, factory, 3, "The flood of September took our stock.", plan.preview(factory, 3, noy.today).seal
    )
    plan.decide(chan, asked, True, "We looked into it and agree.")
    matter = refund.ask(noy, factory, Kip(1_000), "We paid the month of July twice.")
    refund.decide(chan, matter, True, "The bank's statement shows both.")
    run_jobs()
    assert broken() == {}
    assert missed_faults(DEBTS) == []
    assert broken() == {}


def test_every_comparison_has_its_planted_fault() -> None:
    planted = {invariant for invariant, _, _ in [*PLANTS, *PERSONS, *DEBTS, *FAMILIES, *FUNDS]}
    assert {proof.invariant for proof in PROOFS} | {"I10b", "I10c"} == planted
