"""A labour unit registers itself (C62), and what is left alone ends after a notice (C63)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from PIL import Image

from pakan.operations import certify, invite, join
from pakan.operations.join.terms import late_days
from pakan.operations.registration import promised
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Mandate
from pakan.registers.joining import queries
from pakan.registers.joining.models import Request, RequestStep, State
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Employer
from pakan.units.month import Month

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"
ANSWERS = {
    "name_lo": "ຮ້ານ ຕັດຫຍິບ ຄຳຫຼ້າ",
    "name_en": "Khamla Tailors",
    "enterprise_number": "01-0009912",
    "tax_number": "123456789 000",
    "district_id": "0102",
    "village": "ໜອງບົວທອງ",
    "contact": "ຄຳຫຼ້າ ວົງສາ",
    "phone": "020 5555 0101",
    "email": "khamla@example.la",
}


def photo() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (600, 400), "white").save(kept, "JPEG")
    return kept.getvalue()


@pytest.fixture
def applicant(now: datetime) -> Actor:
    return Actor(name="", at=now, door="public")


def filled(applicant: Actor, **other: object) -> tuple[Request, str]:
    made, code = join.begin(applicant, "enterprise", ADDRESS)
    day = applicant.today - timedelta(days=10)
    join.write(applicant, made.number, **(ANSWERS | {"first_hire": day, "alone": True} | other))
    for kind in ("certificate", "tax", "workers", "ids"):
        join.add_paper(applicant, made.number, kind, "paper.jpg", "image/jpeg", photo())
    return made, code


def sent(applicant: Actor, **other: object) -> Request:
    made, _code = filled(applicant, **other)
    return join.send(applicant, made.number)


def approved(applicant: Actor, first: Actor, second: Actor, **other: object) -> Request:
    number = sent(applicant, **other).number
    join.propose(first, number, "")
    return join.decide(second, number, True, "")


@pytest.fixture
def first(registrar: Account, as_actor: Callable[..., Actor]) -> Actor:
    return as_actor(registrar)


@pytest.fixture
def second(second_registrar: Account, as_actor: Callable[..., Actor]) -> Actor:
    return as_actor(second_registrar)


def test_from_the_first_screen_to_the_first_administrator(
    applicant: Actor, first: Actor, second: Actor
) -> None:
    one = approved(applicant, first, second)

    employer = one.employer
    assert employer is not None
    assert len(employer.code) == 7 and employer.code.endswith("01")
    assert employer.first_month == Month.of(applicant.today - timedelta(days=10))
    assert employer.tax_number == "123456789000" and employer.one_person_may_approve
    made, code = join.invite_first(applicant, one.number)
    opened = invite.opened(made.number, code, applicant.at, ADDRESS)
    assert opened is not None
    account = invite.join(applicant, opened, "khamla@example.la", "ເຂົ້າໜຽວໝາກມ່ວງ 42")
    roles = set(Mandate.objects.filter(account=account, employer=employer).values_list("role", flat=True))
    assert roles == {"employer_administrator", "employer_approver"}
    with pytest.raises(join.Refused):
        join.invite_first(applicant, one.number)
    assert {message.wording for message in Message.objects.all()} >= {"joining_sent", "joining_approved"}


def test_a_second_invitation_makes_the_first_one_worthless(
    applicant: Actor, first: Actor, second: Actor
) -> None:
    one = approved(applicant, first, second, alone=False)
    old, old_code = join.invite_first(applicant, one.number)
    new, new_code = join.invite_first(applicant, one.number)

    assert invite.opened(old.number, old_code, applicant.at, ADDRESS) is None
    found = invite.opened(new.number, new_code, applicant.at, ADDRESS)
    assert found is not None and found.roles == ["employer_administrator"]


def test_the_certificate_is_signed_and_anyone_can_check_it(
    applicant: Actor, first: Actor, second: Actor
) -> None:
    employer = approved(applicant, first, second).employer
    assert employer is not None
    kept = join.of_employer(employer)
    assert kept is not None
    found = certify.verify(kept.code, applicant.at)
    assert isinstance(found.document, certify.Registration)
    assert (found.document.number, found.document.name) == (employer.code, employer.name_lo)
    assert join.pdf(kept).startswith(b"%PDF")


def test_number_and_code_open_it_again_and_neither_alone(applicant: Actor) -> None:
    made, code = filled(applicant)
    _other, other_code = join.begin(applicant, "household", ADDRESS)

    assert join.open_again(applicant, made.number, code, ADDRESS) == made
    assert join.open_again(applicant, made.number.lower(), code.lower().replace("-", " "), ADDRESS) == made
    assert join.open_again(applicant, made.number, other_code, ADDRESS) is None
    assert join.open_again(applicant, "J26-0099999-9", code, ADDRESS) is None
    assert code.replace("-", "") not in str(Request.objects.values())


def test_guessing_the_code_is_stopped_and_the_stop_fades(applicant: Actor) -> None:
    made, code = filled(applicant)
    with pytest.raises(join.TooOften):
        for at in range(40):
            join.open_again(applicant, made.number, f"AAAA-AAAA-{at:04d}", f"203.0.113.{at}")
    later = replace(applicant, at=applicant.at + timedelta(hours=2))
    assert join.open_again(later, made.number, code, ADDRESS) == made


def test_each_wrong_answer_is_named_at_once(applicant: Actor) -> None:
    made, _code = join.begin(applicant, "enterprise", ADDRESS)
    with pytest.raises(join.Refused) as refused:
        join.write(
            applicant, made.number, name_lo="=1+1", tax_number="12345", enterprise_number="!", phone="12",
            first_hire=applicant.today + timedelta(days=1),
        )  # fmt: skip
    assert set(refused.value.fields) == {"name_lo", "tax_number", "enterprise_number", "phone", "first_hire"}


@pytest.mark.parametrize("number", ["12345678901", "123456789012"])
def test_eleven_and_twelve_digits_of_a_tin_are_taken(applicant: Actor, number: str) -> None:
    made, _code = join.begin(applicant, "enterprise", ADDRESS)
    assert join.write(applicant, made.number, tax_number=number).tax_number == number


def test_nothing_is_sent_while_something_is_empty(applicant: Actor) -> None:
    made, _code = join.begin(applicant, "enterprise", ADDRESS)
    with pytest.raises(join.Refused):
        join.send(applicant, made.number)
    wanted = join.wanting(made)
    assert {"name_lo", "tax_number", "paper certificate", "paper ids"} <= set(wanted)
    household, _code = join.begin(applicant, "household", ADDRESS)
    assert {"tax_number", "paper certificate"}.isdisjoint(join.wanting(household))


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2026, 11, 23), date(2026, 11, 25)),  # Monday
        (date(2026, 11, 20), date(2026, 11, 24)),  # Friday
        (date(2026, 11, 30), date(2026, 12, 3)),  # the National Day lies between
    ],
)
def test_two_working_days_are_promised(day: date, until: date) -> None:
    assert promised(day) == until


def test_asking_late_is_told_and_charged_nothing() -> None:
    assert late_days(date(2026, 10, 1), date(2026, 10, 31)) == 0
    assert late_days(date(2026, 10, 1), date(2026, 11, 10)) == 10


def test_what_is_missing_comes_back_as_one_list_and_is_answered(
    applicant: Actor, first: Actor, second: Actor
) -> None:
    number = sent(applicant).number
    with pytest.raises(join.Refused):
        join.write(applicant, number, village="ບ້ານໃໝ່")
    join.give_back(first, number, "1 the tax certificate cannot be read\n2 the stamp is missing")

    request = queries.request_by_number(number)
    assert request is not None and request.state == State.RETURNED and request.promised_on is None
    assert "stamp" in queries.missing_text(request)
    join.add_paper(applicant, number, "tax", "tax.jpg", "image/jpeg", photo())
    again = join.send(applicant, number)
    assert again.state == State.WAITING and again.promised_on == promised(applicant.today)
    join.propose(first, number, "")
    assert join.decide(second, number, True, "").employer is not None


def test_who_proposed_does_not_decide(applicant: Actor, first: Actor) -> None:
    number = sent(applicant).number
    join.propose(first, number, "")
    with pytest.raises(join.Refused) as refused:
        join.decide(first, number, True, "")
    assert refused.value.fields == {"state": "same person"}
    assert not Employer.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        Request.objects.filter(number=number).update(
            state="approved", decided_by=first.account_id, decided_at=first.at
        )


def test_a_refusal_has_a_reason_and_stays(applicant: Actor, first: Actor, second: Actor) -> None:
    number = sent(applicant).number
    join.propose(first, number, "")
    with pytest.raises(join.Refused):
        join.decide(second, number, False, " ")
    one = join.decide(second, number, False, "This unit is registered as 04512-01 already.")
    assert one.employer is None and "04512" in queries.refusal_text(one)
    with pytest.raises(DatabaseError), transaction.atomic():
        Request.objects.filter(id=one.id).update(state="waiting")
    with pytest.raises(DatabaseError), transaction.atomic():
        RequestStep.objects.filter(request=one).delete()


def test_doubles_are_shown_by_number_and_by_name_however_spelt(
    applicant: Actor, factory: Employer, first: Actor, second: Actor
) -> None:
    known = approved(applicant, first, second).employer
    again = sent(
        applicant,
        name_lo="ຮ້ານຕັດຫຍິບ ຄຳຫລ້າ",
        tax_number="999999999999",
        enterprise_number="X-1",
        phone="020 5555 0999",
    )
    same_tin = sent(applicant, name_lo="ຊື່ອື່ນ", enterprise_number="X-2", phone="020 5555 0888")
    other = sent(
        applicant,
        name_lo="ໂຮງແຮມ ແມ່ຂອງ",
        tax_number="888888888888",
        enterprise_number="X-3",
        phone="020 5555 0777",
    )

    assert queries.doubles(again) == [(known, ["name_key"])]
    assert queries.doubles(same_tin) == [(known, ["tax_number"])]
    assert queries.doubles(other) == []


def test_codes_are_not_given_twice_and_leave_known_ones_alone(
    applicant: Actor, factory: Employer, first: Actor, second: Actor
) -> None:
    codes = [approved(applicant, first, second, tax_number=f"{at:012d}").employer for at in range(1, 4)]
    assert len({one.code[:5] for one in codes if one} | {factory.code[:5]}) == 4


def test_a_paper_of_another_kind_is_refused(applicant: Actor) -> None:
    made, _code = join.begin(applicant, "enterprise", ADDRESS)
    with pytest.raises(join.PaperRefused):
        join.add_paper(applicant, made.number, "tax", "tax.jpg", "image/jpeg", b"<svg onload=alert(1)>")
    assert queries.papers_of(made) == []


def test_the_reminder_comes_before_the_end(system: Actor) -> None:
    start = datetime(2026, 11, 2, 3, tzinfo=UTC)
    applicant = Actor(name="", at=start, door="public")
    made, code = filled(applicant, first_hire=date(2026, 10, 1))

    def on(day: int) -> tuple[int, int]:
        return join.look_after(replace(system, at=start + timedelta(days=day)))

    assert on(19) == (0, 0)
    assert on(21) == (1, 0)
    assert on(21) == (0, 0)
    assert on(29) == (0, 0)
    assert on(32) == (0, 1)
    made.refresh_from_db()
    assert made.state == State.EXPIRED
    assert Message.objects.filter(wording="joining_idle").count() == 1
    later = replace(applicant, at=start + timedelta(days=33))
    with pytest.raises(join.Refused):
        join.send(later, made.number)
    assert join.open_again(later, made.number, code, ADDRESS) == made  # to read that it ended


def test_none_ends_without_a_reminder_though_the_job_slept(system: Actor) -> None:
    start = datetime(2026, 11, 2, 3, tzinfo=UTC)
    filled(Actor(name="", at=start, door="public"), first_hire=date(2026, 10, 1))

    assert join.look_after(replace(system, at=start + timedelta(days=60))) == (1, 0)
    assert join.look_after(replace(system, at=start + timedelta(days=61))) == (0, 0)
    assert join.look_after(replace(system, at=start + timedelta(days=71))) == (0, 1)


def test_what_the_fund_has_never_expires(system: Actor) -> None:
    start = datetime(2026, 11, 2, 3, tzinfo=UTC)
    sent(Actor(name="", at=start, door="public"), first_hire=date(2026, 10, 1))
    assert join.look_after(replace(system, at=start + timedelta(days=90))) == (0, 0)


def test_going_on_starts_the_days_again(system: Actor) -> None:
    start = datetime(2026, 11, 2, 3, tzinfo=UTC)
    applicant = Actor(name="", at=start, door="public")
    made, _code = filled(applicant, first_hire=date(2026, 10, 1))
    join.look_after(replace(system, at=start + timedelta(days=21)))
    join.write(replace(applicant, at=start + timedelta(days=25)), made.number, village="ບ້ານໃໝ່")
    assert join.look_after(replace(system, at=start + timedelta(days=40))) == (0, 0)
