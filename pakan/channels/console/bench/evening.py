"""The last evening before the due date: many employers file at once, web and worker together on this machine."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from pakan.channels.console.bench import lines, serve
from pakan.channels.console.bench.visitor import visitor
from pakan.channels.console.country.accounts import DemoAccount
from pakan.channels.console.country.dice import Dice
from pakan.operations import declare, enrol, reconcile
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.contributions.models import Declaration
from pakan.registers.people.models import Employer
from pakan.units.month import Month

MIDDLE, LARGEST = 12, 10_000  # workers: of the employer in the middle, and of one
FIRST_PLACE = 2000
ROLES = (Role.EMPLOYER_PREPARER, Role.EMPLOYER_APPROVER)


@dataclass(frozen=True)
class Evening:
    """Seconds: from the first page to the receipt, and from the signature to the receipt."""

    filings: int
    a_minute: float
    workers: int
    middle: float
    twentieth: float  # 95 of 100 were quicker
    receipt_middle: float
    receipt_twentieth: float
    lost: int
    differences: int  # found by `prove` afterwards


def employers(count: int, month: Month, at: datetime) -> tuple[list[tuple[str, str, str]], int]:
    """`count` employers that declared the month before, each with one person who may sign alone, and their workers."""
    told, workers, dice = [], 0, Dice("evening")
    for place in range(count):
        size = LARGEST if place == 0 else dice.between(1, 2 * MIDDLE - 1)
        employer, people = lines.employer_of(size, FIRST_PLACE + place, month - 1)
        _employ(employer, people.tolist(), month - 1)
        declare.declare_wages(Actor.system(at, "bench"), employer, month - 1, people, lines.wages(people, 1))
        told.append((signed_in(employer, place, at), employer.code, str(month)))
        workers += size
    return told, workers


def _employ(employer: Employer, people: list[int], first: Month) -> None:
    Employer.objects.filter(id=employer.id).update(one_person_may_approve=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_employment (person_id, employer_id, start) SELECT unnest(%s::bigint[]), %s, %s",
            [people, employer.id, first.first],
        )
        # A number as it is typed: older ones, of more than ten digits, carry no check digit.
        cursor.execute(
            "UPDATE people_person SET number = '98' || lpad(id::text, 10, '0') WHERE id = ANY(%s)", [people]
        )


def signed_in(employer: Employer, place: int, at: datetime) -> str:
    """Signed in by password and code before it begins; the account is made unless an earlier run left it."""
    actor, wanted = Actor.system(at, "bench"), DemoAccount(f"bench-{place}", "", "", ROLES)
    if not Account.objects.filter(sign_in=wanted.sign_in).exists():
        _make(employer, place, actor, wanted)
    return visitor(wanted).cookies[settings.SESSION_COOKIE_NAME].value


def _make(employer: Employer, place: int, actor: Actor, wanted: DemoAccount) -> None:
    account = enrol.account(actor, wanted.sign_in, "employer", f"Bench {place}", password=wanted.password)
    for role in ROLES:
        enrol.mandate(actor, employer, account, role)
    TOTPDevice.objects.create(user=account, name="bench", key=wanted.secret.hex(), confirmed=True)


@contextmanager
def _worker(database: str) -> Iterator[None]:
    env = serve.environment(database)
    command = [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency", "2"]
    process = subprocess.Popen(
        command, cwd=settings.ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def measured(
    database: str, month: Month, at: datetime, filings: int, a_minute: float, say: Callable[[str], object]
) -> Evening:
    """File `filings` months at `a_minute`, with a worker beside the web; then count what arrived and prove the ledger."""
    say(f"\nLoading {filings} employers for the last evening …")
    told, workers = employers(filings, month, at)
    with serve.site(database, workers=2) as site, _worker(database):
        command = [sys.executable, "-m", "pakan.channels.console.bench.filing", site.url, str(a_minute)]
        done = subprocess.run(
            command, input=json.dumps(told), capture_output=True, text=True, check=True, cwd=settings.ROOT
        )
    found: dict[str, Any] = json.loads(done.stdout)
    for words in found["lost"][:5]:
        say(f"  lost: {words}")
    whole, receipt = [one[0] for one in found["took"]], [one[1] for one in found["took"]]
    codes = [code for _session, code, _month in told]
    kept = Declaration.objects.filter(employer__code__in=codes, month=month).count()
    proved = reconcile.prove(Actor.system(at, "bench"))
    evening = Evening(
        filings=filings,
        a_minute=a_minute,
        workers=workers,
        middle=median(whole),
        twentieth=_twentieth(whole),
        receipt_middle=median(receipt),
        receipt_twentieth=_twentieth(receipt),
        lost=filings - kept,
        differences=sum(one.differences for one in proved),
    )
    say(
        f"{filings} filings at {a_minute:.0f} a minute, {workers:,} workers: receipt {evening.receipt_middle:.2f} s,"
        f" for 95 of 100 {evening.receipt_twentieth:.2f} s; lost {evening.lost}; differences {evening.differences}"
    )
    return evening


def _twentieth(times: list[float]) -> float:
    return quantiles(times, n=20)[18] if len(times) > 1 else times[0]
