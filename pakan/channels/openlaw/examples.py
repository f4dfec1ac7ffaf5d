"""Questions to the interface that run as they stand; the tests run them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Example:
    """`path` follows the interface's root. With a `body` it is sent there."""

    says: str | Promise
    path: str
    body: Mapping[str, Any] | None = None

    def command(self, root: str) -> str:
        """As typed into a shell. No value holds an apostrophe."""
        if self.body is None:
            return f"curl '{root}{self.path}'"
        written = json.dumps(self.body, indent=1, ensure_ascii=False)
        return f"curl '{root}{self.path}' \\\n -H 'content-type: application/json' \\\n -d '{written}'"


EXAMPLES = (
    Example(
        gettext_lazy("Contribution for a wage"), "contribution?scheme=enterprise&wage=3333333&month=2026-03"
    ),
    Example(
        gettext_lazy("Estimate of a benefit"),
        "benefits/maternity/estimate",
        {
            "day": "2026-10-05",
            "person": {
                "born": "1990-05-01",
                "sex": "f",
                "months": [{"from": "2025-10", "to": "2026-09", "wage": 4_000_000}],
            },
            "answers": {"leave_days": 105},
        },
    ),
    Example(gettext_lazy("What a benefit asks, and which papers it needs"), "benefits/maternity"),
    Example(gettext_lazy("All benefits"), "benefits"),
    Example(gettext_lazy("All groups of values"), "histories"),
    Example(gettext_lazy("One group of values since 2001"), "histories/enterprise"),
    Example(gettext_lazy("Test cases for payroll programs"), "vectors"),
)
