"""The ways to a person: each once, in their order, by day only, and what no way carried is a person's task."""

import base64
import json
import os
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.integrations import mail, push
from pakan.integrations.formats import signature
from pakan.integrations.telcos.dialect import compose_incoming, compose_receipt
from pakan.integrations.telcos.telco import DAY, MessageRefused
from pakan.operations import notify
from pakan.operations.notify import deliver, ways
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account
from pakan.registers.messages import actions, queries
from pakan.registers.messages.models import Attempt, Incoming, MailAddress, Message, PushSubscription
from pakan.registers.people.models import Person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 10, 12, tzinfo=VIENTIANE)
NIGHT = datetime(2026, 11, 10, 23, tzinfo=VIENTIANE)


class Operator:
    name = "sandbox"

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, timedelta]] = []
        self.fault: Exception | None = None

    def send(self, to: str, text: str, key: str, life: timedelta = DAY) -> str:
        if self.fault:
            raise self.fault
        self.sent.append((to, text, life))
        return f"T-{key}"

    def read_told(self, *given: Any) -> Any:
        from pakan.integrations.telcos.sandbox.client import Client
        from pakan.integrations.telcos.telco import TelcoConfig

        return Client(TelcoConfig("", "")).read_told(*given)


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> Operator:
    here = Operator()
    monkeypatch.setattr(ways, "telco", lambda name="": here)
    return here


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def put(at: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at)

    put(NOON)
    return put


@pytest.fixture
def account(workers: list[Person], now: datetime) -> Account:
    return member_account(workers[0], now)


def say(
    account: Account, key: str = "k", wording: str = "month_credited", phone: str | None = None
) -> Message:
    assert account.person is not None
    row = {
        "key": key, "wording": wording, "values": dict(notify.LONGEST), "language": "lo",
        "phone": account.person.phone if phone is None else phone,
        "person_id": account.person_id, "account_id": account.id,
    }  # fmt: skip
    [made] = actions.queue([row], NOON)
    return Message.objects.get(id=made)


def sent(message: Message) -> tuple[str, list[tuple[str, str, str]]]:
    message.refresh_from_db()
    return message.state, list(message.attempts.order_by("id").values_list("way", "state", "reason"))


def jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name="notify.send").order_by("id"))


# Night and news


def test_no_phone_rings_at_night_whatever_brought_the_job_there(
    account: Account, operator: Operator, clock: Callable[[datetime], None]
) -> None:
    clock(NIGHT)
    message, code = say(account), say(account, "c", "code")
    Message.objects.filter(id=code.id).update(made_at=NIGHT)
    notify.send([message.id, code.id])
    assert [text for _, text, _ in operator.sent] == [notify.WORDINGS["code"]["lo"].format(code="888888")]
    assert sent(message)[0] == "queued"
    [job] = jobs()
    assert job.scheduled_at == datetime(2026, 11, 11, 7, tzinfo=VIENTIANE)
    assert job.args == {"message_ids": [message.id]}
    clock(job.scheduled_at)
    notify.send(**job.args)
    assert sent(message)[0] == "sent"
    assert [life for _, _, life in operator.sent] == [notify.CODE_LIFE, DAY]


@pytest.mark.parametrize("hour", [20, 23, 0, 6])
def test_every_wording_but_codes_and_answers_waits_for_the_morning(
    hour: int, account: Account, operator: Operator, clock: Callable[[datetime], None]
) -> None:
    clock(NOON.replace(hour=hour))
    messages = [say(account, name, name) for name in notify.WORDINGS if name not in notify.URGENT]
    notify.send([message.id for message in messages])
    assert operator.sent == []
    assert {"code", "phone_code", "mail_code"} <= notify.URGENT
    assert not {"month_credited", "month_not_paid", "remind_pay", "news"} & notify.URGENT


