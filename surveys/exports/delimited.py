"""Columns and rows as CSV: UTF-8, commas, a header, RFC 4180 quotation."""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from surveys.exports.formulas import neutralised

Cell = str | int | float | bool | None

_BYTE_ORDER_MARK = "\ufeff"
_PIECE = 64_000  # characters
_SMALL = {float(number): str(number) for number in range(1_000)}


def render(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, for_spreadsheet: bool = False
) -> bytes:
    """The table as CSV.

    Text that opens a formula is neutralised; numbers stay numbers, with full precision;
    missing (None, NaN) is an empty cell. `for_spreadsheet` adds the byte order mark without
    which Excel misreads accents; statistical packages do better without.
    """
    text = b"".join(pieces(columns, rows))
    return (_BYTE_ORDER_MARK.encode() if for_spreadsheet else b"") + text


def pieces(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as CSV piece by piece, so that it need not be held as a whole.

    Without columns there is no header: a later part of a file.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    if columns:
        writer.writerow([neutralised(column) for column in columns])
    for row in rows:
        writer.writerow([written(cell) for cell in row])
        if target.tell() > _PIECE:
            yield target.getvalue().encode()
            target.seek(0)
            target.truncate()
    yield target.getvalue().encode()


class Table(AbstractContextManager["Table"]):
    """A file of CSV to which rows are added as they come, so that several can be made at once."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([neutralised(column) for column in columns])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write the rows after those that are."""
        self._writer.writerows([written(cell) for cell in row] for row in rows)

    def __exit__(self, *_: object) -> None:
        self._file.close()


def written(cell: Cell) -> str:
    """One value as the text of a cell."""
    if cell is None:
        return ""
    if type(cell) is float:
        return _number(cell)
    if isinstance(cell, str):
        return neutralised(cell)
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return _number(cell)
    return str(cell)


def _number(value: float) -> str:
    small = _SMALL.get(value)
    if small is not None:
        return small
    if math.isnan(value):
        return ""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
