"""The page where a registrar compares workers whom an employer took for two persons."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from pakan.operations import hire
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.joining.models import Override
from pakan.registers.people.models import Employer
from tests.operations.test_hire import kham, on_record, take

__all__ = ["kham"]  # a fixture


def test_a_possible_double_is_compared_and_judged_on_its_own_page(
    kham: Actor, factory: Employer, system: Actor, registrar: Account, client_of: Callable[[Account], Client]
) -> None:
    known = on_record(system)
    found = take(kham, factory, {})
    hire.answer(kham, factory, found.id, 0, "new", reason="ລູກແຝດ")
    hire.finish(kham, factory, found.id)
    noted = Override.objects.get()
    address = reverse("office:overrides")
    client = client_of(registrar)

    page = client.get(address)
    assert page.resolver_match.view_name == "office:overrides"
    assert known.name in page.content.decode() and "ລູກແຝດ" in page.content.decode()

    client.post(address, {"id": noted.id, "act": "same"})
    noted.refresh_from_db()
    assert noted.same is True and noted.looked_by == registrar
    assert "ລູກແຝດ" not in client.get(address).content.decode()


def test_an_auditor_looks_at_doubles_and_decides_nothing(
    auditor: Account, client_of: Callable[[Account], Client]
) -> None:
    client = client_of(auditor)
    assert client.get(reverse("office:overrides")).status_code == 200
    assert client.post(reverse("office:overrides"), {"id": "1", "act": "same"}).status_code == 403
