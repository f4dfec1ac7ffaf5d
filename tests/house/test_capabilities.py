"""The page of capabilities cannot name what is not there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "capabilities.md").read_text("utf-8")
ROWS = re.findall(r"^\| (C\d+) \|(.*)\|$", PAGE, re.MULTILINE)


def test_every_number_stands_once_and_in_the_catalogue() -> None:
    numbers = [int(number[1:]) for number, _ in ROWS]
    assert len(numbers) > 50 and len(set(numbers)) == len(numbers)
    assert all(1 <= number <= 206 for number in numbers)


def test_every_test_and_file_that_it_names_exists() -> None:
    named = {path for _, row in ROWS for path in re.findall(r"`((?:tests|packages|docs)/[^`]+)`", row)}
    assert sorted(path for path in named if not (ROOT / path).exists()) == []
    inside = {
        path for _, row in ROWS for path in re.findall(r"`((?:operations|registers|law|units)/[^`*]+)`", row)
    }
    assert sorted(path for path in inside if not (ROOT / "pakan" / path).exists()) == []


def test_every_row_names_a_test() -> None:
    assert [number for number, row in ROWS if "`tests/" not in row] == []
