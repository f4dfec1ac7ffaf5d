"""The statement page of an employer with ten years of months: server time, with what was declared, paid and left open."""

import statistics
import time
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.conf import settings
from django.test import Client
from django.urls import reverse

from pakan.channels.console.bench.visitor import Refused, queries
from pakan.operations import collect, declare, enrol
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.people.models import District, Employer, Person
from pakan.units.money import Kip
from pakan.units.month import Month

MONTHS = 120
CODE = "0991901"
WORKERS = 12
OPEN_EVERY = 10  # one month of so many is never paid
TIMES = 20


@dataclass(frozen=True)
class Took:
    """Milliseconds in the server for one page."""

    months: int
    queries: int
    middle: float
    longest: float


def load(preparer: Account, last: Month, months: int, at: datetime) -> Employer:
    """An employer with `months` declared months up to `last`, most of them paid, that `preparer` may look at."""
    system, first = Actor.system(at, "bench"), last - (months - 1)
    district = District.objects.order_by("code")[0]
    employer = enrol.employer(
        system, CODE, "ໂຮງງານສິບປີ", district, first, name_en="Ten Years", village="ໜອງໜ້ຽວ"
    )
    newcomers = [
        {"given_name": "ບຸນ", "family_name": f"ສີ{chr(0x0E81 + place)}ວັນ", "birth_date": first.first.replace(year=1980),
         "sex": "f", "phone": ""}
        for place in (0, 1, 3, 6, 9, 12, 19, 20, 21, 22, 24, 25)
    ]  # fmt: skip
    numbers = enrol.workers(system, employer, newcomers[:WORKERS], first.first)
    ids = np.array(
        sorted(Person.objects.filter(number__in=numbers).values_list("id", flat=True)), dtype=np.int64
    )
    wages = np.full(len(ids), 3_000_000, dtype=np.int64)
    for place in range(months):
        declare.declare_wages(system, employer, first + place, ids, wages)
        if place % OPEN_EVERY:
            _pay(system, employer, first + place, place)
    enrol.mandate(system, employer, preparer, Role.EMPLOYER_PREPARER)
    return employer


def _pay(system: Actor, employer: Employer, month: Month, place: int) -> None:
    notice = collect.ask(system, employer, [month])
    told = collect.PaymentNotice(
        bank_reference=f"DEC{place:05d}", scheme_reference="", bill=notice.number, amount=Kip(notice.amount),
        currency="LAK", paid_at=system.at, payer_name="TEN YEARS", payer_account="010000099",
        reference=notice.reference,
    )  # fmt: skip
    bank = settings.COLLECTING_BANK
    collect.book(system, bank, settings.BANKS[bank]["account"], told)


def measured(client: Client, employer: Employer, months: int, times: int = TIMES) -> Took:
    """The page asked for `times` times after one to warm."""
    address = reverse("employer:statement", args=[employer.code])
    asked, took = queries(client, address), []
    for _ in range(times):
        began = time.perf_counter()
        answer = client.get(address)
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise Refused(f"{address} answered {answer.status_code}")
    return Took(months, asked, statistics.median(took), max(took))
