"""One POST to a registered address: the name is looked up once, the number is checked, and that number is called.

A name that answers with a public number first and an inner one at the moment of the call (DNS rebinding) gains nothing:
the call goes to the number that was checked, with the name in the Host header and in TLS, whose certificate is checked.
Redirects are not followed, no proxy is asked, at most 15 seconds in all (standards, section 4 rule 7).
"""

import hashlib
import hmac
import ipaddress
import socket
from collections.abc import Callable, Collection, Iterable, Mapping
from urllib.parse import SplitResult, urlsplit

import httpx

LONGEST = 500
LIMITS = httpx.Timeout(15.0, connect=5.0)
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 number inside an IPv6 one (RFC 6052)
Lookup = Callable[[str, int], Iterable[str]]


class AddressRefused(ValueError):
    """We do not call this address. `code`: form, https, port, host or inner."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CallFailed(Exception):
    """Nobody took it: no answer, or one that is not 2xx. The same event again later."""


def numbers_of(host: str, port: int) -> list[str]:
    """Every number that a name has now."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CallFailed("name not found") from error
    return [str(one[4][0]) for one in found]


def signature(body: bytes, at: int, keys: Iterable[str]) -> str:
    """'t=…,v1=…': HMAC-SHA256 of "t.body" with each key; during a change there are two."""
    signed = str(at).encode() + b"." + body
    parts = [f"v1={hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()}" for key in keys]
    return ",".join([f"t={at}", *parts])


def check_address(url: str, allowed: Collection[str] = ()) -> SplitResult:
    """The parts of an address that may be registered. `allowed`: hosts of a practice house, also with http."""
    if len(url) > LONGEST or not url.isascii() or any(letter <= " " or letter == "\\" for letter in url):
        raise AddressRefused("form")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("form") from error
    host = (parts.hostname or "").rstrip(".")
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressRefused("form")
    if host in allowed and parts.scheme in ("http", "https"):
        return parts
    if parts.scheme != "https":
        raise AddressRefused("https")
    if port not in (None, 443, 8443):
        raise AddressRefused("port")
    if _is_number(host):
        _refuse_inner([host])
    elif "." not in host or host.endswith((".local", ".internal", ".localhost", ".lan", ".home.arpa")):
        raise AddressRefused("host")
    elif host.split(".")[-1].isdigit() or host.split(".")[-1].startswith("0x"):
        raise AddressRefused("host")  # 127.1 and 0x7f.1 are read as numbers by some resolvers
    return parts


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _refuse_inner(numbers: Iterable[str]) -> None:
    """One inner number among several is enough to refuse the name."""
    for text in numbers:
        number = ipaddress.ip_address(text.partition("%")[0])
        inside = getattr(number, "ipv4_mapped", None) or getattr(number, "sixtofour", None) or number
        translated = number in TRANSLATED if number.version == 6 else False
        if (
            translated
            or not inside.is_global
            or not number.is_global
            or number.is_multicast
            or inside.is_multicast
        ):
            raise AddressRefused("inner")


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    allowed: Collection[str] = (),
    lookup: Lookup = numbers_of,
    transport: httpx.BaseTransport | None = None,
) -> int:
    """The status of the answer, 2xx. Raises AddressRefused, or CallFailed with what was said."""
    parts = check_address(url, allowed)
    host = (parts.hostname or "").rstrip(".")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    numbers = list(lookup(host, port))
    if not numbers:
        raise CallFailed("name not found")
    if host not in allowed:
        _refuse_inner(numbers)
    number = f"[{numbers[0]}]" if ":" in numbers[0] else numbers[0]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with httpx.Client(
            transport=transport, timeout=LIMITS, trust_env=False, follow_redirects=False
        ) as http:
            request = http.build_request(
                "POST",
                f"{parts.scheme}://{number}:{port}{path}",
                content=body,
                headers={**headers, "Host": parts.netloc},
                extensions={"sni_hostname": host, "timeout": LIMITS.as_dict()},
            )
            answer = http.send(request, stream=True)  # what it says is not read: the status is the answer
            status = answer.status_code
            answer.close()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CallFailed(type(error).__name__) from error
    if not 200 <= status < 300:
        raise CallFailed(str(status))
    return status
