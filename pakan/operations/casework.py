"""What all verbs around a claim share: what the law says to it, which papers it needs, what was promised, how it is told.

Below the verbs: the simulator, the preview, the machine's look and the officer's award ask here, so that they cannot
differ (C27).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pakan.law.benefits import named
from pakan.law.calendar.holidays import is_working_day
from pakan.law.decision import Decision
from pakan.law.insured import Family
from pakan.law.told import read_insured
from pakan.law.wrong import Problem, WrongSituation
from pakan.operations import assess
from pakan.operations.law_in_force import in_force
from pakan.operations.speak import say
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.benefits import actions, queries
from pakan.registers.benefits.models import Claim, Evidence
from pakan.registers.lives.queries import stands_still
from pakan.registers.people.models import Person
from pakan.units.words import english_date, lao_date

PROMISE = 15  # working days from a complete file
AFRESH = 5  # working days of a new promise, when one was missed
APPEAL = timedelta(days=60)  # from the decision; a later one is heard all the same
CLAIM_MONTHS = 12  # a later claim is decided by staff


class Refused(ValueError):
    """Why nothing was done: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Paper:
    """A paper of the law's list. `held_*`: why it is not asked for, '' where it is. `given`: the newest one handed in.

    `needed`: False for one that only some families have.
    """

    key: str
    lo: str
    en: str
    held_lo: str
    held_en: str
    needed: bool
    given: Evidence | None

    @property
    def wanted(self) -> bool:
        return not self.held_lo

    @property
    def accepted(self) -> bool:
        return self.given is not None and self.given.state == Evidence.State.ACCEPTED

    @property
    def open(self) -> bool:
        """Still to be handed in, or again because the one given was refused."""
        return self.wanted and (
            self.needed if self.given is None else self.given.state == Evidence.State.REFUSED
        )


def papers(claim: Claim, told: Mapping[str, Any] | None = None) -> tuple[Paper, ...]:
    """The papers that prove this claim, and those that are not asked because the fund holds them."""
    given = {one.kind: one for one in Evidence.objects.filter(claim=claim).order_by("received_at", "id")}
    return tuple(
        Paper(one.key, one.lo, one.en, one.held_lo, one.held_en, one.needed, given.get(one.key))
        for one in named(claim.benefit).papers(claim.told if told is None else told)
    )


def family_of(person: Person, told: Mapping[str, Any]) -> Family:
    """The family as told. Raises WrongSituation with every problem."""
    return read_insured({"born": person.birth_date, "sex": person.sex, "family": told}).family


def reckon(claim: Claim, told: Mapping[str, Any] | None = None, event_day: date | None = None) -> Decision:
    """What the law says to the claim, from the real record. Raises WrongSituation, also where the day is missing."""
    day = event_day or claim.event_day
    if day is None:
        raise WrongSituation([Problem("day", "ບອກວັນທີກ່ອນ", "say on which day")])
    answers = dict(claim.told if told is None else told)
    family = family_of(claim.insured, claim.family) if claim.family else None
    return assess.estimate(claim.insured, claim.benefit, answers, day, family, besides=claim.id)


def is_late(claim: Claim, today: date) -> bool:
    """More than twelve months after the event (A-22)."""
    day = claim.event_day
    if day is None:
        return False
    month = day.month - 1 + CLAIM_MONTHS
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return today > date(year, month, min(day.day, last))


def working_days_after(day: date, many: int) -> date:
    """The last of `many` working days after `day`."""
    holidays = in_force().holidays
    while many:
        day += timedelta(days=1)
        many -= is_working_day(day, holidays)
    return day


def person_or_nobody(actor: Actor) -> int:
    """Whose own claims these are. Raises PermissionError for a machine."""
    if actor.person_id is None:
        raise PermissionError("only a person has claims of the own")
    return actor.person_id


def payable(person_id: int, digest: str, at: datetime) -> str:
    """Asked at the moment of sending: '' or why not: frozen, standing still, another account, not checked, cooling."""
    actions.lock_person(person_id)
    if queries.hold_of(person_id) is not None:
        return "frozen"
    if standing := stands_still(person_id):
        return standing
    account = queries.payee_of(person_id)
    if account is None:
        return "no_account"
    if actions.digest_of(account) != digest:
        return "payee_changed"
    if not account.checked:
        return "name_not_checked"
    return "cooling" if at < account.usable_from else ""


def tell(
    person: Person, key: str, wording: str, at: datetime, also: Sequence[str] = (), **values: Any
) -> None:
    """A message to the person, once a key; `also`: other phones that must hear it, such as the old one."""
    account = Account.objects.filter(person=person).first()
    row = {
        "key": key,
        "wording": wording,
        "values": values,
        "language": account.language if account else "lo",
        "phone": person.phone,
        "person_id": person.id,
        "account_id": account.id if account else None,
    }
    others = [row | {"key": f"{key}:{place}", "phone": phone} for place, phone in enumerate(also)]
    say([row, *others], at)


def days(**given: date) -> dict[str, str]:
    """Values for wordings: each day in both languages."""
    return {
        f"{name}_{language}": write(day)
        for name, day in given.items()
        for language, write in (("lo", lao_date), ("en", english_date))
    }
