"""A Table as a workbook: numbers are numbers, shown as they print; text is never a formula."""

import io
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from analysis.tables import numerals
from analysis.tables.alignment import fingerprint_note
from analysis.tables.plain_text import on_one_line
from analysis.tables.table import Cell, Row, Table

# A fixed date, so that the same table gives the same bytes.
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 -- the workbook format has no time zones
_LONGEST_TEXT = 32_767
_STUB_WIDTH, _COLUMN_WIDTH, _LINE_HEIGHT = 38, 15, 15


def render(table: Table) -> bytes:
    file = io.BytesIO()
    # Text is written by write_string only, so these never apply; they say so twice.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": _text(table.title)[:255], "created": _CREATED})
        _Sheet(book, table).write()
    return file.getvalue()


class _Sheet:
    """One worksheet, written from the top; `at` is the next line."""

    def __init__(self, book: Any, table: Table) -> None:
        self.book = book
        self.table = table
        self.sheet = book.add_worksheet("Table")
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.at = 0

    def write(self) -> None:
        last = len(self.table.columns)
        self.sheet.set_column(0, 0, _STUB_WIDTH)
        self.sheet.set_column(1, max(1, last), _COLUMN_WIDTH)
        self._text(0, self.table.title, bold=True)
        self.at += 1
        self._spanners()
        self._columns()
        self.sheet.freeze_panes(self.at, 1)
        for place, row in enumerate(self.table.rows):
            before = self.table.rows[place - 1].kind if place else ""
            self._row(row, is_first_statistic=row.kind == "statistic" != before)
        self._notes(last)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]

    def _text(self, column: int, text: str, **properties: Any) -> None:
        self.sheet.write_string(self.at, column, _text(text), self._format(**properties))

    def _spanners(self) -> None:
        if not any(spanner.text for spanner in self.table.spanners):
            return
        style = {"align": "center", "bottom": 1, "text_wrap": True}
        widths = [s.last - s.first + 1 for s in self.table.spanners]
        self._height([s.text for s in self.table.spanners], widths)
        for spanner in self.table.spanners:
            first, last = spanner.first + 1, spanner.last + 1
            if last > first:
                self.sheet.merge_range(self.at, first, self.at, last, "", self._format(**style))
            self._text(first, spanner.text, **style)
        self.at += 1

    def _height(self, texts: Sequence[str], widths: Sequence[int]) -> None:
        """Room for the wrapped headings of this line; not every program makes it by itself."""
        lines = (
            1 + len(_text(text)) // (_COLUMN_WIDTH * width - 2)
            for text, width in zip(texts, widths, strict=True)
        )
        self.sheet.set_row(self.at, min(409, _LINE_HEIGHT * max(lines)))

    def _columns(self) -> None:
        self._height(self.table.columns, [1] * len(self.table.columns))
        self._text(0, "", bottom=1)
        for place, name in enumerate(self.table.columns, start=1):
            self._text(place, name, align="right", valign="bottom", text_wrap=True, bottom=1)
        self.at += 1

    def _row(self, row: Row, *, is_first_statistic: bool) -> None:
        rule = {"top": 1} if is_first_statistic else {}
        self._text(0, row.label, italic=row.kind == "group", **rule)
        for column, cell in enumerate(row.cells, start=1):
            self._cell(column, cell, rule)
        self.at += 1

    def _cell(self, column: int, cell: Cell, rule: dict[str, Any]) -> None:
        if cell.value is None or not math.isfinite(cell.value):
            self._text(column, cell.text, align="right", **rule)
            return
        shown = numerals.spreadsheet_format(cell.text)
        style = self._format(num_format=shown, align="right", **rule)
        self.sheet.write_number(self.at, column, cell.value, style)

    def _notes(self, last: int) -> None:
        style = self._format(text_wrap=True, valign="top", font_size=9)
        letters = _STUB_WIDTH + _COLUMN_WIDTH * last
        for note in (*self.table.notes, *fingerprint_note(self.table)):
            text = _text(note)
            # Merged cells do not grow with their text.
            self.sheet.set_row(self.at, min(409, 12.5 * (1 + len(text) // letters)))
            if last:
                self.sheet.merge_range(self.at, 0, self.at, last, "", style)
            self.sheet.write_string(self.at, 0, text, style)
            self.at += 1


def _text(text: str) -> str:
    return on_one_line(text)[:_LONGEST_TEXT]
