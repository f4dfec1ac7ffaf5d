"""Your ways in: seen, ended and changed only by their owner, and changed only after a fresh proof."""

from datetime import datetime, timedelta

from django.conf import settings
from django.test import Client

from pakan.operations import enter
from pakan.registers.access.models import Account, Passkey, SignIn
from tests.channels.public.conftest import SignIn as SignInAct
from tests.channels.public.conftest import fresh_code

JSON = "application/json"


def passkey_of(account: Account, now: datetime) -> Passkey:
    return Passkey.objects.create(
        account=account,
        credential_id=b"key of " + str(account.id).encode(),
        public_key=b"x",
        name="ໂທລະສັບ",
        made_at=now,
    )


def grow_old(client: Client) -> None:
    """As if the last proof were eleven minutes ago."""
    session = client.session
    before = datetime.fromisoformat(session["proved_at"]) - enter.FRESH - timedelta(minutes=1)
    session["proved_at"] = before.isoformat()
    session.save()


def test_a_stale_session_must_prove_itself_before_a_passkey_is_added(
    client: Client, preparer: Account, sign_in: SignInAct
) -> None:
    sign_in(client, preparer)
    assert "challenge" in client.post("/ways-in/passkey/options/", "{}", content_type=JSON).json()
    grow_old(client)
    for address in ("/ways-in/passkey/options/", "/ways-in/passkey/new/"):
        assert "error" in client.post(address, "{}", content_type=JSON).json()
    assert "data-passkey" not in client.get("/ways-in/").content.decode()
    client.post("/ways-in/prove/", {"code": fresh_code(preparer)})
    assert 'data-passkey="create"' in client.get("/ways-in/").content.decode()


def test_a_wrong_proof_leaves_everything_closed(
    client: Client, preparer: Account, sign_in: SignInAct
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sign_in(client, preparer)
    grow_old(client)
    wrong = f"{(int(fresh_code(preparer)) + 1) % 10**6:06d}"
    client.post("/ways-in/prove/", {"code": wrong})
    assert "data-passkey" not in client.get("/ways-in/").content.decode()


def test_removing_a_passkey_needs_a_fresh_proof(
    client: Client, preparer: Account, sign_in: SignInAct, now: datetime
) -> None:
    kept = passkey_of(preparer, now)
    sign_in(client, preparer)
    grow_old(client)
    client.post("/ways-in/passkey/drop/", {"id": kept.id})
    assert Passkey.objects.filter(id=kept.id).exists()
    client.post("/ways-in/prove/", {"code": fresh_code(preparer)})
    client.post("/ways-in/passkey/drop/", {"id": kept.id})
    assert not Passkey.objects.filter(id=kept.id).exists()


def test_another_persons_passkey_and_session_stay(
    client: Client, preparer: Account, approver: Account, sign_in: SignInAct, now: datetime
) -> None:
    other = Client()
    sign_in(other, approver)
    kept, opened = passkey_of(approver, now), SignIn.objects.get(account=approver)
    sign_in(client, preparer)
    client.post("/ways-in/passkey/drop/", {"id": kept.id})
    client.post("/ways-in/end/", {"id": opened.id})
    assert Passkey.objects.filter(id=kept.id).exists()
    assert other.get("/ways-in/").status_code == 200


def test_one_sees_and_ends_ones_other_sessions(preparer: Account, sign_in: SignInAct) -> None:
    here, lost = Client(), Client()
    here.cookies[settings.LANGUAGE_COOKIE_NAME] = lost.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sign_in(lost, preparer)
    far = SignIn.objects.get(account=preparer)
    sign_in(here, preparer)
    preparer.language = "en"
    here.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = here.get("/ways-in/").content.decode()
    assert page.count("This device") == 1
    assert page.count("Another device") == 1
    here.post("/ways-in/end/", {"id": far.id})
    assert lost.get("/ways-in/").status_code == 302
    assert here.get("/ways-in/").content.decode().count("Another device") == 0


def test_the_page_needs_few_queries(
    client: Client, preparer: Account, sign_in: SignInAct, django_assert_max_num_queries: object
) -> None:
    sign_in(client, preparer)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/ways-in/")
