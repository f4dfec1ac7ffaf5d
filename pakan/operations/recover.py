"""Recover: money that was paid too much comes back by a plan that the person saw and agreed to, or not at all (C45, C52).

An officer offers, or the person names an amount; the person agrees; another officer approves. Contested by one tap, without
a paper, nothing more is taken: the fund has to prove, and somebody who offered and approved nothing decides.
"""

from datetime import datetime

from pakan.operations import casework, payout, recovering
from pakan.operations.casework import Refused, tell
from pakan.operations.payout import Payout
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.benefits import actions, queries
from pakan.registers.benefits.models import TEXT, Overpayment, Recovery
from pakan.registers.ledger.actions import BENEFITS_PAYABLE
from pakan.units.money import Kip, dotted

__all__ = [
    "Refused",
    "agree",
    "answer",
    "approve",
    "contest",
    "months_of",
    "most_a_month",
    "offer",
    "propose",
]

KIND = "giveback"
State = Recovery.State
OPEN = (State.OFFERED, State.AGREED, State.RUNNING, State.CONTESTED)


def most_a_month(person_id: int, by_person: bool) -> Kip | None:
    """The most that a plan may ask for each month: a share of what the person draws; None where nothing is drawn."""
    drawn = sum(
        int(one.kip) for one in queries.awards_of(person_id) if one.kind == "monthly" and one.ended_on is None
    )
    return recovering.most(drawn, by_person) if drawn else None


