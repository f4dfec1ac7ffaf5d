"""What the fund is owed and not paid, by age and place, down to the employers (C123)."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from pakan.channels.kit.charts import AGES
from pakan.channels.office.frame import page_of, show
from pakan.registers.access.actor import Asked
from pakan.registers.compliance.queries import charges_open_in_all
from pakan.registers.contributions.arrears import COMING, OVERDUE, Sums, by_district, debtors
from pakan.registers.people.models import District
from pakan.registers.people.queries import all_districts


@require_safe
def arrears(request: Asked) -> HttpResponse:
    """The whole fund, a province (?province=) or a district (?district=); ?age= narrows the employers."""
    today, every = request.actor.today, all_districts()
    district = next((one for one in every if one.code == request.GET.get("district", "")), None)
    wanted = district.province_id if district else request.GET.get("province", "")
    province = next((one.province for one in every if one.province_id == wanted), None)
    age = request.GET.get("age", "")
    age = age if age in OVERDUE else ""
    sums = by_district(today)
    places = _places(every, sums, province.code if province else "")
    here = sums.get(district.code, Sums()) if district else _together(row["sums"] for row in places)
    found = debtors(today, age)
    if district:
        found = found.filter(district=district)
    elif province:
        found = found.filter(district__province=province)
    where = f"district={district.code}" if district else f"province={province.code}" if province else ""
    page = page_of(request, found)
    facts = {
        "today": today,
        "here": here,
        "coming": here.by_age[COMING],
        "charges": None if province else charges_open_in_all(),
        "ages": list(AGES.values()),
        "bars": [
            {"label": AGES[one], "value": here.by_age[one], "url": f"?{where}&age={one}#employers"}
            for one in OVERDUE
        ],
        "places": [] if district else places,
        "by": "district" if province else "province",
        "province": province and _name(province),
        "province_code": province.code if province else "",
        "district": district and _name(district),
        "where": where,
        "age": age,
        "age_said": AGES[age] if age else "",
        "page": page,
        "rows": [(one, _name(one.district), (today - one.oldest).days) for one in page.object_list],
    }
    return show(request, "arrears", facts, current="arrears")


def _name(place: Any) -> dict[str, str]:
    return {"lo": place.name_lo, "en": place.name_en}


def _together(parts: Any) -> Sums:
    whole = Sums()
    for one in parts:
        whole.add(one)
    return whole


def _places(every: list[District], sums: Mapping[str, Sums], province: str) -> list[dict[str, Any]]:
    """Provinces, or the districts of one, with something open; what is overdue most comes first."""
    found: dict[str, dict[str, Any]] = {}
    for one in every:
        if one.code not in sums or (province and one.province_id != province):
            continue
        place = one if province else one.province
        row = found.setdefault(place.code, {"code": place.code, "name": _name(place), "sums": Sums()})
        row["sums"].add(sums[one.code])
    for row in found.values():
        row["ages"] = [(AGES[age], row["sums"].by_age[age]) for age in OVERDUE]
    return sorted(found.values(), key=lambda row: (-row["sums"].overdue, row["code"]))
