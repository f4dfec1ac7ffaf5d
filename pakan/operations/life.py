"""Life: whoever is paid each month shows once a year that he or she lives, by any of five ways (C46, C47, A-42; abuse A4).

The machine asks and reminds, and never stops anything. Payments are suspended only after two tries on different days to
reach the person, proposed by one officer and decided by another; the next proof lets them go on with all that was missed.
A death is noted by one officer and confirmed by another; it opens the family's claims, filled in (C48).
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.operations import casework
from pakan.operations.casework import Refused, tell
from pakan.operations.later import later
from pakan.registers.access.actions import TooOften, count
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account, Call
from pakan.registers.access.verbs import verb
from pakan.registers.benefits import actions as benefits
from pakan.registers.benefits import queries as claims
from pakan.registers.lives import actions, queries
from pakan.registers.lives.models import (
    ENDS,
    NOTE,
    PAPERS,
    RELATIONS,
    WAYS,
    Death,
    DeathReport,
    LifeCheck,
    LifeProof,
    Stop,
)
from pakan.registers.people.models import Person
from pakan.registers.people.queries import in_use, person_by_id, same_human, with_old
from pakan.units.money import Kip
from pakan.units.month import Month

__all__ = [
    "NEEDED", "Refused", "TooOften", "confirm_death", "decide_stop", "due_on", "heard", "limit_reports", "note_death",
    "open_claims", "propose_stop", "report_death", "seen", "show_living", "tried", "watch", "withdraw_death",
]  # fmt: skip

NEEDED = ("old_age", "invalidity", "survivors")  # paid each month for years
AFTER_DEATH = ("death", "survivors")
AHEAD = timedelta(days=60)  # the first word, before the day
SOON = timedelta(days=14)
AFTER_REPORT = timedelta(days=14)  # to reach the person, when somebody says that she or he has died
CALL_COUNTS = timedelta(minutes=30)
LONG_AGO = timedelta(days=30)  # a village office sends its lists once a month
TRIES, A_DAY = 5, timedelta(days=1)
LADDER = RetryStrategy(max_attempts=6, wait=300)


def due_on(person_id: int, today: date) -> date | None:
    """Until when the person should show life; None where nothing is paid each month."""
    drawn = claims.paid_each_month(NEEDED, today, same_human(person_id))
    return _a_year_on(queries.last_proof(person_id) or min(drawn.values())) if drawn else None


def _a_year_on(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28))


# --- to show life ----------------------------------------------------------------------------------------------------


@verb("life.show")
def show_living(actor: Actor, key: UUID) -> LifeProof:
    """The member shows life in the app; the door asked for a fresh PIN, fingerprint or face. The same key is the same."""
    return _proved(actor, casework.person_or_nobody(actor), key, "app", actor.today)


@verb("life.seen")
def seen(
    actor: Actor, person: Person, key: UUID, route: str, seen_on: date, paper: str = "", witness: str = ""
) -> LifeProof:
    """An officer saw the person at a counter (which paper), or noted who saw her or him at the village office or at home.

    Raises Refused 'route', 'day' (to come, or over 30 days ago), 'paper', 'witness' or 'same_person' (one's own life).
    """
    paper, witness = " ".join(paper.split()), " ".join(witness.split())
    if route not in ("counter", "village", "home"):
        raise Refused("route")
    if not actor.today - LONG_AGO <= seen_on <= actor.today:
        raise Refused("day")
    if route == "counter" and not paper:
        raise Refused("paper")
    if (route != "counter" and not witness) or len(witness) > 200:
        raise Refused("witness")
    assert actor.account_id is not None
    if Account.objects.filter(id=actor.account_id, person=person).exists():
        raise Refused("same_person")
    return _proved(actor, person.id, key, route, seen_on, paper=paper[:20], witness=witness)


@verb("life.heard")
def heard(actor: Actor, person: Person, key: UUID) -> LifeProof:
    """By phone: the officer has just called, and the person said the second half of the code. Raises Refused 'call'."""
    call = Call.objects.filter(
        person=person, by_id=actor.account_id, answered_at__gt=actor.at - CALL_COUNTS, answered_at__lte=actor.at
    ).order_by("-id").first()  # fmt: skip
    if call is None:
        raise Refused("call")
    return _proved(actor, person.id, key, "phone", actor.today, call=call)


def _proved(actor: Actor, person_id: int, key: UUID, route: str, day: date, **facts: Any) -> LifeProof:
    assert actor.account_id is not None
    benefits.lock_person(person_id)
    known = LifeProof.objects.filter(key=key).first()
    remember(f"life of {person_id}", person_id=person_id, route=route, seen_on=day)
    if known is not None:
        if known.person_id != person_id:
            raise Refused("unknown")
        return known
    made = actions.prove(
        key=key,
        person_id=person_id,
        route=route,
        seen_on=day,
        account_id=actor.account_id,
        at=actor.at,
        **facts,
    )
    stopped = queries.stands_still(person_id) == "no_proof"
    actions.lift(person_id, actor.at)
    until = casework.days(until=_a_year_on(day))
    tell(
        person_by_id(person_id), f"life:{key}", "life_goes_on" if stopped else "life_seen", actor.at, **until
    )
    if stopped:
        later("award.go_on", person_id=in_use([person_id])[person_id])
    return made


# --- by itself: asking, never stopping -------------------------------------------------------------------------------


@app.task(name="life.watch", retry=LADDER)
def watch() -> None:
    """Each day: whose year ends soon is asked, whoever was asked is reminded, a claimed death opens a case."""
    now = timezone.now()
    today = now.astimezone(VIENTIANE).date()
    drawing = _drawing(today)
    last, asked = queries.last_proofs(drawing), queries.with_check(drawing)
    for person_id, since in drawing.items():
        due = _a_year_on(last.get(person_id, since))
        if person_id not in asked and due - AHEAD <= today:
            _ask(Actor.system(now, "life"), person_id, LifeCheck.Why.YEARLY, max(due, today + SOON))
    claimed = set(in_use(claims.dead_by_claim(AFTER_DEATH)).values())
    looked_at = queries.with_check(claimed, LifeCheck.Why.CLAIMED)
    for person_id in sorted(claimed):
        if person_id in drawing and person_id not in looked_at and queries.death_of(person_id) is None:
            _ask(Actor.system(now, "life"), person_id, LifeCheck.Why.CLAIMED, today + AFTER_REPORT)
    for check in queries.open_checks():
        with transaction.atomic():
            _remind(check, today, Actor.system(now, "life"))


def _drawing(today: date) -> dict[int, date]:
    """Who is paid each month, by the number in use, and since when: whoever draws under two numbers is asked once."""
    drawn = claims.paid_each_month(NEEDED, today)
    main, since = in_use(drawn), dict[int, date]()
    for person_id, day in drawn.items():
        since[main[person_id]] = min(day, since.get(main[person_id], day))
    return since


@verb("life.ask")
def _ask(actor: Actor, person_id: int, why: str, due: date) -> LifeCheck:
    """Open a case. A claimed death takes the place of a yearly one, once; it waits no year, and stops nothing either."""
    benefits.lock_person(person_id)
    remember(f"life of {person_id}", person_id=person_id, why=why, due=due)
    return _opened(person_id, why, due, actor)


def _opened(person_id: int, why: str, due: date, actor: Actor) -> LifeCheck:
    if why == LifeCheck.Why.CLAIMED:
        LifeCheck.objects.filter(person_id=person_id, closed_at=None, why=LifeCheck.Why.YEARLY).update(
            closed_at=actor.at
        )
    return actions.open_check(person_id, why, due, actor.at)[0]


def _remind(check: LifeCheck, today: date, actor: Actor) -> None:
    """One word when it opens, one two weeks before the day, one when the day has passed; each once."""
    stage = "over" if today > check.due_on else "soon" if today >= check.due_on - SOON else "first"
    wording = "life_over" if stage == "over" else "life_wanted"
    tell(check.person, f"life:{check.id}:{stage}", wording, actor.at, **casework.days(until=check.due_on))


# --- to reach somebody, and to suspend -------------------------------------------------------------------------------


def _check(person: Person) -> LifeCheck:
    found = actions.lock_check(person.id)
    if found is None:
        raise Refused("no_check")
    return found


@verb("life.tried")
def tried(actor: Actor, person: Person, on_day: date, way: str, end: str, note: str) -> LifeCheck:
    """Note a try to reach the person: when, how, and what came of it. Raises Refused 'no_check', 'way', 'day' or 'note'."""
    assert actor.account_id is not None
    check, note = _check(person), note.strip()
    if way not in WAYS or end not in ENDS:
        raise Refused("way")
    if not check.opened_at.astimezone(VIENTIANE).date() <= on_day <= actor.today:
        raise Refused("day")
    if not note or len(note) > NOTE:
        raise Refused("note")
    actions.tried(check, on_day=on_day, way=way, end=end, note=note, account_id=actor.account_id, at=actor.at)
    remember(f"life of {person.number}", person_id=person.id, way=way, end=end, on_day=on_day)
    return check


@verb("life.propose_stop")
def propose_stop(actor: Actor, person: Person, reason: str) -> Stop:
    """Propose to suspend the payments: after the day, and after tries on two different days that reached nobody.

    Raises Refused 'no_check', 'not_due', 'tries', 'reason' or 'state' (proposed or suspended already).
    """
    assert actor.account_id is not None
    check, reason = _check(person), reason.strip()
    if not reason or len(reason) > NOTE:
        raise Refused("reason")
    if check.due_on >= actor.today:
        raise Refused("not_due")
    if len({one.on_day for one in check.contacts.exclude(end="alive")}) < 2:
        raise Refused("tries")
    if queries.stop_of(person.id) is not None:
        raise Refused("state")
    remember(f"life of {person.number}", person_id=person.id, reason=reason)
    return actions.propose_stop(check, reason, actor.account_id, actor.at)


@verb("life.decide_stop")
def decide_stop(actor: Actor, person: Person, agree: bool) -> Stop:
    """Another officer looks and suspends, or does not. Raises Refused 'state' or 'same_person'."""
    assert actor.account_id is not None
    benefits.lock_person(person.id)
    stop = queries.stop_of(person.id)
    if stop is None or stop.agreed is not None:
        raise Refused("state")
    if stop.proposed_by_id == actor.account_id:
        raise Refused("same_person")
    actions.decide_stop(stop, agree, actor.account_id, actor.at)
    remember(f"life of {person.number}", person_id=person.id, agree=agree)
    if agree:
        tell(person, f"life:stop:{stop.id}", "life_stopped", actor.at, also=_others(person))
    return stop


def _others(person: Person) -> list[str]:
    """Other phones that we know of the person: a false word about a life must reach who lives."""
    return [phone for phone in claims.phones_of(person.id) if phone != person.phone]


# --- a death ---------------------------------------------------------------------------------------------------------


@verb("life.note_death")
def note_death(actor: Actor, person: Person, died_on: date, paper: str, paper_number: str) -> Death:
    """An officer notes a death with the paper that was seen. Nothing stops by it: another officer confirms.

    The person's own phones hear of it, so that whoever lives can say so. Raises Refused 'day', 'paper', 'alive' or 'state'.
    """
    paper_number = " ".join(paper_number.split())
    if not person.birth_date <= died_on <= actor.today:
        raise Refused("day")
    if paper not in PAPERS or not paper_number or len(paper_number) > 60:
        raise Refused("paper")
    benefits.lock_person(person.id)
    _must_not_live(person.id, died_on)
    if queries.death_of(person.id) is not None:
        raise Refused("state")
    remember(f"death of {person.number}", person_id=person.id, died_on=died_on, paper=paper)
    made = actions.note_death(
        person=person, died_on=died_on, paper=paper, paper_number=paper_number, noted_by_id=actor.account_id,
        noted_at=actor.at,
    )  # fmt: skip
    tell(person, f"death:{made.id}", "death_noted", actor.at, also=_others(person))
    return made


def _must_not_live(person_id: int, died_on: date) -> None:
    last = queries.last_proof(person_id)
    if last is not None and last > died_on:
        raise Refused("alive")


@verb("life.confirm_death")
def confirm_death(actor: Actor, person: Person) -> Death:
    """Another officer confirms: nothing more is paid, months paid after the death are too much, cards end, and the family
    members who reported the death find their claims filled in. Raises Refused 'state', 'same_person' or 'alive'.
    """
    assert actor.account_id is not None
    benefits.lock_person(person.id)
    death = actions.lock_death(person.id)
    if death is None or death.confirmed_at is not None:
        raise Refused("state")
    if death.noted_by_id == actor.account_id:
        raise Refused("same_person")
    _must_not_live(person.id, death.died_on)
    actions.confirm_death(death, actor.account_id, actor.at)
    too_much = claims.paid_after(person.id, Month.of(death.died_on))
    for one in too_much:
        benefits.overpaid_after_death(one, actor.at)
    for report in queries.reports_of(person.id):
        _open_claims(actor, report, death.died_on)
    remember(
        f"death of {person.number}", person_id=person.id, died_on=death.died_on, months_too_much=len(too_much)
    )
    for person_id in with_old(in_use([person.id]).values()):
        later("certify.after_death", person_id=person_id)
    return death


@verb("life.withdraw_death")
def withdraw_death(actor: Actor, person: Person, why: str) -> Death:
    """It was a mistake: payments go on, with what was missed. One officer is enough to let a living person be paid.

    Raises Refused 'state' or 'reason'.
    """
    assert actor.account_id is not None
    benefits.lock_person(person.id)
    death, why = actions.lock_death(person.id), why.strip()
    if death is None:
        raise Refused("state")
    if not why or len(why) > NOTE:
        raise Refused("reason")
    actions.withdraw_death(death, why, actor.account_id, actor.at)
    remember(f"death of {person.number}", person_id=person.id, withdrawn=why)
    if death.confirmed_at is not None:
        main = in_use([person.id])[person.id]
        for one in [each for number in with_old([main]) for each in claims.overpaid_to(number)]:
            if one.instalment is not None and not hasattr(one, "dropped"):
                benefits.write_off(one, Kip(one.kip), Kip(0), one.instalment.award.expense, actor.at)
        later("award.go_on", person_id=main)
    return death


@verb("life.report_death")
def report_death(
    actor: Actor, key: UUID, number: str, born: date, relation: str, died_on: date, by: Person | None = None
) -> DeathReport:
    """A relative, or an officer for the relative at a counter (`by`), says that a person died. Number and birth date must
    fit together. Officers look; the relative sees nothing of the dead person's record before the death is confirmed.

    Raises Refused 'unknown', 'day' or 'relation'; TooOften from the sixth try a day.
    """
    assert actor.account_id is not None
    teller = by.id if by is not None and actor.person_id is None else casework.person_or_nobody(actor)
    known = DeathReport.objects.filter(key=key, by_id=teller).first()
    if known is not None:
        remember(f"report {known.id}", person_id=known.person_id)
        return known
    person = Person.objects.filter(number=number, birth_date=born).exclude(id=teller).first()
    if person is None:
        raise Refused("unknown")
    if relation not in RELATIONS:
        raise Refused("relation")
    if not born <= died_on <= actor.today:
        raise Refused("day")
    benefits.lock_person(person.id)
    remember(f"report of a death of {number}", person_id=person.id, relation=relation, died_on=died_on)
    return _reported(actor, key, person, teller, relation, died_on)


def _reported(
    actor: Actor, key: UUID, person: Person, teller: int, relation: str, died_on: date
) -> DeathReport:
    same = DeathReport.objects.filter(person=person, by_id=teller).first()
    if same is not None:
        return same
    try:
        with transaction.atomic():
            made = actions.report_death(
                key=key, person=person, by_id=teller, relation=relation, died_on=died_on,
                account_id=actor.account_id, at=actor.at,
            )  # fmt: skip
    except IntegrityError as fault:  # somebody else's key
        raise Refused("unknown") from fault
    if queries.death_of(person.id) is None:
        _opened(in_use([person.id])[person.id], LifeCheck.Why.CLAIMED, actor.today + AFTER_REPORT, actor)
    tell(person_by_id(teller), f"report:{made.id}", "death_reported", actor.at)
    return made


def limit_reports(account_id: int, actor: Actor) -> None:
    """Before a report: number and birth date cannot be tried out. Counts also what is refused. Raises TooOften."""
    count(f"death-report:{account_id}", actor.at, TRIES, A_DAY)


@verb("life.open_claims")
def open_claims(actor: Actor, report_id: int) -> DeathReport:
    """Open the claims of a relative who reported after the death was confirmed. Raises Refused 'unknown' or 'state'."""
    report = DeathReport.objects.filter(id=report_id).first()
    if report is None:
        raise Refused("unknown")
    death = queries.death_of(report.person_id)
    if death is None or death.confirmed_at is None:
        raise Refused("state")
    _open_claims(actor, report, death.died_on)
    remember(f"report {report.id}", person_id=report.person_id)
    return report


def _open_claims(actor: Actor, report: DeathReport, died_on: date) -> None:
    """The grant and the family's benefit as drafts of who reported, with all that is known; once a report. People decide
    whom the one grant goes to (A-39).
    """
    teller = report.by
    born = {"born": teller.birth_date.isoformat()}
    known = born | {"sex": teller.sex}
    family: dict[str, dict[str, Any]] = {
        "spouse": {"spouse": known},
        "child": {"children": [born]},
        "parent": {"parents": [known]},
    }
    told: dict[str, dict[str, Any]] = {"death": {"who_died": "insured", "certificate": True}, "survivors": {}}
    for benefit in AFTER_DEATH:
        key = uuid5(report.key, benefit)
        if claims.by_key(teller.id, key) is not None:
            continue
        claim = benefits.start(
            key=key, person_id=teller.id, insured_id=report.person_id, benefit=benefit, channel="death",
            account_id=actor.account_id, at=actor.at,
        )  # fmt: skip
        about = family.get(report.relation, {}) if benefit == "survivors" else {}
        benefits.save(claim, told[benefit], died_on, about, actor.at)
    tell(teller, f"report:{report.id}:claims", "death_claims", actor.at)
