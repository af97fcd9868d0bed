"""Columns and rows as an Excel workbook in which no cell is a formula."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from surveys.exports.delimited import Cell
from surveys.exports.formulas import opens_a_formula

LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_CUT = " […]"


class TooLargeForSpreadsheet(Exception):
    """The table has more rows or columns than a worksheet; CSV has room for it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: a header and rows of values."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Sequence[Cell], ...]


def render(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one XLSX file.

    Text is written as text: what opens a formula also carries the quote prefix, so that it
    stays text when a person edits the cell. Text beyond the 32,767 characters of a cell is
    cut, and says so; CSV holds the whole of it. Raises TooLargeForSpreadsheet.
    """
    for sheet in sheets:
        if len(sheet.rows) + 1 > MOST_ROWS or len(sheet.columns) > MOST_COLUMNS:
            raise TooLargeForSpreadsheet(sheet.name)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": False})
        quoted = workbook.add_format({"quote_prefix": True})
        for sheet in sheets:
            _write(workbook.add_worksheet(sheet.name), sheet, head, quoted)
    return target.getvalue()


def _write(worksheet: Any, sheet: Sheet, head: Any, quoted: Any) -> None:
    for across, column in enumerate(sheet.columns):
        worksheet.write_string(0, across, _fitting(column), head)
    for down, row in enumerate(sheet.rows, start=1):
        for across, cell in enumerate(row):
            if isinstance(cell, str):
                style = quoted if opens_a_formula(cell) else None
                worksheet.write_string(down, across, _fitting(cell), style)
            elif cell is not None and math.isfinite(cell):
                worksheet.write_number(down, across, cell)
    worksheet.freeze_panes(1, 1)
    if sheet.columns:
        worksheet.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)


def _fitting(text: str) -> str:
    if len(text) <= LONGEST_TEXT:
        return text
    return text[: LONGEST_TEXT - len(_CUT)] + _CUT
