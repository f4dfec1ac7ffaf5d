"""People are told once, in their language, briefly, and nothing about them stands in a log."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.integrations.formats import signature
from pakan.integrations.telcos.parts import split, tidy
from pakan.integrations.telcos.sandbox.client import Client
from pakan.integrations.telcos.telco import DAY, MessageRefused, TelcoConfig, TelcoUnreachable
from pakan.operations import chase, collect, declare, notify
from pakan.operations.notify import ways
from pakan.operations.notify.ways import Silent
from pakan.operations.notify.words import Facts, longest
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.messages import actions, queries
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Employer, Person
from pakan.registers.records import queries as records
from pakan.units.month import Month
from pakan.units.number import creditor_reference, shown_creditor_reference
from pakan.units.words import ENGLISH_MONTHS, LAO_MONTHS, english_month, lao_month
from tests.operations.desk import declared, pays, sign

pytestmark = pytest.mark.django_db
Sent = list[tuple[str, str, str]]


class Operator(Client):
    """The sandbox operator in the test's hand: takes, refuses, or does not answer."""

    def __init__(self) -> None:
        super().__init__(TelcoConfig("http://127.0.0.1:9", "token"))
        self.sent: Sent = []
        self.faults: dict[str, Exception] = {}

    def send(self, to: str, text: str, key: str, life: timedelta = DAY) -> str:
        if to in self.faults:
            raise self.faults[to]
        self.sent.append((to, text, key))
        return f"T-{key}"


@pytest.fixture(autouse=True)
def _any_hour(settings: Any) -> None:
    """These tests run at any hour; the quiet ones are tried in test_notify_ways."""
    settings.QUIET_HOURS = False


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> Operator:
    here = Operator()
    monkeypatch.setattr(ways, "telco", lambda name="": here)
    return here


@pytest.fixture
def members(workers: list[Person], now: datetime) -> list[Person]:
    """Four workers with an account: the second without a phone, the third reads English."""
    Person.objects.filter(id=workers[1].id).update(phone="")
    for worker in workers[:4]:
        worker.refresh_from_db()
        account = member_account(worker, now)
        account.language = "en" if worker == workers[2] else "lo"
        account.save()
    return workers[:4]


def jobs(name: str) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=name).order_by("id"))


def paid_month(kham: Actor, noy: Actor, factory: Employer, month: Month, now: datetime) -> None:
    declared(kham, noy, factory, month)
    pays(now, collect.ask(noy, factory, [month]), number=f"FT {month}")


def queue(phone: str, at: datetime, wording: str = "code", key: str = "k") -> Message:
    row = {"key": key, "wording": wording, "values": {"code": "123456"}, "phone": phone}
    [made] = actions.queue([row], at)
    return Message.objects.get(id=made)


# Length


@pytest.mark.parametrize("language", ["lo", "en"])
@pytest.mark.parametrize("wording", sorted(notify.WORDINGS))
def test_no_text_is_longer_than_two_parts_at_its_longest(wording: str, language: str) -> None:
    said = notify.priced(wording, language)
    assert said.parts <= 2, (said.letters, said.text)
    assert said.price == said.parts * 100
    assert "http" not in said.text and "{" not in said.text
    assert "…" not in notify.WORDINGS[wording][language].format_map(Facts(longest(wording))), (
        "give its longest value"
    )


def test_the_longest_values_are_as_long_as_the_house_makes_them() -> None:
    longest = notify.LONGEST
    assert len(longest["month_lo"]) == len(f"{max(LAO_MONTHS, key=len)} 2026")
    assert len(longest["month_en"]) == len(f"{max(ENGLISH_MONTHS, key=len)} 2026")
    assert len(longest["employer"]) == chase.NAME_LETTERS
    assert len(longest["employer_short"]) == chase.SHORT_NAME_LETTERS
    assert len(longest["reference"]) >= len(shown_creditor_reference(creditor_reference("2610045120101")))


@pytest.mark.parametrize("wording", sorted(notify.WORDINGS))
def test_every_message_says_what_happened_what_it_means_what_to_do_and_until_when(wording: str) -> None:
    for language in ("lo", "en"):
        said = notify.whole(wording, language)
        assert said.title and said.happened and said.means and said.do and said.until, wording
        assert len(said.title) <= 40


