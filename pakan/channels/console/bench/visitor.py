"""Somebody who signs in through the real pages and opens others: what a page costs is asked where people ask it."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pakan.channels.console.country.accounts import DemoAccount
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person

COUNTED_NOT = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


class Refused(RuntimeError):
    """A page of the bench's own path did not answer as it should."""


def visitor(account: DemoAccount) -> Client:
    """Signed in with password and code."""
    client = Client(SERVER_NAME="localhost")
    _post(client, "public:sign_in", {"name": account.sign_in, "password": account.password})
    _post(client, "public:second", {"code": account.code()})
    return client


def member(person: Person) -> Client:
    """Signed in with number, birth date, and the code that would have gone to the phone."""
    client = Client(SERVER_NAME="localhost")
    _post(client, "member:sign_in", {"number": person.number, "birth_date": f"{person.birth_date:%d/%m/%Y}"})
    message = Message.objects.filter(person=person, wording="code").latest("id")
    _post(client, "member:code", {"code": message.values["code"]})
    return client


def _post(client: Client, view: str, form: dict[str, Any]) -> None:
    answer = client.post(reverse(view), form)
    if answer.status_code != 302:
        raise Refused(f"{view} answered {answer.status_code}")


def queries(client: Client, address: str) -> int:
    """How many queries the page at `address` asks, without the marks of its transactions."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200:
        raise Refused(f"{address} answered {answer.status_code}")
    return counted(captured)


def counted(captured: CaptureQueriesContext) -> int:
    return sum(not str(query["sql"]).startswith(COUNTED_NOT) for query in captured.captured_queries)
