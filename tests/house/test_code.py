"""Facts about the code: things that would be easy to do once and hard to find again."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted(path for path in (ROOT / "pakan").rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "pakan").rglob("*.html"))
SCRIPTS = [path for path in sorted((ROOT / "pakan").rglob("*.js")) if "vendor" not in path.parts]
STYLES = sorted((ROOT / "pakan").rglob("*.css"))


def named(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_foreign_keys_run_in_no_circle() -> None:
    """Between registers, that is: a notice may point to its successor."""
    arrows: dict[str, set[str]] = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model is not None:
                target = field.related_model._meta.app_label  # type: ignore[union-attr]
                if target != model._meta.app_label:
                    arrows.setdefault(model._meta.app_label, set()).add(target)

    def reached(start: str, seen: frozenset[str] = frozenset()) -> set[str]:
        return {
            end for step in arrows.get(start, set()) - seen for end in {step} | reached(step, seen | {step})
        }

    assert [label for label in arrows if label in reached(label)] == []


@pytest.mark.parametrize("word", ["mark_safe(", "|safe", "autoescape off", "{% autoescape", "SafeString("])
def test_only_the_kit_marks_text_as_safe(word: str) -> None:
    allowed = ROOT / "pakan" / "channels" / "kit"
    found = [
        path for path in PYTHON + TEMPLATES if word in path.read_text("utf-8") and allowed not in path.parents
    ]
    assert named(found) == []


def test_no_page_has_script_or_style_of_its_own() -> None:
    """The content security policy would refuse it, and the person would see a broken page."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    assert named([path for path in TEMPLATES if inline.search(path.read_text("utf-8"))]) == []


def test_scripts_write_text_not_markup() -> None:
    assert (
        named(
            [
                path
                for path in SCRIPTS
                if re.search(r"innerHTML|insertAdjacentHTML|eval\(", path.read_text("utf-8"))
            ]
        )
        == []
    )


def test_our_own_script_stays_small() -> None:
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in SCRIPTS)
    assert lines < 1500


def test_money_is_never_a_float() -> None:
    rooms = [ROOT / "pakan" / room for room in ("law", "registers", "operations")]
    found = []
    for path in PYTHON:
        if any(room in path.parents for room in rooms):
            calls = [
                node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
            ]
            if any(isinstance(call.func, ast.Name) and call.func.id == "float" for call in calls):
                found.append(path)
    assert named(found) == []


def test_rules_never_ask_what_day_it_is() -> None:
    clock = re.compile(r"\b(date\.today|datetime\.now|timezone\.now|time\.time|utcnow)\(")
    asked = [
        path
        for path in PYTHON
        if ROOT / "pakan" / "law" in path.parents and clock.search(path.read_text("utf-8"))
    ]
    assert named(asked) == []


def test_nothing_is_pickled_evaluated_or_run_by_a_shell() -> None:
    banned = re.compile(r"\bpickle\b|\beval\(|\bexec\(|shell=True|yaml\.load\(|os\.system\(")
    assert named([path for path in PYTHON if banned.search(path.read_text("utf-8"))]) == []


def test_no_line_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert (
        named(
            [path for path in PYTHON + TEMPLATES + SCRIPTS + STYLES if later.search(path.read_text("utf-8"))]
        )
        == []
    )


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path
        for path in PYTHON
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert named(silent) == []


def test_nothing_committed_names_a_machine_or_a_registry_host() -> None:
    words = re.compile(r"pypi\.org|files\.pythonhosted|registry\.npmjs|deb\.debian|/root/|/home/\w+/|/work/")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    endings = {".py", ".md", ".toml", ".lock", ".html", ".css", ".js", ".sh", ".po", ""}
    texts = [ROOT / name for name in listed if Path(name).suffix in endings and ROOT / name != Path(__file__)]
    assert len(texts) > 100
    assert named([path for path in texts if words.search(path.read_text("utf-8"))]) == []
