"""A wage file of ten thousand rows from upload to the complete check page, and one of fifty thousand in the child."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pakan.channels.console.bench.visitor import Refused
from pakan.channels.console.country.accounts import ACCOUNTS, PREPARER
from pakan.channels.console.country.careers import Crew, crew
from pakan.channels.console.country.firms import Firm
from pakan.channels.console.country.history import Unit, found, settle_down
from pakan.operations import collect, declare, enrol
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.queries import actor_of
from pakan.registers.access.roles import Role
from pakan.registers.contributions.queries import open_sheet
from pakan.units.month import Month

CODE = "0199999"


@dataclass
class Uploaded:
    """Seconds on the server: the upload's answer (read, matched, priced, written), and the page after it."""

    rows: int
    upload: float
    page: float
    problems: int

    @property
    def seconds(self) -> float:
        return self.upload + self.page


def to_check_page(client: Client, rows: int, month: Month, at: datetime) -> Uploaded:
    """`client` is the preparer, signed in. Measured is the second upload of a layout, whose columns are remembered, as
    in every month but the first."""
    unit = _employer(rows, month, at)
    content = wage_file(unit.crew, rows)
    _send(client, unit, month, content, "first")
    sheet = open_sheet(unit.employer, month)
    if sheet is None:
        raise Refused("the upload made no sheet")
    if sheet.state == "read":
        account = Account.objects.get(sign_in=ACCOUNTS[PREPARER].sign_in)
        preparer = actor_of(account, at, "employer", "-", "lo")
        declare.confirm_columns(preparer, sheet, {"number": "B", "name": "C", "wage": "D"})
    began = time.perf_counter()
    _send(client, unit, month, content, "second")
    uploaded = time.perf_counter()
    page = client.get(reverse("employer:check", args=[unit.employer.code, month]))
    shown = time.perf_counter()
    if page.status_code != 200:
        raise Refused(f"the check page answered {page.status_code}")
    sheet = open_sheet(unit.employer, month)
    problems = sheet.summary["errors"] if sheet else -1
    return Uploaded(rows, uploaded - began, shown - uploaded, problems)


def _employer(rows: int, month: Month, at: datetime) -> Unit:
    firm = Firm(CODE, "ຫົວໜ່ວຍວັດແທກ", "Bench upload", "0101", rows, (2_500_000, 3_300_000), 80, 0)
    unit = Unit(0, firm, crew(firm, month - 1, 1), found(firm, month - 1, at))
    settle_down(unit, month - 1, at)
    preparer = Account.objects.get(sign_in=ACCOUNTS[PREPARER].sign_in)
    enrol.mandate(Actor.system(at, "bench"), unit.employer, preparer, Role.EMPLOYER_PREPARER)
    wages = unit.crew.wages(0, unit.crew.at_work(0))
    declare.declare_wages(Actor.system(at, "bench"), unit.employer, month - 1, unit.crew.ids, wages)
    collect.ask(Actor.system(at, "bench"), unit.employer, [month - 1])
    return unit


def _send(client: Client, unit: Unit, month: Month, content: bytes, key: str) -> None:
    file = SimpleUploadedFile("wages.xlsx", content)
    answer = client.post(
        reverse("employer:month", args=[unit.employer.code, month]), {"key": f"bench {key}", "file": file}
    )
    if answer.status_code != 302:
        raise Refused(f"the upload answered {answer.status_code}")


def wage_file(people: Crew | None, rows: int) -> bytes:
    """An own layout; one row in a hundred has the letter O in its wage."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "constant_memory": False})
    sheet = book.add_worksheet("Payroll")
    sheet.write(0, 0, "Payroll")
    sheet.write_row(2, 0, ["No.", "SSN", "Full name", "Gross salary", "Remark"])
    for row in range(rows):
        number = people.numbers[row] if people else f"{row:010d}"
        person = people.people[row] if people else {"given_name": "ບຸນມີ", "family_name": "ວົງສາ"}
        wage = "26O0000" if row % 100 == 50 else 2_500_000 + row % 80 * 10_000
        sheet.write_row(
            row + 3, 0, [row + 1, number, f"{person['given_name']} {person['family_name']}", wage, ""]
        )
    book.close()
    return buffer.getvalue()


@dataclass
class Read:
    rows: int
    seconds: float
    peak_mib: int  # of the child's memory; its address space is limited to 512 MiB besides


def in_the_child(rows: int) -> Read:
    content = wage_file(None, rows)
    with _watching() as peaks:
        began = time.perf_counter()
        declare.read_file("wages.xlsx", content)
        seconds = time.perf_counter() - began
    return Read(rows, seconds, max(peaks, default=0) // 1024)


@contextmanager
def _watching() -> Iterator[list[int]]:
    """Peaks (KiB) of this process's children, looked at often: what the system keeps after their end counts ours in."""
    peaks: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            peaks.extend(_peaks_now())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peaks
    finally:
        over.set()
        watcher.join()


def _peaks_now() -> Iterator[int]:
    for task in Path("/proc/self/task").glob("*/children"):
        for child in task.read_text().split():
            try:
                status = Path(f"/proc/{child}/status").read_text()
            except OSError:  # it ended meanwhile
                continue
            yield from (int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
