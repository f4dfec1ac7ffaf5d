"""`run.py check` and `run.py test`: everything that must hold, all of it tried, one table at the end."""

import os
import secrets
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ops import browser, packages, start
from ops.place import PYTHON, ROOT, RUN, environment, say, step
from pakan.site import postgres

DATA = RUN / "postgres-test"
NOTHING_COLLECTED = 5  # pytest's exit code
FORMAT, LINT = ("-m", "ruff", "format", "--check", "."), ("-m", "ruff", "check", ".")
CHECKS: dict[str, tuple[str, ...]] = {
    "types": ("-m", "mypy", "-p", "pakan", "-p", "ops"),
    "format": FORMAT,
    "lint": LINT,
    "floors": ("-c", "from importlinter.cli import lint_imports_command as c; c()"),
    "templates": ("-m", "djlint", "pakan", "--lint"),
    "words": ("-m", "ops.words", "check"),
    "migrations": ("manage.py", "makemigrations", "--check", "--dry-run"),
    "settings": ("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
}


@dataclass(frozen=True)
class Outcome:
    """How one check ended; `closing` is what it said last."""

    name: str
    passed: bool
    seconds: float
    closing: str = ""


def check() -> int:
    """The checks without the tests."""
    packages.ensure("requirements-test.lock")
    url, was_up = _database()
    try:
        return _report(_checks(url), [])
    finally:
        if not was_up:
            postgres.stop(DATA)


def sentences() -> int:
    """How long the Lao sentences are; prints, never fails."""
    packages.ensure("requirements-test.lock")
    command = [str(PYTHON), "-m", "ops.sentences"]
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode


def test(words: list[str]) -> int:
    """The checks, then all tests: first the fast ones, then the journeys in the browser."""
    packages.ensure("requirements-test.lock")
    url, was_up = _database()
    try:
        checked = _checks(url)
        return _report(checked, _tests(url, words))
    finally:
        if not was_up:
            postgres.stop(DATA)


def _database() -> tuple[str, bool]:
    """The tests' own server, which forgets about power cuts, or the one that DATABASE_URL names."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given, True
    was_up = DATA.exists() and postgres.is_up(DATA)
    with step("Starting PostgreSQL for the tests"):
        return postgres.start(DATA, tests=True), was_up


def _checks(url: str) -> list[Outcome]:
    env = environment(PAKAN_ENV="test", DATABASE_URL=url)
    start.compile_words(env)
    # Two at a time: the machine we plan for has two cores, and `types` takes as long as all others together.
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda name: _check(name, env, url), CHECKS))


def _check(name: str, env: dict[str, str], url: str) -> Outcome:
    began = time.perf_counter()
    used = _production(url) if name == "settings" else env
    command = [str(PYTHON), *CHECKS[name]]
    done = subprocess.run(command, env=used, cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    said = (done.stdout + done.stderr).strip()
    if done.returncode:
        say(f"--- {name}\n{said[-8000:]}\n")
    else:
        say(f"{name}: in order, {seconds:.1f} s")
    return Outcome(name, done.returncode == 0, seconds, said.splitlines()[-1] if said else "")


def _production(url: str) -> dict[str, str]:
    """What a real installation would set, so that `check --deploy` looks at real settings."""
    return environment(
        PAKAN_ENV="production",
        PAKAN_SECRET_KEY=secrets.token_urlsafe(64),
        PAKAN_SIGNING_KEY=secrets.token_urlsafe(64),
        PAKAN_HOSTS="pakan.example",
        PAKAN_BASE_URL="https://pakan.example",
        PAKAN_BANK_URL="https://bank.example",
        PAKAN_BANK_KEY=secrets.token_urlsafe(32),
        PAKAN_TELCO_URL="https://telco.example",
        PAKAN_TELCO_KEY=secrets.token_urlsafe(32),
        DATABASE_URL=url,
    )


def _tests(url: str, words: Sequence[str]) -> list[Outcome]:
    chromium = browser.find()
    env = environment(PAKAN_ENV="test", DATABASE_URL=url)
    env.setdefault("PAKAN_TEST_DB", f"test_{os.getpid()}" if os.environ.get("DATABASE_URL") else "test_pakan")
    # The long sweeps take as long as everything else: they run by night (standard of reliability, section 7).
    wanted = "browser" if "--night" in words else "browser and not night"
    words = [word for word in words if word != "--night"]
    # In our own server the journeys take over the databases of the tests before; a server of somebody else's is left clean.
    new, again = (
        ([], []) if os.environ.get("DATABASE_URL") else (["--reuse-db", "--create-db"], ["--reuse-db"])
    )
    side_by_side = ["-n", "2", "--durations=10"]
    done = [_pytest("tests", [*side_by_side, *new, "-m", "not browser", *words], env)]
    if chromium:
        browsing = env | {"PAKAN_CHROMIUM": chromium}
        done.append(_pytest("browser", [*side_by_side, *again, "-m", wanted, *words], browsing))
    else:
        say("The browser journeys did not run: no Chromium here; install it or set PAKAN_CHROMIUM=path.")
    nothing = [outcome for outcome in done if outcome.closing == "nothing collected"]
    if words and len(nothing) < len(done):  # a selection may well lie on one side only
        done = [outcome for outcome in done if outcome not in nothing]
    return done


def _pytest(name: str, words: list[str], env: dict[str, str]) -> Outcome:
    """pytest with its output passed on as it comes, and its last line kept."""
    began = time.perf_counter()
    say(f"\n--- {name}: pytest {' '.join(words)}")
    command = [str(PYTHON), "-m", "pytest", *words]
    closing = ""
    with subprocess.Popen(
        command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            closing = line.strip() or closing
    if running.returncode == NOTHING_COLLECTED:
        closing = "nothing collected"
    return Outcome(name, running.returncode == 0, time.perf_counter() - began, closing)


def _report(checked: list[Outcome], tested: list[Outcome]) -> int:
    """The table, and after it pytest's own closing lines, so that nobody has to scroll for them."""
    say("")
    for outcome in [*checked, *tested]:
        say(f"{outcome.name:<20}{'in order' if outcome.passed else 'FAILED':<10}{outcome.seconds:>7.1f} s")
    for outcome in tested:
        say(outcome.closing)
    return 0 if all(outcome.passed for outcome in [*checked, *tested]) else 1
