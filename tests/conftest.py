"""What all tests share: the cast, no network beyond this machine, and a database that may be emptied after a test."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_socket import socket_allow_hosts

# No test is timed: a slow machine is no fault of the code. A merge tries the same examples each time; by hand, new ones.
hypothesis_settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("house")

pytest_plugins = ["tests.cast", "tests.browser.stage"]


@pytest.fixture(autouse=True)
def _no_network() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session", autouse=True)
def _async_allowed() -> None:
    # Playwright's loop runs in the test's thread; Django's guard would refuse the database there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


KEPT = {
    "people_province",
    "people_district",
    "visits_office",
    "ledger_account",
}  # filled by migrations, not by tests


JOBS = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs")


@pytest.fixture(scope="session", autouse=True)
def _may_be_emptied() -> Iterator[None]:
    """The ledger refuses to forget; only the clearing after a transactional test may, by switching triggers off.

    Row by row: to truncate so many tables took half a second a test, to signal a migration that never was another quarter.
    The lock waits, as TRUNCATE does, for a request that a closed browser has left behind.
    """
    from django.core.management.commands import flush
    from django.db.backends.postgresql.operations import DatabaseOperations

    def unguarded(self: DatabaseOperations, _style: Any, tables: list[str], **_more: Any) -> list[str]:
        # Jobs belong to no model that Django empties; left behind, they would be another test's.
        emptied = [*(table for table in tables if table not in KEPT), *JOBS]
        return [
            "SET session_replication_role = replica",
            f"LOCK TABLE {', '.join(emptied)} IN ACCESS EXCLUSIVE MODE",
            "; ".join(f"DELETE FROM {table}" for table in emptied),
            "SET session_replication_role = origin",
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", unguarded)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_words, **_more: None)
        yield
