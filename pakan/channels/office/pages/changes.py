"""What employers ask to be changed on record (C72), and employers that were opened again (A3)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.kit.files import attachment
from pakan.channels.office.deciding import AnswerForm, yes_or_no
from pakan.channels.office.frame import page_of, show
from pakan.operations import alter
from pakan.registers.access.actor import Asked
from pakan.registers.joining import queries
from pakan.registers.joining.models import TEXT, Change

KINDS: dict[str, str | Promise] = {
    "name": gettext_lazy("New name"),
    "contact": gettext_lazy("Phone and e-mail"),
    "address": gettext_lazy("New place"),
    "branch": gettext_lazy("New branch"),
    "suspend": gettext_lazy("Stops for a time"),
    "resume": gettext_lazy("Works again"),
    "close": gettext_lazy("Closes"),
    "reopen": gettext_lazy("Opens again"),
}
FIELDS: dict[str, str | Promise] = {
    "name_lo": gettext_lazy("Name in Lao"),
    "name_en": gettext_lazy("Name in English"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "district_id": gettext_lazy("District"),
    "village": gettext_lazy("Village"),
    "month": gettext_lazy("Month"),
}
REFUSED: dict[str, str | Promise] = {
    "closed": gettext_lazy("This is decided already."),
    "answer": gettext_lazy("Say why not."),
    "same person": gettext_lazy("Another officer than the first must decide."),
    "no branch": gettext_lazy("All 99 branches of this unit are given."),
}


@require_safe
def changes(request: Asked) -> HttpResponse:
    page = page_of(request, queries.changes_waiting())
    rows = [(one, KINDS[one.kind], one.state == "proposed") for one in page.object_list]
    return show(request, "changes", {"page": page, "rows": rows}, current="changes")


def _found(number: str) -> Change:
    found = queries.change_by_number(number)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Asked, number: str) -> HttpResponse:
    found = _found(number)
    form = AnswerForm(request.POST or None, _("The employer reads it. A no needs a reason."), TEXT)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        return yes_or_no(request, "office:change", found.number, alter.decide, alter.Refused, REFUSED, answer)
    facts: dict[str, Any] = {
        "one": found,
        "kind": KINDS[found.kind],
        "fields": [(FIELDS[name], found.was.get(name), value) for name, value in found.wanted.items()],
        "form": form,
        "is_open": found.state in ("waiting", "proposed"),
        "two": found.kind in alter.IDENTITY,
    }
    return show(request, "change", facts, current="changes", status=422 if form.errors else 200)


@require_safe
def paper(request: Asked, number: str) -> HttpResponse:
    kept = _found(number).paper
    if kept is None:
        raise Http404
    return attachment(kept.media_type, bytes(kept.content), number)


@require_safe
def revivals(request: Asked) -> HttpResponse:
    """Closed employers that came back: who proposed, who decided."""
    many = queries.revived_since(request.actor.at - alter.WITHIN)
    page = page_of(request, queries.revivals())
    return show(
        request, "revivals", {"page": page, "many": many, "alarm": many >= alter.ALARM_AT}, current="revivals"
    )
