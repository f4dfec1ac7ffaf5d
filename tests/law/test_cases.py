"""Every cases.toml under pakan/law, and the worked examples of the domain."""

import csv
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pakan.law
from pakan.law.calendar.due import due_date
from pakan.law.contributions.explain import explain
from pakan.law.contributions.form import Lines
from pakan.law.contributions.rule import due, rates_for, standing
from pakan.law.surcharges.rule import Terms, surcharge
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.rate import Rate

HOME = Path(pakan.law.__file__).parent
Case = dict[str, Any]


def cases(room: str) -> list[Any]:
    found = tomllib.loads((HOME / room / "cases.toml").read_text(encoding="utf-8"))["case"]
    assert len({case["says"] for case in found}) == len(found)
    return [pytest.param(case, id=case["says"]) for case in found]


def test_every_room_of_the_law_has_its_cases_run_here() -> None:
    assert {path.parent.name for path in HOME.glob("*/cases.toml")} == {
        "calendar",
        "contributions",
        "surcharges",
    }


@pytest.mark.parametrize("case", cases("contributions"))
def test_contributions(case: Case) -> None:
    assert case["source"]
    month, wage, expected = Month.parse(case["month"]), case["given"]["wage"], case["expect"]
    rates = rates_for(case["scheme"], month)
    owed = due(wage, rates)
    stands = standing(wage, rates)
    assert {
        "insured": owed.insured,
        "employer": owed.employer,
        "worker": owed.worker,
        "standing": stands,
    } == expected
    assert explain(wage, case["scheme"], month).due == owed
    column = due(np.array([wage], dtype=np.int64), rates)
    assert [column.insured[0], column.employer[0], column.worker[0]] == [
        owed.insured,
        owed.employer,
        owed.worker,
    ]


@pytest.mark.parametrize("case", cases("calendar"))
def test_due_dates(case: Case) -> None:
    assert case["source"]
    given = case["given"]
    assert due_date(Month.parse(given["month"]), given.get("extra", ())) == case["expect"]["due"]


@pytest.mark.parametrize("case", cases("surcharges"))
def test_surcharges(case: Case) -> None:
    assert case["source"]
    given = case["given"]
    cap = Rate.parse(given["cap"]) if "cap" in given else None
    terms = Terms(Rate.parse(given["rate"]), given["per"], given["grace_days"], cap)
    assert surcharge(given["debt"], given["due"], given["until"], terms) == case["expect"]["surcharge"]


def examples() -> list[Any]:
    with (Path(__file__).parent / "vectors.csv").open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["id"]) for row in csv.DictReader(file)]


def amounts(text: str) -> dict[str, str]:
    return dict(part.split("=") for part in text.split("; "))


@pytest.mark.parametrize("row", examples())
def test_the_worked_examples(row: dict[str, str]) -> None:
    given, area = amounts(row["input"]), row["area"]
    if area == "due date":
        assert str(due_date(Month.parse(given["month"]))) == row["expected"]
        return
    expected = {name: int(value) for name, value in amounts(row["expected"]).items()}
    if area.startswith("form"):
        lines = Lines(*(Kip(int(given[name])) for name in ("line1", "line2", "line3", "line4")))
        assert {"line5": lines.remitted, "amount_due": lines.amount_due} == expected
        return
    scheme = area.split()[1]
    (wage,) = (int(value) for name, value in given.items() if name != "month")
    owed = due(Kip(wage), rates_for(scheme, Month.parse(given["month"])))  # type: ignore[arg-type]
    shown = {"base": owed.insured, "employer": owed.employer, "state": owed.employer, "worker": owed.worker}
    shown |= {"person": owed.worker, "total": owed.total}
    assert {name: shown[name] for name in expected} == expected
