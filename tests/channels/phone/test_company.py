"""A month from a keypad telephone: one input for "same as last month", two people where there are two (C81, C84, C91)."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.operations import declare, enrol
from pakan.operations.dial.filing import payment
from pakan.registers.access.actions import cool
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Mandate
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.contributions.queries import latest_declaration, lines_of, open_sheet
from pakan.registers.keypads.models import Line
from pakan.registers.messages.models import Message
from pakan.registers.payments.queries import open_notice
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from pakan.units.number import shown_creditor_reference
from pakan.units.words import english_month
from tests.cast import people
from tests.channels.phone.conftest import PIN, Keypad, Opened
from tests.operations.test_main_job import sign, wage_list

pytestmark = pytest.mark.django_db
PHONE, OTHER = "+8562054545454", "+8562056565656"


@pytest.fixture
def before(shop: Employer, owner: Account, as_actor: Callable[..., Actor], open_month: Month) -> Declaration:
    """The month before was declared on the web."""
    actor = as_actor(owner)
    sheet = declare.start_typing(actor, shop, open_month - 1, "typed-before")
    for line in lines_of(sheet):
        sheet = declare.write_line(actor, sheet, line.row, wage="3.000.000")
    sheet = declare.hand_over(actor, sheet, sheet.revision)
    return declare.approve(actor, sheet, sheet.revision)


@pytest.fixture
def at_home(owner: Account, before: Declaration, opened: Opened) -> Keypad:
    return opened(owner, PHONE)


def test_same_as_last_month_and_the_reference_by_sms(
    at_home: Keypad, shop: Employer, open_month: Month
) -> None:
    assert "4 Declare a month" in at_home.dial()
    menu = at_home.press("4", PIN)
    assert menu.startswith(
        f"CON {english_month(open_month)} to declare\n1 Same as last month\n2 Nobody worked"
    )
    look = at_home.press("1")
    assert re.match(
        rf"CON {english_month(open_month)}: 3 workers\n1,035,000 kip\nuntil \d+ \w+ \d+\n1 Sign", look
    )
    assert not Sheet.objects.filter(employer=shop, month=open_month).exists()  # looking leaves nothing
    said = at_home.press("1")
    made = latest_declaration(shop, open_month)
    assert made is not None and made.incoming_number in said and said.startswith("END Received.")
    job = ProcrastinateJob.objects.get(task_name="dial.payment")
    payment(**job.args)
    payment(**job.args)  # a job may run twice
    notice = open_notice(shop, open_month)
    told = Message.objects.get(wording="keypad_filed")
    assert notice is not None and told.phone == PHONE
    assert told.values["reference"] == shown_creditor_reference(notice.reference)
    assert told.values["incoming"] == made.incoming_number
    at_home.start("AT-2")
    assert shown_creditor_reference(notice.reference) in at_home.press("4", PIN, "3")


def test_a_signature_told_twice_is_one_declaration(
    at_home: Keypad, shop: Employer, open_month: Month
) -> None:
    at_home.dial()
    said = at_home.press("4", PIN, "1", "1")
    assert at_home.ask(at_home.text) == said
    at_home.ask(at_home.text + "*1")  # a stray key after the end shows a screen and signs nothing
    assert Declaration.objects.filter(employer=shop, month=open_month).count() == 1


def test_nothing_is_signed_that_was_not_looked_at(at_home: Keypad, shop: Employer, open_month: Month) -> None:
    """All keys at once, or figures that changed meanwhile: the figures come first."""
    assert "3 workers" in at_home.ask(f"4*{PIN}*1*1")
    at_home.start("AT-2")
    at_home.press("4", PIN, "1")
    leaves = Person.objects.filter(employments__employer=shop).order_by("number")[0]
    leaves.employments.update(end=(open_month - 1).last)
    again = at_home.press("1")
    assert again.startswith("CON") and "2 workers" in again
    assert latest_declaration(shop, open_month) is None
    assert at_home.press("1").startswith("END Received.")


def test_nobody_worked(at_home: Keypad, shop: Employer, open_month: Month) -> None:
    at_home.dial()
    assert "0 workers" in at_home.press("4", PIN, "2")
    assert "Nothing to pay" in at_home.press("1")
    made = latest_declaration(shop, open_month)
    assert made is not None and made.workers == 0
    assert Message.objects.get(wording="keypad_nil").values["incoming"] == made.incoming_number
    assert not ProcrastinateJob.objects.filter(task_name="dial.payment").exists()


def test_two_people_two_telephones(
    factory: Employer, preparer: Account, approver: Account, as_actor: Callable[..., Actor], opened: Opened,
    open_month: Month,
) -> None:  # fmt: skip
    """Kham prepares by keys and cannot sign; Noy is told, looks and signs by hers."""
    for month in (open_month - 12).until(open_month - 1):
        sign(
            as_actor(preparer),
            as_actor(approver),
            wage_list(as_actor(preparer), factory, month, "3.000.000", f"p-{month}"),
        )
    kham, noy = opened(preparer, PHONE), opened(approver, OTHER)
    noy.dial()
    assert "1 " not in noy.press("4", PIN)  # she prepares nothing
    kham.dial()
    assert kham.press("4", PIN, "1", "1") == "END Prepared. A second person has to sign. We tell them."
    assert Message.objects.get(wording="keypad_prepared").account_id == approver.id
    kham.start("AT-2")
    assert "prepared. A second person has to sign" in kham.press("4", PIN)
    assert kham.press("1").startswith("CON Choose a number")
    noy.start("AT-2")
    assert "12 workers" in noy.press("4", PIN, "1")
    assert noy.press("1").startswith("END Received.")
    made = latest_declaration(factory, open_month)
    assert made is not None and (made.prepared_by_id, made.approved_by_id) == (preparer.id, approver.id)


def test_who_may_sign_alone_may_not_where_a_second_approver_is(
    at_home: Keypad, shop: Employer, approver: Account, system: Actor, open_month: Month
) -> None:
    Mandate.objects.create(account=approver, employer=shop, role="employer_approver", start=system.at)
    at_home.dial()
    assert at_home.press("4", PIN, "1", "1").startswith("END Prepared.")
    assert latest_declaration(shop, open_month) is None


def test_what_somebody_works_on_is_not_pushed_aside(
    at_home: Keypad, shop: Employer, owner: Account, as_actor: Callable[..., Actor], open_month: Month
) -> None:
    sheet = declare.start_typing(as_actor(owner), shop, open_month, "typed-now")
    at_home.dial()
    assert "finish it on the web" in at_home.press("4", PIN)
    found = open_sheet(shop, open_month)
    assert found is not None and found.id == sheet.id


def test_a_question_sends_to_the_web_and_leaves_nothing(
    at_home: Keypad, shop: Employer, system: Actor, open_month: Month
) -> None:
    """A worker who came new has no wage of last month."""
    enrol.workers(system, shop, people(4)[3:], open_month.first)
    at_home.dial()
    assert "Something has to be checked first" in at_home.press("4", PIN, "1")
    assert "Something has to be checked first" in at_home.press("1")
    assert open_sheet(shop, open_month) is None


def test_a_way_in_that_cools_signs_nothing(
    at_home: Keypad, owner: Account, shop: Employer, now: datetime, open_month: Month
) -> None:
    cool(owner, now + timedelta(hours=72))
    at_home.dial()
    assert "in three days" in at_home.press("4", PIN, "1", "1")
    assert latest_declaration(shop, open_month) is None


def test_abuse_A14_a_mandate_that_ended_opens_no_company(
    at_home: Keypad, owner: Account, now: datetime
) -> None:
    Mandate.objects.filter(account=owner).update(end=now)
    at_home.dial()
    assert "You act for no company" in at_home.press("4", PIN)


def test_a_member_and_a_company_on_one_telephone_have_a_pin_each(
    at_home: Keypad, member: Account, member_person: Person
) -> None:
    """Whoever owns the shop's telephone does not open the months of the person whose number it is."""
    Person.objects.filter(id=member_person.id).update(phone=PHONE)
    Account.objects.filter(id=member.id).update(language="en")
    at_home.dial()
    assert at_home.press("1").startswith("END You have no PIN yet")
    at_home.start("AT-2")
    assert "to declare" in at_home.press("4", PIN)


