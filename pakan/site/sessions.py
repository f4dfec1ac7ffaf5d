"""Session, account and person of each request, by one query made once (Django's own three cost a quarter of a page)."""

from datetime import datetime

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from pakan.registers.access.models import Account, SignIn
from pakan.registers.access.queries import open_sign_in, open_sign_ins
from pakan.registers.kept import kept


@kept(str, datetime)
def _living(key: str, now: datetime) -> QuerySet[Session, Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


@kept(str, datetime)
def _signed_in(key: str, now: datetime) -> QuerySet[SignIn, SignIn]:
    """The open sign-in with what its session says, None where that is over."""
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    return open_sign_ins().filter(session_key=key).annotate(says=Subquery(living.values("session_data")))


class SessionStore(db.SessionStore):
    """Django's sessions in the database; who is signed in comes along."""

    sign_in: SignIn | None = None

    def _get_session_from_db(self) -> Session | None:
        now = timezone.now()
        for sign_in in _signed_in(self.session_key, now):
            says: str | None = sign_in.says  # type: ignore[attr-defined]
            if says is not None:
                self.sign_in = sign_in
                return Session(session_key=sign_in.session_key, session_data=says)
        for found in _living(self.session_key, now):
            return found
        self._session_key = None
        return None


class KnowTheAccount(AuthenticationMiddleware):
    """`request.user` from the open sign-in, which the door reads in any case; whatever is unusual, Django decides."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _user(request))  # type: ignore[assignment]


def sign_in_of(request: HttpRequest) -> SignIn | None:
    """The open sign-in of this session, read once in a request as long as its key stays."""
    key = request.session.session_key
    if not key:
        return None
    before: tuple[str, SignIn | None] | None = getattr(request, "_sign_in", None)
    if before is None or before[0] != key:
        loaded: SignIn | None = getattr(request.session, "sign_in", None)
        before = (key, loaded if loaded and loaded.session_key == key else open_sign_in(key))
        request._sign_in = before  # type: ignore[attr-defined]
    return before[1]


def _user(request: HttpRequest) -> Account | AnonymousUser:
    found: Account | AnonymousUser | None = getattr(request, "_cached_user", None)
    if found is None:
        found = _proven(request) or auth.get_user(request)
        request._cached_user = found  # type: ignore[attr-defined]
    return found


def _proven(request: HttpRequest) -> Account | None:
    """The account of the open sign-in, if the session was begun for it by its password of today; None: not so simple."""
    told, known = request.session.get(auth.SESSION_KEY), request.session.get(auth.HASH_SESSION_KEY)
    if (
        told is None
        or not known
        or request.session.get(auth.BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS
    ):
        return None
    sign_in = sign_in_of(request)
    if sign_in is None or str(sign_in.account_id) != told or not sign_in.account.is_active:
        return None
    account = sign_in.account
    return account if constant_time_compare(known, account.get_session_auth_hash()) else None
