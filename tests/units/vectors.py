"""The worked examples of the domain: id, area, input, expected, basis, confidence."""

import csv
from pathlib import Path


def vectors(letter: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / "vectors.csv").open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["id"].startswith(f"{letter}-")]
    assert found, f"no example {letter}-*"
    return found
