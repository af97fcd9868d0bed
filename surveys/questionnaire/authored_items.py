"""Items and batteries of an authored file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.questionnaire.authored_bindings import read_bindings
from surveys.questionnaire.condition_language import ConditionError, parse_condition
from surveys.questionnaire.conditions import ALWAYS, Condition
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Facet,
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

CodeLists = Mapping[str, tuple[Code, ...]]

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
    "battery": ("rows", "facets", "groups"),
}
FACET_KEYS = ("name", "label", "choose", "codes", "when")
GROUP_KEYS = ("name", "title", "rows")
ROW_KEYS = ("value", "label", "definition", "exclusive", "title", "when")
CODE_KEYS = ("value", "label", "definition", "exclusive")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a battery that are shown together."""

    name: str
    title: str
    items: tuple[Item, ...]
    universe: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Authored:
    """What one entry under `items` gives: items, and for a battery its pages."""

    items: tuple[Item, ...]
    pages: tuple[Sheet, ...] = ()


def read_item_or_battery(node: Node, lists: CodeLists) -> Authored:
    kind = node.text("kind", needed=True)
    if kind not in KIND_KEYS:
        if kind:
            node.note("unknown_kind", f"{kind!r} is not a kind.", f"Kinds: {', '.join(KIND_KEYS)}.")
        return Authored(())
    node.only(COMMON_KEYS + KIND_KEYS[kind])
    if kind == "battery":
        return _battery(node, lists)
    return Authored((_READERS[kind](node, lists, _common(node)),))


def _common(node: Node) -> dict[str, Any]:
    return {
        "name": node.name(),
        "label": node.text("label", needed=True),
        "hint": node.text("hint"),
        "definition": node.text("definition"),
        "bindings": read_bindings(node, row=None),
    }


def read_codes(node: Node, key: str, lists: CodeLists, least: int = 2) -> tuple[Code, ...]:
    """Codes written out, or the name of a shared list."""
    value = node.data.get(key)
    if isinstance(value, str):
        if value not in lists:
            node.note("unknown_codes", f"There is no list {value!r}.", "Define it under codes.")
        return lists.get(value, ())
    codes = []
    for entry in node.nodes(key, needed=True):
        entry.only(ROW_KEYS)
        codes.append(
            Code(
                entry.code(),
                entry.text("label", needed=True),
                entry.text("definition"),
                entry.flag("exclusive"),
            )
        )
    if len(codes) < least:
        node.note("too_few_codes", f"{key} has {len(codes)} entries.", f"Give {least} or more.")
    values = [code.value for code in codes]
    for value in sorted({value for value in values if values.count(value) > 1}):
        node.note("duplicate_name", f"{value!r} stands twice in {key}.", "Give each its own code.")
    return tuple(codes)


def _single(node: Node, lists: CodeLists, common: dict[str, Any]) -> Item:
    return SingleChoice(**common, codes=read_codes(node, "codes", lists))


def _multiple(node: Node, lists: CodeLists, common: dict[str, Any]) -> Item:
    return MultipleChoice(**common, codes=read_codes(node, "codes", lists))


