"""Family: an insured person tells us of spouse and children, who are covered for care through him (benefits 1, C53).

The insured person asks with a photo of a paper, or an officer registers from paper at the desk; another person always
decides, and a no has a reason. What age, study and the insured's own contributions mean is asked of the law on each
day: no job ends anybody.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from pakan.integrations.formats.scan import PaperRefused, take
from pakan.law.benefits.health.family import age_ends, renewals, study_ends
from pakan.law.decision import Decision
from pakan.operations.assess import cover_of, relative_of
from pakan.operations.doubles import Double, doubles_of, is_reason, near
from pakan.operations.issuing import card_code, issue_card, stolen
from pakan.operations.speak import say
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import verb
from pakan.registers.care import actions as care
from pakan.registers.care.models import IssuedCard
from pakan.registers.care.queries import card_of_relative
from pakan.registers.documents.actions import keep
from pakan.registers.families import actions, queries
from pakan.registers.families.models import TEXT, FamilyMember, FamilyPaper
from pakan.registers.families.states import State, WrongMove
from pakan.registers.people.models import Person, Sex
from pakan.registers.people.queries import ids_of
from pakan.units.name import WrongName, clean_name, search_key
from pakan.units.words import english_date, lao_date

__all__ = ["PaperRefused", "WrongMove"]

OLDEST = date(1900, 1, 1)
MOST = 30  # entries under one insured person
AHEAD = timedelta(days=30)  # before a proof of study runs out
STUDY_AGE = timedelta(days=366)  # an older proof of study proves nothing any more
Relation, Kind, Why = FamilyMember.Relation, FamilyPaper.Kind, FamilyMember.Why
File = tuple[str, str, bytes]  # name, media type, content


class Refused(ValueError):
    """Not done; what is wrong with which field stands in `fields`."""

    def __init__(self, **fields: str) -> None:
        super().__init__(", ".join(f"{name}: {code}" for name, code in fields.items()))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a family member. `since`: the marriage; of a child it is the birth."""

    relation: str
    given_name: str
    family_name: str
    birth_date: date
    sex: str
    name_latin: str = ""
    national_id: str = ""
    since: date | None = None


# --- asking ----------------------------------------------------------------------------------------------------------


def ask(actor: Actor, told: Told, paper: File, why: str = "") -> FamilyMember:
    """Ask that somebody is entered under the actor. `why`: why it is nobody who stands there already.

    Raises Refused with every field that cannot be so; PaperRefused for a file that is none.
    """
    return _ask(actor, told, _taken(paper), why)


@verb("family.ask")
def _ask(actor: Actor, told: Told, paper: File, why: str) -> FamilyMember:
    if actor.person_id is None:
        raise PermissionError("only a person has a family")
    return _enter(actor, actor.person_id, told, paper, why)


def register(actor: Actor, person: Person, told: Told, paper: File, why: str = "") -> FamilyMember:
    """An officer enters somebody from a paper at the desk; another officer confirms. Raises as `ask`, and Refused 'own'."""
    return _register(actor, person, told, _taken(paper), why)


@verb("family.register")
def _register(actor: Actor, person: Person, told: Told, paper: File, why: str) -> FamilyMember:
    _not_own(actor, person.id)
    return _enter(actor, person.id, told, paper, why)


def _taken(paper: File) -> File:
    """The paper made anew at the door, outside any transaction. Raises PaperRefused."""
    scan = take(*paper)
    return paper[0], scan.media_type, scan.content


def _not_own(actor: Actor, *person_ids: int | None) -> None:
    if actor.person_id is not None and actor.person_id in person_ids:
        raise Refused(all="own")


def _enter(actor: Actor, person_id: int, told: Told, paper: File, why: str) -> FamilyMember:
    assert actor.account_id is not None
    insured = actions.lock_person(person_id)
    facts = _clean(insured, told, actor.today)
    why = " ".join(why.split())
    _look_for_doubles(insured, facts, why)
    made = actions.ask(insured, actor.account_id, actor.at, actor.today.year, override=why[:TEXT], **facts)
    _keep_paper(actor, made, Kind.RELATION, paper)
    remember(made.number, person_id=insured.id, relation=made.relation, override=why)
    return made


def _keep_paper(
    actor: Actor, member: FamilyMember, kind: str, paper: File, dated: date | None = None
) -> FamilyPaper:
    assert actor.account_id is not None
    kept = keep(
        kind=f"family {kind}", name=paper[0], media_type=paper[1], content=paper[2], employer=None,
        account_id=actor.account_id, at=actor.at,
    )  # fmt: skip
    return actions.add_paper(member, kind, kept, actor.account_id, actor.at, dated)


