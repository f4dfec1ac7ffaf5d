#!/usr/bin/env python3
"""The one door: `python3 run.py` starts everything, `python3 run.py test` checks everything."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets as far as this line
    sys.exit("Pakan needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import argparse
import os
import subprocess
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ops import checks, measure, start
from ops.place import Refused, fail
from pakan.site.postgres import PostgresFailed


def parser() -> argparse.ArgumentParser:
    door = argparse.ArgumentParser(prog="run.py", description=__doc__)
    door.add_argument("--port", type=int, default=8000, help="of the web pages; the next free one when taken")
    door.add_argument("--bank-port", type=int, default=8001)
    door.add_argument("--telco-port", type=int, default=8002)
    door.add_argument("--once", action="store_true", help="start, wait until everything answers, print, stop")
    door.add_argument("--fresh", action="store_true", help="throw the demo's data away first")
    door.add_argument(
        "--no-practice", action="store_true", help="without the practice house and its database"
    )
    commands = door.add_subparsers(dest="command", metavar="command")
    commands.add_parser("test", help="all checks and all tests; more words go to pytest", add_help=False)
    commands.add_parser("check", help="all checks without the tests")
    commands.add_parser("bench", help="speed and memory, as ratios in one run", add_help=False)
    commands.add_parser("measure", help="lengths of files and functions; never fails")
    commands.add_parser("manage", help="one of Django's commands", add_help=False)
    commands.add_parser("sentences", help="how many words the Lao sentences have; prints the long ones")
    commands.add_parser("words", help="write new sentences of the code into the catalogues")
    commands.add_parser("stop", help="end what a run.py in this folder started")
    return door


def main(argv: list[str]) -> int:
    options, more = parser().parse_known_args(argv)
    if options.command in ("test", "bench", "manage"):
        return with_words(options.command, argv[argv.index(options.command) + 1 :])
    if more:
        parser().error(f"unknown: {' '.join(more)}")
    return plain(options)


def with_words(command: str, words: list[str]) -> int:
    """The commands that hand all further words to somebody else."""
    if command == "test":
        return checks.test(words)
    return start.bench(words) if command == "bench" else start.with_database(words)


def plain(options: argparse.Namespace) -> int:
    if options.command == "check":
        return checks.check()
    if options.command == "measure":
        return measure.show()
    if options.command == "words":
        return start.words("update")
    if options.command == "sentences":
        return checks.sentences()
    if options.command == "stop":
        return start.stop()
    return start.start(options)


if __name__ == "__main__":
    os.umask(0o022)
    try:
        sys.exit(main(sys.argv[1:]))
    except (Refused, PostgresFailed, subprocess.SubprocessError) as error:
        sys.exit(fail(f"\n{error}"))
    except PermissionError as error:
        hint = (
            "Was this folder used by another user before? Delete .venv and .run, or take a clone of your own."
        )
        sys.exit(fail(f"\n{error}\n{hint}"))
    except KeyboardInterrupt:
        sys.exit(130)
