"""Signing in as a browser does: password first, then the authenticator's code."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from pakan.registers.access.models import Account
from tests.cast import PASSWORD

SignIn = Callable[[Client, Account], HttpResponse]


def fresh_code(account: Account) -> str:
    """The code that the account's authenticator shows; made good again if a test used it before."""
    device = TOTPDevice.objects.get(user=account)
    device.last_t = -1
    device.throttling_failure_count = 0
    device.throttling_failure_timestamp = None
    device.save()
    return f"{totp(device.bin_key):06d}"


@pytest.fixture
def sign_in() -> SignIn:
    def act(client: Client, account: Account) -> HttpResponse:
        client.post("/sign-in/", {"name": account.sign_in, "password": PASSWORD})
        return client.post("/sign-in/second/", {"code": fresh_code(account)})  # type: ignore[return-value]

    return act
