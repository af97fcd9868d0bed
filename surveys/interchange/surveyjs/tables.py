"""Matrices as batteries, dynamic panels and matrices as rosters."""

from collections.abc import Callable, Iterable
from typing import Any

from surveys.interchange.foreign.choices import Option, battery, codes_of, register
from surveys.interchange.foreign.names import Names
from surveys.interchange.surveyjs.elements import Elements
from surveys.interchange.surveyjs.source import Node, mappings, number, value_text, whole

_MANY = ("checkbox", "tagbox")
_ONE = ("dropdown", "radiogroup", "boolean", "default", "")
_MOST_ENTRIES = 100

ReadElements = Callable[[Any, str], list[dict[str, Any]]]


def matrix(elements: Elements, element: Node, where: str) -> list[Node]:
    """One answer a row (``matrix``), or a facet a column (``matrixdropdown``)."""
    reading = elements.source.reading
    base = elements.base(element, where)
    base.pop("required", None)
    rows, row_names = codes_of(reading, _options(elements, element.get("rows")), where)
    if element.get("type") == "matrix":
        facets = [_single_facet(elements, element, where)]
    else:
        names = Names()
        facets = [
            facet
            for column in mappings(element.get("columns"))
            if (facet := _facet(elements, element, column, names)) is not None
        ]
    facets = [facet for facet in facets if facet[0] is not None]
    if not rows or not facets:
        reading.lack("a matrix without rows, or without answers to choose from", where)
        return []
    foreign = str(element.get("name"))
    for row, row_name in row_names.items():
        for facet, column, codes in facets:
            key = f"{foreign}.{row}" if column is None else f"{foreign}.{row}.{column}"
            reference = f"{base['name']}.{row_name}.{facet['name']}"
            kinds = {"one": "code", "many": "codes", "number": "number"}
            register(reading, key, reference, kinds[facet["choose"]], codes)  # type: ignore[arg-type]  # the values are kinds
    if element.get("isRequired") is True:
        base["required"] = "hard"
    return [battery(base, rows, [facet for facet, _, _ in facets])]


_Facet = tuple[Any, str | None, dict[str, str]]


def _single_facet(elements: Elements, element: Node, where: str) -> _Facet:
    options = _options(elements, element.get("columns"))
    codes, ours = codes_of(elements.source.reading, options, where)
    if len(codes) < 2:
        return None, None, {}
    choose = "many" if element.get("cellType") == "checkbox" else "one"
    facet = {"name": "answer", "label": "Answer", "choose": choose, "codes": codes}
    return facet, None, ours


def _facet(elements: Elements, element: Node, column: Node, names: Names) -> _Facet | None:
    """A column with choices or numbers as a facet; None, with a note, for any other."""
    reading, where = elements.source.reading, f"element {str(element.get('name'))[:60]}"
    foreign = str(column.get("name") or "column")
    cell = str(column.get("cellType") or element.get("cellType") or "")
    label = elements.source.text(column.get("title")) or foreign
    facet: Node = {"name": names.give(foreign, "facet"), "label": label}
    if cell in _ONE or cell in _MANY:
        choices = column.get("choices") or element.get("choices")
        codes, ours = codes_of(reading, _options(elements, choices), where)
        if cell == "boolean":
            codes, ours = _yes_no(), {"true": "yes", "false": "no"}
        if len(codes) >= 2:
            choose = "many" if cell in _MANY else "one"
            return facet | {"choose": choose, "codes": codes}, foreign, ours
    elif cell == "text" and column.get("inputType") == "number":
        for key, bound in (("min", "minimum"), ("max", "maximum")):
            if number(column.get(key)) is not None:
                facet[bound] = number(column.get(key))
        return facet | {"choose": "number"}, foreign, {}
    reading.lack(f"the column “{foreign[:60]}” of type “{cell[:40]}”", where)
    return None


def _yes_no() -> list[Node]:
    return [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]


def _options(elements: Elements, value: Any) -> Iterable[Option]:
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, dict):
            inner = entry.get("value", entry.get("name"))
            text = entry.get("text", entry.get("title", inner))
            yield Option(value_text(inner), elements.source.label(text))
        else:
            yield Option(value_text(entry), elements.source.label(entry))


def roster(elements: Elements, element: Node, where: str, read: ReadElements) -> list[Node]:
    """A dynamic panel or matrix. Without an opening text to name its entry, one is added."""
    source = elements.source
    reading = source.reading
    if source.roster:
        reading.lack("a dynamic panel within another", where)
        return []
    node = elements.base(element, where) | {"kind": "roster", "thing": "entry", "things": "entries"}
    most = whole(element.get("maxPanelCount", element.get("maxRowCount")), 1, _MOST_ENTRIES)
    if most:
        node["most"] = most
    source.note_passed_over(element, ("minPanelCount", "minRowCount", "panelCount"), where)
    foreign = str(element.get("name"))
    register(reading, foreign, node["name"], "entries")
    outer, reading.items, source.roster = reading.items, Names({"entry", "missing"}), foreign
    held = element.get("templateElements", element.get("columns"))
    entries = [
        each if "type" in each else each | {"type": each.get("cellType", "dropdown")}
        for each in mappings(held)
    ]
    items = [
        item
        for item in read(entries, f"{where} > panel")
        if item["kind"] not in ("battery", "roster", "computed")
    ]
    _open_with_text(elements, items, where)
    reading.items, source.roster = outer, ""
    node["items"] = items
    return [node]


def _open_with_text(elements: Elements, items: list[Node], where: str) -> None:
    if not items or items[0]["kind"] != "text" or "when" in items[0]:
        name = elements.source.reading.items.give("entry_name")
        items.insert(0, {"name": name, "kind": "text", "label": "Name"})
        elements.source.reading.lack(
            "a panel that does not open with a text", where, "a text added in front"
        )
