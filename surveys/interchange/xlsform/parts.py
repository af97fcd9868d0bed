"""Rows that show in other programs what Milieu keeps in one cell: rows of a battery, parts.

They are marked as derived. A reader of Milieu passes them over, and tells of those that
somebody changed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from surveys.interchange.xlsform.cells import DERIVED, Cells
from surveys.interchange.xlsform.native import put, text_cell
from surveys.questionnaire.speech import say

ChoiceRows = list[Cells]


def derived_rows(
    item: Mapping[str, Any], name: str, shared: Mapping[str, Any]
) -> tuple[list[Cells], ChoiceRows]:
    """Survey rows within the group of a battery or an allocation, and their choices."""
    if item.get("kind") == "allocation":
        return list(_parts(item, name, shared)), []
    choices: ChoiceRows = []
    rows: list[Cells] = []
    for row in codes_of(item.get("rows"), shared):
        rows += _row(item, row, f"{name}.{row.get('value')}", shared)
    for facet in _mappings(item.get("facets")):
        if not isinstance(facet.get("codes"), str) and facet.get("choose") != "number":
            list_name = f"{name}.{facet.get('name')}.codes"
            choices += [choice_row(list_name, code) for code in _mappings(facet.get("codes"))]
    for choice in choices:
        choice[DERIVED] = "yes"
    return rows, choices


def specify_rows(item: Mapping[str, Any], name: str, shared: Mapping[str, Any]) -> Iterator[Cells]:
    """The question that a code with ``specify`` brings, after its choice."""
    for code in codes_of(item.get("codes"), shared):
        if code.get("specify"):
            cells: Cells = {
                "type": "decimal" if code["specify"] == "number" else "text",
                "name": f"{name}.{code.get('value')}",
                "relevant": f"selected(${{{name}}}, '{code.get('value')}')",
                DERIVED: "yes",
            }
            asks = code.get("specify_label") or say(
                "{label}: please specify", label=code.get("label")
            )
            put(cells, "label", asks)
            if not code.get("specify_label"):
                # The words are the platform's, in whatever language: a reader compares with them.
                cells[DERIVED] = cells["label"].strip()
            yield cells


def intro_row(holder: Mapping[str, Any], name: str) -> Iterator[Cells]:
    """A note with the introduction of a section or page."""
    if holder.get("intro"):
        cells: Cells = {"type": "note", "name": f"{name}.intro", DERIVED: "yes"}
        put(cells, "label", holder["intro"])
        yield cells


def choice_row(list_name: str, code: Mapping[str, Any]) -> Cells:
    cells: Cells = {"list_name": list_name, "name": str(code.get("value"))}
    put(cells, "label", code.get("label"))
    return cells


def codes_of(value: Any, shared: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Codes written out, or those of the shared list that the value names."""
    yield from _mappings(shared.get(value) if isinstance(value, str) else value)


def _parts(item: Mapping[str, Any], name: str, shared: Mapping[str, Any]) -> Iterator[Cells]:
    parts = list(codes_of(item.get("parts"), shared))
    total = item.get("total", 100)
    for number, part in enumerate(parts, start=1):
        cells: Cells = {"type": "decimal", "name": f"{name}.{part.get('value')}", DERIVED: "yes"}
        put(cells, "label", part.get("label"))
        if number == len(parts) and not item.get("total_of") and isinstance(total, int | float):
            others = [f"${{{name}.{each.get('value')}}}" for each in parts[:-1]]
            sign = "<=" if item.get("at_most") in ("yes", True) else "="
            cells["constraint"] = f"{' + '.join([*others, '.'])} {sign} {total}"
        yield cells


def _row(
    item: Mapping[str, Any], row: Mapping[str, Any], name: str, shared: Mapping[str, Any]
) -> Iterator[Cells]:
    """A group for the row, with a question a facet."""
    label = str(row.get("label", ""))
    yield {
        "type": "begin_group",
        "name": name,
        "label": text_cell(str(item.get("label", "")).replace("{row}", label)) or name,
        "appearance": "field-list",
        DERIVED: "yes",
    }
    for facet in _mappings(item.get("facets")):
        yield from _facet(item, facet, f"{name}.{facet.get('name')}", label, shared)
    yield {"type": "end_group", "name": name, DERIVED: "yes"}


def _facet(
    item: Mapping[str, Any],
    facet: Mapping[str, Any],
    name: str,
    row_label: str,
    shared: Mapping[str, Any],
) -> Iterator[Cells]:
    choose, codes = facet.get("choose"), facet.get("codes")
    label = text_cell(str(facet.get("label", "")).replace("{row}", row_label)) or name
    if choose != "number":
        word = "select_one" if choose == "one" else "select_multiple"
        own = f"{item.get('name')}.{facet.get('name')}.codes"
        type_ = f"{word} {codes if isinstance(codes, str) else own}"
        yield {"type": type_, "name": name, "label": label, DERIVED: "yes"}
        return
    number = "decimal" if facet.get("decimals") else "integer"
    columns = list(codes_of(codes, shared))
    for column in columns:
        yield {
            "type": number,
            "name": f"{name}.{column.get('value')}",
            "label": str(column.get("label") or name),
            DERIVED: "yes",
        }
    if not columns:
        yield {"type": number, "name": name, "label": label, DERIVED: "yes"}


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, Mapping))
