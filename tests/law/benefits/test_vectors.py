"""The worked examples of the domain (B-01 to B-27), each from its own figures."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pakan.law.benefits import named
from pakan.law.decision import Decision
from pakan.law.insured import Child, Entry, Family, Insured, Membership, Parent, Sex, Spouse
from pakan.units.money import Kip, dotted
from pakan.units.month import Month

DAY = date(2026, 10, 5)
Given = dict[str, str]


def worker(
    wage: int, months: int = 12, sex: Sex = "f", born: date = date(1960, 1, 1), before: date = DAY,
    scheme: Any = "enterprise", **more: Any,
) -> Insured:  # fmt: skip
    first = Month.of(before) - months
    entry = Entry("1", Kip(wage), Kip(wage), True, scheme)
    return Insured(born, sex, {first + ahead: (entry,) for ahead in range(months)}, **more)


def given(row: dict[str, str]) -> Given:
    parts = [part.split("=", 1) for part in row["input"].split("; ")]
    return {part[0]: part[1] if len(part) > 1 else "" for part in parts}


def sickness(told: Given) -> Decision:
    answers = {"cause": "work", "wage_stopped": True, "certificate": True}
    return named("sickness").decide(worker(int(told["W6"])), answers, DAY)


def maternity(told: Given) -> Decision:
    answers = {
        "leave_days": int(told.get("leave_days", 30)),
        "children": int(told.get("children", 1)),
        "pregnancy_months": int(told.get("pregnancy_months", 9)),
    }
    return named("maternity").decide(
        worker(int(told.get("W6", 1)), int(told.get("months_paid", 12))), answers, DAY
    )


def invalidity(told: Given) -> Decision:
    return named("invalidity").decide(worker(int(told["wage"])), {"category": int(told["category"])}, DAY)


def survivors(told: Given) -> Decision:
    spouse = Spouse(date(1965, 1, 1), "f") if "spouse" in told else None
    children = (Child(date(2015, 1, 1)), Child(date(2018, 1, 1)))[: int(told.get("children", 0))]
    parents = (Parent(date(1938, 1, 1), "m"), Parent(date(1939, 1, 1), "f"))[: int(told.get("parents", 0))]
    if "months_paid_by_deceased" in told:
        children = (Child(date(2015, 1, 1)),)
    months = int(told.get("months_paid_by_deceased", 60))
    person = worker(
        int(told.get("wage", 1)), months, family=Family(spouse, children, parents), died=DAY, sex="m"
    )
    return named("survivors").decide(person, {}, DAY)


def death(told: Given, who: str = "insured") -> Decision:
    months = int(told["years"]) * 12 if "years" in told else int(told.get("months_paid", 12))
    wage = int(told.get("wage", told.get("wage_of_insured", 0)))
    return named("death").decide(worker(wage, months), {"who_died": who, "certificate": True}, DAY)


def unemployment(told: Given) -> Decision:
    cause = "resigned" if told.get("cause") == "own resignation" else "closed"
    answers = {"cause": cause, "exit_certificate": True, "fit": True, "unemployed_days": 30}
    return named("unemployment").decide(worker(int(told.get("W6", 1))), answers, DAY)


def public(told: Given, **answers: object) -> Decision:
    day = date.fromisoformat(told["date"])
    years = int(told.get("service_years", told.get("years", 0)))
    age = int(told.get("age", 45))
    start = date(day.year - years, day.month, day.day)
    person = worker(
        int(told.get("last_salary", 3_000_000)), 24, "m", date(day.year - age, day.month, day.day), day, "public",
        memberships=(Membership("public", start),),
    )  # fmt: skip
    return named("old_age").decide(person, answers, day)


def enterprise(told: Given) -> Decision:
    born = date.fromisoformat(told["born"])
    age = 60 if told["sex"] == "m" else 55
    day = born.replace(year=born.year + age)
    sex: Sex = "m" if told["sex"] == "m" else "f"
    return named("old_age").decide(worker(3_000_000, int(told["months_paid"]), sex, born, day), {}, day)


def cover(told: Given) -> Decision:
    last = Month.parse(told["last_paid_month"])
    return named("health").decide(worker(1, 12, before=(last + 1).first), {}, (last + 2).first)


def monthly(decision: Decision, place: int = 0) -> str:
    assert decision.entitled
    return f"{[each.kip for each in decision.amounts if each.kind == 'monthly'][place]} per month"


def lump(decision: Decision) -> str:
    assert decision.entitled
    return str(decision.kip("lump_sum"))


def refused(decision: Decision, label: str) -> str:
    assert [condition.label for condition in decision.missing] == [label]
    return "not entitled"


def birth(decision: Decision) -> str:
    return f"lump_sum={decision.kip('lump_sum')}; leave_benefit={decision.kip('period')}"


def family(decision: Decision) -> str:
    spouse, *children = [amount.kip for amount in decision.amounts]
    assert len(set(children)) == 1
    return f"spouse={spouse}; each_child={children[0]}; total={decision.kip('monthly')}"


def early_only(told: Given) -> str:
    told = told | {"date": "2025-06-01"}
    normal, early = public(told), public(told, wants_early=True)
    assert not normal.entitled
    assert early.entitled
    points = next(note for note in early.notes if note.label == "points_lost").en.split()[0]
    assert next(note for note in normal.notes if note.label == "early_open").en.endswith(
        f"{points} points less."
    )
    return f"not entitled by the normal rule; early only, with {points} points less (shortfall rule)"


def short_of_months(told: Given) -> str:
    decision = enterprise(told)
    months = next(condition for condition in decision.missing if condition.label == "months")
    age = next(condition for condition in decision.conditions if condition.label == "age")
    assert isinstance(months.needed, int)
    assert isinstance(months.found, int)
    return f"age reached {age.met_from}; {months.needed - months.found} months missing"


ANSWERS: dict[str, Callable[[Given], str]] = {
    "B-01": lambda told: monthly(sickness(told)),
    "B-02": lambda told: monthly(sickness(told), 1),
    **{number: lambda told: birth(maternity(told)) for number in ("B-03", "B-04")},
    "B-05": lambda told: refused(maternity(told), "months"),
    "B-06": lambda told: "entitled" if maternity(told).entitled else "not entitled",
    **{f"B-{number:02d}": lambda told: monthly(invalidity(told)) for number in range(7, 13)},
    "B-13": lambda told: family(survivors(told)),
    "B-14": lambda told: refused(survivors(told), "months"),
    "B-15": lambda told: f"{survivors(told).kip('monthly')} together",
    "B-16": lambda told: lump(death(told)),
    "B-17": lambda told: lump(death(told)),
    "B-18": lambda told: lump(death(told, "spouse")),
    "B-19": lambda told: lump(death(told, "child")),
    "B-20": lambda told: monthly(unemployment(told)),
    "B-21": lambda told: refused(unemployment(told), "cause"),
    "B-22": lambda told: lump(public(told, leaves_service=True)),
    "B-23": lambda told: "entitled" if public(told).entitled else "not entitled",
    "B-24": early_only,
    "B-25": lambda told: f"covered until {cover(told).amounts[0].end}",
    "B-26": lambda told: f"first day of right {enterprise(told).first_day}",
    "B-27": short_of_months,
}


def rows() -> list[dict[str, str]]:
    with (Path(__file__).parent / "vectors.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_a_worked_example(row: dict[str, str]) -> None:
    assert ANSWERS[row["id"]](given(row)) == row["expected"]


def test_every_worked_example_is_tried() -> None:
    assert [row["id"] for row in rows()] == sorted(ANSWERS)


def test_amounts_are_said_with_points() -> None:
    said = sickness({"W6": "3000000"}).as_sentences("lo")
    assert any(dotted(2_400_000) in sentence for sentence in said)