def _bounds(node: Node, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    minimum, maximum = node.number("minimum", low), node.number("maximum", high)
    if minimum is not None and maximum is not None and minimum > maximum:
        node.note("bad_number", "minimum is above maximum.", "Put the bounds in order.")
    return minimum, maximum


def _number(node: Node, lists: CodeLists, common: dict[str, Any]) -> Item:
    minimum, maximum = _bounds(node, None, None)
    return Number(
        **common,
        minimum=minimum,
        maximum=maximum,
        decimals=node.count("decimals", 0),
        unit=node.text("unit"),
    )


def _money(node: Node, lists: CodeLists, common: dict[str, Any]) -> Item:
    minimum, maximum = _bounds(node, 0, None)
    return Money(
        **common, minimum=minimum, maximum=maximum, currency=node.text("currency") or "EUR"
    )


def _share(node: Node, lists: CodeLists, common: dict[str, Any]) -> Item:
    return Share(**common, decimals=node.count("decimals", 0))


def _year(node: Node, lists: CodeLists, common: dict[str, Any]) -> Item:
    minimum, maximum = _bounds(node, 1500, 2100)
    return Year(**common, minimum=int(minimum or 1500), maximum=int(maximum or 2100))


def _text(node: Node, lists: CodeLists, common: dict[str, Any]) -> Item:
    long = node.flag("long")
    return Text(**common, long=long, max_length=node.count("max_length", 2000 if long else 200))


def _allocation(node: Node, lists: CodeLists, common: dict[str, Any]) -> Item:
    total = node.number("total", 100)
    return Allocation(
        **common,
        parts=read_codes(node, "parts", lists),
        total=100 if total is None else total,
        unit=node.text("unit") or "%",
    )


_READERS: dict[str, Callable[[Node, CodeLists, dict[str, Any]], Item]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "number": _number,
    "money": _money,
    "share": _share,
    "year": _year,
    "text": _text,
    "allocation": _allocation,
}


def _battery(node: Node, lists: CodeLists) -> Authored:
    rows = read_codes(node, "rows", lists, least=1)
    facets = tuple(_facet(facet, lists) for facet in node.nodes("facets", needed=True))
    items = {row.value: _row(node, row, facets) for row in rows}
    groups = node.nodes("groups")
    if groups:
        return Authored(tuple(items.values()), _grouped(node, groups, items))
    universes = _row_universes(node)
    sheets = tuple(
        Sheet(row.value, "", (items[row.value],), universes.get(row.value, ALWAYS)) for row in rows
    )
    return Authored(tuple(items.values()), sheets)


def _row(node: Node, row: Code, facets: tuple[Facet, ...]) -> BatteryRow:
    battery = node.name()
    return BatteryRow(
        name=f"{battery}.{row.value}",
        label=node.text("label", needed=True).replace("{row}", row.label),
        hint=node.text("hint"),
        definition=row.definition or node.text("definition"),
        bindings=read_bindings(node, row=row.value),
        battery=battery,
        row=row,
        facets=tuple(_named_for(facet, row) for facet in facets),
    )


def _named_for(facet: Facet, row: Code) -> Facet:
    label = facet.label.replace("{row}", row.label)
    codes = tuple(
        Code(code.value, code.label.replace("{row}", row.label), code.definition, code.exclusive)
        for code in facet.codes
    )
    return Facet(facet.name, label, facet.choose, codes, facet.applies_when)


def _facet(node: Node, lists: CodeLists) -> Facet:
    node.only(FACET_KEYS)
    choose = node.text("choose", needed=True)
    if choose not in ("one", "many"):
        node.note("wrong_shape", f"choose is {choose!r}.", "Write one or many.")
    return Facet(
        name=node.name(),
        label=node.text("label", needed=True),
        choose="one" if choose == "one" else "many",
        codes=read_codes(node, "codes", lists),
        applies_when=_applies_when(node),
    )


def _applies_when(node: Node) -> tuple[str, frozenset[str]] | None:
    """``when: {importance: ['1', '2']}``: an earlier facet and the codes that open this one."""
    value = node.data.get("when")
    if value is None:
        return None
    if not (isinstance(value, dict) and len(value) == 1):
        node.note("wrong_shape", "when is not one facet with its codes.", "Write facet: [codes].")
        return None
    facet, codes = next(iter(value.items()))
    if not isinstance(codes, list):
        node.note("wrong_shape", "when names no list of codes.", "Write facet: [codes].")
        return None
    return str(facet), frozenset(str(code) for code in codes)


def _grouped(node: Node, groups: list[Node], items: dict[str, BatteryRow]) -> tuple[Sheet, ...]:
    sheets, placed = [], []
    for group in groups:
        group.only(GROUP_KEYS)
        names = group.data.get("rows", [])
        names = [str(name) for name in names] if isinstance(names, list) else []
        placed += names
        rows = tuple(items[name] for name in names if name in items)
        sheets.append(Sheet(group.name(), group.text("title", needed=True), rows))
    if sorted(placed) != sorted(items):
        node.note(
            "wrong_shape",
            "The groups do not hold every row once.",
            f"Place each of {', '.join(items)} in one group.",
        )
    return tuple(sheets)


def _row_universes(node: Node) -> dict[str, Condition]:
    universes: dict[str, Condition] = {}
    rows = node.data.get("rows")
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and row.get("when"):
            try:
                universes[str(row.get("value"))] = parse_condition(str(row["when"]))
            except ConditionError as error:
                node.note(
                    "bad_condition", f"The condition of a row is wrong: {error}.", "Correct it."
                )
    return universes
