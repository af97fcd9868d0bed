"""The kinds of item in words, and what a new section, page and item begin with."""

import copy
from collections.abc import Mapping
from typing import Any

from surveys.questionnaire.editing.places import names_at_level

KINDS: dict[str, str] = {
    "single_choice": "Single choice",
    "multiple_choice": "Multiple choice",
    "number": "Number",
    "money": "Amount of money",
    "share": "Share, per cent",
    "year": "Year",
    "date": "Date",
    "text": "Text",
    "scale": "Scale",
    "lookup": "Code of a long list",
    "allocation": "Parts of a total",
    "battery": "Battery: same questions of several rows",
    "roster": "Roster: same questions of several things",
    "note": "Note without a question",
    "computed": "Computed value",
}
BLANK_KIND = "text"
ALONE = frozenset({"battery", "roster"})
_TWO_CODES = [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]
_BEGIN: dict[str, dict[str, Any]] = {
    "single_choice": {"codes": _TWO_CODES},
    "multiple_choice": {"codes": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]},
    "scale": {"minimum": 0, "maximum": 4, "points": {"0": "Not at all", "4": "Very"}},
    "lookup": {"codes": "nace@2.1"},
    "allocation": {"parts": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]},
    "battery": {
        "rows": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
        "facets": [{"name": "used", "label": "Used", "choose": "one", "codes": _TWO_CODES}],
    },
    "roster": {
        "thing": "partner",
        "things": "partners",
        "most": 5,
        "pages": [
            {"title": "Partner", "items": [{"name": "name", "kind": "text", "label": "Name"}]}
        ],
    },
    "computed": {"expression": "0"},
}


def new_instrument(title: str, slug: str, language: str = "en") -> dict[str, Any]:
    """A draft from scratch: one section with one page, and a question to change."""
    item = new_item({}, "text")
    page = {"name": "page_1", "title": "New page", "items": [item]}
    return {
        "instrument": slug,
        "version": "1.0",
        "title": title,
        "language": language,
        "sections": [{"name": "section_1", "title": "New section", "pages": [page]}],
    }


def new_section(document: Mapping[str, Any]) -> dict[str, Any]:
    name = numbered("section", names_at_level(document, 1))
    return {"name": name, "title": "New section", "pages": [new_page(document)]}


def new_page(document: Mapping[str, Any], kind: str = BLANK_KIND) -> dict[str, Any]:
    name = numbered("page", names_at_level(document, 2))
    return {"name": name, "title": "New page", "items": [new_item(document, kind)]}


def new_item(document: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """An item that compiles, for the author to change."""
    name = numbered("question", names_at_level(document, 3))
    return begun(name, kind)


def new_entry_page() -> dict[str, Any]:
    return {"title": "New page", "items": [new_entry_item(set())]}


def new_entry_item(taken: set[str], kind: str = BLANK_KIND) -> dict[str, Any]:
    name = numbered("question", taken)
    return begun(name, kind)


def numbered(word: str, taken: set[str]) -> str:
    """The word with the first number from 1 that makes a new name: question_2."""
    number = 1
    while f"{word}_{number}" in taken:
        number += 1
    return f"{word}_{number}"


def begun(name: str, kind: str) -> dict[str, Any]:
    """What an item of the kind begins with, before its author has touched it."""
    item = {"name": name, "kind": kind, "label": "New question"}
    return item | copy.deepcopy(_BEGIN.get(kind, {}))
