"""Items and batteries of an authored file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from surveys.questionnaire.authored_battery import Sheet, read_battery
from surveys.questionnaire.authored_bindings import read_bindings
from surveys.questionnaire.authored_codes import PART_KEYS, CodeLists, read_codes
from surveys.questionnaire.items import (
    Allocation,
    Item,
    Money,
    MultipleChoice,
    Number,
    Share,
    SingleChoice,
    Text,
    Year,
)
from surveys.questionnaire.nodes import Node

COMMON_KEYS = ("name", "kind", "label", "hint", "definition", "bind")
KIND_KEYS: dict[str, tuple[str, ...]] = {
    "single_choice": ("codes",),
    "multiple_choice": ("codes",),
    "number": ("minimum", "maximum", "decimals", "unit"),
    "money": ("currency", "minimum", "maximum"),
    "share": ("decimals",),
    "year": ("minimum", "maximum"),
    "text": ("max_length", "long"),
    "allocation": ("parts", "total", "unit"),
    "battery": ("rows", "facets", "layout", "groups"),
}
MOST_DECIMALS = 9
LONGEST_ANSWER = 20_000


@dataclass(frozen=True, slots=True)
class Authored:
    """What one entry under `items` gives: an item, or the pages of a battery."""

    items: tuple[Item, ...]
    pages: tuple[Sheet, ...] = ()


def read_item_or_battery(node: Node, lists: CodeLists) -> Authored:
    kind = node.text("kind", needed=True)
    if kind not in KIND_KEYS:
        if kind:
            node.note(
                "unknown_kind", f"{kind[:80]!r} is not a kind.", f"Kinds: {', '.join(KIND_KEYS)}."
            )
        return Authored(())
    node.only(COMMON_KEYS + KIND_KEYS[kind])
    if kind == "battery":
        sheets = read_battery(node, lists)
        return Authored(tuple(row for sheet in sheets for row in sheet.items), sheets)
    common = _common(node)
    if kind in _CHOICES:
        return Authored((_CHOICES[kind](node, lists, common),))
    return Authored((_ENTRIES[kind](node, common),))


def _common(node: Node) -> dict[str, Any]:
    return {
        "name": node.name(),
        "label": node.text("label", needed=True),
        "hint": node.text("hint"),
        "definition": node.text("definition"),
        "bindings": read_bindings(node, row=None),
    }


def _single(node: Node, lists: CodeLists, common: dict[str, Any]) -> Item:
    return SingleChoice(**common, codes=read_codes(node, "codes", lists))


def _multiple(node: Node, lists: CodeLists, common: dict[str, Any]) -> Item:
    return MultipleChoice(**common, codes=read_codes(node, "codes", lists))


def _bounds(node: Node, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    minimum, maximum = node.number("minimum", low), node.number("maximum", high)
    _note_order(node, minimum, maximum)
    return minimum, maximum


def _note_order(node: Node, minimum: float | None, maximum: float | None) -> None:
    if minimum is not None and maximum is not None and minimum > maximum:
        node.note("bad_number", "minimum is above maximum.", "Put the bounds in order.")


def _number(node: Node, common: dict[str, Any]) -> Item:
    minimum, maximum = _bounds(node, None, None)
    return Number(
        **common,
        minimum=minimum,
        maximum=maximum,
        decimals=node.count("decimals", 0, most=MOST_DECIMALS),
        unit=node.text("unit"),
    )


def _money(node: Node, common: dict[str, Any]) -> Item:
    minimum, maximum = _bounds(node, 0, None)
    return Money(
        **common, minimum=minimum, maximum=maximum, currency=node.text("currency") or "EUR"
    )


def _share(node: Node, common: dict[str, Any]) -> Item:
    return Share(**common, decimals=node.count("decimals", 0, most=MOST_DECIMALS))


def _year(node: Node, common: dict[str, Any]) -> Item:
    first = node.count("minimum", 1500, most=9999)
    last = node.count("maximum", 2100, most=9999)
    _note_order(node, first, last)
    return Year(**common, minimum=first, maximum=last)


def _text(node: Node, common: dict[str, Any]) -> Item:
    long = node.flag("long")
    longest = node.count("max_length", 2000 if long else 200, most=LONGEST_ANSWER)
    return Text(**common, long=long, max_length=longest)


def _allocation(node: Node, lists: CodeLists, common: dict[str, Any]) -> Item:
    total = node.number("total", 100) or 0
    if total <= 0:
        node.note("bad_number", f"total is {total}.", "Write a number above 0.")
    return Allocation(
        **common,
        parts=read_codes(node, "parts", lists, allowed=PART_KEYS),
        total=total,
        unit=node.text("unit") or "%",
    )


_CHOICES: dict[str, Callable[[Node, CodeLists, dict[str, Any]], Item]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "allocation": _allocation,
}
_ENTRIES: dict[str, Callable[[Node, dict[str, Any]], Item]] = {
    "number": _number,
    "money": _money,
    "share": _share,
    "year": _year,
    "text": _text,
}
