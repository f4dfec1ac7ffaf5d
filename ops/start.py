"""`python3 run.py`: from a fresh clone to printed addresses; the second time in a few seconds."""

import errno
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops import browser, packages
from ops.place import (
    PYTHON,
    ROOT,
    RUN,
    Refused,
    demo_environment,
    digest,
    environment,
    practice_environment,
    say,
    stamped,
    step,
)
from pakan.site import postgres
from pakan.site.supervisor import Part, Supervisor

DATA = RUN / "postgres"
LOCK = RUN / "running"
READY_SECONDS = 60
FAILS_AGAIN = 4.0  # seconds of pause: reached at the third death of one part
PORTS_TRIED = 200
OTHER_PORTS = (
    8003,
    2775,
    8004,
    8025,
    8007,
)  # the link, the message centre, the mail page, SMTP, State identity
IDENTITIES = RUN / "sandbox-identity-people.json"
PRACTICE_AFTER = (5, 6)  # the practice house and its own sandbox bank, counted from the port of the pages
PRACTICE_DATABASE = "pakan_practice"
WORKER = "procrastinate worker --concurrency {} --shutdown-graceful-timeout 10"


def start(options: Namespace) -> int:
    """Everything, until Ctrl-C; with `--once` only until it answers."""
    began = time.perf_counter()
    supervisor = Supervisor(say)
    with only_one():
        for number in (signal.SIGTERM, signal.SIGHUP):  # until there is something to end in order
            signal.signal(number, signal.default_int_handler)
        # Half a country, left by a load that was cut, would pass for a whole one.
        if options.fresh or stamped(DATA / "pakan.country", "begun"):
            forget()
        packages.ensure("requirements.lock")
        wanted = (options.port, options.bank_port, options.telco_port, *OTHER_PORTS)
        rooms = [options.port + ahead for ahead in PRACTICE_AFTER] if _has_practice(options) else []
        at = ports(*wanted, *rooms)
        at, aside = at[: len(wanted)], at[len(wanted) :]
        try:
            env = demo_environment(database(), *at, practice=aside[0] if aside else 0)
            practice = practice_environment(env, practice_database(), *aside) if aside else {}
            prepare(env, practice)
            IDENTITIES.write_text(
                manage(env, "Reading the invented identity cards", "signins", "--identities")
            )
            supervisor.catch_signals()
            _run_parts(supervisor, env, at, practice, aside)
            if not supervisor.ending.is_set():
                say(f"\n{_addresses(env, practice)}\n\nReady after {time.perf_counter() - began:.1f} s.")
                if not options.once:
                    say("Ctrl-C ends everything; what was written stays for the next start.")
                    supervisor.watch()
        finally:
            supervisor.catch_signals()
            say("Ending …")
            supervisor.end_all()
            end_database()
    return 0


def stop() -> int:
    """End a running `run.py`, wherever it was started."""
    if not LOCK.exists() or _lock_is_free():
        say("nothing is running")
        end_database()
        return 0
    os.kill(int(LOCK.read_text()), signal.SIGTERM)
    for _ in range(300):
        if _lock_is_free():
            say("stopped")
            return 0
        time.sleep(0.1)
    raise Refused(f"process {LOCK.read_text()} does not end; look into {RUN / 'logs'}")


@contextmanager
def only_one() -> Iterator[None]:
    """One run at a time in one folder. The lock falls with the process, even in a crash."""
    RUN.mkdir(exist_ok=True)
    with LOCK.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused("it is running already from this folder; `python3 run.py stop` ends it") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _lock_is_free() -> bool:
    with LOCK.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def forget() -> None:
    """Throw the demo's data away: the database, and what the sandbox partners remember."""
    with step("Deleting the demo's data"):
        postgres.stop(DATA)
        shutil.rmtree(DATA, ignore_errors=True)
        for file in RUN.glob("sandbox-*"):
            file.unlink()


def database() -> str:
    """DATABASE_URL of the person's own server, or of the embedded one, started when it is down."""
    if os.environ.get("DATABASE_URL"):
        return os.environ["DATABASE_URL"]
    title = "Starting PostgreSQL" if DATA.exists() else "Making the database"
    with step(title):
        return postgres.start(DATA)