def months_of(found: Overpayment, monthly: int) -> int:
    """How many months it takes."""
    left = int(found.kip) - queries.taken_of(found.id)
    return -(-left // monthly)


def _found(actor: Actor, overpayment_id: int) -> Overpayment:
    found = actions.lock_overpayment(overpayment_id)
    if found is None or (actor.person_id is not None and found.claim.person_id != actor.person_id):
        raise Refused("unknown")
    return found


def _open_plan(found: Overpayment, *states: str) -> Recovery:
    plan = queries.plan_of(found.id)
    if plan is None or plan.state not in states:
        raise Refused("state")
    plan.overpayment = found
    return plan


def _check_amount(found: Overpayment, monthly: int, by_person: bool) -> Kip:
    most = most_a_month(found.claim.person_id, by_person)
    if not 0 < monthly <= int(found.kip) or (most is not None and monthly > most):
        raise Refused("amount")
    return Kip(monthly)


@verb("recover.propose")
def propose(actor: Actor, overpayment_id: int, monthly: int, reason: str) -> Recovery:
    """An officer offers a plan; the person reads it first. Raises Refused 'unknown', 'state', 'amount' or 'reason'."""
    assert actor.account_id is not None
    found, reason = _found(actor, overpayment_id), reason.strip()
    if not reason or len(reason) > TEXT:
        raise Refused("reason")
    plan = queries.plan_of(found.id)
    if hasattr(found, "dropped") or (plan is not None and plan.state not in (State.OFFERED, State.AGREED)):
        raise Refused("state")
    made = actions.offer_plan(found, _check_amount(found, monthly, False), reason, actor.account_id, actor.at)
    remember(f"overpayment {found.id}", person_id=found.claim.person_id, monthly=monthly)
    tell(
        found.claim.person, f"plan:{made.id}", "overpaid_plan", actor.at, amount=dotted(found.kip),
        monthly=dotted(monthly),
    )  # fmt: skip
    return made


@verb("recover.agree")
def agree(actor: Actor, overpayment_id: int) -> Recovery:
    """The person agrees to the plan that was offered. Raises Refused 'unknown' or 'state'."""
    found = _found(actor, overpayment_id)
    plan = _open_plan(found, State.OFFERED, State.AGREED)
    if plan.state == State.OFFERED:
        actions.turn_plan(plan, State.AGREED, agreed_at=actor.at)
    remember(f"overpayment {found.id}", person_id=found.claim.person_id, agreed=plan.id)
    return plan


@verb("recover.offer")
def offer(actor: Actor, overpayment_id: int, monthly: int) -> Recovery:
    """The person names another amount a month, in the place of what was offered. Raises Refused 'unknown', 'state', 'amount'."""
    assert actor.account_id is not None
    found = _found(actor, overpayment_id)
    plan = _open_plan(found, State.OFFERED, State.AGREED)
    kip = _check_amount(found, monthly, True)
    remember(f"overpayment {found.id}", person_id=found.claim.person_id, monthly=monthly)
    return actions.offer_plan(found, kip, plan.reason, actor.account_id, actor.at, by_person=True)


@verb("recover.approve")
def approve(actor: Actor, overpayment_id: int) -> Recovery:
    """Another officer lets the agreed plan begin. Raises Refused 'unknown', 'state' or 'same_person'."""
    found = _found(actor, overpayment_id)
    plan = _open_plan(found, State.AGREED)
    if plan.proposed_by_id == actor.account_id:
        raise Refused("same_person")
    actions.turn_plan(plan, State.RUNNING, approved_by_id=actor.account_id, approved_at=actor.at)
    remember(f"overpayment {found.id}", person_id=found.claim.person_id, approved=plan.id)
    tell(found.claim.person, f"plan:{plan.id}:runs", "overpaid_runs", actor.at, monthly=dotted(plan.monthly))
    return plan


@verb("recover.contest")
def contest(actor: Actor, overpayment_id: int, text: str = "") -> Recovery:
    """Disagree, in the app or said at a counter, without any paper: nothing more is taken from this moment (C45).

    Raises Refused 'unknown', 'state' or 'too_long'.
    """
    found, text = _found(actor, overpayment_id), text.strip()
    plan = _open_plan(found, *OPEN)
    if len(text) > TEXT:
        raise Refused("too_long")
    if plan.state != State.CONTESTED:
        facts = {"before": plan.state, "contest": text, "contested_at": actor.at, "answer": "", "article": ""}
        actions.turn_plan(plan, State.CONTESTED, **facts, answered_by_id=None, answered_at=None)
        tell(
            found.claim.person,
            f"plan:{plan.id}:contested:{actor.at.isoformat()}",
            "overpaid_contested",
            actor.at,
        )
    remember(f"overpayment {found.id}", person_id=found.claim.person_id, contested=text)
    return plan


@verb("recover.answer")
def answer(actor: Actor, overpayment_id: int, stays: bool, text: str, article: str = "") -> Recovery:
    """Who offered and approved nothing answers: the fund proves it (text and article), or nothing is owed and what was
    taken goes back. Raises Refused 'unknown', 'state', 'same_person', 'empty', 'article' or 'too_long'.
    """
    found, text, article = _found(actor, overpayment_id), text.strip(), " ".join(article.split())
    plan = _open_plan(found, State.CONTESTED)
    if actor.account_id in (plan.proposed_by_id, plan.approved_by_id):
        raise Refused("same_person")
    if not text:
        raise Refused("empty")
    if stays and not article:
        raise Refused("article")
    if len(text) > TEXT or len(article) > 200:
        raise Refused("too_long")
    facts = {"answer": text, "article": article, "answered_by_id": actor.account_id, "answered_at": actor.at}
    actions.turn_plan(plan, plan.before if stays else State.DROPPED, **facts)
    if not stays:
        _drop(found, actor.at)
    remember(
        f"overpayment {found.id}", person_id=found.claim.person_id, stays=stays, answer=text, article=article
    )
    tell(found.claim.person, f"plan:{plan.id}:answered:{actor.at.isoformat()}", "overpaid_answered", actor.at)
    return plan


def _drop(found: Overpayment, at: datetime) -> None:
    back = Kip(queries.taken_of(found.id))
    award = queries.expense_of(found)
    actions.write_off(found, Kip(int(found.kip) - back), back, award.expense, at)
    account = queries.payee_of(found.claim.person_id)
    if back and account is not None:
        payout.order(
            kind=KIND, subject=f"{KIND}:{found.id}", amount=back, bank=account.bank, account=account.number,
            name=account.name, liability=BENEFITS_PAYABLE, purpose=f"SSO BACK {found.claim.number}", at=at,
            person_id=found.claim.person_id,
        )  # fmt: skip


def _may_send(sent: Payout, at: datetime) -> str:
    assert sent.person_id is not None
    return casework.payable(sent.person_id, sent.digest, at)


def _nothing(sent: Payout, at: datetime) -> None:
    """The posting of the payout says it all; a refused one stands on the list of payouts to look at."""


payout.register(KIND, payout.Owner(_may_send, _nothing, _nothing))
