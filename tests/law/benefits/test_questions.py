"""Questions and papers follow from what was told: nobody is asked what makes no sense, or what is known (C33)."""

import datetime as dt

import pytest

from pakan.law.benefits import all_names, named
from pakan.law.insured import Insured
from pakan.law.situation import Evidence, read
from pakan.law.wrong import WrongSituation


def keys(parts: object) -> list[str]:
    return [part.key for part in parts]  # type: ignore[attr-defined]


def test_a_mother_is_not_asked_about_a_wife_nor_for_a_marriage_certificate() -> None:
    maternity = named("maternity")
    asked = keys(maternity.asked({"claimant": "mother"}))
    assert "wife_has_occupation" not in asked and "leave_days" in asked
    assert keys(maternity.papers({"claimant": "mother", "leave_days": 105})) == ["birth", "leave"]


def test_a_father_is_not_asked_about_leave_and_still_gets_an_answer() -> None:
    maternity = named("maternity")
    told = {"claimant": "father", "wife_has_occupation": False}
    assert "leave_days" not in keys(maternity.asked(told))
    assert keys(maternity.papers(told)) == ["birth", "marriage"]
    assert read(maternity.questions, told).whole("leave_days") == 0
    person = Insured(born=dt.date(1990, 1, 1), sex="m")
    assert maternity.decide(person, told, dt.date(2026, 10, 1)).benefit == "maternity"


def test_a_mother_without_an_answer_about_leave_is_told_so() -> None:
    with pytest.raises(WrongSituation) as caught:
        read(named("maternity").questions, {"claimant": "mother"})
    assert [problem.field for problem in caught.value.problems] == ["leave_days"]


def test_a_lost_pregnancy_asks_for_no_children() -> None:
    maternity = named("maternity")
    assert "children" not in keys(maternity.asked({"pregnancy_months": 4}))
    assert "pregnancy_days" in keys(maternity.asked({"pregnancy_months": 5}))
    assert "pregnancy_days" not in keys(maternity.asked({}))


def test_what_the_state_holds_is_named_and_not_asked() -> None:
    held = {(name, paper.key) for name in all_names() for paper in named(name).evidence if paper.held_lo}
    assert held == {("sickness", "claim"), ("health", "card"), ("health", "account"), ("old_age", "identity")}


@pytest.mark.parametrize("name", all_names())
def test_every_condition_names_a_question_and_answers_that_it_can_have(name: str) -> None:
    benefit = named(name)
    questions = {question.key: question for question in benefit.questions}
    for part in (*benefit.questions, *benefit.evidence):
        for key, answers in (*part.when, *part.unless):
            for answer in answers:
                assert read((questions[key],), {key: answer}).as_dict() == {key: answer}
        if isinstance(part, Evidence):
            assert bool(part.held_lo) == bool(part.held_en)
