"""Sheets of an XLSX file, read behind guards and written without formulas."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl
import xlsxwriter

from surveys.archives import NotAnArchive, look_into
from surveys.interchange.limits import LARGEST_UNPACKED, MOST_MEMBERS, within_size
from surveys.interchange.problems import UnreadableFile, unreadable
from surveys.interchange.xlsform.cells import Cells

MOST_ROWS = 30_000
MOST_COLUMNS = 500
LONGEST_CELL = 32_000  # a cell of XLSX holds 32,767 characters
_DAMAGED = "Open it in a spreadsheet and save it anew as XLSX."


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet with its number, the header being row 1."""

    number: int
    cells: Cells
    formulas: tuple[str, ...] = ()


def read_sheets(data: bytes) -> dict[str, list[Row]]:
    """The rows of every sheet, by column; names of sheets and columns stripped.

    Raises UnreadableFile for what is no workbook, or larger than the limits.
    """
    _refuse_bomb(within_size(data))
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=False, keep_links=False
        )
        return {str(sheet.title).strip(): _rows(sheet) for sheet in book.worksheets}
    except UnreadableFile:
        raise
    except Exception:  # a stranger's file can break the parser anywhere
        raise unreadable(
            "not_readable", "file", "The workbook is damaged and cannot be read.", _DAMAGED
        ) from None


def _refuse_bomb(data: bytes) -> None:
    try:
        archive = look_into(data)
    except NotAnArchive:
        raise unreadable(
            "not_readable", "file", "The file is not an XLSX workbook.", _DAMAGED
        ) from None
    if not archive.is_within(members=MOST_MEMBERS, unpacked=LARGEST_UNPACKED):
        raise unreadable(
            "too_large",
            "file",
            f"The workbook would unpack to {archive.unpacked:,} bytes in {archive.members} parts.",
            f"It may unpack to {LARGEST_UNPACKED:,} bytes in {MOST_MEMBERS} parts.",
        )


def _rows(sheet: Any) -> list[Row]:
    sheet.reset_dimensions()
    rows: list[Row] = []
    header: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise unreadable(
                "too_many",
                f"sheet {str(sheet.title)[:40]}",
                "The sheet has too many rows or columns.",
                f"It may have {MOST_ROWS:,} rows and {MOST_COLUMNS} columns.",
            )
        texts = [_text(cell.value) for cell in cells]
        if not header:
            header = [text.strip() for text in texts] if any(texts) else []
            continue
        named = {column: text for column, text in zip(header, texts, strict=False) if column}
        formulas = tuple(
            column
            for column, cell in zip(header, cells, strict=False)
            if column and getattr(cell, "data_type", "") == "f"
        )
        found = {column: text.strip() for column, text in named.items() if text.strip()}
        if found:
            rows.append(Row(number, found, formulas))
    return rows


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(getattr(value, "text", value))


def write_sheets(sheets: dict[str, Sequence[Cells]]) -> bytes:
    """A workbook with the sheets, every cell a text. A text too long is cut into parts.

    The parts stand on a sheet of their own, and the cell names them.
    """
    long: list[Cells] = []
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    for name, rows in sheets.items():
        _write(book.add_worksheet(name), [_shortened(row, long) for row in rows])
    if long:
        _write(book.add_worksheet(LONG), long)
    book.close()
    return file.getvalue()


LONG = "milieu_long"
_LONG_CELL = "milieu-long:"


def _shortened(row: Cells, long: list[Cells]) -> Cells:
    if all(len(text) <= LONGEST_CELL for text in row.values()):
        return row
    return {column: _cut(text, long) for column, text in row.items()}


def _cut(text: str, long: list[Cells]) -> str:
    if len(text) <= LONGEST_CELL:
        return text
    name = f"{_LONG_CELL}{len(long)}"
    long += [  # the marks keep blanks at the ends of a part
        {"cell": name, "part": f"|{text[start : start + LONGEST_CELL]}|"}
        for start in range(0, len(text), LONGEST_CELL)
    ]
    return name


def with_long_cells(sheets: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The sheets with the texts that `write_sheets` cut into parts put together."""
    parts: dict[str, str] = {}
    for row in sheets.pop(LONG, []):
        name = row.cells.get("cell", "")
        parts[name] = parts.get(name, "") + row.cells.get("part", "")[1:-1]
    if not parts:
        return sheets
    return {
        name: [
            Row(row.number, {key: parts.get(text, text) for key, text in row.cells.items()})
            for row in rows
        ]
        for name, rows in sheets.items()
    }


def _write(sheet: Any, rows: Sequence[Cells]) -> None:
    found = dict.fromkeys(column for row in rows for column in row)
    columns = sorted(found, key=_place_of)  # stable: those not named keep their order
    places = {column: place for place, column in enumerate(columns)}
    for column, place in places.items():
        sheet.write_string(0, place, column)
    for number, row in enumerate(rows, start=1):
        for column, text in row.items():
            sheet.write_string(number, places[column], text)
    sheet.freeze_panes(1, 0)


_ORDER = (
    "list_name", "type", "name", "label", "hint", "guidance_hint", "required", "relevant",
    "constraint", "calculation", "appearance", "parameters",
)  # fmt: skip


def _place_of(column: str) -> int:
    plain = column.partition("::")[0]
    return _ORDER.index(plain) if plain in _ORDER else len(_ORDER)
