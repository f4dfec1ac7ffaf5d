"""What others do in a month, for software that practises: the person who approves, and the bank that is paid.

So a program can be tried from the first call to the receipt without a hand on it. There are no such acts in the real
house: there a person of the company signs, and money comes from an account.
"""

from dataclasses import replace

from django.conf import settings

from pakan.integrations.banks.sandbox.client import Client
from pakan.operations import declare, steps
from pakan.operations.practise.company import BANK
from pakan.registers.access.actor import Actor
from pakan.registers.access.roles import Role
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.payments.models import Notice


def approve(actor: Actor, sheet: Sheet) -> Declaration:
    """The company's approver signs what was handed over; a practising person is both. Raises declare.Refused."""
    assert settings.PRACTICE, "in the real house a person approves"
    approver = replace(actor, employers={sheet.employer_id: frozenset({Role.EMPLOYER_APPROVER})})
    return declare.approve(approver, sheet, sheet.revision)


def pay(notice: Notice) -> None:
    """The notice is paid at the sandbox bank, once; the bank then tells us. Outside any transaction.

    Raises BankUnreachable.
    """
    assert settings.PRACTICE, "in the real house money comes from an account"
    bank = steps.bank(BANK)
    assert isinstance(bank, Client)
    if not bank.state_of(notice.reference).paid:
        bank.pay(notice.number, notice.reference, notice.amount)