# The keys are opened on the web


@pytest.fixture
def desk(owner: Account, client_of: Callable[[Account], Client], now: datetime) -> Client:
    """The owner on the web, a moment after the authenticator's code."""
    TOTPDevice.objects.create(user=owner, name="phone", confirmed=True)
    client = client_of(owner)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    session = client.session
    session["proved_at"] = now.isoformat()
    session.save()
    return client


FORM = {"phone": "020 5454 5454", "pin": PIN, "again": PIN}


def code_sent() -> str:
    return str(Message.objects.filter(wording="phone_code").latest("id").values["code"])


def test_a_pin_and_a_code_open_the_keys_and_one_tap_ends_them(
    desk: Client, owner: Account, before: Declaration
) -> None:
    assert desk.post("/phone/keys/", FORM).headers["Location"] == "/phone/keys/code/"
    keypad = Keypad(PHONE)
    assert "4 " not in keypad.dial()  # the number is not confirmed yet
    wrong = f"{(int(code_sent()) + 1) % 10**6:06d}"
    assert desk.post("/phone/keys/code/", {"code": wrong}).status_code == 422
    assert desk.post("/phone/keys/code/", {"code": code_sent()}).status_code == 302
    assert "•••" in desk.get("/phone/keys/").content.decode()
    assert keypad.start("AT-2").count("\n4 ") == 1
    assert "ຕ້ອງແຈ້ງ" in keypad.press("4", PIN)
    desk.post("/phone/keys/end/")
    assert "\n4 " not in keypad.start("AT-3")


