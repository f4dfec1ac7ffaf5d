"""A relying party of OpenID Connect: code flow with PKCE, every check of the answer, nothing parsed by hand.

The tokens are read by joserfc (BSD-3): it is typed, stands on `cryptography` alone, takes the list of algorithms from
the caller, and comes from the maintainer of Authlib, which itself moves onto it. Django and Flask helpers would bring
sessions of their own; ours are kept by the caller.
"""

import hashlib
import hmac
import secrets
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import GuestProtocol, Key, KeySet

from pakan.integrations.identity.provider import (
    Begun,
    Identity,
    IdentityRefused,
    IdentityUnreachable,
    ProviderConfig,
)

# Each algorithm with the hash that `at_hash` is made by (OpenID Connect Core 3.1.3.6; Ed25519 hashes with SHA-512).
ALGORITHMS = {"RS256": "sha256", "ES256": "sha256", "PS256": "sha256", "EdDSA": "sha512"}
# RFC 9864 gives EdDSA a new name; providers still use the old one.
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)
TOLERANCE = 60  # seconds that two clocks may differ
KEPT = timedelta(hours=1)  # discovery and keys; an unknown key is asked for once at once
LARGEST = 256 * 1024
NEEDS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def _hidden(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class _Known:
    """What the provider says of itself, and its keys."""

    told: dict[str, Any]
    keys: KeySet
    until: datetime


class RelyingParty:
    """One provider. May be shared by threads: what is kept is replaced whole."""

    def __init__(self, config: ProviderConfig, transport: httpx.BaseTransport | None = None) -> None:
        self.config, self.transport = config, transport
        self._known: _Known | None = None

    # The question

    def begin(self, at: datetime) -> Begun:
        """A new question. Raises IdentityUnreachable."""
        told = self._provider(at).told
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asked = {
            "response_type": "code", "client_id": self.config.client_id, "redirect_uri": self.config.redirect,
            "scope": self.config.scopes, "state": state, "nonce": nonce, "code_challenge_method": "S256",
            "code_challenge": _hidden(hashlib.sha256(verifier.encode()).digest()),
        }  # fmt: skip
        address = str(told["authorization_endpoint"])
        return Begun(f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", state, nonce, verifier)

    # The answer

    def finish(self, answer: Mapping[str, str], begun: Begun, at: datetime) -> Identity:
        """Who it is, as the provider answered to `begun`. Raises IdentityRefused, IdentityUnreachable.

        The caller uses `begun` once: an answer that comes twice finds none.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise IdentityRefused("state")
        known = self._provider(at)
        sender = answer.get("iss", "")
        # RFC 9207: the answer itself says whose it is, so that no other provider's is mixed in.
        if sender != self.config.issuer and (
            sender or known.told.get("authorization_response_iss_parameter_supported") is True
        ):
            raise IdentityRefused("issuer")
        if answer.get("error"):
            raise IdentityRefused("declined" if answer["error"] == "access_denied" else "error")
        if not answer.get("code"):
            raise IdentityRefused("code")
        tokens = self._exchange(known, answer["code"], begun)
        claims = self._read(tokens, begun.nonce, at)
        return self._identity(claims | self._more(known, tokens, claims))

    def _exchange(self, known: _Known, code: str, begun: Begun) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.config.redirect,
            "code_verifier": begun.verifier,
        }  # fmt: skip
        proof = httpx.BasicAuth(self.config.client_id, self.config.client_secret)
        tokens = self._ask("POST", str(known.told["token_endpoint"]), data=form, auth=proof)
        if not all(isinstance(tokens.get(name), str) for name in ("id_token", "access_token")):
            raise IdentityRefused("tokens")
        return tokens

    def _read(self, tokens: dict[str, Any], nonce: str, at: datetime) -> dict[str, Any]:
        """The claims of the id_token, each of them checked (OpenID Connect Core 3.1.3.7)."""
        wanted = jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=TOLERANCE,
            iss={"essential": True, "value": self.config.issuer},
            sub={"essential": True},
            aud={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
            at_hash={"essential": True},
        )
        try:
            token = jwt.decode(
                tokens["id_token"], lambda guest: self._key(guest, at), algorithms=list(ALGORITHMS)
            )
            wanted.validate(token.claims)
        except (JoseError, ValueError, TypeError) as fault:
            raise IdentityRefused(f"token: {type(fault).__name__}") from fault
        # Ours alone: a token that names others too was not made for us.
        if token.claims["aud"] not in (self.config.client_id, [self.config.client_id]):
            raise IdentityRefused("audience")
        digest = hashlib.new(ALGORITHMS[token.header["alg"]], tokens["access_token"].encode()).digest()
        half = _hidden(digest[: len(digest) // 2])
        if not hmac.compare_digest(str(token.claims["at_hash"]).encode(), half.encode()):
            raise IdentityRefused("at_hash")
        return token.claims

    def _key(self, guest: GuestProtocol, at: datetime) -> Key:
        """The provider's key that the token names. An unknown one is asked for once: the provider may have changed it."""
        kid = guest.headers().get("kid")
        if not kid:
            raise IdentityRefused("kid")
        for known in (self._provider(at), None):
            keys = (known or self._provider(at, anew=True)).keys
            found = next((key for key in keys.keys if key.kid == kid), None)
            if found is not None:
                return found
        raise IdentityRefused("kid")

    def _more(self, known: _Known, tokens: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
        """What the provider says beside the token; it must speak of the same person."""
        address = known.told.get("userinfo_endpoint")
        if not address:
            return {}
        told = self._ask("GET", str(address), headers={"Authorization": f"Bearer {tokens['access_token']}"})
        if told.get("sub") != claims["sub"]:
            raise IdentityRefused("subject")
        return {name: value for name, value in told.items() if name not in claims}

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        name = claims.get("name") or f"{claims.get('given_name', '')} {claims.get('family_name', '')}"
        try:
            born = date.fromisoformat(str(claims.get("birthdate", "")))
        except ValueError:
            born = None
        assurance = str(claims.get("acr", ""))[:60]
        subject = str(claims["sub"])
        if not 0 < len(subject) <= 255:  # OpenID Connect Core 2
            raise IdentityRefused("subject")
        return Identity(
            self.config.issuer, subject, str(name).strip()[:200], born,
            str(claims.get(self.config.national_id, ""))[:20], assurance, assurance in self.config.high,
        )  # fmt: skip

    # What the provider says of itself

    def _provider(self, at: datetime, anew: bool = False) -> _Known:
        known = self._known
        if known is not None and not anew and at < known.until:
            return known
        issuer = self.config.issuer
        told = self._ask("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
        if told.get("issuer") != issuer:
            raise IdentityRefused("issuer")
        places = [told.get(name) for name in NEEDS]
        if "userinfo_endpoint" in told:
            places.append(told["userinfo_endpoint"])
        # Nothing of a provider with TLS goes without it.
        if not all(urlsplit(str(place)).scheme == urlsplit(issuer).scheme for place in places):
            raise IdentityRefused("places")
        try:
            keys = KeySet.import_key_set(self._ask("GET", str(told["jwks_uri"])))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as fault:
            raise IdentityUnreachable("its keys cannot be read") from fault
        self._known = _Known(told, keys, at + KEPT)
        return self._known

    def _ask(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        """The JSON object at `address`. 4xx is an answer: no; all else that is not 200 is none."""
        try:
            with httpx.Client(transport=self.transport, timeout=8, trust_env=False) as http:
                reply = http.request(method, address, **more)
        except httpx.HTTPError as error:
            raise IdentityUnreachable(type(error).__name__) from error
        if 400 <= reply.status_code < 500:
            raise IdentityRefused(f"{reply.status_code}")
        if reply.status_code != 200 or len(reply.content) > LARGEST:
            raise IdentityUnreachable(f"answered {reply.status_code}")
        try:
            told = reply.json()
        except ValueError as error:
            raise IdentityUnreachable("no JSON") from error
        if not isinstance(told, dict):
            raise IdentityUnreachable("no JSON object")
        return told