def test_stop_ends_news_and_nothing_else(
    account: Account, operator: Operator, clock: Callable[[datetime], None]
) -> None:
    assert account.person is not None
    actions.stop_news(account.person.phone, NOON)
    news, month = say(account, "n", "news"), say(account, "m")
    notify.send([news.id, month.id])
    assert (sent(news)[0], sent(month)[0]) == ("inbox", "sent")
    actions.start_news(account.person.phone, NOON)
    again = say(account, "n2", "news")
    notify.send([again.id])
    assert sent(again)[0] == "sent"


# One way after the other


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[str]:
    settings.MAIL = settings.MAIL | {"host": "127.0.0.1"}
    taken: list[str] = []

    def take(config: mail.MailConfig, message: Any) -> str:
        taken.append(f"{message['To']}|{message['Subject']}|{message.get_content()}")
        return str(message["Message-ID"])

    monkeypatch.setattr(mail, "send", take)
    return taken


def confirmed(account: Account) -> None:
    MailAddress.objects.create(account=account, address="member@example.la", said_at=NOON, confirmed_at=NOON)


def receipt(message_id: str, stat: str, reason: str = "") -> bool:
    body = json.dumps(compose_receipt(message_id, "", stat, NOON, reason)).encode()
    headers = {signature.HEADER: signature.sign(b"sandbox-telco-key", body, NOON)}
    return notify.receive("sandbox", headers, body, NOON)


def test_a_text_that_failed_goes_on_by_e_mail_once_and_a_late_delivery_wins(
    account: Account, operator: Operator, clock: Callable[[datetime], None], mails: list[str]
) -> None:
    confirmed(account)
    message = say(account)
    notify.send([message.id])
    for _ in range(3):
        assert receipt("T-k", "UNDELIV")
    [job] = jobs()  # three receipts of the same failure are one next step
    notify.send(**job.args)
    notify.send(**job.args)
    assert sent(message) == ("sent", [("sms", "failed", "phone"), ("mail", "sent", "")])
    [written] = mails
    assert written.startswith("member@example.la|ໄດ້ນັບໜຶ່ງເດືອນແລ້ວ|")
    assert receipt("T-k", "DELIVRD")
    assert sent(message)[0] == "delivered"


def test_what_no_way_carries_is_a_persons_task_until_somebody_told_it(
    account: Account, operator: Operator, clock: Callable[[datetime], None], communicator: Account,
    as_actor: Callable[..., Actor],
) -> None:  # fmt: skip
    message = say(account)
    operator.fault = MessageRefused("number")
    notify.send([message.id])
    assert sent(message) == ("failed", [("sms", "failed", "number")])
    assert list(queries.failed_messages()) == [message]
    who = as_actor(communicator)
    assert notify.told(who, message, "call", "ບອກທາງໂທລະສັບ")
    assert not notify.told(who, message, "letter")
    assert list(queries.failed_messages()) == []


def test_a_text_of_which_nothing_is_heard_goes_on_after_a_day(
    account: Account, operator: Operator, clock: Callable[[datetime], None]
) -> None:
    message = say(account)
    notify.send([message.id])
    assert notify.sweep_silent(NOON + timedelta(hours=25)) == 0
    assert notify.sweep_silent(NOON + timedelta(hours=27)) == 1
    assert notify.sweep_silent(NOON + timedelta(hours=27)) == 0
    [job] = jobs()
    notify.send(**job.args)
    assert sent(message) == ("failed", [("sms", "failed", "silence")])


def test_a_refused_sender_name_alarms(
    account: Account, operator: Operator, clock: Callable[[datetime], None], caplog: pytest.LogCaptureFixture
) -> None:
    notify.send([say(account).id])
    assert receipt("T-k", "UNDELIV", "sender")
    assert [line.message for line in caplog.records if line.levelname == "ERROR"] == [
        "the operator refuses our sender name"
    ]


# The browser


