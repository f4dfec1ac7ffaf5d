"""Listening: which sentences somebody has read, their sound, and a page's sentences for browsers without script (C10)."""

import re
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from pakan.channels.kit.aloud import of_page
from pakan.registers.access.actor import Asked
from pakan.registers.access.roles import permissions
from pakan.registers.speech.fingerprint import fingerprint
from pakan.registers.speech.queries import begin_with, recorded, recording

MOST = 60  # sentences asked about at once
DOORS = ("member", "public")


@require_safe
def have(request: Asked) -> JsonResponse:
    """Which of these sentences are recorded; asked by the first sixteen signs of their fingerprints."""
    asked = [one for one in request.GET.get("f", "").split(".")[:MOST] if re.fullmatch(r"[0-9a-f]{16}", one)]
    return JsonResponse({"have": begin_with(asked)})


@require_safe
def sound(request: Asked, key: str) -> HttpResponse:
    """One recording. It never changes under its fingerprint for long, so a day in the phone's store is right."""
    found = recording(key)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.audio), content_type=found.kind)
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
def page(request: Asked) -> HttpResponse:
    """What the page at `of` says, sentence by sentence, each with its sound where there is one."""
    path = request.GET.get("of", "/")
    sentences = of_page(_html_of(request, path))[:200]
    prints = {one: fingerprint(one) for one in sentences}
    known = recorded(prints.values())
    rows = [(one, prints[one] if prints[one] in known else "") for one in sentences]
    facts = {"rows": rows, "back_to": path, "any": any(key for _, key in rows)}
    return render(request, "public/listen.html", facts)


def _html_of(request: Asked, path: str) -> str:
    """The page as this person sees it now. Only pages of members and of everybody, only ones that this person may open,
    and only by looking: nothing is sent. Raises Http404.
    """
    if not path.startswith("/") or path.startswith(("//", "/listen")):
        raise Http404
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    wanted = permissions().addresses.get(match.view_name, frozenset())
    if match.view_name.split(":")[0] not in DOORS or not wanted & request.actor.all_roles:
        raise Http404
    request.path = request.path_info = path
    request.GET = request.GET.__class__("")
    request.resolver_match = match
    shown: Any = match.func(request, *match.args, **match.kwargs)
    if shown.status_code != 200 or not shown.headers.get("Content-Type", "").startswith("text/html"):
        raise Http404
    return str(shown.content.decode())
