"""The relying party against the sandbox process: the whole way, and every way an answer may be wrong (ASVS 10)."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from pakan.integrations.identity.oidc import RelyingParty, _hidden
from pakan.integrations.identity.provider import Begun, IdentityRefused, IdentityUnreachable, ProviderConfig
from tests.integrations.conftest import Process
from tests.integrations.identity.citizen import REDIRECT, behave, consents

CARD = {"subject": "c-1", "name": "ບຸນມີ ພົມມະຈັນ", "born": "1990-01-02", "number": "01-0000001"}
MODULE = "pakan.integrations.identity.sandbox"


@pytest.fixture
def sandbox(process: Callable[..., Process], tmp_path: Path) -> Process:
    (tmp_path / "people.json").write_text(json.dumps([CARD]))
    return process(
        MODULE, "--data", f"{tmp_path}/identity.sqlite", "--redirect", REDIRECT, "--secret", "s", "--people",
        f"{tmp_path}/people.json",
    )  # fmt: skip


def party(site: str, **more: Any) -> RelyingParty:
    return RelyingParty(
        ProviderConfig(site, "pakan", "s", REDIRECT, high=frozenset({"sandbox:card"}), **more)
    )


def now() -> datetime:
    return datetime.now(UTC)


def test_the_whole_way_tells_who_it_is(sandbox: Process) -> None:
    us = party(sandbox.address)
    begun = us.begin(now())
    page = httpx.get(begun.address, trust_env=False)
    assert "ບຸນມີ" in page.text
    assert "form-action 'self' http://localhost:8000" in page.headers["Content-Security-Policy"]
    found = us.finish(consents(begun.address, "c-1"), begun, now())
    assert (found.subject, found.name, found.birth_date) == ("c-1", CARD["name"], date(1990, 1, 2))
    assert (found.national_id, found.is_high) == ("01-0000001", True)
    assert found.issuer == sandbox.address


def test_the_question_carries_pkce_state_and_nonce_and_never_the_verifier(sandbox: Process) -> None:
    begun = party(sandbox.address).begin(now())
    asked = httpx.URL(begun.address).params
    assert asked["code_challenge_method"] == "S256"
    assert asked["code_challenge"] == _hidden(hashlib.sha256(begun.verifier.encode()).digest())
    assert (asked["state"], asked["nonce"]) == (begun.state, begun.nonce)
    assert begun.verifier not in begun.address
    assert len({begun.state, begun.nonce, begun.verifier}) == 3


def test_no_is_an_answer(sandbox: Process) -> None:
    us = party(sandbox.address)
    begun = us.begin(now())
    with pytest.raises(IdentityRefused) as refused:
        us.finish(consents(begun.address, "c-1", "decline"), begun, now())
    assert refused.value.words == "declined"


@pytest.mark.parametrize(
    "how", ["nonce", "audience", "issuer", "expired", "unsigned", "stranger", "hash", "subject"]
)
def test_an_answer_that_is_wrong_in_one_way_opens_nothing(sandbox: Process, how: str) -> None:
    us = party(sandbox.address)
    begun = us.begin(now())
    answer = consents(begun.address, "c-1")
    behave(sandbox.address, how)
    with pytest.raises(IdentityRefused):
        us.finish(answer, begun, now())
    behave(sandbox.address, "normal")
    begun = us.begin(now())
    assert us.finish(consents(begun.address, "c-1"), begun, now()).subject == "c-1"


def test_a_telephone_alone_is_not_high(sandbox: Process) -> None:
    us = party(sandbox.address)
    begun = us.begin(now())
    answer = consents(begun.address, "c-1")
    behave(sandbox.address, "phone")
    assert not us.finish(answer, begun, now()).is_high


@pytest.mark.parametrize(
    "change", [{"state": "x"}, {"state": ""}, {"iss": "http://127.0.0.1:1"}, {"iss": ""}, {"code": ""}]
)
def test_an_answer_to_another_question_or_from_another_issuer_opens_nothing(
    sandbox: Process, change: dict[str, str]
) -> None:
    us = party(sandbox.address)
    begun = us.begin(now())
    answer = consents(begun.address, "c-1")
    with pytest.raises(IdentityRefused):
        us.finish(answer | change, begun, now())
    assert us.finish(answer, begun, now()).subject == "c-1"


def test_a_code_is_good_once(sandbox: Process) -> None:
    us = party(sandbox.address)
    begun = us.begin(now())
    answer = consents(begun.address, "c-1")
    us.finish(answer, begun, now())
    with pytest.raises(IdentityRefused):
        us.finish(answer, begun, now())


def test_a_stolen_code_is_nothing_without_the_verifier(sandbox: Process) -> None:
    us = party(sandbox.address)
    begun = us.begin(now())
    answer = consents(begun.address, "c-1")
    with pytest.raises(IdentityRefused):
        us.finish(answer, replace(begun, verifier="guessed" * 8), now())


def test_the_provider_knows_its_client_and_its_page(sandbox: Process) -> None:
    begun = party(sandbox.address).begin(now())
    other = begun.address.replace("member%2Fstate", "evil%2Fstate")
    assert other != begun.address
    reply = httpx.post(
        other, data={"card": "c-1", "answer": "agree"}, headers={"Origin": sandbox.address}, trust_env=False
    )
    assert reply.status_code == 400
    assert "Location" not in reply.headers
    us = RelyingParty(ProviderConfig(sandbox.address, "pakan", "wrong", REDIRECT))
    begun = us.begin(now())
    with pytest.raises(IdentityRefused, match="401"):
        us.finish(consents(begun.address, "c-1"), begun, now())


def test_a_provider_that_does_not_answer_is_unreachable(sandbox: Process) -> None:
    us = party(sandbox.address)
    begun = us.begin(now())
    answer = consents(begun.address, "c-1")
    behave(sandbox.address, "down")
    with pytest.raises(IdentityUnreachable):
        us.finish(answer, begun, now())
    with pytest.raises(IdentityUnreachable):
        party(sandbox.address).begin(now())
    sandbox.kill()
    with pytest.raises(IdentityUnreachable):
        party(sandbox.address).begin(now())


# What the sandbox does not do: a provider made by hand

ISSUER = "https://id.example"


class Provider:
    """Answers as it is told; `key` signs, `keys` are shown."""

    def __init__(self, key: Any, alg: str) -> None:
        self.key, self.alg, self.shown = key, alg, [key]
        self.told: dict[str, Any] = {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/a", "token_endpoint": f"{ISSUER}/t",
            "jwks_uri": f"{ISSUER}/k",
        }  # fmt: skip
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.url.path == "/k":
            return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in self.shown]})
        if request.url.path == "/t":
            digest = hashlib.sha512 if self.alg == "EdDSA" else hashlib.sha256
            half = digest(b"access").digest()
            at = int(datetime.now(UTC).timestamp())
            claims = {
                "iss": ISSUER, "sub": "1", "aud": "us", "iat": at, "exp": at + 60, "nonce": "n",
                "at_hash": _hidden(half[: len(half) // 2]),
            } | self.claims  # fmt: skip
            claims = {name: value for name, value in claims.items() if value is not None}
            head = {"alg": self.alg, "kid": self.key.kid} | self.header
            token = jwt.encode(head, claims, self.key, algorithms=[self.alg])
            return httpx.Response(200, json={"access_token": "access", "id_token": token})
        return httpx.Response(200, json=self.told)

    def finish(self, at: datetime | None = None) -> str:
        return self.party().finish({"state": "s", "code": "c"}, Begun("", "s", "n", "v"), at or now()).subject

    def party(self) -> RelyingParty:
        self._party = getattr(self, "_party", None) or RelyingParty(
            ProviderConfig(ISSUER, "us", "s", REDIRECT), httpx.MockTransport(self)
        )
        return self._party


def _key(alg: str) -> Any:
    if alg in ("RS256", "PS256", "RS512"):
        return RSAKey.generate_key(2048, {"kid": "1"})
    if alg == "HS256":
        return OctKey.generate_key(256, {"kid": "1"})
    return (
        OKPKey.generate_key("Ed25519", {"kid": "1"})
        if alg == "EdDSA"
        else ECKey.generate_key("P-256", {"kid": "1"})
    )


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA", "PS256"])
def test_four_algorithms_are_read(alg: str) -> None:
    assert Provider(_key(alg), alg).finish() == "1"


@pytest.mark.parametrize("alg", ["RS512", "HS256"])
def test_no_other_algorithm_is(alg: str) -> None:
    with pytest.raises(IdentityRefused):
        Provider(_key(alg), alg).finish()


def test_a_public_key_is_no_shared_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The old confusion: a token signed by HMAC with the public key as its secret."""
    provider = Provider(RSAKey.generate_key(2048, {"kid": "1"}), "RS256")

    def forge(_head: Any, claims: dict[str, Any], key: Any, algorithms: Any) -> str:
        head = {"alg": "HS256", "kid": "1"}
        said = ".".join(_hidden(json.dumps(part).encode()) for part in (head, claims))
        mark = hmac.new(key.as_pem(private=False), said.encode(), hashlib.sha256).digest()
        return f"{said}.{_hidden(mark)}"

    assert provider.finish() == "1"
    monkeypatch.setattr(jwt, "encode", forge)
    with pytest.raises(IdentityRefused):
        provider.finish()