def _has_practice(options: Namespace) -> bool:
    """Whether the practice house is started too: a database of its own is made on our own server only."""
    if options.no_practice:
        return False
    if os.environ.get("DATABASE_URL") and not os.environ.get("PAKAN_PRACTICE_DATABASE_URL"):
        say("No practice house: set PAKAN_PRACTICE_DATABASE_URL to an empty database of your server for it.")
        return False
    return True


def practice_database() -> str:
    return os.environ.get("PAKAN_PRACTICE_DATABASE_URL") or postgres.url_of(DATA, PRACTICE_DATABASE)


def end_database() -> None:
    if not os.environ.get("DATABASE_URL"):
        postgres.stop(DATA)


def prepare(env: dict[str, str], practice: dict[str, str]) -> None:
    """Words, style sheets, tables, the invented country: each only when it is not as the code wants it.

    The practice house's tables are copied before the country comes in, which takes a second; empty: there is none.
    """
    compile_words(env)
    _collect_static(env)
    bulk = env | {"PAKAN_BULK": "1"}
    # A server of the person's own may change behind our back, so only the embedded one is trusted to a stamp.
    embedded = not os.environ.get("DATABASE_URL")
    migrations = digest([*(ROOT / "pakan").rglob("migrations/*.py"), ROOT / "requirements.lock"])
    if not (embedded and stamped(DATA / "pakan.migrated", migrations)):
        manage(bulk, "Bringing the tables up to date", "migrate", "--verbosity=0")
        if embedded:
            (DATA / "pakan.migrated").write_text(migrations)
    if practice:
        _prepare_practice(practice, migrations)
    country = DATA / "pakan.country"
    if not (embedded and stamped(country, "loaded")):
        if embedded:
            country.write_text("begun")
        manage(bulk, "Loading the small invented country", "country", "--if-empty")
        if embedded:
            country.write_text("loaded")


def _prepare_practice(env: dict[str, str], migrations: str) -> None:
    """The practice house's own database, and in it the tables; no country, since every person there gets a company."""
    done = DATA / "pakan.practice"
    theirs = bool(os.environ.get("PAKAN_PRACTICE_DATABASE_URL"))
    if not theirs:
        if stamped(done, migrations):
            return
        is_empty = not stamped(DATA / "pakan.country", "loaded")
        with step("Making the database for practising"):
            made = postgres.add_database(
                DATA, PRACTICE_DATABASE, postgres.DATABASE if is_empty else "template0"
            )
        if made and is_empty:  # a copy: its tables are as the first database's
            done.write_text(migrations)
            return
    bulk = env | {"PAKAN_BULK": "1"}
    manage(bulk, "Bringing the practice tables up to date", "migrate", "--verbosity=0")
    if not theirs:
        done.write_text(migrations)


