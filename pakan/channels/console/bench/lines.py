"""Declare, price, post and credit: wage lines a second, at several sizes, beside two floors."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from pakan.channels.console.bench import floors
from pakan.channels.console.bench.visitor import counted
from pakan.channels.console.country.dice import scattered
from pakan.law.contributions.rule import Column
from pakan.operations import collect, declare, enrol
from pakan.operations.collect import PaymentNotice
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.people.models import District, Employer
from pakan.units.money import Kip
from pakan.units.month import Month

MONTH = Month(2024, 10)
AT = datetime(2026, 11, 2, 9, tzinfo=VIENTIANE)
RUNS = {12: 15, 1_000: 9, 100_000: 3}


@dataclass
class Size:
    """Seconds of one month of `lines` workers, the median of several months."""

    lines: int
    declare: float
    credit: float
    queries: int
    copy_floor: float
    hand_floor: float
    ask_queries: int  # of asking for the notice in between, which is not in `queries`

    @property
    def seconds(self) -> float:
        return self.declare + self.credit

    @property
    def lines_a_second(self) -> int:
        return round(self.lines / self.seconds)


def measured(lines: int, place: int) -> Size:
    """One employer with `lines` workers: months declared and paid, and the two floors with the same rows."""
    employer, people = employer_of(lines, place)
    runs = RUNS.get(lines, 1)
    months = [declare_and_pay(employer, people, MONTH + back) for back in range(runs)]
    wage = wages(people, runs)
    with CaptureQueriesContext(connection) as declared:
        _declare(employer, people, wage, MONTH + runs)
    with CaptureQueriesContext(connection) as asked:
        notice = collect.ask(Actor.system(AT, "bench"), employer, [MONTH + runs])
    with CaptureQueriesContext(connection) as credited:
        _book(notice.reference, notice.amount)
    copied = [_timed(floors.copy_alone, people, wage) for _ in range(runs)]
    by_hand = [_timed(floors.by_hand, people, wage) for _ in range(runs)]
    return Size(
        lines=lines,
        declare=median(first for first, _ in months),
        credit=median(second for _, second in months),
        queries=counted(declared) + counted(credited),
        copy_floor=median(copied),
        hand_floor=median(by_hand),
        ask_queries=counted(asked),
    )


def wages(people: Column, month: int) -> Column:
    return np.asarray(2_500_000 + scattered(people, month, 300) * 10_000, dtype=np.int64)


def employer_of(lines: int, place: int, first: Month = MONTH) -> tuple[Employer, Column]:
    """The employer by the real operation; the workers by one statement, since registering them is not measured."""
    employer = enrol.employer(
        Actor.system(AT, "bench"),
        f"01{place:05d}",
        f"ຫົວໜ່ວຍວັດແທກ {lines}",
        District.objects.get(code="0102"),
        first,
        name_en=f"Bench {lines}",
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_person (number, given_name, family_name, name_latin, key, grams, sort_key, birth_date, sex,"
            " phone, national_id, village, registered_at)"
            " SELECT 'B' || %s || '-' || n, 'ທົດສອບ', n::text, '', 'ທົດສອບ' || n, '{}', '', '1990-01-01', 'f', '', '', '', %s"
            " FROM generate_series(1, %s) n RETURNING id",
            [place, AT, lines],
        )
        ids = np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)
    return employer, np.sort(ids)


def declare_and_pay(employer: Employer, people: Column, month: Month) -> tuple[float, float]:
    """Seconds to declare and to credit. The notice is asked for in between; that is not part of either."""
    declared = _timed(_declare, employer, people, wages(people, month.number), month)
    notice = collect.ask(Actor.system(AT, "bench"), employer, [month])
    return declared, _timed(_book, notice.reference, notice.amount)


def _declare(employer: Employer, people: Column, wage: Column, month: Month) -> None:
    declare.declare_wages(Actor.system(AT, "bench"), employer, month, people, wage)


def _book(reference: str, amount: int) -> None:
    told = PaymentNotice(
        bank_reference=f"BENCH{reference}",
        scheme_reference="",
        bill="",
        amount=Kip(amount),
        currency="LAK",
        paid_at=AT + timedelta(days=1),
        payer_name="BENCH",
        payer_account="",
        reference=reference,
    )
    collect.book(Actor.system(AT, "bench"), "sandbox", settings.BANKS["sandbox"]["account"], told)


def _timed(work: object, *given: object) -> float:
    began = time.perf_counter()
    work(*given)  # type: ignore[operator]
    return time.perf_counter() - began
