"""What groups of legal values, their values, faults and states are called on the office's pages."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.kit.speech import day_text, kip_text, language, month_text
from pakan.operations.decree import Fault, Field
from pakan.units.rate import Rate

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise
else:
    Words = str

GROUPS: dict[str, tuple[Words, Words]] = {
    "enterprise": (
        gettext_lazy("Contributions of enterprises"),
        gettext_lazy("Rates, ceiling and floor for workers of enterprises."),
    ),
    "public": (
        gettext_lazy("Contributions of the public sector"),
        gettext_lazy("Rates and ceiling for officials; the State is the employer."),
    ),
    "voluntary": (
        gettext_lazy("Voluntary contributions"),
        gettext_lazy("Rate, incomes to choose from, ages and months ahead."),
    ),
    "minimum_wage": (
        gettext_lazy("Minimum wage"),
        gettext_lazy("The monthly wage that the floors are reckoned from."),
    ),
    "surcharges": (
        gettext_lazy("Late charges"),
        gettext_lazy("What is added to a debt that is paid late."),
    ),
    "due_days": (
        gettext_lazy("Due days"),
        gettext_lazy("By which day of the next month a month is paid."),
    ),
    "holidays": (
        gettext_lazy("Added holidays"),
        gettext_lazy("Days on which offices and banks are closed; due dates move to the next working day."),
    ),
}

VALUES: dict[str, Words] = {
    "employer": gettext_lazy("Employer's share"),
    "worker": gettext_lazy("Worker's share"),
    "ceiling": gettext_lazy("Ceiling of the monthly wage"),
    "floor": gettext_lazy("Floor of the monthly wage (old decrees)"),
    "floor_of_minimum_wage": gettext_lazy("Part of the minimum wage below which a reason is asked"),
    "lowest_of_minimum_wage": gettext_lazy("Part of the minimum wage that is insured at least"),
    "months_ahead": gettext_lazy("Months that may be paid at once"),
    "income_floor": gettext_lazy("Lowest income to choose"),
    "income_ceiling": gettext_lazy("Highest income to choose"),
    "min_age": gettext_lazy("Least age at entry (years)"),
    "max_age": gettext_lazy("Highest age at entry (years)"),
    "amount": gettext_lazy("Wage a month"),
    "days_a_month": gettext_lazy("Working days a month"),
    "days_a_week": gettext_lazy("Working days a week"),
    "hours_a_day": gettext_lazy("Working hours a day"),
    "living_allowance": gettext_lazy("Living allowance a month"),
    "rate": gettext_lazy("Part of the debt that is added"),
    "per": gettext_lazy("Counted for each"),
    "grace_days": gettext_lazy("Days after the due date that are free"),
    "cap": gettext_lazy("Never more than this part of the debt"),
    "day": gettext_lazy("Day of the month that follows"),
    "reminder_day": gettext_lazy("Day by which reminders have arrived"),
    "days": gettext_lazy("Days"),
    "name_lo": gettext_lazy("Name of the holiday in Lao"),
    "name_en": gettext_lazy("Name of the holiday in English"),
}

CHOICES: dict[str, Words] = {"day": gettext_lazy("day"), "month": gettext_lazy("begun month")}

HOW: dict[str, Words] = {
    "kip": gettext_lazy("Whole kip, such as 4.500.000."),
    "rate": gettext_lazy("Percent, such as 5,5."),
    "number": gettext_lazy("A whole number."),
    "numbers": gettext_lazy("Whole numbers with commas between."),
    "days": gettext_lazy("Such as 3/12/2026; several with commas between."),
    "words": "",
    "choice": "",
}

STATES: dict[str, tuple[str, Words]] = {
    "entered": ("wait", gettext_lazy("entered, not yet rehearsed")),
    "rehearsed": ("wait", gettext_lazy("rehearsed, waits for a signature")),
    "approved": ("ok", gettext_lazy("approved")),
    "withdrawn": ("plain", gettext_lazy("withdrawn")),
}

CONFIDENCE: dict[str, Words] = {
    "high": gettext_lazy("High: an official text, or two sources that agree"),
    "medium": gettext_lazy("Medium: one good source that is not the text itself"),
    "low": gettext_lazy("Low: weak or old; amounts that rest on it are estimates"),
}

SCHEMES: dict[str, Words] = {
    "enterprise": gettext_lazy("Enterprises"),
    "public": gettext_lazy("Public sector"),
    "voluntary": gettext_lazy("Voluntary members"),
}

FAULTS: dict[str, Words] = {
    "missing": gettext_lazy("Fill this in."),
    "too_long": gettext_lazy("Too long: at most %(most)s letters."),
    "out_of_range": gettext_lazy("The first day lies between 2001 and 2100."),
    "before_first_law": gettext_lazy("The first values known here begin on %(day)s; a decree begins later."),
    "set_that_day": gettext_lazy(
        "Another text sets this value on the same day. Say below whose place this decree takes, or change the day."
    ),
    "wrong_value": gettext_lazy("The law cannot be built with this value."),
    "cannot_end": gettext_lazy("This value is always needed; it cannot be taken away."),
    "not_a_rate": gettext_lazy("A rate lies between 0 and 100 percent, such as 5,5."),
    "not_a_number": gettext_lazy("Type a whole number of at most four digits."),
    "not_a_choice": gettext_lazy("Choose one of the offered."),
    "not_a_day": gettext_lazy("This is no day in the calendar. Type it as 3/12/2026."),
    "too_many_days": gettext_lazy("At most 30 days in one decree."),
    "nothing_changes": gettext_lazy("Type at least one new value."),
    "no_such_group": gettext_lazy("There is no such group of values."),
    "not_in_force": gettext_lazy("That decree is not in force, or another took its place already."),
    "floor_above_ceiling": gettext_lazy(
        "From %(month)s the floor would stand above the ceiling (%(scheme)s). Look at both, and at the minimum wage."
    ),
    "too_large": gettext_lazy("The file is larger than 5 MB. Scan it again with fewer dots."),
    "not_a_scan": gettext_lazy("Only PDF, PNG and JPEG are taken; this file is none of them inside."),
    "kip_decimals": gettext_lazy("Kip have no decimals."),
    "kip_negative": gettext_lazy("An amount is not below zero."),
    "kip_too_large": gettext_lazy("This amount is too large."),
    "kip_foreign": gettext_lazy("Type the amount in kip."),
    "kip_ambiguous": gettext_lazy("It is not clear which number is meant. Type it as 4.500.000."),
}
NOT_KIP: Words = gettext_lazy("This is no amount in kip. Type it as 4.500.000.")

REFUSED: dict[str, Words] = {
    "closed": gettext_lazy("This decree is approved or withdrawn: it changes no more."),
    "not_rehearsed": gettext_lazy("Rehearse it first, and look at the result."),
    "stale": gettext_lazy(
        "The law changed since the rehearsal. Rehearse it again; the figures may be others."
    ),
    "not_seen": gettext_lazy("There is a newer rehearsal than the one you saw. Look at it first."),
    "own": gettext_lazy("You entered this decree. Another person must approve it."),
    "signed_already": gettext_lazy("You have signed it already. One more person is needed."),
    "no_longer_fits": gettext_lazy(
        "Another decree has come first and this one no longer fits. Withdraw it and enter it again."
    ),
}


def fault_words(fault: Fault) -> str:
    """A fault as a sentence."""
    if fault.code.startswith("kip_") and fault.code not in FAULTS:
        return str(NOT_KIP)
    facts = dict(fault.facts)
    if "day" in facts:
        facts["day"] = day_text(facts["day"])
    if "month" in facts:
        facts["month"] = month_text(facts["month"])
    if "scheme" in facts:
        facts["scheme"] = str(SCHEMES[facts["scheme"]])
    return str(FAULTS[fault.code]) % facts


def value_words(group: str, name: str) -> Words:
    if group == "public" and name in ("employer", "worker"):
        return _("The State's share") if name == "employer" else _("Official's share")
    if group == "voluntary" and name == "worker":
        return _("Member's contribution")
    return VALUES[name]


def shown(field: Field, value: Any) -> str:
    """A value as people read it; nothing there: 'none'."""
    if value is None or value == "none":
        return _("none")
    if field.kind == "kip":
        return kip_text(int(value))
    if field.kind == "rate":
        rate = value if isinstance(value, Rate) else Rate.parse(str(value))
        return rate.lao if language() == "lo" else str(rate)
    if field.kind == "days":
        return ", ".join(day_text(date.fromisoformat(day)) for day in value)
    if field.kind == "numbers":
        return ", ".join(map(str, value))
    return str(CHOICES.get(str(value), value)) if field.kind == "choice" else str(value)
