"""Chase: the fund speaks up by itself before a month is late, and when one did not arrive (C17, C92, abuse A1).

Both jobs are handed the day, ask set-wise, and may run any number of times: a message has one key for the month and
the person, so that nobody hears the same twice. They run every day, so that a day without a worker is made good.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.operations.due import due_on
from pakan.operations.speak import people_of, say
from pakan.registers.compliance.queries import standing_still
from pakan.registers.contributions.filing import standing
from pakan.registers.contributions.models import DeclaredWage, Obligation
from pakan.registers.payments.models import Notice, NoticeLine
from pakan.registers.people.models import Employer, Employment
from pakan.registers.records.models import Credit
from pakan.units.money import dotted
from pakan.units.month import Month
from pakan.units.number import shown_creditor_reference
from pakan.units.words import english_date, english_month, lao_date, lao_month

LADDER = RetryStrategy(max_attempts=6, wait=300)
# Days before the due date -> the step of the ladder. The day after a step still says it, to whom it was not said.
STEPS = {7: 7, 6: 7, 3: 3, 2: 3, 1: 1, 0: 1}
MISSING_DAY = 25  # of the following month; later if the due date lies later
NAME_LETTERS = 40
SHORT_NAME_LETTERS = 24  # beside an amount and a reference


@app.task(name="chase.remind_employers", retry=LADDER)
def remind_employers(day: str) -> None:
    """7, 3 and 1 days before last month is due: who has not declared it, and who has declared and not paid."""
    today = date.fromisoformat(day)
    month = Month.of(today) - 1
    due = due_on(month)
    step = STEPS.get((due - today).days)
    if step is not None:
        say(_together(_undeclared(month, due, step), "remind_declare_many"), timezone.now())
        say(_together(_unpaid(month, today, step), "remind_pay_many"), timezone.now())


def _together(rows: Iterator[dict[str, Any]], many: str) -> Iterator[dict[str, Any]]:
    """One message a person and day: whoever looks after several companies hears of all of them at once."""
    by_account: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_account.setdefault(row["account_id"], []).append(row)
    for mine in by_account.values():
        yield mine[0] if len(mine) == 1 else _of_several(mine, many)


def _of_several(rows: list[dict[str, Any]], wording: str) -> dict[str, Any]:
    """The first row's words with how many there are, and what they owe in all."""
    first = rows[0]
    amounts = [int(row["values"].get("amount", "0").replace(".", "")) for row in rows]
    facts = {
        "count": str(len(rows)),
        "amount": dotted(sum(amounts)),
        "codes": [row["values"]["code"] for row in rows],
    }
    dates = {name: first["values"][name] for name in ("month_lo", "month_en", "due_lo", "due_en")}
    return first | {"wording": wording, "values": dates | facts}


def _undeclared(month: Month, due: date, step: int) -> Iterator[dict[str, Any]]:
    declared = Obligation.objects.filter(employer=OuterRef("id"), month=month)
    for one in people_of(standing(month).exclude(Exists(declared)), timezone.now()):
        yield _reminder(one, month, due, step, "remind_declare", {"employer": _name(one, NAME_LETTERS)})


def _unpaid(month: Month, today: date, step: int) -> Iterator[dict[str, Any]]:
    """Whoever owes something that is neither disputed nor part of a plan: those are reminded by their own rules."""
    owing = Obligation.objects.filter(month=month, settled__lt=F("owed"))
    still = standing_still(month)
    debts = {debt.employer_id: debt for debt in owing if debt.open > still.get(debt.employer_id, 0)}
    asked = {
        line.notice.employer_id: line.notice
        for line in NoticeLine.objects.filter(
            month=month, notice__state=Notice.State.OPEN, notice__expires_on__gte=today
        )
        .select_related("notice")
        .order_by("notice__made_at", "notice_id")
    }
    for one in people_of(Employer.objects.filter(id__in=list(debts)), timezone.now()):
        debt, notice = debts[one["employer_id"]], asked.get(one["employer_id"])
        facts = {
            "employer": _name(one, SHORT_NAME_LETTERS),
            "amount": dotted(notice.amount if notice else debt.open - still.get(debt.employer_id, 0)),
            "reference": shown_creditor_reference(notice.reference) if notice else "",
        }
        wording = "remind_pay" if notice else "remind_pay_no_notice"
        yield _reminder(one, month, debt.due_on, step, wording, facts)


def _name(one: dict[str, Any], most: int) -> str:
    lao = one["account__language"] == "lo" or not one["employer__name_en"]
    return str(one["employer__name_lo" if lao else "employer__name_en"])[:most]


def _reminder(
    one: dict[str, Any], month: Month, due: date, step: int, wording: str, facts: dict[str, str]
) -> dict[str, Any]:
    return {
        "key": f"{wording.partition('_no_')[0]}:{month}:{step}:{one['account_id']}",
        "wording": wording,
        "values": _months(month)
        | {"code": one["employer__code"], "due_lo": lao_date(due), "due_en": english_date(due)}
        | facts,
        "language": one["account__language"],
        "phone": one["account__phone"],
        "account_id": one["account_id"],
    }


def _months(month: Month) -> dict[str, str]:
    return {"month_lo": lao_month(month), "month_en": english_month(month)}


@app.task(name="chase.tell_missing_months", retry=LADDER)
def tell_missing_months(day: str) -> None:
    """From the 25th, or the day after the due date: each worker whose last month did not arrive is told, once.

    Not declared and declared but not paid are told apart. What the employer owes in all is nobody's business.
    """
    today = date.fromisoformat(day)
    month = Month.of(today) - 1
    due = due_on(month)
    if today >= max(today.replace(day=MISSING_DAY), due + timedelta(days=1)):
        say(_missing(month), timezone.now())


def _missing(month: Month) -> Iterator[dict[str, Any]]:
    """Whoever worked in the month for an employer that had to declare it, with an account and nothing on record."""
    here = {"person": OuterRef("person"), "employer": OuterRef("employer"), "month": month}
    # The obligation points at the declaration that counts.
    of_month = {
        "person": OuterRef("person"),
        "declaration__obligation__employer": OuterRef("employer"),
        "declaration__obligation__month": month,
    }
    lines = DeclaredWage.objects.filter(**of_month)
    unpaid = DeclaredWage.objects.filter(**of_month, insured__gt=0, declaration__obligation__settled_at=None)
    works = Employment.objects.filter(
        Q(end=None) | Q(end__gte=month.first), start__lte=month.last, person__account__is_active=True,
        employer__in=standing(month),
    )  # fmt: skip
    works = works.exclude(Exists(Credit.objects.filter(**here))).annotate(
        is_declared=Exists(lines),
        is_open=Exists(unpaid),
    )
    rows = works.order_by("person_id", "employer_id").values(
        "person_id", "employer_id", "employer__name_lo", "employer__name_en", "person__phone",
        "person__account__id", "is_declared", "is_open",
        account__language=F("person__account__language"),
    )  # fmt: skip
    for one in rows.iterator():
        if one["is_declared"] and not one["is_open"]:
            continue  # declared with nothing to insure, or paid a moment ago
        yield {
            "key": f"missing:{month}:{one['employer_id']}:{one['person_id']}",
            "wording": "month_not_paid" if one["is_declared"] else "month_not_declared",
            "values": _months(month) | {"employer": _name(one, NAME_LETTERS)},
            "language": one["account__language"],
            "phone": one["person__phone"],
            "person_id": one["person_id"],
            "account_id": one["person__account__id"],
        }
