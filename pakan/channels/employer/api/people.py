"""The key itself; and employees: who works and worked at the company, new workers, and workers who leave."""

from datetime import date
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from ninja import Body, Query

from pakan.channels.employer.api import schemas
from pakan.channels.employer.api.calls import Cursor, Id, Limit, OnceKey, acts, paged, reads, refused
from pakan.channels.employer.api.door import Asking, Done, Once, too_often
from pakan.channels.employer.api.faults import Fault, Place, newcomer_place, place
from pakan.operations import apikeys, hire
from pakan.operations.apikeys import Caller
from pakan.registers.access.models import ApiKey
from pakan.registers.people.models import Employment
from pakan.units.number import WrongNumber, clean_person_number

Scope = ApiKey.Scope
State = Annotated[Literal["working", "left", "all"], Query(description="On today's date")]

refused(
    hire.Refused,
    lambda why: Fault("wrong", [place("/day", "last_day")]) if why.code == "day" else Fault(why.code),
)


@reads("key", "key", schemas.KeyOut, *Scope.values)
def key(request: Asking) -> Any:
    """What this key may do, for whom, and until when."""
    caller = request.auth
    employer = caller.employer
    return {
        "name": caller.key.name,
        "begins_with": caller.key.prefix,
        "scopes": sorted(caller.scopes),
        "expires_at": caller.key.expires_at,
        "practice": caller.practises,
        "dry_run": caller.key.is_practice,
        "employer": employer.code,
        "employer_name": {"lo": employer.name_lo, "en": employer.name_en or employer.name_lo},
    }


@reads("employees", "employees", schemas.EmployeesOut, Scope.EMPLOYEES_READ, Scope.EMPLOYEES_WRITE)
def employees(request: Asking, state: State = "working", cursor: Cursor = "", limit: Limit = 100) -> Any:
    """Who works at the company now, who left, or all; who left and came back stands there twice."""
    today = request.auth.actor.today
    gone = Q(end__lt=today)
    found = Employment.objects.filter(
        {"working": ~gone | Q(end=None), "left": gone, "all": Q()}[state], employer=request.auth.employer
    )
    rows, cut = paged(found.select_related("person"), cursor, limit, newest_first=False)
    people = [{"number": row.person.number, "name": row.person.name} | _stretch(row, today) for row in rows]
    return {"employees": people, "next": cut}


def _stretch(one: Employment, today: date) -> dict[str, Any]:
    return {
        "start": one.start,
        "end": one.end,
        "reason": one.end_reason,
        "category": one.category,
        "until": one.until,
        "state": "left" if one.end and one.end < today else "working",
    }


@reads("employees/{number}", "employee", schemas.OneEmployeeOut, Scope.EMPLOYEES_READ, Scope.EMPLOYEES_WRITE)
def employee(request: Asking, number: Id) -> Any:
    """One of the company's own workers, of today or of before, with each stay."""
    return _one(request.auth, number)


def _clean(number: str) -> str:
    """The number as it is kept; '' for what is none."""
    try:
        return clean_person_number(number)
    except WrongNumber:
        return ""


def _stays(caller: Caller, number: str) -> list[Employment]:
    """Of a worker of the company, the newest first; of anybody else there is nothing."""
    found = Employment.objects.filter(employer=caller.employer, person__number=_clean(number)).select_related(
        "person"
    )
    if not (stays := list(found.order_by("-start", "-id"))):
        raise Http404
    return stays


def _one(caller: Caller, number: str) -> dict[str, Any]:
    stays = [(one, _stretch(one, caller.actor.today)) for one in _stays(caller, number)]
    person = stays[0][0].person
    return {
        "number": person.number,
        "name": person.name,
        "name_latin": person.name_latin,
        "state": "working" if any(told["state"] == "working" for _, told in stays) else "left",
        "employments": [told for _, told in stays],
    }


@acts("employees", "register_employees", schemas.RegisteredAllOut, Scope.EMPLOYEES_WRITE)
def register_employees(request: Asking, told: Annotated[schemas.NewEmployeesIn, Body()], key: OnceKey) -> Any:
    """Register one new worker or many (forms 1-02 and 1-04): all of them, or nobody and every row's problem at once."""
    caller, lines = request.auth, []

    def act() -> Done | None:
        outcome = hire.register(caller.actor, caller.employer, [_row(one) for one in told.employees],
                                [hire.Answer(one.answer.same, one.answer.reason) for one in told.employees])  # fmt: skip
        lines.extend(outcome.lines)
        if not outcome.people:
            return None
        body = {"practice": caller.practises, "registered": _registered(outcome)}
        return (
            201,
            reverse("api-employer:employees"),
            schemas.RegisteredAllOut.model_validate(body).model_dump_json(),
        )

    answer = Once(caller, key, "employees", told.model_dump_json().encode()).do(act)
    if answer is None:
        _tell_likes(request, lines)
        raise Fault("wrong", [each for at, line in enumerate(lines) for each in _problems(caller, at, line)])
    return answer


