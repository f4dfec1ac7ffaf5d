"""Retroactive change: what a corrected wage, or a decree for past months, changes in everything already reckoned.

Before and after are reckoned by the same rules; the answer is a list of differences, each with its reason. Nothing is
booked here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pakan.law.benefits import named
from pakan.law.contributions.rule import due, rates_for
from pakan.law.contributions.values import LAW, Law
from pakan.law.dated import History
from pakan.law.decision import Decision
from pakan.law.insured import Entry, Insured, insure_again
from pakan.units.money import Kip, dotted, grouped
from pakan.units.month import Month

Subject = Literal["contribution", "average", "benefit"]
Reason = Literal["wage corrected", "month added", "month removed", "now paid", "no longer paid", "scheme corrected",
                 "law changed", "months or wages changed", "benefit rule changed"]  # fmt: skip
LAO: Mapping[Reason, str] = {
    "wage corrected": "ແກ້ຄ່າຈ້າງ",
    "month added": "ເພີ່ມເດືອນ",
    "month removed": "ຕັດເດືອນອອກ",
    "now paid": "ຈ່າຍແລ້ວ",
    "no longer paid": "ຖືວ່າຍັງບໍ່ຈ່າຍ",
    "scheme corrected": "ແກ້ພາກປະກັນ",
    "law changed": "ກົດໝາຍປ່ຽນ",
    "months or wages changed": "ເດືອນ ຫຼື ຄ່າຈ້າງປ່ຽນ",
    "benefit rule changed": "ກົດໝາຍອຸດໜູນປ່ຽນ",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was taken: what was asked, on which day, and what was answered then."""

    benefit: str
    day: date
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AllLaw:
    """The law as a whole. `benefits`: another history for a benefit, by its name; the others stay in force."""

    contributions: Law = LAW
    benefits: Mapping[str, History[Any]] | None = None

    def values(self, benefit: str) -> History[Any] | None:
        return (self.benefits or {}).get(benefit)


@dataclass(frozen=True, slots=True)
class Difference:
    """`where`: month and employer, or benefit and day. `what`: 'employer', 'worker', 'insured', 'average', an amount's
    kind, or 'entitled' (0 or 1) and 'days', which are no money. Kip before and after."""

    subject: Subject
    where: str
    what: str
    before: Kip
    after: Kip
    reason: Reason

    @property
    def kip(self) -> Kip:
        """To pay in addition (above zero), or too much (below)."""
        return Kip(self.after - self.before)

    @property
    def lo(self) -> str:
        return f"{self.where}: {dotted(self.before)} → {dotted(self.after)} ({LAO[self.reason]})"

    @property
    def en(self) -> str:
        return f"{self.where}: {grouped(self.before, 'en')} → {grouped(self.after, 'en')} ({self.reason})"


IN_FORCE = AllLaw()


def compare(
    insured_before: Insured, insured_after: Insured, decisions: Sequence[Decided] = (),
    law_before: AllLaw = IN_FORCE, law_after: AllLaw = IN_FORCE,
) -> list[Difference]:  # fmt: skip
    """Every difference in contributions, in the averages that decisions used, and in the decisions.

    Where the law of contributions differs, insured wages are reckoned again from the declared ones on both sides.
    Raises WrongSituation and NoLawYet as the rules do.
    """
    if law_before.contributions is not law_after.contributions:
        insured_before = insure_again(insured_before, law_before.contributions)
        insured_after = insure_again(insured_after, law_after.contributions)
    found = list(
        _contributions(insured_before, insured_after, law_before.contributions, law_after.contributions)
    )
    months_changed = bool(found)
    for decided in decisions:
        before = _decide(decided, insured_before, law_before)
        after = _decide(decided, insured_after, law_after)
        rule_changed = law_before.values(decided.benefit) is not law_after.values(decided.benefit)
        reason: Reason = (
            "months or wages changed" if months_changed or not rule_changed else "benefit rule changed"
        )
        found += _decision(decided, before, after, reason)
    return found


def _decide(decided: Decided, person: Insured, law: AllLaw) -> Decision:
    return named(decided.benefit).decide(person, decided.told, decided.day, law.values(decided.benefit))


def _contributions(before: Insured, after: Insured, old: Law, new: Law) -> Iterable[Difference]:
    for month in sorted({*before.months, *after.months}):
        were = {entry.employer: entry for entry in before.months.get(month, ())}
        are = {entry.employer: entry for entry in after.months.get(month, ())}
        for employer in sorted({*were, *are}):
            was, now = were.get(employer), are.get(employer)
            reason = _why(was, now)
            sums = zip(_owed(was, month, old), _owed(now, month, new), strict=True)
            for (what, paid), (_, owed) in sums:
                if paid != owed:
                    yield Difference("contribution", f"{month} {employer}", what, paid, owed, reason)


def _why(was: Entry | None, now: Entry | None) -> Reason:
    if was is None or now is None:
        return "month added" if was is None else "month removed"
    if was.scheme != now.scheme:
        return "scheme corrected"
    if was.declared != now.declared:
        return "wage corrected"
    if was.paid != now.paid:
        return "now paid" if now.paid else "no longer paid"
    return "law changed"


def _owed(entry: Entry | None, month: Month, law: Law) -> list[tuple[str, Kip]]:
    """Both sides' contribution, and the insured wage that counts for benefits (0 while unpaid)."""
    if entry is None:
        return [("employer", Kip(0)), ("worker", Kip(0)), ("insured", Kip(0))]
    owed = due(entry.declared, rates_for(entry.scheme, month, law))
    return [
        ("employer", owed.employer),
        ("worker", owed.worker),
        ("insured", entry.insured if entry.paid else Kip(0)),
    ]


def _decision(decided: Decided, before: Decision, after: Decision, reason: Reason) -> Iterable[Difference]:
    where = f"{decided.benefit} {decided.day.isoformat()}"
    if _average(before) != _average(after):
        yield Difference("average", where, "average", _average(before), _average(after), reason)
    if before.entitled != after.entitled:
        yield Difference("benefit", where, "entitled", Kip(before.entitled), Kip(after.entitled), reason)
    for kind in ("lump_sum", "monthly", "period"):
        was = [amount.kip for amount in before.amounts if amount.kind == kind]
        now = [amount.kip for amount in after.amounts if amount.kind == kind]
        longest = max(len(was), len(now))
        for place, (one, other) in enumerate(zip(_filled(was, longest), _filled(now, longest), strict=True)):
            if one != other:
                what = kind if longest == 1 else f"{kind} {place + 1}"
                yield Difference("benefit", where, what, one, other, reason)
    if before.entitled and after.entitled and _days(before) != _days(after):
        yield Difference("benefit", where, "days", _days(before), _days(after), reason)


def _average(decision: Decision) -> Kip:
    return next((step.result for step in decision.steps if step.label.startswith("average")), Kip(0))


def _days(decision: Decision) -> Kip:
    """For how many days monthly amounts run; those without end are left out."""
    spans = [(each.start, each.end) for each in decision.amounts if each.kind == "monthly"]
    return Kip(sum((end - start).days + 1 for start, end in spans if start is not None and end is not None))


def _filled(amounts: list[Kip], length: int) -> list[Kip]:
    return amounts + [Kip(0)] * (length - len(amounts))
