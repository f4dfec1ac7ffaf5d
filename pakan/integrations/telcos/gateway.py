"""Our side of an operator, or of our own link, that takes texts over HTTP and tells their fate in signed notices."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from pakan.integrations.formats import signature
from pakan.integrations.telcos import dialect
from pakan.integrations.telcos.parts import tidy
from pakan.integrations.telcos.telco import (
    DAY,
    DeliveryReceipt,
    IncomingText,
    MessageRefused,
    ReceiptRefused,
    TelcoConfig,
    TelcoUnreachable,
)


class Gateway:
    """See `telco.Telco`."""

    name = "gateway"

    def __init__(self, config: TelcoConfig, transport: httpx.BaseTransport | None = None) -> None:
        self.config = config
        self.transport = transport

    def send(self, to: str, text: str, key: str, life: timedelta = DAY) -> str:
        message = {"to": to, "text": tidy(text), "key": key, "sender": self.config.sender,
                   "seconds": int(life.total_seconds())}  # fmt: skip
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

    def read_told(
        self, headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], now: datetime
    ) -> DeliveryReceipt | IncomingText:
        try:
            signature.check(headers, body, keys, now)
        except signature.SignatureRefused as refused:
            raise ReceiptRefused(refused.code) from refused
        return dialect.read_told(body)
