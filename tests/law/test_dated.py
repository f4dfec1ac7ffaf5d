from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.law.dated import History, NoLawYet, WrongHistory, dated
from pakan.units.money import Kip
from pakan.units.rate import Rate


@dataclass(frozen=True, slots=True)
class Toll:
    """Invented."""

    rate: Rate
    ceiling: Kip | None
    per: Literal["day", "month"]
    months: tuple[int, ...] = (1,)
    age: int | None = None


FIRST: dict[str, object] = {
    "date": date(2001, 1, 1), "cite": "Text A", "confidence": "high", "rate": "5 %", "ceiling": 100, "per": "day",
}  # fmt: skip


def block(**values: object) -> dict[str, object]:
    return {"date": date(2010, 1, 1), "cite": "Text B", "confidence": "low"} | values


def test_values_carry_forward_and_keep_their_source() -> None:
    tolls = History(Toll, [FIRST, block(ceiling="none", article="7", assumption="A-99", months=[1, 3])])
    before, after = tolls.on(date(2009, 12, 31)), tolls.on(date(2010, 1, 1))
    assert before == Toll(Rate.parse("5 %"), Kip(100), "day")
    assert after == Toll(Rate.parse("5 %"), None, "day", (1, 3))
    assert tolls.sources("rate", date(2020, 1, 1)).cite == "Text A"
    source = tolls.sources("ceiling", date(2020, 1, 1))
    assert (source.cite, source.article, source.confidence, source.assumption) == (
        "Text B",
        "7",
        "low",
        "A-99",
    )
    assert [sorted(found.values) for found in tolls.blocks] == [
        ["ceiling", "per", "rate"],
        ["ceiling", "months"],
    ]
    with pytest.raises(FrozenInstanceError):
        after.per = "month"  # type: ignore[misc]


def test_a_day_before_the_first_has_no_law() -> None:
    with pytest.raises(NoLawYet) as caught:
        History(Toll, [FIRST]).on(date(2000, 12, 31))
    assert caught.value.first_day == date(2001, 1, 1)


def test_several_texts_may_begin_on_one_day() -> None:
    first = {name: value for name, value in FIRST.items() if name != "ceiling"}
    ceiling = {"date": date(2001, 1, 1), "cite": "Text C", "confidence": "medium", "ceiling": 7}
    tolls = History(Toll, [first, ceiling])
    assert tolls.on(date(2001, 1, 1)).ceiling == 7
    assert tolls.sources("ceiling", date(2001, 1, 1)).cite == "Text C"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ([], "no block"),
        ([{**FIRST, "speed": 5}], "unknown names"),
        ([{name: value for name, value in FIRST.items() if name != "rate"}], "nothing says"),
        ([FIRST, block()], "no value"),
        ([FIRST, block(rate="5,5 %")], "not a rate"),
        ([FIRST, block(rate=5.5)], "not a rate"),
        ([FIRST, block(ceiling=5.0)], "whole numbers"),
        ([FIRST, block(ceiling=-5)], "below zero"),
        ([FIRST, block(ceiling=True)], "whole numbers"),
        ([FIRST, block(per="week")], "one of"),
        ([FIRST, block(per="none")], "one of"),
        ([FIRST, block(rate="none")], "not a rate"),
        ([FIRST, block(months=[1, -3])], "below zero"),
        ([FIRST, block(months=3)], "list"),
        ([FIRST, block(age="12")], "whole number"),
        ([FIRST, block(ceiling=5, cite=" ")], "citation"),
        ([FIRST, block(ceiling=5, cite=5)], "citation"),
        ([FIRST, block(ceiling=5, confidence="sure")], "confidence"),
        ([FIRST, block(ceiling=5, date=None)], "without a date"),
        ([FIRST, block(ceiling=5), block(ceiling=6)], "twice"),
    ],
)
def test_a_history_that_cannot_be_trusted_is_refused(raw: list[Mapping[str, object]], reason: str) -> None:
    with pytest.raises(WrongHistory, match=reason):
        History(Toll, raw)


def test_a_file_holds_blocks_only(tmp_path: Path) -> None:
    file = tmp_path / "toll.toml"
    text = '[[since]]\ndate = 2001-01-01\ncite = "A"\nconfidence = "high"\nrate = "5 %"\nceiling = 1\nper = "day"\n'
    file.write_text(text, encoding="utf-8")
    assert dated(Toll, file).on(date(2001, 1, 1)).ceiling == 1
    extra = [block(ceiling=9, date="2011-05-01")]
    assert dated(Toll, file, extra).on(date(2011, 5, 1)).ceiling == 9
    file.write_text(text + "[other]\nx = 1\n", encoding="utf-8")
    with pytest.raises(WrongHistory, match="only"):
        dated(Toll, file)


CHANGES = st.dictionaries(st.integers(1, 9000), st.one_of(st.integers(0, 10**9), st.just("none")), max_size=8)


@given(CHANGES, st.randoms(use_true_random=False), st.integers(0, 9100))
def test_on_any_day_the_latest_change_counts(changes: dict[int, object], shuffle: object, asked: int) -> None:
    start = date(2001, 1, 1)
    extra = [block(date=start + timedelta(days=after), ceiling=value) for after, value in changes.items()]
    shuffle.shuffle(extra)  # type: ignore[attr-defined]
    tolls = History(Toll, [FIRST]).with_blocks(extra)
    past = [after for after in changes if after <= asked]
    expected = changes[max(past)] if past else 100
    day = start + timedelta(days=asked)
    assert tolls.on(day).ceiling == (None if expected == "none" else expected)
    assert tolls.with_blocks([block(age=5, date=date(2090, 1, 1))]).on(day) == tolls.on(day)
