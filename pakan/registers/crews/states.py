"""How a day voucher moves: the one table. The database refuses every other way (migration 0002)."""

from enum import StrEnum


class State(StrEnum):
    ISSUED = "issued"  # prepaid, not given to anybody yet
    USED = "used"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


MOVES: dict[State, frozenset[State]] = {
    State.ISSUED: frozenset({State.USED, State.CANCELLED, State.EXPIRED}),
    State.USED: frozenset({State.CANCELLED}),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}


class WrongMove(ValueError):
    """A voucher cannot go from its state to the one asked for."""


def move(now: str, then: State) -> State:
    """`then`, if the table allows it. Raises WrongMove."""
    if then not in MOVES[State(now)]:
        raise WrongMove(f"{now} -> {then}")
    return then
