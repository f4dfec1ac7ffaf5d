"""Our side of the sandbox operator."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import httpx

from pakan.integrations.formats import signature
from pakan.integrations.telcos.parts import tidy
from pakan.integrations.telcos.sandbox import dialect
from pakan.integrations.telcos.telco import (
    DeliveryReceipt,
    MessageRefused,
    ReceiptRefused,
    TelcoConfig,
    TelcoUnreachable,
)


class Client:
    """The sandbox operator (see `telco.Telco`)."""

    name = "sandbox"

    def __init__(self, config: TelcoConfig, transport: httpx.BaseTransport | None = None) -> None:
        self.config = config
        self.transport = transport

    def send(self, to: str, text: str, key: str) -> str:
        message = {"to": to, "text": tidy(text), "key": key, "sender": self.config.sender}
        try:
            with httpx.Client(transport=self.transport, timeout=10, trust_env=False) as http:
                reply = http.post(
                    self.config.address.rstrip("/") + "/messages",
                    json=message,
                    headers={"Authorization": f"Bearer {self.config.token}"},
                )
            if reply.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
                raise MessageRefused("the operator does not take this number or text")
            message_id = reply.raise_for_status().json()["id"]
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise TelcoUnreachable(type(error).__name__) from error
        return str(message_id)

    def read_receipt(
        self, headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], now: datetime
    ) -> DeliveryReceipt:
        try:
            signature.check(headers, body, keys, now)
        except signature.SignatureRefused as refused:
            raise ReceiptRefused(refused.code) from refused
        return dialect.read_receipt(body)
