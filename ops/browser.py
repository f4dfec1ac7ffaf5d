"""A Chromium for the journeys: the one that is there, or on Debian as root the one of apt."""

import os
import shutil
import subprocess
from pathlib import Path

from ops.place import say, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find() -> str | None:
    """The path of a browser, or None when none can be had; PAKAN_CHROMIUM comes first."""
    return present() or (_by_apt() if _is_debian_root() else None)


def present() -> str | None:
    given = os.environ.get("PAKAN_CHROMIUM")
    if given:
        return given
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    if MAC.exists():
        return str(MAC)
    return _playwrights()


def _playwrights() -> str | None:
    """A browser that somebody fetched with playwright itself."""
    home = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    fetched = sorted(Path(home).glob("chromium-*/chrome-linux*/chrome"))
    return str(fetched[-1]) if fetched else None


def _is_debian_root() -> bool:
    release = Path("/etc/os-release")
    # Ubuntu's chromium package only fetches a snap, which does not start in a container.
    debian = release.exists() and "\nID=debian" in "\n" + release.read_text()
    return os.getuid() == 0 and debian and shutil.which("apt-get") is not None


def _by_apt() -> str | None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-noto-core"]
    with step("Installing Chromium and a Lao font with apt-get"):
        for command in (["apt-get", "update", "-q"], install):
            done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        say(done.stderr.strip()[-1000:])
    return shutil.which("chromium")
