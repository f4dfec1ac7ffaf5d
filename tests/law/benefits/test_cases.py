"""Every cases.toml of the benefits."""

import json
import tomllib
from datetime import date
from typing import Any

import pytest

from pakan.law.benefits import HERE, all_names, named
from pakan.law.decision import Decision, decision_from
from pakan.law.told import read_insured
from pakan.law.wrong import WrongSituation

Case = dict[str, Any]


def cases(name: str) -> list[Case]:
    found: list[Case] = tomllib.loads((HERE / name / "cases.toml").read_text(encoding="utf-8"))["case"]
    assert len({case["says"] for case in found}) == len(found)
    return found


ALL = [pytest.param(name, case, id=f"{name}: {case['says']}") for name in all_names() for case in cases(name)]
READ = {
    "entitled": lambda decision: decision.entitled,
    "lump_sum": lambda decision: decision.kip("lump_sum"),
    "period": lambda decision: decision.kip("period"),
    "monthly": lambda decision: [amount.kip for amount in decision.amounts if amount.kind == "monthly"],
    "ends": lambda decision: [amount.end or "" for amount in decision.amounts],
    "missing": lambda decision: [condition.label for condition in decision.missing],
    "first_day": lambda decision: decision.first_day,
    "confidence": lambda decision: decision.confidence,
    "assumptions": lambda decision: list(decision.assumptions),
}


def decide(name: str, case: Case) -> Decision:
    return named(name).decide(read_insured(case["person"]), case["given"], case["on"])


@pytest.mark.parametrize(("name", "case"), ALL)
def test_a_case(name: str, case: Case) -> None:
    assert case["source"]
    expected = dict(case["expect"])
    if "refused" in expected:
        with pytest.raises(WrongSituation) as refused:
            decide(name, case)
        assert list(refused.value.fields) == expected["refused"]
        return
    decision = decide(name, case)
    told = [note.label for note in decision.notes]
    asked = expected.pop("notes", None)
    assert {key: READ[key](decision) for key in expected} == expected
    assert asked is None or (set(asked) <= set(told) and (asked or not told))
    assert_whole(decision)


def assert_whole(decision: Decision) -> None:
    """What holds for every answer."""
    assert decision_from(json.loads(json.dumps(decision.as_dict()))) == decision
    assert decision.estimate == (decision.confidence != "high" or bool(decision.assumptions))
    assert decision.entitled == (not decision.missing)
    assert decision.entitled or not decision.amounts
    assert all(condition.cite for condition in decision.conditions)
    assert all(step.cite for step in decision.steps)
    for amount in decision.amounts:
        assert amount.kip >= 0
        assert amount.end is None or amount.start is None or amount.end >= amount.start
    for language in ("lo", "en"):
        told = [*decision.as_sentences(language), *(row["text"] for row in decision.as_table(language))]  # type: ignore[arg-type]
        for sentence in told:
            is_lao = any("\u0e80" <= letter <= "\u0eff" for letter in sentence)
            assert is_lao == (language == "lo"), sentence
            assert "{" not in sentence
        assert len(decision.as_table(language)) >= len(decision.conditions) + len(decision.steps)  # type: ignore[arg-type]


def test_every_benefit_has_a_dozen_cases_with_the_days_around_each_change() -> None:
    for name in all_names():
        found = cases(name)
        assert len(found) >= 12
        days = {case["on"] for case in found}
        first = min(case["on"] for case in found if "refused" not in case["expect"])
        assert first in days
        assert any("refused" in case["expect"] for case in found)
        assert any(case["on"] < first for case in found)


def test_an_estimate_is_said_to_be_one_and_a_sure_answer_is_not() -> None:
    sure, unsure = 0, 0
    for param in ALL:
        name, case = param.values
        if not isinstance(name, str) or not isinstance(case, dict) or "refused" in case["expect"]:
            continue
        decision = decide(name, case)
        if decision.entitled:
            said = any("estimate" in sentence for sentence in decision.as_sentences("en"))
            assert said == decision.estimate
            sure, unsure = sure + (not said), unsure + said
    assert sure > 5
    assert unsure > 50


def test_a_member_is_not_told_an_amount_that_rests_on_an_unknown_formula() -> None:
    case = next(case for case in cases("old_age") if "B-26" in case["says"])
    decision = decide("old_age", case)
    assert decision.amounts[0].staff_only
    assert not any("kip" in sentence for sentence in decision.as_sentences("en"))
    assert any("kip" in sentence for sentence in decision.as_sentences("en", staff=True))
    assert decision.first_day == date(2026, 8, 15)
