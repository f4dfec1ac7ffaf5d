"""Changes that employers ask for, at the desk: said yes or no with an answer; identity takes two; a no needs a reason."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import alter
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.joining.models import Change
from pakan.registers.people.models import Employer
from tests.operations.test_alter import PAPER

pytestmark = pytest.mark.django_db
As = Callable[[Account], Client]


@pytest.fixture
def asked(administrator: Account, as_actor: Callable[..., Actor], factory: Employer) -> Change:
    wanted = {"name_lo": "ໂຮງງານ ດອກຄູນ", "name_en": "Dok Khoun"}
    return alter.ask(as_actor(administrator), factory, "name", wanted, paper=PAPER)


def sends(client: Client, asked: Change, **data: str) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.post(f"/office/changes/{asked.number}/", data, follow=True)
    asked.refresh_from_db()
    return answer.content.decode()


def test_two_officers_say_yes_and_the_same_one_cannot_say_it_twice(
    asked: Change, registrar: Account, second_registrar: Account, client_of: As, factory: Employer
) -> None:
    first = client_of(registrar)
    assert "Kept." in sends(first, asked, act="yes", answer="") and asked.state == "proposed"
    assert "Another officer than the first must decide." in sends(first, asked, act="yes", answer="")
    assert asked.state == "proposed"
    sends(client_of(second_registrar), asked, act="yes", answer="")
    factory.refresh_from_db()
    assert factory.name_lo == "ໂຮງງານ ດອກຄູນ"


def test_a_no_needs_a_reason_and_anything_else_is_not_there(
    asked: Change, registrar: Account, client_of: As
) -> None:
    client = client_of(registrar)
    assert "Say why not." in sends(client, asked, act="no", answer=" ") and asked.state == "waiting"
    assert client.post(f"/office/changes/{asked.number}/", {"act": "maybe", "answer": "x"}).status_code == 404
    sends(client, asked, act="no", answer="The paper shows another name.")
    assert asked.answer == "The paper shows another name." and asked.state == "refused"
