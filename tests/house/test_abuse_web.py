"""Abuse through the browser at every address: a foreign page that posts, script in a name, SQL in a field (A28 to A30)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from pakan.registers.access.models import Account
from pakan.registers.access.roles import permissions
from pakan.registers.people.models import Employer, Person
from tests.house.test_permission_table import (
    ADDRESSES,
    WHO,
    address_of,
    parameters,
    roles_of,
)

__all__ = ["parameters"]  # fixture
SIGN_OUT = ("public:sign_out", "member:sign_out")
# Doors of machines: a signature, a key or a secret of the call itself says who asks; no browser's cookie opens them.
MACHINES = ("partners:", "phone:", "api-employer:", "api-law:")
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
SQL = "x' OR '1'='1'); DROP TABLE people_person; --"


def views(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", pattern.callback


@pytest.fixture
def asked(
    request: pytest.FixtureRequest, parameters: dict[str, object], client_of: Callable[[Account], Client]
) -> list[tuple[str, str, Account | None]]:
    """Each address as its name, as it is written, and the first who may open it."""
    accounts: list[Account | None] = [None, *(request.getfixturevalue(who) for who in WHO[1:])]
    found = []
    for name, wanted in ADDRESSES:
        allowed = permissions().addresses[name]
        who = [one for one in accounts if allowed & roles_of(one, of_factory=True)]
        if who and name not in SIGN_OUT:
            found.append((name, address_of(name, wanted, parameters), who[0]))
    return found


def test_abuse_A29_a_foreign_page_posts_nothing_in_anybodys_name(
    asked: list[tuple[str, str, Account | None]], client_of: Callable[[Account], Client]
) -> None:
    open_doors = {name for name, view in views() if getattr(view, "csrf_exempt", False)}
    assert {name for name in open_doors if not name.startswith(MACHINES)} <= {"public:served"}
    refused, wrong = 0, []
    for name, address, account in asked:
        if name in open_doors:
            continue
        client = Client(enforce_csrf_checks=True)
        if account is not None:
            client.cookies = client_of(account).cookies
        answer = client.post(address, {"sure": "1"})
        refused += answer.status_code == 403
        if answer.status_code not in (403, 405):
            wrong.append(f"{name}: {answer.status_code}")
    assert wrong == []
    assert refused > 100


def test_abuse_A28_script_in_a_name_is_shown_as_text(
    asked: list[tuple[str, str, Account | None]], client_of: Callable[[Account], Client], factory: Employer
) -> None:
    """The registers themselves hold it here, as if a door had let it in: no page passes it on."""
    Employer.objects.filter(id=factory.id).update(name_lo=HOSTILE, name_en=HOSTILE, village=HOSTILE)
    Person.objects.update(given_name=HOSTILE, family_name=HOSTILE)
    Account.objects.update(full_name=HOSTILE)
    shown, wrong = 0, []
    for name, address, account in asked:
        answer = (Client() if account is None else client_of(account)).get(address)
        if "text/html" not in answer.headers.get("Content-Type", "") or answer.streaming:
            continue
        said = answer.content.decode()
        shown += "&lt;script&gt;alert(1)" in said
        if "<script>alert" in said or "<img src=x" in said:
            wrong.append(name)
    assert wrong == []
    assert shown > 30


FIELD = re.compile(r"""<(?:input|select|textarea)\b[^>]*\bname="([^"]+)\"""")
ASKED = (
    "q",
    "page",
    "state",
    "month",
    "number",
    "code",
    "day",
    "of",
    "next",
    "from",
    "to",
    "sort",
    "kind",
    "cursor",
)


def test_abuse_A30_sql_in_any_field_stays_a_value(
    asked: list[tuple[str, str, Account | None]], client_of: Callable[[Account], Client]
) -> None:
    """In each address's questions and in each field of its forms: it never becomes part of a statement."""
    statements, wrong = 0, []

    def watch(run: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        nonlocal statements
        statements += 1
        if "DROP TABLE people_person" in str(sql):
            wrong.append(str(sql)[:200])
        return run(sql, values, many, context)

    with connection.execute_wrapper(watch):
        for name, address, account in asked:
            client = Client() if account is None else client_of(account)
            answer = client.get(address, dict.fromkeys(ASKED, SQL))
            fields = set()
            if "text/html" in answer.headers.get("Content-Type", "") and not answer.streaming:
                fields = set(FIELD.findall(answer.content.decode())) - {"csrfmiddlewaretoken"}
            posted = client.post(address, dict.fromkeys(fields, SQL)) if fields else answer
            for given in (answer, posted):
                if given.status_code >= 500:
                    wrong.append(f"{name}: {given.status_code}")
    assert wrong == []
    assert statements > 1000
    assert Person.objects.exists()