def _clean(insured: Person, told: Told, today: date) -> dict[str, Any]:
    """The facts as they will be kept. Raises Refused with every field that cannot be so."""
    facts: dict[str, Any] = {"relation": told.relation, "sex": told.sex, "birth_date": told.birth_date}
    wrong: dict[str, str] = {}
    for name, needed in (("given_name", True), ("family_name", True), ("name_latin", False)):
        text = getattr(told, name)
        try:
            facts[name] = clean_name(text)[:100] if needed or text.strip() else ""
        except WrongName as fault:
            wrong[name] = fault.code
    facts["national_id"] = "".join(told.national_id.split())
    if len(facts["national_id"]) > 20 or not (facts["national_id"] or "0").isalnum():
        wrong["national_id"] = "number"
    if told.relation not in Relation.values:
        wrong["relation"] = "choose"
    if told.sex not in Sex.values:
        wrong["sex"] = "choose"
    facts["since"], more = _days(insured, told, today)
    wrong |= more
    if wrong:
        raise Refused(**wrong)
    return facts


def _days(insured: Person, told: Told, today: date) -> tuple[date | None, dict[str, str]]:
    """From when the relation is, and which of the days cannot be."""
    born, since = told.birth_date, told.birth_date if told.relation == Relation.CHILD else told.since
    wrong = {}
    if not OLDEST <= born <= today:
        wrong["birth_date"] = "day"
    elif told.relation == Relation.CHILD and born <= insured.birth_date:
        wrong["birth_date"] = "older"
    if told.relation == Relation.SPOUSE and since is None:
        wrong["since"] = "needed"
    elif since is not None and not (max(born, insured.birth_date) <= since <= today):
        wrong.setdefault("since" if told.relation == Relation.SPOUSE else "birth_date", "day")
    return since, wrong


def _look_for_doubles(insured: Person, facts: dict[str, Any], why: str) -> None:
    """The same again and a second spouse cannot be; somebody alike needs a reason. Raises Refused."""
    key = search_key(f"{facts['given_name']} {facts['family_name']}")
    there = queries.living(insured.id)
    if len(there) >= MOST:
        raise Refused(all="most")
    if (key, facts["birth_date"]) == (insured.key, insured.birth_date):
        raise Refused(given_name="self")
    if any((one.key, one.birth_date) == (key, facts["birth_date"]) for one in there):
        raise Refused(given_name="same")
    if facts["relation"] == Relation.SPOUSE and any(one.relation == Relation.SPOUSE for one in there):
        raise Refused(relation="spouse")
    alike = [one for one in there if _alike(one, key, facts)]
    if alike and not is_reason(why):
        raise Refused(why="alike")


def _alike(one: FamilyMember, key: str, facts: dict[str, Any]) -> bool:
    if facts["national_id"] and facts["national_id"] == one.national_id:
        return True
    return near(one.key, key) and (one.birth_date, one.sex) == (facts["birth_date"], facts["sex"])


@verb("family.withdraw")
def withdraw(actor: Actor, number: str) -> FamilyMember:
    """Take back what nobody has decided yet. Raises Refused 'unknown', also for another's; WrongMove."""
    found = _mine(actor, number)
    actions.withdraw(found)
    remember(number, person_id=found.insured_id)
    return found


def _mine(actor: Actor, number: str) -> FamilyMember:
    """The actor's own entry; for an officer anybody's but his own. Raises Refused."""
    try:
        found = actions.lock(number)
    except FamilyMember.DoesNotExist as nobody:
        raise Refused(all="unknown") from nobody
    if Role.MEMBER not in actor.own:
        _not_own(actor, found.insured_id, found.own_id)
    elif actor.person_id is None or found.insured_id not in ids_of(actor.person_id):
        raise Refused(all="unknown")
    return found


# --- deciding --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """What an officer should see beside the paper: the same person in other families, and on the register of persons."""

    elsewhere: list[FamilyMember]
    persons: list[Double]

    def needs_reason(self, member: FamilyMember) -> bool:
        """A second marriage, or a third parent, is confirmed only with a reason."""
        same = [one for one in self.elsewhere if one.relation == member.relation]
        return len(same) > (0 if member.relation == Relation.SPOUSE else 1)


