"""Workers by software: seen, registered with the guard of the pages, and ended; each act once (C66, C67, C88, A5)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from pakan.operations import hire
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.joining.models import HireList, Override
from pakan.registers.people.models import Employer, Employment, Person
from tests.channels.partners.conftest import open_with_mandate
from tests.channels.partners.payroll import Software, key_for
from tests.operations.test_hire import on_record

pytestmark = pytest.mark.django_db
NEW = {
    "given_name": "ດາວເຮືອງ", "family_name": "ພິລາວັນ", "name_latin": "Daoheuang Philavanh", "birth_date": "1994-03-05",
    "sex": "f", "phone": "020 5577 1234", "national_id": "01-223344", "start": "2026-11-02",
}  # fmt: skip
OTHER = {
    "given_name": "ສົມພອນ", "family_name": "ອິນທິລາດ", "birth_date": "1990-12-24", "sex": "m", "start": "2026-11-02",
    "category": "temporary", "until": "2026-12-31",
}  # fmt: skip


def register(software: Software, *rows: dict[str, Any], key: str = "") -> Any:
    return software.send("employees", {"employees": list(rows)}, key)


def faults(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422 and answer.headers["Content-Type"] == "application/problem+json"
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


def rows_of(*tables: str) -> list[int]:
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found.append(cursor.fetchone()[0])
    return found


PEOPLE = (
    "people_person",
    "people_employment",
    "joining_hirelist",
    "joining_override",
    "submissions_submission",
)


# Seen


def test_a_list_in_pages_that_newcomers_do_not_move(
    software: Software, workers: list[Person], factory: Employer
) -> None:
    first = software.ask("employees?limit=5").json()
    assert register(software, NEW).status_code == 201
    second = software.ask(f"employees?limit=5&cursor={first['next']}").json()
    third = software.ask(f"employees?limit=5&cursor={second['next']}").json()
    seen = [one["number"] for page in (first, second, third) for one in page["employees"]]
    assert len(seen) == len(set(seen)) == 13 and third["next"] is None
    assert seen[:12] == [one.number for one in workers]
    assert set(first["employees"][0]) == {
        "number",
        "name",
        "start",
        "end",
        "reason",
        "category",
        "until",
        "state",
    }


def test_who_left_is_asked_for_by_state_and_never_vanishes(
    software: Software, workers: list[Person], now: Any
) -> None:
    gone, ahead = workers[0].number, workers[1].number
    today = date.fromisoformat(software.ask("statement").json()["day"])
    for number, day in ((gone, today - timedelta(days=1)), (ahead, today + timedelta(days=9))):
        left = software.send(f"employees/{number}/leave", {"day": str(day), "reason": "resigned"})
        assert left.status_code == 200, left.content
    states = {
        state: [one["number"] for one in software.ask(f"employees?state={state}").json()["employees"]]
        for state in ("working", "left", "all")
    }
    assert states["left"] == [gone] and ahead in states["working"] and len(states["working"]) == 11
    assert len(states["all"]) == 12
    one = software.ask(f"employees/{gone}").json()
    assert one["state"] == "left" and one["employments"][0]["reason"] == "resigned"
    assert software.ask("employees?state=gone").json()["errors"][0]["pointer"] == "?state"
    assert software.ask(f"employees/{gone}?cursor=1").json()["errors"][0]["code"] == "parameter"


def test_abuse_A13_of_anybody_elses_worker_there_is_nothing(
    software: Software, other_factory: Employer
) -> None:
    stranger = Person.objects.filter(employments__employer=other_factory).order_by("id")[0]
    leave = {"day": "2026-11-02", "reason": "other"}
    before = rows_of(*PEOPLE)
    for number in (stranger.number, "0", "9999999999", "%F0%9F%92%A9"):
        assert software.ask(f"employees/{number}").status_code == 404
        assert software.send(f"employees/{number}/leave", leave).status_code == 404
    assert rows_of(*PEOPLE) == before


# Registered


def test_one_and_many_are_registered_in_one_call(
    software: Software, factory: Employer, system: Actor
) -> None:
    known = on_record(system)
    card = {name: NEW[name] for name in ("given_name", "family_name", "start")} | {"number": known.number}
    made = register(software, card, OTHER)
    assert made.status_code == 201, made.content
    first, second = made.json()["registered"]
    assert (first["number"], first["is_new"], second["is_new"]) == (known.number, False, True)
    person = Person.objects.get(number=second["number"])
    there = Employment.objects.get(person=person, employer=factory)
    assert (there.category, there.until) == ("temporary", date(2026, 12, 31))
    assert software.ask(f"employees/{person.number}").json()["employments"][0]["start"] == "2026-11-02"
    assert HireList.objects.get().finished_at is not None
    assert AuditRow.objects.filter(act="hire.register").count() == 1


def test_every_rows_problem_is_told_at_once_and_nobody_is_registered(
    software: Software, workers: list[Person]
) -> None:
    before = rows_of(*PEOPLE)
    wrong = OTHER | {"birth_date": "2020-01-01", "phone": "12", "until": "2026-01-01", "start": "2027-11-02"}
    here = {name: NEW[name] for name in ("family_name", "start")} | {
        "number": workers[0].number, "given_name": workers[0].given_name, "family_name": workers[0].family_name,
    }  # fmt: skip
    nameless = {"number": workers[1].number, "given_name": "ຄົນ", "family_name": "ອື່ນ", "start": "2026-11-02"}
    answer = register(software, NEW, wrong, NEW, here, nameless, OTHER | {"sex": ""})
    assert faults(answer) == [
        ("/employees/1/start", "start"), ("/employees/1/until", "until"), ("/employees/1/birth_date", "birth_date"),
        ("/employees/1/phone", "phone"), ("/employees/2", "twice"), ("/employees/3", "works_here"),
        ("/employees/4/number", "number"), ("/employees/5/sex", "sex"),
    ]  # fmt: skip
    for one in answer.json()["errors"]:
        assert one["says"]["lo"] != one["says"]["en"] and one["says"]["en"].endswith(".")
    assert workers[1].name not in answer.content.decode(), "a number tells no name"
    assert rows_of(*PEOPLE) == before
    strict = [NEW | {"wage": 1}, NEW | {"start": "02/11/2026"}, NEW | {"sex": "x"}, {}]
    shape = faults(register(software, *strict))
    assert ("/employees/0/wage", "extra_forbidden") in shape and (
        "/employees/3/given_name",
        "missing",
    ) in shape
    assert {at for at, _ in shape} >= {"/employees/1/start", "/employees/2/sex"}


def test_abuse_A5_who_looks_known_is_a_question_that_tells_little(
    software: Software, system: Actor, factory: Employer
) -> None:
    known = on_record(system)
    asked = register(software, NEW, OTHER)
    assert faults(asked) == [("/employees/0", "looks_known")]
    [like] = asked.json()["errors"][0]["like"]
    assert set(like) == {"sign", "name", "year", "masked", "signs", "number"} and like["number"] is None
    assert known.number not in asked.content.decode() and like["masked"].endswith(known.number[-3:])
    assert Person.objects.filter(given_name=OTHER["given_name"]).count() == 0
    assert AuditRow.objects.filter(act="hire.register").count() == 1, "that it was asked is on record"

    for answer in ({"same": "0" * 20}, {"reason": "x"}, {"same": like["sign"], "reason": "ລູກແຝດ"}):
        assert faults(register(software, NEW | {"answer": answer})) in (
            [("/employees/0/answer", "choice")], [("/employees/0/answer", "reason")],
        )  # fmt: skip
    assert faults(register(software, OTHER | {"answer": {"reason": "ລູກແຝດ"}})) == [
        ("/employees/0/answer", "choice")
    ]
    made = register(software, NEW | {"answer": {"same": like["sign"]}}, OTHER)
    assert made.status_code == 201 and made.json()["registered"][0]["number"] == known.number
    again = register(software, NEW)
    assert again.json()["errors"][0]["like"][0]["number"] == known.number, "its own worker it may know"


def test_abuse_A5_an_override_has_a_reason_that_a_registrar_reads(software: Software, system: Actor) -> None:
    known = on_record(system)
    made = register(software, NEW | {"answer": {"reason": "ລູກແຝດ ບັດຄົນລະໃບ"}})
    assert made.status_code == 201 and made.json()["registered"][0]["is_new"]
    noted = Override.objects.get()
    assert noted.like == known and noted.reason == "ລູກແຝດ ບັດຄົນລະໃບ" and noted.person.number != known.number


def test_abuse_A5_a_sign_means_nothing_to_another_company(
    software: Software, other_factory: Employer, system: Actor, as_actor: Callable[..., Actor]
) -> None:
    on_record(system)
    sign = register(software, NEW).json()["errors"][0]["like"][0]["sign"]
    stranger = key_for(as_actor(open_with_mandate(system, "x@example.la", other_factory)), other_factory)[1]
    assert faults(register(stranger, NEW | {"answer": {"same": sign}})) == [("/employees/0/answer", "choice")]


def test_abuse_A5_the_register_cannot_be_asked_through(
    software: Software, administrator: Account, factory: Employer, system: Actor, as_actor: Callable[..., Actor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """After so many persons on record nobody more is told that day, with a key for dry runs as little."""
    monkeypatch.setattr(hire.told, "LIKES", 3)
    on_record(system)
    rehearsing = key_for(as_actor(administrator), factory, practice=True)[1]
    answers = [register(each, NEW) for each in (software, rehearsing, rehearsing, software)]
    assert [one.status_code for one in answers] == [422, 422, 422, 429]
    assert int(answers[3].headers["Retry-After"]) > 3600 and "like" not in answers[3].json()


# Once


def test_a_client_that_retries_everything_twice_registers_and_ends_nobody_twice(
    software: Software, system: Actor, workers: list[Person]
) -> None:
    leave = {"day": "2026-10-31", "reason": "contract_end"}
    path = f"employees/{workers[3].number}/leave"
    calls: list[tuple[str, Any, str]] = [
        ("employees", {"employees": [NEW, OTHER]}, "november-new"), (path, leave, "november-gone"),
    ]  # fmt: skip
    first = [software.send(*call) for call in calls]
    assert [one.status_code for one in first] == [201, 200]
    before = rows_of(*PEOPLE)
    for call, answer in [*zip(calls, first, strict=True)] * 2:
        again = software.send(*call)
        assert (again.status_code, again.content) == (answer.status_code, answer.content)
    assert rows_of(*PEOPLE) == before
    other = software.send("employees", {"employees": [NEW]}, "november-new")
    assert other.status_code == 409 and other.json()["code"] == "other_content"
    lost = register(software, NEW)
    assert faults(lost) == [("/employees/0", "looks_known")], (
        "with another key it is a question, no second person"
    )
    gone = software.send(path, leave)
    assert gone.status_code == 409 and gone.json()["code"] == "not_here"


def test_a_refused_list_leaves_its_idempotency_key_free(software: Software) -> None:
    assert faults(register(software, NEW | {"phone": "1"}, key="november-new"))
    assert register(software, NEW, key="november-new").status_code == 201


def test_a_last_day_that_cannot_be_is_refused(software: Software, workers: list[Person]) -> None:
    for day in ("1950-01-01", "2031-01-01"):
        refused = software.send(f"employees/{workers[0].number}/leave", {"day": day, "reason": "resigned"})
        assert faults(refused) == [("/day", "last_day")]
    wrong = software.send(f"employees/{workers[0].number}/leave", {"day": "2026-10-31", "reason": "vanished"})
    assert faults(wrong) == [("/reason", "literal_error")]


def test_many_leave_in_one_call_or_nobody(software: Software, workers: list[Person]) -> None:
    def row(number: str, day: str = "2026-10-31") -> dict[str, Any]:
        return {"number": number, "day": day, "reason": "contract_end"}

    one, two, three = (worker.number for worker in workers[:3])
    wrong = [row(one), row(one), row("0100000099"), row(two, "1950-01-01"), row("what")]
    assert faults(software.send("leavers", {"leavers": wrong}, "october-leavers")) == [
        ("/leavers/1/number", "leaves_twice"), ("/leavers/2/number", "no_worker_here"),
        ("/leavers/3/day", "last_day"), ("/leavers/4/number", "no_worker_here"),
    ]  # fmt: skip
    assert not Employment.objects.filter(person__in=workers, end__isnull=False).exists(), "nobody left"
    right = {"leavers": [row(one), row(f"{two[:3]} {two[3:]}")]}
    done = software.send("leavers", right, "october-leavers")
    assert done.status_code == 200, "the key of a refused list is free"
    assert [(each["pointer"], each["number"]) for each in done.json()["left"]] == [
        ("/leavers/0", one), ("/leavers/1", two),
    ]  # fmt: skip
    assert software.send("leavers", right, "october-leavers").content == done.content
    ended = Employment.objects.filter(person__in=workers, end__isnull=False)
    assert sorted(ended.values_list("person__number", flat=True)) == sorted([one, two])
    assert AuditRow.objects.filter(act="hire.leave", person_id=workers[0].id).count() == 1
    assert faults(software.send("leavers", {"leavers": [row(one), row(three)]})) == [
        ("/leavers/0/number", "no_worker_here")
    ]
    assert faults(software.send("leavers", {"leavers": []})) == [("/leavers", "too_short")]


def test_a_dry_run_answers_the_same_and_registers_nobody(
    administrator: Account, factory: Employer, software: Software, workers: list[Person], as_actor: Callable[..., Actor]
) -> None:  # fmt: skip
    rehearsing, before = key_for(as_actor(administrator), factory, practice=True)[1], rows_of(*PEOPLE)
    told = register(rehearsing, NEW)
    assert told.status_code == 201 and told.json()["practice"]
    leave = {"day": "2026-10-31", "reason": "retired"}
    assert rehearsing.send(f"employees/{workers[0].number}/leave", leave).json()["state"] == "left"
    assert rows_of(*PEOPLE) == before
    real = register(software, NEW)
    assert real.status_code == 201 and not real.json()["practice"]


def test_abuse_A14_a_key_that_only_reads_registers_and_ends_nobody(
    administrator: Account, factory: Employer, workers: list[Person], as_actor: Callable[..., Actor]
) -> None:
    narrow, before = key_for(as_actor(administrator), factory, ["employees:read"])[1], rows_of(*PEOPLE)
    leave = {"day": "2026-10-31", "reason": "retired"}
    assert register(narrow, NEW).json()["code"] == "scope"
    assert narrow.send(f"employees/{workers[0].number}/leave", leave).status_code == 403
    assert narrow.ask(f"employees/{workers[0].number}").status_code == 200
    assert rows_of(*PEOPLE) == before
