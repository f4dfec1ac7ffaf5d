"""Our side of the sandbox bank: what we ask it over HTTP, and how we read what it sends us."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import httpx

from pakan.integrations.banks.bank import (
    BankConfig,
    BankUnreachable,
    Code,
    CodeOrder,
    DebitOrder,
    NameCheck,
    NoticeRefused,
    PaymentNotice,
    PaymentState,
    TransferOrder,
    TransferState,
)
from pakan.integrations.banks.sandbox import dialect
from pakan.integrations.formats import emvco, signature
from pakan.integrations.formats.iso20022 import (
    Statement,
    StatementRefused,
    compose_debit,
    compose_transfer,
    parse,
)

XML = {"Content-Type": "application/xml"}


class Client:
    """The sandbox bank (see `bank.Bank`). It lets its merchants compose the code."""

    name = "sandbox"

    def __init__(self, config: BankConfig, transport: httpx.BaseTransport | None = None) -> None:
        self.config = config
        self.transport = transport

    @property
    def account(self) -> str:
        return self.config.account

    def ask_for_code(self, order: CodeOrder) -> Code:
        text = emvco.compose(
            emvco.Bill(
                iin=self.config.iin,
                receiver=self.config.receiver,
                amount=order.amount,
                number=order.bill,
                reference=order.reference,
                terminal=order.terminal,
                purpose=order.purpose,
                name=self.config.receiver_name,
                place=self.config.place,
            )
        )
        return Code(text, "us", order.expires)

    def state_of(self, reference: str) -> PaymentState:
        reply = self._get("/state", {"reference": reference})
        try:
            payments = reply.json()["payments"]
            return PaymentState(reference, tuple(dialect.read_payment(told) for told in payments))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise BankUnreachable("the bank's answer cannot be read") from error

    def read_notice(
        self, headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], now: datetime
    ) -> PaymentNotice:
        try:
            signature.check(headers, body, keys, now)
        except signature.SignatureRefused as refused:
            raise NoticeRefused(refused.code) from refused
        return dialect.read_body(body)

    def pay(self, bill: str, reference: str, amount: int) -> None:
        """What a payer does with his telephone, for the practice house. Raises BankUnreachable."""
        form = {"way": "exact", "bill": bill, "reference": reference, "amount": str(amount)}
        self._ask("POST", "/pay", known=(303,), data=form, headers={"Origin": self.config.address})

    def fetch_statement(self, day: date) -> Statement:
        return parse(self._get("/statement", {"day": day.isoformat()}).content)

    def check_account(self, number: str, name: str) -> NameCheck:
        # In the body, not in the address: whose account it is must not stand in anybody's log.
        reply = self._ask("POST", "/account", json={"account": number, "name": name})
        try:
            return dialect.read_name_check(reply.json())
        except ValueError as error:
            raise BankUnreachable("the bank's answer cannot be read") from error

    def send_transfer(self, order: TransferOrder) -> TransferState:
        file = compose_transfer(dialect.transfer_of(order, self.config))
        return self._report("POST", "/transfers", content=file, headers=XML)

    def transfer_state(self, number: str) -> TransferState:
        return self._report("GET", "/transfer", number, params={"number": number})

    def draw_debit(self, order: DebitOrder) -> TransferState:
        file = compose_debit(dialect.debit_of(order, self.config))
        return self._report("POST", "/debits", content=file, headers=XML)

    def debit_state(self, number: str) -> TransferState:
        return self._report("GET", "/debit", number, params={"number": number})

    def _report(self, method: str, path: str, number: str = "", **more: Any) -> TransferState:
        reply = self._ask(method, path, known=(404,) if number else (), **more)
        if reply.status_code == 404:
            return TransferState(number, "not_known")
        try:
            return dialect.read_state(reply.content)
        except StatementRefused as error:
            raise BankUnreachable("the bank's answer cannot be read") from error

    def _get(self, path: str, query: dict[str, str]) -> httpx.Response:
        return self._ask("GET", path, params=query)

    def _ask(self, method: str, path: str, known: tuple[int, ...] = (), **more: Any) -> httpx.Response:
        """The bank's answer; a status that is neither good nor `known` is no answer."""
        headers = {"Authorization": f"Bearer {self.config.token}"} | more.pop("headers", {})
        try:
            with httpx.Client(transport=self.transport, timeout=10, trust_env=False) as http:
                reply = http.request(method, self.config.address.rstrip("/") + path, headers=headers, **more)
                return reply if reply.status_code in known else reply.raise_for_status()
        except httpx.HTTPError as error:
            raise BankUnreachable(type(error).__name__) from error