def _row(one: schemas.NewEmployeeIn) -> dict[str, str]:
    """As a file or a form would have written it."""
    return {name: str(value or "") for name, value in one.model_dump(exclude={"answer"}).items()}


def _registered(outcome: hire.Outcome) -> list[dict[str, Any]]:
    return [
        {
            "pointer": f"/employees/{at}",
            "number": person.number,
            "name": person.name,
            "is_new": line["choice"] != "same",
            "start": line["facts"]["start"],
        }
        for at, (line, person) in enumerate(zip(outcome.lines, outcome.people, strict=True))
    ]


def _tell_likes(request: Asking, lines: list[dict[str, Any]]) -> None:
    try:
        hire.count_likes(request.auth.employer, lines, request.auth.actor.at)
    except apikeys.TooOften as often:
        raise too_often(request, often) from often


def _problems(caller: Caller, at: int, line: dict[str, Any]) -> list[Place]:
    """What is wrong with one row, or the question whether it is somebody on record."""
    here = f"/employees/{at}"
    if line["problems"]:
        return [newcomer_place(here, code) for code in line["problems"]]
    if hire.is_ready(line):
        return []
    like = [one | {"sign": hire.sign_of(caller.employer, one["id"])} for one in line["like"]]
    shown = [{name: one[name] for name in schemas.LikeOut.model_fields} for one in like]
    return [place(here, "looks_known", like=shown)]


@acts("employees/{number}/leave", "leave", schemas.OneEmployeeOut, Scope.EMPLOYEES_WRITE, made=(200,))
def leave(request: Asking, number: Id, told: Annotated[schemas.LeaveIn, Body()], key: OnceKey) -> Any:
    """A worker leaves (form 1-07): the last day and the reason. The stay ends and remains on record."""
    caller = request.auth
    once = Once(caller, key, f"leave {number}", told.model_dump_json().encode())
    clean = _stays(caller, number)[0].person.number

    def act() -> Done:
        hire.leave(caller.actor, caller.employer, clean, told.day, told.reason)
        body = schemas.OneEmployeeOut(**_one(caller, clean)).model_dump_json()
        return 200, reverse("api-employer:employee", kwargs={"number": clean}), body

    return once.do(act)


WRONG_LEAVER = {
    "twice": ("number", "leaves_twice"),
    "not_here": ("number", "no_worker_here"),
    "day": ("day", "last_day"),
}


@acts("leavers", "leave_all", schemas.LeftAllOut, Scope.EMPLOYEES_WRITE, made=(200,))
def leave_all(request: Asking, told: Annotated[schemas.LeaversIn, Body()], key: OnceKey) -> Any:
    """Many workers leave (form 1-07): all of them, or nobody and every row's problem at once."""
    caller, problems = request.auth, []

    def act() -> Done | None:
        leavers = [hire.Leaver(_clean(one.number), one.day, one.reason) for one in told.leavers]
        problems.extend(hire.leave_all(caller.actor, caller.employer, leavers))
        if problems:
            return None
        body = {"practice": caller.practises, "left": _left(caller, leavers)}
        text = schemas.LeftAllOut.model_validate(body).model_dump_json()
        return 200, reverse("api-employer:employees"), text

    answer = Once(caller, key, "leavers", told.model_dump_json().encode()).do(act)
    if answer is None:
        raise Fault("wrong", [_wrong_leaver(at, code) for at, code in problems])
    return answer


def _wrong_leaver(at: int, code: str) -> Place:
    field, says = WRONG_LEAVER[code]
    return place(f"/leavers/{at}/{field}", says)


def _left(caller: Caller, leavers: list[hire.Leaver]) -> list[dict[str, Any]]:
    numbers = [one.number for one in leavers]
    there = Employment.objects.filter(employer=caller.employer, person__number__in=numbers)
    names = {one.person.number: one.person.name for one in there.select_related("person")}
    return [
        {"pointer": f"/leavers/{at}", "number": one.number, "name": names[one.number], "end": one.day,
         "reason": one.reason}
        for at, one in enumerate(leavers)
    ]  # fmt: skip
