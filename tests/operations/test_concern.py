"""A report without a name keeps nothing that tells who it was; and the fund opens its own by the 25th."""

import io
import json
import logging
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from PIL import Image

from pakan.operations import chase, concern
from pakan.operations.due import due_on
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.concerns.models import Concern
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from pakan.units.number import check_digit
from tests.channels.member.months import declared

__all__ = ["declared"]
pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.77"
WHERE = "ໂຮງງານ ໃກ້ຕະຫຼາດ"


def taken_by_a_phone() -> SimpleUploadedFile:
    """A photo as a phone writes it: whose it is, where and when stand in it."""
    exif, kept = Image.Exif(), io.BytesIO()
    exif[0x010F], exif[0x0132] = "Dao's phone", "2026:11:20 09:41:07"
    exif.get_ifd(0x8825)[1] = "N"
    Image.effect_noise((400, 300), 60).convert("RGB").save(kept, "JPEG", exif=exif)
    assert b"Dao's phone" in kept.getvalue()
    return SimpleUploadedFile("dao-private.jpg", kept.getvalue(), "image/jpeg")


def told(actor: Actor, address: str = ADDRESS) -> str:
    return concern.leave(actor, "not_paid", WHERE, "ຫັກແຕ່ບໍ່ຈ່າຍ", address)


def everything_stored() -> str:
    """Every row of every table of ours and of the sessions, as text."""
    stored = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
            stored += [row[0] for row in cursor.fetchall() if model._meta.label != "access.SignIn"]
    return "\n".join(stored)


def test_a_report_is_followed_by_its_code(system: Actor) -> None:
    code = told(system)
    found = concern.look_up(system, concern.shown_code(code), ADDRESS)
    assert found is not None and (found.where, found.state) == (WHERE, "open")
    concern.add(system, code, "ຍັງຫັກຢູ່", ADDRESS)
    again = concern.look_up(system, code, ADDRESS)
    assert again is not None and [step.text for step in again.steps.all()] == ["ຍັງຫັກຢູ່"]


def test_a_slip_in_the_code_is_told_and_another_code_finds_nothing(system: Actor) -> None:
    code = told(system)
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    with pytest.raises(concern.Refused, match="digit"):
        concern.look_up(system, wrong, ADDRESS)
    with pytest.raises(concern.Refused, match="code"):
        concern.look_up(system, "12", ADDRESS)
    assert concern.look_up(system, "0" * 11 + check_digit("00000000000"), ADDRESS) is None


def test_nothing_that_is_kept_tells_who_reported(
    member: Account, member_person: Person, client_of: Callable[[Account], Client], caplog: Any
) -> None:
    """Signed in as a member, from a known address: no row and no log line holds account, number, phone, address or code."""
    client = client_of(member)
    before = set(everything_stored().splitlines())
    caplog.set_level(logging.DEBUG)
    sent = {"kind": "not_paid", "where": WHERE, "text": "x", "photo": taken_by_a_phone()}
    page = client.post("/tell/", sent, REMOTE_ADDR=ADDRESS)
    assert page.status_code == 200
    code = page.context["code"].replace(" ", "")
    client.post("/tell/answer/", {"code": code, "text": "more"}, REMOTE_ADDR=ADDRESS)
    new = "\n".join(line for line in everything_stored().splitlines() if line not in before)
    logs = "\n".join(
        json.dumps(record.__dict__, default=str) for record in caplog.records if "sql" not in record.__dict__
    )
    assert WHERE in new
    photo = Concern.objects.get().photo
    assert photo is not None and (photo.name, photo.kept_by) == ("photo.jpg", None)
    assert photo.kept_at.astimezone(VIENTIANE).time() == time(), "of the time only the day"
    kept = bytes(photo.content)
    assert kept[:2] == b"\xff\xd8" and not any(
        mark in kept for mark in (b"Exif", b"Dao's phone", b"2026:11:20")
    )
    secrets = (ADDRESS, member.sign_in, member_person.number, member_person.phone, code, "dao-private")
    for secret in secrets:
        assert secret not in new, secret
        assert secret not in logs, secret
    rows = AuditRow.objects.filter(act__startswith="concern")
    assert rows.count() == 2
    assert set(rows.values_list("actor", "account_id", "person_id", "request")) == {("", None, None, "-")}