@pytest.mark.parametrize("missing", ["iss", "sub", "aud", "exp", "iat", "nonce", "at_hash"])
def test_every_claim_must_be_there(missing: str) -> None:
    provider = Provider(_key("ES256"), "ES256")
    provider.claims = {missing: None}
    with pytest.raises(IdentityRefused):
        provider.finish()


@pytest.mark.parametrize("aud", [["us", "others"], ["others"], [], "others"])
def test_a_token_for_others_too_is_not_ours(aud: object) -> None:
    provider = Provider(_key("ES256"), "ES256")
    provider.claims = {"aud": aud}
    with pytest.raises(IdentityRefused):
        provider.finish()


def test_clocks_may_differ_by_sixty_seconds() -> None:
    provider = Provider(_key("ES256"), "ES256")
    moment = now()
    provider.claims = {"exp": int(moment.timestamp()) - 55, "iat": int(moment.timestamp()) - 100}
    assert provider.finish(moment) == "1"
    provider.claims = {"exp": int(moment.timestamp()) - 61, "iat": int(moment.timestamp()) - 100}
    with pytest.raises(IdentityRefused):
        provider.finish(moment)
    provider.claims = {"iat": int(moment.timestamp()) + 70, "exp": int(moment.timestamp()) + 300}
    with pytest.raises(IdentityRefused):
        provider.finish(moment)


