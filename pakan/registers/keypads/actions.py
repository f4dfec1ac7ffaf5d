"""Writing about telephones: lines opened and ended, PINs counted, talks kept for twenty minutes."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db.models import F

from pakan.registers.access.models import Account
from pakan.registers.keypads.models import Line, Talk

PIN_TRIES = 5
CODE_TRIES = 5
CLOSED = timedelta(hours=24)
TALK_LIFE = timedelta(minutes=20)


def digest(*facts: str) -> str:
    """Numbers and PINs are short: a plain hash of them could be read back by trying all."""
    said = "\x1f".join(("keypad", *facts)).encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()


# Lines


def line_of(account: Account, phone: str, at: datetime) -> Line:
    """The line of this account on this telephone, made at its first use."""
    line, _ = Line.objects.get_or_create(
        account=account, phone=phone, ended_at=None, defaults={"made_at": at, "opened_at": at}
    )
    return line


def ask_line(account: Account, phone: str, code: str, at: datetime) -> Line:
    """A line that will declare, once the code that went to this number is typed."""
    line, _ = Line.objects.get_or_create(
        account=account, phone=phone, ended_at=None, defaults={"made_at": at, "declares": True}
    )
    line.code_digest, line.code_made_at, line.code_tries = digest("code", str(line.id), code), at, 0
    line.save(update_fields=["code_digest", "code_made_at", "code_tries"])
    return line


def use_code(line: Line, code: str, at: datetime, life: timedelta) -> bool:
    """Whether this is the code of the line, once. The try is counted before the comparison."""
    living = Line.objects.filter(id=line.id, ended_at=None, code_made_at__gt=at - life).exclude(
        code_digest=""
    )
    if not living.filter(code_tries__lt=CODE_TRIES).update(code_tries=F("code_tries") + 1):
        return False
    line.refresh_from_db()
    if not hmac.compare_digest(digest("code", str(line.id), code), line.code_digest):
        return False
    return bool(living.update(code_digest="", opened_at=at, declares=True, tries=0, closed_until=None))


def end_line(line: Line, at: datetime) -> None:
    Line.objects.filter(id=line.id, ended_at=None).update(ended_at=at)


def end_lines(account: Account, at: datetime) -> int:
    """This account declares by no telephone any more."""
    return Line.objects.filter(account=account, declares=True, ended_at=None).update(ended_at=at)


def try_pin(line: Line, pin: str, at: datetime) -> bool:
    """Whether this is the account's PIN; five wrong ones in a row close the line for a day.

    The try is counted before the comparison, so that parallel guesses cannot share one.
    """
    rows = Line.objects.filter(id=line.id)
    rows.filter(closed_until__lte=at).update(tries=0, closed_until=None)
    counted = rows.filter(tries__lt=PIN_TRIES).update(tries=F("tries") + 1)
    if counted and check_password(pin, line.account.pin):
        rows.update(tries=0)
        return True
    rows.filter(tries__gte=PIN_TRIES, closed_until=None).update(closed_until=at + CLOSED)
    line.refresh_from_db(fields=["tries", "closed_until"])
    return False


# Talks


def open_talk(session: str, phone: str, at: datetime) -> Talk:
    """The talk of this session under its lock. A new one knows where the last one on this telephone broke off."""
    key, whose = digest("session", session, phone), digest("phone", phone)
    Talk.objects.filter(at__lt=at - TALK_LIFE).delete()
    broken = (
        Talk.objects.filter(phone=whose, ended=False)
        .exclude(key=key)
        .exclude(place=[])
        .order_by("-at")
        .first()
    )
    Talk.objects.get_or_create(
        key=key,
        defaults={"phone": whose, "began_at": at, "at": at, "offered": broken.place if broken else []},
    )
    return Talk.objects.select_for_update().get(key=key)


def keep_talk(talk: Talk, asked: str, answer: str, ended: bool, at: datetime) -> None:
    """What was answered to these inputs; nothing else of what they were."""
    talk.asked, talk.answer, talk.ended, talk.at = asked, answer, ended, at
    talk.save()


def finish_talks(phone: str) -> None:
    """What was broken off on this telephone is done, or not wanted: it is not offered again."""
    Talk.objects.filter(phone=digest("phone", phone)).update(place=[])
