"""Waking a browser: one neutral sentence, encrypted for it (RFC 8291), signed by us (VAPID, RFC 8292).

Encryption and signature are http-ece and py-vapid; pywebpush would bring two more HTTP clients with it.
"""

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import http_ece
import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

LIFE = 24 * 3600  # seconds that the push service keeps it for a sleeping phone
CURVE = ec.SECP256R1()
_ENCRYPT: Any = http_ece.encrypt  # neither library has types
_VAPID: Any = Vapid02
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class PushRefused(Exception):
    """The push service will never take this one."""


class PushGone(PushRefused):
    """The browser has withdrawn (404, 410): ask it no more."""


class PushUnreachable(Exception):
    """No answer, or a busy one: again later."""


class BadSubscription(ValueError):
    """An address that is not a push service's, or keys that are none."""


@dataclass(frozen=True)
class Browser:
    """Where and for whom to encrypt: an uncompressed P-256 point and sixteen octets, in base64url."""

    endpoint: str
    public_key: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Signer:
    """Who we are for push services. `contact` is a mailto: address that they may write to."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    contact: str

    @property
    def public(self) -> str:
        """What a browser is given when it subscribes."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def signer(seed: bytes, contact: str) -> Signer:
    """The house's key for push, from its secret; it must stay the same, or every browser has to subscribe again."""
    number = int.from_bytes(HKDF(SHA256(), 48, b"pakan", b"web push").derive(seed))
    return Signer(ec.derive_private_key(number % (_ORDER - 1) + 1, CURVE), contact)


def check(browser: Browser, origins: tuple[str, ...]) -> None:
    """Whether we may call this address at all. Raises BadSubscription.

    `origins` are the push services that the settings name: "https://push.example", or "https://*.push.example". The
    address comes from a browser; without the list it could name a machine inside our own network (A31).
    """
    if (
        len(browser.endpoint) > 1000
        or not browser.endpoint.isascii()
        or not is_allowed(browser.endpoint, origins)
    ):
        raise BadSubscription("endpoint")
    point, secret = _octets(browser.public_key), _octets(browser.secret)
    if len(secret) != 16:
        raise BadSubscription("secret")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except ValueError as error:
        raise BadSubscription("key") from error


def is_allowed(endpoint: str, origins: tuple[str, ...]) -> bool:
    try:
        told = urlsplit(endpoint)
        port = told.port
    except ValueError:
        return False
    if told.username is not None or told.password is not None or not told.hostname or "\\" in endpoint:
        return False
    for origin in origins:
        wanted = urlsplit(origin)
        host = wanted.hostname or ""
        same = told.hostname == host or (host.startswith("*.") and told.hostname.endswith(host[1:]))
        if same and (told.scheme, port) == (wanted.scheme, wanted.port):
            return True
    return False


def _octets(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise BadSubscription("base64") from error


def send(
    browser: Browser, words: dict[str, str], topic: str, by: Signer, origins: tuple[str, ...],
    transport: httpx.BaseTransport | None = None,
) -> None:  # fmt: skip
    """Hand it to the push service. The same `topic` replaces what still waits there, so a repeated try is one.

    Raises PushGone, PushRefused, PushUnreachable, BadSubscription.
    """
    check(browser, origins)
    body = _ENCRYPT(
        json.dumps(words, ensure_ascii=False).encode(),
        private_key=ec.generate_private_key(CURVE),
        dh=_octets(browser.public_key),
        auth_secret=_octets(browser.secret),
        version="aes128gcm",
    )
    service = urlsplit(browser.endpoint)
    claims = {"sub": by.contact, "aud": f"{service.scheme}://{service.netloc}"}
    headers = _VAPID(by.key).sign(claims) | {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(LIFE),
        "Urgency": "normal",
        "Topic": topic[:32],
    }
    try:
        # A redirect could lead anywhere; it is not followed.
        with httpx.Client(transport=transport, timeout=10, trust_env=False, follow_redirects=False) as http:
            status = http.post(browser.endpoint, content=body, headers=headers).status_code
    except httpx.HTTPError as error:
        raise PushUnreachable(type(error).__name__) from error
    if status in (404, 410):
        raise PushGone(str(status))
    if status == 429 or status >= 500:
        raise PushUnreachable(str(status))
    if not 200 <= status < 300:
        raise PushRefused(str(status))
