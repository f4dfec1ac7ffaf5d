"""Messages, who looked, where one is signed in; and words that are short."""

import ast
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from ops.words import found
from pakan.channels.member.pages.looks import WHY
from pakan.operations import inspect
from pakan.operations.enter import calls
from pakan.registers.access import audit
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, SignIn
from pakan.registers.messages.actions import queue
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person

VALUES = {"month_lo": "ຕຸລາ 2026", "month_en": "October 2026", "employer": "ໂຮງງານ", "amount": "345.000"}


def write_to(person: Person, now: datetime, count: int = 1) -> None:
    row = {"wording": "month_credited", "values": VALUES, "person_id": person.id}
    rows = [row | {"key": f"m{person.id}-{at}"} for at in range(count)]
    queue(rows, now)


def test_the_inbox_says_what_the_phone_said_in_the_pages_language(
    phone: Client, member_person: Person, now: datetime
) -> None:
    write_to(member_person, now)
    assert "October 2026: ໂຮງງານ paid 345.000 kip for you." in phone.get("/member/messages/").content.decode()
    phone.cookies[settings.LANGUAGE_COOKIE_NAME] = "lo"
    assert "ຕຸລາ 2026: ໂຮງງານ ຈ່າຍເງິນສົມທົບ" in phone.get("/member/messages/").content.decode()


def test_looking_at_messages_changes_nothing_and_the_button_marks_them_read(
    phone: Client, member_person: Person, now: datetime
) -> None:
    write_to(member_person, now, 2)
    page = phone.get("/member/messages/").content.decode()
    assert '<span class="count">2</span>' in page
    assert Message.objects.filter(read_at=None).count() == 2
    answer = phone.post("/member/messages/")
    assert answer.headers["Location"] == "/member/messages/"
    assert Message.objects.filter(read_at=None).count() == 0
    assert not re.search(r'<span class="count">\d', phone.get("/member/messages/").content.decode())


def test_others_messages_stay_unread_and_unseen(phone: Client, workers: list[Person], now: datetime) -> None:
    write_to(workers[1], now)
    assert "345.000" not in phone.get("/member/messages/").content.decode()
    phone.post("/member/messages/")
    assert Message.objects.get().read_at is None


def test_codes_are_not_kept_in_sight(phone: Client, member_person: Person, now: datetime) -> None:
    queue([{"key": "c", "wording": "code", "values": {"code": "246802"}, "person_id": member_person.id}], now)
    assert "246802" not in phone.get("/member/messages/").content.decode()


def test_older_messages_come_page_by_page(phone: Client, member_person: Person, now: datetime) -> None:
    write_to(member_person, now, 25)
    assert phone.get("/member/messages/").content.decode().count("<article") == 20
    assert phone.get("/member/messages/", {"from": "20"}).content.decode().count("<article") == 5
    assert phone.get("/member/messages/", {"from": "-1; x"}).content.decode().count("<article") == 20


def test_abuse_A6_who_looked_is_shown_to_the_member(
    phone: Client, finance: Account, member_person: Person, as_actor: Callable[..., Actor]
) -> None:
    assert "Nobody has opened it" in phone.get("/member/looks/").content.decode()
    audit.look(as_actor(finance), "record", member_person.id, "ຄຳຖາມທາງໂທລະສັບ")
    page = phone.get("/member/looks/").content.decode()
    for said in ("Social security staff", "ນະຄອນຫຼວງວຽງຈັນ", "Looked at your record", "ຄຳຖາມທາງໂທລະສັບ"):
        assert said in page, said


def purposes() -> set[str]:
    """Each purpose that stands in the code of a look."""
    files = [file for room in ("channels", "operations") for file in Path("pakan", room).rglob("*.py")]
    acts = [
        node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)
    ]
    looks = [call for call in acts if getattr(call.func, "id", getattr(call.func, "attr", "")) == "look"]
    said = [call.args[3] for call in looks if len(call.args) > 3]
    return {one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def test_abuse_A6_every_purpose_of_a_look_is_told_in_words_and_no_word_of_the_machine_is_shown(
    phone: Client, finance: Account, member_person: Person, as_actor: Callable[..., Actor]
) -> None:
    found = purposes() | {f"call: {why}" for why in calls.WHY} | set(inspect.PURPOSES)
    assert {"claim", "life", "bill", "old numbers"} <= found
    assert not found - set(WHY), "without words for the member"
    audit.look(as_actor(finance), "record", member_person.id, "sandbox:card")
    assert "sandbox:card" not in phone.get("/member/looks/").content.decode()


def test_another_persons_looks_are_not_shown(
    phone: Client, finance: Account, workers: list[Person], as_actor: Callable[..., Actor]
) -> None:
    audit.look(as_actor(finance), "record", workers[1].id, "ຄຳຖາມທາງໂທລະສັບ")
    assert "Nobody has opened it" in phone.get("/member/looks/").content.decode()


def test_a_member_ends_another_phone(
    phone: Client, member: Account, client_of: Callable[[Account], Client]
) -> None:
    lost = client_of(member)
    far = SignIn.objects.get(session_key=lost.cookies[settings.SESSION_COOKIE_NAME].value)
    page = phone.get("/member/signed-in/").content.decode()
    assert (page.count("This phone"), page.count("Another phone")) == (1, 1)
    phone.post("/member/signed-in/end/", {"id": far.id})
    assert lost.get("/member/").status_code == 302
    assert phone.get("/member/").status_code == 200


def test_nobody_elses_session_can_be_ended(
    phone: Client, preparer: Account, client_of: Callable[[Account], Client]
) -> None:
    other = client_of(preparer)
    opened = SignIn.objects.get(account=preparer)
    for number in (opened.id, "x", "", 2**63):
        phone.post("/member/signed-in/end/", {"id": number})
    assert SignIn.objects.get(id=opened.id).ended_at is None
    assert other.get("/ways-in/").status_code == 200


def test_every_sentence_has_twelve_words_at_most() -> None:
    """Accessibility standard, section 5: a member reads sentences of twelve words, eight in the middle."""
    root = Path(settings.ROOT)
    catalogue = root / "pakan/channels/member/locale/lo/LC_MESSAGES/django.po"
    sentences: list[str] = []
    for _context, text in found(root)[catalogue]:
        sentences += [part for part in re.split(r"(?<=[.?!])\s+", re.sub(r"%\(\w+\)s", "3", text)) if part]
    lengths = sorted(len(sentence.split()) for sentence in sentences)
    assert lengths[-1] <= 12
    assert lengths[len(lengths) // 2] <= 8


def test_help_is_always_there(phone: Client, open_month: Any) -> None:
    for address in (
        "/member/",
        "/member/record/",
        f"/member/record/{open_month}/",
        "/member/messages/",
        "/member/looks/",
    ):
        page = phone.get(address).content.decode()
        assert 'href="/member/help/"' in page
    assert 'href="tel:1508"' in phone.get("/member/help/").content.decode()
