"""Decrees as a story: entered by one, rehearsed on real months, signed by others, and then law from their first day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from unittest import mock

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.law.calendar.due import due_date
from pakan.law.contributions.rule import due, rates_for
from pakan.law.contributions.values import LAW
from pakan.operations import declare, decree, reconcile
from pakan.operations.decree import DecreeRefused, Entry, WrongEntry
from pakan.operations.law_in_force import in_force, law_in_force
from pakan.registers.access.actor import Actor
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.contributions.models import Declaration, DeclaredWage, Obligation
from pakan.registers.decrees import queries
from pakan.registers.decrees.models import Decree, Rehearsal
from pakan.registers.documents.models import Document
from pakan.registers.people.models import Employer, Person
from pakan.units.money import Kip
from pakan.units.month import Month
from tests.cast import enrol_factory
from tests.operations.lawyers import PDF, approved, entry, law_officer, sign

pytestmark = pytest.mark.django_db
CEILING = {"ceiling": "6.000.000"}


@pytest.fixture
def officers(db: None, system: Actor) -> list[Actor]:
    return [law_officer(system, name) for name in ("khamla", "sisavath", "bouakham")]


@pytest.fixture
def next_month(open_month: Month) -> Month:
    """Its first day has not come."""
    return open_month + 2


def wages(system: Actor, employer: Employer, month: Month, *kip: int) -> Declaration:
    """The first workers of the employer with these wages."""
    people = Person.objects.filter(employments__employer=employer).order_by("id")[: len(kip)]
    ids = np.array([person.id for person in people], dtype=np.int64)
    return declare.declare_wages(system, employer, month, ids, np.array(kip, dtype=np.int64))


def form_facts(declaration: Declaration) -> dict[str, Any]:
    """What the form prints."""
    with mock.patch("pakan.operations.declare.papers.render") as render:
        declare.form_pdf(declaration)
    facts: dict[str, Any] = render.call_args.args[1]
    return facts


def faults(officer: Actor, typed: Entry) -> dict[str, list[str]]:
    with pytest.raises(WrongEntry) as refused:
        decree.enter(officer, typed)
    return {name: [fault.code for fault in found] for name, found in refused.value.faults.items()}


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DecreeRefused) as refused:
        act()
    return refused.value.code


# Entering


def test_what_is_typed_is_read_as_people_write_it_and_kept_with_its_scan(
    officers: list[Actor], next_month: Month
) -> None:
    typed = {"ceiling": "໖.໐໐໐.໐໐໐", "worker": "5,75", "employer": "6.5 %", "lowest_of_minimum_wage": "-"}
    made = decree.enter(officers[0], entry(typed, next_month.first))
    assert made.values == {
        "ceiling": 6_000_000, "worker": "5.75 %", "employer": "6.5 %", "lowest_of_minimum_wage": "none",
    }  # fmt: skip
    scan = Document.objects.get()
    assert (bytes(scan.content), scan.media_type, scan.kept_by_id) == (
        PDF,
        "application/pdf",
        officers[0].account_id,
    )
    assert (made.state, made.scan_id, made.number) == ("entered", scan.id, None)


def test_everything_that_is_wrong_is_said_at_once_and_at_its_field(officers: list[Actor]) -> None:
    typed = {"ceiling": "6 million", "worker": "105", "employer": "-", "floor": "2.5.0"}
    wrong = entry(typed, None, cite=" ", confidence="sure", scan=b"MZ\x90", article="x" * 61)
    assert faults(officers[0], wrong) == {
        "ceiling": ["kip_not_a_number"],
        "worker": ["not_a_rate"],
        "employer": ["cannot_end"],
        "floor": ["kip_ambiguous"],
        "first_day": ["missing"],
        "cite": ["missing"],
        "confidence": ["missing"],
        "scan": ["not_a_scan"],
        "article": ["too_long"],
    }
    assert not Document.objects.exists() and not Decree.objects.exists()


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (entry({}, date(2027, 1, 1)), {"": ["nothing_changes"]}),
        (entry(CEILING, date(2027, 1, 1), group="pensions"), {"group": ["no_such_group"]}),
        (entry(CEILING, date(2027, 1, 1), scan=b""), {"scan": ["missing"]}),
        (entry(CEILING, date(2027, 1, 1), scan=PDF + bytes(5 * 1024 * 1024)), {"scan": ["too_large"]}),
        (entry(CEILING, date(2001, 1, 1)), {"first_day": ["before_first_law"]}),
        (entry(CEILING, date(1999, 1, 1)), {"first_day": ["out_of_range"]}),
        (entry(CEILING, date(2017, 1, 1)), {"ceiling": ["set_that_day"]}),
        (entry(CEILING, date(2027, 1, 1), supersedes=1), {"supersedes": ["not_in_force"]}),
        (entry({"months_ahead": "3, six"}, date(2027, 1, 1), group="voluntary"), {"months_ahead": ["not_a_number"]}),
        (entry({"per": "week"}, date(2027, 1, 1), group="surcharges"), {"per": ["not_a_choice"]}),
        (entry({"days": "2027-02-30"}, date(2027, 1, 1), group="holidays"),
         {"days": ["not_a_day"], "name_lo": ["missing"], "name_en": ["missing"]}),
    ],
)  # fmt: skip
def test_a_bad_entry_names_its_field(
    officers: list[Actor], typed: Entry, fault: dict[str, list[str]]
) -> None:
    assert faults(officers[0], typed) == fault


def test_a_ceiling_below_the_floor_is_refused_as_a_whole(officers: list[Actor], next_month: Month) -> None:
    assert faults(officers[0], entry({"ceiling": "2.000.000"}, next_month.first)) == {
        "": ["floor_above_ceiling"]
    }
    high = entry({"amount": "4.600.000"}, next_month.first, group="minimum_wage")
    assert faults(officers[0], high) == {"": ["floor_above_ceiling"]}


def test_each_kind_of_scan_is_known_by_how_it_begins(officers: list[Actor], next_month: Month) -> None:
    for at, (start, media) in enumerate(
        {
            b"\x89PNG\r\n\x1a\n": "image/png",
            b"\xff\xd8\xff\xe0": "image/jpeg",
            b"%PDF-": "application/pdf",
        }.items()
    ):
        made = decree.enter(
            officers[0], entry(CEILING, next_month.first, scan=start + b"...", scan_name=f"{at}.exe")
        )
        assert made.scan.media_type == media


# Four eyes, and six


def test_abuse_A37_one_enters_another_approves_and_only_then_it_is_law(
    officers: list[Actor], next_month: Month
) -> None:
    one, two, three = officers
    made = decree.enter(one, entry(CEILING, next_month.first))
    assert refusal(lambda: sign(two, made)) == "not_rehearsed"
    rehearsal = decree.rehearse(one, made.id)
    assert refusal(lambda: sign(one, made)) == "own"
    assert refusal(lambda: decree.approve(two, made.id, rehearsal.id - 1)) == "not_seen"
    assert in_force().number == 0
    made = sign(two, made)
    assert (made.state, made.number, made.approved_on) == ("approved", 1, two.today)
    assert refusal(lambda: sign(three, made)) == "closed"
    assert refusal(lambda: decree.withdraw(one, made.id, "")) == "closed"
    assert refusal(lambda: decree.rehearse(one, made.id)) == "closed"
    assert law_in_force().enterprise.on(next_month.first).ceiling == 6_000_000
    assert law_in_force().enterprise.sources("ceiling", next_month.first).cite == "Decision 99/MOLSW"
    assert law_in_force(0).enterprise.on(next_month.first).ceiling == 4_500_000
    assert queries.first_broken_seal() is None


def test_a_first_day_in_the_past_needs_a_third_person(officers: list[Actor], open_month: Month) -> None:
    one, two, three = officers
    made = decree.enter(one, entry(CEILING, open_month.first))
    decree.rehearse(two, made.id)
    made = sign(two, made)
    assert (made.state, in_force().number) == ("rehearsed", 0)
    assert refusal(lambda: sign(two, made)) == "signed_already"
    assert refusal(lambda: sign(one, made)) == "own"
    assert sign(three, made).state == "approved"
    assert in_force().number == 1


def test_today_is_not_the_past_but_a_day_that_passes_before_approval_is(officers: list[Actor]) -> None:
    one, two, three = officers
    today = one.today
    made = decree.enter(one, entry(CEILING, today))
    assert decree.people_needed(made, today) == 1
    decree.rehearse(one, made.id)
    tomorrow = [replace(officer, at=officer.at + timedelta(days=1)) for officer in (two, three)]
    assert sign(tomorrow[0], made).state == "rehearsed"
    assert sign(tomorrow[1], made).state == "approved"


def test_nobody_but_law_officers_comes_near(
    officers: list[Actor], system: Actor, dara: Actor, next_month: Month
) -> None:
    made = decree.enter(officers[0], entry(CEILING, next_month.first))
    for stranger in (dara, system):
        for act in (
            lambda actor: decree.enter(actor, entry(CEILING, next_month.first)),
            lambda actor: decree.rehearse(actor, made.id),
            lambda actor: decree.approve(actor, made.id, 1),
            lambda actor: decree.withdraw(actor, made.id, ""),
        ):
            with pytest.raises(NotAllowed):
                act(stranger)


def test_what_was_withdrawn_stays_readable_and_is_never_law(officers: list[Actor], next_month: Month) -> None:
    one, two, _ = officers
    made = decree.enter(one, entry(CEILING, next_month.first))
    decree.rehearse(one, made.id)
    decree.withdraw(two, made.id, "wrong article")
    made.refresh_from_db()
    assert (made.state, made.withdrawn_why, in_force().number) == ("withdrawn", "wrong article", 0)
    assert refusal(lambda: sign(two, made)) == "closed"


def test_law_that_changed_since_the_rehearsal_must_be_rehearsed_again(
    officers: list[Actor], next_month: Month
) -> None:
    one, two, three = officers
    late = decree.enter(one, entry({"ceiling": "7.000.000"}, next_month.first - timedelta(days=90)))
    decree.rehearse(one, late.id)
    late = sign(two, late)
    approved(officers, entry({"amount": "3.000.000"}, next_month.first, group="minimum_wage"))
    assert refusal(lambda: sign(three, late)) == "stale"
    decree.rehearse(one, late.id)
    assert sign(three, late).state == "rehearsed"  # the second person's yes was to other figures
    assert sign(two, late).state == "approved"
    assert queries.first_broken_seal() is None


def test_two_decrees_cannot_set_one_value_on_one_day(officers: list[Actor], next_month: Month) -> None:
    one = officers[0]
    rival = decree.enter(one, entry({"ceiling": "7.000.000"}, next_month.first))
    first = approved(officers, entry(CEILING, next_month.first))
    assert faults(one, entry({"ceiling": "8.000.000"}, next_month.first)) == {"ceiling": ["set_that_day"]}
    assert refusal(lambda: decree.rehearse(one, rival.id)) == "no_longer_fits"
    mended = approved(officers, entry({"ceiling": "7.500.000"}, next_month.first, supersedes=first.id))
    assert mended.number == 2
    assert law_in_force().enterprise.on(next_month.first).ceiling == 7_500_000
    assert law_in_force(1).enterprise.on(next_month.first).ceiling == 6_000_000
    assert faults(one, entry(CEILING, next_month.first, supersedes=first.id)) == {
        "supersedes": ["not_in_force"], "ceiling": ["set_that_day"],
    }  # fmt: skip


def test_taking_the_place_of_a_decree_that_began_counts_as_back_dating(
    officers: list[Actor], open_month: Month
) -> None:
    past = approved(officers, entry(CEILING, open_month.first))
    made = decree.enter(officers[0], entry(CEILING, (open_month + 3).first, supersedes=past.id))
    assert decree.people_needed(made, officers[0].today) == 2


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_follow_each_other(system: Actor, open_month: Month) -> None:
    from tests.operations.desk import at_once

    one, two = (law_officer(system, name) for name in ("khamla", "sisavath"))
    rivals = [
        decree.enter(one, entry({"ceiling": ceiling}, (open_month + 2).first))
        for ceiling in ("6.000.000", "7.000.000")
    ]
    for made in rivals:
        decree.rehearse(one, made.id)
    results = at_once(*(lambda made=made: sign(two, made) for made in rivals))  # type: ignore[misc]
    assert sorted(type(result).__name__ for result in results) == ["Decree", "DecreeRefused"]
    assert [str(result) for result in results if isinstance(result, DecreeRefused)] == ["stale"]
    assert (in_force().number, queries.first_broken_seal()) == (1, None)


# In force: what is declared from the first day, and not before


def test_a_higher_ceiling_counts_from_its_first_month_and_not_before(
    officers: list[Actor], system: Actor, factory: Employer, open_month: Month
) -> None:
    before = wages(system, factory, open_month, 5_000_000, 3_000_000)
    approved(officers, entry(CEILING | {"worker": "6 %"}, (open_month + 1).first))
    after = wages(system, factory, open_month + 1, 5_000_000, 3_000_000)
    correction = wages(system, factory, open_month, 5_000_000, 3_000_001)
    shares = [(one.law, one.wages_insured, one.employer_share, one.worker_share) for one in (before, after)]
    assert shares == [(0, 7_500_000, 450_000, 412_500), (1, 8_000_000, 480_000, 480_000)]
    assert (correction.law, correction.wages_insured) == (1, 7_500_001)
    assert {debt.month: debt.owed for debt in Obligation.objects.all()} == {
        open_month: 862_500, open_month + 1: 960_000,
    }  # fmt: skip
    assert (form_facts(after)["worker_rate"], form_facts(after)["total_rate"]) == ("6", "12")
    assert (form_facts(before)["worker_rate"], form_facts(correction)["worker_rate"]) == ("5,5", "5,5")
    assert [finding.invariant for finding in reconcile.prove() if not finding.holds] == []


def test_a_decree_into_the_past_changes_no_declaration_and_no_paper(
    officers: list[Actor], system: Actor, factory: Employer, open_month: Month
) -> None:
    declared = wages(system, factory, open_month, 5_000_000)
    approved(officers, entry(CEILING | {"employer": "7 %"}, open_month.first))
    declared.refresh_from_db()
    assert (declared.wages_insured, form_facts(declared)["employer_rate"]) == (4_500_000, "6")
    again = wages(system, factory, open_month, 5_000_001)
    assert (again.wages_insured, again.employer_share, form_facts(again)["employer_rate"]) == (
        5_000_001,
        350_000,
        "7",
    )


def test_the_check_of_a_sheet_tells_the_new_ceiling(
    officers: list[Actor], kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    from tests.operations.desk import found, rows_of, sheet_of

    approved(officers, entry(CEILING, (open_month + 1).first))
    rows = rows_of(workers, 5_000_000)
    old = sheet_of(kham, factory, open_month, rows, "a")
    new = sheet_of(kham, factory, open_month + 1, rows, "b")
    assert "over_ceiling" in found(old, 2) and "over_ceiling" not in found(new, 2)
    assert new.summary["insured"] == 12 * 5_000_000


def test_the_law_in_force_costs_one_query(officers: list[Actor], next_month: Month) -> None:
    approved(officers, entry(CEILING, next_month.first))
    in_force()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert law_in_force().enterprise.on(next_month.first).ceiling == 6_000_000
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert law_in_force(0) == LAW
    assert len(asked) == 0


def test_the_nights_proof_finds_a_decree_that_was_changed(officers: list[Actor], next_month: Month) -> None:
    from tests.operations.desk import broken, unguarded

    made = approved(officers, entry(CEILING, next_month.first))
    assert broken() == {}
    with unguarded() as cursor:
        cursor.execute("UPDATE decrees_decree SET first_day = first_day - 365 WHERE id = %s", [made.id])
    assert broken() == {"I10c": ["decree number 1"]}


def test_a_number_that_no_decree_has_is_not_taken_for_another_law(
    officers: list[Actor], next_month: Month
) -> None:
    approved(officers, entry(CEILING, next_month.first))
    with pytest.raises(LookupError, match="number 2"):
        in_force(2)


def test_a_holiday_that_staff_added_moves_the_due_date(officers: list[Actor], open_month: Month) -> None:
    month = open_month + 2
    usual = due_date(month)
    named = {"days": f"{usual:%d/%m/%Y}", "name_lo": "ວັນພັກພິເສດ", "name_en": "Special holiday"}
    made = decree.enter(officers[0], entry(named, officers[0].today, group="holidays"))
    rehearsal = decree.rehearse(officers[0], made.id)
    rehearsal.refresh_from_db()
    moved = due_date(month, [usual])
    assert rehearsal.result is not None
    assert rehearsal.result["due_dates"] == [
        {"month": str(month), "before": usual.isoformat(), "after": moved.isoformat()}
    ]
    sign(officers[1], made)
    assert (in_force().due_date(month), in_force().due_date(month + 1)) == (moved, due_date(month + 1))
    assert in_force().explain_due_date(month).has_moved


# Rehearsal


@pytest.fixture
def country(system: Actor, factory: Employer, other_factory: Employer, open_month: Month) -> list[Employer]:
    """Three employers of two schemes and two districts, wages around every bound."""
    from pakan.registers.people.models import District

    school = enrol_factory(system, "0990003", "ໂຮງຮຽນ", open_month - 12, 3, scheme="public")
    school.district = District.objects.get(code="1301")
    school.save()
    around = [1_249_999, 1_250_000, 2_499_999, 2_500_000, 3_333_333, 4_499_999, 4_500_000, 4_500_001, 5_999_999,
              6_000_000, 6_000_001, 25_000_000]  # fmt: skip
    wages(system, factory, open_month, *around)
    wages(system, other_factory, open_month, 3_000_000, 5_123_457, 900_000)
    wages(system, school, open_month, 2_700_001, 7_000_000, 4_600_000)
    return [factory, other_factory, school]


@pytest.mark.parametrize(
    ("group", "typed"),
    [
        ("enterprise", CEILING),
        ("enterprise", {"worker": "5 %", "ceiling": "5.000.000"}),
        ("minimum_wage", {"amount": "3.100.000"}),
        ("public", {"employer": "9,25 %", "ceiling": "4.600.000"}),
    ],
)
def test_the_rehearsal_is_what_each_row_alone_would_give(
    officers: list[Actor],
    country: list[Employer],
    open_month: Month,
    next_month: Month,
    group: str,
    typed: dict[str, str],
) -> None:
    made = decree.enter(officers[0], entry(typed, next_month.first, group=group))
    told = decree.rehearse(officers[0], made.id).result
    assert told is not None
    trial = replace(LAW, **{group: getattr(LAW, group).with_blocks([
        {"date": next_month.first, "cite": "x", "confidence": "high"} | made.values])})  # fmt: skip
    expected: dict[str, dict[int, dict[str, int]]] = {
        "scheme": {},
        "district": {},
        "wage": {},
        "size": {},
        "": {},
    }
    gains: dict[int, int] = {}
    for line in DeclaredWage.objects.select_related("declaration__employer"):
        employer = line.declaration.employer
        scheme = employer.scheme
        old = due(Kip(line.wage), rates_for(scheme, next_month))  # type: ignore[arg-type]
        new = due(Kip(line.wage), rates_for(scheme, next_month, trial))  # type: ignore[arg-type]
        bands = (0, 1_250_000, 2_500_000, 3_500_000, 4_500_000, 6_000_000, 8_000_000, 10_000_000, 20_000_000)
        keys = {
            "": 0,
            "scheme": ["enterprise", "public"].index(scheme),
            "district": int(employer.district_id),
            "wage": max(band for band in bands if band <= line.wage),
            "size": 10 if line.declaration.workers >= 10 else 1,
        }
        figures = {
            "lines": 1, "more": int(new.worker > old.worker), "less": int(new.worker < old.worker),
            "employer_before": old.employer, "employer_after": new.employer,
            "worker_before": old.worker, "worker_after": new.worker,
            "insured_before": old.insured, "insured_after": new.insured,
            "insured_up": int(new.insured > old.insured), "insured_down": int(new.insured < old.insured),
        }  # fmt: skip
        gains[employer.id] = gains.get(employer.id, 0) + new.employer - old.employer
        for way, key in keys.items():
            sums = expected[way].setdefault(key, dict.fromkeys(figures, 0))
            for name, value in figures.items():
                sums[name] += value
    assert told["total"] == {"key": 0} | expected[""][0]
    for way in ("scheme", "district", "wage", "size"):
        assert told["by"][way] == [{"key": key} | expected[way][key] for key in sorted(expected[way])]
    assert told["employers"] == {
        "all": 3, "more": sum(one > 0 for one in gains.values()), "less": sum(one < 0 for one in gains.values()),
    }  # fmt: skip
    assert told["months"] == [str(open_month)] and told["retroactive"] == []
    assert told["total"]["more"] + told["total"]["less"] > 0


def test_a_decree_into_the_past_lists_every_month_that_it_would_reach(
    officers: list[Actor], system: Actor, factory: Employer, open_month: Month
) -> None:
    for back in (3, 2, 1, 0):
        wages(system, factory, open_month - back, 5_000_000)
    made = decree.enter(officers[0], entry(CEILING, (open_month - 2).first))
    told = decree.rehearse(officers[0], made.id).result
    assert told is not None
    assert told["months"] == told["retroactive"] == [str(open_month - back) for back in (2, 1, 0)]
    assert told["total"]["insured_after"] - told["total"]["insured_before"] == 3 * 500_000
    each = [(row["key"], row["insured_after"] - row["insured_before"]) for row in told["by"]["month"]]
    assert each == [((open_month - back).number, 500_000) for back in (2, 1, 0)]
    assert [one.wages_insured for one in Declaration.objects.all()] == [4_500_000] * 4


def test_a_month_of_which_few_declared_yet_is_not_taken(
    officers: list[Actor],
    system: Actor,
    factory: Employer,
    other_factory: Employer,
    open_month: Month,
    next_month: Month,
) -> None:
    wages(system, factory, open_month - 1, *[5_000_000] * 12)
    wages(system, other_factory, open_month, 5_000_000)
    made = decree.enter(officers[0], entry(CEILING, next_month.first))
    told = decree.rehearse(officers[0], made.id).result
    assert told is not None and told["months"] == [str(open_month - 1)] and told["total"]["lines"] == 12


def test_the_rehearsal_tells_which_assumptions_fall(officers: list[Actor], next_month: Month) -> None:
    sure = entry(
        {"rate": "0,1 %", "per": "day", "grace_days": "3", "cap": "100"}, next_month.first, group="surcharges"
    )
    made = decree.enter(officers[0], sure)
    told = decree.rehearse(officers[0], made.id).result
    assert told is not None and told["assumptions_gone"] == ["A-01"] and told["assumptions_new"] == []
    half = decree.enter(officers[0], entry({"grace_days": "3"}, next_month.first, group="surcharges"))
    told = decree.rehearse(officers[0], half.id).result
    assert told is not None and told["assumptions_gone"] == []  # its rate is still assumed


def test_surcharges_are_rehearsed_on_debts_that_were_late(
    officers: list[Actor], system: Actor, factory: Employer, open_month: Month, next_month: Month
) -> None:
    declared = wages(system, factory, open_month - 4, 4_000_000)
    made = decree.enter(
        officers[0], entry({"rate": "1 %", "per": "month"}, next_month.first, group="surcharges")
    )
    told = decree.rehearse(officers[0], made.id).result
    debt = Obligation.objects.get(declaration=declared)
    days = (officers[0].today - debt.due_on).days
    months = next(n for n in range(1, 12) if days <= n * 30.5 + 1)
    assert told is not None
    assert told["surcharges"]["debts"] == 1 and told["surcharges"]["before"] == 0
    assert told["surcharges"]["after"] in (debt.owed * months // 100, debt.owed * (months + 1) // 100)


def test_much_data_is_a_jobs_work_and_the_job_works_once(
    officers: list[Actor], country: list[Employer], next_month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pakan.operations.decree.rehearsal.AT_ONCE", 10)
    made = decree.enter(officers[0], entry(CEILING, next_month.first))
    rehearsal = decree.rehearse(officers[0], made.id)
    assert rehearsal.result is None
    assert refusal(lambda: sign(officers[1], made)) == "not_rehearsed"
    job = ProcrastinateJob.objects.get(task_name="decree.rehearse")
    for _ in range(2):
        decree.rehearse_now(**job.args)
    rehearsal.refresh_from_db()
    made.refresh_from_db()
    assert rehearsal.result is not None and rehearsal.result["total"]["lines"] == 18
    assert (made.state, Rehearsal.objects.count()) == ("rehearsed", 1)
    assert sign(officers[1], made).state == "approved"


def test_with_nothing_declared_the_rehearsal_says_so(officers: list[Actor], next_month: Month) -> None:
    made = decree.enter(officers[0], entry(CEILING, next_month.first))
    told = decree.rehearse(officers[0], made.id).result
    assert told is not None and told["months"] == [] and told["total"]["lines"] == 0
