"""Items of an authored file: what every kind has, and which kinds there are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from surveys.questionnaire.authored.battery import Sheet, read_battery
from surveys.questionnaire.authored.bindings import read_bindings
from surveys.questionnaire.authored.choices import CHOICES
from surveys.questionnaire.authored.codes import CodeLists, read_variable
from surveys.questionnaire.authored.conditions import read_condition
from surveys.questionnaire.authored.entries import ENTRIES
from surveys.questionnaire.authored.roster import read_roster
from surveys.questionnaire.items import Item, StatedMissing
from surveys.questionnaire.nodes import Node

NOTE_KEYS = ("name", "kind", "label", "hint", "when")
PLAIN_KEYS = (*NOTE_KEYS, "definition", "bind", "period", "variable")
COMMON_KEYS = (*PLAIN_KEYS, "required", "missing", "dependent")
KIND_KEYS: dict[str, tuple[str, ...]] = {
    "single_choice": ("codes",),
    "multiple_choice": ("codes", "most"),
    "number": ("minimum", "maximum", "decimals", "unit"),
    "money": ("currency", "minimum", "maximum"),
    "share": ("decimals",),
    "year": ("minimum", "maximum"),
    "date": ("precision", "minimum", "maximum"),
    "scale": ("minimum", "maximum", "points"),
    "text": ("max_length", "long"),
    "lookup": ("codes",),
    "allocation": ("parts", "total", "total_of", "at_most", "unit"),
    "battery": ("rows", "facets", "layout", "groups", "filter_label", "none_label"),
    "roster": ("thing", "things", "most", "pages", "items"),
    "note": (),
    "computed": ("expression", "decimals", "unit"),
}
_KEYS_OF: dict[str, tuple[str, ...]] = {"note": NOTE_KEYS, "computed": PLAIN_KEYS}
NOT_IN_A_ROSTER = {
    "battery": "Ask a question for each row, or the battery on a page outside of the roster.",
    "roster": "Ask it as a roster of its own on a later page, with a question that says to which "
    "entry of this one each belongs.",
    "computed": "Work it out behind the roster, with sum, min, max or count over its entries.",
}
REQUIRED = ("none", "soft", "hard")
DEPENDENT = ("hidden", "shown", "prefilled", "confirmed")
STATED_MISSING: tuple[StatedMissing, ...] = ("dont_know", "refused", "not_applicable")


@dataclass(frozen=True, slots=True)
class Authored:
    """What one entry under `items` gives: items; of a battery, pages; whether it is alone."""

    items: tuple[Item, ...]
    pages: tuple[Sheet, ...] = ()
    alone: bool = False


def keys_of(kind: str) -> tuple[str, ...]:
    """All keys that an item of the kind may have."""
    return _KEYS_OF.get(kind, COMMON_KEYS) + KIND_KEYS[kind]


def read_item(node: Node, lists: CodeLists) -> Authored:
    """The item or items of one entry; none, with a note, if its kind is not known."""
    kind = node.text("kind", needed=True)
    if kind not in KIND_KEYS:
        if kind:
            node.note(
                "unknown_kind",
                f"{kind[:80]!r} is not a kind.",
                f"Kinds: {', '.join(KIND_KEYS)}.",
                key="kind",
                values=(kind,),
            )
        return Authored(())
    node.only(keys_of(kind))
    if kind == "battery":
        sheets = read_battery(node, lists, _behaviour(node))
        return Authored(tuple(row for sheet in sheets for row in sheet.items), sheets, alone=True)
    common = _common(node)
    if kind == "roster":
        return Authored((read_roster(node, common, _entry_items(lists)),), alone=True)
    if kind in CHOICES:
        return Authored(CHOICES[kind](node, lists, common))
    return Authored((ENTRIES[kind](node, common),))


def _entry_items(lists: CodeLists) -> Callable[[Node], tuple[Item, ...]]:
    """Reads one entry under the items of a roster."""

    def read(node: Node) -> tuple[Item, ...]:
        kind = node.text("kind")
        if kind in NOT_IN_A_ROSTER:
            node.note(
                "bad_roster",
                f"An entry of a roster cannot hold an item of kind {kind}.",
                NOT_IN_A_ROSTER[kind],
                why="kind",
                key="kind",
                values=(kind,),
            )
            return ()
        if node.data.get("bind"):
            node.note(
                "bad_binding",
                "An item of an entry cannot be bound.",
                "Bind the roster, with the item as a coordinate: at: {partner: $type}.",
                why="entry",
                key="bind",
            )
        return read_item(node, lists).items

    return read


def _common(node: Node) -> dict[str, Any]:
    return {
        "name": node.item_name(),
        "label": node.text("label", needed=True),
        "hint": node.text("hint"),
        "definition": node.text("definition"),
        "bindings": read_bindings(node, row=None),
        **_behaviour(node),
    }


def _behaviour(node: Node) -> dict[str, Any]:
    """What the item does, which every row of a battery does alike."""
    return {
        "universe": read_condition(node, "when"),
        "required": node.one_of("required", REQUIRED, "none"),
        "period": node.text("period"),
        "missing": _missing(node),
        "dependent": node.one_of("dependent", DEPENDENT, "hidden"),
        "variable": read_variable(node),
    }


def _missing(node: Node) -> tuple[StatedMissing, ...]:
    """The reasons that may be stated, in the order of the language."""
    if node.data.get("missing") in (None, []):
        return ()
    stated = node.words("missing")
    for word in stated:
        if word not in STATED_MISSING:
            node.note(
                "wrong_shape",
                f"{word[:80]!r} is no reason for a blank.",
                f"Choose from {', '.join(STATED_MISSING)}.",
                why="not_offered",
                key="missing",
                values=(word, *STATED_MISSING),
            )
    return tuple(word for word in STATED_MISSING if word in stated)
