"""Columns go into the database and come back as they were; no fraction and no month gets lost on the way."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pakan.registers.columns import KipField, MonthField, copy_columns, copy_rows, read_columns
from pakan.registers.people.models import Employer, Employment
from pakan.registers.records.models import Credit
from pakan.units.money import KIP_LIMIT
from pakan.units.month import Month

pytestmark = pytest.mark.django_db
WHOLE = st.integers(-KIP_LIMIT, KIP_LIMIT)
QUERY = (
    "SELECT person_id, wage, insured, employer_share, worker_share FROM records_credit WHERE employer_id = %s"
    " ORDER BY person_id"
)
NAMES = ("person", "wage", "insured", "employer_share", "worker_share")


def write(rows: list[tuple[int, int, int, int]], month: Month, at: datetime, version: int = 1) -> None:
    people = np.arange(1, len(rows) + 1, dtype=np.int64)
    values = np.array(rows, dtype=np.int64).reshape(len(rows), 4)
    copy_columns(
        Credit,
        {
            "person_id": people,
            "month": month.first,
            "employer_id": 5,
            "version": np.full(len(rows), version, dtype=np.int64),
            "wage": values[:, 0],
            "insured": values[:, 1],
            "employer_share": values[:, 2],
            "worker_share": values[:, 3],
            "credited_at": at,
        },
        small=("version",),
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.tuples(WHOLE, WHOLE, WHOLE, WHOLE), max_size=20),
    month=st.builds(Month, st.integers(1900, 2199), st.integers(1, 12)),
    at=st.datetimes(datetime(1990, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC)),
    version=st.integers(1, 32_767),
)
def test_binary_columns_come_back_as_they_were(
    rows: list[tuple[int, int, int, int]], month: Month, at: datetime, version: int
) -> None:
    from django.db import transaction

    outside = transaction.savepoint()
    write(rows, month, at, version)
    back = read_columns(QUERY, NAMES, [5])
    assert all(column.dtype == np.int64 and len(column) == len(rows) for column in back.values())
    assert list(zip(*(back[name].tolist() for name in NAMES[1:]), strict=True)) == rows
    kept = Credit.objects.filter(employer_id=5)
    assert set(kept.values_list("month", "credited_at", "version")) == (
        {(month, at, version)} if rows else set()
    )
    transaction.savepoint_rollback(outside)


def test_times_of_another_zone_are_the_same_moment() -> None:
    from pakan.registers.access.actor import VIENTIANE

    at = datetime(2026, 11, 2, 6, 30, 0, 123456, tzinfo=VIENTIANE)
    write([(1, 1, 1, 1)], Month(2026, 10), at)
    assert Credit.objects.get().credited_at == at


def test_parameters_of_a_query_are_values_and_never_text_of_it() -> None:
    write([(1, 2, 3, 4)], Month(2026, 10), datetime(2026, 11, 2, tzinfo=UTC))
    assert len(read_columns(QUERY, NAMES, [6])["person"]) == 0
    hostile = "SELECT person_id FROM records_credit WHERE %s = 'x'' OR true --'"
    assert len(read_columns(hostile, ("person",), ["x' OR true --"])["person"]) == 1
    assert len(read_columns(hostile, ("person",), ["' OR true --"])["person"]) == 0


def test_rows_of_text_are_kept_whatever_stands_in_them(factory: Employer, open_month: Month) -> None:
    from pakan.registers.contributions.actions import LINE_COLUMNS
    from pakan.registers.contributions.models import Sheet, SheetLine

    now = datetime(2026, 11, 2, tzinfo=UTC)
    sheet = Sheet.objects.create(
        employer=factory, month=open_month, state="open", origin="typed", key="k", made_at=now, changed_at=now
    )
    texts = ["ບຸນມີ\tພົມ\\N", "a\nb", '"x"', "\\.", "ກ" * 250, "", "{}", "=1+1"]
    rows = [
        (sheet.id, row, "", "", "", text, "", "", "", None, None, False, "{}", "[]")
        for row, text in enumerate(texts, 1)
    ]
    copy_rows(SheetLine, LINE_COLUMNS, rows)
    assert list(SheetLine.objects.order_by("row").values_list("name", flat=True)) == texts


@pytest.mark.parametrize("value", [1.0, 1.5, float("nan")])
def test_kip_are_never_floats(value: float) -> None:
    with pytest.raises(TypeError):
        KipField().get_prep_value(value)


@pytest.mark.parametrize("value", [KIP_LIMIT + 1, -KIP_LIMIT - 1, 10**30])
def test_kip_stay_within_their_limit(value: int) -> None:
    with pytest.raises(ValueError, match="beyond the limit"):
        KipField().get_prep_value(value)


def test_a_month_is_a_month_however_it_is_written() -> None:
    field = MonthField()
    october = Month(2026, 10)
    assert [field.to_python(value) for value in (october, date(2026, 10, 17), "2026-10", None)] == [
        october, october, october, None,
    ]  # fmt: skip
    assert (field.get_prep_value("2026-10"), field.get_prep_value(None)) == (date(2026, 10, 1), None)
    with pytest.raises(ValueError, match="not a month"):
        field.to_python("10/2026")


def test_months_are_found_and_compared_as_months(factory: Employer) -> None:
    first = factory.first_month
    assert isinstance(Employer.objects.get().first_month, Month)
    assert Employer.objects.filter(first_month=first).count() == 1
    assert Employer.objects.filter(first_month__gt=first - 1, first_month__lt=first + 1).count() == 1
    assert Employer.objects.filter(first_month__gt=first).count() == 0
    assert Employment.objects.filter(start__gte=first.first - timedelta(days=1)).count() == 12