def test_an_inspector_opens_the_photo_and_nobody_else(
    inspector: Account, finance: Account, client_of: Callable[[Account], Client]
) -> None:
    Client().post("/tell/", {"kind": "not_paid", "where": WHERE, "photo": taken_by_a_phone()})
    number = Concern.objects.get().number
    address = f"/office/concerns/{number}/photo/"
    assert client_of(finance).get(address).status_code == 404 and Client().get(address).status_code in (
        302,
        404,
    )
    office = client_of(inspector)
    assert address in office.get(f"/office/concerns/{number}/").content.decode()
    opened = office.get(address)
    assert opened.status_code == 200 and opened["Content-Type"] == "image/jpeg"
    with pytest.raises(DatabaseError), transaction.atomic():
        Concern.objects.update(photo=None)


def test_a_flood_from_one_address_is_held_back(system: Actor) -> None:
    for _ in range(10):
        told(system)
    with pytest.raises(concern.TooOften):
        told(system)
    assert told(system, "203.0.113.78")


def test_guessing_codes_is_held_back(system: Actor) -> None:
    guess = "12345678901" + check_digit("12345678901")
    for _ in range(20):
        assert concern.look_up(system, guess, ADDRESS) is None
    with pytest.raises(concern.TooOften):
        concern.look_up(system, guess, ADDRESS)


def test_an_inspector_answers_and_the_code_reads_it(
    system: Actor, inspector: Account, finance: Account, client_of: Callable[[Account], Client]
) -> None:
    code = told(system)
    number = Concern.objects.get().number
    assert client_of(finance).get(f"/office/concerns/{number}/").status_code == 404
    office = client_of(inspector)
    assert WHERE in office.get("/office/concerns/").content.decode()
    assert office.get(f"/office/concerns/{number}/").status_code == 200
    assert office.post(f"/office/concerns/{number}/", {"text": ""}).status_code == 422
    office.post(f"/office/concerns/{number}/", {"text": "ພວກເຮົາໄປກວດແລ້ວ", "closes": "on"})
    page = Client().post("/tell/answer/", {"code": code})
    assert "ພວກເຮົາໄປກວດແລ້ວ" in page.content.decode()
    assert inspector.full_name not in page.content.decode()
    with pytest.raises(concern.Refused, match="closed"):
        concern.add(system, code, "more", ADDRESS)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"where": WHERE}, "kind"),
        ({"kind": "not_paid"}, "where"),
        ({"kind": "not_paid", "where": " "}, "where"),
        ({"kind": "not_paid", "where": WHERE, "text": "x" * 1001}, "text"),
        (
            {"kind": "not_paid", "where": WHERE, "photo": SimpleUploadedFile("x.jpg", b"MZ", "image/jpeg")},
            "photo",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(db: None, typed: dict[str, Any], field: str) -> None:
    page = Client().post("/tell/", typed)
    assert page.status_code == 422 and field in page.context["form"].errors
    assert not Concern.objects.exists()


def test_abuse_A1_who_declared_and_did_not_pay_is_told_to_each_worker_and_is_a_case_by_the_25th(
    factory: Employer,
    other_factory: Employer,
    member: Account,
    member_person: Person,
    declared: Callable[..., None],
    open_month: Month,
) -> None:
    """Declared from the wage and not paid: the worker hears it each month, an inspector has a case, and both only once."""
    declared()
    late = max((open_month + 1).first.replace(day=25), due_on(open_month) + timedelta(days=1))
    before = date.fromordinal(late.toordinal() - 1)
    concern.open_unpaid(before.isoformat())
    assert not Concern.objects.exists()
    for _ in range(2):
        concern.open_unpaid(late.isoformat())
        chase.tell_missing_months(late.isoformat())
    [case] = Concern.objects.all()
    assert (case.employer, case.month, case.origin, case.kind) == (factory, open_month, "fund", "not_paid")
    told_to = Message.objects.filter(wording="month_not_paid", person=member_person)
    assert told_to.count() == 1
