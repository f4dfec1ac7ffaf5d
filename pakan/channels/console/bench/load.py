"""Many members with two years of months, by the real operations (whose lines go in by COPY), and some who sign in."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from pakan.channels.console.bench import evening, lines
from pakan.channels.console.bench.visitor import Refused
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month

MONTHS = 24
LARGEST = 4_000  # workers of one employer
SMALL = 1999  # the place of the employer whose month is looked at in Chromium


def members(count: int, last: Month, at: datetime, say: Callable[[str], object]) -> int:
    """`count` members at employers of up to LARGEST, each with MONTHS months declared, paid and credited; the lines.

    Those that an earlier run left are enough, and none is loaded then.
    """
    if Person.objects.filter(number__startswith="99").count() >= count:
        return 0
    first = last - (MONTHS - 1)
    for place, start in enumerate(range(0, count, LARGEST), 1000):
        size = min(LARGEST, count - start)
        employer, people = lines.employer_of(size, place, first)
        _employ(employer.id, people.tolist(), first)
        for month in first.until(last):
            lines.declare_and_pay(employer, people, month)
        say(f"  {start + size:,} of {count:,}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return count * MONTHS


def _employ(employer_id: int, people: list[int], first: Month) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_employment (person_id, employer_id, start) SELECT unnest(%s::bigint[]), %s, %s",
            [people, employer_id, first.first],
        )
        # Only who has a number and a phone can sign in; these are nobody's.
        cursor.execute(
            "UPDATE people_person SET number = '99' || lpad(id::text, 8, '0'),"
            " phone = '+85620' || lpad((id %% 100000000)::text, 8, '0') WHERE id = ANY(%s)",
            [people],
        )


def employer_month(month: Month, at: datetime) -> tuple[str, str]:
    """An employer of a dozen, signed in, and the address of a month that he declared."""
    code = f"01{SMALL:05d}"
    employer = Employer.objects.filter(code=code).first()
    if employer is None:
        employer, people = lines.employer_of(12, SMALL, month)
        _employ(employer.id, people.tolist(), month)
        lines.declare_and_pay(employer, people, month)
    return evening.signed_in(employer, SMALL, at), reverse("employer:month", args=[code, month])


def sessions(count: int) -> list[str]:
    """Session keys of `count` members from all over the table, each signed in through the pages."""
    step = max(1, Person.objects.filter(number__startswith="99").count() // count)
    ids = list(
        Person.objects.filter(number__startswith="99").order_by("id").values_list("id", flat=True)[::step]
    )
    return [_signed_in(Person.objects.get(id=one), place) for place, one in enumerate(ids[:count])]


def _signed_in(person: Person, place: int) -> str:
    """One phone behind one address: the limits on addresses are not what is measured."""
    client = Client(SERVER_NAME="localhost", REMOTE_ADDR=f"10.1.{place // 250}.{place % 250 + 1}")
    born = f"{person.birth_date:%d/%m/%Y}"
    asked = client.post(reverse("member:sign_in"), {"number": person.number, "birth_date": born})
    message = Message.objects.filter(person=person, wording="code").order_by("-id").first()
    if asked.status_code != 302 or message is None:
        raise Refused(f"no code for {person.number}: {asked.status_code}")
    answer = client.post(reverse("member:code"), {"code": message.values["code"]})
    if answer.status_code != 302:
        raise Refused(f"the code was answered {answer.status_code}")
    return client.cookies["session"].value
