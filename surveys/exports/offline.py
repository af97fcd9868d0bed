"""A sheet to fill in as an XLSX file: labels locked, choices offered, nothing a formula."""

import io
import re
from collections.abc import Mapping
from typing import Any

import xlsxwriter

from surveys.exports.formulas import opens_a_formula
from surveys.queries.offline_sheets import Cell, Mark, Sheet, tab, yes
from surveys.questionnaire.speech import say

_LISTS, MARK = "Lists", "Milieu"
_STYLES: dict[str, dict[str, Any]] = {
    "heading": {"bold": True, "font_size": 16},
    "page": {"bold": True, "font_size": 13, "top": 1},
    "question": {"bold": True, "text_wrap": True, "valign": "top"},
    "note": {"italic": True, "font_color": "#555555", "text_wrap": True, "valign": "top"},
    "line": {"italic": True, "font_color": "#555555"},
    "head": {"bold": True, "text_wrap": True, "valign": "bottom", "align": "center"},
    "label": {"text_wrap": True, "valign": "top"},
}
ROW, FILLED, _FIRST_ROW = "entry", "filled", 10
_FOOT = "Page {page} of {pages}"
_EQUALS = re.compile("'*=")
_INPUT = {"locked": False, "num_format": "@", "text_wrap": True, "valign": "top"}
_INPUT_LOOK = {"border": 1, "border_color": "#888888", "bg_color": "#FFFFE8"}


def render(sheet: Sheet, mark: Mark, filled: Mapping[Cell, str]) -> bytes:
    """The sheet as a workbook, with what is known filled in; `filled` are texts by cell."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        shown = {"": book.add_worksheet(tab())}
        shown |= {name: book.add_worksheet(name) for name, _ in sheet.tabs.values()}
        lists = book.add_worksheet(_LISTS)
        _write_mark(book.add_worksheet(MARK), mark)
        _set_columns(shown, sheet)
        _write_words(book, shown, sheet)
        _write_cells(book, shown, lists, sheet, filled)
        for hidden in (lists, book.get_worksheet_by_name(MARK)):
            hidden.very_hidden()
        for each in (*shown.values(), lists):
            each.protect("", {"format_columns": True, "format_rows": True})
        for each in shown.values():
            _set_print(each)
    return target.getvalue()


def _set_columns(shown: Mapping[str, Any], sheet: Sheet) -> None:
    """Wide labels on the sheet of questions; on a roster's its heads stay in sight."""
    shown[""].set_column(0, 0, 62)
    shown[""].set_column(1, 1, 34)
    shown[""].set_column(2, 20, 16)
    for name, first in sheet.tabs.values():
        widest = max(cell.column for cell in sheet.cells if cell.tab == name)
        shown[name].set_column(0, 0, 44)
        shown[name].set_column(1, widest, 26)
        shown[name].freeze_panes(first, 1)


def _set_print(worksheet: Any) -> None:
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    worksheet.set_footer(f"&LMilieu&R{say(_FOOT, page='&P', pages='&N')}")


def escaped(text: str) -> str:
    """Text that a reader of cells would take for a formula, with an apostrophe before it."""
    return f"'{text}" if _EQUALS.match(text) else text


def unescaped(text: str) -> str:
    """What `escaped` was given."""
    return text[1:] if text.startswith("'") and _EQUALS.match(text) else text


def _write_words(book: Any, shown: Mapping[str, Any], sheet: Sheet) -> None:
    styles = {name: book.add_format(style) for name, style in _STYLES.items()}
    for words in sheet.words:
        worksheet = shown[words.tab]
        worksheet.write_string(words.row, words.column, words.text, styles[words.style])


def _write_cells(
    book: Any, shown: Mapping[str, Any], lists: Any, sheet: Sheet, filled: Mapping[Cell, str]
) -> None:
    style = book.add_format(_INPUT | _INPUT_LOOK)
    quoted = book.add_format(_INPUT | _INPUT_LOOK | {"quote_prefix": True})
    columns: dict[tuple[str, ...], int] = {}
    for cell in sheet.cells:
        questions, text = shown[cell.tab], escaped(filled.get(cell, ""))
        if text:
            look = quoted if opens_a_formula(text) else style
            questions.write_string(cell.row, cell.column, text, look)
        else:
            questions.write_blank(cell.row, cell.column, None, style)
        offered = (yes(),) if cell.code else tuple(label for _, label in cell.choices)
        if offered:
            place = columns.setdefault(offered, len(columns))
            _offer(questions, cell, place, len(offered))
    for offered, place in columns.items():
        for row, label in enumerate(offered):
            lists.write_string(row, place, label)


def _offer(questions: Any, cell: Cell, place: int, length: int) -> None:
    """A list of choices; anything else is refused as it is typed."""
    source = xlsxwriter.utility.xl_range_abs(0, place, length - 1, place)
    options = {
        "validate": "list",
        "source": f"={_LISTS}!{source}",
        "error_title": say("Choose from the list"),
        "error_message": say("Choose one of the answers of the list, or leave the cell blank."),
    }
    questions.data_validation(cell.row, cell.column, cell.row, cell.column, options)


def _write_mark(worksheet: Any, mark: Mark) -> None:
    worksheet.protect("")
    for row, name in enumerate(("case", "fingerprint", "section", "language", "revision")):
        worksheet.write_string(row, 0, name)
        worksheet.write_string(row, 1, str(getattr(mark, name)))
    for row, each in enumerate(mark.rows, _FIRST_ROW):
        told = (ROW, each.page, str(each.entry), each.key, FILLED if each.was_filled else "")
        for column, text in enumerate(told):
            worksheet.write_string(row, column, text)
