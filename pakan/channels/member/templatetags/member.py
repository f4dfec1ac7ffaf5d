"""How the member's pages say an employer."""

from django import template

from pakan.channels.kit.speech import in_language
from pakan.registers.people.models import Employer

register = template.Library()


@register.filter
def employer_name(employer: Employer) -> str:
    return in_language({"lo": employer.name_lo, "en": employer.name_en})
