"""A wage file looked at without a register: on the page for everybody and at the command line (C77)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pakan.integrations.formats.wagefile.refusal import FileRefused
from pakan.law.contributions.rule import rates_for
from pakan.operations.precheck import WORDS, Prechecked, precheck, sample
from pakan.units.month import Month

ROOT = Path(__file__).resolve().parents[2]
RATES = rates_for("enterprise", Month(2026, 10))
HEADER = "ລະຫັດປະກັນສັງຄົມ,ຊື່ ແລະ ນາມສະກຸນ,ເງິນເດືອນ"
GOOD = "0100000011,ນາງ ຕົວຢ່າງ,3000000"


def look(*rows: str) -> Prechecked:
    return precheck("wages.csv", "\n".join([HEADER, *rows]).encode(), RATES)


def codes(found: Prechecked) -> list[tuple[int, str]]:
    return [(one.row, one.code) for one in found.findings]


def test_a_file_in_order_has_its_sums_by_the_law() -> None:
    found = look(GOOD, "0100000020,ທ້າວ ຕົວຢ່າງ,4.000.000")
    assert codes(found) == []
    assert (found.workers, found.wages, found.insured) == (2, 7_000_000, 7_000_000)
    assert (found.employer_share, found.worker_share) == (420_000, 385_000)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("0100000012,ນາງ ຕົວຢ່າງ,3000000", "number_check"),
        ("01-0000!,ນາງ ຕົວຢ່າງ,3000000", "number_form"),
        ("0100000020,ນາງ ຕົວຢ່າງ,", "wage_empty"),
        ("0100000020,ນາງ ຕົວຢ່າງ,ສາມລ້ານ", "wage_not_kip"),
        ("0100000020,ນາງ ຕົວຢ່າງ,#REF!", "cell_error"),
        ("0100000020,ນາງ ຕົວຢ່າງ,2000000", "under_floor"),
        ("0100000020,ນາງ ຕົວຢ່າງ,600000", "under_half_floor"),
        ("0100000020,ນາງ ຕົວຢ່າງ,9000000", "over_ceiling"),
    ],
)
def test_each_fault_is_named_with_its_row(row: str, code: str) -> None:
    assert codes(look(GOOD, row)) == [(3, code)]


def test_an_older_number_has_no_check_digit() -> None:
    assert codes(look("SS12345,ນາງ ຕົວຢ່າງ,3000000")) == []


def test_every_problem_is_told_at_once() -> None:
    found = look(GOOD, GOOD, "0100000012,ນາງ ຕົວຢ່າງ,x")
    assert codes(found) == [(2, "twice"), (3, "twice"), (4, "number_check"), (4, "wage_not_kip")]
    assert found.errors == 3


def test_a_total_that_is_not_the_sum_is_told() -> None:
    assert (0, "total") in codes(look(GOOD, ",ລວມທັງໝົດ,4000000"))


def test_what_is_no_wage_file_is_refused_with_what_to_do() -> None:
    for content in (b"\x89PNG", "ລະຫັດປະກັນສັງຄົມ,ຊື່\n0100000011,ນາງ ຕົວຢ່າງ\n".encode()):
        with pytest.raises(FileRefused):
            precheck("wages.csv", content, RATES)


def test_our_sample_is_in_order_but_for_one_wage_above_the_ceiling() -> None:
    found = precheck("sample.xlsx", sample("lo"), RATES)
    assert [one.code for one in found.findings] == ["over_ceiling"]
    assert found.workers == 3


def test_every_word_stands_in_both_languages() -> None:
    assert all(lo and en and lo != en for lo, en in WORDS.values())


@pytest.mark.parametrize(("wage", "exit_code"), [("3000000", 0), ("x", 1)])
def test_the_command_says_the_same(tmp_path: Path, wage: str, exit_code: int) -> None:
    file = tmp_path / "wages.csv"
    file.write_text(f"{HEADER}\n0100000011,ນາງ ຕົວຢ່າງ,{wage}\n", encoding="utf-8")
    command = [
        sys.executable,
        str(ROOT / "packages/pakan-law/pakan_wages.py"),
        str(file),
        "--month",
        "2026-10",
        "--json",
    ]
    alone = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PATH": "/usr/bin:/bin"}
    told = subprocess.run(command, capture_output=True, text=True, check=False, env=alone)
    assert told.returncode == exit_code, told.stderr
    assert [one["code"] for one in json.loads(told.stdout)["findings"]] == ["wage_not_kip"][:exit_code]


def test_the_command_refuses_what_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "wages.xlsx"
    file.write_bytes(b"hello")
    command = [
        sys.executable,
        str(ROOT / "packages/pakan-law/pakan_wages.py"),
        str(file),
        "--month",
        "2026-10",
    ]
    told = subprocess.run(
        command, capture_output=True, check=False, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    )
    assert told.returncode == 2 and told.stderr
