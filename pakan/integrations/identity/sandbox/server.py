"""The sandbox identity itself: discovery, consent, token and userinfo, and answers that are wrong on purpose."""

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from pakan.integrations.identity.sandbox import pages
from pakan.integrations.identity.sandbox.cards import Card, Cards
from pakan.integrations.sandbox.web import Ask, Reply, goes_to, serve, style

CLIENT = "pakan"
HIGH, LOW = "sandbox:card", "sandbox:phone"  # what `acr` says
BEHAVIOURS = (
    "normal", "phone", "nonce", "audience", "issuer", "expired", "unsigned", "stranger", "hash", "subject", "down",
)  # fmt: skip


def hidden(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Office:
    """Answers one request. `redirect` is the only page that answers go to."""

    def __init__(
        self, cards: Cards, redirect: str, secret: str, now: Callable[[], float] = time.time, issuer: str = ""
    ) -> None:
        self.cards, self.redirect, self.secret, self.now, self.issuer = cards, redirect, secret, now, issuer

    @property
    def behaviour(self) -> str:
        return self.cards.book.switch("behaviour", "normal")

    def answer(self, ask: Ask) -> Reply:
        reads: dict[str, Callable[[Ask], Reply]] = {
            "/": self.start, "/.well-known/openid-configuration": self.discovery, "/keys": self.keys,
            "/authorize": self.question, "/userinfo": self.userinfo, "/style.css": style,
        }  # fmt: skip
        writes: dict[str, Callable[[Ask], Reply]] = {
            "/authorize": self.decide, "/cards": self.add, "/behave": self.behave,
        }  # fmt: skip
        if ask.method == "GET" and ask.path in reads:
            return reads[ask.path](ask)
        if ask.method == "POST" and ask.path == "/token":
            return self.token(ask)
        if ask.method == "POST" and ask.path in writes:
            return writes[ask.path](ask) if ask.same_origin else pages.problem(ask, "bad_form", 403)
        return pages.problem(ask, "not_found", 404)

    # Pages

    def start(self, ask: Ask) -> Reply:
        return pages.start(ask, self.cards.all(), BEHAVIOURS, self.behaviour)

    def add(self, ask: Ask) -> Reply:
        name, born, number = (ask.form.get(key, "").strip()[:100] for key in ("name", "born", "number"))
        try:
            date.fromisoformat(born)
        except ValueError:
            return pages.problem(ask, "bad_form", 422)
        if not name:
            return pages.problem(ask, "bad_form", 422)
        made = hashlib.sha256(f"{name}|{born}|{number}".encode()).hexdigest()[:24]
        self.cards.add(Card(made, name, born, number))
        return goes_to("/")

    def behave(self, ask: Ask) -> Reply:
        if ask.form.get("behaviour") not in BEHAVIOURS:
            return pages.problem(ask, "bad_form", 422)
        self.cards.book.turn("behaviour", ask.form["behaviour"])
        return goes_to("/")

    def question(self, ask: Ask) -> Reply:
        if not self._in_order(ask.query):
            return pages.problem(ask, "bad_question", 400)
        place = urlsplit(self.redirect)
        return pages.consent(ask, self.cards.all(), f"{place.scheme}://{place.netloc}")

    def _in_order(self, asked: Any) -> bool:
        """An answer goes only to the page that is registered, and only to a question with PKCE."""
        return (
            (asked.get("client_id"), asked.get("redirect_uri")) == (CLIENT, self.redirect)
            and (asked.get("response_type"), asked.get("code_challenge_method")) == ("code", "S256")
            and "openid" in asked.get("scope", "").split()
            and all(asked.get(name) for name in ("state", "code_challenge"))
        )

    def decide(self, ask: Ask) -> Reply:
        if not self._in_order(ask.query):
            return pages.problem(ask, "bad_question", 400)
        told = {"state": ask.query["state"], "iss": self.issuer}
        card = self.cards.one(ask.form.get("card", ""))
        if ask.form.get("answer") != "agree":
            told["error"] = "access_denied"
        elif card is None:
            return pages.problem(ask, "bad_form", 422)
        else:
            told["code"] = self.cards.give_code(
                card.subject,
                self.redirect,
                ask.query["code_challenge"],
                ask.query.get("nonce", ""),
                self.now(),
            )
        return goes_to(f"{self.redirect}?{urlencode(told)}")

    # What programs ask

    def discovery(self, _ask: Ask) -> Reply:
        if self.behaviour == "down":
            return _json({"error": "down"}, 503)
        at = self.issuer
        return _json({
            "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/userinfo", "jwks_uri": f"{at}/keys", "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"], "scopes_supported": ["openid", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"], "acr_values_supported": [HIGH, LOW],
            "authorization_response_iss_parameter_supported": True,
        })  # fmt: skip

    def keys(self, _ask: Ask) -> Reply:
        return _json({"keys": [self.cards.key.as_dict(private=False)]})

    def token(self, ask: Ask) -> Reply:
        if self.behaviour == "down":
            return _json({"error": "down"}, 503)
        if not self._knows(ask.headers.get("authorization", "")):
            return _json({"error": "invalid_client"}, 401)
        form = ask.form
        challenge = hidden(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        used = self.cards.use_code(form.get("code", ""), form.get("redirect_uri", ""), challenge, self.now())
        if form.get("grant_type") != "authorization_code" or used is None:
            return _json({"error": "invalid_grant"}, 400)
        card, nonce, access = used
        return _json({
            "access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": self._signed(card, nonce, access)
        })  # fmt: skip

    def _knows(self, header: str) -> bool:
        try:
            name, _, secret = (
                base64.b64decode(header.removeprefix("Basic "), validate=True).decode().partition(":")
            )
        except (binascii.Error, UnicodeDecodeError):
            return False
        return unquote(name) == CLIENT and hmac.compare_digest(secret.encode(), self.secret.encode())

    def _signed(self, card: Card, nonce: str, access: str) -> str:
        """The id_token, wrong in the one way that was chosen."""
        how, now = self.behaviour, int(self.now())
        half = hashlib.sha256((access + ("x" if how == "hash" else "")).encode()).digest()[:16]
        late = 3600 if how == "expired" else 0
        claims = {
            "iss": f"{self.issuer}/other" if how == "issuer" else self.issuer, "sub": card.subject,
            "aud": "somebody-else" if how == "audience" else CLIENT, "iat": now - late, "exp": now + 300 - late,
            "nonce": "another" if how == "nonce" else nonce, "at_hash": hidden(half),
            "acr": LOW if how == "phone" else HIGH,
        }  # fmt: skip
        if how == "unsigned":
            head = hidden(json.dumps({"alg": "none", "kid": self.cards.key.kid}).encode())
            return f"{head}.{hidden(json.dumps(claims).encode())}."
        kid = str(self.cards.key.kid)
        key = ECKey.generate_key("P-256", {"kid": kid}) if how == "stranger" else self.cards.key
        return jwt.encode({"alg": "ES256", "kid": kid}, claims, key)

    def userinfo(self, ask: Ask) -> Reply:
        card = self.cards.of_token(ask.headers.get("authorization", "").removeprefix("Bearer "))
        if card is None:
            return _json({"error": "invalid_token"}, 401)
        subject = "somebody-else" if self.behaviour == "subject" else card.subject
        return _json({"sub": subject, "name": card.name, "birthdate": card.born, "national_id": card.number})


def _json(told: dict[str, Any], status: int = 200) -> Reply:
    return Reply(json.dumps(told).encode(), status, "application/json")


def main(arguments: list[str] | None = None) -> None:
    """Serve until a signal says stop."""
    reader = argparse.ArgumentParser(
        prog="python -m pakan.integrations.identity.sandbox", description=__doc__
    )
    reader.add_argument("--port", type=int, default=8005)
    reader.add_argument("--data", type=Path, required=True, help="SQLite file, made if it is not there")
    reader.add_argument("--redirect", required=True, help="the one page that answers go to")
    reader.add_argument("--people", type=Path, help="JSON: a list of subject, name, born, number")
    reader.add_argument("--secret", default=os.environ.get("SANDBOX_IDENTITY_KEY", ""), help="of the client")
    given = reader.parse_args(arguments)
    if not given.secret:
        reader.error("a secret is needed: --secret or SANDBOX_IDENTITY_KEY")
    logging.basicConfig(level=logging.INFO)
    cards = Cards(given.data)
    if given.people and given.people.exists():
        for told in json.loads(given.people.read_text()):
            cards.add(Card(**told))
    office = Office(cards, given.redirect, given.secret)
    server = serve(given.port, office.answer)
    office.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"sandbox identity on {office.issuer}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
