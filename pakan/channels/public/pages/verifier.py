"""The reader for hospitals: a page that installs and checks cards without a network (C55, C56).

It sends nothing about a person: only, later, which card number was served when, under the hospital's own key.
"""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from django_permissions_policy.decorators import permissions_policy_override

from pakan.channels.kit.speech import language
from pakan.operations import care, enter, issuing, publish
from pakan.registers.access.actor import Asked
from pakan.registers.care.models import Visit
from pakan.units.words import ENGLISH_MONTHS, LAO_MONTHS

LONGEST = 64 * 1024  # bytes of one sending
MOST = (60, timedelta(minutes=10))  # sendings of one address
# Only this page may ask for the camera.
SEES: dict[str, str | list[str] | tuple[str]] = {**settings.PERMISSIONS_POLICY, "camera": ["self"]}
KINDS = {
    Visit.Kind.OUT.value: gettext_lazy("Treated and went home"),
    Visit.Kind.IN.value: gettext_lazy("Stayed in hospital"),
    Visit.Kind.EMERGENCY.value: gettext_lazy("Emergency"),
}
FILES = (
    "kit/tokens.css", "kit/kit.css", "kit/kit.js", "kit/files.js", "kit/icon.svg", "kit/vendor/jsqr.js", "public/verdict.js",
    "public/verifier.js", "kit/vendor/noto-sans-lao-lao-400-normal.woff2",
    "kit/vendor/noto-sans-lao-lao-700-normal.woff2",
)  # fmt: skip


@require_GET
@permissions_policy_override(SEES)
def page(request: Asked) -> HttpResponse:
    """Carries the keys that sign the key list: whoever trusts the page trusts them."""
    roots = [
        {"kid": key.id, "raw": base64.b64encode(key.raw).decode(), "year": key.year}
        for key in issuing.public_keys(request.actor.at).values()
        if key.purpose == "keys" and not key.is_stolen
    ]
    facts = {
        "roots": json.dumps(roots),
        "verdicts": _verdicts(),
        "kinds": KINDS.items(),
        "months": ",".join(LAO_MONTHS if language() == "lo" else ENGLISH_MONTHS),
    }
    answer = render(request, "public/verifier.html", facts)
    answer["Cache-Control"] = "no-cache"
    return answer


def _verdicts() -> list[tuple[str, str, str, str]]:
    """Code, tone, what it is, what to do."""
    return [
        ("genuine", "ok", _("Genuine"), _("Compare name and birth date with the person.")),
        (
            "list_old",
            "wait",
            _("Genuine, but the list is old"),
            _("Connect to the internet to renew the list."),
        ),
        (
            "too_old",
            "bad",
            _("This reader cannot tell"),
            _("It had no internet for 90 days. Connect it first."),
        ),
        ("expired", "bad", _("Expired"), _("It was genuine, but its time is over. Ask for a new one.")),
        ("not_yet", "bad", _("Not good yet"), _("Look at the date of this phone. Is it right?")),
        ("revoked", "bad", _("Withdrawn"), _("Social security took this card back. Call 1508.")),
        ("not_genuine", "bad", _("Not genuine"), _("The code was changed or is false. Call 1508.")),
        ("not_ours", "bad", _("Not ours"), _("No key of social security signed it.")),
        ("not_readable", "bad", _("Cannot be read"), _("Scan it again, with more light.")),
        (
            "cannot",
            "bad",
            _("This browser cannot check"),
            _("Use a newer browser. Do not trust the card unseen."),
        ),
    ]


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of this page alone: its address decides what it may serve."""
    keep = [reverse("public:verifier"), reverse("public:verifier_manifest"), *map(static, FILES)]
    seal = hashlib.sha256(" ".join(keep).encode()).hexdigest()[:12]
    facts = {"keep": keep, "seal": seal}
    answer = render(request, "public/verifier_worker.js", facts, content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    told: dict[str, Any] = {
        "name": _("Card check"),
        "short_name": _("Card check"),
        "start_url": reverse("public:verifier"),
        "scope": reverse("public:verifier"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0a4f4b",
        "icons": [{"src": static("kit/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(told, content_type="application/manifest+json")


def _file(content: bytes, minutes: int) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/cose")
    answer["Cache-Control"] = f"public, max-age={minutes * 60}"
    return answer


@require_GET
def keys_file(request: HttpRequest) -> HttpResponse:
    return _file(publish.key_list(timezone.now()), 60)


@require_GET
def revoked_file(request: HttpRequest) -> HttpResponse:
    return _file(publish.revoked_list(timezone.now()), 10)


@csrf_exempt
@require_POST
def served(request: Asked) -> JsonResponse:
    """What a hospital noted: each note answered by its id. 403 for a wrong key: nothing is taken then."""
    if len(request.body) > LONGEST:
        return JsonResponse({"why": "too large"}, status=413)
    try:
        enter.look_up("served", request.META.get("REMOTE_ADDR", ""), request.actor.at, *MOST)
        told = json.loads(request.body)
        notes = [_note(row) for row in told["notes"][: care.MOST_AT_ONCE]]
        facility = care.facility_with_key(str(told["facility"]), str(told["key"]))
    except enter.TooOften:
        return JsonResponse({"why": "too often"}, status=429)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError):
        return JsonResponse({"why": "not readable"}, status=400)
    if facility is None:
        return JsonResponse({"why": "key"}, status=403)
    answers = {str(note.key): care.served(request.actor, facility, note) for note in notes}
    return JsonResponse({"facility": facility.name_lo, "answers": answers})


def _note(row: dict[str, Any]) -> care.Noted:
    """Raises ValueError, LookupError or TypeError for what a reader would not send."""
    billed = row["billed"]
    if not isinstance(billed, int) or isinstance(billed, bool):
        raise TypeError("whole kip")
    at = datetime.fromtimestamp(int(row["at"]), UTC)
    return care.Noted(
        UUID(row["id"]), str(row["serial"])[:16], at, str(row["kind"]), billed, bool(row["offline"])
    )
