"""How the units are kept in PostgreSQL: kip as bigint, a month as its first day. And COPY, for many rows at once."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from django.db import connection, models
from django.db.models.expressions import Combinable
from psycopg import Copy, sql

from pakan.units.money import KIP_LIMIT
from pakan.units.month import Month

if TYPE_CHECKING:
    _BigInteger = models.BigIntegerField[Any, Any]
    _Date = models.DateField[Any, Any]
else:
    _BigInteger, _Date = models.BigIntegerField, models.DateField


# Pages read a hundred months, always of the same few decades.
_month = lru_cache(maxsize=2048)(Month.of)


class KipField(_BigInteger):
    """Whole kip. Floats are refused here too: a rounding that nobody sees would be money that nobody finds."""

    description = "whole kip"

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, float):
            raise TypeError("kip are whole numbers, not float")
        if isinstance(value, int) and abs(value) > KIP_LIMIT:
            raise ValueError(f"{value} kip is beyond the limit")
        return super().get_prep_value(value)


class MonthField(_Date):
    """A `Month`, kept as the date of its first day."""

    description = "a calendar month"
    # What the type checker shall believe about this column (read by the django-stubs plugin).
    _pyi_private_set_type: "Month | date | str | Combinable"  # type: ignore[assignment]
    _pyi_private_get_type: "Month"  # type: ignore[assignment]
    _pyi_lookup_exact_type: "Month | date | str"  # type: ignore[assignment]

    def from_db_value(self, value: date | None, *_: Any) -> Month | None:
        return None if value is None else _month(value)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Month):
            return value
        return Month.of(value) if isinstance(value, date) else Month.parse(str(value))

    def get_prep_value(self, value: Any) -> Any:
        month = self.to_python(value)
        return None if month is None else month.first

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write many rows of `model` with COPY: some seven times faster than saving them one by one.

    `columns` are database columns; hand the rows over sorted by the primary key, so that its index grows at one end.
    """
    with _copying(_copy_in(model, columns, "")) as copy:
        for row in rows:
            copy.write_row(row)


# PostgreSQL's binary COPY: a head, then a row as its number of fields and each field with its length, big-endian.
_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TAIL = b"\xff\xff"
_EPOCH = date(2000, 1, 1)
Column = npt.NDArray[np.int64]


def copy_columns(
    model: type[models.Model], columns: dict[str, Column | int | date | datetime], small: Sequence[str] = ()
) -> None:
    """Write whole columns at once, as binary COPY straight from NumPy: int64 columns, and single values repeated.

    A date is a `date` column, a datetime (aware) a `timestamptz`; columns named in `small` are smallint.
    All arrays have the same length; nothing is written for length 0.
    """
    length = next(len(values) for values in columns.values() if isinstance(values, np.ndarray))
    kinds = {name: _kind(values, name in small) for name, values in columns.items()}
    layout = [("fields", ">i2")]
    for name, kind in kinds.items():
        layout += [(f"{name} length", ">i4"), (name, kind)]
    table = np.empty(length, dtype=layout)
    table["fields"] = len(columns)
    for name, values in columns.items():
        table[f"{name} length"] = table.dtype[name].itemsize
        table[name] = _binary(values)
    with _copying(_copy_in(model, list(columns), "(FORMAT BINARY)")) as copy:
        copy.write(_HEAD)
        copy.write(table.tobytes())
        copy.write(_TAIL)


def read_columns(query: str, names: Sequence[str], parameters: Sequence[object]) -> dict[str, Column]:
    """The rows of `query` (fixed text; every column bigint and not null) as int64 columns, in the query's order."""
    layout = [("fields", ">i2")]
    for name in names:
        layout += [(f"{name} length", ">i4"), (name, ">i8")]
    # COPY takes no parameters, and Django's counting cursor hands none on: they are written into the statement, quoted.
    asked = sql.SQL(query.replace("%s", "{}")).format(*map(sql.Literal, parameters))
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(asked)
    with _copying(statement) as copy:
        content = b"".join(copy)
    table = np.frombuffer(content[len(_HEAD) : -len(_TAIL)], dtype=layout)
    return {name: table[name].astype(np.int64) for name in names}


@contextmanager
def _copying(statement: sql.Composed) -> Iterator[Copy]:
    """A COPY whose faults are Django's like every other statement's, so that a deadlock in it is tried again too."""
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield copy


def _copy_in(model: type[models.Model], columns: Sequence[str], form: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) FROM STDIN {}").format(
        sql.Identifier(model._meta.db_table), names, sql.SQL(form)
    )


def _kind(values: Column | int | date | datetime, small: bool) -> str:
    if isinstance(values, datetime):
        return ">i8"
    if isinstance(values, date):
        return ">i4"
    return ">i2" if small else ">i8"


def _binary(values: Column | int | date | datetime) -> Column | int:
    if isinstance(values, datetime):
        since = values - datetime(2000, 1, 1, tzinfo=UTC)
        return (since.days * 86400 + since.seconds) * 10**6 + since.microseconds
    if isinstance(values, date):
        return (values - _EPOCH).days
    return values
