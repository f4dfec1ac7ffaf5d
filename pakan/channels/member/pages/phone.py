"""The member app as an app: manifest, service worker, the page without network, the outbox, and what the phone keeps."""

import functools
import hashlib
import json
import re
from pathlib import Path

from django.contrib.messages import get_messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from pakan.channels.member.keep import FILLED, choice_of, choose, profile_of
from pakan.channels.member.shell import page
from pakan.registers.access.actor import Asked

STYLES = ("kit/tokens.css", "kit/kit.css")
SCRIPTS = ("kit/kit.js", "kit/listen.js", "kit/outbox.js", "kit/phone.js")
SHELL = (
    *STYLES,
    *SCRIPTS,
    "kit/waiting.js",
    "kit/photo.js",
    "kit/files.js",
)  # also what only some kept pages need
WORKER = ("kit/outbox.js", "kit/worker.js")
ICONS = (
    ("kit/icon-192.png", 192, "any"),
    ("kit/icon-512.png", 512, "any"),
    ("kit/icon-maskable.png", 512, "maskable"),
)
LANGUAGES = ("lo", "en")


def _bytes(name: str) -> bytes:
    found = finders.find(name)
    if not isinstance(found, str):
        raise LookupError(f"{name} is no static file")
    return Path(found).read_bytes()


@functools.cache
def _version() -> str:
    """Changes with any byte of what the phone keeps of us."""
    told = hashlib.sha256()
    for name in (*SHELL, *WORKER):
        told.update(_bytes(name))
    for language in LANGUAGES:
        told.update(_offline_page(language).encode())
    return f"shell-{told.hexdigest()[:16]}"


@functools.cache
def _tokens() -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", _bytes("kit/tokens.css").decode()))


@require_GET
def manifest(request: Asked) -> HttpResponse:
    """What the phone needs to install the app: one for both languages, so that changing language needs no new one."""
    icons = [
        {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in ICONS
    ]
    facts = {
        "id": reverse("member:home"),
        "name": "ປະກັນສັງຄົມ · Social security",
        "short_name": "ປະກັນສັງຄົມ",
        "lang": "lo",
        "dir": "ltr",
        "start_url": reverse("member:home"),
        "scope": reverse("member:home"),
        "display": "standalone",
        "background_color": _tokens()["ground"],
        "theme_color": _tokens()["mekong-700"],
        "icons": icons,
    }
    answer = HttpResponse(json.dumps(facts, ensure_ascii=False), content_type="application/manifest+json")
    answer["Cache-Control"] = "max-age=3600"
    return answer


@require_GET
def worker(request: Asked) -> HttpResponse:
    """The service worker: what it must know of this version, then its files. Looked for anew at each visit."""
    offline = {language: reverse("member:offline", args=[language]) for language in LANGUAGES}
    facts = {
        "VERSION": _version(),
        "SHELL": [static(name) for name in SHELL] + list(offline.values()),
        "OFFLINE": offline,
        "FILL": [reverse(f"member:{name}") for name in FILLED],
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in facts.items()]
    lines.append(f"importScripts({', '.join(json.dumps(static(name)) for name in WORKER)});")
    answer = HttpResponse("\n".join(lines), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("member:home")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
def offline(request: Asked, language: str) -> HttpResponse:
    """What the phone shows without network; it names nobody."""
    if language not in LANGUAGES:
        raise Http404
    answer = HttpResponse(_offline_page(language), headers={"Content-Language": language})
    answer["Kept"] = ""  # says nothing about who is in
    return answer


def _offline_page(language: str) -> str:
    with override(language):
        named = (("home", _("Home")), ("record", _("My months")), ("card", _("My card")))
        links = [{"url": reverse(f"member:{name}"), "label": label} for name, label in named]
        return render(None, "member/offline.html", {"links": links}).content.decode()


@require_GET
def outbox(request: Asked) -> HttpResponse:
    list(get_messages(request))  # each line of the list says what was said to it: once is enough
    return page(request, "outbox", tab="help", back="help", messages=[])


@require_GET
def token(request: Asked) -> HttpResponse:
    """For the outbox, before it sends: whose session this is, and a token that is good now."""
    assert request.actor.account_id is not None  # the door lets only members in
    return JsonResponse({"who": profile_of(request.actor.account_id), "token": get_token(request)})


@require_http_methods(["GET", "POST"])
def keep(request: Asked) -> HttpResponse:
    """Keep on this phone: asked once, off by default, changed here."""
    assert request.actor.account_id is not None
    if request.method == "GET":
        kept = choice_of(request, request.actor.account_id)
        return page(request, "keep", tab="help", back="help", kept=kept, language=get_language())
    answer = redirect("member:home" if request.POST.get("from") == "home" else "member:keep")
    choose(request, answer, request.actor.account_id, request.POST.get("keep") == "yes")
    return answer
