"""How the pages say money, months, days and bilingual words, in Lao and in English.

Django ships no Lao, so the names of months come from our own tables and not from its catalogue.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from pakan.law.cites import in_lao
from pakan.units.money import dotted
from pakan.units.month import Month
from pakan.units.words import english_date, english_month, lao_date, lao_month

VIENTIANE = ZoneInfo("Asia/Vientiane")
MINUS = "\u2212"
NOTHING = "\u2014"
Way = Literal["long", "short", "bare"]


def language() -> Literal["lo", "en"]:
    """The language of the page; Lao where none was chosen."""
    return "en" if (get_language() or "lo").startswith("en") else "lo"


def in_language(thing: Any) -> str:
    """The words of `thing` in the page's language.

    Takes a text, a mapping with the keys lo and en, or anything with lo/en or says_lo/says_en. The other
    language is better than nothing, so it stands in where one is missing.
    """
    if thing is None:
        return ""
    here, there = ("lo", "en") if language() == "lo" else ("en", "lo")
    for name in (here, f"says_{here}", there, f"says_{there}"):
        found = thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
        if found:
            return str(found)
    return str(thing)


def cite_text(cite: str) -> str:
    """A text of law as the page's language calls it; one that an officer entered stands as he wrote it."""
    return cite if language() == "en" else in_lao(cite)


def kip_text(amount: int | None, way: Way = "long") -> str:
    """2500000 -> '2.500.000 ກີບ' or '2,500,000 kip'; short: '₭ 2.500.000'; bare: the figure only."""
    if amount is None:
        return NOTHING
    lao = language() == "lo"
    figure = dotted(abs(amount)) if lao else f"{abs(amount):,}"
    signed = (MINUS if amount < 0 else "") + figure
    if way == "bare":
        return signed
    if way == "short":
        return f"₭ {signed}"
    return f"{signed} {'ກີບ' if lao else 'kip'}"


def month_text(month: Month | date) -> str:
    """'ຕຸລາ 2026' or 'October 2026'."""
    whole = Month(month.year, month.month)
    return lao_month(whole) if language() == "lo" else english_month(whole)


def day_text(day: date) -> str:
    """'15 ພະຈິກ 2026' or '15 November 2026'; never 15/11. Of a moment, the day in Vientiane."""
    if isinstance(day, datetime) and day.tzinfo is not None:
        day = day.astimezone(VIENTIANE)
    return lao_date(day) if language() == "lo" else english_date(day)


def moment_text(moment: datetime) -> str:
    """Day and time in Vientiane, whatever the moment's zone. Raises ValueError for one without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    there = moment.astimezone(VIENTIANE)
    return f"{day_text(there)}, {there:%H:%M}"
