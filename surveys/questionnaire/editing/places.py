"""Places in an authored document, and changes at one: each gives a new document.

A place is a path of positions: section, page, item, and within a roster entry page and
item. It is written ``0.2.1``; the empty place is the instrument itself. Positions are used
and not names, because a draft may hold names twice or not yet.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from surveys.questionnaire.editing.references import names_in, renamed_in

Document = Mapping[str, Any]
Place = tuple[int, ...]

LEVELS = ("instrument", "section", "page", "item", "entry page", "entry item")
_KEYS = ("sections", "pages", "items", "pages", "items")


class NoSuchPlace(LookupError):
    """The document has nothing at the place."""


def level(place: Place) -> str:
    return LEVELS[len(place)]


def place_text(place: Place) -> str:
    return ".".join(str(position) for position in place)


def read_place(text: str) -> Place:
    """The place that the text writes. Raises NoSuchPlace if it writes none."""
    if not text:
        return ()
    parts = text.split(".")
    if len(parts) > len(_KEYS) or not all(part.isascii() and part.isdigit() for part in parts):
        raise NoSuchPlace(text[:40])
    if any(len(part) > 5 for part in parts):
        raise NoSuchPlace(text[:40])
    return tuple(int(part) for part in parts)


def children(node: Mapping[str, Any], depth: int) -> list[dict[str, Any]]:
    """What stands in a node that lies `depth` deep; empty where nothing can."""
    if depth >= len(_KEYS) or (depth == 3 and node.get("kind") != "roster"):
        return []
    if depth == 3 and "pages" not in node and "items" in node:
        return [{"items": node["items"]}]
    found = node.get(_KEYS[depth])
    return found if isinstance(found, list) else []


def walk(document: Document) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every section, page, item and part of a roster, in order, with its place."""
    yield from _walk(document, ())


