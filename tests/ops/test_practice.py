"""The practice house at the start: its own database, keys, bank and ports; and none where none is wanted."""

from argparse import Namespace
from pathlib import Path

import pytest

from ops import place, start
from pakan.site import postgres
from pakan.site.practice import practice_from

URL = "postgresql://postgres@/pakan_practice"


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the real house's parts are told."""
    monkeypatch.setattr(place, "RUN", tmp_path)
    for name in ("DATABASE_URL", "PAKAN_PRACTICE_DATABASE_URL", "PAKAN_PRACTICE_URL", "PAKAN_PRACTICE"):
        monkeypatch.delenv(name, raising=False)
    return place.demo_environment("postgresql://postgres@/pakan", practice=8005)


def test_the_real_house_is_told_where_practice_is_or_that_there_is_none(env: dict[str, str]) -> None:
    assert env["PAKAN_PRACTICE_URL"] == "http://localhost:8005"
    assert place.demo_environment("postgresql://postgres@/pakan")["PAKAN_PRACTICE_URL"] == ""


def test_the_houses_have_nothing_in_common_but_the_key_of_the_tickets(env: dict[str, str]) -> None:
    practice = place.practice_environment(env, URL, 8005, 8006)

    for name in ("DATABASE_URL", "PAKAN_SECRET_KEY", "PAKAN_BANK_KEY", "PAKAN_BANK_URL", "PAKAN_BASE_URL"):
        assert practice[name] != env[name], name
    assert practice["PAKAN_PRACTICE_KEY"] == env["PAKAN_PRACTICE_KEY"]
    assert practice["PAKAN_PRACTICE_BACK"] == env["PAKAN_BASE_URL"]
    # Both are taken by the settings.
    assert practice_from(practice, "pakan_practice", (practice["PAKAN_SECRET_KEY"],)).on
    assert not practice_from(env, "pakan", (env["PAKAN_SECRET_KEY"],)).on


def test_its_parts_are_pages_worker_and_a_bank_that_tells_nobody_else(env: dict[str, str]) -> None:
    practice = place.practice_environment(env, URL, 8005, 8006)
    parts = {part.name: part for part in start.practice_parts(practice, 8005, 8006)}

    assert sorted(parts) == ["practice-bank", "practice-web", "practice-worker"]
    assert all(part.env["DATABASE_URL"] == URL for part in parts.values())
    bank = " ".join(parts["practice-bank"].argv)
    assert "http://127.0.0.1:8005/partners/banks/sandbox/notice/" in bank
    assert "sandbox-practice-bank.sqlite" in bank
    words = {word for part in parts.values() for word in part.argv}
    assert not {value for name, value in practice.items() if name.endswith("_KEY")} & words


def test_it_is_left_out_when_asked_to_or_where_it_has_no_database(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert start._has_practice(Namespace(no_practice=False))
    assert not start._has_practice(Namespace(no_practice=True))
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@server/pakan")
    monkeypatch.delenv("PAKAN_PRACTICE_DATABASE_URL", raising=False)
    assert not start._has_practice(Namespace(no_practice=False))
    assert "PAKAN_PRACTICE_DATABASE_URL" in capsys.readouterr().out
    monkeypatch.setenv("PAKAN_PRACTICE_DATABASE_URL", URL)
    assert start._has_practice(Namespace(no_practice=False))


@pytest.mark.enable_socket
def test_its_database_is_a_copy_with_the_tables_and_made_once(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    url = postgres.start(data, tests=True)
    try:
        ask(data, url, "CREATE TABLE brought (number int)")
        assert postgres.add_database(data, "pakan_practice", postgres.DATABASE)
        assert ask(data, postgres.url_of(data, "pakan_practice"), "SELECT count(*) FROM brought") == "0"
        ask(data, url, "INSERT INTO brought VALUES (1)")
        assert not postgres.add_database(data, "pakan_practice", postgres.DATABASE)
        assert ask(data, postgres.url_of(data, "pakan_practice"), "SELECT count(*) FROM brought") == "0"
    finally:
        postgres.stop(data)


def ask(data: Path, url: str, query: str) -> str:
    return postgres._run(data, "psql", url, "-Atc", query).strip()
