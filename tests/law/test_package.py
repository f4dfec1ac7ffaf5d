"""The law alone: its command, its vectors, and its own distribution in a fresh environment without Django."""

import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pakan.law import cli, vectors
from pakan.law.histories import all_values, histories

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "packages" / "pakan-law"
LAW_34 = ": Law 34/NA (2013); kept by Law 54/NA (2018) · "
SITUATION = """
on = 2026-10-05
[person]
born = 1990-05-01
sex = "f"
months = [{ from = "2025-10", to = "2026-09", wage = 4_000_000 }]
[given]
leave_days = 105
"""


@pytest.fixture
def situation(tmp_path: Path) -> Path:
    path = tmp_path / "situation.toml"
    path.write_text(SITUATION, encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_contribution_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "contribution", "--scheme", "enterprise", "--wage", "3333333", "--month", "2026-03"
    )
    assert (code, out) == (0, "insured=3333333 employer=200000 worker=183333 total=383333\n")


@pytest.mark.parametrize(
    ("language", "share", "cites"),
    [
        ("lo", "ສ່ວນຂອງຜູ້ອອກແຮງງານ: 3.333.333 × 5,5 % = 183.333 ກີບ.", f"ອີງຕາມ{LAW_34}ມາດຕາ 55-56"),
        ("en", "Worker's share: 3,333,333 × 5.5 % = 183,333 kip.", f"Source{LAW_34}article 55-56"),
    ],
)  # fmt: skip
def test_a_contribution_explains_itself(
    capsys: pytest.CaptureFixture[str], language: str, share: str, cites: str
) -> None:
    wage = ("contribution", "--wage", "3.333.333", "--month", "2026-03", "--explain", "--language", language)
    code, out, _ = run(capsys, *wage)
    assert code == 0
    assert share in out
    assert cites in out


def test_a_contribution_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "contribution", "--wage", "10000000", "--month", "2026-03", "--json")
    told = json.loads(out)
    assert (told["insured"], told["total"], len(told["steps"])) == (4_500_000, 517_500, 5)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("contribution", "--wage", "-5", "--month", "2026-03"), "wage: must be whole kip, 0 or more"),
        (
            ("contribution", "--wage", "5", "--month", "2026-13"),
            "month: must be a month 01 to 12, such as 2026-10",
        ),
        (("contribution", "--wage", "5", "--month", "2001-05"), "month: must not be before 1 June 2001"),
        (
            ("contribution", "--wage", "5", "--month", "2026-03", "--scheme", "private"),
            "scheme: must be one of: enterprise, public, voluntary",
        ),
        (("benefit", "holiday", "x.toml"), "benefit: must be one of: "),
        (("benefit", "maternity", "missing.toml"), "situation: cannot be read: "),
    ],
)
def test_what_cannot_be_is_named(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], problem: str
) -> None:
    code, out, err = run(capsys, *arguments, "--language", "en")
    assert (code, out) == (2, "")
    assert problem in err


def test_a_benefit_in_plain_words_and_as_a_table(capsys: pytest.CaptureFixture[str], situation: Path) -> None:
    code, out, _ = run(capsys, "benefit", "maternity", str(situation), "--explain", "--language", "en")
    assert code == 0
    assert "There is a right to: Childbirth or miscarriage benefit." in out
    assert "3,200,000 × 105 days ÷ 30 = 11,200,000 kip." in out
    assert "A-21" in out
    _, told, _ = run(capsys, "benefit", "maternity", str(situation), "--json")
    assert json.loads(told)["entitled"] is True


def test_a_situation_needs_its_parts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "bare.toml"
    path.write_text("given = 5\n", encoding="utf-8")
    _, _, err = run(capsys, "benefit", "maternity", str(path), "--language", "en")
    assert [line.split(":")[0] for line in err.splitlines()] == ["on", "person", "given"]


def test_every_value_is_listed_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "histories", "benefits.maternity", "contributions.enterprise")
    assert "benefits.maternity.lump_sum  2018-06-27  60 %  [high]" in out
    assert "contributions.enterprise.ceiling  2017-01-01  4500000  [high]" in out
    assert "surcharges" not in out
    _, told, _ = run(capsys, "histories", "--json")
    assert len(json.loads(told)) == len(list(all_values())) > 200


def test_every_history_in_the_tree_is_listed() -> None:
    law = ROOT / "pakan" / "law"
    files = [path for path in law.rglob("*.toml") if "[[since]]" in path.read_text("utf-8")]
    assert len(files) == len(histories())


def test_the_vectors_are_those_that_the_law_gives() -> None:
    folder = ROOT / "docs" / "reference"
    for name, text in vectors.written().items():
        assert (folder / name).read_text(encoding="utf-8") == text, (
            f"run: pakan-law vectors --into {folder.name}"
        )


