"""Where the database is: DATABASE_URL, or the embedded server's socket that run.py hands over in it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# A query that runs longer than this is a fault of ours, not patience of the person's.
LIMITS = "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
BULK_LIMITS = "-c statement_timeout=30min -c lock_timeout=30s"


def database_from(environ: Mapping[str, str], env: str) -> dict[str, Any]:
    """Django's settings of one database from `DATABASE_URL` (postgresql://user:password@host:port/name?host=/socket)."""
    parts = urlsplit(environ.get("DATABASE_URL", "postgresql://postgres@/pakan"))
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(
            "DATABASE_URL must begin with postgresql:// (no other database can keep the ledger's promises)"
        )
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    options: dict[str, Any] = {
        "options": BULK_LIMITS if environ.get("PAKAN_BULK") else LIMITS,
        "application_name": environ.get("PAKAN_PART", "pakan"),
        # Only queries that are kept (pakan/registers/kept.py) are prepared; Django's own bind here, not on the server.
        "prepare_threshold": 1,
    }
    if "sslmode" in query:
        options["sslmode"] = query["sslmode"]
    if env != "test" and not environ.get("PAKAN_BULK"):
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "pakan",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
        "TEST": {"NAME": environ.get("PAKAN_TEST_DB", "test_pakan")},
    }
