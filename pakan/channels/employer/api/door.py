"""How a program comes in: its key, what the key may do, JSON read strictly, and each act done once."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from ninja.parser import Parser
from ninja.security import HttpBearer

from pakan.channels.employer.api.faults import Fault, place
from pakan.channels.kit.api import seconds_until
from pakan.operations import apikeys, once
from pakan.operations.apikeys import Caller
from pakan.registers.access.actor import Asked

DEEPEST = 20  # brackets inside brackets; ours has four


class Asking(Asked):
    """A request that was let in."""

    auth: Caller


class Key(HttpBearer):
    """The key itself or a token of it, as Authorization: Bearer; `scopes`: one of them is needed."""

    openapi_description = "A key (live_… or test_…), or a token from the token address."

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = frozenset(scopes)

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        caller = let_in(request, token)
        if not self.scopes & caller.scopes:
            raise Fault("scope", [{"pointer": "", "code": "scope", "says": dict.fromkeys(
                ("lo", "en"), " | ".join(sorted(self.scopes)))}])  # fmt: skip
        return caller


def let_in(request: Any, presented: str) -> Caller:
    """Whose key or token this is. Raises Fault."""
    try:
        return apikeys.come_in(
            presented, request.actor.at, request.META.get("PAKAN_REQUEST", "-"), address(request)
        )
    except apikeys.NoKey as fault:
        raise Fault(fault.code) from fault
    except apikeys.TooOften as fault:
        raise too_often(request, fault) from fault


def address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def too_often(request: Any, fault: apikeys.TooOften) -> Fault:
    seconds = seconds_until(fault.until, request.actor.at)
    return Fault("too_often", retry=seconds, seconds=seconds)


class Strict(Parser):
    """JSON in UTF-8, each name once, no NaN, not too deep."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise Fault("media", wanted="application/json")
        try:
            text = request.body.decode()
            return _whole(json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number))
        except (ValueError, RecursionError, UnreadablePostError) as fault:
            raise Fault("not_json") from fault


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise Fault("repeated", [{"pointer": "", "code": "repeated", "says": dict.fromkeys(
            ("lo", "en"), ", ".join(name[:40] for name in twice[:5]))}])  # fmt: skip
    return found


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _whole(value: Any, depth: int = 0) -> Any:
    """The value, if it has no half letters (lone surrogates) and is not too deep. Raises ValueError."""
    if depth > DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, str):
        value.encode()  # UnicodeEncodeError is a ValueError
    elif isinstance(value, dict):
        for name, inner in value.items():
            name.encode()
            _whole(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _whole(inner, depth + 1)
    return value


# Once

Done = tuple[int, str, str]  # status, address of what came of it, the answer as JSON


class Once:
    """One act of a caller under its Idempotency-Key; `what` and `content` make up what was sent. Raises Fault.

    With a key for dry runs all of it is done, answered and rolled back.
    """

    def __init__(self, caller: Caller, key: str, what: str, content: bytes) -> None:
        if not 8 <= len(key) <= 100 or not key.isascii() or not key.isprintable():
            raise Fault("wrong", [place("?Idempotency-Key", "key_text")])
        self.caller, self.key = caller, key
        self.digest = hashlib.sha256(what.encode() + b"\x00" + content).hexdigest()
        self.number = uuid5(NAMESPACE_URL, f"api {caller.employer.code}\n{key}")

    @property
    def sheet_key(self) -> str:
        """The same content under the same key is one sheet of the company, also after its key was renewed."""
        return uuid5(NAMESPACE_URL, f"{self.caller.employer.code}\n{self.key}\n{self.digest}").hex

    def said(self) -> HttpResponse | None:
        """The first answer to this key; none if it is free. Raises Fault for other content."""
        if self.caller.key.is_practice:
            return None
        try:
            known = once.before(self.caller.actor, self.number, self.digest)
        except once.OtherContent as other:
            raise Fault("other_content") from other
        return _out(known) if known else None

    def do(self, act: Callable[[], Done | None]) -> HttpResponse | None:
        """The answer, now or as it was the first time; none where the act itself had none: then the key is still free."""
        if self.caller.key.is_practice:
            with rolled_back():
                done = act()
            return _json(done[0], done[2]) if done else None

        def keep() -> once.Answer | None:
            if (done := act()) is None:
                return None
            status, location, body = done
            return once.Answer(location, ((str(status), body),))

        try:
            said = once.once(self.caller.actor, self.number, self.digest, keep)
        except once.OtherContent as other:
            raise Fault("other_content") from other
        return _out(said) if said else None


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever is done inside is done to be looked at, and undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _out(said: once.Answer) -> HttpResponse:
    [(status, body)] = said.says
    response = _json(int(status), body)
    response["Location"] = said.location
    return response


def _json(status: int, body: str) -> HttpResponse:
    return HttpResponse(body.encode(), status=status, content_type="application/json; charset=utf-8")
