"""A wage file at the command line: what the portal would say of it, by the same reader and the same law.

    pakan-wages wages.xlsx --month 2026-10
    pakan-wages wages.csv --month 2026-10 --language lo --json

Exit code 0: in order; 1: something to look at; 2: the file cannot be read, or there was no such law yet.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pakan.integrations.formats.wagefile.refusal import FileRefused
from pakan.law.contributions.rule import rates_for
from pakan.law.dated import NoLawYet
from pakan.operations.precheck import Prechecked, precheck
from pakan.units.month import Month


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at one file and say what was found."""
    told = _parser().parse_args(arguments)
    try:
        rates = rates_for(told.scheme, Month.parse(told.month))
        found = precheck(told.file.name, told.file.read_bytes(), rates)
    except FileRefused as refusal:
        print(refusal.message(told.language), file=sys.stderr)
        return 2
    except (NoLawYet, ValueError, OSError) as fault:
        print(fault, file=sys.stderr)
        return 2
    print(_as_json(found, told.language) if told.json else _as_text(found, told.language))
    return 1 if found.findings else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pakan-wages", description="Check a wage file before it is declared."
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--month", required=True, help="month of the wages, such as 2026-10")
    parser.add_argument("--scheme", default="enterprise", choices=("enterprise", "public"))
    parser.add_argument("--language", default="en", choices=("lo", "en"))
    parser.add_argument("--json", action="store_true")
    return parser


def _as_json(found: Prechecked, language: str) -> str:
    told = asdict(found) | {
        "findings": [
            asdict(one) | {"is_error": one.is_error, "words": one.words(language)} for one in found.findings
        ]
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _as_text(found: Prechecked, language: str) -> str:
    owed = found.employer_share + found.worker_share
    lines = [f"workers={found.workers} wages={found.wages} insured={found.insured} to_pay={owed}"]
    lines += [f"{one.cell or one.row or '-'}: {one.said} {one.words(language)}" for one in found.findings]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
