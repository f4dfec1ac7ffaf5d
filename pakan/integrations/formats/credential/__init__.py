"""Signed credentials that anyone can check without asking us: CWT in COSE_Sign1, as the text of a QR code."""

from pakan.integrations.formats.credential.documents import Card, Statement, Verified, Year, compose, verify
from pakan.integrations.formats.credential.keys import PURPOSES, PublicKey, SigningKey, signing_key
from pakan.integrations.formats.credential.sign1 import CredentialRefused

__all__ = [
    "PURPOSES",
    "Card",
    "CredentialRefused",
    "PublicKey",
    "SigningKey",
    "Statement",
    "Verified",
    "Year",
    "compose",
    "signing_key",
    "verify",
]
