"""A member on a keypad telephone: months, claims, the code of a call; and everybody who is not that member (C6, C24, C171)."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from pakan.operations import dial, enter
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.keypads.models import Line, Talk
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person
from pakan.units.month import Month
from pakan.units.words import english_month
from tests.channels.phone.conftest import KEY, PIN, WRONG, Keypad

pytestmark = pytest.mark.django_db


def test_months_in_two_inputs_after_dialling(
    keypad: Keypad, paid: Callable[..., None], open_month: Month
) -> None:
    paid()
    assert keypad.dial().startswith("CON Social security\n1 My months")
    assert keypad.press("1") == "CON Your PIN, 6 digits:\n0 Back"
    said = keypad.press(PIN)
    assert said.startswith(f"CON Paid up to {english_month(open_month)}\nMonths: 1\nLast: 345,000 kip")
    assert keypad.press("0", "2") == "CON You have sent no claim.\n0 Back"  # one PIN is enough for a talk


def test_lao_unless_chosen_otherwise(keypad: Keypad, member: Account) -> None:
    Account.objects.filter(id=member.id).update(language="lo")
    assert keypad.dial().startswith("CON ປະກັນສັງຄົມ")
    assert keypad.press("9", "1") == "CON Your PIN, 6 digits:\n0 Back"


def test_a_step_told_twice_is_answered_the_same_and_counts_no_try(keypad: Keypad, member: Account) -> None:
    keypad.dial()
    keypad.press("1")
    first = keypad.press(WRONG)
    assert first.startswith("CON This PIN is not right")
    assert [keypad.ask(keypad.text) for _ in range(6)] == [first] * 6
    assert Line.objects.get(account=member).tries == 1
    assert "Paid up" in keypad.press(PIN) or "No month" in keypad.press("0", "1")


def test_five_wrong_pins_close_the_line_for_a_day_and_the_owner_hears(
    keypad: Keypad, member: Account
) -> None:
    keypad.dial()
    assert keypad.press("1", WRONG, WRONG, WRONG, WRONG, WRONG).startswith("END Five wrong PINs.")
    keypad.dial("AT-2")
    assert keypad.press("1", PIN).startswith("END Five wrong PINs.")
    told = Message.objects.get(wording="keypad_closed")
    assert (told.phone, told.person_id) == (member.phone, member.person_id)
    line = Line.objects.get(account=member)
    assert line.closed_until is not None
    verdict = dial.prove(member, member.phone, PIN, line.closed_until, "-")
    assert verdict is dial.Verdict.RIGHT


def test_who_opened_it_stands_in_the_trail_of_the_person(keypad: Keypad, member: Account) -> None:
    keypad.dial()
    keypad.press("1", PIN)
    row = AuditRow.objects.get(act="dial.open")
    assert (row.person_id, row.door, row.account_id) == (member.person_id, "phone", member.id)


def test_nothing_typed_and_no_number_is_kept(keypad: Keypad, member: Account) -> None:
    keypad.dial()
    keypad.press("1", PIN)
    kept = str(list(Talk.objects.values()))
    assert PIN not in kept and member.phone not in kept and "AT-1" not in kept


def test_the_code_of_a_call_is_shown_behind_the_pin_only(
    keypad: Keypad, member_person: Person, registrar: Account, as_actor: Callable[..., Actor]
) -> None:
    keypad.dial()
    assert "Nobody of us calls you now" in keypad.press("3", PIN)
    call = enter.begin_call(as_actor(registrar), member_person, "question")
    ours, yours = enter.halves(call)
    keypad.dial("AT-2")
    assert ours not in keypad.press("3")
    assert keypad.press(PIN).startswith(f"CON We call you now.\nThe caller says {ours}.\nYou answer {yours}.")


def test_a_number_on_no_record_learns_nothing(db: None) -> None:
    stranger = Keypad("+8562099999999")
    assert stranger.dial().startswith("CON ເບີນີ້ບໍ່ມີໃນບັນທຶກ")
    assert "ວາງສາຍ" in stranger.press("3")
    assert stranger.press("0", "1").startswith("CON ເລືອກຕົວເລກ")


def test_a_phone_of_two_people_asks_who(keypad: Keypad, workers: list[Person], member: Account) -> None:
    Person.objects.filter(id=workers[1].id).update(phone=member.phone)
    keypad.dial()
    assert keypad.press("1").startswith("CON ຫຼາຍຄົນໃຊ້ເບີນີ້")
    assert keypad.press(workers[0].number).startswith("CON PIN ຂອງທ່ານ")
    assert keypad.press(PIN).startswith("CON ຍັງບໍ່ມີເດືອນໃດ")
    assert Talk.objects.get().place == []  # nobody goes on from another's place


def test_abuse_A22_on_a_shared_phone_a_strangers_number_opens_nothing(
    keypad: Keypad, workers: list[Person], member: Account
) -> None:
    """The right PIN of somebody whose number this is not: refused like a wrong one, and counted."""
    Person.objects.filter(id__in=[workers[1].id, workers[2].id]).update(phone="+8562077777777")
    keypad.phone = "+8562077777777"
    keypad.dial()
    keypad.press("1", workers[0].number)
    assert keypad.press(PIN, PIN, PIN, PIN).startswith("CON PIN ບໍ່ຖືກ")
    assert keypad.press(PIN).startswith("END PIN ຜິດ 5 ຄັ້ງ")
    assert not Line.objects.filter(account=member).exists()


def test_without_a_pin_there_is_only_the_way_to_one(member: Account) -> None:
    keypad = Keypad(member.phone)
    keypad.dial()
    assert keypad.press("1").startswith("END ທ່ານຍັງບໍ່ມີ PIN")


def test_a_talk_that_broke_off_goes_on_after_the_pin(keypad: Keypad) -> None:
    keypad.dial()
    keypad.press("2")
    assert keypad.dial("AT-2") == "CON You were cut off.\n1 Go on there\n2 From the start"
    assert keypad.press("1").startswith("CON Your PIN")  # proofs are not taken along
    assert keypad.press(PIN) == "CON You have sent no claim.\n0 Back"
    keypad.dial("AT-3")
    assert keypad.press("2").startswith("CON Social security")


@pytest.mark.parametrize("typed", ["", "*", "**1*", "x" * 5000, "1*" + "9" * 400, "💥*0*00*0*0", "\x00'--"])
def test_whatever_is_typed_is_answered(keypad: Keypad, typed: str) -> None:
    keypad.dial()
    assert keypad.ask(typed)


# The gateway


def forms(**told: str) -> dict[str, str]:
    return {"sessionId": "S", "phoneNumber": "+8562055500000", "text": ""} | told


@pytest.mark.parametrize(
    "header", ["", "Bearer ", "Bearer guessed", "Basic !!!", "Basic " + base64.b64encode(b"x:no").decode()]
)
def test_abuse_A41_a_forged_gateway_is_refused(keypad: Keypad, header: str) -> None:
    answer = Client().post("/phone/ussd/", forms(), headers={"Authorization": header} if header else {})
    assert (answer.status_code, Talk.objects.count()) == (403, 0)


def test_abuse_A41_the_right_key_from_a_wrong_address_is_refused(keypad: Keypad) -> None:
    client = Client(REMOTE_ADDR="203.0.113.9")
    answer = client.post("/phone/ussd/", forms(), headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 403


@override_settings(USSD_KEYS=[])
def test_without_a_key_of_ours_nobody_is_a_gateway(db: None) -> None:
    for header in ("Bearer ", f"Bearer {KEY}"):
        assert Client().post("/phone/ussd/", forms(), headers={"Authorization": header}).status_code == 403


def test_a_gateway_may_give_the_key_as_a_password(keypad: Keypad) -> None:
    basic = base64.b64encode(f"gateway:{KEY}".encode()).decode()
    answer = Client().post("/phone/ussd/", forms(), headers={"Authorization": f"Basic {basic}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("told", [{"phoneNumber": "12"}, {"phoneNumber": ""}, {"sessionId": ""}])
def test_a_form_that_says_too_little_is_refused(keypad: Keypad, told: dict[str, str]) -> None:
    answer = Client().post("/phone/ussd/", forms(**told), headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 400


def test_the_end_of_a_session_is_taken_in_and_changes_nothing(keypad: Keypad) -> None:
    keypad.dial()
    keypad.press("1")
    told = {"sessionId": keypad.session, "status": "Incomplete", "durationInMillis": "900"}
    answer = Client().post("/phone/ussd/", told, headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 200
    assert keypad.dial("AT-2").startswith("CON You were cut off.")


# A telephone on a page


def test_the_handset_on_a_page_plays_the_same_menu(keypad: Keypad, member: Account) -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page: Any = client.post("/sandbox/ussd/", {"phone": member.phone})
    told = {name: page.context[name] for name in ("phone", "session", "text")}
    page = client.post("/sandbox/ussd/", told | {"typed": "1"})
    assert page.context["screen"].text == "Your PIN, 6 digits:\n0 Back"
    page = client.post("/sandbox/ussd/", told | {"text": page.context["text"], "typed": PIN})
    assert page.context["screen"].text.startswith("No month counts")


@override_settings(USSD_SANDBOX=False)
def test_where_telephones_are_real_there_is_no_such_page(db: None) -> None:
    assert Client().get("/sandbox/ussd/").status_code == 404
