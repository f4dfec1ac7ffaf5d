"""The one door: which ports it takes, what it says to an old Python, what it keeps secret."""

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ops import place, start

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.enable_socket
def test_a_taken_port_is_passed_over_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        assert not start.is_free(number)
        (chosen,) = start.ports(number)
    assert chosen > number
    assert f"Port {number} is taken; using {chosen}" in capsys.readouterr().out


@pytest.mark.enable_socket
def test_two_parts_never_share_a_port() -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number = found.getsockname()[1]
    assert len(set(start.ports(number, number, number))) == 3


def test_the_second_start_in_one_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "RUN", tmp_path)
    monkeypatch.setattr(start, "LOCK", tmp_path / "running")
    with start.only_one():
        assert (tmp_path / "running").read_text() == str(os.getpid())
        with pytest.raises(place.Refused, match="running already"), start.only_one():
            pass
    with start.only_one():
        pass


def test_a_key_is_made_once_and_only_its_owner_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "RUN", tmp_path)
    key = place.secret("bank-key")
    assert len(key) >= 48
    assert place.secret("bank-key") == key
    assert place.secret("telco-key") != key
    assert (tmp_path / "bank-key").stat().st_mode & 0o777 == 0o600


def test_no_key_stands_in_a_command_line() -> None:
    env = {"PAKAN_BANK_KEY": "b-key", "PAKAN_TELCO_KEY": "t-key", "PAKAN_SECRET_KEY": "s-key"}
    env |= {"PAKAN_IDENTITY_KEY": "i-key", "PAKAN_BASE_URL": "http://localhost:1"}
    words = [word for part in start.parts(env, 1, 2, 3, 4, 5, 6, 7, 8) for word in part.argv]
    assert not set(env.values()) & set(words)


def test_an_old_python_can_read_the_door_and_is_told_what_is_needed() -> None:
    door = (ROOT / "run.py").read_text()
    tree = ast.parse(door, feature_version=(3, 7))
    check = next(number for number, node in enumerate(tree.body) if isinstance(node, ast.If))
    assert [type(node) for node in tree.body[:check]] == [ast.Expr, ast.Import]


def test_the_door_needs_nothing_but_the_standard_library() -> None:
    # -I -S: no site-packages, no environment; the project's own folder is added by run.py itself.
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "run.py"), "measure"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "pakan/site" in done.stdout