class Service:
    """A push service on this machine: keeps what came, and answers as told."""

    def __init__(self) -> None:
        self.says = 201
        self.came: list[tuple[dict[str, str], bytes]] = []
        here = self

        class Desk(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                here.came.append((dict(self.headers), body))
                self.send_response(here.says)
                if here.says == 302:
                    self.send_header("Location", "http://127.0.0.1:1/inside")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    here = Service()
    settings.PUSH_ORIGINS = (here.origin,)
    yield here
    here.server.shutdown()
    here.server.server_close()


def b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


class Phone:
    """A browser that has subscribed, with the keys that only it holds."""

    def __init__(self, origin: str, path: str = "/device") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        self.endpoint = origin + path
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public = b64(point)

    def reads(self, body: bytes) -> Any:
        return json.loads(
            http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        )

    def subscribes(self, actor: Actor) -> None:
        notify.subscribe(actor, self.endpoint, self.public, b64(self.secret))


def test_a_push_says_one_neutral_sentence_that_only_this_browser_reads(
    account: Account, operator: Operator, clock: Callable[[datetime], None], service: Service,
    as_actor: Callable[..., Actor],
) -> None:  # fmt: skip
    phone = Phone(service.origin)
    phone.subscribes(as_actor(account))
    phone.subscribes(as_actor(account))
    assert PushSubscription.objects.count() == 1
    message = say(account)
    notify.send([message.id])
    assert sent(message) == ("sent", [("push", "sent", "")]) and operator.sent == []
    [(headers, body)] = service.came
    assert phone.reads(body) == ways.NEUTRAL["lo"]
    assert headers["Content-Encoding"] == "aes128gcm" and headers["Topic"] == f"m{message.id}"
    assert (
        headers["Authorization"].startswith("vapid t=") and notify.browser_key() in headers["Authorization"]
    )
    token = headers["Authorization"].split("t=")[1].split(",")[0].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(token + "=="))
    assert claims["aud"] == service.origin and claims["sub"].startswith("mailto:")


@pytest.mark.parametrize(("says", "why"), [(404, "gone"), (410, "gone"), (403, "refused"), (302, "refused")])
def test_a_browser_that_is_gone_is_ended_and_the_telephone_rings_instead(
    says: int, why: str, account: Account, operator: Operator, clock: Callable[[datetime], None], service: Service,
    as_actor: Callable[..., Actor],
) -> None:  # fmt: skip
    Phone(service.origin).subscribes(as_actor(account))
    service.says = says
    message = say(account)
    notify.send([message.id])
    assert sent(message) == ("sent", [("push", "failed", "gone"), ("sms", "sent", "")])
    assert PushSubscription.objects.get().why_ended == why
    notify.send([say(account, "k2").id])
    assert len(service.came) == 1 and len(operator.sent) == 2


def test_a_busy_push_service_is_asked_again_and_then_left(
    account: Account, operator: Operator, clock: Callable[[datetime], None], service: Service,
    as_actor: Callable[..., Actor],
) -> None:  # fmt: skip
    Phone(service.origin).subscribes(as_actor(account))
    service.says = 503
    message = say(account)
    for _ in range(notify.LAST_TRY - 1):
        with pytest.raises(ways.Silent):
            notify.send([message.id])
    notify.send([message.id])
    assert sent(message) == ("sent", [("push", "failed", "silence"), ("sms", "sent", "")])
    assert PushSubscription.objects.get().ended_at is None


@pytest.mark.parametrize(
    "endpoint",
    ["http://169.254.169.254/latest", "http://127.0.0.1:5432/", "https://push.example.evil.org/x",
     "https://user@push.example/x", "https://push.example:8443/x", "http://push.example/x", "file:///etc/passwd",
     "https://push.example\\@evil.org/", "https://evil.org/push.example", "https://push.example/ກ", "",
     "https://a.b.push.example.org/x", "https://push.example/" + "x" * 1000],
)  # fmt: skip
def test_abuse_A31_a_browser_can_name_no_address_but_a_push_services(
    endpoint: str, account: Account, settings: Any, as_actor: Callable[..., Actor]
) -> None:
    settings.PUSH_ORIGINS = ("https://push.example", "https://*.example.com")
    phone = Phone("https://push.example")
    phone.subscribes(as_actor(account))
    phone.endpoint = endpoint
    with pytest.raises(notify.BadAddress):
        phone.subscribes(as_actor(account))
    # And one that came into the table before the list was tightened is not called either.
    with pytest.raises(push.BadSubscription):
        push.send(
            push.Browser(endpoint, phone.public, b64(phone.secret)),
            {},
            "t",
            ways.signer(),
            settings.PUSH_ORIGINS,
        )
    assert PushSubscription.objects.count() == 1