@pytest.mark.parametrize(
    ("change", "says"),
    [({"pin": "123456", "again": "123456"}, "Others guess"), ({"again": "271944"}, "not the same"),
     ({"phone": "12"}, "no phone number"), ({"pin": "12", "again": "12"}, "exactly six")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_kept(desk: Client, change: dict[str, str], says: str) -> None:
    page = desk.post("/phone/keys/", FORM | change)
    assert page.status_code == 422 and says in page.content.decode()
    assert not Line.objects.exists()


def test_abuse_A10_a_session_without_a_fresh_proof_opens_no_keys(desk: Client) -> None:
    session = desk.session
    del session["proved_at"]
    session.save()
    assert "ways-in" in desk.post("/phone/keys/", FORM).headers["Location"]
    assert not Line.objects.exists()


def test_one_telephone_declares_for_one_person(desk: Client, approver: Account, opened: Opened) -> None:
    opened(approver, PHONE)
    page = desk.post("/phone/keys/", FORM)
    assert page.status_code == 422 and "Another person declares" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_abuse_A19_the_same_signature_from_eight_gateways_at_once_is_one(
    at_home: Keypad, shop: Employer, open_month: Month
) -> None:
    """A gateway that hears nothing asks again before the first answer is there."""
    at_home.dial()
    at_home.press("4", PIN, "1")
    text = f"{at_home.text}*1"

    def ask(_turn: int) -> str:
        try:
            return Keypad(PHONE).ask(text)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        said = set(pool.map(ask, range(8)))
    assert len(said) == 1 and said.pop().startswith("END Received.")
    assert Declaration.objects.filter(employer=shop, month=open_month).count() == 1
    assert ProcrastinateJob.objects.filter(task_name="dial.payment").count() == 1
