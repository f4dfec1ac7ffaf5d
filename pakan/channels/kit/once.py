"""The web's side of "once": the hidden id of a form, what counts as its content, and answers for a phone's outbox."""

import hashlib
import json
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render

from pakan.operations.once import Answer, OtherContent
from pakan.operations.once import once as do_once
from pakan.registers.access.actor import Asked

FIELD = "once"
NOT_CONTENT = {FIELD, "csrfmiddlewaretoken"}


class ProofFirst(HttpResponseRedirect):
    """To the page that asks for PIN or passkey: nothing was done, and the outbox hands the act to its page, before the
    person's eyes.
    """


def once(request: Asked, page: Callable[[], HttpResponse]) -> HttpResponse:
    """`page`, or its first answer if this was sent before with the same id; 409 if the id carried something else.

    Done is a redirect without a message of level error. All else did nothing, is not kept, and may be sent again.
    A request that says `Outbox: 1` is answered in JSON: state 'sent', 'refused', 'prove' or 'conflict'.
    """
    key = sent_id(request)
    if key is None or request.actor.account_id is None:
        return page()
    shown: list[HttpResponse] = []
    before = len(messages.get_messages(request))

    def act() -> Answer | None:
        shown.append(page())
        answer = Answer(shown[0].get("Location", ""), _says(request, before))
        failed = any(level == "error" for level, _words in answer.says)
        done = answer.location and not failed and not isinstance(shown[0], ProofFirst)
        return answer if done else None

    try:
        answer = do_once(request.actor, key, digest_of(request), act)
    except OtherContent as other:
        return _conflict(request, other.location)
    if "Outbox" in request.headers:
        return _for_the_outbox(request, shown[0] if shown else None, answer, before)
    if shown:
        return shown[0]
    assert answer is not None  # what was not done just now was found
    for level, words in answer.says:
        messages.add_message(request, getattr(messages, level.upper(), messages.INFO), words)
    return redirect(answer.location)


def sent_id(request: Asked) -> UUID | None:
    """The id of the form; None where there is none. Raises BadRequest for one that is no UUID."""
    text = request.POST.get(FIELD, "") if request.method == "POST" else ""
    try:
        return UUID(text) if text else None
    except ValueError as fault:
        raise BadRequest("the id of the form is no UUID") from fault


def digest_of(request: Asked) -> str:
    """SHA-256 of address, fields and files. The token of the page and the id are no content."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in NOT_CONTENT)
    files = []
    for name, found in sorted(request.FILES.lists()):
        for file in found:
            told = hashlib.sha256()
            for chunk in file.chunks():
                told.update(chunk)
            file.seek(0)
            files.append((name, told.hexdigest()))
    text = json.dumps([request.path, fields, files], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _says(request: Asked, before: int) -> tuple[tuple[str, str], ...]:
    """The messages that the page added, which stay for the next page."""
    storage = messages.get_messages(request)
    found = []
    for one in storage:
        one.message = str(
            one.message
        )  # looked at, it counts as stored; words that are still lazy could not be
        found.append((one.level_tag, one.message))
    if isinstance(storage, BaseStorage):
        storage.used = False
    return tuple(found[before:])


def _conflict(request: Asked, location: str) -> HttpResponse:
    if "Outbox" in request.headers:
        return JsonResponse({"state": "conflict", "says": [], "url": location}, status=409)
    return render(request, "kit/sent_before.html", {"before": location}, status=409)


def _for_the_outbox(
    request: Asked, shown: HttpResponse | None, answer: Answer | None, before: int
) -> HttpResponse:
    if answer is not None:
        says = [words for _level, words in answer.says]
        return JsonResponse({"state": "sent", "says": says, "url": answer.location})
    refused = shown.get("Location", request.path) if shown else request.path
    says = [words for _level, words in _says(request, before)]
    state = "prove" if isinstance(shown, ProofFirst) else "refused"
    return JsonResponse({"state": state, "says": says, "url": refused})
