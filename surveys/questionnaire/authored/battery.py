"""Batteries: rows that are asked the same facets, compiled into one item a row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from surveys.questionnaire.authored.bindings import read_bindings
from surveys.questionnaire.authored.codes import ROW_KEYS, CodeLists, read_codes
from surveys.questionnaire.authored.conditions import both, read_condition
from surveys.questionnaire.authored.facets import read_facets
from surveys.questionnaire.conditions import ALWAYS, Chose, Condition
from surveys.questionnaire.items import BatteryRow, Code, Facet, Item, MultipleChoice
from surveys.questionnaire.nodes import Node
from surveys.questionnaire.speech import say

LAYOUTS = ("one_row_per_page", "stacked", "grouped", "filter_first")
GROUP_KEYS = ("name", "title", "rows")
NONE, FILTER = "none", "filter"
_ROW_FILL = "{row}"
_TAKEN_BY_FILTER = {
    FILTER: "the page of filter_first that asks which rows apply",
    NONE: "the answer that filter_first adds for a firm to which none applies",
}
_RENAME_ROW = "Give the row another value, or the battery another layout than filter_first."


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a battery that are shown together, as one page; without a name, the page itself."""

    name: str
    title: str
    items: tuple[Item, ...]
    universe: Condition = ALWAYS


def read_battery(node: Node, lists: CodeLists, behaviour: Mapping[str, Any]) -> tuple[Sheet, ...]:
    """The pages of a battery: one a row, one a group, or one for all, after that of a filter."""
    rows = read_codes(node, "rows", lists, allowed=ROW_KEYS, least=1)
    facets = read_facets(node, lists)
    layout = _layout(node)
    items = {row.value: replace(_row(node, row, facets, behaviour), layout=layout) for row in rows}
    if node.data.get("groups"):
        sheets = _grouped(node, items)
    elif layout == "stacked":
        sheets = _stacked(node, items)
    else:
        sheets = _one_by_one(node, items)
    return _filtered(node, rows, sheets) if layout == "filter_first" else sheets


def _layout(node: Node) -> str:
    has_groups = bool(node.data.get("groups"))
    layout = node.one_of("layout", LAYOUTS)
    if layout == "grouped" and not has_groups:
        node.note(
            "missing_key", "groups is missing.", "Say which rows stand on which page.", key="groups"
        )
    elif layout in ("one_row_per_page", "stacked") and has_groups:
        node.note(
            "wrong_shape",
            f"groups do not go with {layout}.",
            "Drop one of the two.",
            why="groups_not_here",
            key="groups",
        )
    for key in ("filter_label", "none_label"):
        if node.data.get(key) and layout != "filter_first":
            node.note(
                "wrong_shape",
                f"{key} goes with filter_first only.",
                f"Drop {key}.",
                why="filter_only",
                key=key,
            )
    return layout or ("grouped" if has_groups else "one_row_per_page")


