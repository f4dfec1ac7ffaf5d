"""The project's own Python packages in .venv, exactly those of the lock files, with their hashes."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ops.place import PYTHON, ROOT, Refused, say, step

VENV = ROOT / ".venv"
MISSING = """Python's pip is not on this machine, so packages cannot be fetched. Install one of these first:
  Debian, Ubuntu   apt-get install python3-venv
  Fedora           dnf install python3-pip
  anywhere         uv (found when it is on PATH)"""


def ensure(lock: str) -> None:
    """Make .venv hold the packages of `lock`; at once when it does already."""
    if not _works():
        with step("Making .venv"):
            _make()
    stamp, value = VENV / f"{lock}.stamp", _value(lock)
    if stamp.exists() and stamp.read_text() == value:
        return
    say("Fetching packages (about 115 MB the first time, more for the tests)")
    with step(f"Installing {lock}"):
        _install(ROOT / lock)
    stamp.write_text(value)


def _value(lock: str) -> str:
    """What the stamp must say: these hashes, for this Python."""
    content = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    return f"{content} {sys.version_info.major}.{sys.version_info.minor}"


def _works() -> bool:
    """Whether .venv has a Python that starts and is of the same line as ours: after an upgrade it may not."""
    if not PYTHON.exists():
        return False
    wanted = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (VENV / "lib" / f"python{wanted}").is_dir()


def _make() -> None:
    if VENV.exists():
        shutil.rmtree(VENV)
    uv = shutil.which("uv")
    if uv and _quiet([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)]):
        return
    if _quiet([sys.executable, "-m", "venv", str(VENV)]):
        return
    # Debian without python3-venv lacks ensurepip: a bare .venv still works with the system's pip.
    shutil.rmtree(VENV, ignore_errors=True)
    if not _quiet([sys.executable, "-m", "venv", "--without-pip", str(VENV)]):
        raise Refused(f"Python cannot make a virtual environment in {ROOT}.\n{MISSING}")


def _install(lock: Path) -> None:
    """uv when there is one; else the pip inside .venv; else the system's pip, told to work on .venv."""
    common = ["install", "--quiet", "--require-hashes", "--no-deps", "-r", str(lock)]
    uv = shutil.which("uv")
    if uv and _quiet([uv, "pip", *common, "--python", str(PYTHON)]):
        return
    # Compiled when first imported: compiling all of it now takes longer than the download.
    common.insert(1, "--no-compile")
    pip = ["--disable-pip-version-check", "--no-input"]
    if _quiet([str(PYTHON), "-m", "pip", "--version"]):
        command = [str(PYTHON), "-m", "pip", *pip, *common]
    elif _quiet([sys.executable, "-m", "pip", "--version"]):
        command = [sys.executable, "-m", "pip", "--python", str(PYTHON), *pip, *common]
    else:
        raise Refused(MISSING)
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"pip could not install {lock.name}:\n{done.stderr.strip()[-3000:]}")


def _quiet(command: list[str]) -> bool:
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, check=False)
    return done.returncode == 0


def _environment() -> dict[str, str]:
    """Without settings of another virtual environment, which would send the packages there."""
    unwanted = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")
    return {name: value for name, value in os.environ.items() if name not in unwanted}
