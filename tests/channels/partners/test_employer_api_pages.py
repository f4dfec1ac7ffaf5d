"""The pages beside the interface: keys shown once, events told, and examples that run as they stand."""

import functools
import json
import re
import shlex
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from pakan.channels.employer.api.examples import EXAMPLES
from pakan.operations import enter, webhooks
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, ApiKey
from pakan.registers.contributions.models import Sheet
from pakan.registers.people.models import Employer, Person
from pakan.registers.webhooks.models import Delivery, Endpoint
from pakan.units.month import Month
from tests.channels.partners.payroll import ROOT, Software
from tests.channels.partners.test_employer_client import House, package
from tests.operations.test_hire import on_record
from tests.operations.test_webhooks import tell

__all__ = ["package"]  # a fixture
pytestmark = pytest.mark.django_db
NEW = {"name": "Payroll", "scopes": ["employees:read"], "days": "30"}


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enter, "is_fresh", lambda request, at: True)


def test_a_new_key_is_shown_once_and_works(
    administrator: Account, factory: Employer, client_of: Callable[[Account], Client], fresh: None
) -> None:
    client, page = client_of(administrator), f"/employer/{factory.code}/keys/"
    shown = client.post(page, NEW)
    assert shown.status_code == 200
    found = re.search(r"live_[0-9a-f]{16}\.[\w-]{43}", shown.content.decode())
    assert found and Software(found[0]).ask("employees").status_code == 200
    listed = client.get(page).content.decode()
    assert found[0].split(".")[0] in listed and found[0].split(".")[1] not in listed
    kept = ApiKey.objects.get()
    assert client.post(page, {"do": "revoke", "id": str(kept.id)}).status_code == 302
    assert Software(found[0]).ask("employees").json()["code"] == "revoked"


def test_without_a_fresh_proof_no_key_is_made(
    administrator: Account, factory: Employer, client_of: Callable[[Account], Client]
) -> None:
    answer = client_of(administrator).post(f"/employer/{factory.code}/keys/", NEW)
    assert answer.status_code == 302 and "next=" in answer.headers["Location"]
    assert ApiKey.objects.count() == 0


def test_every_fault_of_a_key_is_told_and_what_was_typed_stays(
    administrator: Account, factory: Employer, client_of: Callable[[Account], Client], fresh: None
) -> None:
    client = client_of(administrator)
    client.cookies["language"] = "en"
    answer = client.post(f"/employer/{factory.code}/keys/", {"name": "Payroll", "days": "999"})
    text = answer.content.decode()
    assert answer.status_code == 422 and 'value="Payroll"' in text and 'value="999"' in text
    assert text.count('href="#id_') == 2 and ApiKey.objects.count() == 0


def test_only_the_administrator_sees_keys_and_secrets(
    preparer: Account,
    approver: Account,
    other_preparer: Account,
    factory: Employer,
    client_of: Callable[[Account], Client],
) -> None:
    for account in (preparer, approver, other_preparer):
        for page in ("keys", "events"):
            assert client_of(account).get(f"/employer/{factory.code}/{page}/").status_code == 404


def test_an_address_is_registered_its_deliveries_seen_and_sent_again(
    administrator: Account, factory: Employer, client_of: Callable[[Account], Client], fresh: None
) -> None:
    client, page = client_of(administrator), f"/employer/{factory.code}/events/"
    inner = client.post(page, {"do": "register", "url": "https://10.0.0.1/", "kinds": ["receipt.issued"]})
    assert inner.status_code == 422 and Endpoint.objects.count() == 0
    client.post(page, {"do": "register", "url": "https://a.example.com/", "kinds": ["receipt.issued"]})
    tell(factory)
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="given up", tries=9, said="503", next_at=None)
    shown = client.get(page).content.decode()
    assert "E26-0000001-9" in shown and "503" in shown and webhooks.secret_of(Endpoint.objects.get()) in shown
    client.post(page, {"do": "resend", "id": str(delivery.id)})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("waiting", 0)
    for _ in range(webhooks.TESTS):
        client.post(page, {"do": "test", "id": Endpoint.objects.get().handle})
    too_often = client.post(page, {"do": "test", "id": Endpoint.objects.get().handle}, follow=True)
    assert "ສິບເທື່ອ" in too_often.content.decode()
    assert Delivery.objects.filter(event__kind="endpoint.test").count() == webhooks.TESTS
    client.post(page, {"do": "remove", "id": Endpoint.objects.get().handle})
    assert Endpoint.objects.get().ended_at is not None


