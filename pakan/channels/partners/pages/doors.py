"""What banks and operators tell us over HTTP. Machines come in without a session: their signature is their proof.

A bank's notice is stored raw and acknowledged at once; whether it is true is a job's question to the bank
(standards/security-reliability, section 2 rules 6 and 7). So the door answers a forged notice like any other.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from pakan.operations import collect, notify
from pakan.registers.access.actor import Asked

LONGEST = 64 * 1024  # bytes; real notices have less than one kilobyte


def _refused(why: str, status: int) -> JsonResponse:
    return JsonResponse({"received": False, "why": why}, status=status)


def _body(request: HttpRequest) -> bytes | JsonResponse:
    """The raw body, or the answer to a body that is too long, empty or cut: such a one was not received."""
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        announced = 0
    if announced > LONGEST:
        return _refused("too large", 413)
    try:
        body = request.body
    except UnreadablePostError:
        return _refused("cut", 400)
    if not body or len(body) < announced:
        return _refused("cut" if body else "empty", 400)
    return body


@csrf_exempt
@require_POST
def bank_notice(request: Asked, name: str) -> HttpResponse:
    """202 as soon as the notice is stored; the same notice again is the same row, counted."""
    if name not in settings.BANKS:
        raise Http404
    body = _body(request)
    if isinstance(body, JsonResponse):
        return body
    collect.store_notice(name, request.headers, body, request.actor.at)
    return JsonResponse({"received": True}, status=202)


@csrf_exempt
@require_POST
def delivery(request: Asked, name: str) -> HttpResponse:
    """An operator's delivery receipt, or a text that somebody sent to us: 202, or 403 where the signature is wrong."""
    if name not in settings.TELCOS:
        raise Http404
    body = _body(request)
    if isinstance(body, JsonResponse):
        return body
    if not notify.receive(name, request.headers, body, request.actor.at):
        return _refused("signature", 403)
    return JsonResponse({"received": True}, status=202)
