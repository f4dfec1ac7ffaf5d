"""A database of its own for the bench, made before and dropped after."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from psycopg import Connection, connect, sql
from psycopg.conninfo import make_conninfo

NAME = "pakan_bench"
KEYS = ("host", "port", "user", "password")


@contextmanager
def own_database(name: str = NAME, keep: bool = False) -> Iterator[str]:
    """All work of this process goes to database `name` meanwhile; DATABASE_URL of it for other processes.

    With `keep` it stays for the next run, and one that is there is taken as it is.
    """
    usual = connection.settings_dict["NAME"]
    _leave()
    if not (keep and _is_there(name)):
        _drop(name)
        _on_the_server(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield _address(name)
    finally:
        _leave()
        connection.settings_dict["NAME"] = usual
        if not keep:
            _drop(name)


def _leave() -> None:
    connection.close()
    if "pool" in connection.settings_dict["OPTIONS"]:
        connections[DEFAULT_DB_ALIAS].close_pool()  # type: ignore[attr-defined]


def _drop(name: str) -> None:
    _on_the_server(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _is_there(name: str) -> bool:
    with _server() as server:
        return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _on_the_server(statement: sql.Composed) -> None:
    with _server() as server:
        server.execute(statement)


def _server() -> Connection[Any]:
    place: dict[str, Any] = {key: connection.settings_dict[key.upper()] or None for key in KEYS}
    return connect(make_conninfo("", **place, dbname="postgres"), autocommit=True)


def _address(name: str) -> str:
    parts = urlsplit(os.environ.get("DATABASE_URL", "postgresql://postgres@/pakan"))
    address = urlunsplit(parts._replace(path=f"/{name}"))
    # urlunsplit drops the empty host of a socket's address.
    return address if "//" in address else address.replace(":", "://", 1)
