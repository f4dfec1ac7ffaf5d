"""How long files and functions are, package by package: something to look at, never a failure."""

import ast
from collections.abc import Iterator
from pathlib import Path

from ops.place import ROOT, say

LONG_FUNCTION, LONG_FILE = 35, 600  # lines; beyond these a second look is worth while


def show() -> int:
    say(f"{'package':<36}{'files':>6}{'lines':>8}{'functions':>11}{'median':>8}{f'over {LONG_FUNCTION}':>9}")
    for package in _packages():
        files = [file for file in sorted(package.rglob("*.py")) if "migrations" not in file.parts]
        lengths = sorted(length for file in files for _, length in functions(file))
        lines = sum(_lines(file) for file in files)
        median = lengths[len(lengths) // 2] if lengths else 0
        long = sum(length > LONG_FUNCTION for length in lengths)
        name = str(package.relative_to(ROOT))
        say(f"{name:<36}{len(files):>6}{lines:>8}{len(lengths):>11}{median:>8}{long:>9}")
    _show_long()
    return 0


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Every function of a file with its length in lines."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def _packages() -> list[Path]:
    found: list[Path] = []
    for top in sorted((ROOT / "pakan").iterdir()):
        rooms = [room for room in sorted(top.glob("*/")) if any(room.rglob("*.py"))] if top.is_dir() else []
        found += rooms if top.name in ("registers", "channels", "integrations", "law") and rooms else []
        found += [top] if top.is_dir() and top.name in ("units", "operations", "site") else []
    return [*found, ROOT / "ops", ROOT / "tests"]


def _show_long() -> None:
    for file in sorted([*(ROOT / "pakan").rglob("*.py"), *(ROOT / "ops").rglob("*.py")]):
        if "migrations" in file.parts:
            continue
        where = file.relative_to(ROOT)
        if _lines(file) > LONG_FILE:
            say(f"long file      {_lines(file):>5}  {where}")
        for name, length in functions(file):
            if length > LONG_FUNCTION:
                say(f"long function  {length:>5}  {where} {name}")


def _lines(file: Path) -> int:
    return file.read_text().count("\n")
