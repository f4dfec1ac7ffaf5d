"""What the addresses have in common: how one is declared, its pages, and how a refusal of the verbs is told."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from ninja import Header, Query
from ninja import Path as InPath

from pakan.channels.employer.api import faults, schemas
from pakan.channels.employer.api.api import api
from pakan.channels.employer.api.door import Key
from pakan.channels.employer.api.faults import Fault, place

View = TypeVar("View", bound=Callable[..., Any])
READ_FAULTS = (400, 401, 403, 404, 405, 422, 429)  # 405: an {id} may be the name of another address
ACT_FAULTS = (409, 413, 415, 503)
Cursor = Annotated[str, Query(max_length=40, description="What the page before gave as next")]
Limit = Annotated[int, Query(ge=1, le=500)]
Id = Annotated[str, InPath(max_length=64)]
OnceKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        description="Yours: the same one with the same content has the first answer again",
    ),
]


def reads(path: str, name: str, gives: Any, *scopes: str) -> Callable[[View], View]:
    """A GET at `path` for a key with one of the scopes; `name` is that of the operation and of the address."""
    return _told(api.get, path, name, {200: gives}, READ_FAULTS, scopes)


def acts(
    path: str, name: str, gives: Any, *scopes: str, made: tuple[int, ...] = (201,)
) -> Callable[[View], View]:
    """A POST, which takes an Idempotency-Key; `made`: what it answers when it is done."""
    return _told(api.post, path, name, dict.fromkeys(made, gives), READ_FAULTS + ACT_FAULTS, scopes)


def reads_by_post(path: str, name: str, gives: Any, *scopes: str) -> Callable[[View], View]:
    """A POST that changes nothing: what is asked about is too long for an address."""
    return _told(api.post, path, name, {200: gives}, (*READ_FAULTS, 413, 415), scopes)


def removes(path: str, name: str, *scopes: str) -> Callable[[View], View]:
    return _told(api.delete, path, name, {204: None}, READ_FAULTS, scopes)


def _told(
    method: Any, path: str, name: str, done: dict[int, Any], wrong: tuple[int, ...], scopes: tuple[str, ...]
) -> Callable[[View], View]:
    answers = done | dict.fromkeys(sorted(wrong), schemas.ProblemOut)
    declared: Callable[[View], View] = method(
        path, response=answers, url_name=name, operation_id=name, auth=Key(*scopes)
    )
    return declared


def refused(kind: type[Exception], fault: Callable[[Any], Fault]) -> None:
    """How a refusal of the verbs is told, at whatever address it comes up."""
    api.add_exception_handler(kind, lambda request, why: faults.answer(fault(why)))


def after(cursor: str) -> int | None:
    if not cursor:
        return None
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise Fault("wrong", [place("?cursor", "cursor")])
    return int(cursor)


def paged(found: Any, cursor: str, limit: int, *, newest_first: bool = True) -> tuple[list[Any], str | None]:
    """A page by id, and the cursor of the next. Rows that are added meanwhile move nothing."""
    before = after(cursor)
    if before is not None:
        found = found.filter(id__lt=before) if newest_first else found.filter(id__gt=before)
    rows = list(found.order_by("-id" if newest_first else "id")[: limit + 1])
    return rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None