def test_the_vectors_keep_to_their_schema(tmp_path: Path) -> None:
    path, schema = vectors.write(tmp_path / "new")
    told, rules = json.loads(path.read_text("utf-8")), json.loads(schema.read_text("utf-8"))
    assert list(wrong(told, rules, "")) == []
    broken = json.loads(path.read_text("utf-8"))
    broken["contributions"][0]["wage"] = -1
    broken["contributions"][1]["scheme"] = "private"
    broken["benefits"][0]["on"] = "today"
    del broken["due_dates"][0]["due"]
    assert len(list(wrong(broken, rules, ""))) == 4


KINDS = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}


def wrong(value: Any, rule: dict[str, Any], where: str) -> Any:
    """The part of JSON Schema that the vectors use."""
    kinds = [rule["type"]] if isinstance(rule.get("type"), str) else rule.get("type", [])
    if kinds and not any(isinstance(value, KINDS[kind]) for kind in kinds):
        yield f"{where}: not {kinds}"
        return
    if ("enum" in rule and value not in rule["enum"]) or ("minimum" in rule and value < rule["minimum"]):
        yield f"{where}: {value!r}"
    if "pattern" in rule and not re.search(rule["pattern"], value):
        yield f"{where}: {value!r}"
    if isinstance(value, dict):
        yield from (f"{where}.{name} missing" for name in rule.get("required", []) if name not in value)
        known = rule.get("properties", {})
        if rule.get("additionalProperties") is False:
            yield from (f"{where}.{name} unknown" for name in value if name not in known)
        for name, part in value.items():
            yield from wrong(part, known.get(name, {}), f"{where}.{name}")
    if isinstance(value, list):
        for place, part in enumerate(value):
            yield from wrong(part, rule.get("items", {}), f"{where}[{place}]")


def test_the_law_installs_and_runs_alone(tmp_path: Path, situation: Path) -> None:
    """Built from this tree, in an environment that has numpy and nothing else of ours: no Django, no database."""
    wheels = tmp_path / "wheels"
    offline = ("--no-deps", "--no-index", "--disable-pip-version-check", "--quiet")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        *offline,
        "--no-build-isolation",
        "-w",
        str(wheels),
        str(PACKAGE),
    ]
    subprocess.run(build, check=True, capture_output=True, cwd=tmp_path)
    (wheel,) = wheels.iterdir()
    home = tmp_path / "fresh"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", *offline, str(wheel)]
    subprocess.run(install, check=True, capture_output=True, cwd=tmp_path)
    lend_numpy(home)
    alone = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}

    def said(*command: str) -> str:
        return subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=tmp_path, env=alone
        ).stdout

    law = str(home / "bin" / "pakan-law")
    line = said(law, "contribution", "--scheme", "enterprise", "--wage", "3333333", "--month", "2026-03")
    assert line == "insured=3333333 employer=200000 worker=183333 total=383333\n"
    assert "2.400.000" in said(law, "benefit", "maternity", str(situation), "--explain")
    assert said(law, "vectors") == (ROOT / "docs" / "reference" / vectors.FILES[0]).read_text("utf-8")
    loaded = "import sys, pakan.law.cli as c, pakan.law.benefits as b; [b.named(n) for n in b.all_names()]; print(c.__file__)"
    loaded += "; print(sorted({name.split('.')[0] for name in sys.modules} & {'django', 'psycopg', 'lxml'}))"
    where, others = said(str(python), "-c", loaded).splitlines()
    assert Path(where).is_relative_to(home)
    assert others == "[]"
    missing = subprocess.run(
        [str(python), "-c", "import django"], capture_output=True, check=False, cwd=tmp_path, env=alone
    )
    assert missing.returncode != 0


def lend_numpy(home: Path) -> None:
    """The only dependency, lent from here, so that nothing has to be fetched."""
    installed = Path(np.__file__).parent
    (packages,) = (home / "lib").glob("python*/site-packages")
    for folder in (installed, *installed.parent.glob("numpy.libs")):
        (packages / folder.name).symlink_to(folder)


def test_the_source_archive_builds_the_same_wheel(tmp_path: Path) -> None:
    script = "import backend, sys; print(backend.build_sdist(sys.argv[1])); print(backend.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=PACKAGE, check=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    archive, wheel = done.stdout.split()
    again = tmp_path / "again"
    again.mkdir()
    subprocess.run(["tar", "-xzf", str(tmp_path / archive), "-C", str(tmp_path)], check=True)
    unpacked = tmp_path / archive.removesuffix(".tar.gz")
    subprocess.run([sys.executable, "-c", script, str(again)], cwd=unpacked, check=True, capture_output=True)
    assert (again / wheel).read_bytes() == (tmp_path / wheel).read_bytes()
