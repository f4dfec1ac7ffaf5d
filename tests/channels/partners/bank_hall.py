"""A sandbox bank inside the test: real payments in its book, real answers over HTTP, notices as it would sign them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.test import Client

from pakan.integrations.banks.sandbox.dialect import compose_notice
from pakan.integrations.banks.sandbox.server import Counter
from pakan.integrations.banks.sandbox.till import Till, Transfer
from pakan.integrations.formats import signature
from pakan.integrations.sandbox.outbox import Sender, post
from pakan.integrations.sandbox.web import Answer, serve
from pakan.operations import collect, declare
from pakan.registers.access.actor import Actor
from pakan.registers.contributions.models import Declaration
from pakan.registers.payments.models import BankMessage
from pakan.registers.people.models import Employer, Employment
from pakan.units.month import Month

DOOR = "/partners/banks/sandbox/notice/"
WAGE = 2_500_000


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    """The address at which `answer` is asked, on this machine."""
    server = serve(0, answer)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Hall:
    """The bank as a test sees it."""

    def __init__(self, place: Path, now: datetime) -> None:
        wired = settings.BANKS["sandbox"]
        self.key = wired["keys"][0].encode()
        self.till = Till(place, wired["account"])
        self.now = now
        sender = Sender(self.till.book, "", self.key, post)
        self.counter = Counter(self.till, sender, wired["keys"][0])

    def pays(self, amount: int, reference: str = "", **facts: Any) -> str:
        """Somebody pays; the bank reference. Nobody is told yet."""
        transfer = {
            "bill": "",
            "payer": "FACTORY 0451201",
            "payer_account": "099000000017",
            "text": reference,
            "paid_at": self.now,
        }
        return self.till.pay(Transfer(amount=amount, reference=reference, **(transfer | facts)))[0]

    def notice(self, bank_reference: str, **changed: Any) -> bytes:
        """The body of the notice that the bank sends of a payment; `changed` is what a forger writes into it."""
        payment = self.till.state_of(bank_reference)[0]
        return json.dumps(compose_notice(payment) | changed).encode()

    def headers(self, body: bytes, key: bytes | None = None, at: datetime | None = None) -> dict[str, str]:
        return {signature.HEADER: signature.sign(key or self.key, body, at or self.now)}

    def tells(self, body: bytes, headers: dict[str, str] | None = None) -> Any:
        """Bring a notice to the door; the answer."""
        signed = self.headers(body) if headers is None else headers
        return Client(enforce_csrf_checks=True).post(
            DOOR, body, content_type="application/json", headers=signed
        )


def work(ids: list[int] | None = None) -> None:
    """Do the jobs of the bank's messages, as the worker does them."""
    waiting = BankMessage.objects.filter(state__in=["new", "waiting"]).order_by("id")
    for message in waiting if ids is None else waiting.filter(id__in=ids):
        collect.work_on(message.id)


def declares(system: Actor, employer: Employer, month: Month, wage: int = WAGE) -> Declaration:
    """The employer declares the same wage for everybody."""
    people = (
        Employment.objects.filter(employer=employer).order_by("person_id").values_list("person_id", flat=True)
    )
    persons = np.array(list(people), dtype=np.int64)
    return declare.declare_wages(
        system, employer, month, persons, np.full(len(persons), wage, dtype=np.int64)
    )
