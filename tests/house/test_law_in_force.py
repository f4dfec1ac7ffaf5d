"""Nobody prices with the program's own texts alone: a decree that was approved must reach every page and every verb."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "pakan"
# The invented country and the bench live in a world without decrees.
APART = (ROOT / "channels" / "console",)
# How many arguments each takes at least when it is told which law, or which holidays and due days, to use.
TOLD = {
    "rates_for": 3,
    "explain": 4,
    "explained": 4,
    "due_date": 3,
    "explain_due_date": 3,
    "reminder_date": 2,
    "terms_for": 9,
}


def bare(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    of_law = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pakan.law.")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TOLD:
            arguments = len(node.args) + len(node.keywords)
            if node.func.id in of_law and arguments < TOLD[node.func.id]:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.func.id}"


def test_every_price_and_due_date_is_told_which_law() -> None:
    files = [path for room in ("operations", "channels") for path in sorted((ROOT / room).rglob("*.py"))]
    seen = [path for path in files if not any(apart in path.parents for apart in APART)]
    assert len(seen) > 60
    assert [found for path in seen for found in bare(path)] == []


def test_a_bare_call_would_be_found() -> None:
    file = ROOT / "channels" / "console" / "country" / "history.py"
    assert [found.split()[-1] for found in bare(file)] == ["due_date"]
