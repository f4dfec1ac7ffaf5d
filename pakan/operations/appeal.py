"""Appeal: from the page of the decision, and answered by a person who decided nothing in the claim (C40, A-25).

A late appeal is heard all the same: only people turn anybody away.
"""

from uuid import UUID

from pakan.operations import casework
from pakan.operations.casework import APPEAL, Refused, tell
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.benefits import actions, queries
from pakan.registers.benefits.models import TEXT, Appeal
from pakan.registers.benefits.states import State, StepName

__all__ = ["APPEAL", "Refused", "answer", "open_appeal"]

DECIDED = (State.APPROVED, State.REFUSED, State.PAID)


@verb("appeal.open")
def open_appeal(actor: Actor, key: UUID, text: str, appeal_key: UUID) -> Appeal:
    """Disagree with the decision in force of the claim `key`; once a decision, and sent twice it is the same.

    Raises Refused 'unknown', 'state' (nothing is decided), 'empty' or 'too_long'.
    """
    claim = actions.lock_by_key(key)
    if claim is None or (actor.person_id is not None and claim.person_id != actor.person_id):
        raise Refused("unknown")
    text = text.strip()
    decision = queries.decided(claim)
    if decision is None or decision.decided_at is None or claim.state not in DECIDED:
        raise Refused("state")
    known = Appeal.objects.filter(decision=decision).first()
    if known is None:
        if not text:
            raise Refused("empty")
        if len(text) > TEXT:
            raise Refused("too_long")
        decision.claim = claim
        late = actor.today > decision.decided_at.astimezone(VIENTIANE).date() + APPEAL
        known = actions.appeal(
            decision, key=appeal_key, text=text, late=late, account_id=actor.account_id, at=actor.at
        )
        tell(claim.person, f"appeal:{known.id}", "appeal_received", actor.at, number=known.number)
    remember(known.number, person_id=claim.person_id)
    return known


@verb("appeal.answer")
def answer(actor: Actor, number: str, changed: bool, text: str, article: str) -> Appeal:
    """Answer an appeal: the decision stays (with the article), or the claim goes back to the desk and is decided anew.

    Raises Refused 'unknown', 'state', 'same_person' (who proposed or decided), 'empty', 'article' or 'too_long'.
    """
    assert actor.account_id is not None
    found = actions.lock_appeal(number)
    if found is None:
        raise Refused("unknown")
    claim = actions.lock_by_id(found.claim_id)
    text, article = text.strip(), " ".join(article.split())
    if found.state != Appeal.State.OPEN or claim.state not in DECIDED:
        raise Refused("state")
    if queries.decided_anything(claim.id, actor.account_id):
        raise Refused("same_person")
    if not text:
        raise Refused("empty")
    if not (changed or article):
        raise Refused("article")
    if len(text) > TEXT or len(article) > 200:
        raise Refused("too_long")
    actions.answer_appeal(found, changed, text, article, actor.account_id, actor.at)
    if changed:
        promised = casework.working_days_after(actor.today, casework.PROMISE)
        actions.turn(
            claim, State.LODGED, StepName.APPEAL_CHANGED, actor.at, actor.account_id, promised_on=promised
        )
    else:
        actions.step(claim, StepName.APPEAL_KEPT, actor.at, actor.account_id)
    remember(number, person_id=claim.person_id, changed=changed, answer=text, article=article)
    tell(claim.person, f"appeal:{found.id}:answered", "appeal_answered", actor.at, number=number)
    return found
