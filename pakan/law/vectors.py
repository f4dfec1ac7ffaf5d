"""Test vectors for those who write payroll programs: situations, and what the law makes of them, as JSON."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, cast

from pakan.law.benefits import HERE as BENEFITS
from pakan.law.benefits import all_names, named
from pakan.law.calendar.due import due_date
from pakan.law.contributions.explain import explain
from pakan.law.contributions.values import HERE as CONTRIBUTIONS
from pakan.law.told import read_insured
from pakan.law.wrong import WrongSituation
from pakan.units.money import Kip
from pakan.units.month import Month

SCHEMA = Path(__file__).with_name("vectors.schema.json")
FILES = ("law-vectors.json", "law-vectors.schema.json")


def vectors() -> dict[str, Any]:
    """Every contribution case, the due dates of three years, and every benefit case with its answer."""
    return {
        "schema": FILES[1],
        "contributions": [_contribution(case) for case in _cases(CONTRIBUTIONS)],
        "due_dates": [_due(month) for month in Month(2024, 1).until(Month(2026, 12))],
        "benefits": [_benefit(name, case) for name in all_names() for case in _cases(BENEFITS / name)],
    }


def written() -> dict[str, str]:
    """The text of both files, by name."""
    text = json.dumps(vectors(), ensure_ascii=False, indent=1, default=_plain)
    return {FILES[0]: text + "\n", FILES[1]: SCHEMA.read_text(encoding="utf-8")}


def write(folder: Path) -> list[Path]:
    """Both files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in written().items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def _cases(folder: Path) -> list[dict[str, Any]]:
    return cast(
        list[dict[str, Any]], tomllib.loads((folder / "cases.toml").read_text(encoding="utf-8"))["case"]
    )


def _contribution(case: dict[str, Any]) -> dict[str, Any]:
    wage, month = Kip(case["given"]["wage"]), Month.parse(case["month"])
    told = explain(wage, case["scheme"], month)
    owed = {name: int(getattr(told.due, name)) for name in ("insured", "employer", "worker", "total")}
    about = {"says": case["says"], "scheme": case["scheme"], "month": str(month), "wage": wage}
    return about | owed | {"assumptions": list(told.assumptions)}


def _due(month: Month) -> dict[str, Any]:
    return {"month": str(month), "due": due_date(month).isoformat()}


def _benefit(name: str, case: dict[str, Any]) -> dict[str, Any]:
    asked = {name: case[name] for name in ("says", "on", "person", "given")}
    try:
        decision = named(name).decide(read_insured(case["person"]), case["given"], case["on"])
    except WrongSituation as wrong:
        return {"benefit": name} | asked | {"refused": list(wrong.fields)}
    amounts = [
        {"kind": each.kind, "kip": each.kip, "start": each.start, "end": each.end}
        for each in decision.amounts
    ]
    answer = {
        "entitled": decision.entitled,
        "amounts": amounts,
        "missing": [condition.label for condition in decision.missing],
        "first_day": decision.first_day,
        "confidence": decision.confidence,
        "assumptions": list(decision.assumptions),
    }
    return {"benefit": name} | asked | {"answer": answer}


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no JSON form")
