"""A rehearsal's figures as tables and bars: codes become names, differences are worked out for showing only."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pakan.channels.kit.speech import in_language, kip_text, language, month_text
from pakan.channels.office import decree_words as words
from pakan.operations.decree import SIZES, WAGE_BANDS
from pakan.registers.contributions.queries import SCHEME_CODES
from pakan.registers.people.models import District
from pakan.units.month import Month
from pakan.units.rate import Rate


def shown_result(result: dict[str, Any]) -> dict[str, Any]:
    """Everything that the page of a rehearsal shows."""
    tables: list[dict[str, Any]] = [
        {
            "title": title,
            "head": head,
            "rows": [_row(_label(way, row["key"]), row) for row in result["by"][way]],
        }
        for way, title, head in (
            ("wage", _("By wage a month"), _("Wage")),
            ("month", _("By month"), _("Month")),
            ("scheme", _("By scheme"), _("Scheme")),
            ("district", _("By district of the employer"), _("District")),
            ("size", _("By size of the employer"), _("Workers")),
        )
    ]
    wages = tables[0]["rows"]
    if len(result["months"]) < 2:
        del tables[1]
    return {
        "start": Month.parse(result["start"]),
        "months": [Month.parse(month) for month in result["months"]],
        "retroactive": [Month.parse(month) for month in result["retroactive"]],
        "total": _row("", result["total"]),
        "employers": result["employers"],
        "tables": tables if result["total"]["lines"] else [],
        "bars": _bars(wages),
        "rates": [_rates(row) for row in result["rates"]],
        "surcharges": result["surcharges"],
        "due_dates": [_due(row) for row in result["due_dates"]],
        "gone": result["assumptions_gone"],
        "new": result["assumptions_new"],
    }


def _bars(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bars to both sides of nothing, on one scale: `start` and `length` in thousandths of the width."""
    most = max((row["all"] for row in rows), default=0)
    least = min((row["all"] for row in rows), default=0)
    width = max(most, 0) - min(least, 0)
    if not width:
        return []
    zero = -min(least, 0) * 1000 // width
    drawn = [(row, max(abs(row["all"]) * 1000 // width, 3 if row["all"] else 0)) for row in rows]
    return [
        {
            "label": row["label"],
            "value": row["all"],
            "length": str(length),  # as text: a figure would get points between thousands
            "start": str(zero if row["all"] >= 0 else max(zero - length, 0)),
        }
        for row, length in drawn
    ]


def _row(label: str, row: dict[str, int]) -> dict[str, Any]:
    employer = row["employer_after"] - row["employer_before"]
    worker = row["worker_after"] - row["worker_before"]
    return row | {
        "label": label,
        "same": row["lines"] - row["more"] - row["less"],
        "employer": employer,
        "worker": worker,
        "all": employer + worker,
    }


def _label(way: str, key: int) -> str:
    if way == "scheme":
        return str(words.SCHEMES[SCHEME_CODES[key]])
    if way == "month":
        return month_text(Month(key // 12, key % 12 + 1))
    if way == "wage":
        return _stretch(WAGE_BANDS, key)
    if way == "size":
        return _stretch(SIZES, key)
    found = District.objects.select_related("province").filter(code=f"{key:04d}").first()
    if found is None:
        return f"{key:04d}"
    return in_language({"lo": found.name_lo, "en": found.name_en})


def _stretch(bounds: tuple[int, ...], key: int) -> str:
    """'4.500.000 – 5.999.999', or 'from 20.000.000' for the last."""
    place = bounds.index(key)
    if place + 1 == len(bounds):
        return _("from %(least)s") % {"least": kip_text(key, "bare")}
    return f"{kip_text(key, 'bare')} – {kip_text(bounds[place + 1] - 1, 'bare')}"


def _rates(row: dict[str, Any]) -> dict[str, Any]:
    names = (
        ("employer", words.VALUES["employer"]),
        ("worker", words.VALUES["worker"]),
        ("ceiling", _("Ceiling")),
        ("floor", _("Floor: below it a reason is asked")),
        ("lowest", _("Least insured wage")),
    )
    changed = [
        (label, _amount(row["before"][name]), _amount(row["after"][name]))
        for name, label in names
        if row["before"][name] != row["after"][name]
    ]
    return {"scheme": words.SCHEMES[row["scheme"]], "changed": changed}


def _amount(value: int | str | None) -> str:
    if isinstance(value, str):
        rate = Rate.parse(value)
        return rate.lao if language() == "lo" else str(rate)
    return _("none") if not value else kip_text(value)


def _due(row: dict[str, str]) -> dict[str, Any]:
    return {
        "month": Month.parse(row["month"]),
        "before": date.fromisoformat(row["before"]),
        "after": date.fromisoformat(row["after"]),
    }
