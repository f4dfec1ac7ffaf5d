"""Signed credentials that anyone can check without asking us: CWT in COSE_Sign1, as the text of a QR code."""

from pakan.integrations.formats.credential.documents import (
    Card,
    Clearance,
    Letter,
    Registration,
    Statement,
    Verified,
    Year,
    compose,
    verify,
)
from pakan.integrations.formats.credential.keys import (
    PURPOSES,
    PublicKey,
    PublishedKey,
    Purpose,
    Series,
    SigningKey,
    signing_key,
)
from pakan.integrations.formats.credential.lists import (
    KeyList,
    RevokedList,
    compose_keys,
    compose_revoked,
    read_keys,
    read_revoked,
)
from pakan.integrations.formats.credential.sign1 import CredentialRefused
from pakan.integrations.formats.credential.verdict import KEYS_OLD, LIST_OLD, Verdict, judge

__all__ = [
    "KEYS_OLD",
    "LIST_OLD",
    "PURPOSES",
    "Card",
    "Clearance",
    "CredentialRefused",
    "KeyList",
    "Letter",
    "PublicKey",
    "PublishedKey",
    "Purpose",
    "Registration",
    "RevokedList",
    "Series",
    "SigningKey",
    "Statement",
    "Verdict",
    "Verified",
    "Year",
    "compose",
    "compose_keys",
    "compose_revoked",
    "judge",
    "read_keys",
    "read_revoked",
    "signing_key",
    "verify",
]
