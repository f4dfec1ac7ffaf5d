"""PIN, remembered phones, several people on one phone, a locked page, a new number, and the paper from the counter."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import enter
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Device, PhoneChange, SignIn
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.channels.member.months import declared
from tests.channels.member.test_sign_in import come_in, inside

__all__ = ["declared"]  # a fixture
Act = Callable[..., Actor]
PIN, OTHER = "740918", "386052"
HOURS_72 = timedelta(hours=72)


def set_pin(client: Client, pin: str = PIN, **more: str) -> Any:
    return client.post("/member/me/pin/", {"pin": pin, "again": pin, "remember": "on"} | more)


def sign_up(person: Person, client: Client | None = None, pin: str = PIN) -> Client:
    """A phone whose owner came in by code and set a PIN."""
    client = client or Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    come_in(client, person)
    assert set_pin(client, pin).status_code == 302
    return client


def grown(person: Person) -> None:
    """The 72 hours after a first PIN have passed."""
    Account.objects.filter(person=person).update(
        cools_until=datetime.now().astimezone() - timedelta(seconds=1)
    )


def idle(client: Client, minutes: int) -> None:
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    at = datetime.now().astimezone() - timedelta(minutes=minutes)
    assert SignIn.objects.filter(session_key=key, ended_at=None).update(seen_at=at) == 1


def handle_of(person: Person) -> str:
    return Device.objects.get(account__person=person, ended_at=None).handle


def with_pin(client: Client, person: Person, pin: str) -> Any:
    return client.post(f"/member/sign-in/pin/?who={handle_of(person)}", {"pin": pin})


# The first PIN


def test_the_language_chosen_at_the_door_wins_by_code_and_by_pin(
    client: Client, member_person: Person
) -> None:
    sign_up(member_person, client)
    account = Account.objects.get(person=member_person)
    for language, way in (("en", with_pin), ("lo", come_in), ("en", with_pin)):
        client.post("/member/sign-out/")
        client.post("/language/", {"language": language, "next": "/member/sign-in/"})
        if way is with_pin:
            with_pin(client, member_person, PIN)
        else:
            come_in(client, member_person)
        account.refresh_from_db()
        assert account.language == language
        assert f'<html lang="{language}">' in client.get("/member/").content.decode()


def test_the_first_code_welcomes_and_leads_to_a_pin(client: Client, member_person: Person) -> None:
    answer = come_in(client, member_person, next="/member/record/")
    assert answer.headers["Location"] == "/member/welcome/?next=%2Fmember%2Frecord%2F"
    page = client.get(answer.headers["Location"]).content.decode()
    assert 'value="en"' in page
    assert "/member/me/pin/?next=%2Fmember%2Frecord%2F" in page
    told = set_pin(client, next="/member/record/")
    assert told.headers["Location"] == "/member/me/trust/?next=%2Fmember%2Frecord%2F"
    account = Account.objects.get(person=member_person)
    assert account.pin.startswith("argon2")
    assert account.level == "phone"
    assert Message.objects.filter(wording="pin_set", person=member_person).count() == 1


@pytest.mark.parametrize(
    ("pin", "says"), [("123456", "Others guess this PIN"), ("12345", "exactly six digits")]
)
def test_an_easy_pin_is_refused_at_the_field(
    client: Client, member_person: Person, pin: str, says: str
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    come_in(client, member_person)
    assert says in set_pin(client, pin).content.decode()
    assert set_pin(client, f"{member_person.birth_date:%d%m%y}").status_code == 200
    assert "not the same" in client.post("/member/me/pin/", {"pin": PIN, "again": OTHER}).content.decode()
    assert Account.objects.get(person=member_person).pin == ""


def test_abuse_A10_sms_alone_moves_no_money(client: Client, member_person: Person) -> None:
    """Who holds the number only: by code no fresh proof; a PIN set on it waits 72 hours; an older PIN stays."""
    come_in(client, member_person)
    asked = client.get("/member/prove/?next=/member/me/phone/")
    assert asked.headers["Location"].startswith("/member/me/pin/")
    assert client.post("/member/me/phone/", {"phone": "020 5555 9999"}).status_code == 302
    set_pin(client)
    page = client.get("/member/prove/?next=/member/me/phone/")
    assert page.status_code == 200
    assert "ຢູ່ຫ້ອງການ" in page.content.decode() or "1508" in page.content.decode()
    assert client.post("/member/me/phone/", {"phone": "020 5555 9999"}).status_code == 302
    assert not PhoneChange.objects.exists()
    thief = Client()
    come_in(thief, member_person)
    assert set_pin(thief, OTHER).headers["Location"].startswith("/member/prove/own/")
    assert thief.post("/member/prove/own/", {"pin": OTHER}).status_code == 200
    assert not Message.objects.filter(wording="phone_code").exists()


def test_after_72_hours_the_pin_counts_and_the_proof_lasts_ten_minutes(member_person: Person) -> None:
    client = sign_up(member_person)
    grown(member_person)
    session = client.session
    session["proved_at"] = (datetime.now().astimezone() - timedelta(minutes=11)).isoformat()
    session.save()
    assert client.post("/member/me/phone/", {"phone": "020 5555 9999"}).headers["Location"] == (
        "/member/prove/?next=%2Fmember%2Fme%2Fphone%2F"
    )
    assert "PIN is wrong" in client.post("/member/prove/", {"pin": OTHER}).content.decode()
    proved = client.post("/member/prove/", {"pin": PIN, "next": "/member/me/phone/"})
    assert proved.headers["Location"] == "/member/kept/"  # what was typed before the PIN goes with one tap
    assert "020 5555 9999" in client.get("/member/kept/").content.decode()
    assert (
        client.post("/member/me/phone/", {"phone": "020 5555 9999"}).headers["Location"]
        == "/member/me/phone/code/"
    )


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/office/", "/member/../office/"]
)
def test_abuse_open_redirect_a_proof_leads_to_member_pages_only(member_person: Person, address: str) -> None:
    client = sign_up(member_person)
    grown(member_person)
    for page in ("/member/prove/", "/member/prove/own/"):
        location = client.post(page, {"pin": PIN, "next": address}).headers["Location"]
        assert location.startswith("/member/")
        assert "evil" not in location


# The phone that is remembered


def test_a_remembered_phone_opens_with_the_pin_alone(member_person: Person) -> None:
    client = sign_up(member_person)
    cookie = client.cookies[settings.DEVICE_COOKIE_NAME]
    assert cookie["httponly"]
    assert Device.objects.get().digest != cookie.value
    client.post("/member/sign-out/")
    assert not inside(client)
    assert client.get("/member/sign-in/").headers["Location"] == "/member/sign-in/who/"
    page = client.get("/member/sign-in/who/").content.decode()
    assert member_person.given_name in page
    assert member_person.family_name not in page
    assert member_person.number not in page
    assert with_pin(client, member_person, "໗໔໐໙໑໘").headers["Location"] == "/member/"
    assert inside(client)
    assert SignIn.objects.get(ended_at=None).proof == "pin"


def test_a_pin_without_its_phone_opens_nothing(member_person: Person) -> None:
    sign_up(member_person)
    stranger = Client()
    assert with_pin(stranger, member_person, PIN).headers["Location"] == "/member/sign-in/"
    stranger.cookies[settings.DEVICE_COOKIE_NAME] = "guessed"
    assert with_pin(stranger, member_person, PIN).headers["Location"] == "/member/sign-in/"
    assert not inside(stranger)


def test_five_wrong_pins_forget_the_phone_and_a_code_comes_again(member_person: Person) -> None:
    client = sign_up(member_person)
    client.post("/member/sign-out/")
    handle = handle_of(member_person)
    answers = [
        client.post(f"/member/sign-in/pin/?who={handle}", {"pin": OTHER}).status_code for _ in range(5)
    ]
    assert answers == [200, 200, 200, 200, 429]
    assert client.post(f"/member/sign-in/pin/?who={handle}", {"pin": PIN}).status_code == 302
    assert not inside(client)
    assert come_in(client, member_person).headers["Location"] == "/member/me/phone-kept/"
    assert inside(client)


def test_a_right_pin_clears_the_wrong_ones(member_person: Person) -> None:
    client = sign_up(member_person)
    for _ in range(2):
        client.post("/member/sign-out/")
        for _ in range(4):
            with_pin(client, member_person, OTHER)
        assert with_pin(client, member_person, PIN).headers["Location"] == "/member/"


def test_abuse_A22_a_revoked_phone_opens_nothing(member_person: Person) -> None:
    lost = sign_up(member_person)
    other = Client()
    come_in(other, member_person)
    assert inside(lost)
    assert "It may open nothing any more" in lost.get("/member/signed-in/").content.decode()
    other.post("/member/me/phone-forgotten/", {"handle": handle_of(member_person)})
    assert not inside(lost)
    assert lost.get("/member/sign-in/").status_code == 200
    assert not Device.objects.filter(ended_at=None).exists()


def test_nobody_revokes_anothers_phone(workers: list[Person]) -> None:
    mine, other = sign_up(workers[0]), sign_up(workers[1])
    other.post("/member/me/phone-forgotten/", {"handle": handle_of(workers[0])})
    assert inside(mine)


def test_the_sixth_phone_forgets_the_longest_unused(member_person: Person) -> None:
    sign_up(member_person)
    for _ in range(5):
        phone = Client()
        Account.objects.filter(person=member_person).update(pin="")
        sign_up(member_person, phone)
        assert Device.objects.filter(ended_at=None).count() <= 5
    assert Device.objects.filter(ended_at=None).count() == 5


# Five minutes of nothing


def test_after_five_minutes_the_page_locks_and_what_was_typed_is_kept(
    member_person: Person, open_month: Any
) -> None:
    client = sign_up(member_person)
    idle(client, 4)
    assert inside(client)
    idle(client, 6)
    wrong = f"/member/record/{open_month}/wrong/"
    locked = client.post(wrong, {"kind": "other", "text": "ເດືອນນີ້ບໍ່ຖືກ"})
    assert locked.headers["Location"].startswith("/member/locked/")
    page = client.get("/member/locked/").content.decode()
    assert "What you typed is kept" in page
    assert "ເດືອນນີ້ບໍ່ຖືກ" not in page
    assert member_person.number not in page
    assert client.get("/member/").headers["Location"].startswith("/member/locked/")
    assert client.post("/member/locked/", {"pin": PIN}).headers["Location"] == "/member/kept/"
    kept = client.get("/member/kept/").content.decode()
    assert f'action="{wrong}"' in kept
    assert "ເດືອນນີ້ບໍ່ຖືກ" in kept
    client.post("/member/kept/")
    assert client.get("/member/kept/").status_code == 302


def test_what_was_typed_when_the_session_ended_comes_back_to_the_same_person_only(
    workers: list[Person],
) -> None:
    phone = Client()
    come_in(phone, workers[0])
    idle(phone, 31)
    phone.post("/member/record/2026-10/wrong/", {"kind": "other", "text": "ຂອງຜູ້ທີໜຶ່ງ", "pin": "111111"})
    come_in(phone, workers[1])
    assert phone.get("/member/kept/").status_code == 302
    phone.post("/member/sign-out/")
    come_in(phone, workers[0])
    idle(phone, 31)
    phone.post("/member/record/2026-10/wrong/", {"kind": "other", "text": "ຂອງຜູ້ທີໜຶ່ງ", "pin": "111111"})
    come_in(phone, workers[0])
    page = phone.get("/member/kept/").content.decode()
    assert "ຂອງຜູ້ທີໜຶ່ງ" in page
    assert "111111" not in page


def test_five_wrong_pins_end_a_locked_session(member_person: Person) -> None:
    client = sign_up(member_person)
    idle(client, 6)
    answers = [client.post("/member/locked/", {"pin": OTHER}).status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]
    assert client.get("/member/locked/").headers["Location"] == "/member/sign-in/"
    assert not SignIn.objects.filter(ended_at=None).exists()


def test_a_remembered_phone_lives_thirty_days_and_a_strange_one_half_an_hour(member_person: Person) -> None:
    client = sign_up(member_person)
    idle(client, 24 * 60)
    assert client.get("/member/").headers["Location"].startswith("/member/locked/")
    strange = Client()
    come_in(strange, member_person)
    idle(strange, 31)
    assert strange.get("/member/").headers["Location"].startswith("/member/sign-in/")


def test_a_locked_session_can_be_signed_out(member_person: Person) -> None:
    client = sign_up(member_person)
    idle(client, 6)
    assert client.post("/member/sign-out/").headers["Location"] == "/"
    assert not SignIn.objects.filter(ended_at=None).exists()


# Several people on one phone


def test_abuse_A22_profiles_on_one_phone_are_separated(workers: list[Person]) -> None:
    """Each has a PIN and a session; the PIN of one opens nothing of the other, and no page shows the other."""
    phone = sign_up(workers[0])
    assert phone.post("/member/me/switch/").headers["Location"] == "/member/sign-in/who/"
    sign_up(workers[1], phone, OTHER)
    page = phone.get("/member/").content.decode()
    assert workers[1].name in page
    assert workers[0].name not in page
    phone.post("/member/me/switch/")
    both = phone.get("/member/sign-in/who/").content.decode()
    assert workers[0].given_name in both
    assert workers[1].given_name in both
    assert with_pin(phone, workers[0], OTHER).status_code == 200
    assert not inside(phone)
    assert with_pin(phone, workers[0], PIN).headers["Location"] == "/member/"
    page = phone.get("/member/").content.decode()
    assert workers[0].name in page
    assert workers[1].name not in page
    assert SignIn.objects.filter(ended_at=None).count() == 1


def test_amounts_hide_on_this_phone_only(
    member_person: Person, declared: Callable[..., Any], open_month: Month
) -> None:
    declared()
    client = sign_up(member_person)
    page = f"/member/record/{open_month}/"
    assert "Your wage" in client.get(page).content.decode()
    client.post("/member/me/amounts/")
    assert Device.objects.get().hides_amounts
    hidden = client.get(page).content.decode()
    assert "Your wage" not in hidden
    assert "Tap to show the amounts" in hidden
    assert "Your wage" in client.get(f"{page}?show").content.decode()
    assert "Show amounts on this phone" in client.get("/member/me/").content.decode()
    other = Client()
    other.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    come_in(other, member_person)
    other.post("/member/me/phone-kept/")
    assert "Hide amounts on this phone" in other.get("/member/me/").content.decode()


# Another number


def begin_change(client: Client, phone: str = "020 5555 9999") -> None:
    client.post("/member/prove/", {"pin": PIN})
    assert client.post("/member/me/phone/", {"phone": phone}).status_code == 302
    sent = Message.objects.filter(wording="phone_code").latest("id")
    assert sent.person_id is None
    client.post("/member/me/phone/code/", {"code": sent.values["code"]})


def test_a_new_number_waits_72_hours_and_the_old_one_is_told(member_person: Person, system: Actor) -> None:
    client = sign_up(member_person)
    grown(member_person)
    begin_change(client)
    change = PhoneChange.objects.get()
    assert (change.new, change.old) == ("+8562055559999", member_person.phone)
    assert change.holds_from - change.asked_at == HOURS_72
    told = Message.objects.get(wording="phone_changes")
    assert told.phone == member_person.phone
    assert "5555 9999" not in str(told.values)
    come_in(Client(), member_person)
    assert Message.objects.filter(wording="code").latest("id").phone == member_person.phone
    early = Actor.system(change.holds_from - timedelta(seconds=1), "test")
    assert not enter.hold_phone(early, change.id)
    due = Actor.system(change.holds_from, "test")
    assert enter.hold_phone(due, change.id)
    assert not enter.hold_phone(due, change.id)
    member_person.refresh_from_db()
    assert member_person.phone == "+8562055559999"


def test_the_old_phone_stops_the_change_with_a_code_alone(member_person: Person) -> None:
    thief = sign_up(member_person)
    grown(member_person)
    begin_change(thief)
    owner = Client()
    come_in(owner, member_person)
    assert owner.post("/member/me/phone/stop/").headers["Location"] == "/member/me/pin/"
    change = PhoneChange.objects.get()
    assert change.stopped_at is not None
    assert not enter.hold_phone(Actor.system(change.holds_from, "test"), change.id)
    assert not inside(thief)
    assert thief.get("/member/sign-in/").status_code == 200
    account = Account.objects.get(person=member_person)
    assert account.pin == ""
    assert account.cools_until is not None
    assert Person.objects.get(id=member_person.id).phone == member_person.phone
    assert inside(owner)


def test_a_wrong_code_changes_no_number(member_person: Person) -> None:
    client = sign_up(member_person)
    grown(member_person)
    client.post("/member/prove/", {"pin": PIN})
    client.post("/member/me/phone/", {"phone": "020 5555 9999"})
    right = str(Message.objects.filter(wording="phone_code").latest("id").values["code"])
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    assert "wrong or too old" in client.post("/member/me/phone/code/", {"code": wrong}).content.decode()
    assert "already" in client.post("/member/me/phone/", {"phone": member_person.phone}).content.decode()
    assert "no phone number" in client.post("/member/me/phone/", {"phone": "12"}).content.decode()
    assert not PhoneChange.objects.exists()


# The paper from the counter


def use_paper(client: Client, person: Person, secret: str) -> Any:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client.post("/member/sign-in/paper/", {"number": person.number, "secret": secret})


def test_an_account_from_the_counter_is_taken_over_and_counts_at_once(
    registrar: Account, as_actor: Act, member_person: Person
) -> None:
    secret = enter.hand_paper(as_actor(registrar), member_person, "id_card")
    client = Client()
    assert use_paper(client, member_person, secret).headers["Location"] == "/member/welcome/"
    account = Account.objects.get(person=member_person)
    assert account.level == "desk"
    assert (
        client.post("/member/me/phone/", {"phone": "020 5555 9999"})
        .headers["Location"]
        .startswith("/member/prove/")
    )
    set_pin(client)
    assert Account.objects.get(person=member_person).cools_until is None
    assert (
        client.post("/member/me/phone/", {"phone": "020 5555 9999"}).headers["Location"]
        == "/member/me/phone/code/"
    )
    assert use_paper(Client(), member_person, secret).status_code == 200


def test_a_recovery_ends_the_old_access_and_money_waits(
    registrar: Account, second_registrar: Account, as_actor: Act, member_person: Person
) -> None:
    old = sign_up(member_person)
    grown(member_person)
    secret = enter.hand_paper(as_actor(registrar), member_person, "family_book", "+8562055558888")
    told = Message.objects.filter(wording__in=("paper_handed", "phone_changed")).values_list(
        "phone", flat=True
    )
    assert set(told) == {member_person.phone}
    assert inside(old)
    client = Client()
    use_paper(client, member_person, secret)
    assert not inside(old)
    set_pin(client, OTHER)
    account = Account.objects.get(person=member_person)
    assert account.cools_until is not None
    assert account.cools_until > datetime.now().astimezone() + timedelta(hours=71)
    assert "A second officer" in client.get("/member/me/phone/").content.decode()
    enter.confirm_phone(as_actor(second_registrar), enter.desk_changes()[0].id, True)
    assert (
        client.post("/member/me/phone/", {"phone": "020 5555 9999"})
        .headers["Location"]
        .startswith("/member/prove/")
    )


def test_abuse_A10_a_number_changed_at_a_desk_only_looks_for_72_hours(
    registrar: Account, second_registrar: Account, as_actor: Act, member_person: Person, system: Actor
) -> None:
    sign_up(member_person)
    grown(member_person)
    enter.hand_paper(as_actor(registrar), member_person, "id_card", "+8562055558888")
    waits = enter.desk_changes()[0]
    come_in(Client(), member_person)
    assert Message.objects.filter(wording="code").latest("id").phone == member_person.phone
    with pytest.raises(enter.OwnChange):
        enter.confirm_phone(as_actor(registrar), waits.id, True)
    assert not enter.hold_phone(system, waits.id)
    assert enter.confirm_phone(as_actor(second_registrar), waits.id, True)
    assert not enter.confirm_phone(as_actor(second_registrar), waits.id, True)
    assert Message.objects.get(wording="phone_changed").phone == waits.old
    client = Client()
    come_in(client, member_person)
    assert Message.objects.filter(wording="code").latest("id").phone == "+8562055558888"
    assert inside(client)
    page = client.get("/member/prove/").content.decode()
    assert 'name="pin"' not in page
    assert (
        client.post("/member/me/phone/", {"phone": "020 5555 9999"})
        .headers["Location"]
        .startswith("/member/prove/")
    )


def test_a_paper_is_good_for_a_day_and_five_tries(
    registrar: Account, as_actor: Act, member_person: Person, now: datetime
) -> None:
    yesterday = as_actor(registrar, now - timedelta(days=1, seconds=1))
    secret = enter.hand_paper(yesterday, member_person, "id_card")
    assert enter.use_paper(member_person.number, secret, now, "10.0.0.1") is None
    secret = enter.hand_paper(as_actor(registrar), member_person, "id_card")
    wrong = f"{(int(secret.replace(' ', '')) + 1) % 10**12:012d}"
    for _ in range(5):
        assert enter.use_paper(member_person.number, wrong, now, "10.0.0.1") is None
    assert enter.use_paper(member_person.number, secret, now, "10.0.0.1") is None


def test_a_paper_of_one_opens_nothing_of_another(
    registrar: Account, as_actor: Act, workers: list[Person]
) -> None:
    secret = enter.hand_paper(as_actor(registrar), workers[0], "id_card")
    enter.hand_paper(as_actor(registrar), workers[1], "id_card")
    answer = use_paper(Client(), workers[1], secret)
    assert "This does not fit" in answer.content.decode()
    unknown = Client()
    unknown.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    same = unknown.post("/member/sign-in/paper/", {"number": "0999999999", "secret": secret})
    assert "This does not fit" in same.content.decode()


def test_the_way_back_warns_of_paid_helpers(client: Client, db: None) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/member/sign-in/lost/").content.decode()
    assert "It is free. Never pay anybody for it." in page
    assert "No e-mail is needed" in page


# Is it real


def test_abuse_A40_the_digits_of_a_real_call_and_none_of_a_false_one(
    registrar: Account, finance: Account, as_actor: Act, workers: list[Person], now: datetime
) -> None:
    client = sign_up(workers[0])
    assert "Nobody of us is calling you now" in client.get("/member/real/").content.decode()
    caller = as_actor(registrar)
    call = enter.begin_call(caller, workers[0], "payment")
    ours, yours = enter.halves(call)
    page = client.get("/member/real/").content.decode()
    assert f">{ours}<" in page
    assert f">{yours}<" in page
    assert "We never ask for your PIN" in page
    other = sign_up(workers[1])
    assert ours not in other.get("/member/real/").content.decode().split("<h2>")[0]
    assert not enter.answer_call(as_actor(finance), call, yours)
    assert not enter.answer_call(caller, call, f"{(int(yours) + 1) % 1000:03d}")
    assert enter.answer_call(caller, call, yours)
    assert enter.call_to(workers[0].id, now + timedelta(minutes=4)) is not None
    assert enter.call_to(workers[0].id, now + timedelta(minutes=6)) is None


def test_three_wrong_answers_end_the_asking(registrar: Account, as_actor: Act, member_person: Person) -> None:
    caller = as_actor(registrar)
    call = enter.begin_call(caller, member_person, "visit")
    _ours, yours = enter.halves(call)
    for ahead in range(1, 4):
        assert not enter.answer_call(caller, call, f"{(int(yours) + ahead) % 1000:03d}")
    assert not enter.answer_call(caller, call, yours)


def test_help_and_me_stand_on_every_page(member_person: Person) -> None:
    client = sign_up(member_person)
    for address in ("/member/", "/member/record/", "/member/me/", "/member/me/phone/", "/member/prove/"):
        page = client.get(address).content.decode()
        tabs = page[page.index('<nav class="tabs"') :]
        assert 'href="/member/help/"' in tabs
        assert 'href="/member/me/"' in tabs
        assert tabs.count("<li>") <= 5
