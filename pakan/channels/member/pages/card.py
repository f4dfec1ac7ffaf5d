"""The member's card, to show at a hospital, and the signed statement, to print or send (C21, C53, C55)."""

import re
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pakan.channels.kit.files import pdf
from pakan.channels.kit.speech import language
from pakan.channels.member.shell import own_person, page
from pakan.operations import certify
from pakan.registers.access.actor import Asked
from pakan.units.month import Month

UNSAFE = re.compile(r"[^A-Za-z0-9_.~ =:/,()-]+")  # in an address; what the drawing is mostly made of may stay


@require_GET
def card(request: Asked) -> HttpResponse:
    """Who, covered or not, until when, and the code that says the same without a network. Works without script."""
    found = certify.card(request.actor, own_person(request))
    return page(
        request,
        "my_card",
        tab="home",
        back="home",
        person=found.person,
        until=found.until,
        said=found.cover.as_sentences(language())[1:],
        code=found.code,
        picture=picture_of(found.code, _("Code of your card")) if found.code else "",
        serial=found.serial,
        ways=[
            {"url": reverse("member:family"), "label": _("My family")},
            {"url": reverse("member:hospital"), "label": _("My hospital")},
            {"url": reverse("member:visits"), "label": _("Care I got")},
            {"url": reverse("public:facilities"), "label": _("Where to get care")},
        ],
    )


def picture_of(code: str, title: str) -> str:
    """A signed code as the address of a picture that stands in the page."""
    drawn = certify.code_svg(code, title)
    # Percent-encoded: on the wire it is compressed to half of what base64 comes to. Only what needs it is handed over:
    # `quote` looks at each of ten thousand letters.
    return "data:image/svg+xml," + UNSAFE.sub(lambda part: quote(part[0], safe=""), drawn)


@require_GET
def statement(request: Asked, month: str = "") -> HttpResponse:
    """A new signed statement as PDF, of all months or of one; its number goes into the audit trail."""
    try:
        letter = certify.statement(request.actor, Month.parse(month) if month else None)
    except (ValueError, certify.NothingPosted) as fault:
        raise Http404 from fault
    return pdf(certify.statement_pdf(letter), f"statement-{letter['number']}")
