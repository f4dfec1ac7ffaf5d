"""`bench`: speed and memory, each figure beside a floor of the same run. It prints and never fails for being slow."""

import json
import logging
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from pakan.channels.console.bench import (
    decade,
    evening,
    floors,
    latency,
    lines,
    load,
    pages,
    phones,
    serve,
    uploads,
)
from pakan.channels.console.bench.place import NAME, own_database
from pakan.channels.console.bench.visitor import visitor
from pakan.channels.console.country.accounts import ACCOUNTS, PREPARER, refuse_in_production
from pakan.channels.console.country.firms import SHOP, firms
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.access.models import Account, SignIn
from pakan.registers.people.models import Employer
from pakan.units.month import Month

SCALE = 0.02
SIZES = (12, 1_000, 100_000)
LARGE = 1_000_000
MEMBERS, SOME_MEMBERS = 400_000, 2_000
# The pages' own styles need no collected files here, and no page is slower or quicker for it.
PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


class Command(BaseCommand):
    help = "Measure speed and memory in a database of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--large", action="store_true", help="a month of a million workers too (some minutes)"
        )
        parser.add_argument("--quick", action="store_true", help="small sizes: to see that everything runs")
        parser.add_argument(
            "--members",
            type=int,
            help="with 24 months each, behind the member pages that are driven; 400,000 with --only member, else 2,000",
        )
        parser.add_argument("--rate", type=float, default=200, help="member pages asked for in a second")
        parser.add_argument("--no-phone", action="store_true", help="without the pages in Chromium")
        parser.add_argument("--rush", action="store_true", help="all members begin within the first seconds")
        parser.add_argument("--seconds", type=float, default=20, help="how long they are asked for")
        parser.add_argument(
            "--filings", type=int, default=300, help="employers that file on the last evening"
        )
        parser.add_argument("--filing-rate", type=float, default=300, help="of them in a minute")
        parser.add_argument("--web", type=int, default=2, help="processes of the web server")
        parser.add_argument("--threads", type=int, default=2, help="of each of them")
        parser.add_argument("--only", choices=["member", "evening"], help="one part only")
        parser.add_argument(
            "--keep", action="store_true", help="leave the database to the next run with --keep"
        )
        parser.add_argument("--database", default=NAME, help="made before, dropped after")
        parser.add_argument("--out", type=Path, default=settings.ROOT / ".run" / "bench.json")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_in_production()
        if connection.in_atomic_block:
            raise CommandError("a bench inside a transaction would measure that transaction")
        logging.disable(logging.WARNING)
        try:
            with (
                own_database(options["database"], options["keep"]) as address,
                override_settings(STORAGES=PLAIN_FILES),
            ):
                found = self._measure(address, options)
        finally:
            logging.disable(logging.NOTSET)
        options["out"].parent.mkdir(parents=True, exist_ok=True)
        options["out"].write_text(json.dumps(found, indent=1))
        self.stdout.write(f"\nWritten to {options['out']}")

    def _measure(self, address: str, options: dict[str, Any]) -> dict[str, Any]:
        quick, at = options["quick"], timezone.now()
        month = Month.of(at.astimezone(VIENTIANE).date()) - 1
        if options["only"] == "member":
            return {
                "measured_at": at.isoformat(timespec="seconds"),
                "member": self._member(month, at, address, options),
            }
        if options["only"] == "evening":
            return {
                "measured_at": at.isoformat(timespec="seconds"),
                "evening": self._evening(month, at, address, options),
            }
        self.stdout.write("Loading a small country …")
        samples = options["out"].parent / "bench-samples"
        call_command("country", scale=SCALE, samples=samples, stdout=self.stdout)
        preparer = visitor(ACCOUNTS[PREPARER])
        return {
            "measured_at": at.isoformat(timespec="seconds"),
            "uploads": self._uploads(preparer, month, at, quick),
            "receipt": self._receipt(month, at, address),
            "pages": self._pages(preparer, month),
            "decade": self._decade(preparer, month, at, quick),
            "member": self._member(month, at, address, options),
            "evening": self._evening(month, at, address, options),
            "lines": self._lines((12, 50) if quick else (*SIZES, *([LARGE] if options["large"] else []))),
        }

    def _member(self, month: Month, at: datetime, address: str, options: dict[str, Any]) -> dict[str, Any]:
        """The member's pages with many members behind them: server time at a fixed rate, weight, and slow lines."""
        count = options["members"] or (MEMBERS if options["only"] == "member" else SOME_MEMBERS)
        count = 200 if options["quick"] else count
        self.stdout.write(f"\nLoading {count:,} members with {load.MONTHS} months …")
        began = time.perf_counter()
        rows = load.members(count, month, at, self.stdout.write)
        self.stdout.write(f"{rows:,} lines in {time.perf_counter() - began:.0f} s")
        sessions = load.sessions(min(200, count))
        wanted = phones.stops(sessions, load.employer_month(month, at))
        seconds = 2.0 if options["quick"] else options["seconds"]
        rate = 20.0 if options["quick"] else options["rate"]
        with serve.site(address, options["web"], options["threads"]) as site:
            # Warm, and every session met once: its first page writes when it was last seen, as it does once in a while.
            # In a rush that falls into the time that is measured, for all of them within the first seconds.
            warm = sessions[:1] if options["rush"] else sessions
            serve.driven(site, *((20.0, 3.0) if options["quick"] else (100.0, 9.0)), warm)
            if options["rush"]:
                SignIn.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
            drive = serve.driven(site, rate, seconds, sessions)
            self._say_drive(drive, rate)
            weights = [] if options["no_phone"] else phones.measured(site.url, wanted, self.stdout.write)
        return {"members": count, "rate": rate, **asdict(drive), "phone": weights}

    def _say_drive(self, drive: serve.Drive, rate: float) -> None:
        self.stdout.write(
            f"\n{f'ms at {rate:g}/s':<20}{'server':>8}{'p95':>8}{'p99':>8}{'its work':>10}{'waited':>9}{'p95':>8}{'p99':>8}"
        )
        for one in drive.took:
            self.stdout.write(
                f"{one.page:<20}{one.middle:>8.1f}{one.twentieth:>8.1f}{one.hundredth:>8.1f}{one.cpu:>10.1f}"
                f"{one.waited_middle:>9.1f}{one.waited_twentieth:>8.1f}{one.waited_hundredth:>8.1f}"
            )
        self.stdout.write(
            f"processor a page: web {drive.web:.1f} ms, database {drive.database:.1f} ms, driver {drive.driver:.2f} ms;"
            f" others kept {drive.others:.2f} processors busy; lost {len(drive.lost)} {drive.lost[:3] or ''}"
        )

    def _evening(self, month: Month, at: datetime, address: str, options: dict[str, Any]) -> dict[str, Any]:
        """The last evening: filings at a fixed rate, receipts, and what `prove` says afterwards."""
        filings = 5 if options["quick"] else options["filings"]
        return asdict(
            evening.measured(address, month, at, filings, options["filing_rate"], self.stdout.write)
        )

    def _uploads(self, preparer: Client, month: Month, at: datetime, quick: bool) -> dict[str, Any]:
        # The large file first: the peak is that of the largest child so far.
        read = uploads.in_the_child(500 if quick else 50_000)
        self.stdout.write(
            f"\n{read.rows} rows read in the child: {read.seconds:.2f} s, peak {read.peak_mib} MiB (limit 512)"
        )
        done = uploads.to_check_page(preparer, 200 if quick else 10_000, month, at)
        self.stdout.write(
            f"{done.rows} rows from upload to check page: {done.seconds:.2f} s"
            f" (upload {done.upload:.2f}, page {done.page:.2f}; {done.problems} rows to mend)"
        )
        return {"child": asdict(read), "check_page": asdict(done) | {"seconds": done.seconds}}

    def _receipt(self, month: Month, at: datetime, address: str) -> dict[str, Any]:
        shop = Employer.objects.get(code=firms(SCALE)[SHOP].code)
        waited = latency.measured(shop, month, at, address)
        self.stdout.write(
            f"Notice to receipt: {waited.middle * 1000:.0f} ms, longest {waited.longest * 1000:.0f} ms"
        )
        return asdict(waited)

    def _pages(self, preparer: Client, month: Month) -> dict[str, int]:
        counts = pages.counts(preparer, Employer.objects.get(code=uploads.CODE), month - 1)
        self.stdout.write(f"\nQueries of pages (at most {pages.MOST} wanted)")
        for page, count in counts.items():
            self.stdout.write(f"  {page:<28}{count:>4}{'  !' if count > pages.MOST else ''}")
        return counts

    def _decade(self, preparer: Client, month: Month, at: datetime, quick: bool) -> dict[str, Any]:
        months = 12 if quick else decade.MONTHS
        account = Account.objects.get(sign_in=ACCOUNTS[PREPARER].sign_in)
        employer = decade.load(account, month, months, at)
        took = decade.measured(preparer, employer, months)
        self.stdout.write(
            f"Statement page of {months} months: {took.middle:.0f} ms, longest {took.longest:.0f} ms ({took.queries} queries)"
        )
        return asdict(took)

    def _lines(self, sizes: tuple[int, ...]) -> list[dict[str, Any]]:
        floors.make_tables()
        self.stdout.write(
            f"\n{'workers':>9}{'declare':>10}{'credit':>10}{'together':>10}{'lines/s':>10}{'queries':>9}"
            f"{'by hand/s':>11}{'COPY/s':>10}{'of hand':>9}{'of COPY':>9}"
        )
        found = []
        for place, size in enumerate(sizes, 1):
            one = lines.measured(size, place)
            self.stdout.write(
                f"{size:>9,}{_ms(one.declare)}{_ms(one.credit)}{_ms(one.seconds)}{one.lines_a_second:>10,}{one.queries:>9}"
                f"{size / one.hand_floor:>11,.0f}{size / one.copy_floor:>10,.0f}"
                f"{one.hand_floor / one.seconds:>9.0%}{one.copy_floor / one.seconds:>9.0%}"
            )
            found.append(asdict(one) | {"lines_a_second": one.lines_a_second})
        return found


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:>7,.0f} ms"
