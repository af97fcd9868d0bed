"""Columns and rows as an Excel workbook in which no cell is a formula, row by row.

The sheets are written by hand, one after the other into the file: xlsxwriter takes four times
as long for the cells of a large wave, and takes a text between ``<r>`` and ``</r>`` for markup.
The parts and their order are those of ECMA-376, part 1, chapters 12 and 18.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from surveys.exports import spreadsheet_parts as parts
from surveys.exports.delimited import Cell
from surveys.exports.formulas import opens_a_formula

LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_CUT = " […]"
_AT_ONCE = 256  # rows
_SHORT = 40  # characters of a text that may come again
_FAST = 1  # of zlib: a third larger than the best, in a fifth of the time

# What XML 1.0 cannot hold, a carriage return that a reader would turn into a line feed, and
# text that looks as if it stood for such a character (ECMA-376, 22.9.2.19, ST_Xstring).
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class TooLargeForSpreadsheet(Exception):
    """The table has more rows or columns than a worksheet; CSV has room for it.

    `reason` says which sheet, how large it is and what a worksheet holds.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: a header and rows of values, which are gone through once.

    `count` is the number of rows where it is known beforehand, so that a table that has no
    room is refused before it is made.
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    count: int = 0


def write(target: IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write the sheets as one XLSX file; rows are read in the order of the sheets.

    Text is written as text: what opens a formula also carries the quote prefix, so that it
    stays text when a person edits the cell. Text beyond the 32,767 characters of a cell is
    cut, and says so; CSV holds the whole of it. Raises TooLargeForSpreadsheet.
    """
    for sheet in sheets:
        _refuse_if_too_large(sheet, sheet.count)
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=_FAST) as book:
        last_cells = []
        for number, sheet in enumerate(sheets, 1):
            with book.open(parts.SHEET.format(number), "w", force_zip64=True) as part:
                last_cells.append(_write_sheet(part, sheet))
        named = [(sheet.name, last) for sheet, last in zip(sheets, last_cells, strict=True) if last]
        for name, text in parts.around([sheet.name for sheet in sheets], dict(named)).items():
            book.writestr(name, text)


def _refuse_if_too_large(sheet: Sheet, rows: int) -> None:
    if len(sheet.columns) > MOST_COLUMNS:
        raise TooLargeForSpreadsheet(
            f"The sheet “{sheet.name}” would have {len(sheet.columns)} columns;"
            f" a worksheet holds {MOST_COLUMNS}."
        )
    if rows + 1 > MOST_ROWS:
        raise TooLargeForSpreadsheet(
            f"The sheet “{sheet.name}” would have {rows} rows or more;"
            f" a worksheet holds {MOST_ROWS - 1} below its header."
        )


def _write_sheet(part: IO[bytes], sheet: Sheet) -> str:
    """The last cell of the table; empty where it has no columns."""
    begins = [f'<c r="{column_letters(place)}' for place in range(len(sheet.columns))]
    part.write(parts.SHEET_BEGIN.encode())
    head = [f'{begin}1"{_text(str(name), parts.HEAD)}' for begin, name in _headed(begins, sheet)]
    part.write(_row(1, head).encode())
    down = 1
    for rows in _batches(sheet.rows):
        _refuse_if_too_large(sheet, down - 1 + len(rows))
        lines = [_row(n, _cells(begins, n, row)) for n, row in enumerate(rows, down + 1)]
        part.write("".join(lines).encode())
        down += len(rows)
    last = f"{column_letters(len(begins) - 1)}{max(down, 2)}" if begins else ""
    filtered = f'<autoFilter ref="A1:{last}"/>' if last else ""
    part.write(parts.SHEET_END.format(filtered).encode())
    return last


def _headed(begins: list[str], sheet: Sheet) -> Iterator[tuple[str, str]]:
    return zip(begins, sheet.columns, strict=True)


def _batches(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    batch: list[Sequence[Cell]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    yield batch


def _row(down: int, cells: Iterable[str]) -> str:
    return f'<row r="{down}">{"".join(cells)}</row>'


def _cells(begins: list[str], down: int, row: Sequence[Cell]) -> list[str]:
    """One row of cells; `begins` are their first characters, without the number of the row."""
    return [
        f'{begin}{down}"{_again(cell) if type(cell) is str and len(cell) < _SHORT else _rest(cell)}'
        for begin, cell in zip(begins, row, strict=True)
        if cell is not None
    ]


def _rest(cell: Cell) -> str:
    """What follows the name of the cell: its format, its type and its value."""
    if isinstance(cell, str):
        return _text(cell, parts.QUOTED if opens_a_formula(cell) else 0)
    if cell is None or not math.isfinite(cell):
        return "/>"
    # The shortest text that reads as the same number; a truth value is 0 or 1.
    return f"><v>{int(cell) if isinstance(cell, bool) else cell}</v></c>"


_again = lru_cache(maxsize=4_096)(_rest)


def _text(text: str, style: int) -> str:
    styled = f' s="{style}"' if style else ""
    return f'{styled} t="inlineStr"><is><t xml:space="preserve">{_escaped(text)}</t></is></c>'


def _escaped(text: str) -> str:
    fitting = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(_CUT)] + _CUT
    return escape(_UNWRITABLE.sub(_as_code, fitting))


def _as_code(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def column_letters(place: int) -> str:
    """The name of the column at the place, from 0: A … Z, AA …"""
    letters = ""
    rest = place + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
