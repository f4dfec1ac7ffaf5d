"""The small invented country, once in small: what was done there holds, and it is the same every time."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import override_settings
from django_otp.plugins.otp_totp.models import TOTPDevice

from pakan.channels.console.country import accounts
from pakan.channels.console.country.careers import STAYS, crew
from pakan.channels.console.country.dice import Dice
from pakan.channels.console.country.firms import BOOKS, DEMO, FACTORY, SHOP, firms
from pakan.channels.console.country.history import History, Unit
from pakan.channels.console.country.names import a_name, a_phone
from pakan.channels.office.figures import LISTS, heaps
from pakan.operations import declare, reconcile
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.access.models import Account
from pakan.registers.access.queries import actor_of
from pakan.registers.contributions import queries as contributions
from pakan.registers.contributions.models import Declaration, Obligation, Sheet
from pakan.registers.messages.models import Message
from pakan.registers.payments.models import Receipt
from pakan.registers.people.models import Employer, Employment, Person
from pakan.registers.records.queries import statement
from pakan.units.month import Month
from pakan.units.number import is_mobile, person_number_check

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
OPEN = Month(2026, 10)
NOON = datetime(2026, 11, 23, 12, tzinfo=VIENTIANE)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("samples")


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker: object, samples: Path) -> Iterator[str]:
    """Loaded once for all tests here, and rolled back; each test's own writing goes back to it. Its output."""
    out = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")  # whatever another test left behind
        call_command("country", scale=0.02, today=TODAY, samples=samples, stdout=out)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield out.getvalue()
        transaction.set_rollback(True)


def demo() -> Employer:
    return Employer.objects.get(code=firms(0.02)[DEMO].code)


def test_everything_written_twice_agrees(country: str) -> None:
    assert [finding.invariant for finding in reconcile.prove() if finding.differences] == []


def test_who_signs_in_finds_the_last_full_month_to_do_and_the_one_before_done(country: str) -> None:
    # A voluntary member may pay months ahead.
    employers = Obligation.objects.exclude(employer__scheme="voluntary")
    assert not employers.filter(month__gt=OPEN).exists()
    mine = {firms(0.02)[place].code for place in (DEMO, SHOP, *BOOKS[2:])}
    assert not employers.filter(month=OPEN, employer__code__in=mine).exists()
    assert contributions.obligation(demo(), OPEN - 1) is not None


def test_after_the_due_day_most_have_declared_the_open_month_and_few_are_late(country: str) -> None:
    debts = Obligation.objects.filter(month=OPEN).exclude(employer__scheme="voluntary")
    paid = debts.filter(settled=F("owed")).count()
    assert debts.count() == 7 and 3 <= paid < 7
    assert debts.filter(settled__gt=0, settled__lt=F("owed")).exists() or debts.filter(settled=0).exists()


@pytest.mark.parametrize(
    ("today", "declared", "paid"),
    [
        (date(2026, 11, 5), (0, 0), (0, 0)),  # nobody so early
        (date(2026, 11, 17), (5, 25), (0, 15)),  # some
        (date(2026, 11, 24), (30, 33), (22, 31)),  # nearly all; few are late
        (
            date(2026, 12, 2),
            (39, 39),
            (28, 38),
        ),  # another month is open now: who tries the system has done this one too
    ],
)
def test_the_open_month_fills_as_its_days_go_by(
    today: date, declared: tuple[int, int], paid: tuple[int, int]
) -> None:
    """On paper: of forty employers, who has declared October by that day, and of whom money has come."""
    months = 24 if today.month == 11 else 25
    history = History(OPEN - 24, months, datetime.combine(today, time(23), VIENTIANE))
    units = [
        Unit(place, firm, crew(firm, history.start, months), Employer(code=firm.code))
        for place, firm in enumerate(firms())
        if place != FACTORY  # ten thousand people for one line
    ]
    turns = Counter(event.turn for event in history.events(units, range(24, 25)))
    assert declared[0] <= len(turns) <= declared[1], len(turns)
    some = sum(times > 1 for times in turns.values())
    assert paid[0] <= some <= paid[1], some


