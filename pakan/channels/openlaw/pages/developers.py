"""How a program asks the same law: addresses, and examples that run as they stand."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pakan.channels.openlaw.examples import EXAMPLES
from pakan.operations.publish import MOST, WITHIN
from pakan.registers.access.actor import Asked


@require_safe
def developers(request: Asked) -> HttpResponse:
    root = request.build_absolute_uri(reverse("api-law:api-root"))
    facts = {
        "examples": [(example.says, example.command(root)) for example in EXAMPLES],
        "openapi": request.build_absolute_uri(reverse("api-law:openapi-json")),
        "root": root,
        "most": str(MOST),
        "minutes": str(int(WITHIN.total_seconds()) // 60),
    }
    return render(request, "openlaw/developers.html", facts)
