"""Writing rows with statements that are made once, for what every saved page writes.

As with `surveys.queries.kept`, Django would write the SQL anew each time. Values pass the
fields of the model, as in Django; signals and `save` do not come into it.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model


class KeptInsert:
    """Inserts rows of a model; the key that the database gives them stays unknown."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model

    def write(self, row: Model) -> None:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self._sql, _told(row, self._fields))

    @cached_property
    def _fields(self) -> "list[Field[Any, Any]]":
        return [each for each in self._model._meta.concrete_fields if not each.primary_key]

    @cached_property
    def _sql(self) -> str:
        columns = ", ".join(_quoted(each.column) for each in self._fields)
        places = ", ".join("%s" for _ in self._fields)
        table = _quoted(self._model._meta.db_table)
        return f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 -- names of ours


class KeptUpdate:
    """Writes some columns of a row that is there."""

    def __init__(self, model: type[Model], names: Sequence[str]) -> None:
        self._model = model
        self._names = names

    def write(self, row: Model) -> None:
        """Raises the model's DoesNotExist if the row is gone."""
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self._sql, [*_told(row, self._fields), row.pk])
            if cursor.rowcount != 1:
                raise self._model.DoesNotExist  # type: ignore[attr-defined]

    @cached_property
    def _fields(self) -> "list[Field[Any, Any]]":
        return [self._model._meta.get_field(name) for name in self._names]  # type: ignore[misc]

    @cached_property
    def _sql(self) -> str:
        changes = ", ".join(f"{_quoted(each.column)} = %s" for each in self._fields)
        table, key = self._model._meta.db_table, self._model._meta.pk.column
        return f"UPDATE {_quoted(table)} SET {changes} WHERE {_quoted(key)} = %s"  # noqa: S608 -- names of ours


def _told(row: Model, fields: "Sequence[Field[Any, Any]]") -> list[Any]:
    connection = connections[DEFAULT_DB_ALIAS]
    return [each.get_db_prep_save(getattr(row, each.attname), connection) for each in fields]


def _quoted(name: str | None) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name or "")
