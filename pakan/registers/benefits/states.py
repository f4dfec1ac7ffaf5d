"""How a claim moves, and the names of its steps: the one table. The database refuses every other way (migration 0002)."""

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"  # being filled in, on one device or several
    LODGED = "lodged"  # with the fund: it works on it
    ASKED = "asked"  # the fund waits for what it asked for, once
    PROPOSED = "proposed"  # one person proposed, another has to look
    APPROVED = "approved"
    REFUSED = "refused"
    PAID = "paid"  # everything that was awarded is paid
    WITHDRAWN = "withdrawn"  # by the person


MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.LODGED, State.WITHDRAWN}),
    # Straight to approved: the machine, which may only pay or pass on, never refuse (C42).
    State.LODGED: frozenset({State.ASKED, State.PROPOSED, State.APPROVED, State.WITHDRAWN}),
    State.ASKED: frozenset({State.LODGED, State.WITHDRAWN}),
    State.PROPOSED: frozenset({State.APPROVED, State.REFUSED, State.LODGED}),
    State.APPROVED: frozenset({State.PAID, State.LODGED}),  # back after an appeal or a corrected wage
    State.REFUSED: frozenset({State.LODGED}),
    State.PAID: frozenset({State.LODGED, State.APPROVED}),  # approved again: the bank sent money back
    State.WITHDRAWN: frozenset(),
}
# With the fund, and promised for a day.
WITH_US = (State.LODGED, State.PROPOSED)


class StepName(StrEnum):
    """What happened to a claim, as its page names it (C36)."""

    STARTED = "started"
    LODGED = "lodged"
    LATE = "late"  # after twelve months: a person decides about it
    PAPER_RECEIVED = "paper_received"
    PAPER_ACCEPTED = "paper_accepted"
    PAPER_REFUSED = "paper_refused"
    ASKED = "asked"
    SUPPLIED = "supplied"
    PASSED_TO_PERSON = "passed_to_person"
    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    REFUSED = "refused"
    INSTALMENT_PAID = "instalment_paid"
    PAID = "paid"
    APPEALED = "appealed"
    APPEAL_KEPT = "appeal_kept"
    APPEAL_CHANGED = "appeal_changed"
    PROMISE_MISSED = "promise_missed"
    WITHDRAWN = "withdrawn"
    PAYEE_CONFIRMED = "payee_confirmed"
    REOPENED = "reopened"


class WrongMove(ValueError):
    """A claim cannot go from its state to the one asked for."""


def move(now: str, then: State) -> State:
    """`then`, if the table allows it. Raises WrongMove."""
    if then not in MOVES[State(now)]:
        raise WrongMove(f"{now} -> {then}")
    return then
