"""Queries whose SQL Django makes once: half of a member's page was the making of the same eleven statements again.

    @kept(int)
    def _posted(person_id: int) -> QuerySet[Credit, tuple[Any, ...]]:
        return Credit.objects.filter(person_id=person_id).values_list("month", "insured")

    rows = _posted(person.id)

The function is asked once in each process, with stand-ins for its values; after that only the values change, and PostgreSQL
keeps the plan. So its query may not change its shape with a value: no `if`, no `None`, no list as value.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]
from psycopg import Cursor
from psycopg.types.numeric import Int8

Row = TypeVar("Row")
Kind = type[int] | type[str] | type[datetime]
Making = Callable[[Sequence[tuple[Any, ...]]], list[Any]]

# Values that no query of ours names of itself.
_INT, _TEXT, _MOMENT = 7_214_900_000_000_000_000, "\ue0f3 kept {}", datetime(3119, 3, 1, tzinfo=UTC)


class _Prepared(Cursor[Any]):
    """Binds on the server and prepares: the plan is made once for each connection."""

    def execute(self, query: Any, params: Any = None, **more: Any) -> "_Prepared":
        super().execute(query, params, prepare=True, **more)
        if connection.queries_logged:  # who counts queries wants to read them too
            self._query = self._convert_query(query, params)
        return self


class Kept(Generic[Row]):
    """A query that was made once. Calling it with values answers its rows."""

    def __init__(self, make: Callable[..., QuerySet[Any, Row]], kinds: Sequence[Kind]) -> None:
        self.make, self.kinds = make, kinds
        self.made: tuple[str, list[tuple[int, Any]], Making] | None = None

    def queryset(self, *values: Any) -> QuerySet[Any, Row]:
        """The same as Django makes it each time, for what needs a query set."""
        return self.make(*values)

    def __call__(self, *values: Any) -> list[Row]:
        if self.made is None:
            self.made = self._make()
        sql, places, making = self.made
        given = [const if at < 0 else _bound(values[at]) for at, const in places]
        here: Any = connections[DEFAULT_DB_ALIAS]
        here.ensure_connection()
        with here.wrap_database_errors:
            bare = _Prepared(here.connection)
        with here._prepare_cursor(bare) as cursor:
            cursor.execute(sql, given)
            return making(cursor.fetchall())

    def _make(self) -> tuple[str, list[tuple[int, Any]], Making]:
        stand_ins = [_stand_in(kind, at) for at, kind in enumerate(self.kinds)]
        queryset = self.make(*stand_ins)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, given = compiler.as_sql()
        places = [(stand_ins.index(one) if one in stand_ins else -1, one) for one in given]
        missing = set(range(len(stand_ins))) - {at for at, _ in places}
        if missing:
            raise TypeError(f"{self.make.__qualname__}: no place in the query for value {missing}")
        return sql, places, _making(queryset, compiler)


def kept(*kinds: Kind) -> Callable[[Callable[..., QuerySet[Any, Row]]], Kept[Row]]:
    """`kinds`: what the function's values are, in their order."""

    def kept_query(make: Callable[..., QuerySet[Any, Row]]) -> Kept[Row]:
        return Kept(make, kinds)

    return kept_query


def _stand_in(kind: Kind, at: int) -> Any:
    if kind is int:
        return _INT + at
    return _TEXT.format(at) if kind is str else _MOMENT + timedelta(days=at)


def _bound(value: Any) -> Any:
    """One type for all whole numbers, or each size would be a statement of its own."""
    return Int8(value) if type(value) is int else value


def _making(queryset: QuerySet[Any, Any], compiler: Any) -> Making:
    """How rows become what the query set would have answered: tuples, or objects with those they were selected with."""
    converters = compiler.get_converters([column[0] for column in compiler.select])

    def converted(rows: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
        return [_converted(row, converters) for row in rows] if converters else rows

    if queryset._fields is not None:  # type: ignore[attr-defined]
        return lambda rows: list(converted(rows))
    info, select = compiler.klass_info, compiler.select
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    others = get_related_populators(info, select, DEFAULT_DB_ALIAS)
    added: dict[str, int] = compiler.annotation_col_map or {}

    def objects(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        found = []
        for row in converted(rows):
            one = info["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for populator in others:
                populator.populate(row, one)
            for name, at in added.items():
                setattr(one, name, row[at])
            found.append(one)
        return found

    return objects


def _converted(row: Sequence[Any], converters: dict[int, Any]) -> tuple[Any, ...]:
    changed = list(row)
    for at, (by, expression) in converters.items():
        for convert in by:  # each is handed the connection of the thread that asks
            changed[at] = convert(changed[at], expression, connection)
    return tuple(changed)
