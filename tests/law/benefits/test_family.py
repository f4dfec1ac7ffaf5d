"""Who of a family is covered for care: spouse, children to 18, students to 25 with a proof, three months after a death."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.law.benefits import named
from pakan.law.benefits.health.family import Relative, family_cover
from pakan.law.insured import Entry, Insured, birthday, months_later
from pakan.units.money import Kip
from pakan.units.month import Month

DAY = date(2026, 10, 5)
LAST = date(2026, 12, 31)  # of the insured's own cover: September and three full months
PAID = {Month(2026, 10) - back: (Entry("1", Kip(3_000_000), Kip(3_000_000)),) for back in range(1, 7)}
MOTHER = Insured(date(1980, 5, 1), "f", PAID)
NOBODY = Insured(date(1980, 5, 1), "f")
CHILD = Relative("child", date(2015, 3, 1), date(2015, 3, 1))
STUDENT = Relative("child", date(2006, 3, 1), date(2006, 3, 1), studied_on=(date(2026, 9, 1),))
SPOUSE = Relative("spouse", date(1979, 1, 1), date(2010, 2, 3))
DIED = replace(MOTHER, died=date(2026, 9, 20))

CASES = [
    ("the child of a covered mother, to the end of her cover", CHILD, MOTHER, DAY, LAST, set()),
    ("nobody is covered through one who is not", CHILD, NOBODY, DAY, None, {"months_in_last"}),
    ("the husband in the same way", SPOUSE, MOTHER, DAY, LAST, set()),
    ("on the day of the marriage", replace(SPOUSE, since=DAY), MOTHER, DAY, LAST, set()),
    (
        "the day before the marriage",
        replace(SPOUSE, since=DAY + timedelta(1)),
        MOTHER,
        DAY,
        None,
        {"family_since"},
    ),
    ("on the last day of a marriage", replace(SPOUSE, ended=DAY), MOTHER, DAY, DAY, set()),
    (
        "the day after a divorce",
        replace(SPOUSE, ended=DAY - timedelta(1)),
        MOTHER,
        DAY,
        None,
        {"family_ended"},
    ),
    ("the last day before 18", replace(CHILD, born=date(2008, 10, 6)), MOTHER, DAY, DAY, set()),
    ("on the birthday a proof is needed", replace(CHILD, born=date(2008, 10, 5)), MOTHER, DAY, None, {"study_proof_none"}),
    ("a student with a proof of this year", STUDENT, MOTHER, DAY, LAST, set()),
    (
        "the last day of a proof",
        replace(STUDENT, studied_on=(date(2025, 10, 6),)),
        MOTHER,
        DAY,
        DAY,
        set(),
    ),
    ("a proof of last year", replace(STUDENT, studied_on=(date(2025, 10, 5),)), MOTHER, DAY, None, {"study_proof"}),
    ("a proof dated later", replace(STUDENT, studied_on=(date(2026, 10, 6),)), MOTHER, DAY, None, {"study_proof_none"}),
    ("the newest proof counts", replace(STUDENT, studied_on=(date(2026, 9, 1), date(2024, 9, 1))), MOTHER, DAY, LAST, set()),
    ("the last day before 25", replace(STUDENT, born=date(2001, 10, 6)), MOTHER, DAY, DAY, set()),
    ("at 25 it ends", replace(STUDENT, born=date(2001, 10, 5)), MOTHER, DAY, None, {"student_under"}),
    ("three full months after her death", CHILD, DIED, LAST, LAST, set()),
    ("and not a day longer", CHILD, DIED, LAST + timedelta(1), None, {"after_death"}),
    (
        "whose cover was over at the death leaves none",
        CHILD,
        replace(MOTHER, died=date(2027, 2, 1)),
        date(2027, 2, 20),
        None,
        {"insured_at_death"},
    ),
    ("on the day of the death her own cover counts", CHILD, replace(MOTHER, died=DAY), DAY, LAST, set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("says", "relative", "person", "day", "until", "missing"), CASES, ids=[c[0] for c in CASES]
)
def test_who_is_covered_and_until_when(
    says: str, relative: Relative, person: Insured, day: date, until: date | None, missing: set[str]
) -> None:
    answer = family_cover(relative, person, day)
    assert {each.label for each in answer.missing} == missing
    assert answer.entitled == (until is not None)
    assert [amount.end for amount in answer.amounts] == ([until] if until else [])
    # Each condition is told in both languages and says where it comes from.
    assert all(each.lo and each.en and each.cite for each in answer.conditions)


def test_a_student_rests_on_the_assumption_and_a_younger_child_does_not() -> None:
    assert "A-64" in family_cover(STUDENT, MOTHER, DAY).assumptions
    assert "A-64" not in family_cover(CHILD, MOTHER, DAY).assumptions


def test_the_family_of_a_pensioner_is_covered_as_long_as_it_is_drawn() -> None:
    spouse = family_cover(SPOUSE, NOBODY, DAY, {"draws": "pension"})
    child = family_cover(CHILD, NOBODY, DAY, {"draws": "pension"})
    assert [(each.label, each.end) for each in spouse.amounts] == [("family_with_benefit", None)]
    assert [(each.label, each.end) for each in child.amounts] == [("family_covered", date(2033, 2, 28))]


def test_another_law_can_be_rehearsed() -> None:
    block = {"date": date(2026, 1, 1), "cite": "Decree", "confidence": "high", "child_age": 20}
    history = named("health").with_blocks([block])
    grown = replace(STUDENT, born=date(2007, 3, 1), studied_on=())
    assert not family_cover(grown, MOTHER, DAY).entitled
    assert family_cover(grown, MOTHER, DAY, history=history).entitled


DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))
RELATIVES = st.builds(
    Relative,
    st.sampled_from(["spouse", "child"]),
    st.dates(date(1990, 1, 1), date(2026, 1, 1)),
    DAYS,
    st.none() | DAYS,
    st.lists(DAYS, max_size=3).map(tuple),
)
MONTHS = st.sets(st.integers(0, 60), max_size=30)


@given(RELATIVES, MONTHS, DAYS, st.none() | DAYS)
def test_no_relative_is_covered_without_the_insured_nor_longer(
    relative: Relative, back: set[int], day: date, died: date | None
) -> None:
    last = Month(2026, 9) if died is None else min(Month(2026, 9), Month.of(died))
    paid = {last - each: (Entry("1", Kip(3_000_000), Kip(3_000_000)),) for each in back}
    person = Insured(date(1965, 5, 1), "f", paid, died=died)
    answer = family_cover(relative, person, day)
    if not answer.entitled:
        assert answer.missing and not answer.amounts
        return
    (until,) = [amount.end for amount in answer.amounts]
    assert until is not None and until >= day
    own = named("health").decide(person, {}, day)
    assert own.entitled
    assert until <= max((each.end for each in own.amounts if each.end), default=until)
    assert relative.since <= day and (relative.ended is None or until <= relative.ended)
    if died is not None and died < day:
        assert until <= (Month.of(died) + 3).last
    if relative.relation == "child":
        assert until < birthday(relative.born, 25)
        grown = until >= birthday(relative.born, 18)
        assert not grown or any(on <= day and until < months_later(on, 12) for on in relative.studied_on)
    # And it is a day that holds: asked again on it, the answer is yes.
    assert family_cover(relative, person, until).entitled or any(
        day < on <= until for on in relative.studied_on
    )