def test_a_code_is_one_part_in_lao_too() -> None:
    assert split(tidy(notify.WORDINGS["code"]["lo"].format(code="888888"))).count == 1


def test_every_wording_stands_in_both_languages() -> None:
    assert {name: sorted(words) for name, words in notify.WORDINGS.items()} == {
        name: ["en", "lo"] for name in notify.WORDINGS
    }


# Who is told


def test_everybody_with_an_account_is_told_once_in_his_language(
    kham: Actor, noy: Actor, factory: Employer, members: list[Person], open_month: Month, now: datetime, operator: Operator
) -> None:  # fmt: skip
    Employer.objects.update(name_en="Champa Garment")
    paid_month(kham, noy, factory, open_month, now)
    [job] = jobs("notify.month_credited")
    for _ in range(3):
        notify.month_credited(**job.args)
    assert [
        (message.person_id, message.state, message.language) for message in Message.objects.order_by("id")
    ] == [
        (members[0].id, "queued", "lo"),
        (members[1].id, "inbox", "lo"),
        (members[2].id, "queued", "en"),
        (members[3].id, "queued", "lo"),
    ]
    for job in jobs("notify.send") * 2:
        notify.send(**job.args)
    assert [to for to, _, _ in operator.sent] == [members[at].phone for at in (0, 2, 3)]
    assert operator.sent[0][1] == (
        f"{lao_month(open_month)}: {factory.name_lo} ຈ່າຍເງິນສົມທົບ 345.000 ກີບແລ້ວ. ເດືອນນີ້ນັບໃຫ້ທ່ານ."
    )
    assert operator.sent[1][1] == (
        f"{english_month(open_month)}: Champa Garment paid 345.000 kip for you. The month counts."
    )
    assert Message.objects.filter(state="sent").count() == 3
    assert queries.unread(members[1].id) == 1


def test_a_correction_is_told_to_those_whose_record_changed_and_to_nobody_else(
    kham: Actor, noy: Actor, factory: Employer, members: list[Person], open_month: Month, now: datetime
) -> None:
    paid_month(kham, noy, factory, open_month, now)
    sheet = declare.correct(kham, factory, open_month, "c")
    sign(kham, noy, declare.write_line(kham, sheet, 1, wage="2.600.000"))
    first, second = jobs("notify.month_credited")
    notify.month_credited(**second.args)
    [message] = Message.objects.all()
    assert (message.person_id, message.wording, message.values["amount"]) == (
        members[0].id,
        "month_corrected",
        "299.000",
    )
    assert [posted.wage for posted in records.statement(members[0].id)] == [2_600_000]
    notify.month_credited(**first.args)  # the first job came late: it still tells what it had to
    assert Message.objects.filter(wording="month_credited").count() == 4


def test_a_month_corrected_before_it_was_paid_is_simply_credited(
    kham: Actor, noy: Actor, factory: Employer, members: list[Person], open_month: Month, now: datetime
) -> None:
    declared(kham, noy, factory, open_month)
    sheet = declare.correct(kham, factory, open_month, "c")
    sign(kham, noy, declare.write_line(kham, sheet, 1, wage="3.100.000"))
    pays(now, collect.ask(noy, factory, [open_month]))
    for job in jobs("notify.month_credited"):
        notify.month_credited(**job.args)
    assert list(Message.objects.values_list("wording", flat=True).distinct()) == ["month_credited"]


# What became of it


def test_a_number_that_the_operator_never_takes_does_not_stop_the_others(
    operator: Operator, now: datetime
) -> None:
    made = [queue(f"+85620555000{at:02d}", now, key=f"k{at}") for at in range(3)]
    operator.faults = {
        made[0].phone: MessageRefused("no such number"),
        made[1].phone: TelcoUnreachable("silence"),
    }
    with pytest.raises(Silent):
        notify.send([one.id for one in made])
    assert list(Message.objects.order_by("id").values_list("state", "tries")) == [
        ("failed", 1),
        ("queued", 1),
        ("sent", 1),
    ]
    operator.faults = {}
    notify.send([one.id for one in made])
    assert [key for _, _, key in operator.sent] == ["k2", "k1"]


