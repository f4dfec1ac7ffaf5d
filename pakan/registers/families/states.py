"""How a family member's entry moves: the one table. The database refuses every other way (migration 0002)."""

from enum import StrEnum


class State(StrEnum):
    ASKED = "asked"  # by the insured person, or by an officer from a paper
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the insured person, before it was decided
    ENDED = "ended"


MOVES: dict[State, frozenset[State]] = {
    State.ASKED: frozenset({State.CONFIRMED, State.REFUSED, State.WITHDRAWN}),
    State.CONFIRMED: frozenset({State.ENDED}),
    State.REFUSED: frozenset(),  # whoever disagrees asks anew, with another paper
    State.WITHDRAWN: frozenset(),
    State.ENDED: frozenset(),
}
LIVING = (State.ASKED.value, State.CONFIRMED.value)


class WrongMove(ValueError):
    """An entry cannot go from its state to the one asked for."""


def move(now: str, then: State) -> State:
    """`then`, if the table allows it. Raises WrongMove."""
    if then not in MOVES[State(now)]:
        raise WrongMove(f"{now} -> {then}")
    return then
