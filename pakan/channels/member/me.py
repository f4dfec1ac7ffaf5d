"""What stands on the page "Me": everything about one's own account. A new page adds its row here, and to a group."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# view name, label, icon, and what it is in a few words
Row = tuple[str, Promise, str, Promise | str]
ROWS: list[Row] = [
    (
        "member:trust",
        gettext_lazy("How sure we are that it is you"),
        "check",
        gettext_lazy("What your account may do"),
    ),
    (
        "member:state",
        gettext_lazy("The State's digital identity"),
        "key",
        gettext_lazy("Link it, or end the link"),
    ),
    ("member:numbers", gettext_lazy("My old numbers"), "people", gettext_lazy("Put them together")),
    ("member:family", gettext_lazy("My family"), "people", gettext_lazy("Who is covered through me")),
    ("member:pin_new", gettext_lazy("Change my PIN"), "lock", ""),
    ("member:passkeys", gettext_lazy("Fingerprint or face"), "key", gettext_lazy("Instead of the PIN")),
    ("member:phone", gettext_lazy("My phone number"), "phone", gettext_lazy("Change it, or stop a change")),
    ("member:sign_ins", gettext_lazy("Where I am signed in"), "phone", gettext_lazy("My phones")),
    ("member:real", gettext_lazy("Is this call or message real?"), "question", ""),
    (
        "member:appointments",
        gettext_lazy("Appointments"),
        "calendar",
        gettext_lazy("Book a time at an office"),
    ),
    ("member:data", gettext_lazy("My data"), "file", gettext_lazy("Correct it, or take a copy")),
    ("member:consents", gettext_lazy("What I allow"), "check", ""),
    (
        "member:life",
        gettext_lazy("I am well"),
        "heart",
        gettext_lazy("Once a year, if you are paid each month"),
    ),
    ("member:helpers", gettext_lazy("Who helps me"), "people", gettext_lazy("Let a relative look for you")),
    ("member:looks", gettext_lazy("Who opened my record"), "search", ""),
]
# At most seven choices under one heading (accessibility standard, section 5). A row that stands in none comes last.
GROUPS: list[tuple[Promise, tuple[str, ...]]] = [
    (
        gettext_lazy("Getting in safely"),
        ("member:pin_new", "member:passkeys", "member:phone", "member:sign_ins", "member:real"),
    ),
    (
        gettext_lazy("Who I am"),
        ("member:trust", "member:state", "member:numbers", "member:family", "member:life"),
    ),
    (gettext_lazy("Who knows what of me"), ("member:data", "member:consents", "member:looks")),
    (gettext_lazy("Help for me"), ("member:helpers", "member:appointments")),
]


def grouped() -> list[tuple[Promise, list[Row]]]:
    """The rows under their headings."""
    by_name = {row[0]: row for row in ROWS}
    groups = [(title, [by_name.pop(name) for name in names if name in by_name]) for title, names in GROUPS]
    groups[-1][1].extend(by_name.values())
    return groups
