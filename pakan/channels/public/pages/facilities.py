"""Where care is given: hospitals by province, as a list and a plain map; and what to do in an emergency (C58, C59).

No phone is asked where it is: people know their province.
"""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pakan.channels.kit.speech import language
from pakan.registers.access.actor import Asked
from pakan.registers.care import queries
from pakan.registers.care.models import Facility
from pakan.registers.people.models import Province

KINDS = {
    Facility.Kind.HOSPITAL.value: gettext_lazy("Hospital"),
    Facility.Kind.DISTRICT.value: gettext_lazy("District hospital"),
    Facility.Kind.CENTRE.value: gettext_lazy("Health centre"),
}
# Where a province stands on the plain map: column and row, north above. Each has the same size, so that each can be hit.
TILES = {
    "02": (2, 0), "03": (1, 1), "04": (2, 1), "05": (0, 2), "06": (2, 2), "07": (4, 2), "08": (1, 3), "10": (2, 3),
    "09": (3, 3), "01": (2, 4), "18": (3, 4), "11": (4, 4), "12": (4, 5), "13": (4, 6), "14": (4, 7), "15": (5, 7),
    "16": (4, 8), "17": (5, 8),
}  # fmt: skip
WIDE, HIGH = 56, 48  # of a tile


def name_of(place: Any) -> str:
    """A province, district or facility in the language of the page."""
    return str(place.name_en if language() == "en" and place.name_en else place.name_lo)


@require_safe
def facilities(request: Asked) -> HttpResponse:
    many = queries.counts_by_province(request.actor.today)
    provinces = [
        {"code": one.code, "name": name_of(one), "many": many.get(one.code, 0)}
        for one in Province.objects.order_by("code")
    ]
    tiles = [
        one | {"x": TILES[one["code"]][0] * WIDE, "y": TILES[one["code"]][1] * HIGH}
        for one in provinces
        if one["code"] in TILES
    ]
    tiles.sort(key=lambda one: (one["y"], one["x"]))
    return render(request, "public/facilities.html", {"provinces": provinces, "tiles": tiles})


@require_safe
def province(request: Asked, province: str) -> HttpResponse:
    found = Province.objects.filter(code=province).first()
    if found is None:
        raise Http404
    there = queries.under_contract(request.actor.today).filter(district__province=found)
    rows = [
        {
            "one": one,
            "name": name_of(one),
            "kind": KINDS[one.kind],
            "district": name_of(one.district),
        }
        for one in there
    ]
    return render(request, "public/province.html", {"name": name_of(found), "rows": rows})


@require_safe
def emergency(request: Asked) -> HttpResponse:
    """The same for everybody, so it can be kept on any phone."""
    answer = render(request, "public/emergency.html")
    answer["Cache-Control"] = "public, max-age=86400"
    return answer
