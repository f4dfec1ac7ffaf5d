"""The interface keeps the word of its OpenAPI description, whatever a program sends (schemathesis; WSGI, no network)."""

from typing import Any

import pytest
import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as trying
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from pakan.channels.employer.api.urls import api
from pakan.operations import apikeys
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.channels.partners.payroll import ROOT, Software, lines

pytestmark = pytest.mark.django_db
EXAMPLES = 10  # of each operation that keep the description, and as many that break it
OPERATIONS = sorted(operation.operation_id for _, view in api.default_router.path_operations.items()
                    for operation in view.operations)  # fmt: skip


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The house as WSGI, by the handler of Django's test client: a request's end does not end the test's transaction."""
    response = ClientHandler(enforce_csrf_checks=True)(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


@pytest.fixture(scope="module")
def described() -> Any:
    return schemathesis.openapi.from_wsgi(f"{ROOT}openapi.json", application)


def test_the_description_names_every_operation(described: Any) -> None:
    found = [each.ok().definition.raw["operationId"] for each in described.get_all_operations()]
    assert sorted(found) == OPERATIONS and len(found) == 25


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["keeping", "breaking"]
)
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_sent_the_description_is_kept(
    name: str, mode: GenerationMode, described: Any, software: Software, workers: list[Person], open_month: Month,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(apikeys, "USE", 10**9)
    monkeypatch.setattr(apikeys, "WRONG", 10**9)
    software.send("declarations", {"month": str(open_month), "lines": lines(workers)}, "already-there")
    operation = described.find_operation_by_id(name)
    headers = {"Accept-Encoding": "identity"}
    headers |= {"Authorization": f"Bearer {software.text}"} if name != "token" else {}

    @trying(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def tried(case: Any) -> None:
        # Not everything of a right shape can be taken: a month to come, a number of nobody, a key that is used.
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    tried()
