"""Reads whose SQL is made once.

Django writes the SQL of a query anew each time, which takes longer than PostgreSQL takes to answer. For the few reads
that every request or every confirmation makes, `ready` keeps what Django wrote the first time and fills in the
values. What comes back are the same model instances.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import query as django_query

Values = ParamSpec("Values")
Row = TypeVar("Row", bound=models.Model)
_populators: Any = django_query.get_related_populators
_MARKS: dict[Any, Callable[[], Any]] = {UUID: uuid4, str: lambda: uuid4().hex, list[UUID]: lambda: [uuid4()]}


def ready(make: Callable[Values, "models.QuerySet[Row]"]) -> Callable[Values, list[Row]]:
    """Decorator: a function from values to a queryset becomes one from values to its rows, in the same order.

    Values are passed by position; each is a UUID, a str or a list[UUID] (see `any_of`), as annotated, and must reach
    the SQL unchanged: comparisons with it, nothing that depends on what it is. Rows are read at once.
    """
    kept: list[_Kept] = []

    @wraps(make)
    def read(*values: Values.args, **named: Values.kwargs) -> list[Row]:
        if not kept:
            kept.append(_write_down(make))
        rows: list[Row] = kept[0].read(values)
        return rows

    return read


def any_of(rows: "models.QuerySet[Row]", column: str, values: list[UUID]) -> "models.QuerySet[Row]":
    """Those whose column is one of the values, however many there are: one SQL text for any number."""
    table = rows.model._meta.db_table
    return rows.extra(where=[f'"{table}"."{column}" = ANY(%s)'], params=[values])


@dataclass(frozen=True)
class _Kept:
    """SQL with its parameters (a position among the values, or a constant) and how its columns become instances."""

    sql: str
    parameters: list[tuple[int | None, Any]]
    compiler: Any
    model: type[models.Model]
    columns: slice
    names: list[str]
    converters: Any
    related: list[Any]

    def read(self, values: tuple[Any, ...]) -> list[Any]:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(
                self.sql,
                [constant if place is None else values[place] for place, constant in self.parameters],
            )
            rows: Any = cursor.fetchall()
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        found = []
        for row in rows:
            instance = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.columns])
            for populator in self.related:
                populator.populate(row, instance)
            found.append(instance)
        return found


def _write_down(make: Callable[..., "models.QuerySet[Any]"]) -> _Kept:
    """Have Django write the query with values that cannot be mistaken, and see where they went."""
    kinds = [parameter.annotation for parameter in inspect.signature(make).parameters.values()]
    marks = [_MARKS[kind]() for kind in kinds]
    compiler: Any = make(*marks).query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    places: list[tuple[int | None, Any]] = [
        (marks.index(one), None) if one in marks else (None, one) for one in parameters
    ]
    if {place for place, _ in places if place is not None} != set(range(len(marks))):
        raise TypeError(f"a value of {make.__name__} does not reach the SQL unchanged")
    info = compiler.klass_info
    columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    return _Kept(
        sql=sql,
        parameters=places,
        compiler=compiler,
        model=info["model"],
        columns=columns,
        names=[selected[0].target.attname for selected in compiler.select[columns]],
        converters=compiler.get_converters([selected[0] for selected in compiler.select]),
        related=_populators(info, compiler.select, DEFAULT_DB_ALIAS),
    )
