"""Sentences of screens and their sound: what nobody has read, what is older than its text, and reading one (C10)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django_permissions_policy.decorators import permissions_policy_override

from pakan.channels.kit.aloud import Sentence, sentences
from pakan.channels.office.frame import ROWS, show
from pakan.operations import aloud
from pakan.registers.access.actor import Asked
from pakan.registers.speech.fingerprint import fingerprint
from pakan.registers.speech.models import LARGEST, Recording
from pakan.registers.speech.queries import of_language

VIEWS = {
    "none": gettext_lazy("Not read yet"),
    "read": gettext_lazy("Read"),
    "old": gettext_lazy("Older than the text"),
}
REFUSED = {
    "empty": gettext_lazy("There is no sound in it. Record or choose a file."),
    "large": gettext_lazy("The file is over 60 kB. Read shorter, or save it as Ogg Opus."),
    "kind": gettext_lazy("This is no sound file that phones play. Use Ogg, MP3, M4A or WAV."),
    "text": gettext_lazy("This sentence is gone or too long."),
}


class SoundForm(forms.Form):
    sound = forms.FileField(
        label=gettext_lazy("Sound file"),
        help_text=gettext_lazy("Ogg, MP3, M4A or WAV, at most 60 kB and 30 seconds."),
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
        required=False,
    )


def _language(request: Asked) -> str:
    return "en" if request.GET.get("in") == "en" else "lo"


@require_safe
def recordings(request: Asked) -> HttpResponse:
    """The sentences of one language in three heaps."""
    code = _language(request)
    heaps = _heaps(code)
    view = request.GET.get("show", "none")
    view = view if view in VIEWS else "none"
    page = Paginator(heaps[view], ROWS).get_page(request.GET.get("page"))
    facts = {
        "code": code,
        "view": view,
        "views": [(name, label, len(heaps[name])) for name, label in VIEWS.items()],
        "page": page,
        "all": sum(len(heaps[name]) for name in ("none", "read")),
    }
    return show(request, "messages/recordings", facts, current="recordings")


def _heaps(code: str) -> dict[str, list[dict[str, Any]]]:
    """A recording whose words stand on no screen any more is old; the sentence at its place now is not read yet."""
    said = {fingerprint(one.text): one for one in sentences(code)}
    kept = {one.fingerprint: one for one in of_language(code)}
    places = {one.place: one.text for one in said.values()}
    return {
        "none": [_row(key, one, None) for key, one in said.items() if key not in kept],
        "read": [_row(key, one, kept[key]) for key, one in said.items() if key in kept],
        "old": [
            _row(key, Sentence(one.place, one.text), one) | {"now": places.get(one.place, "")}
            for key, one in kept.items()
            if key not in said
        ],
    }


def _row(key: str, sentence: Sentence, recording: Recording | None) -> dict[str, Any]:
    return {
        "key": key,
        "text": sentence.text,
        "place": sentence.place.rpartition("#")[0],
        "recording": recording,
    }


@permissions_policy_override({"microphone": "self"})
@require_http_methods(["GET", "HEAD", "POST"])
def recording(request: Asked, key: str) -> HttpResponse:
    """Read one sentence: with the microphone of this computer, or as a file. Or stop one that is old."""
    code = _language(request)
    sentence = next((one for one in sentences(code) if fingerprint(one.text) == key), None)
    kept = next((one for one in of_language(code) if one.fingerprint == key), None)
    if sentence is None and kept is None:
        raise Http404
    is_sent = request.method == "POST"
    form = SoundForm(request.POST, request.FILES) if is_sent else SoundForm()
    if request.method == "POST":
        if "end" in request.POST and kept is not None:
            aloud.end(request.actor, kept.id)
            messages.success(request, _("This recording is not played any more."))
            return _to_list(code)
        if sentence is not None and _keep(request, form, sentence, code):
            messages.success(request, _("Kept. Phones can play it now."))
            return _to_list(code)
    text = sentence.text if sentence else kept.text if kept else ""
    facts = {
        "form": form, "text": text, "code": code, "kept": kept, "is_old": sentence is None, "key": key, "most": LARGEST,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return show(request, "messages/recording", facts, current="recordings", status=status)


def _keep(request: Asked, form: SoundForm, sentence: Sentence, code: str) -> bool:
    given = request.FILES.get("sound")
    content = given.read(LARGEST + 1) if given else b""
    try:
        aloud.record(request.actor, sentence.text, code, content, sentence.place)
    except aloud.Refused as fault:
        form.is_valid()
        form.add_error("sound", REFUSED.get(fault.code, REFUSED["text"]))
        return False
    return True


def _to_list(code: str) -> HttpResponse:
    back = redirect("office:recordings")
    back["Location"] += f"?in={code}"
    return back
