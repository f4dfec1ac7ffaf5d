"""How a decree moves: the one table. The database refuses every other way (migration 0002)."""

from enum import StrEnum


class State(StrEnum):
    ENTERED = "entered"
    REHEARSED = "rehearsed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


MOVES: dict[State, frozenset[State]] = {
    State.ENTERED: frozenset({State.REHEARSED, State.WITHDRAWN}),
    State.REHEARSED: frozenset({State.APPROVED, State.WITHDRAWN}),
    State.APPROVED: frozenset(),  # law stays; another decree may take its place
    State.WITHDRAWN: frozenset(),
}


class WrongMove(ValueError):
    """A decree cannot go from its state to the one asked for."""


def move(now: str, then: State) -> State:
    """`then`, if the table allows it. Raises WrongMove."""
    if then not in MOVES[State(now)]:
        raise WrongMove(f"{now} -> {then}")
    return then
