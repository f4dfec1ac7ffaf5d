"""Notify: tell people what happened, once, in their language, by the channel they have (C16).

Texts stand in wordings.toml in both languages with named values; Lao ones fit one or two parts of 67 letters. Messages never
carry a link, and each ends the same way in the person's own page, so that a false one can be recognised.
"""

import logging
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from pakan.integrations.telcos import named
from pakan.integrations.telcos.telco import (
    DeliveryReceipt,
    MessageRefused,
    ReceiptRefused,
    Telco,
    TelcoConfig,
    TelcoUnreachable,
)
from pakan.operations.later import later
from pakan.registers.contributions.models import Obligation
from pakan.registers.messages import actions, queries
from pakan.registers.messages.models import Message
from pakan.registers.records.models import Credit
from pakan.units.money import dotted
from pakan.units.words import english_month, lao_month

log = logging.getLogger("pakan.notify")

LADDER = RetryStrategy(max_attempts=6, wait=300)
LAST_TRY = 6
CHUNK = 500
CODE_LIFE = timedelta(minutes=5)

WORDINGS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("wordings.toml").read_text(encoding="utf-8")
)


def text_of(message: Message, language: str | None = None) -> str:
    """The text of a message in the person's language (or another)."""
    return WORDINGS[message.wording][language or message.language].format(**message.values)


def telco() -> Telco:
    wired = settings.TELCOS[settings.TELCO]
    return named(settings.TELCO, TelcoConfig(address=wired["url"], token=wired["keys"][0]))


@app.task(name="notify.month_credited", retry=LADDER)
def month_credited(obligation_id: int, version: int, corrected: bool = False) -> None:
    """Tell everybody on whose record this version wrote. Run twice, it tells nobody twice."""
    debt = Obligation.objects.select_related("employer").get(id=obligation_id)
    wording = "month_corrected" if corrected else "month_credited"
    lines = (
        Credit.objects.filter(
            employer=debt.employer, month=debt.month, version=version, person__account__isnull=False
        )
        .order_by("person_id")
        .values_list(
            "person_id", "employer_share", "worker_share", "person__phone", "person__account__id",
            "person__account__language",
        )
    )  # fmt: skip
    for start in range(0, len(lines), CHUNK):
        with transaction.atomic():
            ids = actions.queue(
                (_credited(debt, version, wording, line) for line in lines[start : start + CHUNK]),
                timezone.now(),
            )
            if ids:
                later("notify.send", message_ids=list[JSONValue](ids))


def _credited(debt: Obligation, version: int, wording: str, line: tuple[Any, ...]) -> dict[str, Any]:
    person_id, employers, workers, phone, account_id, language = line
    name = debt.employer.name_lo if language == "lo" else debt.employer.name_en or debt.employer.name_lo
    return {
        "key": f"credited:{debt.id}:{version}:{person_id}",
        "wording": wording,
        "values": {
            "month_lo": lao_month(debt.month),
            "month_en": english_month(debt.month),
            "employer": name[:40],
            "amount": dotted(employers + workers),
        },
        "language": language,
        "phone": phone,
        "person_id": person_id,
        "account_id": account_id,
    }


@app.task(name="notify.send", retry=LADDER)
def send(message_ids: list[int]) -> None:
    """Hand queued messages to the operator. The message's key goes with it, so that a repeated try is one message."""
    operator = telco()
    unreachable: TelcoUnreachable | None = None
    for message in queries.queued(message_ids):
        now = timezone.now()
        if message.wording == "code" and now - message.made_at > CODE_LIFE:
            actions.failed(message.id, final=True)
            continue
        try:
            operator_id = operator.send(message.phone, text_of(message), message.key)
        except MessageRefused:
            actions.failed(message.id, final=True)
            continue
        except TelcoUnreachable as fault:
            unreachable = fault
            actions.failed(message.id, final=message.tries + 1 >= LAST_TRY)
            continue
        actions.sent(message.id, operator.name, operator_id, now)
    if unreachable is not None:
        raise unreachable


def receive_delivery(operator: str, headers: Mapping[str, str], body: bytes, at: datetime) -> bool:
    """Take in an operator's delivery receipt; False if it is not signed as agreed (nothing changes then)."""
    keys = [key.encode() for key in settings.TELCOS[operator]["keys"]]
    try:
        told = telco().read_told(headers, body, keys, at)
    except ReceiptRefused:
        log.warning("delivery receipt refused", extra={"facts": {"operator": operator}})
        return False
    if isinstance(told, DeliveryReceipt) and told.state != "waiting":
        actions.delivery(operator, told.message_id, told.state == "delivered")
    return True
