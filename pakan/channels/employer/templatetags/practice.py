"""`{% exercises employer %}`: the way over to practice in the real house, the list of exercises in the practice house."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pakan.operations import practise
from pakan.registers.people.models import Employer

register = template.Library()

# code -> (what to do, what helps with it, the page where it is done)
WORDS: dict[str, tuple[Promise, Promise, str]] = {
    "upload": (
        gettext_lazy("Upload the wage file"),
        gettext_lazy("It has two mistakes: a letter in a wage, and two digits of a number swapped."),
        "month",
    ),
    "mend": (
        gettext_lazy("Mend the two mistakes"),
        gettext_lazy("Each is marked where it stands. Nothing is sent before you hand over."),
        "check",
    ),
    "approve": (
        gettext_lazy("Hand over and approve"),
        gettext_lazy(
            "You play both: who prepares, and who approves. In a real company these are two people."
        ),
        "approve",
    ),
    "pay": (
        gettext_lazy("Pay at the sandbox bank"),
        gettext_lazy("Open the payment code there. The receipt comes by itself."),
        "pay",
    ),
    "correct": (
        gettext_lazy("Correct a month"),
        gettext_lazy("Change one wage of a month that is paid, and approve the difference."),
        "correct",
    ),
}


@register.inclusion_tag("employer/parts/practice.html")
def exercises(employer: Employer) -> dict[str, Any]:
    if not settings.PRACTICE:
        return {"practice_url": reverse("employer:practice") if settings.PRACTICE_URL else ""}
    found = practise.exercises(employer)
    following = next((one for one in found if not one.done), None)
    return {
        "practice": True,
        "employer": employer,
        "exercises": [_shown(one, employer, is_next=one is following) for one in found],
        "done": sum(one.done for one in found),
        "count": len(found),
    }


def _shown(one: practise.Exercise, employer: Employer, *, is_next: bool) -> dict[str, Any]:
    title, help_text, page = WORDS[one.code]
    return {
        "code": one.code,
        "title": title,
        "help": help_text,
        "done": one.done,
        "is_next": is_next,
        "url": reverse(f"employer:{page}", args=[employer.code, str(one.month)]),
    }
