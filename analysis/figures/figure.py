"""A figure as one immutable value; every format draws this and nothing else.

SVG for pages and print, PNG for slides, PDF with its type inside for journals, CSV and JSON for
who reads the numbers. vl-convert draws without a browser and without a network.
"""

import csv
import io
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pypdf
import vl_convert
from pypdf.generic import DictionaryObject, NameObject

from analysis.tables.html import escape
from analysis.tables.plain_text import neutralised, on_one_line

Datum = str | float | int | None
_NO_NETWORK: list[str] = []
_TAG = re.compile(r"<[a-zA-Z]+ [^>]*>")
_SPOKEN = re.compile(r'\s(?:role|aria-[a-z]+)="[^"]*"')
_PPI = 72


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """One picture with all that is said of it.

    Attributes
    ----------
    kind : name of what it is, such as ``coefficients``
    title : the finding or the question
    description : the picture in words, for who does not see it
    specification : Vega-Lite, checked
    columns, rows : its numbers as a table, at full precision
    """

    kind: str
    title: str
    description: str
    specification: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[Datum, ...], ...]


def svg(figure: Figure, *, name: str = "") -> str:
    """The picture with its title and description as its first children, and named by them.

    Names within are led by `name`, or else the kind, so that several can stand in one page.
    """
    lead = name or figure.kind
    text = vl_convert.vegalite_to_svg(
        json.dumps(figure.specification), allowed_base_urls=_NO_NETWORK
    )
    # Parts of one picture have no names of their own: it is named as a whole.
    text = _TAG.sub(lambda tag: _SPOKEN.sub("", tag[0]), text)
    text = re.sub(r'(id="|url\(#)(?=[a-z])', rf"\g<1>{lead}-", text)
    opening, rest = text.split(">", 1)
    title, words = f"{lead}-title", f"{lead}-description"
    return (
        f'{opening} role="img" aria-labelledby="{title} {words}">'
        f'<title id="{title}">{escape(figure.title)}</title>'
        f'<desc id="{words}">{escape(figure.description)}</desc>{rest}'
    )


def png(figure: Figure, *, scale: float = 2.0) -> bytes:
    """The picture in pixels: `scale` of them to each unit of the SVG, across and down."""
    content: bytes = vl_convert.vegalite_to_png(
        json.dumps(figure.specification), scale=scale, ppi=_PPI, allowed_base_urls=_NO_NETWORK
    )
    return content


def pdf(figure: Figure) -> bytes:
    """One page as large as the picture, with its type inside; the same figure, the same bytes."""
    drawn: bytes = vl_convert.vegalite_to_pdf(
        json.dumps(figure.specification), allowed_base_urls=_NO_NETWORK
    )
    reader = pypdf.PdfReader(io.BytesIO(drawn))
    resources: Any = reader.pages[0]["/Resources"].get_object()
    for held in (resources, *resources.values()):
        _sort(held.get_object())
    # Copied in the order of the names, objects have the same numbers every time.
    writer = pypdf.PdfWriter(clone_from=reader)
    writer.metadata = {"/Title": figure.title, "/Subject": figure.description}
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _sort(held: Any) -> None:
    """Names in their order: the program that draws puts them down in a random one."""
    if not isinstance(held, DictionaryObject):
        return
    entries = sorted(held.items())
    held.clear()
    held.update({NameObject(name): value for name, value in entries})


def table_csv(figure: Figure) -> bytes:
    """The numbers at full precision, with a byte order mark for Excel."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([_written(name) for name in figure.columns])
    for row in figure.rows:
        writer.writerow([_written(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def document(figure: Figure) -> dict[str, Any]:
    """The figure as plain data: its words, its numbers and its Vega-Lite."""
    return {
        "kind": figure.kind,
        "title": figure.title,
        "description": figure.description,
        "columns": list(figure.columns),
        "rows": [[_finite(value) for value in row] for row in figure.rows],
        "vega_lite": dict(figure.specification),
    }


def as_json(figure: Figure) -> str:
    return json.dumps(document(figure), ensure_ascii=False, indent=1, allow_nan=False)


def _written(value: Datum) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    return neutralised(on_one_line(value)) if isinstance(value, str) else repr(value)


def _finite(value: Datum) -> Datum:
    return None if isinstance(value, float) and not math.isfinite(value) else value
