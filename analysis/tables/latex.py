"""A Table in LaTeX: booktabs rules, notes under it by threeparttable.

Compiles in a plain article with those two packages and no others. Numerals are aligned at
the decimal point by phantoms, so that no package for it is needed.
"""

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from analysis.tables import numerals
from analysis.tables.alignment import Alignment, alignment, fingerprint_note
from analysis.tables.latex_text import LETTER_COMMAND, escape
from analysis.tables.table import Cell, Row, Table

_HEADING_WIDTH, _STUB_WIDTH = 13, 28
# A page of article holds three columns in its own size of type.
_MOST_COLUMNS_AS_THEY_ARE, _MOST_COLUMNS_SMALL = 3, 4
_NOTICE = (
    "% Needs \\usepackage{booktabs,threeparttable} in the preamble.",
    "% Written by Milieu from one immutable table; do not edit numbers here.",
)


def render(table: Table) -> str:
    """The table environment, for a document to take in."""
    lines = [
        *_NOTICE,
        LETTER_COMMAND,
        r"\begin{table}[htbp]",
        r"\centering",
        r"\begin{threeparttable}",
        rf"\caption{{{escape(table.title)}}}",
        *_size(len(table.columns)),
        rf"\begin{{tabular}}{{l*{{{len(table.columns)}}}{{r}}}}",
        r"\toprule",
        *_spanners(table),
        _columns(table),
        r"\midrule",
        *_body(table),
        r"\bottomrule",
        r"\end{tabular}",
        *_notes(table),
        r"\end{threeparttable}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def document(table: Table) -> str:
    """A whole document around the table, to compile as it is."""
    return (
        "\\documentclass{article}\n\\usepackage{booktabs,threeparttable}\n"
        f"\\begin{{document}}\n{render(table)}\\end{{document}}\n"
    )


def _size(columns: int) -> list[str]:
    """Smaller type and narrower gaps for a wide table; they end with the environment."""
    if columns <= _MOST_COLUMNS_AS_THEY_ARE:
        return []
    if columns <= _MOST_COLUMNS_SMALL:
        return [r"\footnotesize\setlength{\tabcolsep}{4pt}"]
    return [r"\scriptsize\setlength{\tabcolsep}{3pt}"]


def _spanners(table: Table) -> list[str]:
    """The headings over several columns, with their rules; a gap where none stands."""
    if not any(spanner.text for spanner in table.spanners):
        return []
    cells, rules, at = [""], [], 0
    for spanner in sorted(table.spanners, key=lambda spanner: spanner.first):
        cells += [""] * (spanner.first - at)
        width = spanner.last - spanner.first + 1
        cells.append(rf"\multicolumn{{{width}}}{{c}}{{{_stacked(spanner.text, 14 * width)}}}")
        rules.append(rf"\cmidrule(lr){{{spanner.first + 2}-{spanner.last + 2}}}")
        at = spanner.last + 1
    cells += [""] * (len(table.columns) - at)
    return [" & ".join(cells) + r" \\", "".join(rules)]


def _columns(table: Table) -> str:
    headings = (
        rf"\multicolumn{{1}}{{c}}{{{_stacked(name, _HEADING_WIDTH)}}}" for name in table.columns
    )
    return " & ".join(["", *headings]) + r" \\"


def _stacked(text: str, width: int, side: str = "c", place: str = "b") -> str:
    """Words one above the other where they are wider than a column."""
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
    if len(lines) == 1:
        return escape(text)
    stack = r"\\".join(escape(line) for line in lines)
    return rf"\begin{{tabular}}[{place}]{{@{{}}{side}@{{}}}}{stack}\end{{tabular}}"


def _body(table: Table) -> list[str]:
    columns = alignment(table)
    lines: list[str] = []
    before: Row | None = None
    for row, stub in zip(table.rows, _stubs(table.rows), strict=True):
        if before is not None and row.kind == "statistic" and before.kind != "statistic":
            lines.append(r"\midrule")
        elif row.kind == "group" and before is not None:
            lines.append(r"\addlinespace")
        lines.append(_row(row, stub, columns))
        before = row
    return lines


def _stubs(rows: Sequence[Row]) -> Iterator[str]:
    """The labels; a long one goes on beside the standard errors under its estimates."""
    rest = ""
    for row, following in zip_longest(rows, rows[1:]):
        if _has_no_label(row):
            yield _stacked(rest, _STUB_WIDTH, "l", "t")
            rest = ""
            continue
        lines = textwrap.wrap(row.label, _STUB_WIDTH)
        if len(lines) > 1 and following is not None and _has_no_label(following):
            rest = " ".join(lines[1:])
            yield escape(lines[0])
        else:
            yield _stacked(row.label, _STUB_WIDTH, "l", "t")


def _has_no_label(row: Row) -> bool:
    return row.kind == "uncertainty" and not row.label


def _row(row: Row, stub: str, columns: tuple[Alignment, ...]) -> str:
    if row.kind == "group":
        return rf"\multicolumn{{{len(columns) + 1}}}{{l}}{{\textit{{{escape(row.label)}}}}} \\"
    cells = (_cell(cell, column) for cell, column in zip(row.cells, columns, strict=True))
    return " & ".join([stub, *cells]) + r" \\"


def _cell(cell: Cell, column: Alignment) -> str:
    if not numerals.is_numeral(cell.text):
        words = _stacked(cell.text, _HEADING_WIDTH, "c", "t")
        return rf"\multicolumn{{1}}{{c}}{{{words}}}" if cell.text else ""
    missing = column.missing(cell.text)
    return escape(cell.text) + (rf"\phantom{{{missing}}}" if missing else "")


def _notes(table: Table) -> list[str]:
    notes = [escape(note) for note in table.notes]
    notes += [_breakable(note) for note in fingerprint_note(table)]
    if not notes:
        return []
    items = [rf"\item {note}" for note in notes]
    return [r"\begin{tablenotes}[flushleft]", r"\footnotesize", *items, r"\end{tablenotes}"]


def _breakable(text: str) -> str:
    """The text with places to break words that are longer than a line."""
    words = (textwrap.wrap(word, 16) for word in text.split())
    return " ".join("\\allowbreak{}".join(escape(part) for part in word) for word in words)
