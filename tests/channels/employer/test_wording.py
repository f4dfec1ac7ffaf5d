"""Every problem that the check can find is said in Lao and in English, with what to do."""

import inspect
import re
from typing import Any, get_args

import pytest
from django.utils.translation import override

from pakan.channels.employer import wording
from pakan.operations.declare import check, mend, read, sign
from pakan.units.money import NotKipCode

FACTS: dict[str, Any] = {
    "error": "#REF!",
    "row": 7,
    "floor": 2_500_000,
    "lowest": 1_250_000,
    "ceiling": 4_500_000,
    "percent": 139,
    "before": 4_100_000,
    "age": 13,
    "known": True,
    "number": "0100000011",
    "months": 12,
}


def problem(code: str, level: str = "error", **facts: Any) -> dict[str, Any]:
    return {"code": code, "level": level, "field": "wage", "facts": FACTS | facts, "mends": []}


def lao_letters(text: str) -> int:
    return len(re.findall("[\u0e80-\u0eff]", text))


@pytest.mark.parametrize("code", sorted(wording.PROBLEMS))
def test_a_problem_is_a_whole_sentence_in_both_languages(code: str) -> None:
    with override("en"):
        english = wording.whole(problem(code))
    with override("lo"):
        lao = wording.whole(problem(code))
    assert english.endswith(".") and "%" not in wording.sentence_of(problem(code))
    assert lao_letters(english) == 0
    assert lao_letters(lao) > 10 and lao != english


def test_every_problem_of_the_check_has_its_words() -> None:
    source = inspect.getsource(check)
    said = set(re.findall(r'problem\(\s*"(\w+)"', source)) | set(
        re.findall(r'_closest\(line, "(\w+)"', source)
    )
    amounts = {"wage_formula_text" if code == "formula" else f"wage_{code}" for code in get_args(NotKipCode)}
    assert said | amounts == set(wording.PROBLEMS)


def test_every_refusal_has_its_words() -> None:
    source = "".join(inspect.getsource(module) for module in (mend, read, sign))
    codes = set(re.findall(r'(?:code = |MonthRefused\(|ValueError\(|codes\.append\()"(\w+)"', source)) - {
        "refused"
    }
    assert codes and codes <= set(wording.REFUSALS)
    with override("lo"):
        assert all(lao_letters(wording.refusal_words(code)) > 5 for code in codes)


def test_an_unknown_refusal_still_says_what_to_do() -> None:
    with override("en"):
        assert wording.refusal_words("something new").startswith("This could not be done.")


def test_amounts_are_written_as_the_language_writes_them() -> None:
    with override("en"):
        assert "4,500,000 kip" in wording.sentence_of(problem("over_ceiling"))
    with override("lo"):
        assert "4.500.000 ກີບ" in wording.sentence_of(problem("over_ceiling"))


def test_a_jump_says_up_or_down() -> None:
    with override("en"):
        assert wording.label_of(problem("wage_jump")) == "up 139 %"
        assert wording.label_of(problem("wage_jump", percent=-60)) == "down 60 %"


def test_an_answer_is_told_to_whoever_signs() -> None:
    with override("en"):
        told = wording.sentence_of(problem("under_floor", "note", answered=True, reason="part_time"))
        assert told.endswith("Confirmed: works part-time.")
        assert wording.answer_of(problem("wage_jump", "note", answered=True, reason="")) == "Confirmed."


@pytest.mark.parametrize(
    ("mend_of", "says"),
    [
        ({"act": "wage", "value": 3_200_000}, "Use 3,200,000"),
        ({"act": "number", "value": "0199312270", "name": "ສຸພາພອນ"}, "It is ສຸພາພອນ, 01 9931 2270"),
        ({"act": "leave_out", "value": ""}, "Leave the row out"),
        ({"act": "add_up", "value": 7}, "Add both wages up"),
        ({"act": "register", "value": ""}, "Register as new"),
        ({"act": "confirm", "value": ""}, "Confirm"),
    ],
)
def test_a_button_says_what_it_does(mend_of: dict[str, Any], says: str) -> None:
    with override("en"):
        assert wording.mend_label(mend_of) == says


@pytest.mark.parametrize(
    ("days", "says"),
    [(6, "6 days left"), (1, "1 day left"), (0, "due today"), (-1, "1 day late"), (-40, "40 days late")],
)
def test_days_until_the_due_date(days: int, says: str) -> None:
    with override("en"):
        assert wording.days_left(days) == says
