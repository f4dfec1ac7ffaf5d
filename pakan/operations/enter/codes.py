"""A member's code: number and birth date are asked, six digits go to the phone on record (A-54).

Number and birth date alone open nothing, and no answer here tells whether a person or an account is known.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from pakan.operations.enter.limits import DAY, HOUR, digits, log, network
from pakan.operations.later import later
from pakan.registers.access import actions
from pakan.registers.access.models import Account
from pakan.registers.messages import actions as messages
from pakan.registers.people.queries import person_in_use, who_signs_in
from pakan.units.number import WrongNumber, clean_person_number

PURPOSE = "sign_in"
CODES = ((5, HOUR), (10, DAY))  # codes sent to one number
TRIES = ((20, HOUR), (50, DAY))  # codes tried for one number, however many were sent
ASKED_FROM_ONE_ADDRESS = (30, timedelta(minutes=10))  # many people share an address of their operator
TRIED_FROM_ONE_ADDRESS = (100, timedelta(minutes=10))


def ask_code(number: str, birth_date: date, at: datetime, address: str, language: str = "lo") -> str:
    """The token of a code that is on its way to the phone on record. Raises TooOften.

    An old number leads to the one account, by the phone of the number in use alone (C8): who took over the phone of an old
    number gains nothing by it. Nobody learns whether such a person exists: for nobody the same statements run, and those
    that would send are undone by their savepoint.
    """
    number = clean_number(number)
    actions.count(f"code-from:{network(address)}", at, *ASKED_FROM_ONE_ADDRESS)
    for most, within in CODES:
        actions.count(f"code:{number}:{within}", at, most, within)
    person = who_signs_in(number, birth_date)
    reached = person if person and person.phone else None
    with transaction.atomic():
        token, code = actions.make_code(reached, PURPOSE, at)
        with transaction.atomic():
            row = {
                "key": f"code:{token}", "wording": "code", "values": {"code": code, "purpose": PURPOSE},
                "language": language, "phone": reached.phone if reached else "+",
                "person_id": reached.id if reached else None,
            }  # fmt: skip
            later("notify.send", message_ids=list[Any](messages.queue([row], at)))
            if reached is None:
                transaction.set_rollback(True)
    return token


def clean_number(text: str) -> str:
    """As stored; what cannot be a number stays as typed, finds nobody and is answered like any other."""
    try:
        return clean_person_number(text)
    except WrongNumber:
        return text.strip()[:20]


def use_code(
    token: str, code: str, at: datetime, number: str = "", address: str = "", language: str = "lo"
) -> Account | None:
    """The account whose code this is, once. None if wrong, late or used. Raises TooOften.

    Tries are counted for the number that was typed, known or not, so that a new code does not clear them.
    """
    if address:
        actions.count(f"try-from:{network(address)}", at, *TRIED_FROM_ONE_ADDRESS)
    for most, within in TRIES:
        actions.count(f"try:{clean_number(number) or token}:{within}", at, most, within)
    person = actions.use_code(token, digits(code), PURPOSE, at)
    if person is None:
        log.info("refused", extra={"facts": {"why": "code"}})
        return None
    if (
        person_in_use(person).id != person.id
    ):  # merged while the code was on its way: it went to the old number's phone
        log.info("refused", extra={"facts": {"why": "merged"}})
        return None
    account = actions.member_account(person, at)
    if account.last_login is None and account.language != language:
        actions.speak(account, language)
        account.language = language
    return account if account.is_active else None
