"""A Table as a Word document: a real table, its heading rows repeated on every page."""

import io
from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from analysis.tables.alignment import Alignment, alignment, fingerprint_note
from analysis.tables.plain_text import on_one_line
from analysis.tables.table import Row, Table

_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 -- the document format has no time zones
_MOST_COLUMNS_UPRIGHT = 5
_LEFT, _CENTRE, _RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
)


def render(table: Table) -> bytes:
    document = docx.Document()
    document.core_properties.title = on_one_line(table.title)[:255]
    document.core_properties.author = "Milieu"
    document.core_properties.created = document.core_properties.modified = _CREATED
    document.styles["Normal"].font.name = "Liberation Serif"
    if len(table.columns) > _MOST_COLUMNS_UPRIGHT:
        _turn(document.sections[0])
    _paragraph(document.add_paragraph(), table.title, size=11, bold=True)
    _Grid(document, table).write(_text_width(document.sections[0]))
    for note in (*table.notes, *fingerprint_note(table)):
        _paragraph(document.add_paragraph(), note, size=8)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _turn(section: Any) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def _text_width(section: Any) -> int:
    return int(section.page_width - section.left_margin - section.right_margin)


class _Grid:
    """The grid of the table, with rules over, under and below the headings only."""

    def __init__(self, document: Any, table: Table) -> None:
        self.table = table
        self.has_spanners = any(spanner.text for spanner in table.spanners)
        height = len(table.rows) + 1 + self.has_spanners
        self.grid = document.add_table(rows=height, cols=len(table.columns) + 1)
        self.grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        self.grid.autofit = False
        # Looking cells up one by one takes time that grows with the square of the table.
        self.cells = [list(row.cells) for row in self.grid.rows]

    def write(self, document_width: int) -> None:
        if self.has_spanners:
            self._spanners()
        heading = self.cells[int(self.has_spanners)]
        for cell, name in zip(heading, ("", *self.table.columns), strict=True):
            _write(cell, name, _RIGHT)
        _rule(self.cells[0], "top")
        _rule(heading, "bottom")
        for row in self.grid.rows[: 1 + self.has_spanners]:
            _repeat(row)
        self._body(1 + self.has_spanners)
        _rule(self.cells[-1], "bottom")
        self._widths(document_width)

    def _widths(self, document_width: int) -> None:
        """A third of the page for the stub, at least; the rest in equal parts."""
        columns = len(self.table.columns)
        each = min(Cm(2.8), int(document_width * 0.66) // columns)
        widths = [document_width - each * columns, *[each] * columns]
        for column, width in zip(self.grid.columns, widths, strict=True):
            column.width = width
        for row in self.cells[int(self.has_spanners) :]:
            for cell, width in zip(row, widths, strict=True):
                cell.width = width

    def _spanners(self) -> None:
        under = {c for s in self.table.spanners for c in range(s.first + 1, s.last + 2)}
        for column, cell in enumerate(self.cells[0]):
            if column not in under:
                _write(cell, "", _LEFT)
        for spanner in self.table.spanners:
            first, last = self.cells[0][spanner.first + 1], self.cells[0][spanner.last + 1]
            merged = first.merge(last)
            _write(merged, spanner.text, _CENTRE)
            _rule([merged], "bottom")

    def _body(self, start: int) -> None:
        columns = alignment(self.table)
        kind_before = ""
        for row, cells in zip(self.table.rows, self.cells[start:], strict=True):
            _write(cells[0], row.label, _LEFT, italic=row.kind == "group")
            _numbers(row, cells[1:], columns)
            if row.kind == "statistic" != kind_before:
                _rule(cells, "top")
            kind_before = row.kind


def _numbers(row: Row, cells: Sequence[Any], columns: Sequence[Alignment]) -> None:
    texts = [column.padded(cell.text) for cell, column in zip(row.cells, columns, strict=False)]
    # Cells of a heading are written as well: left alone, they would stand in larger type.
    for target, text in zip_longest(cells, texts, fillvalue=""):
        _write(target, text, _RIGHT)


def _write(cell: Any, text: str, align: Any, *, italic: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    _paragraph(paragraph, text, size=9, italic=italic)


def _paragraph(
    paragraph: Any, text: str, *, size: float, bold: bool = False, italic: bool = False
) -> None:
    paragraph.paragraph_format.space_after = Pt(0 if size == 9 else 3)
    run = paragraph.add_run(on_one_line(text))
    run.font.size = Pt(size)
    run.bold = bold
    run.italic = italic


def _rule(cells: Sequence[Any], edge: str) -> None:
    for cell in cells:
        properties = cell._tc.get_or_add_tcPr()
        borders = properties.find(qn("w:tcBorders"))
        if borders is None:
            borders = OxmlElement("w:tcBorders")
            properties.append(borders)
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "auto")):
            line.set(qn(f"w:{name}"), value)
        # The schema wants the upper rule before the lower.
        borders.insert(0 if edge == "top" else len(borders), line)


def _repeat(row: Any) -> None:
    """Mark a row as a heading that Word repeats on every page."""
    properties = row._tr.get_or_add_trPr()
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)