def test_a_new_key_is_asked_for_once() -> None:
    provider = Provider(_key("ES256"), "ES256")
    assert provider.finish() == "1"
    provider.key = ECKey.generate_key("P-256", {"kid": "2"})
    provider.shown = [provider.key]
    assert provider.finish() == "1"
    assert provider.asked.count("/k") == 2
    provider.header = {"kid": "9"}
    with pytest.raises(IdentityRefused):
        provider.finish()
    assert provider.asked.count("/k") == 3


@pytest.mark.parametrize(
    "told",
    [{"issuer": "https://evil.example"}, {"issuer": None}, {"token_endpoint": "http://id.example/t"},
     {"userinfo_endpoint": "http://id.example/u"}, {"jwks_uri": None}],
)  # fmt: skip
def test_the_document_is_pinned_to_the_issuer(told: dict[str, Any]) -> None:
    provider = Provider(_key("ES256"), "ES256")
    provider.told |= told
    with pytest.raises(IdentityRefused):
        provider.party().begin(now())
    assert provider.asked == ["/.well-known/openid-configuration"]


def test_what_it_says_of_itself_is_kept_for_an_hour() -> None:
    provider = Provider(_key("ES256"), "ES256")
    moment = now()
    for ahead in (0, 59, 61):
        provider.party().begin(moment + timedelta(minutes=ahead))
    assert provider.asked.count("/.well-known/openid-configuration") == 2
