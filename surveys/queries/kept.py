"""Queries whose SQL is made once, for what every page of a firm asks of the database.

Django writes the SQL of a queryset anew each time it is asked, which takes longer than the
database takes to answer a look-up by key. A kept query is written once in every process and
asked again with other values. What it gives are the objects that the queryset gives.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

_Found = TypeVar("_Found", bound=Model)


class Given(Expression):
    """The place of a value of that field, which is told when the query is asked."""

    def __init__(self, model: type[Model], name: str) -> None:
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        super().__init__(output_field=field)  # type: ignore[arg-type]
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        del compiler, connection
        return "%s", [self]

    def value_for(self, connection: Any, value: Any) -> Any:
        return self.output_field.get_db_prep_value(value, connection=connection)


@dataclass(frozen=True, slots=True)
class _Written:
    """The SQL of a query for one kind of database, and what makes objects of its rows.

    Columns `begin` to `end` of a row are those of the model, by the names of `attributes`;
    `converters` are by column, `annotated` are columns by name.
    """

    sql: str
    parameters: tuple[Any, ...]
    model: type[Model]
    begin: int
    end: int
    attributes: list[str]
    related: Sequence[Any]
    annotated: Mapping[str, int]
    converters: Mapping[int, tuple[Sequence[Any], Any]]
    locks: bool

    def told(self, connection: Any, values: Mapping[str, Any]) -> list[Any]:
        """The parameters, with the values in their places."""
        return [
            each.value_for(connection, values[each.name]) if isinstance(each, Given) else each
            for each in self.parameters
        ]

    def object_of(self, connection: Any, columns: Sequence[Any]) -> Any:
        row = list(columns)
        for position, (converters, expression) in self.converters.items():
            for convert in converters:
                row[position] = convert(row[position], expression, connection)
        found = self.model.from_db(DEFAULT_DB_ALIAS, self.attributes, row[self.begin : self.end])
        for each in self.related:
            each.populate(row, found)
        for name, position in self.annotated.items():
            setattr(found, name, row[position])
        return found


class KeptQuery(Generic[_Found]):
    """A queryset with `Given` values, asked by naming them.

    `queryset` is a function, because models are not ready when their modules are read.
    """

    def __init__(self, queryset: Callable[[], QuerySet[_Found]]) -> None:
        self._queryset = queryset
        self._written: dict[str, _Written] = {}

    def one(self, **values: Any) -> _Found | None:
        """The first object that is found, or None.

        Raises TransactionManagementError if the query locks and nothing holds the lock.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        written = self._written.get(connection.vendor) or self._write(connection)
        if written.locks and not connection.in_atomic_block:
            raise TransactionManagementError("A query that locks is asked within a transaction.")
        with connection.cursor() as cursor:
            cursor.execute(written.sql, written.told(connection, values))
            columns = cursor.fetchone()
        return None if columns is None else written.object_of(connection, columns)

    def _write(self, connection: Any) -> _Written:
        """As `ModelIterable` does at each asking."""
        query = self._queryset()[:1].query
        compiler: Any = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        select, model = compiler.select, compiler.klass_info
        begin, end = model["select_fields"][0], model["select_fields"][-1] + 1
        written = _Written(
            sql=sql,
            parameters=tuple(parameters),
            model=model["model"],
            begin=begin,
            end=end,
            attributes=[column.target.attname for column, *_ in select[begin:end]],
            related=get_related_populators(model, select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]
            annotated=compiler.annotation_col_map or {},
            converters=compiler.get_converters([column for column, *_ in select]),
            locks=query.select_for_update,
        )
        self._written[connection.vendor] = written
        return written
