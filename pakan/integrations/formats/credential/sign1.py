"""COSE_Sign1 (RFC 9052) with one algorithm, Ed25519, packed by zlib and Base45 for a QR code.

Strict on purpose: one shape, deterministic CBOR, the algorithm and the key's name inside what is signed. Whatever
differs is refused before its content is looked at.
"""

import zlib
from collections.abc import Mapping
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature

from pakan.integrations.formats.credential import base45
from pakan.integrations.formats.credential.keys import PublicKey, SigningKey

ALG, KID, EDDSA, SIGN1 = 1, 4, -8, 18
SIGNATURE = 64  # bytes; an empty or shorter one is never even tried
MOST_LETTERS = 4296  # what the largest QR code holds
MOST_BYTES = 8_000
DEPTH = 16


class CredentialRefused(ValueError):
    """Not shown as true. `code`: not_readable, not_ours, not_genuine, wrong_kind, not_yet, expired, revoked."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _message(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)


def sign_bytes(claims: Mapping[int, Any], key: SigningKey) -> bytes:
    """The claims as COSE_Sign1: what a file of ours is."""
    protected = cbor2.dumps({ALG: EDDSA, KID: key.public.id.encode()}, canonical=True)
    payload = cbor2.dumps(dict(claims), canonical=True)
    signature = key.signs.sign(_message(protected, payload))
    return cbor2.dumps(cbor2.CBORTag(SIGN1, [protected, {}, payload, signature]), canonical=True)


def sign(claims: Mapping[int, Any], key: SigningKey) -> str:
    """The claims as the text of a QR code. Raises ValueError when they are too many for one."""
    whole = sign_bytes(claims, key)
    text = base45.encode(zlib.compress(whole, 9))
    if len(text) > MOST_LETTERS or len(whole) > MOST_BYTES:
        raise ValueError("more than a QR code can hold")
    return text


def unpack(text: str) -> bytes:
    """The signed bytes under Base45 and zlib. Raises CredentialRefused; never unpacks more than 8 kB."""
    text = text.strip()
    if not 0 < len(text) <= MOST_LETTERS:
        raise CredentialRefused("not_readable")
    try:
        opened = zlib.decompressobj()
        whole = opened.decompress(base45.decode(text), MOST_BYTES)
    except (ValueError, zlib.error) as fault:
        raise CredentialRefused("not_readable") from fault
    if not opened.eof or opened.unused_data:
        raise CredentialRefused("not_readable")
    return whole


def open_signed(whole: bytes, keys: Mapping[str, PublicKey]) -> tuple[PublicKey, dict[int, Any]]:
    """The claims and the key that signed them. The signature is checked first; the payload is read after."""
    protected, payload, signature = _parts(whole)
    header = _read(protected)
    if not isinstance(header, dict) or header.keys() != {ALG, KID} or header[ALG] != EDDSA:
        raise CredentialRefused("not_ours")
    name = header[KID]
    key = keys.get(name.decode("ascii", "replace")) if isinstance(name, bytes) else None
    if key is None:
        raise CredentialRefused("not_ours")
    try:
        key.checks.verify(signature, _message(protected, payload))
    except InvalidSignature as fault:
        raise CredentialRefused("not_genuine") from fault
    claims = _read(payload)
    if not isinstance(claims, dict):
        raise CredentialRefused("not_readable")
    return key, claims


def _parts(whole: bytes) -> tuple[bytes, bytes, bytes]:
    """Protected header, payload and signature of the one shape that we write."""
    found = _read(whole)
    if not isinstance(found, cbor2.CBORTag) or found.tag != SIGN1:
        raise CredentialRefused("not_readable")
    parts = found.value
    if not isinstance(parts, list | tuple) or len(parts) != 4 or parts[1] != {}:
        raise CredentialRefused("not_readable")
    protected, _, payload, signature = parts
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise CredentialRefused("not_readable")
    if len(signature) != SIGNATURE:
        raise CredentialRefused("not_genuine")
    return protected, payload, signature


def _read(content: bytes) -> Any:
    """One CBOR thing, written in the one deterministic way: no repeated key, no bytes after it, no loop in it."""
    try:
        found = cbor2.loads(
            content, max_depth=DEPTH, allow_indefinite=False, allow_duplicate_keys=False, semantic_decoders={}
        )
        again = cbor2.dumps(found, canonical=True)
    except Exception as fault:  # hostile bytes: whatever goes wrong in reading them is one refusal
        raise CredentialRefused("not_readable") from fault
    if again != content:
        raise CredentialRefused("not_readable")
    return found
