"""A company's payroll software inside a test: a key of its administrator, and requests as a program makes them."""

import json
from collections.abc import Collection
from typing import Any
from uuid import uuid4

from django.test import Client

from pakan.operations import apikeys
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import ApiKey
from pakan.registers.people.models import Employer, Person

ROOT = "/api/v1/employer/"
ALL = tuple(ApiKey.Scope.values)


class Software:
    """It holds a key. `ask` reads and `send` acts; each act has an Idempotency-Key."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def ask(self, path: str) -> Any:
        return self.client.get(ROOT + path, headers={"Authorization": f"Bearer {self.text}"})

    def send(self, path: str, body: Any, key: str = "") -> Any:
        text = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.client.post(ROOT + path, text, content_type="application/json", headers=self.headers(key))

    def drop(self, path: str) -> Any:
        return self.client.delete(ROOT + path, headers=self.headers(""))

    def upload(self, month: str, name: str, content: bytes, key: str = "") -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        told = {"month": month, "file": SimpleUploadedFile(name, content)}
        return self.client.post(ROOT + "declarations/file", told, headers=self.headers(key))

    def headers(self, key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.text}", "Idempotency-Key": key or uuid4().hex}


def key_for(
    actor: Actor, employer: Employer, scopes: Collection[str] = ALL, *, days: int = 30, practice: bool = False
) -> tuple[ApiKey, Software]:
    made, text = apikeys.make(actor, employer, "Payroll", scopes, days, practice)
    return made, Software(text)


def lines(people: list[Person], wage: int = 3_000_000) -> list[dict[str, Any]]:
    """A line a worker, as payroll software keeps them."""
    return [{"number": one.number, "name": one.name, "wage": wage} for one in people]
