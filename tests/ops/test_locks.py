"""Lock files name packages and hashes, and nothing about the machine they were made on."""

import hashlib
import re
import zipfile
from pathlib import Path

import pytest

from ops import packages, place

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


def wheel(place: Path) -> Path:
    """A package of one line, as a registry would serve it."""
    made = place / "kapok-1.0-py3-none-any.whl"
    about = "kapok-1.0.dist-info"
    with zipfile.ZipFile(made, "w") as out:
        out.writestr("kapok.py", "wool = 1\n")
        out.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: kapok\nVersion: 1.0\n")
        out.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        out.writestr(f"{about}/RECORD", "")
    return made


def test_abuse_A38_a_package_with_another_hash_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The registry serves something else under the same name and version: the build ends, nothing of it is kept."""
    made, home = wheel(tmp_path), tmp_path / "home"
    for name, value in (("NO_INDEX", "1"), ("FIND_LINKS", str(tmp_path)), ("TARGET", str(home))):
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.setattr(packages.shutil, "which", lambda _name: None)
    monkeypatch.setattr(packages, "_environment", lambda: dict(packages.os.environ))
    lock, own = tmp_path / "one.lock", hashlib.sha256(made.read_bytes()).hexdigest()
    lock.write_text(f"kapok==1.0 --hash=sha256:{own}\n")
    packages._install(lock)
    assert (home / "kapok.py").exists()
    with zipfile.ZipFile(made, "a") as poisoned:
        poisoned.writestr("kapok_more.py", "import os\n")
    with pytest.raises(place.Refused, match=r"(?i)hash"):
        packages._install(lock)
    assert not (home / "kapok_more.py").exists()
