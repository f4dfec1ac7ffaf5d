"""The benefits as people meet them: by what happened in life. A benefit that is not named here has its own title."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from pakan.channels.kit.speech import in_language
from pakan.law.benefits import all_names, named

EVENTS: dict[str, tuple[Any, str]] = {
    "maternity": (gettext_lazy("A baby is coming, or was lost"), "heart"),
    "sickness": (gettext_lazy("I am ill and cannot work"), "calendar"),
    "health": (gettext_lazy("I need a doctor or a hospital"), "pin"),
    "work_accident": (gettext_lazy("An accident at work, or an illness from work"), "alert"),
    "unemployment": (gettext_lazy("I lost my job"), "people"),
    "invalidity": (gettext_lazy("I can no longer work as before"), "help"),
    "old_age": (gettext_lazy("I am getting old and want to stop working"), "clock"),
    "death": (gettext_lazy("Someone in the family died: the grant"), "record"),
    "survivors": (gettext_lazy("The one who provided for us died"), "home"),
}


@dataclass(frozen=True, slots=True)
class LifeEvent:
    name: str
    url: str
    label: str
    note: str
    icon: str


def life_events() -> list[LifeEvent]:
    """Every benefit of the law: those people ask for most first, then the others by name."""
    order = list(EVENTS)
    known = [name for name in order if name in all_names()]
    return [_event(name) for name in known + [name for name in all_names() if name not in EVENTS]]


def _event(name: str) -> LifeEvent:
    title = in_language(named(name).title)
    label, icon = EVENTS.get(name, (title, "file"))
    return LifeEvent(name, reverse("openlaw:benefit", args=[name]), str(label), title, icon)
