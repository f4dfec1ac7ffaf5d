"""The certificate that a labour unit is registered: signed, to hang on the wall, checked by anyone (C62)."""

import secrets
from datetime import datetime, time, timedelta

from django.conf import settings

from pakan.integrations.formats import emvco
from pakan.integrations.formats.credential import Registration, compose
from pakan.integrations.formats.letter import RegistrationLetter, render
from pakan.operations.issuing import key
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.joining import actions, queries
from pakan.registers.joining.models import Certificate
from pakan.registers.people.models import Employer

LIFE = timedelta(days=3 * 365)  # a new one is fetched any time; old names do not stay in the world for ever


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


def of_employer(employer: Employer) -> Certificate | None:
    """The one in force."""
    return queries.certificate_of(employer)


def pdf(certificate: Certificate) -> bytes:
    """In Lao and English, with its code."""
    letter: RegistrationLetter = {
        "number": certificate.number,
        "employer": certificate.name_lo,
        "name_en": certificate.employer.name_en,
        "employer_code": certificate.employer.code,
        "registered_on": certificate.registered_on.isoformat(),
        "issued_on": certificate.issued_at.astimezone(VIENTIANE).date().isoformat(),
        "valid_until": certificate.until.isoformat(),
        "code": certificate.code,
        "verify_at": f"{settings.BASE_URL}/verify/",
    }
    return render("registration", letter)


def code_svg(certificate: Certificate) -> str:
    return emvco.svg(certificate.code, "registration")