def seen(member: FamilyMember) -> Seen:
    """Looked up by the machine; what it means is the officer's to say."""
    persons = doubles_of(member.name, member.name_latin, member.birth_date, "", member.national_id)
    return Seen(queries.elsewhere(member), [one for one in persons if one.person.id != member.insured_id])


@verb("family.decide")
def decide(
    actor: Actor, number: str, agrees: bool, answer: str = "", own_number: str = "", override: str = ""
) -> FamilyMember:
    """Confirm or refuse; a no has a reason. `own_number`: she is insured herself, under this number.

    Raises Refused 'unknown', 'own', 'same person', 'answer', 'own_number' or 'override'; WrongMove.
    """
    found, answer, override = _mine(actor, number), answer.strip(), " ".join(override.split())
    assert actor.account_id is not None
    if found.asked_by_id == actor.account_id:
        raise Refused(all="same person")
    if len(answer) > TEXT or (not agrees and not answer):
        raise Refused(answer="answer")
    own = None
    if agrees:
        there = seen(found)
        own = next((one.person for one in there.persons if one.person.number == own_number), None)
        if own_number and own is None:
            raise Refused(own_number="unknown")
        if there.needs_reason(found) and not is_reason(override):
            raise Refused(override="needed")
    state = State.CONFIRMED if agrees else State.REFUSED
    actions.decide(found, state, answer, actor.account_id, actor.at, own, override[:TEXT])
    remember(number, person_id=found.insured_id, agrees=agrees, answer=answer, override=override)
    _tell(found, "family_confirmed" if agrees else "family_refused", actor, "decided")
    return found


# --- the end ---------------------------------------------------------------------------------------------------------


@verb("family.ask_end")
def ask_end(actor: Actor, number: str, why: str, on: date, text: str = "") -> FamilyMember:
    """The relation has ended: `on` is its last day. Another person decides.

    Raises Refused 'unknown', 'own', 'state', 'open', or the wrong field.
    """
    found, text = _mine(actor, number), " ".join(text.split())
    assert actor.account_id is not None
    if found.state != State.CONFIRMED:
        raise Refused(all="state")
    if found.end_at is not None:
        raise Refused(all="open")
    wrong = {}
    if why not in Why.values:
        wrong["why"] = "choose"
    if not found.since <= on <= actor.today:
        wrong["on"] = "day"
    if len(text) > TEXT or (why in (Why.OTHER, Why.MISTAKE) and not text):
        wrong["text"] = "needed"
    if wrong:
        raise Refused(**wrong)
    actions.ask_end(found, why, on, text, actor.account_id, actor.at)
    remember(number, person_id=found.insured_id, why=why, on=str(on), text=text)
    return found


@verb("family.decide_end")
def decide_end(actor: Actor, number: str, agrees: bool, answer: str = "") -> FamilyMember:
    """End the relation, or leave it as it is for a reason. Raises Refused 'state', 'same person' or 'answer'."""
    found, answer = _mine(actor, number), answer.strip()
    assert actor.account_id is not None
    if found.state != State.CONFIRMED or found.end_at is None:
        raise Refused(all="state")
    if found.end_by_id == actor.account_id:
        raise Refused(all="same person")
    if len(answer) > TEXT or (not agrees and not answer):
        raise Refused(answer="answer")
    remember(number, person_id=found.insured_id, agrees=agrees, why=found.end_why, answer=answer)
    _tell(
        found,
        "family_ended" if agrees else "family_stays",
        actor,
        f"end {found.end_at:%Y%m%d%H%M%S}{agrees:d}",
    )
    if agrees:
        actions.end(found, actor.account_id, actor.at)
        why = IssuedCard.Why.DEATH if found.end_why == Why.DEATH else IssuedCard.Why.ENDED
        held = IssuedCard.objects.filter(family=found, revoked_at=None)
        care.revoke(held, why, actor.at, actor.account_id)
    else:
        actions.keep_on(found)
    return found


# --- proofs of study -------------------------------------------------------------------------------------------------


def prove_study(actor: Actor, number: str, dated: date, paper: File) -> FamilyPaper:
    """A certificate of a school for a child over 18, new each year. Raises Refused, PaperRefused."""
    return _prove_study(actor, number, dated, _taken(paper))


