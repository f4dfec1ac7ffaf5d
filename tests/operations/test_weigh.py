"""What a missing month costs: the law asked twice, on careers whose answers were worked out by hand."""

from datetime import date

from pakan.law.insured import Entry, Insured
from pakan.operations import weigh
from pakan.operations.law_in_force import in_force
from pakan.units.money import Kip
from pakan.units.month import Month

DAY = date(2026, 11, 20)
WAGE = Kip(3_000_000)


def career(*months: Month, sex: str = "f") -> Insured:
    entries = {month: (Entry("1", WAGE, WAGE),) for month in months}
    return Insured(date(1990, 5, 1), sex, entries)  # type: ignore[arg-type]


def with_all(person: Insured, *months: Month) -> Insured:
    for month in months:
        person = weigh.with_month(person, month, "1", "enterprise", WAGE)
    return person


def test_two_months_decide_about_care() -> None:
    """Care lasts three months after the last contribution: August to 30 November, October to 31 January."""
    now = career(*Month(2026, 1).until(Month(2026, 8)))
    was = with_all(now, Month(2026, 9), Month(2026, 10))
    loss = {loss.benefit: loss for loss in weigh.losses(now, was, DAY)}["health"]
    assert (loss.was, loss.now) == (True, True)
    assert (loss.until_now, loss.until_was) == (date(2026, 11, 30), date(2027, 1, 31))


def test_a_first_third_month_opens_sickness() -> None:
    """Sickness asks for three months; with two there is nothing yet."""
    now = career(Month(2026, 8), Month(2026, 9))
    found = {loss.benefit: loss for loss in weigh.losses(now, with_all(now, Month(2026, 10)), DAY)}
    assert found["sickness"].was and not found["sickness"].now
    assert found["sickness"].kip_was > 0 == found["sickness"].kip_now


def test_nothing_is_lost_where_nothing_is_missing() -> None:
    now = career(*Month(2025, 1).until(Month(2026, 10)))
    assert weigh.losses(now, with_all(now, Month(2026, 5)), DAY) == []


def test_a_man_loses_no_maternity() -> None:
    now = career(sex="m")
    was = with_all(now, *Month(2025, 1).until(Month(2026, 10)))
    assert "maternity" not in {loss.benefit for loss in weigh.losses(now, was, DAY)}


def test_the_road_to_the_pension_is_the_laws() -> None:
    road = weigh.road(career(*Month(2017, 7).until(Month(2026, 10))), DAY)
    assert road is not None
    assert (road.months, road.needed, road.left, road.age) == (112, 180, 68, 55)


def test_an_undeclared_month_is_weighed_with_the_wage_before_it() -> None:
    person = Insured(
        date(1990, 5, 1),
        "f",
        {
            Month(2026, 1): (Entry("1", Kip(2_600_000), Kip(2_600_000)),),
            Month(2026, 6): (Entry("1", Kip(4_000_000), Kip(4_000_000)),),
        },
    )
    law = in_force(0)
    assert weigh.usual_wage(person, Month(2026, 3), "enterprise", law) == 2_600_000
    assert weigh.usual_wage(person, Month(2025, 3), "enterprise", law) == 2_600_000
    assert weigh.usual_wage(person, Month(2026, 9), "enterprise", law) == 4_000_000
    assert weigh.usual_wage(career(), Month(2026, 9), "enterprise", law) == 1_250_000


def test_what_the_money_buys_adds_up_to_the_kip() -> None:
    """345,000 = 9 % + 0.5 % + 2 % of 3,000,000 (A-04)."""
    told = {share.branch: share.kip for share in weigh.shares(WAGE, "enterprise", Month(2026, 10), 345_000)}
    assert told == {"rest": 270_000, "work_injury": 15_000, "unemployment": 60_000}
    odd = weigh.shares(3_333_333, "enterprise", Month(2026, 10), 383_333)
    assert sum(share.kip for share in odd) == 383_333
    own = weigh.shares(1_200_000, "voluntary", Month(2026, 10), 108_000)
    assert [(share.branch, share.kip) for share in own] == [("rest", 108_000)]
    assert weigh.shares(WAGE, "public", Month(2026, 10), 495_000) == []
