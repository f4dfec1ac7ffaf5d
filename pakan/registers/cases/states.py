"""How a case moves: the one table. The database refuses every other way (migration 0002)."""

from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"  # said something, and still working on it
    CLOSED = "closed"


MOVES: dict[State, frozenset[State]] = {
    State.OPEN: frozenset({State.ANSWERED, State.CLOSED}),
    State.ANSWERED: frozenset({State.ANSWERED, State.CLOSED}),
    State.CLOSED: frozenset(),  # whoever disagrees opens another
}


class WrongMove(ValueError):
    """A case cannot go from its state to the one asked for."""


def move(now: str, then: State) -> State:
    """`then`, if the table allows it. Raises WrongMove."""
    if then not in MOVES[State(now)]:
        raise WrongMove(f"{now} -> {then}")
    return then
