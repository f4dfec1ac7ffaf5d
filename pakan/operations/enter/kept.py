"""What a member was sending when the session locked or ended: kept on our side, offered again to the same account."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

MOST = 60_000  # letters; a long form has some hundreds
NEVER = frozenset({"csrfmiddlewaretoken", "pin", "again", "code", "secret"})


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: `path` is our own, `fields` its names and values in order."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool


def keep(request: HttpRequest, account_id: int) -> None:
    """Keep the form of this request for `account_id`. Photos cannot be kept, and proofs never are."""
    if request.method != "POST" or not request.POST:
        return
    names = [name for name in request.POST if name not in NEVER]
    fields = [[name, str(value)] for name in names for value in request.POST.getlist(name)]
    if fields and sum(len(name) + len(value) for name, value in fields) <= MOST:
        request.session["kept"] = {
            "account": account_id, "path": request.get_full_path(), "fields": fields, "files": bool(request.FILES)
        }  # fmt: skip


def kept(request: HttpRequest, account_id: int | None) -> Kept | None:
    """What waits to be sent again; somebody else's is dropped unseen."""
    found: dict[str, Any] | None = request.session.get("kept")
    if not found:
        return None
    if found["account"] != account_id:
        drop_kept(request)
        return None
    return Kept(found["path"], [(name, value) for name, value in found["fields"]], found["files"])


def drop_kept(request: HttpRequest) -> None:
    request.session.pop("kept", None)
