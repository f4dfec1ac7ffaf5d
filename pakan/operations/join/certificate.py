"""The certificate that a labour unit is registered: signed, to hang on the wall, checked by anyone (C62)."""

from django.conf import settings

from pakan.integrations.formats import emvco
from pakan.integrations.formats.letter import RegistrationLetter, render
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.joining import queries
from pakan.registers.joining.models import Certificate
from pakan.registers.people.models import Employer


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
