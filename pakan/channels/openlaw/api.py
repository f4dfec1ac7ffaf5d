"""The open interface to the law, /api/v1/law/: no sign-in, no cookie, nothing kept. The rules are the law's own."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Body, Query
from ninja import Path as InPath
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.throttling import BaseThrottle

from pakan.channels.kit.api import DescribedAPI
from pakan.channels.openlaw import schemas
from pakan.channels.openlaw.groups import Group, all_groups, group, shown
from pakan.channels.openlaw.problems import from_shape, problem, seconds_until
from pakan.law.benefits import Benefit, all_names, named
from pakan.law.contributions.explain import explain
from pakan.law.contributions.rule import rates_for, standing
from pakan.law.dated import NoLawYet
from pakan.law.decision import Decision, Sentence, Step
from pakan.law.insured import Insured
from pakan.law.situation import read
from pakan.law.told import read_insured
from pakan.law.vectors import FILES, written
from pakan.law.wrong import Problem, WrongSituation
from pakan.operations.law_in_force import in_force, law_in_force
from pakan.operations.publish import TooOften, count_use
from pakan.registers.access.actor import Actor
from pakan.units.money import KIP_LIMIT, Kip
from pakan.units.month import Month
from pakan.units.rate import Rate
from pakan.units.words import english_date, lao_date

MOST_MONTHS = 2400  # told for one person, all lines together


class PerAddress(BaseThrottle):
    """Counts in our own table. One object serves every thread, so what it found is kept with the request."""

    def allow_request(self, request: HttpRequest) -> bool:
        now = _actor(request).at
        try:
            count_use(request.META.get("REMOTE_ADDR", ""), now)
        except TooOften as fault:
            request.META["PAKAN_RETRY"] = seconds_until(fault.until, now)
            return False
        return True


api = DescribedAPI(
    title="The social security law of Lao PDR",
    version="1",
    description="Value histories, contributions and benefit estimates, each step with its article. Whole kip.",
    urls_namespace="api-law",
    docs_url=None,
    throttle=PerAddress(),
)


def _actor(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def _answers(kind: Any) -> dict[Any, Any]:
    return {200: kind} | dict.fromkeys((400, 404, 422, 429), schemas.ProblemOut)


# Faults


class NoSuchName(Exception):
    """A name that the law does not have."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = ", ".join(allowed)


@api.exception_handler(Throttled)
def too_often(request: HttpRequest, fault: Throttled) -> HttpResponse:
    retry = int(request.META["PAKAN_RETRY"])
    return problem(request, 429, f"Ask again in {retry} seconds.", retry=retry)


