from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from pakan.registers.access.models import Account
from tests.channels.partners.conftest import hall

__all__ = ["hall"]


@pytest.fixture
def officer(client_of: Callable[[Account], Client], finance: Account) -> Client:
    """Dara of finance, reading English."""
    client = client_of(finance)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client