def _filtered(node: Node, rows: tuple[Code, ...], sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """A page that asks which rows apply, and the pages of the rows that do."""
    rows, sheets = _without_reserved(node, rows, sheets)
    name = f"{node.name()}.{FILTER}"
    question = MultipleChoice(
        name=name,
        label=node.text("filter_label") or say("Which of these apply?"),
        universe=read_condition(node, "when"),
        codes=(
            *rows,
            Code(NONE, node.text("none_label") or say("None of these"), exclusive=True),
        ),
    )
    return (Sheet(FILTER, "", (question,)), *(_behind(name, sheet) for sheet in sheets))


def _without_reserved(
    node: Node, rows: tuple[Code, ...], sheets: tuple[Sheet, ...]
) -> tuple[tuple[Code, ...], tuple[Sheet, ...]]:
    """Rows and groups that do not take a name of the filter; what does is noted, once."""
    entries = _row_entries(node)
    for value, what in _TAKEN_BY_FILTER.items():
        if any(row.value == value for row in rows):
            at = entries.get(value, node)
            at.note(
                "duplicate_name",
                f"The row {value!r} has the name of {what}.",
                _RENAME_ROW,
                why="reserved_row",
                key="value",
                values=(value,),
            )
    if node.data.get("groups") and any(sheet.name == FILTER for sheet in sheets):
        what = f"The group {FILTER!r} has the name of {_TAKEN_BY_FILTER[FILTER]}."
        node.note(
            "duplicate_name",
            what,
            "Give the group another name.",
            why="reserved_group",
            key="groups",
            values=(FILTER,),
        )
    kept = (replace(sheet, items=_not_reserved(sheet)) for sheet in sheets)
    return (
        tuple(row for row in rows if row.value not in _TAKEN_BY_FILTER),
        tuple(sheet for sheet in kept if sheet.items and sheet.name != FILTER),
    )


def _not_reserved(sheet: Sheet) -> tuple[Item, ...]:
    return tuple(
        item
        for item in sheet.items
        if not (isinstance(item, BatteryRow) and item.row.value in _TAKEN_BY_FILTER)
    )


def _behind(name: str, sheet: Sheet) -> Sheet:
    """The sheet for those who chose one of its rows, and each row for those who chose it."""
    rows = [item for item in sheet.items if isinstance(item, BatteryRow)]
    chosen = Chose(name, tuple(item.row.value for item in rows))
    if len(rows) == 1:
        return replace(sheet, universe=both(chosen, sheet.universe))
    items = tuple(
        replace(item, universe=both(Chose(name, (item.row.value,)), item.universe)) for item in rows
    )
    return replace(sheet, items=items, universe=both(chosen, sheet.universe))


def _one_by_one(node: Node, items: dict[str, BatteryRow]) -> tuple[Sheet, ...]:
    """A page a row, with the title and the condition that its entry under ``rows`` gives."""
    entries = _row_entries(node)
    sheets = []
    for value, item in items.items():
        entry = entries.get(value)
        title = entry.text("title") if entry else ""
        sheets.append(Sheet(value, title, (item,), item.row.universe))
    return tuple(sheets)


def _stacked(node: Node, items: dict[str, BatteryRow]) -> tuple[Sheet, ...]:
    """All rows below each other on the page that is authored."""
    _note_titles(node)
    rows = _with_conditions(items)
    return (Sheet("", "", tuple(rows.values())),)


def _grouped(node: Node, items: dict[str, BatteryRow]) -> tuple[Sheet, ...]:
    sheets: list[Sheet] = []
    placed: list[str] = []
    rows = _with_conditions(items)
    for group in node.nodes("groups"):
        group.only(GROUP_KEYS)
        names = group.words("rows")
        placed += names
        shown = tuple(rows[name] for name in names if name in rows)
        sheets.append(Sheet(group.name(), group.text("title", needed=True), shown))
    if sorted(placed) != sorted(items):
        node.note(
            "bad_groups",
            "The groups do not hold every row once.",
            f"Place each of {', '.join(items)} in one group.",
            why="not_once",
            key="groups",
            values=items,
        )
    _note_titles(node)
    return tuple(sheets)


def _with_conditions(items: dict[str, BatteryRow]) -> dict[str, BatteryRow]:
    """The rows that share a page, each with the condition of its row as its own."""
    return {
        value: replace(item, universe=both(item.universe, item.row.universe))
        for value, item in items.items()
    }


def _note_titles(node: Node) -> None:
    for value, entry in _row_entries(node).items():
        if entry.data.get("title"):
            node.note(
                "bad_groups",
                f"Row {value!r} has a title, which only a page of its own can have.",
                "Drop the title of the row, or give every row its page.",
                why="row_title",
                key="title",
                values=(value,),
            )


def _row_entries(node: Node) -> dict[str, Node]:
    """Rows as written in the battery; none where they come from a shared list."""
    rows = node.data.get("rows")
    if not isinstance(rows, list):
        return {}
    return {
        str(entry.get("value")): Node(
            entry, f"{node.where} > row {entry.get('value')}", node.ledger
        )
        for entry in rows
        if isinstance(entry, dict)
    }


def _row(
    node: Node, row: Code, facets: tuple[Facet, ...], behaviour: Mapping[str, Any]
) -> BatteryRow:
    battery = node.item_name()
    return BatteryRow(
        name=f"{battery}.{row.value}",
        label=node.text("label", needed=True).replace(_ROW_FILL, row.label),
        hint=node.text("hint").replace(_ROW_FILL, row.label),
        definition=row.definition or node.text("definition").replace(_ROW_FILL, row.label),
        bindings=read_bindings(node, row=row.value),
        battery=battery,
        row=row,
        facets=tuple(_named_for(facet, row) for facet in facets),
        **{**behaviour, "variable": row.variable or behaviour["variable"]},
    )


def _named_for(facet: Facet, row: Code) -> Facet:
    codes = tuple(
        replace(code, label=code.label.replace(_ROW_FILL, row.label)) for code in facet.codes
    )
    return replace(facet, label=facet.label.replace(_ROW_FILL, row.label), codes=codes)
