"""Sessions: begun after a proof, seen and ended by their owner, and proved anew before what matters."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest

from pakan.registers.access import actions, audit
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Device, SignIn
from pakan.registers.access.queries import actor_of, cools, is_over
from pakan.registers.access.verbs import verb
from pakan.registers.messages import actions as messages

FRESH = timedelta(minutes=10)
CHOSEN = timedelta(
    hours=1
)  # a language chosen before the sign-in: later it may be another person's phone in hand
DOORS = {"member": "member", "employer": "employer", "staff": "office"}
BACKEND = "django.contrib.auth.backends.ModelBackend"
WEAK = frozenset({"code", "paper", "state_phone"})  # they open, and prove nothing of money or identity (A10)


class NotFresh(PermissionError):
    """This needs a proof that is younger than ten minutes."""


def begin(
    request: HttpRequest, account: Account, door: str, proof: str, at: datetime, device: Device | None = None
) -> None:
    """Open a session with a new key; sessions beyond the door's number end (staff: one)."""
    with transaction.atomic():
        login(request, account, backend=BACKEND)
        _open(request, account, door, proof, at, device)
        _write(request, account, door, "sign in", proof, at)


def _open(
    request: HttpRequest, account: Account, door: str, proof: str, at: datetime, device: Device | None
) -> None:
    request.session.pop("half_way", None)
    _keep_choice(request, account, at)
    if proof not in WEAK:
        request.session["proved_at"] = at.isoformat()
    assert request.session.session_key
    actions.begin_session(account, request.session.session_key, door, proof, at, device)


def renew(request: HttpRequest, account: Account, proof: str, at: datetime) -> None:
    """A step up: the session gets a new key and keeps its device and its age."""
    before = SignIn.objects.filter(session_key=request.session.session_key, ended_at=None).first()
    with transaction.atomic():
        if before:
            actions.end_session(before.session_key, at)
        request.session.cycle_key()
        _open(request, account, door_of(account), proof, at, before.device if before else None)
        if before:
            # Proving oneself again does not make the whole life of a session longer.
            SignIn.objects.filter(session_key=request.session.session_key).update(began_at=before.began_at)


def _write(request: HttpRequest, account: Account, door: str, act: str, proof: str, at: datetime) -> None:
    actor = actor_of(account, at, door, request.META.get("PAKAN_REQUEST", "-"), account.language)
    audit.write(actor, act, audit.Note(object=f"account {account.id}", purpose=proof))


def door_of(account: Account) -> str:
    return DOORS[account.kind]


def leave(request: HttpRequest, at: datetime) -> None:
    """Sign out: the session ends here and in our table, and its cookie opens nothing any more."""
    key, account = request.session.session_key, request.user
    with transaction.atomic():
        if key:
            actions.end_session(key, at)
        if isinstance(account, Account):
            _write(request, account, door_of(account), "sign out", "", at)
        logout(request)


def is_fresh(request: HttpRequest, at: datetime) -> bool:
    """Whether more than a code was shown here in the last ten minutes, and may count for money and identity.

    It counts for neither while the account cools: after a first PIN on nothing but a code, a recovery or a new phone
    at a counter (A10).
    """
    account = request.user
    return proved(request, at) and not (isinstance(account, Account) and cools(account, at))


def proved(request: HttpRequest, at: datetime) -> bool:
    """Whether a PIN, passkey or second factor was shown in this session in the last ten minutes.

    In the practice house nobody has any, and nothing there needs one.
    """
    if settings.PRACTICE:
        return True
    shown = request.session.get("proved_at")
    return shown is not None and at - datetime.fromisoformat(shown) <= FRESH


def by_state(request: HttpRequest) -> bool:
    """Whether the last proof of this session was the State's identity."""
    sign_in: SignIn | None = getattr(request, "sign_in", None)
    return sign_in is not None and sign_in.proof == "state"


def need_fresh(request: HttpRequest, at: datetime) -> None:
    if not is_fresh(request, at):
        raise NotFresh


def own(actor: Actor, account_id: int) -> Account:
    if actor.account_id is None or actor.account_id != account_id:
        raise PermissionError("only one's own account")
    return Account.objects.get(id=account_id)


def account_of(actor: Actor) -> Account:
    """The account behind a signed-in actor."""
    return Account.objects.get(id=_account_id(actor))


def _account_id(actor: Actor) -> int:
    if actor.account_id is None:
        raise PermissionError("nobody is signed in")
    return actor.account_id


def open_sign_ins(actor: Actor) -> list[SignIn]:
    """Where the actor's account is signed in now, newest first; those past their time are left out."""
    rows = SignIn.objects.filter(account_id=_account_id(actor), ended_at=None).order_by("-seen_at")
    return [row for row in rows.select_related("device") if not is_over(row, actor.at)]


@verb("enter.end_sign_in")
def end_sign_in(actor: Actor, sign_in_id: int) -> bool:
    """End one of one's own sessions elsewhere. False if it is not there, or another's."""
    row = SignIn.objects.filter(id=sign_in_id, account_id=_account_id(actor), ended_at=None).first()
    if row is None:
        return False
    audit.remember(f"sign-in {row.id}")
    actions.end_session(row.session_key, actor.at)
    return True


def speak(request: HttpRequest, actor: Actor, language: str) -> None:
    """Keep the language that a person chose: the next sign-in and the messages come in it.

    Who is not signed in yet has it kept as soon as he is, within the hour.
    """
    if language not in dict(settings.LANGUAGES):
        return
    if actor.account_id is not None:
        actions.speak(account_of(actor), language)
    else:
        request.session["spoke"] = [language, actor.at.isoformat()]


def _keep_choice(request: HttpRequest, account: Account, at: datetime) -> None:
    """The language chosen at the door a moment ago is newer than the account's own."""
    language, when = request.session.pop("spoke", ("", ""))
    if language and language != account.language and at - datetime.fromisoformat(when) <= CHOSEN:
        actions.speak(account, language)
        account.language = language


@verb("enter.read_messages")
def read_messages(actor: Actor) -> None:
    """The person has read what waits in his own inbox."""
    if actor.person_id is None:
        raise PermissionError("only a person has an inbox")
    audit.remember("inbox")
    messages.read(actor.person_id, actor.at)
