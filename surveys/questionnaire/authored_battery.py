"""Batteries: rows that are asked the same facets, compiled into one item a row."""

from dataclasses import dataclass, replace
from typing import Any

from surveys.questionnaire.authored_bindings import read_bindings
from surveys.questionnaire.authored_codes import ROW_KEYS, CodeLists, read_codes
from surveys.questionnaire.authored_conditions import read_condition
from surveys.questionnaire.conditions import ALWAYS, Condition
from surveys.questionnaire.items import BatteryRow, Code, Facet
from surveys.questionnaire.nodes import Node

LAYOUTS = ("one_row_per_page", "grouped")
FACET_KEYS = ("name", "label", "choose", "codes", "when")
GROUP_KEYS = ("name", "title", "rows")
_ROW_FILL = "{row}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a battery that are shown together, as one page."""

    name: str
    title: str
    items: tuple[BatteryRow, ...]
    universe: Condition = ALWAYS


def read_battery(node: Node, lists: CodeLists) -> tuple[Sheet, ...]:
    """The pages of a battery: one a row, or one a group where groups are written."""
    rows = read_codes(node, "rows", lists, allowed=ROW_KEYS, least=1)
    facets = _facets(node, lists)
    items = {row.value: _row(node, row, facets) for row in rows}
    return _grouped(node, items) if _is_grouped(node) else _one_by_one(node, items)


def _is_grouped(node: Node) -> bool:
    layout = node.text("layout")
    has_groups = bool(node.data.get("groups"))
    if layout and layout not in LAYOUTS:
        node.note(
            "wrong_shape", f"The layout is {layout[:80]!r}.", f"Write {' or '.join(LAYOUTS)}."
        )
    elif layout == "grouped" and not has_groups:
        node.note("missing_key", "groups is missing.", "Say which rows stand on which page.")
    elif layout == "one_row_per_page" and has_groups:
        node.note("wrong_shape", "groups do not go with one_row_per_page.", "Drop one of the two.")
    return has_groups


def _one_by_one(node: Node, items: dict[str, BatteryRow]) -> tuple[Sheet, ...]:
    """A page a row, with the title and the condition that its entry under ``rows`` gives."""
    entries = _row_entries(node)
    sheets = []
    for value, item in items.items():
        entry = entries.get(value)
        title = entry.text("title") if entry else ""
        universe = read_condition(entry, "when") if entry else ALWAYS
        sheets.append(Sheet(value, title, (item,), universe))
    return tuple(sheets)


def _grouped(node: Node, items: dict[str, BatteryRow]) -> tuple[Sheet, ...]:
    sheets: list[Sheet] = []
    placed: list[str] = []
    for group in node.nodes("groups"):
        group.only(GROUP_KEYS)
        names = group.words("rows")
        placed += names
        rows = tuple(items[name] for name in names if name in items)
        sheets.append(Sheet(group.name(), group.text("title", needed=True), rows))
    if sorted(placed) != sorted(items):
        node.note(
            "bad_groups",
            "The groups do not hold every row once.",
            f"Place each of {', '.join(items)} in one group.",
        )
    for value, entry in _row_entries(node).items():
        if entry.data.get("when") or entry.data.get("title"):
            node.note(
                "bad_groups",
                f"Row {value!r} has a title or a condition, which only a page of its own can have.",
                "Drop the groups, or title and when of the row.",
            )
    return tuple(sheets)


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


def _row(node: Node, row: Code, facets: tuple[Facet, ...]) -> BatteryRow:
    battery = node.name()
    return BatteryRow(
        name=f"{battery}.{row.value}",
        label=node.text("label", needed=True).replace(_ROW_FILL, row.label),
        hint=node.text("hint").replace(_ROW_FILL, row.label),
        definition=row.definition or node.text("definition").replace(_ROW_FILL, row.label),
        bindings=read_bindings(node, row=row.value),
        battery=battery,
        row=row,
        facets=tuple(_named_for(facet, row) for facet in facets),
    )


def _named_for(facet: Facet, row: Code) -> Facet:
    codes = tuple(
        replace(code, label=code.label.replace(_ROW_FILL, row.label)) for code in facet.codes
    )
    return replace(facet, label=facet.label.replace(_ROW_FILL, row.label), codes=codes)


def _facets(node: Node, lists: CodeLists) -> tuple[Facet, ...]:
    facets: list[Facet] = []
    for entry in node.nodes("facets", needed=True):
        facet = _facet(entry, lists, facets)
        if facet.name in [earlier.name for earlier in facets]:
            entry.note("duplicate_name", f"Two facets are called {facet.name!r}.", "Rename one.")
        facets.append(facet)
    return tuple(facets)


def _facet(node: Node, lists: CodeLists, earlier: list[Facet]) -> Facet:
    node.only(FACET_KEYS)
    choose = node.text("choose", needed=True)
    if choose not in ("one", "many", ""):
        node.note("wrong_shape", f"choose is {choose[:80]!r}.", "Write one or many.")
    return Facet(
        name=node.name(),
        label=node.text("label", needed=True),
        choose="one" if choose == "one" else "many",
        codes=read_codes(node, "codes", lists),
        applies_when=_applies_when(node, earlier),
    )


def _applies_when(node: Node, earlier: list[Facet]) -> tuple[str, frozenset[str]] | None:
    """``when: {importance: ['1', '2']}``: an earlier facet and the codes that open this one."""
    value: Any = node.data.get("when")
    if value is None:
        return None
    if not (isinstance(value, dict) and len(value) == 1):
        node.note("wrong_shape", "when is not one facet with its codes.", "Write facet: [codes].")
        return None
    name = next(iter(value))
    codes = Node(value, f"{node.where} > when", node.ledger).words(name)
    facet = next((facet for facet in earlier if facet.name == name), None)
    if facet is None or facet.choose != "one":
        node.note(
            "unknown_item",
            f"{name!r} is not an earlier facet with one answer.",
            "Name a facet that stands above and has choose: one.",
        )
        return None
    for code in codes:
        if code not in {known.value for known in facet.codes}:
            node.note("unknown_code", f"{name!r} has no code {code!r}.", "Name one of its codes.")
    return name, frozenset(codes)
