"""Webhooks: told at least once with one id, signed, over an endpoint that is down for a day; never to our own machines."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.integrations.callback import AddressRefused, CallFailed, check_address, post, signature
from pakan.operations import collect, happened, webhooks
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.people.models import Employer
from pakan.registers.webhooks.models import Delivery, Endpoint, Event
from pakan.units.month import Month
from tests.channels.partners.conftest import open_with_mandate
from tests.operations.desk import declared, pays

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
Act = Callable[..., Actor]


@pytest.fixture
def boss(factory: Employer, system: Actor, as_actor: Act) -> Actor:
    return as_actor(open_with_mandate(system, "vanh@example.la", factory))


@pytest.fixture
def endpoint(boss: Actor, factory: Employer) -> Endpoint:
    return webhooks.register(boss, factory, "https://payroll.example.com/hook", ["receipt.issued"])


def tell(employer: Employer, number: str = "E26-0000001-9", kind: str = "receipt.issued") -> None:
    with transaction.atomic():
        happened.tell(
            employer.id, kind, f"{kind}:{number}", number, {"receipt": number, "amount": 345_000}, AT
        )


def jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name="webhooks.deliver", status="todo").order_by("id"))


def run_due(at: datetime, send: webhooks.Send) -> int:
    """Do every job whose time has come, as a worker would."""
    due = [job for job in jobs() if job.scheduled_at is None or job.scheduled_at <= at]
    for job in due:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.id])
        webhooks.attempt(job.args["delivery_id"], at, send)
    return len(due)


class Receiver:
    """The company's machine: down until a moment, and it keeps each event once by its id."""

    def __init__(self, down_until: datetime = AT) -> None:
        self.now, self.down_until = AT, down_until
        self.calls: list[tuple[bytes, dict[str, str]]] = []
        self.taken: dict[str, Any] = {}

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        self.calls.append((body, headers))
        if self.now < self.down_until:
            raise CallFailed("ConnectError")
        told = json.loads(body)
        self.taken[told["id"]] = told
        return 200


# Told


@pytest.mark.django_db
def test_an_event_is_told_once_in_one_envelope_and_signed(endpoint: Endpoint, factory: Employer) -> None:
    receiver = Receiver()
    tell(factory)
    tell(factory)  # the same thing happened: it is one event
    assert Event.objects.count() == 1 and len(jobs()) == 1
    run_due(AT, receiver)
    [(body, headers)] = receiver.calls
    told = json.loads(body)
    assert told["specversion"] == "1.0" and told["type"] == "la.pakan.receipt.issued"
    assert (
        told["data"] == {"receipt": "E26-0000001-9", "amount": 345_000} and told["subject"] == "E26-0000001-9"
    )
    parts = dict(part.split("=") for part in headers["Signature"].split(","))
    wanted = hmac.new(webhooks.secret_of(endpoint).encode(), f"{parts['t']}.".encode() + body, hashlib.sha256)
    assert parts["v1"] == wanted.hexdigest() and parts["t"] == str(int(AT.timestamp()))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.said) == ("delivered", 1, "200")


@pytest.mark.django_db
def test_an_endpoint_that_is_down_for_a_day_hears_everything_once(
    endpoint: Endpoint, factory: Employer
) -> None:
    receiver = Receiver(down_until=AT + timedelta(hours=24))
    numbers = [f"E26-000000{n}-9" for n in range(3)]
    for number in numbers:
        tell(factory, number)
    tries = 0
    for minute in range(0, 60 * 60, 1):
        receiver.now = AT + timedelta(minutes=minute)
        tries += run_due(receiver.now, receiver)
    assert sorted(told["subject"] for told in receiver.taken.values()) == numbers
    assert {one.state for one in Delivery.objects.all()} == {"delivered"} and jobs() == []
    assert tries == 3 * 9, "at once, then eight waits that grow to a day"