@api.exception_handler(ValidationError)
def wrong_shape(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    return problem(request, 422, "Each field is named with what is allowed.", from_shape(fault.errors))


@api.exception_handler(WrongSituation)
def wrong_situation(request: HttpRequest, fault: WrongSituation) -> HttpResponse:
    return problem(request, 422, "Each field is named with what is allowed.", fault.problems)


@api.exception_handler(NoSuchName)
def no_such_name(request: HttpRequest, fault: NoSuchName) -> HttpResponse:
    told = Problem("name", f"ຕ້ອງແມ່ນໜຶ່ງໃນ: {fault.allowed}", f"must be one of: {fault.allowed}")
    return problem(request, 404, "No such name.", [told])


@api.exception_handler(Http404)
def not_there(request: HttpRequest, fault: Http404) -> HttpResponse:
    return problem(request, 404, "No such address.")


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """Ninja raises it for a body that is no JSON."""
    return problem(request, 400, "The body must be JSON in UTF-8.")


# Values


@api.get("histories", response=_answers(schemas.GroupsOut), url_name="histories", operation_id="histories")
def histories(request: HttpRequest) -> Any:
    """The groups of legal values."""
    law = in_force()
    return {"groups": [_group(group(name, law)) for name in all_groups()]}


@api.get(
    "histories/{name}", response=_answers(schemas.HistoryOut), url_name="history", operation_id="history"
)
def history(request: HttpRequest, name: Annotated[str, InPath(max_length=40)]) -> Any:
    """Every value of a group since 2001, each with the text that set it."""
    if name not in all_groups():
        raise NoSuchName(all_groups())
    found = group(name, in_force())
    values = [
        {"name": value.name, "kind": value.kind, "title": _words(value.title),
         "changes": [_change(value.kind, each) for each in value.changes]}
        for value in found.values
    ]  # fmt: skip
    return _group(found) | {"values": values}


def _change(kind: Any, change: Any) -> dict[str, Any]:
    source = change.source
    names = ("cite", "article", "url", "note", "confidence", "assumption")
    value = str(change.value) if isinstance(change.value, Rate) else change.value
    return {name: getattr(source, name) for name in names} | {
        "since": source.date,
        "value": list(value) if isinstance(value, tuple) else value,
        "says": {language: shown(kind, change.value, language) for language in ("lo", "en")},
    }


def _words(said: Sentence) -> dict[str, str]:
    return {"lo": said.lo, "en": said.en}


def _group(found: Group) -> dict[str, Any]:
    return {"name": found.name, "title": _words(found.title), "benefit": found.benefit}


# Contributions


@api.get(
    "contribution",
    response=_answers(schemas.ContributionOut),
    url_name="contribution",
    operation_id="contribution",
)
def contribution(
    request: HttpRequest,
    scheme: schemas.SchemeName,
    wage: Annotated[int, Query(ge=0, le=KIP_LIMIT, description="Whole kip")],
    month: Annotated[str, Query(pattern=schemas.MONTH, description="Such as 2026-10")],
) -> Any:
    """What is owed for one wage and month: each side's share with its steps."""
    of_month, law = Month.parse(month), law_in_force()
    try:
        told = explain(Kip(wage), scheme, of_month, law)
    except NoLawYet as early:
        raise WrongSituation([_not_before("month", early)]) from early
    owed = told.due
    return {
        "scheme": scheme, "month": month, "wage": wage, "insured": owed.insured, "employer": owed.employer,
        "worker": owed.worker, "total": owed.total, "standing": standing(Kip(wage), rates_for(scheme, of_month, law)),
        "assumptions": list(told.assumptions), "steps": _steps(told.steps),
    }  # fmt: skip


def _not_before(field: str, early: NoLawYet) -> Problem:
    day = early.first_day
    return Problem(field, f"ຕ້ອງບໍ່ກ່ອນ {lao_date(day)}", f"must not be before {english_date(day)}")


def _steps(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    """A step whose formula is not known stays with the staff (A-35)."""
    return [each.as_dict() for each in steps if not each.staff_only]


# Benefits


@api.get("benefits", response=_answers(schemas.BenefitsOut), url_name="benefits", operation_id="benefits")
def benefits(request: HttpRequest) -> Any:
    """The benefits by name."""
    law = in_force()
    return {"benefits": [_group(group(name, law)) for name in all_names()]}


@api.get("benefits/{name}", response=_answers(schemas.BenefitOut), url_name="benefit", operation_id="benefit")
def benefit(request: HttpRequest, name: Annotated[str, InPath(max_length=40)]) -> Any:
    """What a benefit asks, which facts it reads and which papers prove them."""
    found = _benefit(name)
    return {
        "name": name, "title": _words(found.title), "event": _words(found.event), "facts": list(found.facts),
        "questions": found.questions, "evidence": found.evidence,
    }  # fmt: skip


def _benefit(name: str) -> Benefit:
    if name not in all_names():
        raise NoSuchName(all_names())
    return named(name)


@api.post(
    "benefits/{name}/estimate",
    response=_answers(schemas.DecisionOut),
    url_name="estimate",
    operation_id="estimate",
)
def estimate(
    request: HttpRequest,
    name: Annotated[str, InPath(max_length=40)],
    told: Annotated[schemas.EstimateIn, Body()],
) -> Any:
    """The law's decision for a situation: conditions, steps, amounts, what is missing and from when."""
    found = _benefit(name)
    person = _checked(found, told)
    try:
        return _decision(found.decide(person, told.answers, told.day))
    except WrongSituation as wrong:
        raise WrongSituation(_placed(wrong, lambda field: _in_question(field, found))) from wrong


def _checked(found: Benefit, told: schemas.EstimateIn) -> Insured:
    """The person. Raises WrongSituation with the problems of the person and of the answers together."""
    problems: list[Problem] = []
    person: Insured | None = None
    try:
        _refuse_too_many(told.person)
        person = read_insured(told.person.told(), law_in_force())
    except WrongSituation as wrong:
        problems += _placed(wrong, lambda field: f"person.{field}")
    try:
        read(found.questions, told.answers)
    except WrongSituation as wrong:
        problems += _placed(wrong, lambda field: f"answers.{field}")
    if person is None or problems:
        raise WrongSituation(problems)
    return person


def _refuse_too_many(person: schemas.PersonIn) -> None:
    months = sum(
        max(0, Month.parse(line.last).number - Month.parse(line.first).number + 1) for line in person.months
    )
    if months > MOST_MONTHS:
        most = Problem("months", f"ຕ້ອງບໍ່ເກີນ {MOST_MONTHS} ເດືອນ", f"must be {MOST_MONTHS} months or less")
        raise WrongSituation([most])


def _placed(wrong: WrongSituation, place: Callable[[str], str]) -> list[Problem]:
    return [Problem(place(each.field), each.lo, each.en) for each in wrong.problems]


def _in_question(field: str, found: Benefit) -> str:
    """'day' is the question's own; the rest belongs to the answers or to the person."""
    if field == "day":
        return field
    return f"answers.{field}" if field in {each.key for each in found.questions} else f"person.{field}"


def _decision(decision: Decision) -> dict[str, Any]:
    told = decision.as_dict()
    kept_back = any(each.staff_only for each in decision.amounts)
    return told | {
        "kept_back": kept_back,
        "steps": _steps(decision.steps),
        "amounts": [each for each in _listed(told["amounts"]) if not each["staff_only"]],
    }


def _listed(parts: object) -> list[dict[str, Any]]:
    return [dict(part) for part in parts] if isinstance(parts, list) else []


# Vectors


@api.get("vectors", response=_answers(schemas.VectorsOut), url_name="vectors", operation_id="vectors")
def vectors(request: HttpRequest) -> Any:
    """Situations with what the law says to them: run your own program against these."""
    return _vectors()


@cache
def _vectors() -> Mapping[str, Any]:
    """The published test vectors, without the amounts whose formula is not known (A-35)."""
    told: dict[str, Any] = json.loads(written()[FILES[0]])
    benefits = [_without_kept_back(case) for case in told["benefits"]]
    return {"contributions": told["contributions"], "due_dates": told["due_dates"], "benefits": benefits}


def _without_kept_back(case: Mapping[str, Any]) -> dict[str, Any]:
    if "refused" in case:
        return dict(case)
    day = date.fromisoformat(case["on"])
    decision = named(case["benefit"]).decide(read_insured(case["person"]), case["given"], day)
    pairs = zip(case["answer"]["amounts"], decision.amounts, strict=True)
    shown = [told for told, amount in pairs if not amount.staff_only]
    return dict(case) | {"answer": case["answer"] | {"amounts": shown}}
