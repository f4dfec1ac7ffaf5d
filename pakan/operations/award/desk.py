"""The desk: papers are judged, what is missing is asked for once, one person proposes and another decides (C38, C41, C42).

The machine looks first. It may only grant, and only where nothing rests on an assumption and nothing is odd; everything
else it passes to people, and it never refuses.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from pakan.law.benefits import named
from pakan.law.benefits.together import together
from pakan.law.decision import Amount, Decision, decision_from
from pakan.law.wrong import WrongSituation
from pakan.operations import casework
from pakan.operations.award.letter import compose_letter
from pakan.operations.award.pay import fall_due, replace_older
from pakan.operations.award.schedule import parts
from pakan.operations.casework import AFRESH, Refused, papers, reckon, tell, working_days_after
from pakan.operations.later import later
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.benefits import actions, queries
from pakan.registers.benefits.models import (
    TEXT,
    WHY,
    Award,
    Claim,
    ClaimDecision,
    Evidence,
    MissingRequest,
    PayeeAccount,
)
from pakan.registers.benefits.states import WITH_US, State, StepName
from pakan.registers.contributions.queries import declared_for
from pakan.registers.records.queries import statement
from pakan.units.money import Kip, dotted
from pakan.units.month import Month

LADDER = RetryStrategy(max_attempts=6, wait=300)
SOON, FAR = (
    timedelta(days=7),
    timedelta(days=90),
)  # a person needs a week to bring a paper; nobody waits for ever
MOST_BY_MACHINE = Kip(10_000_000)
JUMP = 3, 2  # insured wages of the last three months against the three before
FRESH = timedelta(days=30)  # months that were credited only now
Outcome = ClaimDecision.Outcome


# --- papers ----------------------------------------------------------------------------------------------------------


@verb("award.judge")
def judge(actor: Actor, receipt_number: str, accepted: bool, why: str = "") -> Evidence:
    """Accept a paper, or refuse it with the reason that its owner reads. Raises Refused 'unknown', 'state' or 'why'."""
    assert actor.account_id is not None
    found = queries.paper(receipt_number)
    if found is None:
        raise Refused("unknown")
    claim = actions.lock_by_id(found.claim_id)
    paper = Evidence.objects.select_for_update().get(id=found.id)
    paper.claim, why = claim, " ".join(why.split())
    if paper.state != Evidence.State.RECEIVED or claim.state not in (State.LODGED, State.ASKED):
        raise Refused("state")
    if len(why) > WHY or not (accepted or why):
        raise Refused("why")
    actions.judge(paper, accepted, "" if accepted else why, actor.account_id, actor.at)
    remember(receipt_number, person_id=claim.person_id, accepted=accepted, why=why)
    _look_later(claim.id)
    return paper


@verb("award.request_missing")
def request_missing(
    actor: Actor, number: str, kinds: Sequence[str], text: str, place: str, until: date
) -> MissingRequest:
    """Ask for everything that is missing: once a claim, all together, with what, where and until when (C38).

    Raises Refused 'unknown', 'asked_already', 'state', 'kind', 'place', 'until' or 'too_long'.
    """
    assert actor.account_id is not None
    claim = _claim(number)
    text, place = text.strip(), " ".join(place.split())
    if queries.missing_of(claim) is not None:
        raise Refused("asked_already")
    if claim.state != State.LODGED:
        raise Refused("state")
    known = {one.key for one in named(claim.benefit).evidence}
    if not set(kinds) <= known or not (kinds or text):
        raise Refused("kind")
    if not place:
        raise Refused("place")
    if not actor.today + SOON <= until <= actor.today + FAR:
        raise Refused("until")
    if len(text) > TEXT or len(place) > 200:
        raise Refused("too_long")
    asked = actions.ask_missing(claim, sorted(set(kinds)), text, place, until, actor.account_id, actor.at)
    remember(number, person_id=claim.person_id, kinds=sorted(set(kinds)), until=until)
    tell(
        claim.person,
        f"claim:{claim.id}:missing",
        "claim_missing",
        actor.at,
        number=number,
        **casework.days(until=until),
    )
    return asked


def _claim(number: str) -> Claim:
    claim = actions.lock(number)
    if claim is None:
        raise Refused("unknown")
    return claim


# --- what would be granted -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reckoned:
    """What the law says, what of it is paid beside the other benefits (A-44), and what a person should look at."""

    decision: Decision
    pays: tuple[Amount, ...]
    gave_way: tuple[tuple[str, str], ...]
    risks: tuple[str, ...]


def reckoned(
    claim: Claim, today: date, told: Mapping[str, Any] | None = None, day: date | None = None
) -> Reckoned:
    """Raises WrongSituation for facts that cannot be, Refused 'other_benefit' where a benefit that runs would have to end."""
    decision = reckon(claim, told, day)
    pays, gave_way = _beside_others(claim, decision)
    return Reckoned(decision, pays, gave_way, tuple(_risks(claim, decision, pays, today)))


def _beside_others(
    claim: Claim, decision: Decision
) -> tuple[tuple[Amount, ...], tuple[tuple[str, str], ...]]:
    drawn = queries.drawn_by(claim.person_id, besides=claim.id) if claim.person_id == claim.insured_id else []
    others = {award.decision_id: decision_from(award.decision.facts) for award in drawn}
    others = {at: other for at, other in others.items() if other.benefit != decision.benefit}
    both = together([*others.values(), decision])
    if any(one.loser != decision.benefit for one in both.gave_way):
        raise Refused("other_benefit")
    own = [amount for benefit, amount in both.amounts if benefit == decision.benefit]
    pays = tuple(one for one in own if one.kind != "cover" and one.kip > 0 and not one.staff_only)
    return pays, tuple((one.lo, one.en) for one in both.gave_way)


def _risks(claim: Claim, decision: Decision, pays: Sequence[Amount], today: date) -> list[str]:
    """Why the machine leaves the claim to people: each a code that the officer reads in words."""
    account = queries.payee_of(claim.person_id)
    months = statement(claim.insured_id)
    signs = {
        "not_entitled": not decision.entitled,
        "estimate": decision.estimate,
        "nothing_to_pay": not pays,
        "open_ended": any(one.kind == "monthly" and one.end is None for one in pays),
        "late": claim.late,
        "papers": any(one.wanted and one.needed and not one.accepted for one in papers(claim)),
        "amount": sum(one.kip for one in pays) > MOST_BY_MACHINE,
        "account": account is None or not account.checked,
        "frozen": queries.hold_of(claim.person_id) is not None,
        "wage_jump": _jumped([one.insured for one in sorted(months, key=lambda one: one.month)[-6:]]),
        "fresh_months": sum(one.credited_at.astimezone(VIENTIANE).date() > today - FRESH for one in months)
        > 3,
        "months_open": any(not one.credited for one in declared_for(claim.insured_id)[:6]),
        "again": Claim.objects.filter(
            insured_id=claim.insured_id, benefit=claim.benefit, lodged_at__isnull=False
        )
        .exclude(id=claim.id)
        .exists(),
    }
    return [code for code, there in signs.items() if there]


def _jumped(wages: Sequence[int]) -> bool:
    """Whether the last three months are worth more than half again of the three before (an invented wage, A2)."""
    over, under = JUMP
    return len(wages) == 6 and sum(wages[3:]) * under > sum(wages[:3]) * over


# --- the machine -----------------------------------------------------------------------------------------------------


def _look_later(claim_id: int) -> None:
    try:
        with transaction.atomic():
            later("award.look", f"claim {claim_id}", claim_id=claim_id)
    except AlreadyEnqueued:
        return


@app.task(name="award.look", retry=LADDER)
def look(claim_id: int) -> None:
    """The machine looks at a lodged claim: it grants, or passes it to people. Run twice, it does one of them once."""
    _look(Actor.system(timezone.now(), "claims"), claim_id)


@app.task(name="award.look_at_claims_of", retry=LADDER)
def look_at_claims_of(person_id: int) -> None:
    """Something that claims waited for is there now, such as an account."""
    for claim in queries.of_person(person_id):
        if claim.state == State.LODGED:
            look(claim.id)


@verb("award.look")
def _look(actor: Actor, claim_id: int) -> None:
    claim = actions.lock_by_id(claim_id)
    remember(claim.number, person_id=claim.person_id)
    if claim.state != State.LODGED:
        return
    risks: tuple[str, ...] = ("other_benefit",)
    try:
        found = reckoned(claim, actor.today)
        risks = found.risks
        # What people once decided, or sent back, people decide again.
        if not risks and not claim.decisions.exists():
            _grant_by_machine(claim, found, actor)
            return
    except WrongSituation:
        risks = ("facts",)
    except Refused:
        pass
    if not claim.steps.filter(name=StepName.PASSED_TO_PERSON.value).exists():
        actions.step(claim, StepName.PASSED_TO_PERSON, actor.at, text=", ".join(risks))


def _grant_by_machine(claim: Claim, found: Reckoned, actor: Actor) -> None:
    decision = actions.propose(
        claim, account_id=None, at=actor.at, **_facts(claim, found, Outcome.GRANTED, "", "")
    )
    _carry_out(decision, None, actor)


# --- people ----------------------------------------------------------------------------------------------------------


@verb("award.propose")
def propose(
    actor: Actor, number: str, outcome: str, *, reason: str = "", article: str = "",
    told: Mapping[str, Any] | None = None, event_day: date | None = None,
) -> ClaimDecision:  # fmt: skip
    """Propose what another person decides. `told`, `event_day`: the facts as the papers show them, where they differ.

    Raises WrongSituation; Refused 'unknown', 'state', 'outcome', 'article', 'reason' (a refusal needs both), 'not_entitled',
    'entitled' (the law grants it: refuse only with other facts), 'papers', 'nothing', 'other_benefit', 'granted_already'.
    """
    claim = _claim(number)
    if claim.state != State.LODGED:
        raise Refused("state")
    if outcome not in Outcome.values:
        raise Refused("outcome")
    reason, article = reason.strip(), " ".join(article.split())
    if len(reason) > TEXT or len(article) > 200:
        raise Refused("too_long")
    found = reckoned(claim, actor.today, told, event_day)
    _may_propose(claim, found, outcome, reason, article)
    if outcome == Outcome.GRANTED:
        _must_be_first(claim, claim.told if told is None else told)
    facts = _facts(claim, found, outcome, reason, article, told)
    decision = actions.propose(claim, account_id=actor.account_id, at=actor.at, **facts)
    remember(number, person_id=claim.person_id, outcome=outcome, facts=decision.facts, article=article)
    return decision


def _may_propose(claim: Claim, found: Reckoned, outcome: str, reason: str, article: str) -> None:
    if outcome == Outcome.REFUSED:
        if not article:
            raise Refused("article")
        if not reason:
            raise Refused("reason")
        if found.decision.entitled and not claim.late:
            raise Refused("entitled")
        return
    if not found.decision.entitled:
        raise Refused("not_entitled")
    if "papers" in found.risks:
        raise Refused("papers")
    if not found.pays and not any(one.kind == "cover" for one in found.decision.amounts):
        raise Refused("nothing")


def _must_be_first(claim: Claim, told: Mapping[str, Any]) -> None:
    """One death, one grant (A-39): whom of the family it goes to, people decide before the first is granted."""
    if told.get("who_died") == "insured" and queries.grant_after_death(claim.insured_id, besides=claim.id):
        raise Refused("granted_already")


def _facts(
    claim: Claim,
    found: Reckoned,
    outcome: str,
    reason: str,
    article: str,
    told: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    decision = found.decision
    # Beside the law's answer: what of it is paid next to other benefits.
    cut = {"pays": _named_once(found.pays), "gave_way": [list(pair) for pair in found.gave_way]}
    return {
        "facts": decision.as_dict() | cut,
        "told": dict(claim.told if told is None else told),
        "law": in_force().number,
        "outcome": outcome,
        "confidence": decision.confidence,
        "estimate": decision.estimate,
        "risks": list(found.risks),
        "reason": reason,
        "article": article,
    }


def _named_once(pays: Sequence[Amount]) -> list[dict[str, Any]]:
    """The amounts, told apart: two periods of one illness have the same name in the law."""
    seen: Counter[str] = Counter()
    named_apart = []
    for one in pays:
        seen[one.label] += 1
        again = f" {seen[one.label]}" if seen[one.label] > 1 else ""
        named_apart.append(_amount(one) | {"label": f"{one.label}{again}"})
    return named_apart


def _amount(one: Amount) -> dict[str, Any]:
    start, end = one.start, one.end
    return {
        "kind": one.kind, "label": one.label, "lo": one.lo, "en": one.en, "kip": one.kip,
        "start": start.isoformat() if start else None, "end": end.isoformat() if end else None,
    }  # fmt: skip


@verb("award.decide")
def decide(actor: Actor, number: str, agree: bool, why: str = "") -> ClaimDecision:
    """Decide what another person proposed, or send it back with the reason. The letter is there at the same moment.

    Raises Refused 'unknown', 'state', 'same_person' (also who entered the account), 'why' or 'payee' (no account to pay to
    whose name is checked), 'changed' (the record is another than when it was proposed: send it back).
    """
    assert actor.account_id is not None
    claim = _claim(number)
    decision = queries.newest_decision(claim)
    if claim.state != State.PROPOSED or decision is None:
        raise Refused("state")
    decision.claim = claim
    if decision.proposed_by_id == actor.account_id:
        raise Refused("same_person")
    why = " ".join(why.split())
    remember(number, person_id=claim.person_id, agree=agree, outcome=decision.outcome, why=why)
    if not agree:
        if not why or len(why) > WHY:
            raise Refused("why")
        actions.send_back(decision, why, actor.account_id, actor.at)
        return decision
    if _stale(decision, actor.today):
        raise Refused("changed")
    if decision.outcome == Outcome.GRANTED:
        _must_be_first(claim, decision.told)
    _carry_out(decision, actor.account_id, actor)
    return decision


def _stale(decision: ClaimDecision, today: date) -> bool:
    """Whether the record, the law or another benefit changed since it was proposed: then it is proposed anew."""
    actions.lock_person(decision.claim.insured_id)
    day = date.fromisoformat(decision.facts["day"])
    found = reckoned(decision.claim, today, decision.told, day)
    now = found.decision.as_dict() | {"pays": _named_once(found.pays)}
    return any(decision.facts[name] != now[name] for name in ("entitled", "amounts", "pays"))


def _carry_out(decision: ClaimDecision, account_id: int | None, actor: Actor) -> None:
    """The decision is made: letter, awards, money, message."""
    claim = decision.claim
    pays = decision.facts["pays"] if decision.outcome == Outcome.GRANTED else []
    account = queries.payee_of(claim.person_id)
    if pays and (account is None or not account.checked):
        raise Refused("payee")
    if account_id is not None and account is not None and pays and account.asked_by_id == account_id:
        raise Refused("same_person")
    number = actions.take_letter_number(actor.at)
    letter = compose_letter(decision, number, account, actor.at)
    actions.decide(decision, number, letter, account_id, actor.at)
    _replace(decision, pays, account, actor)
    wording = "claim_granted" if decision.outcome == Outcome.GRANTED else "claim_refused"
    tell(claim.person, f"claim:{claim.id}:decided:{decision.version}", wording, actor.at, number=claim.number)


def _replace(
    decision: ClaimDecision, pays: Sequence[Mapping[str, Any]], account: PayeeAccount | None, actor: Actor
) -> None:
    """Awards of this decision take the place of the claim's earlier ones; what was paid is carried on."""
    claim, too_much = decision.claim, 0
    wanted = {one["label"]: one for one in pays}
    labels = set(Award.objects.filter(claim=claim, ended_on=None).values_list("label", flat=True))
    newest: Award | None = None
    for label in sorted(labels | set(wanted)):
        paid, older = replace_older(claim, label, actor.today, actor.at)
        newest = older or newest
        made = _award(decision, wanted[label], account, paid, actor) if label in wanted and account else None
        too_much += paid - (made.carried if made else 0)
    if too_much and newest is not None:
        actions.overpaid(decision, newest, Kip(too_much), actor.at)


