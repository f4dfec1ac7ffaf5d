"""What changed in the interface, the newest first, for the page for developers.

The version of the first is that of the interface.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Change:
    version: str
    day: date
    says: tuple[str | Promise, ...]


CHANGES = (
    Change(
        "1.2",
        date(2026, 11, 24),
        (
            gettext_lazy("Many workers leave in one call: leavers. All of them, or nobody."),
            gettext_lazy("A test event for an address, and its deliveries with what it answered."),
        ),
    ),
    Change(
        "1.1",
        date(2026, 11, 24),
        (
            gettext_lazy("Workers: one by number, who left, registering one or many, and leaving."),
            gettext_lazy("A month is checked without lodging it: declarations/check."),
            gettext_lazy("Keys of the practice house do everything there, approval and payment too."),
            gettext_lazy("Reads carry an ETag; title and detail of a fault follow Accept-Language."),
        ),
    ),
    Change(
        "1.0",
        date(2026, 11, 23),
        (gettext_lazy("Declarations, notices, receipts, the statement, webhooks and tokens."),),
    ),
)
