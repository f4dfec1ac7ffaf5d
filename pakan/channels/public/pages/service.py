"""Does the service work? What was down, and which due days moved for it (C86, C191)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pakan.channels.kit.speech import language
from pakan.registers.service.models import Outage
from pakan.registers.service.queries import newest_outages


@require_safe
def service(request: HttpRequest) -> HttpResponse:
    """Whoever reads this page reads it from a web and a database that work."""
    return render(request, "public/service.html", {"outages": [_told(one) for one in newest_outages()]})


def _told(outage: Outage) -> dict[str, object]:
    said = outage.says_lo if language() == "lo" else outage.says_en or outage.says_lo
    moved = [(one.day, one.to) for one in outage.extension_set.all()]
    return {
        "start": outage.start,
        "end": outage.end,
        "minutes": int((outage.end - outage.start).total_seconds()) // 60,
        "said": said,
        "moved": moved,
    }
