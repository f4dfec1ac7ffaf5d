"""The benefits as people meet them: by what happened in life. One that is not named here has its own title."""

from typing import Any

from django.utils.translation import gettext_lazy

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
