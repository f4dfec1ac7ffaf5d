"""`@verb`: one transaction, one permission, one line in the audit trail."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction

from pakan.registers.access import audit
from pakan.registers.access.actor import Actor
from pakan.registers.access.roles import EMPLOYER_ROLES, permissions
from pakan.registers.people.models import Employer

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 3
AGAIN = ("40P01", "40001", "55P03")  # a deadlock, a failed serialisation, a lock that was waited for in vain


class NotAllowed(PermissionError, PermissionDenied):
    """The actor's roles do not reach this verb for this employer. A page that lets it pass answers 403."""


def _employer_of(about: object) -> int | None:
    """The employer that a verb is about: its first argument is one, or belongs to one."""
    if isinstance(about, Employer):
        return about.id
    found: Any = getattr(about, "employer_id", None)
    return int(found) if found is not None else None


def _ask(name: str, actor: Actor, employer_id: int | None) -> None:
    wanted = permissions().verbs[name]
    if not wanted & actor.roles_at(employer_id):
        raise NotAllowed(f"{actor.name} may not {name}")
    if employer_id is None and wanted <= EMPLOYER_ROLES:
        raise NotAllowed(f"{name} needs to know of which employer")


def verb(name: str) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Make a function a verb: `name` must stand in permissions.toml; the first argument after the actor says about whom.

    A deadlock, or a lock that did not come free, is tried again (three times in all) with the same arguments, unless an
    outer transaction is open.
    """

    def make(function: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @functools.wraps(function)
        def act(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            about = args[0] if args else None
            employer_id = _employer_of(about)
            _ask(name, actor, employer_id)
            outermost = not connection.in_atomic_block
            tries = TRIES if outermost else 1
            while True:
                tries -= 1
                try:
                    with transaction.atomic(), audit.noting(employer_id) as note:
                        result = function(actor, *args, **kwargs)
                        audit.write(actor, name, note, last=outermost)
                    return result
                except OperationalError as fault:
                    if getattr(fault.__cause__, "sqlstate", "") not in AGAIN or tries == 0:
                        raise

        act.verb_name = name  # type: ignore[attr-defined]
        VERBS[name] = act
        return act

    return make


VERBS: dict[str, Callable[..., Any]] = {}