def test_the_page_for_developers_is_open_and_calls_nobody_else(client: Client) -> None:
    shown = client.get("/employer/developers/")
    assert shown.status_code == 200
    addresses = set(re.findall(r"https?://[\w.]+", shown.content.decode())) - {"http://www.w3.org"}
    assert all("testserver" in address for address in addresses)


def test_the_curl_examples_run_as_they_stand(
    software: Software, open_month: Month, workers: list[Person], factory: Employer
) -> None:
    """Only the variable $KEY is put in, as a shell would, a month that is open, and a number that works there."""
    client, secret = software.text.split(".")
    answered = []
    for example in EXAMPLES:
        text = example.code(f"http://testserver{ROOT}").replace("2026-10", str(open_month))
        for at, worker in enumerate(workers[:3]):
            text = text.replace(f"010000001{at + 1}", worker.number)
        if not text.startswith("curl"):
            continue
        text = text.replace("${KEY%%.*}", client).replace("${KEY#*.}", secret).replace("$KEY", software.text)
        answered.append(curl(text.replace("\\\n", "")))
    assert answered == [200, 200, 201, 200, 200, 200, 201, 200]
    assert Sheet.objects.count() == 1


def curl(command: str) -> int:
    words = shlex.split(command)
    path = words[1].removeprefix("http://testserver")
    pairs = list(zip(words[2::2], words[3::2], strict=True))
    headers = dict(value.split(": ", 1) for name, value in pairs if name == "-H")
    data = [value for name, value in pairs if name == "-d"]
    for name, value in pairs:
        if name == "-u":
            import base64

            headers["Authorization"] = "Basic " + base64.b64encode(value.encode()).decode()
    if not data:
        return Client().get(path, headers=headers).status_code
    kind = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    return Client().post(path, "&".join(data), content_type=kind, headers=headers).status_code


def test_the_python_examples_run_as_they_stand(
    software: Software,
    open_month: Month,
    workers: list[Person],
    system: Actor,
    package: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """urllib is answered by the house itself; the signature's example is tried with a signature of ours."""
    import io
    import time
    import urllib.request

    from pakan.integrations.callback import signature

    def answered(ask: Any) -> Any:
        headers = {name.title(): value for name, value in ask.header_items()}
        kind = headers.pop("Content-Type")
        path = ask.full_url.removeprefix("http://testserver")
        return io.BytesIO(Client().post(path, ask.data, content_type=kind, headers=headers).content)

    monkeypatch.setattr(urllib.request, "urlopen", answered)
    monkeypatch.setenv("KEY", software.text)
    monkeypatch.setattr(package, "Client", functools.partial(package.Client, transport=House()))
    known = on_record(system)
    root = f"http://testserver{ROOT}"
    ways = [each.code(root).replace("2026-10", str(open_month)) for each in EXAMPLES if "import" in each.text]
    ways = [text for text in ways if "PRACTICE_KEY" not in text]  # that one is run in the practice house
    names: dict[str, Any] = {}
    for text in ways:
        exec(compile(text, "example", "exec"), names)
    assert json.dumps(names["told"]["practice"]) == "false" and names["told"]["id"]
    assert names["like"]["name"] == known.name and names["like"]["sign"] in capsys.readouterr().out
    now = int(time.time())
    assert names["is_ours"](b"{}", signature(b"{}", now, ["new", "old"]), "old")
    assert not names["is_ours"](b"{ }", signature(b"{}", now, ["new", "old"]), "old")
    assert not names["is_ours"](b"{}", signature(b"{}", now - 301, ["old"]), "old")
