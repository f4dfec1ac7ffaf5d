"""Clear: the certificate that an employer owes nothing overdue (C122): conditions told, signed, good for some weeks.

Anyone checks it by its code, offline too. It tells of the day of issue; a debt that appears later does not take it back
by itself: its life is short, and an officer may withdraw it with a reason.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from pakan.integrations.formats import emvco
from pakan.integrations.formats.credential import Clearance as Signed
from pakan.integrations.formats.credential import compose
from pakan.integrations.formats.letter import ClearanceLetter, render
from pakan.law.recovery.rule import recovery_on
from pakan.operations import agree, late
from pakan.operations.agree import Refused
from pakan.operations.issuing import key
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.compliance import actions, queries
from pakan.registers.compliance.models import Clearance, Matter
from pakan.registers.compliance.states import State
from pakan.registers.contributions import actions as contributions
from pakan.registers.contributions.models import Obligation
from pakan.registers.contributions.queries import months_missing, open_obligations
from pakan.registers.people.models import Employer
from pakan.units.month import Month

__all__ = ["Refused"]


@dataclass(frozen=True)
class Conditions:
    """What stands in the way: months nobody declared, months overdue outside a plan, charges, a plan not kept."""

    undeclared: tuple[Month, ...]
    overdue: tuple[Month, ...]
    charges: tuple[Month, ...]
    plan: Matter | None
    plan_missed: bool

    @property
    def met(self) -> bool:
        return not (self.undeclared or self.overdue or self.charges or self.plan_missed)


def conditions(employer: Employer, today: date) -> Conditions:
    """What a certificate asks for, each with what was found on `today`."""
    law = in_force()
    undeclared = [
        month for month in months_missing(employer, Month.of(today) - 1) if law.due_date(month) < today
    ]
    plan = queries.plan_in_force(employer.id)
    agreed = {Month.parse(month) for month in plan.facts["months"]} if plan else set()
    overdue = [
        one.month for one in open_obligations(employer.id) if one.due_on < today and one.month not in agreed
    ]
    charges = [month for month in late.charged_months(employer.id) if month not in agreed]
    missed = plan is not None and plan.state == State.MISSED.value
    return Conditions(tuple(undeclared), tuple(overdue), tuple(sorted(charges)), plan, missed)


@verb("clear.issue")
def issue(actor: Actor, employer: Employer) -> Clearance:
    """Issue the certificate. Raises Refused 'debt' while a condition is not met."""
    if actor.account_id is None:
        raise PermissionError("a certificate is asked for by a person")
    actions.lock_employer(employer.id)
    months = Obligation.objects.filter(employer=employer).values_list("month", flat=True)
    contributions.lock_obligations(employer.id, list(months))
    found = conditions(employer, actor.today)
    if not found.met:
        raise Refused("debt")
    number = f"K{actor.today:%y}-{secrets.token_hex(5).upper()}"
    until = actor.today + timedelta(days=recovery_on(actor.today).certificate_days)
    signed = Signed(number, employer.code, employer.name_lo, found.plan.number if found.plan else "")
    ends = datetime.combine(until, time(23, 59, 59), VIENTIANE)
    code = compose(signed, key("statement", actor.at), settings.BASE_URL, actor.at, ends)
    remember(number, employer_id=employer.id, until=until)
    return actions.issue_clearance(
        number=number, employer=employer, issued_at=actor.at, issued_by_id=actor.account_id, until=until,
        plan=found.plan, code=code,
    )  # fmt: skip


@verb("clear.withdraw")
def withdraw(actor: Actor, certificate: Clearance, why: str) -> None:
    """An officer takes it back: readers without network learn it with their next list. Raises Refused 'state', 'short'."""
    if actor.account_id is None:
        raise PermissionError("a person withdraws it")
    remember(certificate.number, employer_id=certificate.employer_id, why=why)
    if not actions.withdraw_clearance(certificate.number, actor.at, actor.account_id, agree.said(why)):
        raise Refused("state")


def pdf(certificate: Clearance) -> bytes:
    """The certificate in Lao and English, with its code."""
    issued = certificate.issued_at.astimezone(VIENTIANE).date()
    paid = Obligation.objects.filter(
        employer=certificate.employer, declaration__declared_at__lte=certificate.issued_at
    )
    last = paid.order_by("-month").values_list("month", flat=True).first()
    letter: ClearanceLetter = {
        "number": certificate.number,
        "employer": certificate.employer.name_lo,
        "employer_code": certificate.employer.code,
        "last_month": str(last or ""),
        "plan": certificate.plan.number if certificate.plan else "",
        "issued_on": issued.isoformat(),
        "valid_until": certificate.until.isoformat(),
        "code": certificate.code,
        "verify_at": f"{settings.BASE_URL}/verify/",
    }
    return render("clearance", letter)


def code_svg(certificate: Clearance) -> str:
    """The signed code as a picture."""
    return emvco.svg(certificate.code, "clearance")
