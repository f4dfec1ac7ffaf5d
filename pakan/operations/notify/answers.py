"""What people write to the fund's number, and the answer (C24, opt-out).

The number is a hint and no proof, so an answer goes back to the number on record only, holds no number of a person, and
unknown numbers hear nothing.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from pakan.integrations.telcos.telco import IncomingText
from pakan.operations.speak import say
from pakan.registers.access.actions import TooOften, count
from pakan.registers.access.models import Account
from pakan.registers.messages import actions
from pakan.registers.people.models import Person
from pakan.registers.records.queries import statement
from pakan.units.money import dotted
from pakan.units.number import WrongNumber, clean_phone
from pakan.units.words import english_month, lao_month

log = logging.getLogger("pakan.notify")

MOST = 6  # answers to one number in an hour
STOP, START, BALANCE, OTHER = "stop", "start", "balance", "other"
_WORDS = {
    STOP: {"stop", "ຢຸດ", "unsubscribe", "cancel", "ຍົກເລີກ"},
    START: {"start", "ເລີ່ມ"},
    BALANCE: {"balance", "ຍອດ", "ເດືອນ", "bal"},
}


def asked(text: str) -> str:
    """Which of our words begins the text."""
    words = text.replace(".", " ").replace("!", " ").casefold().split()
    first = words[0] if words else ""
    return next((kind for kind, known in _WORDS.items() if first in known), OTHER)


def take_in(operator: str, told: IncomingText, at: datetime) -> None:
    """Act on it once, however often the operator tells it. The words themselves are not kept."""
    try:
        phone = clean_phone(told.sender)
    except WrongNumber:
        log.info("a text from something that is no number")
        return
    try:
        count(f"wrote:{phone}", at, MOST, timedelta(hours=1))
    except TooOften:
        return
    asks = asked(told.text)
    with transaction.atomic():
        row = actions.heard(operator, told.id, phone, asks, at)
        people = list(Person.objects.filter(phone=phone).order_by("id")[:2])
        if row is None or not (people or Account.objects.filter(phone=phone).exists()):
            return
        if asks == STOP:
            actions.stop_news(phone, at)
        elif asks == START:
            actions.start_news(phone, at)
        _answer(f"answer:{row.id}", asks, phone, people, at)


def _answer(key: str, asks: str, phone: str, people: list[Person], at: datetime) -> None:
    one = people[0] if len(people) == 1 else None
    account = Account.objects.filter(person=one).first() if one else None
    wording, values = f"answer_{asks}", dict[str, str]()
    if asks == BALANCE:
        wording, values = _balance(people)
    row = {
        "key": key,
        "wording": wording,
        "values": values,
        "language": account.language if account else "lo",
        "phone": phone,
        "person_id": one.id if one else None,
        "account_id": account.id if account else None,
    }
    say([row], at, at_once=True)


def _balance(people: list[Person]) -> tuple[str, dict[str, str]]:
    """Months that count and the last payment; of several people with one phone, nothing of any."""
    if len(people) != 1:
        return "answer_several", {}
    posted = statement(people[0].id)
    if not posted:
        return "answer_no_month", {}
    last = posted[0]
    of_month = [one for one in posted if one.month == last.month]
    return "answer_balance", {
        "months": str(len({one.month for one in posted})),
        "month_lo": lao_month(last.month),
        "month_en": english_month(last.month),
        "amount": dotted(sum(one.employer_share + one.worker_share for one in of_month)),
    }
