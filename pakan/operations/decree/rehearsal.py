"""Rehearsal: what a decree would do to real months, priced with the very rule that prices declarations (C136).

Two laws price the same declared wages: the one in force, and the one with the decree. A month before the decree's
first is priced as if its wages were paid in that first month; a later one (a decree into the past) as it was.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.law.contributions.rule import Due, Rates, Scheme, due
from pakan.law.dated import NoLawYet
from pakan.law.surcharges.rule import surcharge
from pakan.operations.decree.entry import first_month, fits, fresh_rates, with_block
from pakan.operations.decree.wrong import DecreeRefused
from pakan.operations.later import later
from pakan.operations.law_in_force import HISTORIES, HOLIDAYS, InForce, block_of, in_force
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.columns import Column
from pakan.registers.contributions.queries import (
    SCHEME_CODES,
    late_debts,
    month_as_columns,
    months_declared,
)
from pakan.registers.decrees import actions, queries
from pakan.registers.decrees.models import Decree, Rehearsal
from pakan.registers.decrees.states import State
from pakan.units.money import Kip
from pakan.units.month import Month

AT_ONCE = 20_000  # more lines than this are a job's
MOST_MONTHS = 60
# Kip a month from which each wage band begins, and workers from which each size of employer begins.
WAGE_BANDS = (0, 1_250_000, 2_500_000, 3_500_000, 4_500_000, 6_000_000, 8_000_000, 10_000_000, 20_000_000)
SIZES = (1, 10, 50, 100, 300, 1000)
FIGURES = (
    "lines", "more", "less", "employer_before", "employer_after", "worker_before", "worker_after",
    "insured_before", "insured_after", "insured_up", "insured_down",
)  # fmt: skip
WAYS = ("month", "scheme", "district", "wage", "size")
DATES_AHEAD = 24
Sums = dict[int, Column]
AGAIN = RetryStrategy(max_attempts=4, wait=60)


@verb("decree.rehearse")
def rehearse(actor: Actor, decree_id: int) -> Rehearsal:
    """Try a decree on real months; the result is kept. At once where it is small, else by a job. Raises DecreeRefused."""
    decree = actions.lock(decree_id)
    if decree.state not in (State.ENTERED, State.REHEARSED):
        raise DecreeRefused("closed")
    if not fits(decree):
        raise DecreeRefused("no_longer_fits")
    assert actor.account_id is not None
    number, _seal = queries.newest_approved()
    rehearsal = actions.ask_rehearsal(decree, number, actor.account_id, actor.at)
    remember(f"decree {decree.id} {decree.group}", rehearsal=rehearsal.id, law=number)
    if _lines(decree) > AT_ONCE:
        later("decree.rehearse", rehearsal_id=rehearsal.id)
    else:
        actions.keep_rehearsal(rehearsal, reckon(decree, actor), actor.at)
    return rehearsal


@app.task(name="decree.rehearse", retry=AGAIN)
def rehearse_now(rehearsal_id: int) -> None:
    """The job: reckon and keep the result, once. Law that changed meanwhile makes it worthless, and approving says so."""
    rehearsal = Rehearsal.objects.select_related("decree").get(id=rehearsal_id)
    if rehearsal.done_at is not None:
        return
    now = timezone.now()
    result = reckon(rehearsal.decree, Actor.system(now, "decree.rehearse"))
    with transaction.atomic():
        rehearsal.decree = actions.lock(rehearsal.decree_id)
        if rehearsal.decree.state in (State.ENTERED, State.REHEARSED):
            actions.keep_rehearsal(rehearsal, result, now)


def _lines(decree: Decree) -> int:
    return sum(workers for _month, workers in _months(decree))


def _months(decree: Decree) -> list[tuple[Month, int]]:
    """The latest full month, and for a decree into the past every declared month that it reaches."""
    if decree.group not in ("enterprise", "public", "voluntary", "minimum_wage"):
        return []
    declared = months_declared()
    if not declared:
        return []
    # A month of which few have declared yet would show few of those concerned.
    early = len(declared) > 1 and declared[0][1] * 2 < declared[1][1]
    latest = declared[1] if early else declared[0]
    reached = [one for one in declared if one[0] >= first_month(decree.first_day)]
    return sorted({latest, *reached[:MOST_MONTHS]})


def reckon(decree: Decree, actor: Actor) -> dict[str, Any]:
    """The whole result, ready to be kept as JSON: amounts in whole kip."""
    before = in_force()
    after = with_block(decree.group, block_of(decree), decree.supersedes)
    start = first_month(decree.first_day)
    months = [month for month, _workers in _months(decree)]
    money = _money(months, start, before, after)
    return money | {
        "start": str(start),
        "months": [str(month) for month in months],
        "retroactive": [str(month) for month in months if month >= start],
        "rates": _rates(start, before, after),
        "surcharges": _surcharges(start, before, after, actor) if decree.group == "surcharges" else None,
        "due_dates": _due_dates(start, before, after) if decree.group in ("due_days", HOLIDAYS) else [],
        "assumptions_gone": sorted(assumptions(before, start) - assumptions(after, start)),
        "assumptions_new": sorted(assumptions(after, start) - assumptions(before, start)),
    }


def assumptions(law: InForce, month: Month) -> set[str]:
    """Numbers of the assumptions that the values in force on the first day of a month rest on."""
    found = set()
    for group in HISTORIES:
        history = law.history(group)
        for name in history.kind.__dataclass_fields__:
            try:
                found.add(history.sources(name, month.first).assumption)
            except (KeyError, NoLawYet):
                continue
    return found - {""}


# Money: every declared wage priced twice


def _money(months: list[Month], start: Month, before: InForce, after: InForce) -> dict[str, Any]:
    total: Sums = {}
    ways: dict[str, Sums] = {way: {} for way in WAYS}
    employers: Sums = {}
    for month in months:
        lines = month_as_columns(month)
        figures = _figures(lines, max(month, start), before, after)
        keys = _keys(lines) | {"month": np.full(len(lines["wage"]), month.number, dtype=np.int64)}
        _add(total, np.zeros_like(lines["wage"]), figures)
        _add(employers, lines["employer"], figures)
        for way in WAYS:
            _add(ways[way], keys[way], figures)
    differences = [_difference(sums, "employer") for sums in employers.values()]
    return {
        "total": _row(0, total.get(0, np.zeros(len(FIGURES), dtype=np.int64))),
        "employers": {
            "all": len(differences),
            "more": sum(one > 0 for one in differences),
            "less": sum(one < 0 for one in differences),
        },
        "by": {way: [_row(key, ways[way][key]) for key in sorted(ways[way])] for way in WAYS},
    }


def _keys(lines: dict[str, Column]) -> dict[str, Column]:
    """The group that each line belongs to: a scheme's place, a district's code, or the lower end of a band."""
    bands, sizes = np.array(WAGE_BANDS, dtype=np.int64), np.array(SIZES, dtype=np.int64)
    return {
        "scheme": lines["scheme"],
        "district": lines["district"],
        "wage": bands[np.searchsorted(bands, lines["wage"], side="right") - 1],
        "size": sizes[np.searchsorted(sizes, np.maximum(lines["workers"], 1), side="right") - 1],
    }


def _figures(lines: dict[str, Column], month: Month, before: InForce, after: InForce) -> Column:
    """A row a figure, a column a line."""
    figures = np.zeros((len(FIGURES), len(lines["wage"])), dtype=np.int64)
    for code, old, new in _both(month, before, after):
        here = lines["scheme"] == code
        wages = lines["wage"][here]
        if len(wages):
            figures[:, here] = _compared(due(wages, old), due(wages, new))
    return figures


def _both(month: Month, before: InForce, after: InForce) -> Iterator[tuple[int, Rates, Rates]]:
    for code, scheme in enumerate(SCHEME_CODES):
        rates = _rates_of(scheme, month, before), _rates_of(scheme, month, after)  # type: ignore[arg-type]
        if rates[0] is not None and rates[1] is not None:
            yield code, rates[0], rates[1]


def _rates_of(scheme: Scheme, month: Month, law: InForce) -> Rates | None:
    try:
        return fresh_rates(scheme, month, law.law)
    except NoLawYet:
        return None


def _compared(old: Due[Column], new: Due[Column]) -> Column:
    return np.stack([
        np.ones_like(old.worker), (new.worker > old.worker).astype(np.int64), (new.worker < old.worker).astype(np.int64),
        old.employer, new.employer, old.worker, new.worker, old.insured, new.insured,
        (new.insured > old.insured).astype(np.int64), (new.insured < old.insured).astype(np.int64),
    ])  # fmt: skip


def _add(sums: Sums, key: Column, figures: Column) -> None:
    """Add each group's figures up, in whole numbers: bincount would go through floats."""
    if not len(key):
        return
    order = np.argsort(key, kind="stable")
    groups, starts = np.unique(key[order], return_index=True)
    added = np.add.reduceat(figures[:, order], starts, axis=1)
    for place, group in enumerate(groups.tolist()):
        sums[group] = sums.get(group, 0) + added[:, place]


