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


@pytest.fixture(scope="session", autouse=True)
def _may_be_emptied() -> Iterator[None]:
    """The ledger refuses TRUNCATE; only the clearing after a transactional test may, by switching triggers off."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    usual = DatabaseOperations.sql_flush

    def unguarded(self: DatabaseOperations, style: Any, tables: list[str], **more: Any) -> list[str]:
        words = usual(self, style, [table for table in tables if table not in KEPT], **more)
        # Jobs belong to no model that Django empties; left behind, they would be another test's.
        words = [*words, "TRUNCATE procrastinate_jobs CASCADE"]
        return ["SET session_replication_role = replica", *words, "SET session_replication_role = origin"]

    DatabaseOperations.sql_flush = unguarded  # type: ignore[method-assign]
    yield
    DatabaseOperations.sql_flush = usual  # type: ignore[method-assign]