def _award(
    decision: ClaimDecision, pays: Mapping[str, Any], account: PayeeAccount, paid: int, actor: Actor
) -> Award:
    start = date.fromisoformat(pays["start"]) if pays["start"] else decision.claim.event_day or actor.today
    end = date.fromisoformat(pays["end"]) if pays["end"] else None
    ends = pays["kind"] != "monthly" or end is not None
    owed = sum(kip for _, kip in parts(pays["kind"], pays["kip"], start, end, Month.of(actor.today)))
    made = actions.award(
        decision, account, expense=named(decision.claim.benefit).account, kind=pays["kind"], label=pays["label"],
        kip=pays["kip"], start=start, end=end, total=owed if ends else None, carried=min(paid, owed),
    )  # fmt: skip
    award = actions.lock_award(made.id)
    fall_due(award, actor.today, actor.at)
    return award


# --- a wage that was corrected after the decision (C50) ---------------------------------------------------------------


@app.task(name="award.recheck_month", retry=LADDER)
def recheck_month(obligation_id: int, version: int) -> None:
    """After a correction: decided claims of whoever's month changed, for events after that month, are reckoned anew."""
    now = timezone.now()
    for claim_id in queries.decided_on_month(obligation_id, version):
        _recheck(Actor.system(now, "corrections"), claim_id)


