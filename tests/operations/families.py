"""What the tests about families do again and again: what is told, a paper, and a family member that is confirmed."""

import io
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from PIL import Image

from pakan.operations import family
from pakan.registers.access.actor import Actor
from pakan.registers.families.models import FamilyMember
from pakan.registers.people.models import Person

CHILD = family.Told("child", "ດາວ", "ພົມມະຈັນ", date(2018, 4, 5), "f", "Dao Phommachan")
STUDENT = family.Told("child", "ສອນ", "ພົມມະຈັນ", date(2006, 1, 5), "m", "Sone Phommachan")
SPOUSE = family.Told("spouse", "ວຽງ", "ສີສະຫວັດ", date(1988, 7, 9), "m", since=date(2015, 2, 14))


@cache
def photo() -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((900, 700), 60).convert("RGB").save(kept, "JPEG")
    return kept.getvalue()


def paper(name: str = "birth.jpg") -> tuple[str, str, bytes]:
    return name, "image/jpeg", photo()


def asked(actor: Actor, told: family.Told = CHILD, why: str = "", **other: Any) -> FamilyMember:
    """Asked with a paper that was made anew at the door before: that door has tests of its own, and takes its time."""
    return family._ask(actor, replace(told, **other), paper(), why)


def entered(actor: Actor, person: Person, told: family.Told = CHILD) -> FamilyMember:
    """By an officer at the desk."""
    return family._register(actor, person, told, paper(), "")


def confirmed(actor: Actor, officer: Actor, told: family.Told = CHILD, **other: Any) -> FamilyMember:
    return family.decide(officer, asked(actor, told, **other).number, True)
