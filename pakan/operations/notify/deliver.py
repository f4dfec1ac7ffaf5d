"""The way of a message: queued, handed over, its receipt, and the next way when one fails."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from pakan.integrations.telcos.telco import IncomingText, ReceiptRefused
from pakan.operations.later import later
from pakan.operations.notify import answers, ways
from pakan.operations.notify.ways import CODE_LIFE, Refused, Silent
from pakan.operations.notify.words import URGENT
from pakan.operations.speak import after_quiet, say
from pakan.registers.contributions.models import Obligation
from pakan.registers.messages import actions, queries
from pakan.registers.messages.models import CODES, Message
from pakan.registers.records.models import Credit
from pakan.units.money import dotted
from pakan.units.words import english_month, lao_month

log = logging.getLogger("pakan.notify")

LADDER = RetryStrategy(max_attempts=6, wait=300)
LAST_TRY = 6
CHUNK = 500
SILENCE = timedelta(hours=26)  # a day that the text may wait at the operator, and two hours for its receipt
OURS_TO_MEND = {"sender": "the operator refuses our sender name", "submit": "the operator refuses our texts"}


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
    say((_credited(debt, version, wording, line) for line in lines.iterator(CHUNK)), timezone.now())


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
    """Hand queued messages over. The message's key goes with it, so that a repeated try is one message.

    Whatever brought the job here late, no phone rings in the quiet hours; codes and answers go at any time.
    """
    now = timezone.now()
    found = queries.queued(message_ids)
    morning = after_quiet(now)
    kept = [message.id for message in found if morning is not None and message.wording not in URGENT]
    if kept:
        with transaction.atomic():
            later("notify.send", not_before=morning, message_ids=list[JSONValue](kept))
    silent = [message for message in found if message.id not in kept and not _deliver(message, now)]
    if silent:
        raise Silent(f"{len(silent)} messages")


def _deliver(message: Message, now: datetime) -> bool:
    """Try the ways that are left, best first. False: the other side was silent, try again."""
    if message.wording in CODES and message.phone and now - message.made_at > CODE_LIFE:
        actions.outlived(message.id)
        return True
    over = queries.tried(message.id)
    for way in ways.ways_of(message):
        attempt = None if way in over else actions.begin(message.id, way, now)
        if attempt is None:
            continue
        try:
            handed = ways.BY[way](message, now)
        except Refused as fault:
            actions.way_failed(attempt, fault.reason, now)
        except Silent:
            if message.tries + 1 < LAST_TRY:
                actions.stumbled(message.id)
                return False
            actions.way_failed(attempt, "silence", now)
        else:
            actions.handed(attempt, handed.operator, handed.operator_id, now)
            return True
        message.tries = 0
    actions.no_way_left(message.id)
    return True


def receive(operator: str, headers: Mapping[str, str], body: bytes, at: datetime) -> bool:
    """Take in what an operator tells us, a receipt or somebody's text; False if it is not signed as agreed."""
    keys = [key.encode() for key in settings.TELCOS[operator]["keys"]]
    try:
        told = ways.telco(operator).read_told(headers, body, keys, at)
    except ReceiptRefused:
        log.warning("delivery receipt refused", extra={"facts": {"operator": operator}})
        return False
    if isinstance(told, IncomingText):
        answers.take_in(operator, told, at)
    elif told.state != "waiting":
        if told.reason in OURS_TO_MEND:
            log.error(OURS_TO_MEND[told.reason], extra={"facts": {"operator": operator}})
        with transaction.atomic():
            again = actions.delivery(operator, told.message_id, told.state == "delivered", told.reason, at)
            if again is not None:
                later("notify.send", message_ids=[again])
    return True


def sweep_silent(at: datetime) -> int:
    """Texts of which nothing was heard for more than a day go on by the next way; how many."""
    with transaction.atomic():
        found = actions.silent(at - SILENCE, at)
        if found:
            later("notify.send", not_before=after_quiet(at), message_ids=list[JSONValue](found))
    return len(found)


@app.periodic(cron="40 * * * *")
@app.task(name="notify.sweep", queueing_lock="notify.sweep")
def sweep(timestamp: int) -> None:
    """Each hour: what fell silent."""
    silent = sweep_silent(timezone.now())
    if silent:
        log.warning("texts without a receipt", extra={"facts": {"messages": silent}})
