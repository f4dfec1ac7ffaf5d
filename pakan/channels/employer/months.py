"""The months of a company as its people see them: in what state each is, what is due when, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pakan.channels.employer.wording import days_left
from pakan.operations.due import DueDays, due_days
from pakan.registers.contributions.models import Obligation, Sheet
from pakan.registers.contributions.queries import OPEN_STATES
from pakan.registers.people.models import Employer
from pakan.units.month import Month

Words = str | Promise
YEAR = 12
FIVE_YEARS = 60

# state -> (words, tone, the next act in words, the page where it is done)
STATES: dict[str, tuple[Words, str, Words, str]] = {
    "not_declared": (gettext_lazy("not declared"), "plain", gettext_lazy("Declare"), "month"),
    "columns": (gettext_lazy("in work"), "wait", gettext_lazy("Go on"), "columns"),
    "reading": (gettext_lazy("file is being read"), "wait", gettext_lazy("See"), "reading"),
    "in_work": (gettext_lazy("in work"), "wait", gettext_lazy("Go on"), "check"),
    "handed_over": (gettext_lazy("waiting for approval"), "wait", gettext_lazy("See and approve"), "approve"),
    "to_pay": (gettext_lazy("declared, to pay"), "wait", gettext_lazy("Pay"), "pay"),
    "part_paid": (gettext_lazy("paid in part"), "wait", gettext_lazy("Pay the rest"), "pay"),
    "paid": (gettext_lazy("paid"), "ok", gettext_lazy("See"), "pay"),
    "nil": (gettext_lazy("declared, nothing to pay"), "ok", gettext_lazy("See"), "pay"),
}
# state -> what happens next and whether it can still be taken back, in one line under the due date
NEXT: dict[str, Words] = {
    "not_declared": gettext_lazy("Next: give the wages. Nothing counts before it is approved."),
    "columns": gettext_lazy("Next: say what each column means. Nothing counts before it is approved."),
    "reading": gettext_lazy("Next: check the list together with us. Nothing counts before it is approved."),
    "in_work": gettext_lazy(
        "Next: mend what is marked, then hand over. It can be taken back until it is approved."
    ),
    "handed_over": gettext_lazy("Next: approve. Until then it can be taken back."),
    "to_pay": gettext_lazy("Next: pay. The month counts for the workers when the money has arrived."),
    "part_paid": gettext_lazy(
        "Next: pay the rest. The month counts for the workers when all of it has arrived."
    ),
}
OF_SHEET = {
    Sheet.State.WAITING: "reading",
    Sheet.State.READ: "columns",
    Sheet.State.OPEN: "in_work",
    Sheet.State.HANDED_OVER: "handed_over",
}
DONE = ("paid", "nil")


@dataclass(frozen=True)
class MonthLine:
    """One month. `correcting`: it was declared and is being corrected now; `versions` above 1: it was corrected."""

    employer: Employer
    month: Month
    state: str
    due_on: date
    days: int
    obligation: Obligation | None
    correcting: str

    @property
    def says(self) -> Words:
        return STATES[self.state][0]

    @property
    def tone(self) -> str:
        if self.state not in DONE and self.days < 0:
            return "bad"
        return STATES[self.state][1]

    @property
    def act(self) -> Words:
        return STATES[self.state][2]

    @property
    def next(self) -> Words:
        return NEXT.get(self.correcting or self.state, "")

    @property
    def url(self) -> str:
        return reverse(f"employer:{STATES[self.state][3]}", args=[self.employer.code, str(self.month)])

    @property
    def correcting_url(self) -> str:
        page = STATES[self.correcting][3] if self.correcting else "month"
        return reverse(f"employer:{page}", args=[self.employer.code, str(self.month)])

    @property
    def is_done(self) -> bool:
        return self.state in DONE

    @property
    def is_late(self) -> bool:
        return not self.is_done and self.days < 0

    @property
    def left(self) -> str:
        return days_left(self.days)

    @property
    def owed(self) -> int | None:
        return self.obligation.owed if self.obligation else None

    @property
    def open(self) -> int | None:
        return self.obligation.open if self.obligation else None

    @property
    def workers(self) -> int | None:
        return self.obligation.declaration.workers if self.obligation else None

    @property
    def wages(self) -> int | None:
        """Insured wages of everybody in it."""
        return self.obligation.declaration.wages_insured if self.obligation else None

    @property
    def version(self) -> int:
        return self.obligation.declaration.version if self.obligation else 0


def state_of(debt: Obligation | None, sheet_state: str) -> str:
    """The state in which people see the month; a correction in work does not hide what is declared."""
    if debt is None:
        return OF_SHEET[Sheet.State(sheet_state)] if sheet_state else "not_declared"
    if debt.owed == 0:
        return "nil"
    if debt.open == 0:
        return "paid"
    return "part_paid" if debt.settled else "to_pay"


def month_lines(
    employers: Sequence[Employer], first: Month, last: Month, today: date
) -> dict[int, list[MonthLine]]:
    """The months from `first` to `last` of each employer, newest first. Three queries for all of them."""
    law = due_days()
    ids = [employer.id for employer in employers]
    debts = {
        (debt.employer_id, debt.month): debt
        for debt in Obligation.objects.select_related("declaration").filter(
            employer_id__in=ids, month__gte=first, month__lte=last
        )
    }
    sheets = {
        (employer_id, month): state
        for employer_id, month, state in Sheet.objects.filter(
            employer_id__in=ids, month__gte=first, month__lte=last, state__in=OPEN_STATES
        ).values_list("employer_id", "month", "state")
    }
    found: dict[int, list[MonthLine]] = {}
    for employer in employers:
        begin = max(first, employer.first_month)
        end = min(last, employer.last_month) if employer.last_month else last
        found[employer.id] = [
            _line(
                employer,
                month,
                debts.get((employer.id, month)),
                sheets.get((employer.id, month), ""),
                today,
                law,
            )
            for month in reversed(begin.until(end))
        ]
    return found


def _line(
    employer: Employer, month: Month, debt: Obligation | None, sheet_state: str, today: date, law: DueDays
) -> MonthLine:
    due_on = debt.due_on if debt else law.due_date(month)
    correcting = OF_SHEET[Sheet.State(sheet_state)] if debt and sheet_state else ""
    return MonthLine(
        employer, month, state_of(debt, sheet_state), due_on, (due_on - today).days, debt, correcting
    )


def recent(employers: Sequence[Employer], today: date) -> dict[int, list[MonthLine]]:
    """The running month and the five years before it: an old debt is not forgotten because a year went by."""
    now = Month.of(today)
    return month_lines(employers, now - FIVE_YEARS, now, today)


def due_now(lines: Sequence[MonthLine], today: date) -> MonthLine | None:
    """What to do first: the oldest closed month that is not done; else a running month that somebody began."""
    now = Month.of(today)
    for line in reversed(lines):
        if not line.is_done and (line.month < now or line.state != "not_declared"):
            return line
    return None
