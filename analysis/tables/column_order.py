"""The columns of a table in the order that a layout wants; no number is touched."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from analysis.tables.layout import Layout
from analysis.tables.table import Row, Spanner, Table


def display_order(keys: Sequence[str], layout: Layout) -> list[int]:
    """Places of the keys, from 0, as the layout orders them; keys it does not name follow."""
    wanted = {key: place for place, key in enumerate(layout.column_order)}
    return sorted(range(len(keys)), key=lambda at: wanted.get(keys[at], len(wanted)))


def reordered(table: Table, order: Sequence[int]) -> Table:
    """The table with its columns, their cells and the headings over them at other places.

    `order` has every column of the table once, counted from 0. Adjacent columns with the same
    heading share it.
    """
    over = {
        at: spanner.text
        for spanner in table.spanners
        for at in range(spanner.first, spanner.last + 1)
    }
    return replace(
        table,
        columns=tuple(table.columns[at] for at in order),
        rows=tuple(moved_cells(row, order) for row in table.rows),
        spanners=spanners_over([over.get(at) for at in order]),
    )


def moved_cells(row: Row, order: Sequence[int]) -> Row:
    """The row with its cells in the order of the columns; a heading has none."""
    return replace(row, cells=tuple(row.cells[at] for at in order)) if row.cells else row


def spanners_over(texts: Sequence[str | None]) -> tuple[Spanner, ...]:
    """One heading over each run of columns with the same; `texts` has None where none stands."""
    spanners, first = [], 0
    for text, run in groupby(texts):
        width = len(list(run))
        if text is not None:
            spanners.append(Spanner(text, first, first + width - 1))
        first += width
    return tuple(spanners)
