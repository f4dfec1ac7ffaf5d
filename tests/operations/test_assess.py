"""From the record to the law: what the member's simulator answers is what the law answers, to the kip."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pakan.law.benefits import named
from pakan.law.decision import decision_from
from pakan.law.insured import Entry, Insured, insured_wage
from pakan.law.told import read_insured
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


EMPLOYERS = {
    ("0451201", "enterprise"): Employer(id=1, code="0451201", scheme="enterprise"),
    ("0777702", "enterprise"): Employer(id=2, code="0777702", scheme="enterprise"),
    ("0100001", "public"): Employer(id=3, code="0100001", scheme="public"),
}
ASKED: list[tuple[str, dict[str, object]]] = [
    ("maternity", {"leave_days": 105}),
    ("sickness", {"cause": "other", "wage_stopped": True, "certificate": True}),
    ("unemployment", {"cause": "closed", "exit_certificate": True, "fit": True, "unemployed_days": 40}),
    ("old_age", {"scheme": "last"}),
    ("health", {"draws": "nothing"}),
]
LAST = Month(2026, 10)


def _careers(count: int) -> Iterator[tuple[date, str, list[tuple[Month, Employer, int, bool]]]]:
    """Invented careers, the same ones each time: with gaps, two employers in a month, and months not yet paid."""
    dice = Random(1508)
    employers = list(EMPLOYERS.values())
    for _ in range(count):
        lines = []
        for ahead in range(dice.choice([3, 8, 14, 30, 60])):
            if dice.random() < 0.12:
                continue
            for employer in dice.sample(employers, 2 if dice.random() < 0.1 else 1):
                lines.append(
                    (LAST - ahead, employer, dice.randrange(500_000, 12_000_000), dice.random() < 0.93)
                )
        yield (
            date(1966 + dice.randrange(40), 1 + dice.randrange(12), 1 + dice.randrange(28)),
            dice.choice("fm"),
            lines,
        )


def test_simulator_interface_and_law_give_the_same_kip_for_10_000_careers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C27: the record, a told JSON and the law's own words lead to one and the same decision."""
    on_record: dict[str, list[object]] = {}
    monkeypatch.setattr(assess, "declared_for", lambda _: on_record["declared"])
    monkeypatch.setattr(assess, "statement", lambda _: on_record["posted"])
    monkeypatch.setattr(assess, "drawn_by", lambda *_: [])  # nothing was drawn before
    day, entitled = (LAST + 1).first, 0
    for place, (born, sex, lines) in enumerate(_careers(10_000)):
        name, told = ASKED[place % len(ASKED)]
        insured = {line: insured_wage(Kip(line[2]), line[1].scheme, line[0]) for line in lines}  # type: ignore[arg-type]
        facts = [
            SimpleNamespace(
                month=month,
                employer=employer,
                scheme=employer.scheme,
                wage=Kip(wage),
                insured=insured[month, employer, wage, paid],
            )
            for month, employer, wage, paid in lines
        ]
        on_record["declared"] = list(facts)
        on_record["posted"] = [fact for fact, line in zip(facts, lines, strict=True) if line[3]]
        simulated = assess.estimate(Person(id=1, birth_date=born, sex=sex), name, told, day)
        by_interface = named(name).decide(read_insured(_as_json(born, sex, lines)), told, day)
        months: dict[Month, list[Entry]] = {}
        for line in lines:
            month, employer, wage, paid = line
            entry = Entry(employer.code, Kip(wage), insured[line], paid, employer.scheme)  # type: ignore[arg-type]
            months.setdefault(month, []).append(entry)
        by_law = named(name).decide(Insured(born, sex, {m: tuple(e) for m, e in months.items()}), told, day)  # type: ignore[arg-type]
        assert simulated == by_interface == by_law, (name, born, lines)
        entitled += by_law.entitled
    assert 2_000 < entitled < 9_000  # the careers really reach both answers


def _as_json(born: date, sex: str, lines: list[tuple[Month, Employer, int, bool]]) -> dict[str, object]:
    told = {
        "born": born.isoformat(),
        "sex": sex,
        "months": [
            {
                "month": str(month),
                "employer": employer.code,
                "wage": wage,
                "paid": paid,
                "scheme": employer.scheme,
            }
            for month, employer, wage, paid in lines
        ],
    }
    read: dict[str, object] = json.loads(json.dumps(told))
    return read
