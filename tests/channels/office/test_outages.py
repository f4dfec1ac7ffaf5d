"""Outages on the office's page and on the page for everybody."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from pakan.registers.access.actor import VIENTIANE
from pakan.registers.access.models import Account
from pakan.registers.service.models import Outage

pytestmark = pytest.mark.django_db


def told(now: datetime, **more: str) -> dict[str, str]:
    day = now.astimezone(VIENTIANE).date() - timedelta(days=1)
    return {
        "day": f"{day:%d.%m.%Y}",
        "start": "09:00",
        "end": "11:00",
        "lo": "ທະນາຄານບໍ່ຕອບ",
        "en": "bank",
    } | more


def test_an_officer_writes_an_outage_down_and_everybody_can_read_it(
    communicator: Account, client_of: Callable[[Account], Client], now: datetime, client: Client
) -> None:
    office = client_of(communicator)
    assert office.post("/office/outages/", told(now)).status_code == 302
    assert "ທະນາຄານບໍ່ຕອບ" in office.get("/office/outages/").content.decode()
    assert "ທະນາຄານບໍ່ຕອບ" in client.get("/service/").content.decode()
    office.post("/office/outages/", told(now))
    assert Outage.objects.count() == 1


def test_a_wrong_stretch_is_refused_and_the_words_are_kept(
    communicator: Account, client_of: Callable[[Account], Client], now: datetime
) -> None:
    answer = client_of(communicator).post("/office/outages/", told(now, end="08:00"))
    assert answer.status_code == 422
    assert "ທະນາຄານບໍ່ຕອບ" in answer.content.decode()
    assert not Outage.objects.exists()


def test_an_auditor_reads_and_writes_nothing(
    auditor: Account, client_of: Callable[[Account], Client], now: datetime
) -> None:
    office = client_of(auditor)
    assert '<form class="form' not in office.get("/office/outages/").content.decode()
    office.post("/office/outages/", told(now))
    assert not Outage.objects.exists()
