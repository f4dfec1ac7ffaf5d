"""The one verdict on a code, as every reader gives it: this function, and verdict.js on the page for hospitals.

The two are held together by a test that runs one corpus through both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pakan.integrations.formats.credential.documents import Verified, verify
from pakan.integrations.formats.credential.keys import PublicKey
from pakan.integrations.formats.credential.lists import RevokedList
from pakan.integrations.formats.credential.sign1 import CredentialRefused

Code = Literal[
    "genuine",
    "list_old",
    "too_old",
    "expired",
    "not_yet",
    "revoked",
    "not_genuine",
    "not_ours",
    "not_readable",
]
LIST_OLD = timedelta(days=7)  # a list of withdrawn documents that is older is said to be old
KEYS_OLD = timedelta(days=90)  # a reader that long without network can no longer tell


@dataclass(frozen=True)
class Verdict:
    """`found` only when the signature is ours and the document may be shown."""

    code: Code
    found: Verified | None = None

    @property
    def is_good(self) -> bool:
        return self.code in ("genuine", "list_old")


def judge(
    text: str,
    keys: Mapping[str, PublicKey],
    keys_at: datetime,
    revoked: RevokedList | None,
    now: datetime,
) -> Verdict:
    """What to tell about a code with what the reader holds; `keys_at`: when the key list was made."""
    try:
        found = verify(text, keys, now)
    except CredentialRefused as fault:
        return Verdict("not_genuine" if fault.code == "wrong_kind" else fault.code)  # type: ignore[arg-type]
    if found.key.is_stolen or (revoked is not None and found.serial in revoked):
        return Verdict("revoked")
    if now - keys_at > KEYS_OLD:
        return Verdict("too_old")
    is_old = revoked is None or now - revoked.made_at > LIST_OLD
    return Verdict("list_old" if is_old else "genuine", found)