@pytest.mark.django_db
def test_the_waits_grow_and_end_with_giving_up_and_a_person_sends_it_again(
    endpoint: Endpoint, factory: Employer, boss: Actor
) -> None:
    receiver = Receiver(down_until=AT + timedelta(days=30))
    tell(factory)
    at, waits = AT, []
    while jobs():
        delivery = Delivery.objects.get()
        receiver.now = at = max(at, delivery.next_at or at)
        run_due(at, receiver)
        delivery.refresh_from_db()
        if delivery.next_at:
            waits.append(delivery.next_at - at)
    assert waits == webhooks.WAITS and waits == sorted(waits) and waits[-1] == timedelta(hours=24)
    assert Delivery.objects.get().state == "given up"

    receiver.down_until = AT
    assert webhooks.resend(boss, factory, Delivery.objects.get().id)
    run_due(boss.at + timedelta(seconds=1), receiver)
    assert Delivery.objects.get().state == "delivered"
    assert len({json.loads(body)["id"] for body, _ in receiver.calls}) == 1, "one id, however often"


@pytest.mark.django_db
def test_a_month_that_is_signed_and_paid_is_told_each_once(
    boss: Actor, kham: Actor, noy: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    wanted = ["declaration.approved", "notice.paid"]
    webhooks.register(boss, factory, "https://payroll.example.com/hook", wanted)
    declaration = declared(kham, noy, factory, open_month)
    notice = collect.ask(noy, factory, [open_month])
    pays(now, notice)
    pays(now, notice)  # the bank tells it again
    receiver = Receiver()
    assert run_due(now + timedelta(minutes=1), receiver) == 2
    heard = {told["type"].removeprefix("la.pakan."): told for told in receiver.taken.values()}
    assert sorted(heard) == wanted and len(receiver.calls) == 2
    assert heard["declaration.approved"]["data"]["number"] == declaration.incoming_number
    assert heard["notice.paid"]["data"]["amount"] == notice.amount


@pytest.mark.django_db
def test_a_job_that_runs_twice_tells_once(endpoint: Endpoint, factory: Employer) -> None:
    receiver = Receiver()
    tell(factory)
    [job] = jobs()
    for _ in range(2):
        webhooks.attempt(job.args["delivery_id"], AT, receiver)
    assert len(receiver.calls) == 1 and Delivery.objects.get().tries == 1


@pytest.mark.django_db
def test_what_is_rolled_back_is_told_to_nobody(endpoint: Endpoint, factory: Employer) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        happened.tell(factory.id, "receipt.issued", "x", "x", {}, AT)
        raise ZeroDivisionError
    assert Event.objects.count() == 0 and jobs() == []


@pytest.mark.django_db
def test_during_a_change_both_secrets_sign(endpoint: Endpoint, factory: Employer, boss: Actor) -> None:
    old = webhooks.secret_of(endpoint)
    changed = webhooks.change_secret(boss, factory, endpoint.handle)
    assert changed is not None
    assert webhooks.secrets_of(changed, boss.at) == [webhooks.secret_of(changed), old]
    assert webhooks.secrets_of(changed, boss.at + webhooks.BOTH) == [webhooks.secret_of(changed)]
    assert signature(b"{}", 1, ["a", "b"]).count("v1=") == 2


@pytest.mark.django_db
def test_only_what_was_asked_for_and_only_the_own_company(
    endpoint: Endpoint, factory: Employer, other_factory: Employer, boss: Actor
) -> None:
    tell(other_factory)
    tell(factory, "N1", "notice.paid")
    assert Event.objects.count() == 0
    assert webhooks.register(boss, factory, endpoint.url, ["receipt.issued"]).id == endpoint.id
    tell(factory)
    assert webhooks.remove(boss, factory, endpoint.handle)
    assert Delivery.objects.get().state == "given up"
    receiver = Receiver()
    run_due(AT, receiver)
    assert receiver.calls == []


# A31: where we call


INNER = [
    "http://payroll.example.com/", "https://127.0.0.1:1/", "https://127.0.0.2/", "https://10.0.0.1/", "https://[::1]/",
    "https://169.254.169.254/latest/", "https://192.168.1.1/", "https://[::ffff:10.0.0.1]/", "https://[fe80::1]/",
    "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/", "https://0.0.0.0/", "https://localhost/", "https://intranet/",
    "https://db.internal/", "https://user:x@payroll.example.com/", "https://payroll.example.com:22/", "ftp://a.example.com/",
    "https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://a.example.com\\@10.0.0.1/", "https:///x", "javascript:x",
    "https://a.example.com/#x", "https://a.example.com/ x", "https://ກ.example.com/", "https://224.0.0.1/", "x" * 600, "",
]  # fmt: skip


@pytest.mark.parametrize("url", INNER)
def test_abuse_A31_addresses_of_inner_machines_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(url)


def test_abuse_A31_a_name_that_turns_to_an_inner_number_is_not_called() -> None:
    """Rebinding: the name is looked up for every call, and the number that was checked is the one that is called."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(204)

    transport = httpx.MockTransport(answer)
    url = "https://payroll.example.com/hook?x=1"
    for numbers in (["10.0.0.7"], ["8.8.8.8", "127.0.0.1"], ["::1"], ["169.254.169.254"]):
        with pytest.raises(AddressRefused):
            post(url, b"{}", {}, lookup=lambda *_, found=numbers: found, transport=transport)
    assert asked == []
    assert post(url, b"{}", {}, lookup=lambda *_: ["8.8.8.8"], transport=transport) == 204
    [request] = asked
    assert str(request.url) == "https://8.8.8.8/hook?x=1" and request.headers["Host"] == "payroll.example.com"
    assert request.extensions["sni_hostname"] == "payroll.example.com", (
        "the certificate is checked against the name"
    )


def test_abuse_A31_a_redirect_is_not_followed() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": "http://127.0.0.1/"})

    with pytest.raises(CallFailed, match="302"):
        post(
            "https://a.example.com/",
            b"{}",
            {},
            lookup=lambda *_: ["8.8.8.8"],
            transport=httpx.MockTransport(answer),
        )
    assert len(asked) == 1


@pytest.fixture
def machine() -> Iterator[tuple[str, list[bytes]]]:
    """A real HTTP server of the company, on this machine: the one inner host that tests and the demo may name."""
    taken: list[bytes] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook", taken
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_a_real_machine_hears_of_it(machine: tuple[str, list[bytes]], boss: Actor, factory: Employer) -> None:
    address, taken = machine
    webhooks.register(boss, factory, address, ["receipt.issued"])
    tell(factory)
    [job] = jobs()
    webhooks.deliver(job.args["delivery_id"])
    assert len(taken) == 1 and json.loads(taken[0])["subject"] == "E26-0000001-9"


@pytest.mark.django_db
def test_a_preparer_of_another_company_cannot_register(
    other_preparer: Account, factory: Employer, as_actor: Act
) -> None:
    with pytest.raises(PermissionError):
        webhooks.register(as_actor(other_preparer), factory, "https://a.example.com/", ["receipt.issued"])
    assert Endpoint.objects.count() == 0


# Testing


@pytest.mark.django_db
def test_a_test_event_goes_to_one_address_signed_and_marked(
    boss: Actor, endpoint: Endpoint, factory: Employer
) -> None:
    other = webhooks.register(boss, factory, "https://other.example.com/hook", ["notice.paid"])
    sent = webhooks.test(boss, factory, endpoint.handle)
    assert sent is not None and webhooks.test(boss, factory, "nobody's") is None
    receiver = Receiver()
    run_due(AT + timedelta(days=400), receiver)
    [(body, headers)] = receiver.calls
    told = json.loads(body)
    assert told["type"] == "la.pakan.endpoint.test" and told["data"] == {
        "test": True,
        "endpoint": endpoint.handle,
    }
    assert "v1=" in headers["Signature"] and not Delivery.objects.filter(endpoint=other).exists()
    sent.refresh_from_db()
    assert (sent.state, sent.said) == ("delivered", "200")


@pytest.mark.django_db
def test_abuse_A32_ten_tests_an_hour_are_enough(boss: Actor, endpoint: Endpoint, factory: Employer) -> None:
    for _ in range(webhooks.TESTS):
        assert webhooks.test(boss, factory, endpoint.handle)
    with pytest.raises(webhooks.TooOften) as often:
        webhooks.test(boss, factory, endpoint.handle)
    assert boss.at < often.value.until <= boss.at + webhooks.WITHIN
