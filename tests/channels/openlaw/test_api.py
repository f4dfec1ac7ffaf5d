"""The open interface: the law's own answers, its schema kept, every fault as problem details, and a limit."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as some

from pakan.channels.openlaw.examples import EXAMPLES, Example
from pakan.channels.openlaw.groups import all_groups
from pakan.law.benefits import all_names, named
from pakan.law.contributions.rule import due, rates_for
from pakan.law.told import read_insured
from pakan.operations import publish
from pakan.units.money import KIP_LIMIT, Kip
from pakan.units.month import Month
from tests.channels.openlaw.shape import faults

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/law/"
BIRTH: dict[str, Any] = {
    "day": "2026-10-05",
    "person": {
        "born": "1990-05-01",
        "sex": "f",
        "months": [{"from": "2025-10", "to": "2026-09", "wage": 4_000_000}],
    },
    "answers": {"leave_days": 105},
}


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "MOST", 10**9)


def ask(client: Client, path: str, body: Any = None) -> Any:
    if body is None:
        return client.get(ROOT + path)
    return client.post(ROOT + path, json.dumps(body), content_type="application/json")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    from pakan.channels.openlaw.api import api

    return json.loads(json.dumps(api.get_openapi_schema(path_prefix=ROOT)))  # type: ignore[no-any-return]


@pytest.fixture
def keeps_its_word(described: dict[str, Any]) -> Callable[[Any, str, str], None]:
    """An answer has the status, the content type and the shape that the description says."""

    def check(answer: Any, method: str, path: str) -> None:
        responses = described["paths"][ROOT + path][method]["responses"]
        assert str(answer.status_code) in responses, (answer.status_code, answer.content[:300])
        content = responses[str(answer.status_code)]["content"]
        kind = answer.headers["Content-Type"].split(";")[0]
        assert kind in content
        assert faults(answer.json(), content[kind]["schema"], described["components"]) == []

    return check


# Answers


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.path)
def test_the_examples_run_as_they_stand(
    client: Client, example: Example, keeps_its_word: Callable[[Any, str, str], None]
) -> None:
    with override("en"):
        command = example.command(f"http://testserver{ROOT}")
    found = re.fullmatch(r"curl '([^']+)'(?: \\\n -H '([^']+)' \\\n -d '([^']+)')?", command)
    assert found
    answer = (
        client.post(found[1].removeprefix("http://testserver"), found[3], content_type="application/json")
        if found[3]
        else client.get(found[1].removeprefix("http://testserver"))
    )
    assert answer.status_code == 200
    place = re.sub(r"\?.*", "", example.path)
    place = re.sub(r"^(benefits|histories)/\w+", r"\1/{name}", place)
    keeps_its_word(answer, "post" if found[3] else "get", place)
    with override("en"):
        shown = client.get("/law/developers/").content.decode()
    assert example.path.replace("&", "&amp;") in shown


def test_the_developer_page_has_no_other_address(client: Client) -> None:
    shown = client.get("/law/developers/").content.decode()
    assert "cdn" not in shown.lower()
    # The name of SVG itself is no address that anybody asks.
    addresses = set(re.findall(r"https?://[\w.]+", shown)) - {"http://www.w3.org"}
    assert all("testserver" in address for address in addresses)


def test_the_estimate_is_the_law_of_the_same_situation(client: Client) -> None:
    told = ask(client, "benefits/maternity/estimate", BIRTH).json()
    ours = named("maternity").decide(read_insured(BIRTH["person"]), BIRTH["answers"], date(2026, 10, 5))
    assert told["entitled"] and told["estimate"] and told["assumptions"] == list(ours.assumptions)
    assert {each["kind"]: each["kip"] for each in told["amounts"]} == {
        "lump_sum": 2_400_000,
        "period": 11_200_000,
    }
    assert [each["result"] for each in told["steps"]] == [
        step.result for step in ours.steps if not step.staff_only
    ]
    assert [each["lo"] for each in told["conditions"]] == [each.lo for each in ours.conditions]


def test_what_is_missing_names_its_day(client: Client) -> None:
    late = BIRTH | {
        "person": BIRTH["person"] | {"months": [{"from": "2026-02", "to": "2026-09", "wage": 4_000_000}]}
    }
    told = ask(client, "benefits/maternity/estimate", late).json()
    assert (told["entitled"], told["missing"], told["first_day"]) == (False, ["months"], "2026-11-01")
    assert told["amounts"] == []


def test_a_formula_that_is_not_known_is_kept_back(client: Client) -> None:
    person = {"born": "1966-08-15", "sex": "m",
              "months": [{"from": "2011-08", "to": "2026-07", "wage": 3_000_000}]}  # fmt: skip
    told = ask(
        client, "benefits/old_age/estimate", {"day": "2026-08-15", "person": person, "answers": {}}
    ).json()
    ours = named("old_age").decide(read_insured(person), {}, date(2026, 8, 15))
    kept = [each for each in (*ours.amounts, *ours.steps) if each.staff_only]
    assert told["entitled"]
    assert "staff_only" not in json.dumps(told)
    assert {each.label for each in kept}.isdisjoint(
        each["label"] for each in (*told["amounts"], *told["steps"])
    )


@trying(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    scheme=some.sampled_from(["enterprise", "public", "voluntary"]),
    wage=some.integers(0, KIP_LIMIT) | some.integers(0, 10_000_000),
    month=some.integers(0, 400),
)
def test_a_contribution_is_the_laws_to_the_kip(
    client: Client, scheme: Any, wage: int, month: int, keeps_its_word: Callable[[Any, str, str], None]
) -> None:
    of_month = Month(2014, 1) + month
    told = ask(client, f"contribution?scheme={scheme}&wage={wage}&month={of_month}")
    keeps_its_word(told, "get", "contribution")
    owed, found = due(Kip(wage), rates_for(scheme, of_month)), told.json()
    names = ("insured", "employer", "worker", "total")
    assert [found[name] for name in names] == [getattr(owed, name) for name in names]
    assert found["employer"] + found["worker"] == found["total"]


def test_every_history_and_benefit_keeps_its_word(
    client: Client, keeps_its_word: Callable[[Any, str, str], None]
) -> None:
    listed = ask(client, "histories").json()["groups"]
    assert [each["name"] for each in listed] == list(all_groups())
    for name in all_groups():
        keeps_its_word(ask(client, f"histories/{name}"), "get", "histories/{name}")
    for name in all_names():
        answer = ask(client, f"benefits/{name}")
        keeps_its_word(answer, "get", "benefits/{name}")
        assert [each["key"] for each in answer.json()["questions"]] == [
            each.key for each in named(name).questions
        ]


def test_the_vectors_hold_against_the_interface(client: Client) -> None:
    """A vendor who runs the published cases against the published interface gets what they say."""
    told = ask(client, "vectors").json()
    assert len(told["contributions"]) >= 10 and len(told["due_dates"]) >= 12
    for case in told["contributions"]:
        found = ask(client, "contribution?scheme={scheme}&wage={wage}&month={month}".format_map(case)).json()
        assert {name: found[name] for name in case.keys() - {"says"}} == {
            name: case[name] for name in case.keys() - {"says"}
        }, case["says"]
    assert {case["benefit"] for case in told["benefits"]} == set(all_names())
    for case in told["benefits"]:
        body = {"day": case["on"], "person": case["person"], "answers": case["given"]}
        answer = ask(client, f"benefits/{case['benefit']}/estimate", body)
        if case["refused"] is not None:
            assert answer.status_code == 422, case["says"]
            continue
        assert answer.status_code == 200, (case["says"], answer.json())
        for name in ("entitled", "missing", "first_day", "confidence", "assumptions"):
            assert answer.json()[name] == case["answer"][name], (case["says"], name)
        amounts = [
            {name: each[name] for name in ("kind", "kip", "start", "end")}
            for each in answer.json()["amounts"]
        ]
        assert amounts == case["answer"]["amounts"], case["says"]
    pensions = [case for case in told["benefits"] if case["benefit"] == "old_age" and case["answer"]]
    assert any(case["answer"]["entitled"] and not case["answer"]["amounts"] for case in pensions)


# Faults


def fields(answer: Any) -> list[str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert all(each["allowed"]["lo"] and each["allowed"]["en"] for each in told["errors"])
    return [each["field"] for each in told["errors"]]


def test_all_faults_of_a_query_at_once(client: Client) -> None:
    answer = ask(client, "contribution?scheme=private&wage=-1&month=2026-13")
    assert answer.status_code == 422
    assert fields(answer) == ["scheme", "wage", "month"]
    told = {each["field"]: each["allowed"]["en"] for each in answer.json()["errors"]}
    assert "'enterprise', 'public' or 'voluntary'" in told["scheme"]
    assert (told["wage"], told["month"]) == ("must be 0 or more", "must be a month such as 2026-10")


def test_a_month_before_the_first_law(client: Client) -> None:
    answer = ask(client, "contribution?scheme=public&wage=1&month=2013-12")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "field": "month",
            "allowed": {"lo": "ຕ້ອງບໍ່ກ່ອນ 1 ມັງກອນ 2014", "en": "must not be before 1 January 2014"},
        }
    ]


def test_all_faults_of_a_shape_at_once(client: Client) -> None:
    body = {
        "day": 0,
        "person": {
            "born": "1990-02-30",
            "sex": "x",
            "months": [{"from": "2026-13", "to": "2026-09", "wage": 2.5}],
        },
        "answers": {"leave_days": [1]},
        "more": 1,
    }
    answer = ask(client, "benefits/maternity/estimate", body)
    assert answer.status_code == 422
    assert set(fields(answer)) == {
        "day", "person.born", "person.sex", "person.months[0].from", "person.months[0].wage",
        "answers.leave_days", "more",
    }  # fmt: skip


def test_all_faults_of_a_situation_at_once(client: Client) -> None:
    body = BIRTH | {
        "person": BIRTH["person"] | {"months": [{"from": "2026-05", "to": "2026-01", "wage": 1}]},
        "answers": {"leave_days": 999, "claimant": "aunt", "shoes": 2},
    }
    answer = ask(client, "benefits/maternity/estimate", body)
    assert answer.status_code == 422
    assert set(fields(answer)) == {
        "person.months[0].to",
        "answers.leave_days",
        "answers.claimant",
        "answers.shoes",
    }


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "1989-01-01"}, "day"),
        ({"person": BIRTH["person"] | {"died": "1980-01-01"}}, "person.died"),
        ({"person": BIRTH["person"] | {"months": [{"from": "1999-01", "to": "2026-09", "wage": 1}]}},
         "person.months[0].from"),
        ({"person": BIRTH["person"] | {"months": [{"from": "2002-01", "to": "2199-12", "wage": 1}] * 2}},
         "person.months"),
    ],
)  # fmt: skip
def test_a_situation_that_cannot_be_names_its_field(
    client: Client, changed: dict[str, Any], field: str
) -> None:
    answer = ask(client, "benefits/maternity/estimate", BIRTH | changed)
    assert answer.status_code == 422
    assert field in fields(answer)


def test_a_day_before_a_text_is_refused_and_names_its_first_day(client: Client) -> None:
    body = {
        "day": "2011-03-01",
        "person": {"born": "1950-01-01", "sex": "m"},
        "answers": {"draws": "pension"},
    }
    answer = ask(client, "benefits/health/estimate", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["allowed"]["en"] == "must not be before 27 June 2018"


def test_names_that_do_not_exist(client: Client) -> None:
    for answer in (
        ask(client, "histories/nothing"),
        ask(client, "benefits/nothing"),
        ask(client, "benefits/nothing/estimate", BIRTH),
    ):
        assert answer.status_code == 404
        assert fields(answer) == ["name"]
        assert "maternity" in answer.json()["errors"][0]["allowed"]["en"]


@pytest.mark.parametrize("body", ["{", "", "\xff", '{"day": NaN}', "[]", "null", "7", '"x"'])
def test_what_is_no_question_is_said_so(client: Client, body: str) -> None:
    answer = client.post(f"{ROOT}benefits/maternity/estimate", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    fields(answer)


def test_a_deep_body_is_refused(client: Client) -> None:
    answer = client.post(f"{ROOT}benefits/maternity/estimate", "[" * 100_000, content_type="application/json")
    assert answer.status_code == 400
    fields(answer)


# The rest


def test_no_cookie_is_set_and_no_other_origin_is_let_in(client: Client) -> None:
    answer = client.get(f"{ROOT}histories", headers={"origin": "https://example.test"})
    assert not answer.cookies
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_it_needs_no_token_against_forgery_because_it_knows_nobody() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert ask(strict, "benefits/maternity/estimate", BIRTH).status_code == 200


def test_an_address_that_asks_too_often_is_told_when(
    client: Client, monkeypatch: pytest.MonkeyPatch, keeps_its_word: Callable[[Any, str, str], None]
) -> None:
    monkeypatch.setattr(publish, "MOST", 3)
    monkeypatch.setattr(publish, "WITHIN", timedelta(seconds=90))
    answers = [ask(client, "histories") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    keeps_its_word(answers[-1], "get", "histories")
    assert fields(answers[-1]) == []
    assert 80 <= int(answers[-1].headers["Retry-After"]) <= 90
    other = client.get(f"{ROOT}histories", REMOTE_ADDR="203.0.113.7")
    assert other.status_code == 200


def test_the_description_names_every_address(client: Client, described: dict[str, Any]) -> None:
    answer = client.get(f"{ROOT}openapi.json")
    assert answer.status_code == 200
    assert answer.json()["paths"].keys() == described["paths"].keys()
    assert set(described["paths"]) == {
        f"{ROOT}{path}"
        for path in ("histories", "histories/{name}", "contribution", "benefits", "benefits/{name}",
                     "benefits/{name}/estimate", "vectors")
    }  # fmt: skip


# Whatever is sent

json_values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=12),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
rarely = some.integers(0, 29).map(lambda chance: chance == 0)


def nearly(right: Any, wrong: Any) -> Any:
    """Mostly right, so that the law is reached; sometimes wrong."""
    return rarely.flatmap(lambda is_wrong: wrong if is_wrong else right)


def days_from(first: int, last: int) -> Any:
    right = some.dates(date(first, 1, 1), date(last, 12, 31))
    wrong = some.dates(date(1899, 1, 1), date(2110, 1, 1)).map(date.isoformat) | some.sampled_from(
        ["", "2026-02-30"]
    )
    return nearly(right.map(date.isoformat), wrong)


def months_from(first: int, last: int) -> Any:
    right = some.builds("{}-{:02d}".format, some.integers(first, last), some.integers(7, 12))
    return nearly(right, some.sampled_from(["2026-13", "1999-01", "2000-00", "10/2026", "2035-12"]))


lines = some.fixed_dictionaries(
    {"from": months_from(2001, 2014), "to": months_from(2014, 2030),
     "wage": nearly(some.integers(0, 10**7), some.integers(-1, KIP_LIMIT + 1)), "insured": some.integers(0, 5_000_000)},
    optional={"paid": some.booleans(), "scheme": some.sampled_from(["enterprise", "public", "voluntary"]),
              "employer": some.text(max_size=5)},
)  # fmt: skip
days = days_from(1985, 2030)
sexes = nearly(some.sampled_from(["f", "m"]), some.just("x"))
flags = some.booleans()
people = some.fixed_dictionaries(
    {"born": days_from(1935, 1984), "sex": sexes, "months": some.lists(lines, max_size=3)},
    optional={
        "died": days_from(2031, 2032),
        "family": some.fixed_dictionaries({}, optional={
            "spouse": some.fixed_dictionaries({"born": days_from(1935, 2000), "sex": sexes}, optional={"invalid": flags}),
            "children": some.lists(some.fixed_dictionaries({"born": days}, optional={"student": flags}), max_size=3),
            "parents": some.lists(some.fixed_dictionaries({"born": days_from(1900, 1934), "sex": sexes}), max_size=2),
        }),
        "memberships": some.lists(some.fixed_dictionaries(
            {"scheme": some.just("public"), "start": days},
            optional={"end": days_from(2031, 2032), "hazardous": flags}), max_size=2),
        "events": some.lists(some.fixed_dictionaries({"benefit": some.just("unemployment"), "start": days}), max_size=2),
    },
)  # fmt: skip


@some.composite
def situations(draw: some.DrawFn, name: str) -> dict[str, Any]:
    """Nearly right: the questions of the benefit, with answers at and beyond their bounds."""
    kinds: dict[str, Any] = {"day": days, "yes_no": flags, "kip": some.integers(0, KIP_LIMIT)}
    answers = {}
    for question in named(name).questions:
        if question.kind == "choice":
            right: Any = some.sampled_from([choice.key for choice in question.choices])
        elif question.kind == "whole":
            right = some.integers(question.least, question.most)
        else:
            right = kinds[question.kind]
        if question.required or draw(flags):
            answers[question.key] = draw(nearly(right, some.just("no such")))
    first = draw(some.sampled_from([2004, 2019, 2019, 2026]))
    return {"day": draw(days_from(first, 2030)), "person": draw(people), "answers": answers}


@trying(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=some.data())
def test_no_situation_breaks_it(
    client: Client, data: some.DataObject, keeps_its_word: Callable[[Any, str, str], None]
) -> None:
    name = data.draw(some.sampled_from(all_names()))
    answer = ask(client, f"benefits/{name}/estimate", data.draw(situations(name)))
    keeps_its_word(answer, "post", "benefits/{name}/estimate")


@trying(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=json_values, name=some.sampled_from(all_names()))
def test_no_json_breaks_it(
    client: Client, body: Any, name: str, keeps_its_word: Callable[[Any, str, str], None]
) -> None:
    answer = client.post(f"{ROOT}benefits/{name}/estimate", json.dumps(body), content_type="application/json")
    keeps_its_word(answer, "post", "benefits/{name}/estimate")


@trying(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    scheme=some.text(max_size=12),
    wage=some.text(max_size=25) | some.integers().map(str),
    month=some.text(max_size=9),
)
def test_no_query_breaks_it(
    client: Client, scheme: str, wage: str, month: str, keeps_its_word: Callable[[Any, str, str], None]
) -> None:
    answer = client.get(f"{ROOT}contribution", {"scheme": scheme, "wage": wage, "month": month})
    keeps_its_word(answer, "get", "contribution")


@trying(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=some.text(min_size=1, max_size=60).filter(lambda text: "/" not in text and text not in (".", ".."))
)
def test_no_name_breaks_it(
    client: Client, name: str, keeps_its_word: Callable[[Any, str, str], None]
) -> None:
    from urllib.parse import quote

    answer = client.get(f"{ROOT}histories/{quote(name)}")
    if answer.headers["Content-Type"].startswith("text/html"):
        assert answer.status_code == 404  # a line break is no part of an address
    else:
        keeps_its_word(answer, "get", "histories/{name}")
