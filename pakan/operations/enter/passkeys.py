"""Passkeys: something one has and is, or knows, at once. A full sign-in for everybody, members too (C3)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from webauthn.helpers import exceptions, structs

from pakan.operations.enter.limits import log
from pakan.operations.enter.sessions import own, renew
from pakan.registers.access import actions, audit
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Passkey, SignIn
from pakan.registers.access.queries import passkeys_of
from pakan.registers.access.verbs import verb


def _place() -> tuple[str, str]:
    """The relying party's name and origin: a passkey made for one address works at no other."""
    parts = urlsplit(settings.BASE_URL)
    return parts.hostname or "localhost", f"{parts.scheme}://{parts.netloc}"


def passkey_options(account: Account) -> tuple[str, str]:
    """What the browser needs to make a passkey (JSON), and the challenge to keep."""
    options = webauthn.generate_registration_options(
        rp_id=_place()[0],
        rp_name="Pakan",
        user_name=account.sign_in,
        user_id=salted_hmac("pakan.passkey", str(account.id)).digest(),
        user_display_name=account.full_name,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=bytes(passkey.credential_id))
            for passkey in passkeys_of(account)
        ],
    )
    return webauthn.options_to_json(options), options.challenge.hex()


@verb("enter.add_passkey")
def passkey_register(
    actor: Actor, account_id: int, credential: Mapping[str, Any], challenge: str, name: str
) -> Passkey | None:
    """Keep a new passkey of the actor's own account; None if the browser's answer does not hold."""
    account = own(actor, account_id)
    rp, origin = _place()
    try:
        made = webauthn.verify_registration_response(
            credential=json.dumps(credential),
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=rp,
            expected_origin=origin,
            require_user_verification=True,
        )
    except exceptions.WebAuthnException:
        return None
    if Passkey.objects.filter(credential_id=made.credential_id).exists():
        return None
    audit.remember(f"account {account.id}")
    return actions.keep_passkey(
        account, made.credential_id, made.credential_public_key, made.sign_count, name[:60], actor.at
    )


@verb("enter.drop_passkey")
def drop_passkey(actor: Actor, account_id: int, passkey_id: int) -> bool:
    """Forget a passkey of the actor's own account: a lost phone opens nothing any more."""
    account = own(actor, account_id)
    audit.remember(f"account {account.id}", passkey=passkey_id)
    return bool(Passkey.objects.filter(account=account, id=passkey_id).delete()[0])


def passkey_challenge() -> tuple[str, str]:
    """What the browser needs to sign in with any passkey it holds (JSON), and the challenge to keep."""
    options = webauthn.generate_authentication_options(
        rp_id=_place()[0], user_verification=structs.UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options), options.challenge.hex()


def passkey_check(credential: Mapping[str, Any], challenge: str, at: datetime) -> Account | None:
    """The account whose passkey signed the challenge; None for a forged, unknown or copied one."""
    rp, origin = _place()
    try:
        raw = webauthn.base64url_to_bytes(str(credential.get("rawId", "")))
        passkey = Passkey.objects.select_related("account").filter(credential_id=raw).first()
        if passkey is None:
            return None
        shown = webauthn.verify_authentication_response(
            credential=json.dumps(credential),
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=rp,
            expected_origin=origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (exceptions.WebAuthnException, ValueError):
        log.info("refused", extra={"facts": {"why": "passkey"}})
        return None
    actions.use_passkey(passkey, shown.new_sign_count, at)
    return passkey.account if passkey.account.is_active else None


def prove_passkey(request: HttpRequest, account: Account, at: datetime) -> bool:
    """Open the locked session again, or prove oneself in it, after `passkey_check`. False if it is another's."""
    sign_in: SignIn | None = getattr(request, "sign_in", None)
    if sign_in is None or sign_in.account_id != account.id:
        return False
    renew(request, account, "passkey", at)
    return True
