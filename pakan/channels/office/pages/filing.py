"""Who has not declared or paid a month, by district, month for month (C123)."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pakan.channels.kit.speech import month_text
from pakan.channels.office.frame import page_of, show
from pakan.operations.due import due_on
from pakan.registers.access.actor import Asked
from pakan.registers.contributions.filing import BEHIND, behind, behind_by_district, standing_by_district
from pakan.registers.people.models import District
from pakan.units.month import Month

MONTHS = 24  # that may be chosen
STATES = {
    "not_declared": (gettext_lazy("not declared"), "bad"),
    "not_paid": (gettext_lazy("declared, nothing paid"), "wait"),
    "part_paid": (gettext_lazy("paid in part"), "info"),
}


@require_safe
def non_filers(request: Asked) -> HttpResponse:
    last = Month.of(request.actor.today) - 1
    months = [last - back for back in range(MONTHS)]
    asked = request.GET.get("month", "")
    month = next((one for one in months if str(one) == asked), last)
    district, state = request.GET.get("district", ""), request.GET.get("state", "")
    found = behind(month).select_related("district").order_by("district_id", "code")
    if district:
        found = found.filter(district_id=district[:4])
    if state in BEHIND:
        found = found.filter(state=state)
    page, due = page_of(request, found), due_on(month)
    facts = {
        "month": month,
        "months": [(str(one), month_text(one)) for one in months],
        "chosen": str(month),
        "due_on": due,
        "is_due": due < request.actor.today,
        "districts": _districts(month),
        "page": page,
        "rows": [(one, _name(one.district), *STATES[one.state]) for one in page.object_list],
        "states": [(name, words) for name, (words, _tone) in STATES.items()],
        "district": district,
        "state": state,
    }
    return show(request, "non_filers", facts, current="non_filers")


def _name(district: District) -> dict[str, str]:
    return {"lo": district.name_lo, "en": district.name_en}


def _districts(month: Month) -> list[dict[str, Any]]:
    """Districts with somebody behind, most first."""
    counted, every = behind_by_district(month), standing_by_district(month)
    found = [
        {
            "code": one.code,
            "name": _name(one),
            "all": every[one.code],
            "behind": sum(counted[one.code].values()),
        }
        | counted[one.code]
        for one in District.objects.filter(code__in=counted)
    ]
    return sorted(found, key=lambda row: (-row["behind"], row["code"]))
