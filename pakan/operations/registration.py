"""What registering and changing an employer share: the promised day, and the signed certificate."""

import secrets
from datetime import date, datetime, time, timedelta

from django.conf import settings

from pakan.integrations.formats.credential import Registration, compose
from pakan.law.calendar.holidays import next_working_day
from pakan.law.contributions.values import REGISTRATION
from pakan.operations.issuing import key
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.joining import actions
from pakan.registers.joining.models import Certificate
from pakan.registers.people.models import Employer

LIFE = timedelta(days=3 * 365)  # a new one is fetched any time; old names do not stay in the world for ever


def promised(day: date) -> date:
    """The working day until which the fund answers what came in on `day` (Instruction 1206/MLSW: two working days)."""
    for _one in range(REGISTRATION.on(day).processing_working_days or 0):
        day = next_working_day(day + timedelta(days=1))
    return day


def issue(employer: Employer, at: datetime) -> Certificate:
    """A new certificate; the one before counts no more."""
    number = f"G{at:%y}-{secrets.token_hex(5).upper()}"
    today = at.astimezone(VIENTIANE).date()
    registered, until = employer.registered_at.astimezone(VIENTIANE).date(), today + LIFE
    signed = Registration(number, employer.code, employer.name_lo, registered)
    ends = datetime.combine(until, time(23, 59, 59), VIENTIANE)
    code = compose(signed, key("statement", at), settings.BASE_URL, at, ends)
    return actions.issue_certificate(
        employer, number=number, name_lo=employer.name_lo, registered_on=registered, issued_at=at, until=until,
        code=code,
    )  # fmt: skip
