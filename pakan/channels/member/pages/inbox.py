"""Messages: the same texts that went to the phone, so that a false one can be recognised."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from pakan.channels.kit.speech import language
from pakan.channels.member.shell import page, person_of
from pakan.operations import enter, notify
from pakan.registers.access.actor import Asked
from pakan.registers.messages.queries import inbox

PAGE = 20


@require_http_methods(["GET", "POST"])
def messages(request: Asked) -> HttpResponse:
    """Looking changes nothing; the button below says that all is read."""
    if request.method == "POST":
        enter.read_messages(request.actor)
        return redirect("member:messages")
    start = _start(request.GET.get("from", "0"))
    found = inbox(person_of(request), start, PAGE + 1)
    texts = [(message, notify.text_of(message, language())) for message in found[:PAGE]]
    later = start + PAGE if len(found) > PAGE else 0
    return page(request, "messages", tab="messages", texts=texts, later=later, start=start)


def _start(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