def test_money_went_every_way_that_money_goes(country: str) -> None:
    debts = Obligation.objects.all()
    assert Receipt.objects.filter(state="unmatched").count() >= 3
    assert Receipt.objects.filter(credited__gt=0).exists()  # paid too much
    assert debts.filter(settled=0).exists()
    assert debts.filter(settled__gt=0, settled__lt=F("owed")).exists()  # in part
    assert debts.filter(settled_at__date__gt=F("due_on")).exists()  # late
    corrections = Declaration.objects.filter(kind="correction")
    assert corrections.filter(difference_up__gt=0).exists()
    assert corrections.filter(difference_down__gt=0).exists()


def test_one_employer_left_out_a_month(country: str) -> None:
    missing = {
        employer.code: contributions.months_missing(employer, OPEN - 1) for employer in Employer.objects.all()
    }
    assert sorted(len(months) for months in missing.values())[-2:] == [0, 1]


def test_unmatched_money_has_a_suggestion(country: str) -> None:
    for receipt in Receipt.objects.filter(state="unmatched"):
        best = reconcile.suggest(receipt)[0]
        assert best.employer.name_en.upper() == receipt.payer_name


def test_months_came_as_sheets_too_signed_by_two(country: str) -> None:
    declared = Declaration.objects.filter(employer=demo(), sheet__isnull=False)
    assert declared.count() == 3
    assert all(one.prepared_by_id != one.approved_by_id for one in declared)
    assert not Sheet.objects.exclude(state="approved").exists()


def test_the_dead_of_years_ago_get_no_messages(country: str) -> None:
    """Only members with an account are told, and of months only the newest; that job waits for a worker."""
    assert not Message.objects.filter(person__account=None).exclude(person=None).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notify.month_credited'")
        assert cursor.fetchall() == [(1,)]
    assert [account.kind for account in accounts.members()] == ["member", "member"]


def test_a_member_has_a_record_without_holes(country: str) -> None:
    person = accounts.members()[0].person
    assert person is not None
    assert [posted.month for posted in statement(person.id)] == [OPEN - back for back in range(1, 7)]


def test_a_member_who_changed_the_employer_has_both_on_the_record(country: str) -> None:
    person = accounts.members()[1].person
    assert person is not None
    months = {posted.month: posted.employer.code for posted in statement(person.id)}
    before, after = firms(0.02)[BOOKS[0]].code, firms(0.02)[DEMO].code
    assert months[OPEN - 1] == months[OPEN - 2] == after
    assert {months[OPEN - back] for back in range(3, 7)} == {before}
    assert Employment.objects.get(person=person, employer__code=before).end == (OPEN - 3).last


def test_people_are_plausible(country: str) -> None:
    for person in Person.objects.all():
        assert person_number_check(person.number)
        assert 18 <= (OPEN.first - person.birth_date).days // 365 <= 59
        assert not person.phone or is_mobile(person.phone)


def test_accounts_open_with_their_password_and_code(country: str) -> None:
    for demo_account in accounts.ACCOUNTS.values():
        account = Account.objects.get(sign_in=demo_account.sign_in)
        assert account.check_password(demo_account.password)
        assert TOTPDevice.objects.get(user=account).verify_token(demo_account.code())


def test_signins_tells_how_to_get_in(country: str) -> None:
    out = StringIO()
    call_command("signins", stdout=out)
    for demo_account in accounts.ACCOUNTS.values():
        assert demo_account.password in out.getvalue()
    member = accounts.members()[1].person
    assert member is not None
    assert f"{member.birth_date:%d.%m.%Y}" in out.getvalue()


def test_prove_prints_each_comparison(country: str) -> None:
    out = StringIO()
    call_command("prove", stdout=out)
    assert "I1 " in out.getvalue()
    assert "0 differences" in out.getvalue()


def test_prove_fails_when_something_differs(country: str) -> None:
    Obligation.objects.filter(settled=0).update(owed=F("owed") + 1)
    with pytest.raises(SystemExit, match="1"):
        call_command("prove", stdout=StringIO())


