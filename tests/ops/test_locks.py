"""Lock files name packages and hashes, and nothing about the machine they were made on."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ADDRESS = re.compile(
    r"https?:|file:|find-links|index-url|trusted-host|(?:^|[\s@=])/|\.\.?/|\bgit\+", re.IGNORECASE
)


def lines_of(lock: str) -> list[str]:
    return [line.split("#")[0].rstrip() for line in (ROOT / lock).read_text().splitlines()]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_names_no_address_and_no_path(lock: str) -> None:
    assert [line for line in lines_of(lock) if ADDRESS.search(line)] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_package_of_a_lock_has_one_version_and_a_hash(lock: str) -> None:
    whole = "\n".join(lines_of(lock)).replace("\\\n", " ")
    packages = [line for line in whole.splitlines() if line.strip()]
    assert packages
    assert [line for line in packages if not re.match(r"^[a-z0-9._-]+==\S+.* --hash=sha256:", line)] == []


def test_the_tests_run_with_the_versions_that_people_get() -> None:
    ours, tests = (
        {line.split("==")[0]: line.split()[0] for line in lines_of(lock) if "==" in line}
        for lock in ("requirements.lock", "requirements-test.lock")
    )
    assert {name: tests.get(name) for name in ours} == ours


@pytest.mark.parametrize(
    "line", ["a @ file:///x", "--find-links /x", "a==1 --hash=x https://y", "./x", "-e /x"]
)
def test_an_address_would_be_seen(line: str) -> None:
    assert ADDRESS.search(line)
