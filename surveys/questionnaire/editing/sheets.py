"""One page of a draft alone, as an instrument that compiles without the rest of the draft."""

import copy
import re
from collections.abc import Mapping
from typing import Any

from surveys.questionnaire.editing.places import Place, children, node_at

_QUOTATION = re.compile(r"\{answer:([a-z0-9_.]+)\}")
_ENTRY = 3  # how deep the pages of an entry lie
_DROPPED = ("when", "bind", "edits", "total_of", "dependent")


def page_alone(document: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The page of the place as the only one of an instrument.

    What rests on other pages is taken off: conditions, bindings, edits and quotations,
    which are drawn as ``[item]``. A computed value is drawn as 0. Within a roster the items
    of the entry page stand on a page of their own. Raises NoSuchPlace.
    """
    page = _page(document, place)
    section = node_at(document, place[:1])
    return {
        "instrument": "sheet",
        "version": "1",
        "title": "Sheet",
        "language": str(document.get("language") or "en"),
        **{key: copy.deepcopy(document[key]) for key in ("codes", "code_lists") if key in document},
        "sections": [
            {"name": "sheet", "title": str(section.get("title") or "Section"), "pages": [page]}
        ],
    }


def _page(document: Mapping[str, Any], place: Place) -> dict[str, Any]:
    page: dict[str, Any] = _bare(copy.deepcopy(node_at(document, place[:2])))
    roster = _roster(document, place)
    if roster is not None:
        at = place[_ENTRY] if len(place) > _ENTRY else 0
        entry = _bare(copy.deepcopy(children(roster, _ENTRY)[at]))
        page = {"name": "entry", "title": "Entry", **entry}
    page.setdefault("name", "sheet")
    if not page.get("title"):
        page["title"] = "Page without a title"
    return page


def _roster(document: Mapping[str, Any], place: Place) -> dict[str, Any] | None:
    """The roster of the page that has one; it has the page for itself."""
    items = children(node_at(document, place[:2]), 2)
    roster = items[0] if items and items[0].get("kind") == "roster" else None
    return roster if roster is not None and children(roster, _ENTRY) else None


def _bare(node: Any, key: str = "") -> Any:
    if isinstance(node, list):
        return [_bare(each, key) for each in node]
    if isinstance(node, str):
        return _QUOTATION.sub(r"[\1]", node)
    if not isinstance(node, dict):
        return node
    is_facet = key == "facets"
    kept = {
        name: _bare(value, name)
        for name, value in node.items()
        if name not in _DROPPED or (is_facet and name == "when")
    }
    if kept.get("kind") == "computed":
        kept["expression"] = "0"
    return kept
