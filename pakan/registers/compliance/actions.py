"""What is written about charges and matters. Locks: employer, month, obligation, receipt, then charge, then matter."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F

from pakan.registers.access.actor import VIENTIANE
from pakan.registers.compliance import postings
from pakan.registers.compliance.models import (
    Campaign,
    Charge,
    Clearance,
    Instalment,
    Matter,
    MatterStep,
    Pause,
    Reminder,
)
from pakan.registers.compliance.states import Kind, State, move
from pakan.registers.ledger.actions import post
from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.number import matter_number

# --- charges ---------------------------------------------------------------------------------------------------------


def charge(**facts: Any) -> Charge:
    """A new charge, in the ledger too."""
    made = Charge.objects.create(**facts)
    post(postings.charged(made), made.made_at)
    return made


def lock_charges(employer_id: int) -> list[Charge]:
    """Charges with something open, oldest month first, locked."""
    found = Charge.objects.select_for_update().filter(
        employer_id=employer_id, amount__gt=F("settled") + F("waived")
    )
    return list(found.order_by("month", "id"))


def settle_charge(one: Charge, amount: Kip, at: datetime, key: str, *, from_credit: bool = False) -> None:
    """Set money against a charge: at most what is open. Raises ValueError beyond it."""
    if not 0 < amount <= one.open:
        raise ValueError(f"{amount} kip cannot be set against a charge of {one.open} open kip")
    one.settled += amount
    one.save(update_fields=["settled"])
    post(postings.paid(one, amount, key, from_credit), at)


def waive_charge(one: Charge, amount: Kip, at: datetime, key: str) -> None:
    """Give up a part of a charge. Raises ValueError beyond what is open."""
    if not 0 < amount <= one.open:
        raise ValueError(f"{amount} kip cannot be waived of a charge of {one.open} open kip")
    one.waived += amount
    one.save(update_fields=["waived"])
    post(postings.given_up(one, amount, key), at)


# --- matters ---------------------------------------------------------------------------------------------------------


def lock_employer(employer_id: int) -> None:
    """Matters of one employer are opened one after another: two taps at one moment find each other."""
    Employer.objects.select_for_update(no_key=True).only("id").get(id=employer_id)


def open_matter(
    kind: Kind, employer: Employer, account_id: int, at: datetime, year: int, **facts: Any
) -> Matter:
    """A new matter with the next number of `year`."""
    matter = Matter.objects.create(
        number=matter_number(year, take_numbers(f"matter {year}")),
        kind=kind.value,
        employer=employer,
        opened_by_id=account_id,
        opened_at=at,
        **facts,
    )
    MatterStep.objects.create(
        matter=matter, state=State.ASKED.value, text=matter.text, account_id=account_id, at=at
    )
    return matter


def lock(number: str) -> Matter:
    """The matter, held until the transaction ends."""
    return (
        Matter.objects.select_for_update(of=("self",)).select_related("employer", "charge").get(number=number)
    )


def step(
    matter: Matter, then: State, at: datetime, account_id: int | None, text: str = "", **changes: Any
) -> Matter:
    """Move a locked matter, and write the step. Raises WrongMove."""
    matter.state = move(matter.kind, matter.state, then)
    for name, value in changes.items():
        setattr(matter, name, value)
    matter.save()
    MatterStep.objects.create(matter=matter, state=then.value, text=text, account_id=account_id, at=at)
    return matter


def decide(matter: Matter, then: State, at: datetime, account_id: int, text: str) -> Matter:
    """The step that decides it, with the officer's name and words."""
    return step(matter, then, at, account_id, text, decided_by_id=account_id, decided_at=at, answer=text)


def write_instalments(plan: Matter, parts: Sequence[tuple[date, Kip]]) -> None:
    Instalment.objects.bulk_create(
        [
            Instalment(plan=plan, place=place, due_on=day, amount=amount)
            for place, (day, amount) in enumerate(parts, 1)
        ]
    )


def pause(matter: Matter, month: Month, begins: date, amount: Kip | None) -> None:
    Pause.objects.create(matter=matter, employer=matter.employer, month=month, amount=amount, begins=begins)


def end_pauses(matter: Matter, day: date) -> None:
    Pause.objects.filter(matter=matter, ends=None).update(ends=day)


# --- the ladder ------------------------------------------------------------------------------------------------------


def plan_reminders(rows: Iterable[Reminder]) -> int:
    """Write the rungs that are new; how many."""
    return len(Reminder.objects.bulk_create(list(rows), ignore_conflicts=True))


def reminder_done(reminder_id: int, at: datetime, account_id: int | None, text: str = "") -> bool:
    """Whether it was still to do."""
    return bool(
        Reminder.objects.filter(id=reminder_id, done_at=None).update(
            done_at=at, done_by_id=account_id, text=text
        )
    )


# --- campaigns -------------------------------------------------------------------------------------------------------


def enter_campaign(**facts: Any) -> Campaign:
    return Campaign.objects.create(**facts)


def approve_campaign(campaign_id: int, at: datetime, account_id: int) -> bool:
    """Whether it was still to approve."""
    waiting = Campaign.objects.filter(id=campaign_id, approved_at=None)
    return bool(waiting.update(approved_at=at, approved_by_id=account_id))


# --- certificates ----------------------------------------------------------------------------------------------------


def issue_clearance(**facts: Any) -> Clearance:
    return Clearance.objects.create(**facts)


def withdraw_clearances_of(plan: Matter, at: datetime, account_id: int, why: str) -> list[str]:
    """Take back the certificates in force that rest on a plan; their numbers."""
    found = Clearance.objects.filter(plan=plan, withdrawn_at=None, until__gte=at.astimezone(VIENTIANE).date())
    numbers = list(found.order_by("id").values_list("number", flat=True))
    found.update(withdrawn_at=at, withdrawn_by_id=account_id, why=why)
    return numbers


def withdraw_clearance(number: str, at: datetime, account_id: int, why: str) -> bool:
    """Whether it was still in force."""
    return bool(
        Clearance.objects.filter(number=number, withdrawn_at=None).update(
            withdrawn_at=at, withdrawn_by_id=account_id, why=why
        )
    )
