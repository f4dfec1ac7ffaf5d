"""`prove`, for people: each promise of the books in a sentence, and whether it holds."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from pakan.channels.office.frame import show
from pakan.operations import reconcile
from pakan.registers.access.actor import Asked

KEPT = "prove"


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: Asked) -> HttpResponse:
    """POST runs it; the result is kept in the session, so that reloading the page runs nothing."""
    if request.method == "POST":
        found = reconcile.prove(request.actor)
        request.session[KEPT] = {
            "at": request.actor.at.isoformat(),
            "findings": [
                {
                    "invariant": finding.invariant,
                    "says": {"lo": finding.lo, "en": finding.en},
                    "differences": finding.differences,
                    "examples": finding.examples,
                }
                for finding in found
            ],
        }
        return redirect("office:prove")
    return show(request, "prove", {"result": kept_result(request)}, current="prove")


def kept_result(request: Asked) -> dict[str, Any] | None:
    """What this officer's last run found; `differences` are those of all promises together."""
    kept = request.session.get(KEPT)
    if not kept:
        return None
    findings = sorted(kept["findings"], key=lambda finding: not finding["differences"])
    return {
        "at": datetime.fromisoformat(kept["at"]),
        "findings": findings,
        "differences": sum(finding["differences"] for finding in findings),
    }