@pytest.mark.parametrize(
    ("public", "secret"), [("", b64(b"x" * 16)), (b64(b"\4" + b"x" * 64), b64(b"x" * 16)), (None, "x")]
)
def test_keys_that_are_none_are_refused(
    public: str | None, secret: str, account: Account, settings: Any, as_actor: Callable[..., Actor]
) -> None:
    settings.PUSH_ORIGINS = ("https://push.example",)
    phone = Phone("https://push.example")
    with pytest.raises(notify.BadAddress):
        notify.subscribe(
            as_actor(account), phone.endpoint, phone.public if public is None else public, secret
        )


def test_on_a_shared_phone_the_last_who_said_yes_is_woken_and_unsubscribing_ends_it(
    account: Account, workers: list[Person], now: datetime, settings: Any, as_actor: Callable[..., Actor]
) -> None:
    settings.PUSH_ORIGINS = ("https://push.example",)
    phone = Phone("https://push.example")
    other = member_account(workers[1], now)
    phone.subscribes(as_actor(account))
    phone.subscribes(as_actor(other))
    assert (len(queries.browsers_of(account.id)), len(queries.browsers_of(other.id))) == (0, 1)
    assert notify.unsubscribe(as_actor(other)) == 1
    assert queries.browsers_of(other.id) == []


# What people write


def writes(phone: str, text: str, message_id: str = "MO1", at: datetime = NOON) -> None:
    body = json.dumps(compose_incoming(message_id, phone, text, at)).encode()
    headers = {signature.HEADER: signature.sign(b"sandbox-telco-key", body, at)}
    assert notify.receive("sandbox", headers, body, at)


@pytest.mark.parametrize(
    ("text", "stopped"), [("STOP", True), ("ຢຸດ", True), (" stop. please", True), ("hello", False)]
)
def test_stop_and_start_are_understood_and_answered_at_any_hour(
    text: str, stopped: bool, account: Account, operator: Operator, clock: Callable[[datetime], None]
) -> None:
    assert account.person is not None
    phone = account.person.phone
    clock(NIGHT)
    for _ in range(3):
        writes(phone, text, at=NIGHT)  # the operator tells it three times
    assert queries.wants_no_news(phone) == stopped
    [job] = jobs()
    assert job.scheduled_at is None
    notify.send(**job.args)
    assert [to for to, _, _ in operator.sent] == [phone]
    writes(phone, "START", "MO2", NIGHT)
    assert not queries.wants_no_news(phone)
    assert Incoming.objects.count() == 2


def test_balance_says_months_and_the_last_payment_and_no_number_of_the_person(
    paid: Account, operator: Operator, clock: Callable[[datetime], None]
) -> None:
    person = paid.person
    assert person is not None
    writes(person.phone, "ຍອດ")
    answer = Message.objects.get(wording="answer_balance")
    said = notify.text_of(answer)
    assert answer.values["months"] == "1" and answer.values["amount"] == "345.000"
    assert person.number not in said and person.given_name not in said


@pytest.fixture
def paid(account: Account, kham: Actor, noy: Actor, factory: Any, open_month: Any, now: datetime) -> Account:
    from pakan.operations import collect
    from tests.operations.desk import declared, pays

    declared(kham, noy, factory, open_month)
    pays(now, collect.ask(noy, factory, [open_month]))
    return account


