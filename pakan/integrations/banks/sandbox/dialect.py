"""How the sandbox bank writes a payment (JSON), turned into our words and back.

Times are Vientiane without a zone: '2026-03-02 09:15:00'. Amounts are texts of whole kip.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from pakan.integrations.banks.bank import (
    BankConfig,
    DebitOrder,
    NameCheck,
    NoticeRefused,
    PaymentNotice,
    TransferOrder,
    TransferState,
)
from pakan.integrations.formats.iso20022 import VIENTIANE, Debit, Transfer, read_report
from pakan.integrations.formats.iso20022.transfer import REFUSED, SETTLED
from pakan.units.money import kip

LONGEST = 64 * 1024


def compose_notice(payment: PaymentNotice) -> dict[str, object]:
    return {
        "event": "payment",
        "refNo": payment.bank_reference,
        "exReferenceNo": payment.scheme_reference,
        "billNumber": payment.bill,
        "creditorReference": payment.reference,
        "txnAmount": str(payment.amount),
        "sourceCurrency": payment.currency,
        "txnDateTime": payment.paid_at.astimezone(VIENTIANE).strftime("%Y-%m-%d %H:%M:%S"),
        "sourceName": payment.payer_name,
        "sourceAccount": payment.payer_account,
        "narration": payment.text,
    }


def read_body(body: bytes) -> PaymentNotice:
    """The payment in the body of a notice whose signature was found good. Raises NoticeRefused."""
    if len(body) > LONGEST:
        raise NoticeRefused("unreadable")
    try:
        told = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise NoticeRefused("unreadable") from error
    if not isinstance(told, dict):
        raise NoticeRefused("unreadable")
    return read_payment(told)


def read_payment(told: Mapping[str, object]) -> PaymentNotice:
    """Raises NoticeRefused: unreadable, currency, amount, time."""
    bank_reference = _text(told, "refNo")
    if not bank_reference:
        raise NoticeRefused("unreadable")
    if _text(told, "sourceCurrency") != "LAK":
        raise NoticeRefused("currency")
    return PaymentNotice(
        bank_reference=bank_reference,
        scheme_reference=_text(told, "exReferenceNo"),
        bill=_text(told, "billNumber"),
        amount=kip(_amount(_text(told, "txnAmount"))),
        currency="LAK",
        paid_at=_moment(_text(told, "txnDateTime")),
        payer_name=_text(told, "sourceName"),
        payer_account=_text(told, "sourceAccount"),
        reference=_text(told, "creditorReference").replace(" ", "").upper(),
        text=_text(told, "narration"),
    )


def read_name_check(told: object) -> NameCheck:
    """Raises ValueError for anything but one of the four words."""
    words: dict[str, NameCheck] = {"match": "match", "close": "close", "no": "no", "unknown": "unknown"}
    found = words.get(str(told.get("owner"))) if isinstance(told, dict) else None
    if found is None:
        raise ValueError("not a name check")
    return found


def transfer_of(order: TransferOrder, config: BankConfig) -> Transfer:
    """The order as this bank wants it: executed on the day on which it was ordered."""
    return Transfer(
        number=order.number,
        uetr=order.uetr,
        amount=order.amount,
        day=order.ordered_at.astimezone(VIENTIANE).date(),
        made_at=order.ordered_at,
        debtor=config.receiver_name,
        debtor_account=config.account,
        creditor_bank=config.iin,
        creditor_account=order.account,
        creditor=order.name,
        text=order.text,
    )


def debit_of(order: DebitOrder, config: BankConfig) -> Debit:
    return Debit(
        number=order.number,
        mandate=order.mandate,
        given_on=order.given_on,
        amount=order.amount,
        day=order.day,
        made_at=order.announced_at,
        creditor=config.receiver_name,
        creditor_account=config.account,
        debtor_bank=config.iin,
        debtor_account=order.account,
        debtor=order.name,
        reference=order.reference,
    )


def read_state(content: bytes) -> TransferState:
    """What a pain.002 means to us. Raises StatementRefused."""
    told = read_report(content)
    if told.status in REFUSED:
        return TransferState(told.number, "refused", told.reason or "MS03", told.bank_reference)
    if told.status in SETTLED:
        return TransferState(told.number, "paid", "", told.bank_reference)
    return TransferState(told.number, "waiting", "", told.bank_reference)


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str) or len(value) > 500:
        raise NoticeRefused("unreadable")
    return value.strip()


def _amount(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15 and int(text) > 0):
        raise NoticeRefused("amount")
    return int(text)


def _moment(text: str) -> datetime:
    try:
        # The bank's clock writes no zone; it stands in Vientiane.
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=VIENTIANE)
    except ValueError as error:
        raise NoticeRefused("time") from error