def compile_words(env: dict[str, str]) -> None:
    """Catalogues as gettext reads them; the clock is asked first because Babel takes a while to load."""
    for source in (ROOT / "pakan").rglob("locale/lo/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _quietly("Compiling the words", [str(PYTHON), "-m", "ops.words", "compile"], env)
            return


def _collect_static(env: dict[str, str]) -> None:
    files = [file for file in (ROOT / "pakan").rglob("static/**/*") if file.is_file()]
    value = digest([*files, ROOT / "requirements.lock", ROOT / "pakan/site/settings.py"])
    stamp = RUN / "static.stamp"
    if not (ROOT / "static").is_dir() or not stamped(stamp, value):
        manage(
            env,
            "Gathering style sheets and scripts",
            "collectstatic",
            "--noinput",
            "--clear",
            "--verbosity=0",
        )
        stamp.write_text(value)


def manage(env: dict[str, str], title: str, *words: str) -> str:
    """One of Django's commands, with its own output shown only when it fails."""
    return _quietly(title, [str(PYTHON), str(ROOT / "manage.py"), *words], env)


def _quietly(title: str, command: list[str], env: dict[str, str]) -> str:
    with step(title):
        done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Refused(f"{title} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def ports(*wanted: int) -> tuple[int, ...]:
    """The wanted ports, or for a taken one the next that is free, and a word about it."""
    chosen: list[int] = []
    for first in wanted:
        others = {*wanted, *chosen} - {first} | set(chosen)
        free = next((p for p in range(first, first + PORTS_TRIED) if p not in others and is_free(p)), None)
        if free is None:
            raise Refused(f"no free port from {first} to {first + PORTS_TRIED - 1}")
        if free != first:
            say(f"Port {first} is taken; using {free}")
        chosen.append(free)
    return tuple(chosen)


def is_free(port: int) -> bool:
    """Free on both addresses that a browser may take `localhost` for."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as tried:
                # As servers do: a port of a server that ended a moment ago counts as free.
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind((address, port))
        except OSError as error:  # a machine without IPv6 refuses ::1 for another reason
            if family == socket.AF_INET or error.errno == errno.EADDRINUSE:
                return False
    return True


def parts(
    env: dict[str, str], web: int, bank: int, telco: int, link: int, centre: int, mail: int, smtp: int,
    identity: int,
) -> list[Part]:  # fmt: skip
    """The programs of the system, in the order of their start."""
    commands = {
        "web": ["-m", "granian", *_granian(web), "pakan.site.wsgi:application"],
        "worker": ["manage.py", *WORKER.format(4).split()],
        "bank": ["-m", *_partner("bank", "banks", bank, f"--notify={_partners(web)}/banks/sandbox/notice/")],
        "telco": [
            "-m",
            *_partner("telco", "telcos", telco, f"--receipts={_partners(web)}/telcos/sandbox/receipt/"),
            f"--smpp-port={centre}",
        ],
        # The message centre first: the link binds to it.
        "link": [
            "-m", "pakan.integrations.telcos.smpp", f"--port={link}", f"--data={RUN / 'sandbox-link.sqlite'}",
            f"--centre=127.0.0.1:{centre}", f"--receipts={_partners(web)}/telcos/smpp/receipt/",
        ],
        "mail": [
            "-m", "pakan.integrations.mail.sandbox", f"--port={mail}", f"--smtp-port={smtp}",
            f"--data={RUN / 'sandbox-mail.sqlite'}",
        ],
        "identity": [
            "-m", "pakan.integrations.identity.sandbox", f"--port={identity}", f"--people={IDENTITIES}",
            f"--data={RUN / 'sandbox-identity.sqlite'}", f"--redirect={env['PAKAN_BASE_URL']}/member/state/back/",
        ],
    }  # fmt: skip
    return _parts(env, commands)


def practice_parts(env: dict[str, str], web: int, bank: int) -> list[Part]:
    """The practice house: pages, worker and a sandbox bank of its own, so that no payment reaches the other house."""
    return _parts(
        env,
        {
            "practice-bank": [
                "-m",
                *_partner("practice-bank", "banks", bank, f"--notify={_partners(web)}/banks/sandbox/notice/"),
            ],
            "practice-web": ["-m", "granian", *_granian(web), "pakan.site.wsgi:application"],
            "practice-worker": ["manage.py", *WORKER.format(1).split()],
        },
    )


def _parts(env: dict[str, str], commands: dict[str, list[str]]) -> list[Part]:
    # The partners know the keys by names of their own, and from the environment: everybody can read a command line.
    keys = {"SANDBOX_BANK_KEY": env["PAKAN_BANK_KEY"], "SANDBOX_TELCO_KEY": env["PAKAN_TELCO_KEY"]}
    keys |= {"SANDBOX_IDENTITY_KEY": env["PAKAN_IDENTITY_KEY"]}
    keys |= {"PAKAN_LINK_KEY": env["PAKAN_TELCO_KEY"], "PAKAN_SMPP_PASSWORD": env["PAKAN_TELCO_KEY"]}
    return [
        Part(
            name, [str(PYTHON), *words], env | keys | {"PAKAN_PART": name}, RUN / "logs" / f"{name}.log", ROOT
        )
        for name, words in commands.items()
    ]


def _granian(port: int) -> list[str]:
    """One process with four threads: nearly as quick as two here, and half the memory."""
    where = f"--interface wsgi --host 127.0.0.1 --port {port} --http 1 --no-ws"
    how = "--workers 1 --blocking-threads 4 --respawn-failed-workers --workers-kill-timeout 5"
    return f"{where} {how}".split()


def _partner(name: str, kind: str, port: int, tells: str) -> list[str]:
    module = f"pakan.integrations.{kind}.sandbox"
    return [module, "--port", str(port), "--data", str(RUN / f"sandbox-{name}.sqlite"), tells]


def _partners(web: int) -> str:
    return f"http://127.0.0.1:{web}/partners"


def _run_parts(
    supervisor: Supervisor,
    env: dict[str, str],
    at: tuple[int, ...],
    practice: dict[str, str],
    aside: tuple[int, ...],
) -> None:
    with step(
        "Starting web, worker, sandbox bank, telephone operator, message link, mail server and State identity"
    ):
        for part in [*parts(env, *at), *(practice_parts(practice, *aside) if aside else [])]:
            supervisor.add(part)
        until = time.monotonic() + READY_SECONDS
        for number, path in (
            (at[0], "/health"),
            (at[1], "/"),
            (at[2], "/"),
            (at[3], "/health"),
            (at[5], "/"),
            (at[7], "/"),
            *zip(aside, ("/health", "/"), strict=False),
        ):
            while not supervisor.ending.is_set() and not answers(number, path):
                _stop_when_hopeless(supervisor, until)
                supervisor.watch(0.1)


def _stop_when_hopeless(supervisor: Supervisor, until: float) -> None:
    if time.monotonic() < until and all(part.wait < FAILS_AGAIN for part in supervisor.parts):
        return
    dead = [part for part in supervisor.parts if not part.alive()] or supervisor.parts
    logs = "\n".join(f"--- {part.name}\n{part.last_lines()}" for part in dead)
    raise Refused(f"not everything comes up.\n{logs}")


def answers(port: int, path: str) -> bool:
    """Whether the page is there and in order; never asked through a proxy."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _addresses(env: dict[str, str], practice: dict[str, str]) -> str:
    lines = [
        f"  the system      {env['PAKAN_BASE_URL']}/",
        f"  sandbox bank    {env['PAKAN_BANK_URL']}/",
        f"  sandbox phone   {env['PAKAN_TELCO_URL']}/",
        f"  sandbox mail    {env['PAKAN_MAIL_URL']}/",
        f"  sandbox State   {env['PAKAN_IDENTITY_ISSUER']}/",
    ]
    if practice:
        lines.insert(
            1, f"  practice        {practice['PAKAN_BASE_URL']}/  (from an employer's page: Practise)"
        )
    command = [str(PYTHON), str(ROOT / "manage.py"), "signins"]
    shown = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if shown.returncode:
        raise Refused(f"the sign-ins cannot be read:\n{shown.stderr[-3000:]}")
    return "\n".join(lines) + "\n\n" + shown.stdout.rstrip()


def with_database(words: list[str]) -> int:
    """`run.py manage …`: one command in the demo's environment; the server is left as it was found."""
    packages.ensure("requirements.lock")
    was_up = bool(os.environ.get("DATABASE_URL")) or (DATA.exists() and postgres.is_up(DATA))
    url = os.environ.get("DATABASE_URL") or postgres.start(DATA)
    try:
        env = demo_environment(url)
        return subprocess.run(
            [str(PYTHON), str(ROOT / "manage.py"), *words], env=env, cwd=ROOT, check=False
        ).returncode
    finally:
        if not was_up:
            postgres.stop(DATA)


def bench(words: list[str]) -> int:
    """`run.py bench`: figures on a database of its own, with the settings of real work (fsync on)."""
    packages.ensure(
        "requirements-test.lock"
    )  # with the browser's driver: pages are weighed as phones load them
    data: Path = RUN / "postgres-bench"
    with step("Starting PostgreSQL for the bench"):
        url = postgres.start(data)
    env = demo_environment(url) | {"PAKAN_BULK": "1", "PAKAN_CHROMIUM": browser.present() or ""}
    try:
        compile_words(env)
        manage(env, "Bringing the tables up to date", "migrate", "--verbosity=0")
        command = [str(PYTHON), str(ROOT / "manage.py"), "bench", *words]
        return subprocess.run(command, env=env, cwd=ROOT, check=False).returncode
    finally:
        postgres.stop(data)


def words(command: str) -> int:
    packages.ensure("requirements.lock")
    return subprocess.run(
        [str(PYTHON), "-m", "ops.words", command], env=environment(), cwd=ROOT, check=False
    ).returncode
