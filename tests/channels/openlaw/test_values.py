"""Every legal value has a name in both languages, its source and its assumption; every assumption has its page."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from pakan.channels.openlaw.chart import chart_of
from pakan.channels.openlaw.groups import (
    WORDS,
    Change,
    Value,
    all_groups,
    benefits_resting_on,
    group,
    resting_on,
    shown,
)
from pakan.law.assumptions import assumptions
from pakan.law.benefits import all_names
from pakan.law.cites import cites as lao_of_cites
from pakan.law.dated import Source
from pakan.law.decision import Sentence
from pakan.operations.law_in_force import built
from pakan.units.money import Kip

OURS = built(0, [])
VALUES = [(name, value) for name in all_groups() for value in group(name, OURS).values]
TODAY = date(2026, 11, 9)
LAO = re.compile(r"[\u0E80-\u0EFF]")


@pytest.mark.parametrize("language", ["lo", "en"])
def test_every_group_shows_every_change_with_its_source(client: Client, db: None, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for name in all_groups():
        page = client.get(f"/law/values/{name}/").content.decode()
        rows = sum(len(value.changes) for value in group(name, OURS).values)
        assert page.count("<tr>") - page.count("<thead><tr>") == rows, name
        for value in group(name, OURS).values:
            assert f'id="v-{value.name}"' in page
            for change in value.changes:
                if change.source.assumption:
                    assert f'href="/law/open/{change.source.assumption}/"' in page


def test_every_value_and_every_worded_value_has_its_lao_and_english() -> None:
    silent = [
        (name, value.name)
        for name, value in VALUES
        if value.title.en == value.name or not LAO.search(value.title.lo)
    ]
    assert silent == []
    texts = {
        str(change.value)
        for _, value in VALUES
        if value.kind == "text"
        for change in value.changes
        if change.value is not None
    }
    assert texts - WORDS["text"].keys() == set()
    assert [text for text, said in WORDS["text"].items() if not LAO.search(said["lo"])] == []


def test_the_split_by_branch_is_shown_to_nobody(client: Client, db: None) -> None:
    assert "branches" not in all_groups()
    assert client.get("/law/values/branches/").status_code == 404
    assert client.get("/api/v1/law/histories/branches").status_code == 404


def test_a_value_says_money_rate_list_and_nothing() -> None:
    told = [("kip", 4_500_000), ("kip", None), ("list", (1, 3)), ("whole", 60), ("text", "half up")]
    assert [shown(kind, value, "en") for kind, value in told] == [  # type: ignore[arg-type]
        "4,500,000 kip", "none", "1, 3", "60", "half a kip is rounded up",
    ]  # fmt: skip
    assert shown("kip", 4_500_000, "lo") == "4.500.000 ກີບ"
    rate = next(value for name, value in VALUES if (name, value.name) == ("enterprise", "worker"))
    assert [shown("rate", rate.changes[-1].value, language) for language in ("lo", "en")] == [
        "5,5 %",
        "5.5 %",
    ]


def test_every_source_of_the_program_has_its_lao(client: Client, db: None) -> None:
    sources = [change.source for _, value in VALUES for change in value.changes]
    cites = {text for source in sources for text in (source.cite, source.note) if text}
    named = lao_of_cites()
    assert cites - named.keys() == set()
    assert [cite for cite, lao in named.items() if not LAO.search(lao)] == []
    assert "ດຳລັດ 207/ນຍ" in client.get("/law/values/enterprise/").content.decode()


# The chart


def value_of(*levels: tuple[int, int | None, str]) -> Value:
    changes = [
        Change(
            None if number is None else Kip(number), Source(date(year, 1, 1), "c", "high", assumption=guess)
        )
        for year, number, guess in levels
    ]
    return Value("v", "kip", Sentence("v", "v"), tuple(changes))


def test_the_chart_steps_up_at_the_day_of_change_and_ends_today() -> None:
    chart = chart_of(value_of((2006, 100, ""), (2016, 200, "A-99")), date(2026, 1, 1))
    assert chart is not None
    low, high = chart.steps
    assert (low.x1, low.x2, high.x1, high.x2) == ("0", "499", "499", "1000")
    assert (low.y, high.y, high.rise) == ("100", "10", "100")
    assert (low.guess, high.guess) == (False, True)
    assert (chart.highest.value, chart.lowest.value) == (200, 100)


def test_where_there_is_no_value_the_line_stops() -> None:
    chart = chart_of(value_of((2006, 100, ""), (2011, None, ""), (2016, 200, "")), date(2026, 1, 1))
    assert chart is not None
    assert [(step.x1, step.x2, step.rise) for step in chart.steps] == [("0", "249", ""), ("499", "1000", "")]


@pytest.mark.parametrize(
    "levels", [[(2006, 100, "")], [(2006, 100, ""), (2010, 100, "")], [(2006, None, "")]]
)
def test_one_level_is_no_chart(levels: list[tuple[int, int | None, str]]) -> None:
    assert chart_of(value_of(*levels), TODAY) is None


def test_charts_stay_inside_their_frame() -> None:
    drawn = [chart for _, value in VALUES if (chart := chart_of(value, TODAY))]
    assert len(drawn) >= 8
    for chart in drawn:
        for step in chart.steps:
            assert 0 <= int(step.x1) <= int(step.x2) <= 1000
            assert 10 <= int(step.y) <= 190


# Assumptions


def test_every_assumption_of_the_law_has_a_page() -> None:
    used = {change.source.assumption for _, value in VALUES for change in value.changes} - {""}
    assert used - assumptions().keys() == set()


@pytest.mark.parametrize("language", ["lo", "en"])
def test_a_page_for_each_number(client: Client, db: None, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    every = client.get("/law/open/").content.decode()
    assert len(assumptions()) >= 61
    for number, about in assumptions().items():
        assert f'href="/law/open/{number}/"' in every
        page = client.get(f"/law/open/{number}/").content.decode()
        for said in (about.title, about.default, about.why, about.settled):
            words = said.lo if language == "lo" else said.en
            assert words.replace('"', "&quot;").replace("'", "&#x27;") in page


def test_the_lao_of_an_assumption_is_lao() -> None:
    parts = [
        getattr(each, name)
        for each in assumptions().values()
        for name in ("title", "default", "why", "settled")
    ]
    assert [
        said.en for said in parts if not LAO.search(said.lo) or LAO.search(said.en.replace("ໝື່ນ and ແສນ", ""))
    ] == []


def test_what_rests_on_an_assumption_is_named(client: Client, db: None) -> None:
    assert ("maternity", "last_miscarriage_month") in {
        (e.group.name, e.value.name) for e in resting_on("A-34", OURS)
    }
    assert benefits_resting_on("A-34", OURS) == ["maternity"]
    assert set(benefits_resting_on("A-24", OURS)) <= set(all_names()) and "maternity" in benefits_resting_on(
        "A-24", OURS
    )
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/law/open/A-34/").content.decode()
    assert 'href="/law/values/maternity/#v-last_miscarriage_month"' in page
    assert 'href="/law/benefit/maternity/"' in page
    assert "No value of the law rests on it." in client.get("/law/open/A-45/").content.decode()


def test_only_addresses_of_the_web_become_links(client: Client, db: None) -> None:
    for name in all_groups():
        links = re.findall(
            r'href="([^"]+)" rel="noreferrer external"', client.get(f"/law/values/{name}/").content.decode()
        )
        assert all(link.startswith(("http://", "https://")) for link in links)
