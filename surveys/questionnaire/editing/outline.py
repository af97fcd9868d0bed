"""Changes of the outline of a draft: what is added where, and another kind for an item."""

from collections.abc import Mapping
from typing import Any

from surveys.questionnaire.editing.blanks import (
    ALONE,
    BLANK_KIND,
    begun,
    new_entry_item,
    new_entry_page,
    new_item,
    new_page,
    new_section,
)
from surveys.questionnaire.editing.places import (
    NoSuchPlace,
    Place,
    added,
    children,
    node_at,
    place_text,
    replaced,
    walk,
)

Document = Mapping[str, Any]
Outcome = tuple[dict[str, Any], Place]

_PAGE, _ITEM, _ENTRY_PAGE, _ENTRY_ITEM = 2, 3, 4, 5
_OF_EVERY_KIND = (
    "name", "kind", "label", "hint", "definition", "bind", "when", "required", "period",
    "missing", "dependent", "variable",
)  # fmt: skip


def section_added(document: Document, place: Place) -> Outcome:
    """A new section behind that of the place; at the end for the instrument."""
    position = place[0] + 1 if place else None
    return added(document, (), new_section(document), position)


def page_added(document: Document, place: Place) -> Outcome:
    """A new page behind that of the place, within a roster a new page of its entry."""
    if not place:
        raise NoSuchPlace("A page stands in a section.")
    if len(place) >= _ITEM and node_at(document, place[:_ITEM]).get("kind") == "roster":
        position = place[_ITEM] + 1 if len(place) > _ITEM else None
        return added(document, place[:_ITEM], new_entry_page(), position)
    position = place[1] + 1 if len(place) >= _PAGE else None
    return added(document, place[:1], new_page(document), position)


def item_added(document: Document, place: Place, kind: str) -> Outcome:
    """A new item behind that of the place, or at the end of its page.

    A battery and a roster get a page of their own, and so does what is added to theirs. Where
    a new page holds nothing but the question it came with, one of another kind takes its place.
    """
    if len(place) >= _ENTRY_PAGE:
        return _entry_item_added(document, place, kind)
    if len(place) < _PAGE:
        return _on_new_page(document, place, kind)
    items = children(node_at(document, place[:_PAGE]), _PAGE)
    if kind != BLANK_KIND and len(items) == 1 and _is_untouched(items[0]):
        blank = (*place[:_PAGE], 0)
        return replaced(document, blank, begun(str(items[0]["name"]), kind)), blank
    if kind in ALONE or any(item.get("kind") in ALONE for item in items):
        return _on_new_page(document, place, kind)
    position = place[2] + 1 if len(place) >= _ITEM else None
    return added(document, place[:_PAGE], new_item(document, kind), position)


def _is_untouched(item: Mapping[str, Any]) -> bool:
    return item == begun(str(item.get("name") or ""), BLANK_KIND) and bool(item.get("name"))


def _on_new_page(document: Document, place: Place, kind: str) -> Outcome:
    if not place:
        raise NoSuchPlace("A question stands on a page of a section.")
    position = place[1] + 1 if len(place) >= _PAGE else None
    changed, page = added(document, place[:1], new_page(document, kind), position)
    return changed, (*page, 0)


def _entry_item_added(document: Document, place: Place, kind: str) -> Outcome:
    taken = {
        str(node.get("name", ""))
        for here, node in walk(document)
        if len(here) == _ENTRY_ITEM and here[:_ITEM] == place[:_ITEM]
    }
    position = place[4] + 1 if len(place) == _ENTRY_ITEM else None
    item = new_entry_item(taken, "text" if kind in ALONE else kind)
    return added(document, place[:_ENTRY_PAGE], item, position)


def another_kind(document: Document, place: Place, kind: str) -> Outcome:
    """The item as one of another kind: what every kind has is kept, and its codes if it can.

    Raises NoSuchPlace if the place is no item, or the kind needs a page for itself and the
    item shares one.
    """
    if len(place) not in (_ITEM, _ENTRY_ITEM):
        raise NoSuchPlace(place_text(place))
    siblings = children(node_at(document, place[:-1]), len(place) - 1)
    if kind in ALONE and (len(siblings) > 1 or len(place) == _ENTRY_ITEM):
        raise NoSuchPlace("A battery and a roster have a page for themselves. Add one instead.")
    former = node_at(document, place)
    begun = new_item({}, kind)
    changed = begun | {key: former[key] for key in _OF_EVERY_KIND if key in former}
    choices = ("single_choice", "multiple_choice")
    if kind in choices and former.get("kind") in choices:
        changed["codes"] = former.get("codes", begun["codes"])
    return replaced(document, place, changed | {"kind": kind}), place


def names_below(document: Document, place: Place) -> set[str]:
    """Names under which conditions read the items that stand at or below the place."""
    names = set()
    for here, node in walk(document):
        if here[: len(place)] != place or not node.get("name"):
            continue
        if len(here) == _ITEM:
            names.add(str(node["name"]))
        if len(here) == _ENTRY_ITEM:
            names.add(f"{node_at(document, here[:_ITEM]).get('name', '')}.{node['name']}")
    return names