def _difference(sums: Column, side: str) -> int:
    return int(sums[FIGURES.index(f"{side}_after")] - sums[FIGURES.index(f"{side}_before")])


def _row(key: int, sums: Column) -> dict[str, int]:
    return {"key": key} | dict(zip(FIGURES, sums.tolist(), strict=True))


# What stands beside the money


def _rates(start: Month, before: InForce, after: InForce) -> list[dict[str, Any]]:
    """Each scheme's rates before and after, where they differ."""
    return [
        {"scheme": SCHEME_CODES[code], "before": _told(old), "after": _told(new)}
        for code, old, new in _both(start, before, after)
        if old != new
    ]


def _told(rates: Rates) -> dict[str, Any]:
    return {
        "employer": str(rates.employer),
        "worker": str(rates.worker),
        "ceiling": rates.ceiling,
        "floor": rates.floor,
        "lowest": rates.lowest,
    }


def _surcharges(start: Month, before: InForce, after: InForce, actor: Actor) -> dict[str, int]:
    """What the late months of the last year would have carried, as if they fell under the decree."""
    late = {"debts": 0, "before": 0, "after": 0}
    for debt in late_debts(Month.of(actor.today) - 12, actor.today):
        until = debt.settled_at.astimezone(VIENTIANE).date() if debt.settled_at else actor.today
        day = max(debt.month, start).first
        late["debts"] += 1
        late["before"] += surcharge(Kip(debt.owed), debt.due_on, until, before.surcharges.on(day))
        late["after"] += surcharge(Kip(debt.owed), debt.due_on, until, after.surcharges.on(day))
    return late


def _due_dates(start: Month, before: InForce, after: InForce) -> list[dict[str, str]]:
    """Months whose due date moves."""
    months = (start - 3).until(start + DATES_AHEAD)
    pairs = [(month, before.due_date(month), after.due_date(month)) for month in months]
    return [
        {"month": str(month), "before": old.isoformat(), "after": new.isoformat()}
        for month, old, new in pairs
        if old != new
    ]