@verb("family.prove_study")
def _prove_study(actor: Actor, number: str, dated: date, paper: File) -> FamilyPaper:
    found = _mine(actor, number)
    if found.relation != Relation.CHILD or found.state not in (State.ASKED, State.CONFIRMED):
        raise Refused(all="state")
    if not actor.today - STUDY_AGE <= dated <= actor.today:
        raise Refused(dated="day")
    if found.papers.filter(kind=Kind.STUDY, accepted=None).exists():
        raise Refused(all="open")
    remember(number, person_id=found.insured_id, dated=str(dated))
    return _keep_paper(actor, found, Kind.STUDY, paper, dated)


@verb("family.judge_study")
def judge_study(actor: Actor, number: str, paper_id: int, accepts: bool, answer: str = "") -> FamilyPaper:
    """Accept a proof of study, or not, for a reason. Raises Refused 'unknown', 'state', 'same person' or 'answer'."""
    found, answer = _mine(actor, number), answer.strip()
    assert actor.account_id is not None
    paper = found.papers.filter(id=paper_id, kind=Kind.STUDY).first()
    if paper is None:
        raise Refused(all="unknown")
    if paper.accepted is not None:
        raise Refused(all="state")
    if paper.kept_by_id == actor.account_id:
        raise Refused(all="same person")
    if len(answer) > TEXT or (not accepts and not answer):
        raise Refused(answer="answer")
    actions.judge_study(paper, accepts, answer, actor.account_id, actor.at)
    remember(number, person_id=found.insured_id, accepts=accepts, answer=answer)
    _tell(found, "family_study" if accepts else "family_study_refused", actor, f"study {paper.id}")
    return paper


# --- the card --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FamilyCard:
    """`until`: the last day covered, None without cover; `code` and `serial`: '' without cover."""

    cover: Decision
    until: date | None
    code: str = ""
    serial: str = ""


def card(actor: Actor, member: FamilyMember) -> FamilyCard:
    """A confirmed family member's card on the insured person's phone. The first look at a new cover issues it."""
    cover = cover_of(member, actor.today)
    until = next((amount.end for amount in cover.amounts if amount.end), None)
    if until is None or member.state != State.CONFIRMED:
        return FamilyCard(cover, None)
    issued = card_of_relative(member.id, "phone", until)
    if issued is None or issued.key in stolen(actor.at):
        issued = take_card(actor, member.number, until)
    return FamilyCard(cover, until, card_code(issued), issued.serial)


@verb("family.take_card")
def take_card(actor: Actor, number: str, until: date) -> IssuedCard:
    """Issue the card of the actor's family member for a cover that ends on `until`. Raises Refused 'unknown' or 'state'."""
    member = _mine(actor, number)
    if member.state != State.CONFIRMED:
        raise Refused(all="state")
    lost = IssuedCard.objects.filter(family=member, kind="phone", key__in=stolen(actor.at))
    care.revoke(lost, IssuedCard.Why.KEY, actor.at)
    insured = queries.insured_now(member)
    issued = issue_card(actor.at, insured.id, "phone", until, member=member)
    remember(issued.serial, person_id=insured.id, until=until, of=number)
    return issued


# --- a proof of study is asked for in time ---------------------------------------------------------------------------


@app.task(name="family.remind_study")
def remind_study() -> None:
    """A month before a child's cover by age or study ends, once for each end. The machine asks; it ends nothing."""
    ask_for_study(Actor.system(timezone.now(), "families"))


@verb("family.ask_for_study")
def ask_for_study(actor: Actor) -> int:
    """How many were told."""
    today = actor.today
    rows = []
    for member in queries.study_to_renew(*renewals(today, AHEAD)):
        last = age_ends(relative_of(member), today)
        if last is None or last > today + AHEAD or last == study_ends(member.birth_date, today):
            continue
        days = {"day_lo": lao_date(last), "day_en": english_date(last)}
        rows.append(_row(member, "family_study_due", f"study due {last}", days))
    remember("studies", told=len(rows))
    return say(rows, actor.at)


def _tell(member: FamilyMember, wording: str, actor: Actor, step: str) -> None:
    say([_row(member, wording, step, {})], actor.at)


def _row(member: FamilyMember, wording: str, step: str, values: dict[str, str]) -> dict[str, Any]:
    """A message to the insured person, under the number of today; it names nobody."""
    person = queries.insured_now(member)
    account = Account.objects.filter(person_id=person.id).first()
    return {
        "key": f"family:{member.id}:{step}",
        "wording": wording,
        "values": {"number": member.number} | values,
        "language": account.language if account else "lo",
        "phone": person.phone,
        "person_id": person.id,
        "account_id": account.id if account else None,
    }