def test_the_sample_file_has_the_mistakes_it_should_have(country: str, samples: Path) -> None:
    file = samples / f"wages-{OPEN}-lao.xlsx"
    account = Account.objects.get(sign_in=accounts.ACCOUNTS[accounts.PREPARER].sign_in)
    actor = actor_of(account, NOON, "employer", "-", "lo")
    sheet = declare.take_in(actor, demo(), OPEN, declare.read_file(file.name, file.read_bytes()), "sample")
    assert sheet.state == "read"
    columns = {column.field: column.letter for column in declare.columns_offered(sheet) if column.field}
    sheet = declare.confirm_columns(actor, sheet, columns)
    lines = contributions.lines_of(sheet)
    codes = sorted(found["code"] for line in lines for found in line.problems if found["level"] != "note")
    assert codes == ["joins", "number_check_digit", "wage_jump", "wage_letter_o"]
    assert sheet.summary["missing_count"] == 2  # the one left out, and the one whose number is wrong


def test_the_english_sample_needs_nothing_mended(country: str, samples: Path) -> None:
    file = samples / f"wages-{OPEN}-english.csv"
    account = Account.objects.get(sign_in=accounts.ACCOUNTS[accounts.PREPARER].sign_in)
    actor = actor_of(account, NOON, "employer", "-", "lo")
    sheet = declare.take_in(actor, demo(), OPEN, declare.read_file(file.name, file.read_bytes()), "plain")
    columns = {column.field: column.letter for column in declare.columns_offered(sheet) if column.field}
    sheet = declare.confirm_columns(actor, sheet, columns)
    assert (sheet.summary["errors"], sheet.summary["questions"], sheet.summary["missing_count"]) == (0, 0, 0)


def test_nothing_is_done_where_employers_are(country: str) -> None:
    before = Person.objects.count()
    call_command("country", if_empty=True, stdout=StringIO())
    assert Person.objects.count() == before
    with pytest.raises(CommandError, match="already"):
        call_command("country", stdout=StringIO())


@pytest.mark.parametrize("command", ["country", "signins"])
def test_production_has_no_invented_country(command: str) -> None:
    with override_settings(ENV="production"), pytest.raises(CommandError, match="production"):
        call_command(command)


# Without a database: the whole country on paper


def test_forty_firms_and_fifteen_thousand_people() -> None:
    listed = firms()
    assert len(listed) == 40
    assert sum(firm.size + firm.leavers for firm in listed) == 15_000
    assert (listed[FACTORY].size, listed[DEMO].size, listed[SHOP].size) == (10_000, 214, 3)
    assert len({firm.code for firm in listed}) == len({firm.name_lo for firm in listed}) == 40
    assert {firm.district[:2] for firm in listed} == {"01", "06", "13"}
    assert {firm.scheme for firm in listed} == {"enterprise", "public"}
    assert sum(firm.wrong_reference for firm in listed) >= 3


def test_a_seat_is_never_taken_twice() -> None:
    firm = firms()[DEMO]
    people = crew(firm, Month(2024, 10), 24)
    assert {len(people.at_work(month)) for month in range(24)} == {firm.size}
    assert (people.last[people.last < STAYS] <= 22).all()


def test_chance_falls_the_same_way_every_time() -> None:
    dice = Dice("names")
    names = [a_name(dice) for _ in range(15_000)]
    assert len({name.given for name in names}) >= 500
    assert len({name.family for name in names}) >= 500
    assert names[:50] == [a_name(again) for again in [Dice("names")] for _ in range(50)]
    assert a_phone(Dice("phone")) == a_phone(Dice("phone"))
    assert crew(firms()[SHOP], Month(2024, 10), 24).people == crew(firms()[SHOP], Month(2024, 10), 24).people


def test_something_waits_at_every_desk(country: str) -> None:
    waiting = heaps(LISTS)
    assert waiting["joining"].count == waiting["concerns"].count == 1
    assert waiting["cases"].count == waiting["corrections"].count == waiting["bills"].count == 1
    assert waiting["families"].count >= 1
    assert waiting["hospital_wishes"].count == 1 and waiting["claims"].count >= 1
    assert "asks to be registered" in country
