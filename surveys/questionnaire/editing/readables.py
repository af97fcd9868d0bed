"""What a condition at a place of a draft may read: the items that are asked before it.

Read from the authored document and not from the compiled instrument, because a draft need
not compile.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from surveys.questionnaire.editing.conditions import Readable
from surveys.questionnaire.editing.places import Place, node_at, walk

_NUMBERS = frozenset({"number", "money", "share", "year", "scale", "computed"})
_FRAME = (
    Readable("frame.size_class", "Size class in the frame", "text"),
    Readable("frame.industry", "Industry in the frame", "text"),
    Readable("frame.region", "Region in the frame", "text"),
    Readable("frame.employees", "Persons employed in the frame", "number"),
)
_ITEM_DEPTH = 3
_ENTRY_DEPTH = 5


def readables(document: Mapping[str, Any], place: Place) -> tuple[Readable, ...]:
    """Everything asked before the place, in order, then what the frame knows of the firm."""
    found = [
        readable
        for here, node in walk(document)
        if len(here) == _ITEM_DEPTH and here < place[:_ITEM_DEPTH] and here != place
        for readable in _of_item(node, document, str(node.get("name", "")))
    ]
    return (*found, *_of_entry(document, place), *_FRAME)


def _of_entry(document: Mapping[str, Any], place: Place) -> Iterator[Readable]:
    """Within a roster: the items of the same entry that stand before."""
    if len(place) <= _ITEM_DEPTH:
        return
    roster = str(node_at(document, place[:_ITEM_DEPTH]).get("name", ""))
    for here, node in walk(document):
        inside = len(here) == _ENTRY_DEPTH and here[:_ITEM_DEPTH] == place[:_ITEM_DEPTH]
        if inside and here < place:
            yield from _of_item(node, document, f"{roster}.{node.get('name', '')}")


def _of_item(node: Mapping[str, Any], document: Mapping[str, Any], name: str) -> Iterator[Readable]:
    label = str(node.get("label") or name)
    match node.get("kind"):
        case "single_choice":
            yield Readable(name, label, "code", pairs(node.get("codes"), document))
        case "multiple_choice":
            yield Readable(name, label, "codes", pairs(node.get("codes"), document))
        case "allocation":
            for value, words in pairs(node.get("parts"), document):
                yield Readable(f"{name}.{value}", f"{label} – {words}", "number")
        case "battery":
            yield from _of_battery(node, document, name)
        case "text" | "lookup":
            yield Readable(name, label, "text")
        case "date":
            yield Readable(name, label, "date")
        case kind if kind in _NUMBERS:
            yield Readable(name, label, "number")


def _of_battery(
    node: Mapping[str, Any], document: Mapping[str, Any], name: str
) -> Iterator[Readable]:
    facets = node.get("facets")
    for row, words in pairs(node.get("rows"), document):
        for facet in facets if isinstance(facets, list) else []:
            if not isinstance(facet, Mapping):
                continue
            choose = facet.get("choose")
            kind: Any = {"one": "code", "many": "codes"}.get(str(choose), "number")
            codes = () if kind == "number" else pairs(facet.get("codes"), document)
            reference = f"{name}.{row}.{facet.get('name', '')}"
            yield Readable(reference, f"{words}: {facet.get('label', '')}", kind, codes)


def pairs(codes: Any, document: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Values and labels of codes that are written out or named as a shared list."""
    if isinstance(codes, str):
        shared = document.get("codes")
        codes = shared.get(codes) if isinstance(shared, Mapping) else None
    if not isinstance(codes, list):
        return ()
    return tuple(
        (str(code.get("value", "")), str(code.get("label", "")))
        for code in codes
        if isinstance(code, Mapping)
    )