def test_several_people_with_one_phone_learn_nothing_of_each_other(
    paid: Account, workers: list[Person], clock: Callable[[datetime], None]
) -> None:
    assert paid.person is not None
    Person.objects.filter(id=workers[1].id).update(phone=paid.person.phone)
    writes(paid.person.phone, "BALANCE")
    assert list(Message.objects.values_list("wording", flat=True)) == ["answer_several"]


def test_unknown_numbers_hear_nothing_and_nobody_is_answered_without_end(
    account: Account, clock: Callable[[datetime], None]
) -> None:
    writes("+8562099999999", "ຍອດ")
    writes("not a number", "ຍອດ", "MO2")
    assert not Message.objects.exists()
    assert account.person is not None
    for at in range(20):
        writes(account.person.phone, "?", f"MOx{at}")
    assert Message.objects.count() == 6


def test_abuse_A41_a_forged_text_changes_nothing(account: Account, clock: Callable[[datetime], None]) -> None:
    assert account.person is not None
    body = json.dumps(compose_incoming("MO1", account.person.phone, "STOP", NOON)).encode()
    headers = {signature.HEADER: signature.sign(b"somebody else", body, NOON)}
    assert not notify.receive("sandbox", headers, body, NOON)
    assert not Incoming.objects.exists() and not queries.wants_no_news(account.person.phone)


# E-mail addresses


def test_an_address_counts_when_the_code_that_was_sent_there_comes_back(
    account: Account, clock: Callable[[datetime], None], mails: list[str], as_actor: Callable[..., Actor]
) -> None:
    actor = as_actor(account)
    notify.say_mail(actor, " khamla@example.la ")
    [job] = jobs()
    notify.send(**job.args)
    [written] = mails
    code = written.split(": ")[1][:6]
    assert ways.address_of(say(account)) == ""
    assert not notify.confirm_mail(actor, "000000" if code != "000000" else "111111")
    assert notify.confirm_mail(actor, code)
    assert ways.address_of(say(account, "k2")) == "khamla@example.la"
    assert Message.objects.get(wording="mail_code").values == {"code": "••••••"}
    notify.forget_mail(actor)
    assert queries.mail_of(account.id) is None


def test_five_wrong_codes_or_half_an_hour_and_the_address_does_not_count(
    account: Account, clock: Callable[[datetime], None], mails: list[str], as_actor: Callable[..., Actor]
) -> None:
    actor = as_actor(account)
    notify.say_mail(actor, "khamla@example.la")
    notify.send(**jobs()[0].args)
    code = mails[0].split(": ")[1][:6]
    late = as_actor(account, actor.at + timedelta(minutes=31))
    assert not notify.confirm_mail(late, code)
    for _ in range(5):
        assert not notify.confirm_mail(actor, "x")
    assert not notify.confirm_mail(actor, code)


@pytest.mark.parametrize(
    "address",
    ["", "x", "a@b", "a@b.la\r\nBcc: all@example.la", "a@b.la, c@d.la", "<a@b.la>", '"a b"@c.la', "a@-", "a..b@c.la",
     "a@b.la\n", "ກ@b.la"],
)  # fmt: skip
def test_what_is_no_address_or_hides_a_header_is_refused(
    address: str, account: Account, as_actor: Callable[..., Actor]
) -> None:
    if address.strip() == "a@b.la":
        notify.say_mail(as_actor(account), address)  # the edge is cut away, what is left is an address
        assert MailAddress.objects.get().address == "a@b.la"
    else:
        with pytest.raises(notify.BadAddress):
            notify.say_mail(as_actor(account), address)
    with pytest.raises(mail.MailRefused):
        mail.compose(ways.mail_config(), address or "\n", "x", "x", "k")


def test_each_way_is_tried_once_says_the_database(account: Account) -> None:
    from django.db import IntegrityError, transaction

    message = say(account)
    Attempt.objects.create(message=message, way="sms", state="trying", at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(message=message, way="sms", state="trying", at=NOON)
    assert deliver.LADDER.max_attempts == notify.LAST_TRY
