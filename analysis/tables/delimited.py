"""A Table as CSV: one rectangle, numbers at full precision.

Columns are ``line`` (what the line holds), ``label``, ``scale`` and one for each model.
Every line has every column, so that any program reads the file; title, notes and
fingerprint are lines of their own at the end. A number is written as Python writes it, with
a hyphen for minus and without stars or parentheses; what is absent is empty. Text that a
spreadsheet might carry out stands behind an apostrophe.

The file is UTF-8 with a byte order mark: without it Excel reads it in the code page of the
machine. pandas, R and Stata read past the mark (`utf-8-sig`, ``UTF-8-BOM``).
"""

import csv
import io
import math

from analysis.tables import numerals
from analysis.tables.alignment import outcome_of
from analysis.tables.plain_text import neutralised, on_one_line
from analysis.tables.table import Cell, Row, Table

_LINES = {
    "estimate": "estimate",
    "statistic": "statistic",
    "group": "group",
}


def render(table: Table) -> bytes:
    """The file as bytes, lines ended by CR LF as RFC 4180 asks."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["line", "label", "scale", *_headings(table)])
    label = ""
    for row in table.rows:
        label = row.label or label
        kind = _LINES.get(row.kind, table.beneath)
        writer.writerow([kind, _text(label), _text(row.scale), *_cells(row, table)])
    blanks = [""] * (len(table.columns) + 1)
    writer.writerow(["title", _text(table.title), *blanks])
    for note in table.notes:
        writer.writerow(["note", _text(note), *blanks])
    if table.fingerprint:
        writer.writerow(["fingerprint", _text(table.fingerprint), *blanks])
    return file.getvalue().encode("utf-8-sig")


def _headings(table: Table) -> list[str]:
    outcomes = [outcome_of(table, place) for place in range(len(table.columns))]
    return [
        _text(f"{name}: {outcome}" if outcome else name)
        for name, outcome in zip(table.columns, outcomes, strict=True)
    ]


def _cells(row: Row, table: Table) -> list[str]:
    return [_cell(cell) for cell in row.cells] if row.cells else [""] * len(table.columns)


def _cell(cell: Cell) -> str:
    if cell.value is not None:
        return repr(cell.value) if math.isfinite(cell.value) else ""
    return "" if cell.text == numerals.DASH else _text(cell.text)


def _text(text: str) -> str:
    return neutralised(on_one_line(text))
