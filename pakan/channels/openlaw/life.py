"""The benefits as people meet them: by what happened in life. A benefit that is not named here has its own title."""

from dataclasses import dataclass

from django.urls import reverse

from pakan.channels.kit.life import EVENTS
from pakan.channels.kit.speech import in_language
from pakan.law.benefits import all_names, named


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
