"""Workers whom an employer registered though somebody like them was on record: are they one person? (A5)"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pakan.channels.office.frame import page_of, show
from pakan.operations import hire
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import look
from pakan.registers.joining.queries import overrides_waiting


@require_http_methods(["GET", "HEAD", "POST"])
def overrides(request: Asked) -> HttpResponse:
    """The oldest first; each look at the two is kept for them to read."""
    if request.method == "POST":
        told = request.POST.get("id", "")
        try:
            number = int(told) if told.isdigit() and len(told) < 18 else 0
            hire.judge_override(request.actor, number, request.POST.get("act") == "same")
            messages.success(request, _("Kept."))
        except hire.Refused:
            messages.error(request, _("Somebody dealt with this meanwhile. Look at it again."))
        return redirect("office:overrides")
    page = page_of(request, overrides_waiting())
    for one in page.object_list:
        for person_id in (one.person_id, one.like_id):
            look(request.actor, f"possible double {one.id}", person_id, "doubles")
    return show(request, "overrides", {"page": page}, current="overrides")
