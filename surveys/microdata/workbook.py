"""Rows of an XLSX workbook, after its archive was found harmless."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NoReturn

from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from surveys.archives import NotAnArchive, look_into
from surveys.microdata.limits import Limits
from surveys.microdata.mapping import FileOptions
from surveys.microdata.problems import refuse
from surveys.microdata.shared_strings import WorkbookReader

MOST_ROWS = 1_048_576
"""Of a sheet of the format."""

_REMEDY = "Open the file in a spreadsheet and save the one sheet with the data as CSV (UTF-8)."


def is_workbook(data: bytes) -> bool:
    """Whether the file begins as an archive does, which a workbook is."""
    return data.startswith(b"PK")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a sheet, header first; `lines` is the last row as the sheet tells it, if it does."""

    rows: Iterator[list[str]]
    lines: int | None


def workbook_rows(data: bytes, options: FileOptions, limits: Limits) -> Iterator[list[str]]:
    """Rows of the sheet that the options name, or of the first.

    Numbers are written with the decimal mark of the options, formulas as formulas.
    """
    yield from open_sheet(data, options, limits).rows


def open_sheet(data: bytes, options: FileOptions, limits: Limits) -> Sheet:
    """The sheet that the options name, or the first. Raises MicrodataRefused."""
    _refuse_bomb(data, limits)
    sheet = _sheet(data, options.sheet)
    told = sheet.max_row or 0
    # What it tells of itself may be wrong, and rows beyond it would be left out.
    sheet.reset_dimensions()
    rows = _rows(sheet.iter_rows(values_only=True), options, limits)
    return Sheet(rows, told if 1 < told <= MOST_ROWS else None)


def _rows(
    rows: Iterator[tuple[Any, ...]], options: FileOptions, limits: Limits
) -> Iterator[list[str]]:
    number = width = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except Exception:  # a stranger's file can break the parser anywhere
            _refuse_unreadable(number)
        if number > MOST_ROWS:
            # Of rows that are not in the file, too: a few bytes can claim billions of them.
            _refuse_unreadable(number)
        texts = _without_trailing_blanks([cell_text(cell, options.decimal) for cell in cells])
        if len(texts) > limits.columns:
            refuse(
                "too_many_columns",
                f"Row {number:,} has {len(texts):,} cells; {limits.columns:,} are read.",
                "Leave out columns, or empty the cells beside the list.",
                row=number,
            )
        width = width or len(texts)
        yield texts + [""] * (width - len(texts))


def _refuse_bomb(data: bytes, limits: Limits) -> None:
    try:
        archive = look_into(data)
    except NotAnArchive:
        refuse("not_a_table", "The file starts like a workbook and is not one.", _REMEDY)
    if "[Content_Types].xml" not in archive.names or not any(
        name.startswith("xl/") for name in archive.names
    ):
        refuse("not_a_table", "The file is an archive, not an XLSX workbook.", _REMEDY)
    if not archive.is_within(
        members=limits.members, unpacked=limits.unpacked_bytes, ratio=limits.unpacked_ratio
    ):
        refuse(
            "workbook_too_large",
            f"The workbook has {archive.packed:,} bytes and would unpack to "
            f"{archive.unpacked:,} in {archive.members} parts.",
            _REMEDY,
        )


def _sheet(data: bytes, name: str) -> Any:
    """Openpyxl's sheet, which is read as its rows are asked for."""
    try:
        reader = WorkbookReader(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        reader.read()
        sheets = {sheet.title: sheet for sheet in reader.wb.worksheets}
    except Exception:  # a stranger's file can break the parser anywhere
        _refuse_unreadable(1)
    if not sheets or (name and name not in sheets):
        refuse(
            "missing_sheet",
            f"The workbook has no sheet “{name}”; it has {', '.join(sheets) or 'none'}.",
            "Write the name of the sheet as “sheet: …” under “file” in the mapping.",
        )
    return sheets[name] if name else next(iter(sheets.values()))


def _refuse_unreadable(row: int) -> NoReturn:
    refuse("not_a_table", "The workbook is damaged and cannot be read.", _REMEDY, row=row)


def cell_text(cell: Any, decimal: str) -> str:
    """A value as a CSV file with that decimal mark would hold it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, int | float):
        whole = isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15
        return str(int(cell)) if whole else repr(cell).replace(".", decimal)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, ArrayFormula | DataTableFormula):
        return f"={getattr(cell, 'text', '').lstrip('=')}"
    return str(cell)


def _without_trailing_blanks(cells: list[str]) -> list[str]:
    """A sheet has no right edge: what is blank beyond the last value is no cell."""
    while cells and cells[-1] == "":
        cells.pop()
    return cells
