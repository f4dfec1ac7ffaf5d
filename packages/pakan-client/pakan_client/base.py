"""Sending: the key, the Idempotency-Key, and the same again after silence."""

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Literal, Self
from uuid import uuid4

import httpx

TRIES = 5
AGAIN = (429, 502, 503, 504)
LONGEST_WAIT = 300.0  # seconds
SHOWN = 5  # places that the words of a refusal name; all are in `errors`


class Refused(Exception):
    """The fund answered with problem details (RFC 9457)."""

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        places = [f"{one['pointer']} {one['code']}" for one in told.get("errors", [])]
        says = [
            f"{status} {told.get('code', '')}: {told.get('detail', '')}",
            *places[:SHOWN],
            *["…"] * (len(places) > SHOWN),
        ]
        super().__init__("\n".join(says))
        self.status, self.told = status, told
        self.code: str = told.get("code", "")
        self.says: Mapping[str, str] = told.get("says", {})
        self.errors: list[Mapping[str, Any]] = list(told.get("errors", []))


class Silent(Exception):
    """No answer, so nobody knows whether it was done: send the same again later with the same `once`."""

    def __init__(self, once: str) -> None:
        super().__init__(f"no answer; send it again with once={once!r}")
        self.once = once


class Base:
    """What every call of the generated client does."""

    def __init__(
        self,
        root: str,
        key: str,
        transport: httpx.BaseTransport | None = None,
        wait: Callable[[float], None] = time.sleep,
        language: Literal["en", "lo"] = "en",
    ) -> None:
        self._http = httpx.Client(
            base_url=root,
            headers={
                "Authorization": f"Bearer {key}",
                "Accept": "application/json",
                "Accept-Language": language,
            },
            timeout=30,
            transport=transport,
            follow_redirects=False,
        )
        self._wait = wait

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
        form: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        once: str = "",
        acts: bool = False,
    ) -> Any:
        """The answer as JSON. Raises Refused, Silent."""
        key = once or uuid4().hex
        kept = {name: value for name, value in (query or {}).items() if value is not None}
        headers = {"Idempotency-Key": key} if acts else {}
        for last in (*[False] * (TRIES - 1), True):
            try:
                answer = self._http.request(
                    method, path, params=kept, json=json, data=form, files=files, headers=headers
                )
            except httpx.TransportError as fault:
                if last:
                    raise Silent(key) from fault
                self._wait(1)
                continue
            if answer.status_code not in AGAIN or last:
                return self._told(answer)
            self._wait(min(float(answer.headers.get("Retry-After", "1")), LONGEST_WAIT))
        raise AssertionError("the last try answers or raises")

    @staticmethod
    def _told(answer: httpx.Response) -> Any:
        if answer.status_code == 204:
            return None
        try:
            told = answer.json()
        except ValueError:
            told = {"detail": answer.reason_phrase}
        if not answer.is_success:
            raise Refused(answer.status_code, told)
        return told
