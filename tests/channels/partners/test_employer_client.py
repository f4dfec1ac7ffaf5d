"""The client for payroll software: generated again it is the same, and against the house it does everything once."""

import importlib.util
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from django.test import Client as Browser

from pakan.operations import declare, reconcile
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.payments.models import Notice
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.channels.partners.bank_hall import Hall, work
from tests.channels.partners.payroll import ROOT, Software, lines
from tests.channels.partners.test_employer_api_shape import application

pytestmark = pytest.mark.django_db
PACKAGE = Path(__file__).resolve().parents[3] / "packages" / "pakan-client"


@pytest.fixture(scope="module")
def package() -> Iterator[ModuleType]:
    sys.path.insert(0, str(PACKAGE))
    import pakan_client

    yield pakan_client
    sys.path.remove(str(PACKAGE))


class House(httpx.BaseTransport):
    """The house as a transport. `loses`: how many answers are lost on the way back, each after the act was done."""

    def __init__(self) -> None:
        self.loses = 0
        self.asked = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        environ = {
            "REQUEST_METHOD": request.method, "PATH_INFO": request.url.path, "QUERY_STRING": request.url.query.decode(),
            "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http", "CONTENT_TYPE": request.headers.get("content-type", ""),
        }  # fmt: skip
        body = request.read()
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}  # type: ignore[dict-item]
        for name, value in request.headers.items():
            if name not in ("content-type", "content-length", "accept-encoding"):
                environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            told.update(status=int(status.split()[0]), headers=headers)

        content = b"".join(application(environ, start))
        if self.loses:
            self.loses -= 1
            raise httpx.ReadTimeout("the line went dead", request=request)
        return httpx.Response(told["status"], headers=told["headers"], content=content)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def fund(package: ModuleType, software: Software, house: House) -> Any:
    return package.Client(
        f"http://testserver{ROOT}", software.text, transport=house, wait=lambda seconds: None
    )


def test_generated_again_it_is_the_same() -> None:
    described = Browser().get(ROOT + "openapi.json").json()
    kept = json.loads((PACKAGE / "openapi.json").read_text(encoding="utf-8"))
    assert described == kept, "write packages/pakan-client/openapi.json anew, then run generate.py"
    spec = importlib.util.spec_from_file_location("generate", PACKAGE / "generate.py")
    assert spec is not None and spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    assert generate.client(kept) == (PACKAGE / "pakan_client" / "calls.py").read_text(encoding="utf-8")


def test_a_month_by_the_client_over_a_line_that_loses_every_first_answer(
    fund: Any, house: House, open_month: Month, workers: list[Person], factory: Employer, approver: Account,
    as_actor: Callable[..., Actor], hall: Hall,
) -> None:  # fmt: skip
    house.loses = 1
    told = fund.declare({"month": str(open_month), "lines": lines(workers)})
    house.loses = 1
    assert fund.hand_over(told["id"], {"revision": told["revision"]})["state"] == "waiting_for_approval"
    sheet = Sheet.objects.select_related("employer").get()
    declare.approve(as_actor(approver), sheet, sheet.revision)
    house.loses = 2
    notice = fund.ask_notice({"months": [str(open_month)]}, once="october-bill")
    assert house.asked == 2 + 2 + 3
    hall.tells(hall.notice(hall.pays(notice["amount"], notice["reference"])))
    work()
    assert fund.declaration(told["id"])["state"] == "approved"
    assert fund.receipts(limit=5)["receipts"][0]["amount"] == notice["amount"]
    assert fund.statement()["open"] == 0 and len(fund.employees(limit=500)["employees"]) == 12
    assert (Sheet.objects.count(), Declaration.objects.count(), Notice.objects.count()) == (1, 1, 1)
    assert [one.invariant for one in reconcile.prove() if not one.holds] == []


def test_what_is_refused_is_an_exception_with_every_place(
    fund: Any, package: ModuleType, house: House, open_month: Month
) -> None:
    with pytest.raises(package.Refused) as told:
        fund.declare({"month": str(open_month), "lines": [{"number": "1", "wage": -1}, {"wage": "x"}]})
    assert told.value.status == 422 and told.value.says["lo"]
    assert {one["pointer"] for one in told.value.errors} == {
        "/lines/0/wage",
        "/lines/1/number",
        "/lines/1/wage",
    }
    house.loses = 99
    with pytest.raises(package.Silent) as silent:
        fund.ask_notice({"months": [str(open_month)]})
    assert len(silent.value.once) == 32 and house.asked == 1 + 5


def test_files_webhooks_and_tokens_by_the_client(
    fund: Any, package: ModuleType, house: House, software: Software, open_month: Month, factory: Employer,
    workers: list[Person],
) -> None:  # fmt: skip
    content = declare.template_file(factory, open_month, "lo")
    assert fund.declare_file(file=("wages.xlsx", content), month=str(open_month))["state"] == "columns_needed"
    made = fund.register_webhook({"url": "https://a.example.com/", "events": ["notice.paid"]})
    assert [one["id"] for one in fund.webhooks()["webhooks"]] == [made["id"]]
    assert fund.remove_webhook(made["id"]) is None and fund.webhooks()["webhooks"] == []
    assert fund.events()["events"] == []
    client, secret = software.text.split(".")
    token = fund.token(grant_type="client_credentials", client_id=client, client_secret=secret)[
        "access_token"
    ]
    other = package.Client(f"http://testserver{ROOT}", token, transport=house)
    assert other.notices()["notices"] == []
