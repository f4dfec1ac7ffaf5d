"""The ways to a person, in their order: the browser that may be woken, the telephone, e-mail. Then the inbox or a person.

A push carries one neutral sentence; an e-mail and an SMS carry the short text. Each raises Refused (never by this way)
or Silent (again later).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from pakan.integrations import mail, push
from pakan.integrations.telcos import named
from pakan.integrations.telcos.telco import DAY, MessageRefused, Telco, TelcoConfig, TelcoUnreachable
from pakan.operations.notify.words import NEWS, text_of, whole_of
from pakan.registers.access.models import Account
from pakan.registers.messages import actions, queries
from pakan.registers.messages.models import CODES, Message, PushSubscription, Way

CODE_LIFE = timedelta(minutes=5)
# All that a push service, a lock screen or a passer-by may learn.
NEUTRAL = {
    "lo": {"title": "ປະກັນສັງຄົມ", "text": "ທ່ານມີຂໍ້ຄວາມໃໝ່"},
    "en": {"title": "Social security", "text": "You have a new message"},
}


class Refused(Exception):
    """Never by this way: `reason` stands in the attempt's row."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Silent(Exception):
    """No answer: the same again later."""


@dataclass(frozen=True)
class Handed:
    """Who has it now, and how he calls it."""

    operator: str
    operator_id: str


def telco(name: str = "") -> Telco:
    name = name or settings.TELCO
    wired = settings.TELCOS[name]
    return named(name, TelcoConfig(address=wired["url"], token=wired["keys"][0]))


def signer() -> push.Signer:
    return push.signer(settings.SIGNING_KEY.encode(), settings.PUSH_CONTACT)


def mail_config() -> mail.MailConfig:
    return mail.MailConfig(**settings.MAIL)


def ways_of(message: Message) -> Iterator[Way]:
    """The ways that are open for this message, best first. A code goes to the telephone on record and nowhere else.

    In the practice house none is: what is told stands in its inboxes.
    """
    if settings.PRACTICE:
        return
    if message.wording in CODES:
        yield Way.MAIL if message.wording == "mail_code" else Way.SMS
        return
    if message.account_id is not None and queries.browsers_of(message.account_id):
        yield Way.PUSH
    if message.phone and not (message.wording in NEWS and queries.wants_no_news(message.phone)):
        yield Way.SMS
    if settings.MAIL["host"] and address_of(message):
        yield Way.MAIL


def address_of(message: Message) -> str:
    """Where e-mail goes: the confirmed address, or the one by which an employer's person signs in."""
    if message.account_id is None:
        return ""
    given = queries.mail_of(message.account_id)
    if given is not None and (given.confirmed_at is not None or message.wording == "mail_code"):
        return given.address
    account = message.account
    is_theirs = account is not None and account.kind == Account.Kind.EMPLOYER
    return account.sign_in if account is not None and is_theirs and mail.is_address(account.sign_in) else ""


def by_sms(message: Message, at: datetime) -> Handed:
    operator = telco()
    life = CODE_LIFE if message.wording in CODES else DAY
    try:
        told = operator.send(message.phone, text_of(message), message.key, life)
    except MessageRefused as fault:
        raise Refused("number") from fault
    except TelcoUnreachable as fault:
        raise Silent(str(fault)) from fault
    return Handed(operator.name, told)


def by_mail(message: Message, at: datetime) -> Handed:
    config = mail_config()
    said = whole_of(message, message.language)
    body = "\n\n".join(part for part in (said.happened, said.means, said.do, said.until) if part)
    subject = said.title or NEUTRAL[message.language]["text"]
    try:
        told = mail.send(config, mail.compose(config, address_of(message), subject, body, message.key))
    except mail.MailRefused as fault:
        raise Refused("mail") from fault
    except mail.MailUnreachable as fault:
        raise Silent(str(fault)) from fault
    return Handed("mail", told[:80])


def by_push(message: Message, at: datetime) -> Handed:
    """To each of the person's browsers; one that took it is enough. Those that have withdrawn are ended."""
    assert message.account_id is not None
    taken, silent = "", False
    for one in queries.browsers_of(message.account_id):
        try:
            _wake(one, message)
        except push.PushGone:
            actions.end_push(one.id, "gone", at)
        except (push.PushRefused, push.BadSubscription):
            actions.end_push(one.id, "refused", at)
        except push.PushUnreachable:
            silent = True
        else:
            taken = taken or str(one.id)
    if taken:
        return Handed("push", taken)
    if silent:
        raise Silent("push")
    raise Refused("gone")


def _wake(one: PushSubscription, message: Message) -> None:
    browser = push.Browser(one.endpoint, one.public_key, one.secret)
    push.send(browser, NEUTRAL[message.language], f"m{message.id}", signer(), settings.PUSH_ORIGINS)


BY: dict[Way, Callable[[Message, datetime], Handed]] = {
    Way.PUSH: by_push,
    Way.SMS: by_sms,
    Way.MAIL: by_mail,
}
