"""A table with what was registered apart from what is exploratory; no number is touched."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from analysis.tables.column_order import moved_cells
from analysis.tables.table import Spanner, Table

REGISTERED = "Registered"
EXPLORATORY = "Exploratory"


_MODEL = re.compile(r"\((\d+)\)( |$)")


def apart(table: Table, *, registered: Collection[int]) -> Table:
    """The columns of registered models first, each group under a heading of its own.

    `registered` are places of models, counted from 1, as the headings of their columns have
    them; columns beside an estimate go with it. A table without such headings stays as it is.
    """
    models = _models(table.columns)
    if not models:
        return table
    groups = [
        (REGISTERED, [columns for place, columns in models if place in registered]),
        (EXPLORATORY, [columns for place, columns in models if place not in registered]),
    ]
    order = [at for _, models_of in groups for columns in models_of for at in columns]
    return replace(
        table,
        columns=tuple(table.columns[at] for at in order),
        rows=tuple(moved_cells(row, order) for row in table.rows),
        spanners=_spanners(table, groups),
    )


def _models(headings: Sequence[str]) -> list[tuple[int, list[int]]]:
    """Places of models with their columns; none if the first column is not of one."""
    found: list[tuple[int, list[int]]] = []
    for at, heading in enumerate(headings):
        if match := _MODEL.match(heading):
            found.append((int(match[1]), [at]))
        elif not found:
            return []
        else:
            found[-1][1].append(at)
    return found


def _spanners(
    table: Table, groups: Sequence[tuple[str, Sequence[Sequence[int]]]]
) -> tuple[Spanner, ...]:
    """One heading over each run of columns of one group under one heading of before."""
    before = {
        at: spanner.text
        for spanner in table.spanners
        for at in range(spanner.first, spanner.last + 1)
    }
    spanners: list[Spanner] = []
    first = 0
    for group, models in groups:
        for columns in models:
            outcome = before.get(columns[0], "")
            text = f"{group}: {outcome}" if outcome else group
            last = first + len(columns) - 1
            if spanners and spanners[-1].text == text:
                spanners[-1] = Spanner(text, spanners[-1].first, last)
            else:
                spanners.append(Spanner(text, first, last))
            first = last + 1
    return tuple(spanners)


def named_apart(table: Table, *, registered: Sequence[bool]) -> Table:
    """Each heading within the body of a table says of what follows whether it was registered.

    `registered` has an entry for each heading, in their order.
    """
    marks = iter(registered)
    rows = tuple(
        replace(row, label=f"{row.label} ({_word(next(marks, False))})")
        if row.kind == "group"
        else row
        for row in table.rows
    )
    return replace(table, rows=rows)


def _word(is_registered: bool) -> str:
    return (REGISTERED if is_registered else EXPLORATORY).lower()
