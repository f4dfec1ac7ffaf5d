"""How every door names a plan to pay back what was paid too much (C52)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = str | Promise
STATES: dict[str, tuple[Words, str]] = {
    "offered": (gettext_lazy("to read"), "wait"),
    "agreed": (gettext_lazy("agreed, not begun"), "info"),
    "running": (gettext_lazy("runs"), "info"),
    "contested": (gettext_lazy("stands still"), "bad"),
    "done": (gettext_lazy("paid back"), "ok"),
    "replaced": (gettext_lazy("replaced"), "plain"),
    "dropped": (gettext_lazy("nothing is owed"), "ok"),
}
NO_PLAN: tuple[Words, str] = (gettext_lazy("no plan yet"), "plain")