def _walk(node: Mapping[str, Any], place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    for position, child in enumerate(children(node, len(place))):
        here = (*place, position)
        yield here, child
        yield from _walk(child, here)


def node_at(document: Document, place: Place) -> dict[str, Any]:
    """The mapping at the place. Raises NoSuchPlace."""
    node: Any = document
    for depth, position in enumerate(place):
        found = children(node, depth)
        if position >= len(found):
            raise NoSuchPlace(place_text(place))
        node = found[position]
    return dict(node) if node is document else node


def replaced(document: Document, place: Place, node: Mapping[str, Any]) -> dict[str, Any]:
    """The document with another mapping at the place."""
    changed = _copy(document)
    if not place:
        return copy.deepcopy(dict(node))
    _siblings(changed, place)[place[-1]] = copy.deepcopy(dict(node))
    return changed


def added(
    document: Document, parent: Place, node: Mapping[str, Any], position: int | None = None
) -> tuple[dict[str, Any], Place]:
    """The document with the mapping under the parent, at its end or at the position."""
    changed = _copy(document)
    siblings = _siblings(changed, (*parent, 0))
    at = len(siblings) if position is None else max(0, min(position, len(siblings)))
    siblings.insert(at, copy.deepcopy(dict(node)))
    return changed, (*parent, at)


def taken_out(document: Document, place: Place) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document without what stands at the place, and what stood there."""
    node_at(document, place)
    changed = _copy(document)
    return changed, _siblings(changed, place).pop(place[-1])


def duplicated(document: Document, place: Place) -> tuple[dict[str, Any], Place]:
    """The document with a copy behind the original, under names of its own."""
    twin = copy.deepcopy(node_at(document, place))
    fresh = _fresh_names(document, twin, len(place))
    twin = renamed_in(twin, fresh)
    return added(document, place[:-1], twin, place[-1] + 1)


def moved(
    document: Document, place: Place, parent: Place, position: int
) -> tuple[dict[str, Any], Place]:
    """The document with what stands at the place under another parent of the same level.

    `position` counts after it was taken out. Raises NoSuchPlace if the parent is of another
    level or lies within what is moved.
    """
    if len(parent) != len(place) - 1 or not place:
        raise NoSuchPlace(place_text(parent))
    node_at(document, parent)
    without, node = taken_out(document, place)
    return added(without, parent, node, position)


def shifted(document: Document, place: Place, by: int) -> tuple[dict[str, Any], Place]:
    """One step up (-1) or down (1); at the end of its parent into the next one."""
    siblings = children(node_at(document, place[:-1]), len(place) - 1)
    aim = place[-1] + by
    if 0 <= aim < len(siblings):
        return moved(document, place, place[:-1], aim)
    parents = [each for each, _ in walk(document) if len(each) == len(place) - 1]
    if place[:-1] not in parents:
        return _copy(document), place
    neighbour = parents.index(place[:-1]) + by
    if not 0 <= neighbour < len(parents):
        return _copy(document), place
    parent = parents[neighbour]
    room = len(children(node_at(document, parent), len(parent)))
    return moved(document, place, parent, room if by < 0 else 0)


def fresh_name(wanted: str, taken: Sequence[str] | set[str]) -> str:
    """The name, or the name with the first number that makes it new."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted[:56]}_{number}" in taken:
        number += 1
    return f"{wanted[:56]}_{number}"


def names_at_level(document: Document, depth: int) -> set[str]:
    return {str(node.get("name", "")) for place, node in walk(document) if len(place) == depth}


def skeleton_faults(document: Document) -> tuple[str, ...]:
    """Why the editor cannot show the document: places where a list of mappings is expected."""
    faults: list[str] = []
    _note_skeleton(document, "instrument", 0, faults)
    return tuple(faults)


def _note_skeleton(node: Mapping[str, Any], where: str, depth: int, faults: list[str]) -> None:
    if depth >= len(_KEYS) or (depth == 3 and node.get("kind") != "roster"):
        return
    key = "items" if depth == 3 and "pages" not in node else _KEYS[depth]
    found = node.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        faults.append(f"{where}: {key} is not a list of mappings.")
        return
    for position, child in enumerate(found, start=1):
        name = child.get("name", f"{key} {position}")
        _note_skeleton(child, f"{where} > {name}", depth + 1, faults)


def rewritten(document: Document, place: Place, node: Mapping[str, Any]) -> dict[str, Any]:
    """The document with another mapping at the place; a new name is followed everywhere.

    Conditions, edits, quotations and translations that named the item, page or section
    name it as it is called now.
    """
    former = node_at(document, place)
    old, new = str(former.get("name") or ""), str(node.get("name") or "")
    changed = replaced(document, place, node)
    if not (old and new) or old == new or len(place) not in _NAMED:
        return changed
    if len(place) == 3:
        changed = renamed_in(changed, {old: new})
    return _translations_renamed(changed, f"{_NAMED[len(place)]}.{old}.", new)


_NAMED = {1: "sections", 2: "pages", 3: "items"}


def _translations_renamed(document: dict[str, Any], prefix: str, new: str) -> dict[str, Any]:
    translations = document.get("translations")
    for entries in translations.values() if isinstance(translations, dict) else ():
        for key in [key for key in entries if key.startswith(prefix)]:
            kind = prefix.partition(".")[0]
            entries[f"{kind}.{new}.{key[len(prefix) :]}"] = entries.pop(key)
    return document


def _copy(document: Document) -> dict[str, Any]:
    return copy.deepcopy(dict(document))


def _siblings(document: dict[str, Any], place: Place) -> list[dict[str, Any]]:
    """The very list that holds, or may hold, what stands at the place."""
    parent = place[:-1]
    holder: Any = document if not parent else node_at(document, parent)
    depth = len(parent)
    if depth == 4 and "items" in node_at(document, parent[:3]):
        holder = node_at(document, parent[:3])
    key = _KEYS[depth]
    if depth == 3 and "pages" not in holder:
        holder["pages"] = [{"items": holder.pop("items", [])}]
    if not isinstance(holder.get(key), list):
        holder[key] = []
    siblings: list[dict[str, Any]] = holder[key]
    return siblings


def _fresh_names(document: Document, twin: dict[str, Any], depth: int) -> dict[str, str]:
    """New names for the copy and for every page and item in it; local names stay."""
    fresh: dict[str, str] = {}
    wrapped = {"sections": [twin]} if depth == 1 else {}
    parts = [(depth, twin)]
    if depth == 1:
        parts = [(len(place), node) for place, node in walk(wrapped) if len(place) <= 3]
    elif depth == 2:
        parts += [(3, item) for item in children(twin, 2)]
    for at, node in parts:
        name = str(node.get("name", ""))
        taken = names_at_level(document, at) | set(fresh.values())
        renamed = fresh_name(name, taken) if name else ""
        node["name"] = renamed
        if at == 3 and name:
            fresh[name] = renamed
    return fresh


__all__ = [
    "LEVELS",
    "NoSuchPlace",
    "added",
    "children",
    "duplicated",
    "fresh_name",
    "level",
    "moved",
    "names_at_level",
    "names_in",
    "node_at",
    "place_text",
    "read_place",
    "replaced",
    "rewritten",
    "shifted",
    "skeleton_faults",
    "taken_out",
    "walk",
]
