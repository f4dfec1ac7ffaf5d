"""How a matter moves: the one table, by kind. The database refuses every other way (migration 0002)."""

from enum import StrEnum


class Kind(StrEnum):
    """What the fund and an employer settle between them."""

    PLAN = "plan"  # instalments (C116)
    WAIVER = "waiver"  # a late charge is given up (C117)
    DISPUTE = "dispute"  # one line is contested (C118)
    ASSESSMENT = "assessment"  # an officer's estimate of a month nobody declared (C120)
    REFUND = "refund"  # kept credit goes back (C107)
    REACH = "reach"  # leave to correct a month further back than an employer may alone (C115)


class State(StrEnum):
    ASKED = "asked"  # or, for an assessment, proposed
    HALF = "half"  # one officer agreed; this size needs another
    SHOWN = "shown"  # a second officer confirmed the assessment: the employer sees it
    CONTESTED = "contested"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MISSED = "missed"  # an instalment is late, and may still be caught up
    BOUNCED = "bounced"  # the bank did not take the refund
    ENDED = "ended"
    DONE = "done"


S = State
MOVES: dict[Kind, dict[State, frozenset[State]]] = {
    Kind.PLAN: {
        S.ASKED: frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN}),
        S.APPROVED: frozenset({S.MISSED, S.DONE, S.ENDED}),
        S.MISSED: frozenset({S.APPROVED, S.DONE, S.ENDED}),
    },
    Kind.WAIVER: {
        S.ASKED: frozenset({S.HALF, S.APPROVED, S.REFUSED, S.WITHDRAWN}),
        S.HALF: frozenset({S.APPROVED, S.REFUSED}),
    },
    Kind.DISPUTE: {S.ASKED: frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN})},
    Kind.ASSESSMENT: {
        S.ASKED: frozenset({S.SHOWN, S.REFUSED}),
        S.SHOWN: frozenset({S.ACCEPTED, S.CONTESTED, S.WITHDRAWN}),
        S.CONTESTED: frozenset({S.APPROVED, S.REFUSED}),
    },
    Kind.REFUND: {
        S.ASKED: frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN}),
        S.APPROVED: frozenset({S.DONE, S.BOUNCED}),
        S.BOUNCED: frozenset({S.APPROVED, S.WITHDRAWN}),
    },
    Kind.REACH: {
        S.ASKED: frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN}),
        S.APPROVED: frozenset({S.DONE}),
    },
}
# In these a matter still goes on: of one kind and subject there is one at a time.
LIVE: dict[Kind, frozenset[State]] = {kind: frozenset(moves) for kind, moves in MOVES.items()}


class WrongMove(ValueError):
    """A matter cannot go from its state to the one asked for."""


def move(kind: str, now: str, then: State) -> State:
    """`then`, if the table allows it. Raises WrongMove."""
    if then not in MOVES[Kind(kind)].get(State(now), frozenset()):
        raise WrongMove(f"{kind}: {now} -> {then}")
    return then
