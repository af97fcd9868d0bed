"""A Table in Markdown: a pipe table with its notes, as GitHub, Quarto and pandoc read it."""

from html import escape as _escape

from analysis.tables.alignment import fingerprint_note, outcome_of
from analysis.tables.plain_text import on_one_line
from analysis.tables.table import Row, Table

_SPECIAL = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]#+-!|~^$@"})


def render(table: Table) -> str:
    """The title in bold, the table, one paragraph for each note."""
    width = len(table.columns)
    lines = [
        f"**{_text(table.title)}**",
        "",
        _line(["", *_headings(table)]),
        _line([":---", *["---:"] * width]),
        *(_row(row, width) for row in table.rows),
    ]
    for note in (*table.notes, *fingerprint_note(table)):
        lines += ["", _text(note)]
    return "\n".join(lines) + "\n"


def _headings(table: Table) -> list[str]:
    """Each column under its outcome, since a pipe table has one line of headings."""
    headings = []
    for place, name in enumerate(table.columns):
        outcome = outcome_of(table, place)
        headings.append(_text(f"{name}: {outcome}" if outcome else name))
    return headings


def _row(row: Row, width: int) -> str:
    if row.kind == "group":
        label = _text(row.label)
        return _line([f"*{label}*" if label.strip() else label, *[""] * width])
    return _line([_text(row.label), *(_text(cell.text) for cell in row.cells)])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    """The text as Markdown prints it, without a mark, a tag or an end of the cell in it."""
    return _escape(on_one_line(text), quote=False).translate(_SPECIAL)
