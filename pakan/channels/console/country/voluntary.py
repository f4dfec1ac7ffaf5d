"""One who left his employer and insures himself: joined on the phone, paid three months ahead by LAO QR."""

from datetime import datetime, timedelta

import numpy as np
from django.conf import settings

from pakan.channels.console.country.careers import STAYS
from pakan.channels.console.country.history import BANK, History, Unit
from pakan.operations import collect, enrol, voluntary
from pakan.operations.collect import PaymentNotice
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.queries import actor_of
from pakan.registers.people.models import Person
from pakan.units.money import Kip
from pakan.units.month import Month

INCOME = Kip(1_500_000)
BEFORE = timedelta(days=35)  # before the end of the history


def leaver(units: list[Unit], month: Month) -> Person | None:
    """The first who left an employer for good and has a telephone; of an age to join."""
    for unit in units:
        gone = np.flatnonzero(unit.crew.last != STAYS).tolist()
        for number in (unit.crew.numbers[place] for place in gone if unit.crew.people[place]["phone"]):
            found = Person.objects.filter(number=number, account=None, employments__end__isnull=False).first()
            if found and voluntary.old_enough(found.birth_date, month):
                return found
    return None


def insures_himself(units: list[Unit], history: History) -> Person | None:
    """He joins and pays as his phone would; None in a country so small that nobody ever left."""
    at = history.now - BEFORE
    month = Month.of(at.astimezone(VIENTIANE).date())
    person = leaver(units, month)
    if person is None:
        return None
    account = enrol.account(
        Actor.system(at, "country"),
        f"member-{person.number}",
        "member",
        person.name,
        person=person,
        phone=person.phone,
    )
    me = actor_of(account, at, "member", "-", "lo")
    voluntary.join(me, INCOME, 3, month)
    notice = voluntary.ask(me, 3)
    assert notice is not None
    _pays(notice.reference, notice.number, notice.amount, person.name_latin or "VOLUNTARY MEMBER", at)
    return person


def _pays(reference: str, bill: str, amount: Kip, name: str, at: datetime) -> None:
    told = PaymentNotice(
        bank_reference=f"IC{at:%y%m%d}{bill}",
        scheme_reference=f"LAPN{at:%y%m%d}{bill}",
        bill=bill,
        amount=amount,
        currency="LAK",
        paid_at=at,
        payer_name=name.upper(),
        payer_account="0900000000418",
        reference=reference,
    )
    collect.book(Actor.system(at, "country"), BANK, settings.BANKS[BANK]["account"], told)
