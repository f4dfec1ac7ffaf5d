"""What may stay on a phone: only what its owner asked for, under an opaque name, until she signs out (A22, ASVS 14.3).

The answer is a cookie of this phone, by profile. Each answer of the member's pages tells the worker who is in and whether
the page may be kept; an answer to nobody closes what is kept.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from pakan.operations import enter
from pakan.registers.access.actor import Actor
from pakan.registers.access.roles import Role

COOKIE, LEFT = "kept", "left"
YEAR = 365 * 24 * 3600
PROFILES = 8  # answers of so many profiles are remembered on one phone
# Pages that open without network; the first ones are fetched beforehand, the others stay when they were looked at.
FILLED = ("home", "record", "card", "benefits", "help", "death")
SEEN = (
    "month", "claim_question", "claim_papers", "correct", "voluntary", "voluntary_change", "family", "family_one",
    "family_new", "voluntary_join", "voluntary_all", "helpers", "helper_new",
)  # fmt: skip
KEPT = frozenset(f"member:{name}" for name in (*FILLED, *SEEN))


def profile_of(account_id: int) -> str:
    """A name for the phone's storage: the same for ever, and tells nothing."""
    return salted_hmac("pakan.channels.member.keep", str(account_id)).hexdigest()[:16]


def _choices(request: HttpRequest) -> dict[str, str]:
    parts = [part.partition("-") for part in request.COOKIES.get(COOKIE, "").split(".")]
    return {profile: choice for profile, _, choice in parts if choice in ("yes", "no")}


def choice_of(request: HttpRequest, account_id: int) -> str:
    """'yes', 'no', or '' where the person was not asked on this phone."""
    return _choices(request).get(profile_of(account_id), "")


def choose(request: HttpRequest, answer: HttpResponse, account_id: int, keeps: bool) -> None:
    """Remember what the person said about this phone."""
    others = {name: said for name, said in _choices(request).items() if name != profile_of(account_id)}
    choices = {profile_of(account_id): "yes" if keeps else "no"} | others
    text = ".".join(f"{name}-{said}" for name, said in list(choices.items())[:PROFILES])
    answer.set_cookie(
        COOKIE, text, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def forget(answer: HttpResponse) -> None:
    """Signed out: nothing stays, not even who said what."""
    answer.delete_cookie(COOKIE, samesite="Lax")
    answer.delete_cookie(LEFT, samesite="Lax")


def tell_the_worker(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Ends a session that was signed out without network, and says in `Kept` what of this answer may stay."""

    def middleware(request: HttpRequest) -> HttpResponse:
        left = bool(request.COOKIES.get(LEFT))
        if left and request.user.is_authenticated and not request.path.endswith("/sign-out/"):
            enter.leave(request, timezone.now())
        response = get_response(request)
        if left:
            forget(response)
        match = request.resolver_match
        if match and match.app_name == "member" and "Kept" not in response:
            response["Kept"] = _kept(request, match.view_name)
        return response

    return middleware


def _kept(request: HttpRequest, view: str) -> str:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.account_id is None or Role.MEMBER not in actor.own:
        return "none"
    if choice_of(request, actor.account_id) != "yes":
        return "none"
    # A page that says "we have it" says it once, and not again next week without network.
    stays = view in KEPT and request.method == "GET" and not len(get_messages(request))
    return profile_of(actor.account_id) + ("; store" if stays else "")
