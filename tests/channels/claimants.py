"""A member with a year of months on the record, and the way through a claim as a phone goes it, page by page."""

import io
import re
import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from pakan.registers.benefits.models import Claim
from pakan.registers.people.models import Employer, Person
from pakan.registers.records.actions import credit
from pakan.units.month import Month

WAGE = 3_200_000


def credit_months(factory: Employer, workers: list[Person], months: Iterable[Month], now: datetime) -> None:
    """Write these months on the workers' records, with the wage of all stories."""
    for month in months:
        of_all = np.full(len(workers), WAGE, dtype=np.int64)
        people = np.array(sorted(person.id for person in workers), dtype=np.int64)
        shares = {"employer_share": of_all * 6 // 100, "worker_share": of_all * 55 // 1000}
        credit(factory.id, month, 1, {"person": people, "wage": of_all, "insured": of_all, **shares}, now)


@pytest.fixture
def covered(factory: Employer, workers: list[Person], open_month: Month, now: datetime) -> list[Person]:
    """The factory's workers, each with twelve months that count."""
    credit_months(factory, workers, (open_month - 12).until(open_month - 1), now)
    return workers


def photo(name: str = "birth.jpg") -> io.BytesIO:
    """A photo as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(out, "JPEG")
    out.seek(0)
    out.name = name
    return out


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return re.sub(r"\s+", " ", answer.content.decode())


def of_groups(client: Client) -> list[dict[str, str]]:
    """Every choice on "What has happened?", under whatever heading; none has more than seven."""
    groups = client.get("/member/benefits/").context["groups"]
    assert max(len(links) for _title, links in groups) <= 7
    return [link for _title, links in groups for link in links]


def begin(client: Client, name: str = "maternity", key: uuid.UUID | None = None) -> str:
    """Tap on "Claim it": the address of the first question."""
    answer = client.post(f"/member/claims/start/{name}/", {"key": key or uuid.uuid4()})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def answer_all(client: Client, address: str, day: date, **told: object) -> str:
    """Answer each question as it comes; the address after the last one. Counts the screens in `address` history."""
    said = {"day": f"{day:%d/%m/%Y}"} | {f"q-{key}": value for key, value in told.items()}
    for _screen in range(12):
        if "/question/" not in address:
            return address
        key = address.split("/question/")[1].split("/")[0]
        name = "day" if key == "day" else f"q-{key}"
        answer = client.post(address, {name: said.get(name, "")})
        assert answer.status_code == 302, (address, re.sub(r"\s+", " ", answer.content.decode())[-3000:])
        address = str(answer["Location"])
    raise AssertionError("the questions do not end")


@pytest.fixture
def lodged(covered: list[Person], now: datetime) -> Callable[[Client], Claim]:
    """A maternity claim sent by the member of this client, with both papers."""

    def send(client: Client) -> Claim:
        birth = now.date() - timedelta(days=5)
        address = answer_all(
            client, begin(client), birth, pregnancy_months="9", children="1", leave_days="105"
        )
        for kind in ("birth", "leave"):
            client.post(address, {"kind": kind, "paper_key": uuid.uuid4(), "photo": photo()})
        client.post(address.replace("/papers/", "/check/"))
        claim = Claim.objects.latest("id")
        assert claim.state == "lodged", claim.state
        return claim

    return send
