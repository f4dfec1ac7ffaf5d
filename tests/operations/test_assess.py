"""From the record to the law: what the member's simulator answers is what the law answers, to the kip."""

from collections.abc import Callable
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pakan.law.benefits import named
from pakan.law.decision import decision_from
from pakan.law.insured import Entry, Insured, insured_wage
from pakan.operations import assess, collect
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.people.models import Employer, Person
from pakan.units.money import Kip
from pakan.units.month import Month
from tests.operations.test_main_job import pay, payment, sign, wage_list


def test_paid_months_count_and_declared_ones_wait(
    preparer: Account, approver: Account, factory: Employer, workers: list[Person], open_month: Month,
    as_actor: Callable[..., Actor], now: datetime,
) -> None:  # fmt: skip
    one, two = as_actor(preparer), as_actor(approver)
    for ahead, month in enumerate((open_month - 4).until(open_month)):
        sign(one, two, wage_list(one, factory, month, key=f"k-{month}"))
        if month != open_month:
            notice = collect.ask(two, factory, [month])
            pay(now, payment(notice, notice.amount, number=f"FT-{ahead}"))
    seen = assess.insured_of(workers[0])
    assert list(seen.paid) == (open_month - 4).until(open_month - 1)
    assert seen.unpaid == {open_month}
    expected = Insured(
        workers[0].birth_date,
        workers[0].sex,  # type: ignore[arg-type]
        {
            month: (
                Entry(
                    factory.code,
                    Kip(3_000_000),
                    insured_wage(Kip(3_000_000), "enterprise", month),
                    month != open_month,
                ),
            )
            for month in (open_month - 4).until(open_month)
        },
    )
    day = (open_month + 1).first
    for benefit in ("health", "unemployment"):
        told = {
            question.key: _some_answer(question) for question in named(benefit).questions if question.required
        }
        mine = assess.estimate(workers[0], benefit, told, day)
        assert mine == named(benefit).decide(expected, told, day)
        assert decision_from(mine.as_dict()) == mine


def _some_answer(question: object) -> object:
    kind, choices = question.kind, question.choices  # type: ignore[attr-defined]
    if kind == "choice":
        return choices[0].key
    return {"yes_no": True, "whole": question.least, "kip": 0}.get(kind)  # type: ignore[attr-defined]


@settings(max_examples=300, deadline=None)
@given(
    wages=st.lists(st.integers(0, 20_000_000), min_size=1, max_size=60),
    gap=st.integers(0, 12),
    months=st.integers(0, 24),
)
def test_a_career_told_twice_gives_the_same_kip(wages: list[int], gap: int, months: int) -> None:
    """Written to JSON and read back, as the API and the record do, a decision does not change by a kip."""
    last = Month(2026, 10) - gap
    career = {
        last - ahead: (Entry("0451201", Kip(wage), insured_wage(Kip(wage), "enterprise", last - ahead)),)
        for ahead, wage in enumerate(wages)
    }
    person = Insured(Month(1985, 1).first, "f", career)
    again = Insured(Month(1985, 1).first, "f", dict(reversed(career.items())))
    day = (last + months).first
    decision = named("health").decide(person, {}, day)
    assert decision == named("health").decide(again, {}, day) == decision_from(decision.as_dict())
