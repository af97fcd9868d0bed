"""A Table in LaTeX: booktabs rules, notes under it by threeparttable, numerals by siunitx.

Compiles in a plain article with those three packages and no others; in the plain variant
phantoms align the numerals at the decimal point, so that siunitx is not needed.
"""

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from analysis.tables.alignment import fingerprint_note
from analysis.tables.latex_numbers import (
    PACKAGES,
    SETTINGS,
    Aligned,
    Column,
    columns_of,
    is_numeral,
)
from analysis.tables.latex_text import LETTER_COMMAND, escape
from analysis.tables.table import Cell, Row, Table

# Letters of a heading and of a label before they go on in the next line.
_HEADING_WIDTH, _STUB_WIDTH = 13, 28
_NARROW_HEADING, _NARROW_STUB = 9, 22
# A page of article holds three columns in its own size of type.
_MOST_COLUMNS_AS_THEY_ARE, _MOST_COLUMNS_SMALL, _MOST_COLUMNS_SMALLER = 3, 4, 6
_MOST_COLUMNS_NARROW = 9
_NOTICE = "% Written by Milieu from one immutable table; do not edit numbers here."


def render(table: Table, aligned: Aligned = "siunitx") -> str:
    """The table environment, for a document to take in."""
    columns = columns_of(table, aligned)
    lines = [
        rf"% Needs \usepackage{{{PACKAGES[aligned]}}} in the preamble.",
        _NOTICE,
        LETTER_COMMAND,
        r"\begin{table}[htbp]",
        r"\centering",
        r"\begin{threeparttable}",
        *(SETTINGS if aligned == "siunitx" else ()),
        rf"\caption{{{escape(table.title)}}}",
        *_size(len(table.columns)),
        rf"\begin{{tabular}}{{l{_specification(columns)}}}",
        r"\toprule",
        *_spanners(table),
        _columns(table),
        r"\midrule",
        *_body(table, columns),
        r"\bottomrule",
        r"\end{tabular}",
        *_notes(table),
        r"\end{threeparttable}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def render_plain(table: Table) -> str:
    """The same for who has no siunitx."""
    return render(table, "plain")


def document(table: Table, aligned: Aligned = "siunitx") -> str:
    """A whole document around the table, to compile as it is."""
    return (
        f"\\documentclass{{article}}\n\\usepackage{{{PACKAGES[aligned]}}}\n"
        f"\\begin{{document}}\n{render(table, aligned)}\\end{{document}}\n"
    )


def _specification(columns: Sequence[Column]) -> str:
    """Adjacent columns that are alike stand once, with how many they are."""
    runs = ((each, len(list(run))) for each, run in groupby(c.specification for c in columns))
    return "".join(f"*{{{count}}}{{{each}}}" for each, count in runs)


def _size(columns: int) -> list[str]:
    """Smaller type and narrower gaps for a wide table; they end with the environment."""
    if columns <= _MOST_COLUMNS_AS_THEY_ARE:
        return []
    if columns <= _MOST_COLUMNS_SMALL:
        return [r"\footnotesize\setlength{\tabcolsep}{4pt}"]
    if columns <= _MOST_COLUMNS_SMALLER:
        return [r"\scriptsize\setlength{\tabcolsep}{3pt}"]
    if columns <= _MOST_COLUMNS_NARROW:
        return [r"\scriptsize\setlength{\tabcolsep}{2pt}"]
    return [r"\tiny\setlength{\tabcolsep}{2pt}"]


def _heading_width(table: Table) -> int:
    narrow = len(table.columns) > _MOST_COLUMNS_SMALLER
    return _NARROW_HEADING if narrow else _HEADING_WIDTH


def _stub_width(table: Table) -> int:
    return _NARROW_STUB if len(table.columns) > _MOST_COLUMNS_SMALLER else _STUB_WIDTH


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
        rf"\multicolumn{{1}}{{c}}{{{_stacked(name, _heading_width(table))}}}"
        for name in table.columns
    )
    return " & ".join(["", *headings]) + r" \\"


def _stacked(text: str, width: int, side: str = "c", place: str = "b") -> str:
    """Words one above the other where they are wider than a column."""
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
    if len(lines) == 1:
        return escape(text)
    stack = r"\\".join(escape(line) for line in lines)
    return rf"\begin{{tabular}}[{place}]{{@{{}}{side}@{{}}}}{stack}\end{{tabular}}"


def _body(table: Table, columns: tuple[Column, ...]) -> list[str]:
    lines: list[str] = []
    before: Row | None = None
    stubs = _stubs(table.rows, _stub_width(table))
    for row, stub in zip(table.rows, stubs, strict=True):
        if before is not None and row.kind == "statistic" and before.kind != "statistic":
            lines.append(r"\midrule")
        elif row.kind == "group" and before is not None:
            lines.append(r"\addlinespace")
        lines.append(_row(row, stub, columns))
        before = row
    return lines


def _stubs(rows: Sequence[Row], width: int) -> Iterator[str]:
    """The labels; a long one goes on beside the standard errors under its estimates."""
    rest = ""
    for row, following in zip_longest(rows, rows[1:]):
        if _has_no_label(row):
            yield _stacked(rest, width, "l", "t")
            rest = ""
            continue
        lines = textwrap.wrap(row.label, width)
        if len(lines) > 1 and following is not None and _has_no_label(following):
            rest = " ".join(lines[1:])
            yield escape(lines[0])
        else:
            yield _stacked(row.label, width, "l", "t")


def _has_no_label(row: Row) -> bool:
    return row.kind == "uncertainty" and not row.label


def _row(row: Row, stub: str, columns: tuple[Column, ...]) -> str:
    if row.kind == "group":
        return rf"\multicolumn{{{len(columns) + 1}}}{{l}}{{\textit{{{escape(row.label)}}}}} \\"
    cells = (_cell(cell, column) for cell, column in zip(row.cells, columns, strict=True))
    return " & ".join([stub, *cells]) + r" \\"


def _cell(cell: Cell, column: Column) -> str:
    if not is_numeral(cell):
        words = _stacked(cell.text, _HEADING_WIDTH, "c", "t")
        return rf"\multicolumn{{1}}{{c}}{{{words}}}" if cell.text else ""
    return column.numeral(cell.text)


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
