"""A Table in HTML: a fragment for a page, and a document that stands alone.

Both are whole tables for a screen reader: a caption, `th` with scope for every heading, and
an unseen name for the line beneath an estimate.
"""

from collections.abc import Mapping
from html import escape as _escape

from analysis.tables.alignment import Alignment, alignment, fingerprint_note
from analysis.tables.plain_text import on_one_line
from analysis.tables.table import Row, Table

_STYLE = """
body { margin: 2rem auto; max-width: 64rem; padding: 0 1rem; background: #fff; color: #17202a;
  font-family: Georgia, "Liberation Serif", "Times New Roman", serif; line-height: 1.4; }
.regression-table { border-collapse: collapse; margin: 0 auto; font-variant-numeric: tabular-nums;
  border-top: 2px solid; border-bottom: 2px solid; }
.regression-table caption { padding: 0 0 .6rem; font-weight: 700; }
.regression-table th, .regression-table td { padding: .15rem .8rem; font-weight: 400;
  text-align: left; vertical-align: bottom; }
.regression-table th:first-child { padding-left: 0; }
.regression-table td, .regression-table thead th { text-align: right; white-space: nowrap; }
.regression-table thead th { white-space: normal; }
.regression-table .spanner > span { display: block; border-bottom: 1px solid; text-align: center; }
.regression-table thead tr:last-child > * { border-bottom: 1px solid; }
.regression-table .group th { padding-top: .6rem; font-style: italic; }
.regression-table .uncertainty > * { padding-top: 0; padding-bottom: .35rem; }
.regression-table .first-statistic > * { border-top: 1px solid; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.table-notes { max-width: 48rem; margin: .6rem auto 0; font-size: .85rem; }
.table-notes p { margin: .2rem 0; overflow-wrap: anywhere; }
"""


def escape(text: str) -> str:
    """The text as HTML shows it; control and direction marks are left out."""
    return _escape(on_one_line(text), quote=True)


def render(table: Table) -> str:
    """A whole document, with its style inside."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(table.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{fragment(table)}</main>\n</body>\n</html>\n"
    )


def fragment(table: Table, links: Mapping[str, str] | None = None) -> str:
    """The table and its notes, to stand in a page that has the style.

    `links` are addresses by heading: of a column, or of lines in the body.
    """
    links = links or {}
    lines = [
        '<table class="regression-table">',
        f"<caption>{escape(table.title)}</caption>",
        "<thead>",
        *_head(table, links),
        "</thead>",
        "<tbody>",
        *_body(table, links),
        "</tbody>",
        "</table>",
        *_notes(table),
    ]
    return "\n".join(lines) + "\n"


def _head(table: Table, links: Mapping[str, str]) -> list[str]:
    lines = []
    if any(spanner.text for spanner in table.spanners):
        lines.append(f"<tr><td></td>{''.join(_spanners(table))}</tr>")
    columns = "".join(f'<th scope="col">{_linked(name, links)}</th>' for name in table.columns)
    return [*lines, f"<tr><td></td>{columns}</tr>"]


def _spanners(table: Table) -> list[str]:
    cells, at = [], 0
    for spanner in sorted(table.spanners, key=lambda spanner: spanner.first):
        cells += ["<td></td>"] * (spanner.first - at)
        width = spanner.last - spanner.first + 1
        cells.append(
            f'<th class="spanner" scope="colgroup" colspan="{width}">'
            f"<span>{escape(spanner.text)}</span></th>"
        )
        at = spanner.last + 1
    return cells + ["<td></td>"] * (len(table.columns) - at)


def _body(table: Table, links: Mapping[str, str]) -> list[str]:
    columns = alignment(table)
    lines, label, kind_before = [], "", ""
    for row in table.rows:
        label = row.label or label
        first = " first-statistic" if row.kind == "statistic" != kind_before else ""
        kind_before = row.kind
        name = f"{table.beneath} of {label}"
        lines.append(_row(row, name, f"{row.kind}{first}", columns, links))
    return lines


def _row(
    row: Row, name: str, kind: str, columns: tuple[Alignment, ...], links: Mapping[str, str]
) -> str:
    """`name` says what a line without a label holds, and of which estimate."""
    if row.kind == "group":
        width = len(columns) + 1
        heading = _stub(row, _linked(row.label, links))
        return f'<tr class="{kind}"><th scope="rowgroup" colspan="{width}">{heading}</th></tr>'
    cells = "".join(
        f"<td>{escape(column.padded(cell.text))}</td>"
        for cell, column in zip(row.cells, columns, strict=True)
    )
    stub = escape(row.label)
    if row.kind == "uncertainty" and not row.label:
        stub = f'<span class="unseen">{escape(name)}</span>'
    else:
        stub = _stub(row, stub)
    return f'<tr class="{kind}"><th scope="row">{stub}</th>{cells}</tr>'


def _linked(heading: str, links: Mapping[str, str]) -> str:
    """The heading, as a link to where what stands under it is from."""
    if heading not in links:
        return escape(heading)
    return f'<a class="origin-link" href="{escape(links[heading])}">{escape(heading)}</a>'


def _stub(row: Row, text: str) -> str:
    """The label, tagged with its scale if it has one."""
    if not row.scale.isidentifier():
        return text
    return f'<span class="scale-tag scale-{escape(row.scale)}">{text}</span>'


def _notes(table: Table) -> list[str]:
    notes = (*table.notes, *fingerprint_note(table))
    if not notes:
        return []
    return ['<div class="table-notes">', *(f"<p>{escape(note)}</p>" for note in notes), "</div>"]
