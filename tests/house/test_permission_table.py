"""Every address x every role against the one permission table; and no address or verb outside it."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from pakan import operations
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role, permissions
from pakan.registers.access.verbs import VERBS
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month

WHO = [
    "nobody",
    "member",
    "preparer",
    "approver",
    "reader",
    "other_preparer",
    "finance",
    "auditor",
    "registrar",
    "law_officer",
    "benefits_officer",
    "inspector",
    "communicator",
]


def addresses(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every named address with the names of its parameters."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            yield f"{space}{pattern.name}", list(pattern.pattern.converters)


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address as it is written, parameters and all."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern)


ADDRESSES = sorted(addresses())
# Open to anyone, and without a sign-in under way they lead to its beginning.
STEPS_OF_SIGNING_IN = {"public:ways_in", "member:pin", "member:switch", "member:unlock", "member:who"}


def test_every_address_stands_in_the_table_and_the_table_names_no_other() -> None:
    assert {name for name, _ in ADDRESSES} == set(permissions().addresses)


def test_no_page_hides_another_behind_the_same_address() -> None:
    """Django answers with the first of two equal routes; the second would never be seen."""
    told = [one for one in routes() if not one.startswith("api/")]  # there one address takes several methods
    assert len(told) > 200
    assert sorted({one for one in told if told.count(one) > 1}) == []


def test_every_verb_stands_in_the_table_and_the_table_names_no_other() -> None:
    for module in pkgutil.walk_packages(operations.__path__, "pakan.operations."):
        importlib.import_module(module.name)

    assert set(VERBS) == set(permissions().verbs)


@pytest.fixture
def parameters(factory: Employer, open_month: Month, workers: list[Person]) -> dict[str, object]:
    """A value for every parameter that an address may take: things of the factory that exist."""
    return {"code": factory.code, "month": str(open_month), "number": workers[0].number, "row": 1, "name": "sandbox",
            "claim": "x", "account": "1010", "wording": "code", "posting": 1, "day": "2026-11-09", "province": "01", "key": "x",
            "language": "lo", "receipt": "E26-0000001-9", "id": 1, "relation": "child"}  # fmt: skip


def address_of(name: str, wanted: list[str], parameters: dict[str, object]) -> str:
    missing = set(wanted) - set(parameters)
    assert not missing, f"{name} takes {missing}: give the matrix a value for it"
    return reverse(name, kwargs={key: parameters[key] for key in wanted})


def roles_of(account: Account | None, of_factory: bool) -> set[Role]:
    if account is None:
        return {Role.ANYONE}
    if account.kind == Account.Kind.MEMBER:
        return {Role.ANYONE, Role.MEMBER}
    if account.kind == Account.Kind.STAFF:
        return {Role.ANYONE} | {Role(role) for role in account.staff_roles}
    mandates = account.mandates.filter(end=None)
    if of_factory:
        mandates = mandates.filter(employer__code="0451201")
    return {Role.ANYONE} | {Role(role) for role in mandates.values_list("role", flat=True)}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", WHO)
def test_every_address_answers_each_role_as_the_table_says(
    who: str, method: str, request: pytest.FixtureRequest, parameters: dict[str, object], other_factory: Employer,
    client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    account: Account | None = None if who == "nobody" else request.getfixturevalue(who)
    wrong = []
    for name, wanted in ADDRESSES:
        if name in ("public:sign_out", "member:sign_out"):
            continue  # would end the session that the other addresses need; journeys try it
        client = Client() if account is None else client_of(account)
        response = getattr(client, method)(address_of(name, wanted, parameters))
        of_factory = name.startswith("employer:") and "code" in wanted
        may = bool(permissions().addresses[name] & roles_of(account, of_factory))
        sent_to_sign_in = response.status_code == 302 and "sign-in" in response.headers["Location"]
        # 405 is said before anything is looked up: it is the same for an employer that does not exist.
        own_404 = response.status_code in (404, 405)
        if response.status_code >= 500:
            wrong.append(f"{method} {name}: {response.status_code}")
        elif not may and not (own_404 or (account is None and sent_to_sign_in)):
            wrong.append(f"{method} {name}: {who} got {response.status_code}, should not see it")
        elif may and account is not None and sent_to_sign_in and name not in STEPS_OF_SIGNING_IN:
            wrong.append(f"{method} {name}: {who} may, but was sent to sign in")
    assert wrong == []


def test_head_is_answered_as_get_is(
    request: pytest.FixtureRequest, parameters: dict[str, object], client_of: Callable[[Account], Client]
) -> None:
    """Each address once, asked by the first who may open it."""
    accounts: list[Account | None] = [None, *(request.getfixturevalue(who) for who in WHO[1:])]
    asked = [
        (Client() if one is None else client_of(one), roles_of(one, of_factory=True)) for one in accounts
    ]
    wrong, told = [], 0
    for name, wanted in ADDRESSES:
        client = next((client for client, roles in asked if permissions().addresses[name] & roles), None)
        if client is None:
            continue  # a partner's own address
        address = address_of(name, wanted, parameters)
        got, head = client.get(address), client.head(address)
        told += got.status_code == 200
        if (got.status_code, got.get("Content-Type")) != (head.status_code, head.get("Content-Type")):
            wrong.append(f"{name}: GET {got.status_code}, HEAD {head.status_code}")
        if not head.streaming and head.content:
            wrong.append(f"{name}: HEAD brought a body")
    assert wrong == []
    assert told > 100


def test_another_employers_pages_are_not_there(
    other_preparer: Account, parameters: dict[str, object], client_of: Callable[[Account], Client]
) -> None:
    """A stranger's employer answers in every way like one that does not exist: 404 (405 for a wrong method)."""
    client = client_of(other_preparer)
    nobodys = parameters | {"code": "9999999"}
    for name, wanted in ADDRESSES:
        if name.startswith("employer:") and "code" in wanted:
            for method in (client.get, client.post):
                strangers = method(address_of(name, wanted, parameters))
                nowhere = method(address_of(name, wanted, nobodys))
                assert strangers.status_code == nowhere.status_code in (404, 405), name
