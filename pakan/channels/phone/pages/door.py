"""Where a gateway of short codes asks for the next screen. Its address and its key are its proof; else 403 (A40-A42).

The form is the one of the gateways (Africa's Talking): `text` holds all inputs so far, the answer begins with CON or END.
"""

import base64
import binascii
import hmac
import logging
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from pakan.channels.phone.talk import answer
from pakan.registers.access.actor import Asked
from pakan.units.number import WrongNumber, clean_phone

log = logging.getLogger("pakan.phone")
PLAIN = "text/plain; charset=utf-8"


def _secret(header: str) -> str:
    """The key in `Bearer key`, or as the password of `Basic`, for gateways that know no other way."""
    scheme, _, rest = header.partition(" ")
    if scheme == "Bearer":
        return rest.strip()
    if scheme == "Basic":
        try:
            return base64.b64decode(rest, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def is_gateway(request: Asked) -> bool:
    given = _secret(request.headers.get("Authorization", "")).encode()
    right = [
        hmac.compare_digest(given, key.encode()) for key in settings.USSD_KEYS
    ]  # each, so that none is faster
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(right) and any(address in network for network in settings.USSD_NETWORKS)


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type=PLAIN)


@csrf_exempt
@require_POST
def ussd(request: Asked) -> HttpResponse:
    """One step: `CON ` and a screen with a question, or `END ` and the last one."""
    if not is_gateway(request):
        log.warning("refused", extra={"facts": {"why": "gateway"}})
        return _plain("forbidden", 403)
    told = request.POST
    if "status" in told:  # how a session ended; what broke off is offered again anyway
        return _plain("")
    try:
        phone = clean_phone(told.get("phoneNumber", ""))
    except WrongNumber:
        return _plain("phoneNumber", 400)
    session = told.get("sessionId", "")
    if not session or len(session) > 200:
        return _plain("sessionId", 400)
    screen = answer(session, phone, told.get("text", ""), request.actor.at, request.actor.request)
    return _plain(f"{'END' if screen.ends else 'CON'} {screen.text}")