@verb("award.recheck")
def _recheck(actor: Actor, claim_id: int) -> None:
    """A claim that would come to another sum now goes back to the desk, with both sums; people decide about it."""
    claim = actions.lock_by_id(claim_id)
    decision = queries.decided(claim)
    remember(claim.number, person_id=claim.person_id)
    if claim.state not in (State.APPROVED, State.REFUSED, State.PAID) or decision is None:
        return
    found = reckoned(claim, actor.today, decision.told, date.fromisoformat(decision.facts["day"]))
    before, after = (
        sum(one["kip"] for one in pays) for pays in (decision.facts["pays"], _named_once(found.pays))
    )
    if decision.facts["entitled"] == found.decision.entitled and before == after:
        return
    promised = working_days_after(actor.today, casework.PROMISE)
    text = f"{dotted(before)} → {dotted(after)}"
    actions.turn(claim, State.LODGED, StepName.REOPENED, actor.at, text=text, promised_on=promised)
    tell(
        claim.person, f"claim:{claim.id}:corrected:{decision.version}", "claim_reopened", actor.at, number=claim.number,
        before=dotted(before), after=dotted(after),
    )  # fmt: skip


# --- promises (C51) --------------------------------------------------------------------------------------------------


@app.task(name="award.watch_promises", retry=LADDER)
def watch_promises() -> None:
    """Each morning: where the promised day passed, say sorry with a new day, and the desk sees it first."""
    now = timezone.now()
    for claim in queries.promises_missed(now.astimezone(VIENTIANE).date()):
        _renew(Actor.system(now, "promises"), claim.id)


@verb("award.renew_promise")
def _renew(actor: Actor, claim_id: int) -> None:
    claim = actions.lock_by_id(claim_id)
    missed = claim.promised_on
    remember(claim.number, person_id=claim.person_id, missed=missed)
    if claim.state not in WITH_US or missed is None or missed >= actor.today:
        return
    day = working_days_after(actor.today, AFRESH)
    actions.promise(claim, day, actor.at)
    tell(
        claim.person, f"claim:{claim.id}:promise:{missed}", "promise_missed", actor.at, number=claim.number,
        **casework.days(promised=day),
    )  # fmt: skip
