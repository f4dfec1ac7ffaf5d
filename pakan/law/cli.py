"""The law at the command line: what is owed, what a benefit comes to, every value, and vectors for payroll vendors.

    pakan-law contribution --scheme enterprise --wage 3333333 --month 2026-03 --explain
    pakan-law benefit maternity situation.toml --explain --language en
    pakan-law histories
    pakan-law vectors --into docs/reference

A situation file tells `on`, [person] and [given], as the cases of the benefits do.
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pakan.law import vectors
from pakan.law.benefits import all_names, named
from pakan.law.contributions.explain import explain
from pakan.law.contributions.rule import SCHEMES
from pakan.law.dated import NoLawYet
from pakan.law.decision import Decision, Language
from pakan.law.histories import all_values
from pakan.law.told import read_insured
from pakan.law.wrong import Problem, WrongSituation
from pakan.units.money import NotKip, read_kip
from pakan.units.month import Month
from pakan.units.words import english_date, lao_date

LEGAL = {"lo": "ອີງຕາມ", "en": "Source"}
ARTICLE = {"lo": "ມາດຕາ", "en": "article"}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when there is an answer, 2 when what was told cannot be: the problems go to standard error."""
    _in_unicode()
    told = _parser().parse_args(arguments)
    try:
        told.run(told)
    except WrongSituation as wrong:
        for field, allowed in wrong.allowed(told.language).items():
            print(f"{field}: {allowed}", file=sys.stderr)
        return 2
    return 0


def _in_unicode() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pakan-law", description="The law on social security of Lao PDR, as code."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--language", choices=("lo", "en"), default="lo")
    common.add_argument("--json", action="store_true", help="the whole answer as JSON")

    contribution = commands.add_parser(
        "contribution", parents=[common], help="what is owed for a month's wage"
    )
    contribution.add_argument("--scheme", default="enterprise", help=", ".join(SCHEMES))
    contribution.add_argument("--wage", required=True, help="kip a month")
    contribution.add_argument("--month", required=True, help="such as 2026-03")
    contribution.add_argument("--explain", action="store_true", help="every step with its source")
    contribution.set_defaults(run=_contribution)

    benefit = commands.add_parser(
        "benefit", parents=[common], help="whether there is a right, and to how much"
    )
    benefit.add_argument("name", help=", ".join(all_names()))
    benefit.add_argument("situation", type=Path, help="a TOML file with on, [person] and [given]")
    benefit.add_argument("--explain", action="store_true", help="every condition and step with its source")
    benefit.set_defaults(run=_benefit)

    histories = commands.add_parser(
        "histories", parents=[common], help="every value, since when, by which text"
    )
    histories.add_argument(
        "names", nargs="*", help="only histories that begin so, such as benefits.maternity"
    )
    histories.set_defaults(run=_histories)

    written = commands.add_parser(
        "vectors", parents=[common], help="test vectors for payroll vendors, as JSON"
    )
    written.add_argument(
        "--into", type=Path, help="a folder for the file and its schema; without it, to the screen"
    )
    written.set_defaults(run=_vectors)
    return parser


def _contribution(told: argparse.Namespace) -> None:
    found: list[Problem] = []
    if told.scheme not in SCHEMES:
        allowed = ", ".join(SCHEMES)
        found.append(Problem("scheme", f"ຕ້ອງແມ່ນໜຶ່ງໃນ: {allowed}", f"must be one of: {allowed}"))
    try:
        wage = read_kip(told.wage)
    except NotKip:
        found.append(Problem("wage", "ຕ້ອງເປັນຈຳນວນກີບເຕັມ ແຕ່ 0 ຂຶ້ນໄປ", "must be whole kip, 0 or more"))
    try:
        month = Month.parse(told.month)
    except ValueError:
        lo, en = "ຕ້ອງເປັນເດືອນ 01 ຫາ 12 ເຊັ່ນ 2026-10", "must be a month 01 to 12, such as 2026-10"
        found.append(Problem("month", lo, en))
    if found:
        raise WrongSituation(found)
    try:
        answer = explain(wage, told.scheme, month)
    except NoLawYet as early:
        day = early.first_day
        lo, en = f"ຕ້ອງບໍ່ກ່ອນ {lao_date(day)}", f"must not be before {english_date(day)}"
        raise WrongSituation([Problem("month", lo, en)]) from early
    owed = {name: int(getattr(answer.due, name)) for name in ("insured", "employer", "worker", "total")}
    if told.json:
        steps = [step.as_dict() for step in answer.steps]
        about = {"scheme": told.scheme, "month": str(month), "wage": int(wage)}
        _print_json(about | owed | {"assumptions": list(answer.assumptions), "steps": steps})
        return
    if not told.explain:
        print(" ".join(f"{name}={value}" for name, value in owed.items()))
        return
    for step in answer.steps:
        print(step.lo if told.language == "lo" else step.en)
        _print_source(step.cite, step.article, step.confidence, step.assumption, told.language)


def _benefit(told: argparse.Namespace) -> None:
    benefit = named(told.name)
    raw = _situation(told.situation)
    decision = benefit.decide(read_insured(raw["person"]), raw.get("given", {}), raw["on"])
    if told.json:
        _print_json(decision.as_dict())
        return
    for sentence in decision.as_sentences(told.language):
        print(sentence)
    if told.explain:
        _print_table(decision, told.language)


def _situation(path: Path) -> Mapping[str, Any]:
    """The file, with its three parts. Raises WrongSituation."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        reason = f"{path}: {wrong}"
        raise WrongSituation(
            [Problem("situation", f"ອ່ານບໍ່ໄດ້: {reason}", f"cannot be read: {reason}")]
        ) from wrong
    found = []
    if not isinstance(raw.get("on"), date) or isinstance(raw["on"], datetime):
        found.append(Problem("on", "ຕ້ອງເປັນວັນທີ ເຊັ່ນ 2026-10-31", "must be a day such as 2026-10-31"))
    for part in ("person", "given"):
        if not isinstance(raw.get(part, {}), Mapping) or (part == "person" and part not in raw):
            found.append(Problem(part, "ຕ້ອງເປັນຕາຕະລາງ", "must be a table"))
    if found:
        raise WrongSituation(found)
    return raw


def _print_table(decision: Decision, language: Language) -> None:
    print()
    for row in decision.as_table(language):
        amount = f" = {row['result']}" if row["part"] == "step" else ""
        print(f"[{row['part']}] {row['text']}{amount if row['result'] not in row['text'] else ''}")
        if row["cite"]:
            _print_source(row["cite"], row["article"], row["confidence"], row["assumption"], language)


def _print_source(cite: str, article: str, confidence: str, assumption: str, language: Language) -> None:
    if cite:
        parts = [cite, f"{ARTICLE[language]} {article}" if article else "", confidence, assumption]
        print(f"    {LEGAL[language]}: {' · '.join(part for part in parts if part)}")


def _histories(told: argparse.Namespace) -> None:
    rows = [row for row in all_values() if not told.names or row.history.startswith(tuple(told.names))]
    if told.json:
        _print_json([row.as_dict() for row in rows])
        return
    for row in rows:
        value = "–" if row.value is None else row.value
        source = asdict(row.source)
        mark = " ".join(part for part in (source["confidence"], source["assumption"]) if part)
        print(f"{row.history}.{row.name}  {row.source.date}  {value}  [{mark}]  {row.source.cite}")


def _vectors(told: argparse.Namespace) -> None:
    if told.into is None:
        print(vectors.written()[vectors.FILES[0]], end="")
        return
    for path in vectors.write(told.into):
        print(path)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    sys.exit(main())
