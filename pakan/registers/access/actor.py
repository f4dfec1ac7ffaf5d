"""Who acts: every verb is handed one. It carries the moment too, so that no rule ever asks what day it is."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from pakan.registers.access.roles import Role

if TYPE_CHECKING:
    from pakan.registers.access.models import SignIn

VIENTIANE = ZoneInfo("Asia/Vientiane")


@dataclass(frozen=True)
class Actor:
    """`at` is aware; `employers` are the mandates in force, by employer id; `own` are roles that need no employer."""

    name: str
    at: datetime
    door: str
    account_id: int | None = None
    person_id: int | None = None
    own: frozenset[Role] = frozenset()
    employers: dict[int, frozenset[Role]] = field(default_factory=dict)
    office: str = ""
    request: str = "-"
    language: str = "lo"

    @property
    def today(self) -> date:
        """The day in Vientiane, which decides about due dates."""
        return self.at.astimezone(VIENTIANE).date()

    def roles_at(self, employer_id: int | None) -> frozenset[Role]:
        """All roles that count for something of this employer (or of nobody's)."""
        mandates = self.employers.get(employer_id, frozenset()) if employer_id is not None else frozenset()
        return self.own | mandates | {Role.ANYONE}

    @property
    def all_roles(self) -> frozenset[Role]:
        return self.own.union(*self.employers.values()) | {Role.ANYONE}

    @classmethod
    def system(cls, at: datetime, name: str = "timetable") -> "Actor":
        """What happens by itself: jobs and the timetable."""
        return cls(name=name, at=at, door="timetable", own=frozenset({Role.SYSTEM}))


class Asked(HttpRequest):
    """A request after the door: it knows who asks, and by which session."""

    actor: Actor
    sign_in: "SignIn | None"