def test_after_the_last_try_it_stays_in_the_inbox_only(operator: Operator, now: datetime) -> None:
    message = queue("+8562055500001", now)
    operator.faults = {message.phone: TelcoUnreachable("silence")}
    for _ in range(notify.LAST_TRY - 1):
        with pytest.raises(Silent):
            notify.send([message.id])
    notify.send([message.id])
    message.refresh_from_db()
    assert (message.state, message.tries) == ("failed", notify.LAST_TRY)
    notify.send([message.id])
    assert operator.sent == []


@pytest.mark.parametrize(("age", "sent"), [(timedelta(minutes=4), 1), (timedelta(minutes=5, seconds=1), 0)])
def test_a_code_that_is_no_good_any_more_is_not_sent(age: timedelta, sent: int, operator: Operator) -> None:
    message = queue("+8562055500001", datetime.now(UTC) - age)
    notify.send([message.id])
    message.refresh_from_db()
    assert (len(operator.sent), message.state) == (sent, "sent" if sent else "failed")


def receipt(message_id: str, stat: str, at: datetime, key: bytes = b"sandbox-telco-key") -> bool:
    body = json.dumps({"id": message_id, "to": "+8562055500001", "stat": stat, "at": at.isoformat()}).encode()
    return notify.receive("sandbox", {signature.HEADER: signature.sign(key, body, at)}, body, at)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (["DELIVRD"], "delivered"),
        (["UNDELIV"], "queued"),
        (["UNDELIV", "DELIVRD"], "delivered"),
        (["DELIVRD", "UNDELIV"], "delivered"),
        (["DELIVRD", "DELIVRD", "UNDELIV", "UNDELIV"], "delivered"),
    ],
)
def test_a_late_delivered_wins_never_the_other_way_round(told: list[str], state: str, now: datetime) -> None:
    message = queue("+8562055500001", now)
    actions.sent(message.id, "sandbox", "T1", now)
    for stat in told:
        assert receipt("T1", stat, now)
    message.refresh_from_db()
    assert message.state == state


def test_abuse_A41_a_forged_delivery_changes_nothing(now: datetime) -> None:
    message = queue("+8562055500001", now)
    actions.sent(message.id, "sandbox", "T1", now)
    assert not receipt("T1", "DELIVRD", now, b"another key")
    assert receipt("somebody else's", "DELIVRD", now)
    message.refresh_from_db()
    assert message.state == "sent"


def test_logs_name_no_person_number_phone_code_or_amount(
    kham: Actor, noy: Actor, factory: Employer, members: list[Person], open_month: Month, now: datetime,
    operator: Operator, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        paid_month(kham, noy, factory, open_month, now)
        operator.faults = {members[0].phone: MessageRefused("no such number")}
        for name, act in (("notify.month_credited", notify.month_credited), ("notify.send", notify.send)):
            for job in jobs(name):
                act(**job.args)
        receipt("T1", "DELIVRD", now, b"another key")
        queue(members[3].phone, now)
    ours = [record for record in caplog.records if record.name.startswith("pakan")]
    written = " ".join(f"{record.getMessage()} {record.__dict__.get('facts', '')}" for record in ours)
    assert "delivery receipt refused" in written
    for member in members:
        for secret in (member.number, member.given_name, member.family_name, member.phone or "123456"):
            assert secret not in written
    assert "345.000" not in written and factory.name_lo not in written and "CHAMPA" not in written


def test_the_inbox_shows_no_codes_and_knows_what_was_read(
    members: list[Person], now: datetime, operator: Operator, stranger_at: Callable[[Employer], Actor]
) -> None:
    rows = [
        {
            "key": "a",
            "wording": "code",
            "values": {"code": "1"},
            "person_id": members[0].id,
            "phone": "+85620",
        },
        {"key": "b", "wording": "month_credited", "values": dict(notify.LONGEST), "person_id": members[0].id},
    ]
    assert len(actions.queue(rows, now)) == 2 and actions.queue(rows, now) == []
    assert [message.key for message in queries.inbox(members[0].id)] == ["b"]
    assert queries.unread(members[0].id) == 1
    actions.read(members[0].id, now)
    assert queries.unread(members[0].id) == 0 and queries.inbox(members[1].id) == []
