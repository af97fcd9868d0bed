"""Rows of an XLSForm, and how a value that has no native cell is written exactly."""

import json
from collections.abc import Mapping
from typing import Any

Cells = dict[str, str]
"""One row: text by column. A blank cell is not there."""

EXTRA = "milieu::"
CHOICE_EXTRA = "milieu_"
LEVEL = f"{EXTRA}level"
WITHOUT = f"{EXTRA}without"
DERIVED = f"{EXTRA}derived"
SHARED = f"{EXTRA}shared"
_OF_THE_ROW = frozenset({LEVEL, WITHOUT, DERIVED, SHARED})

NATIVE_OF: dict[str, tuple[str, ...]] = {
    "type": ("kind", "codes", "decimals"),
    "name": ("name", "value"),
    "label": ("label", "title"),
    "hint": ("hint",),
    "guidance_hint": ("definition",),
    "required": ("required",),
    "relevant": ("when",),
    "constraint": ("minimum", "maximum", "most"),
    "calculation": ("expression",),
    "appearance": ("long", "precision"),
    "parameters": ("minimum", "maximum"),
}
"""Native columns, and the keys that each of them says."""


_LISTS = ("edits", "pages", "items", "codes")
_WORDS = ("name", "kind", "value", "label", "title", "instrument", "version", "when")


def encode(value: Any) -> str:
    """A value as a cell: a text as it is, if that is not mistaken; all else as JSON."""
    if isinstance(value, str) and value == value.strip() and value and decode(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def decode(cell: str) -> Any:
    """What `encode` wrote; a cell that is not JSON is the text that it is."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def add_exact(
    cells: Cells, node: Mapping[str, Any], native: Mapping[str, Any], skip: set[str]
) -> None:
    """Add what the native cells do not say, or would say in another way.

    `native` is the node as a reader takes it from the native cells alone; `skip` are keys
    that have rows of their own.
    """
    for key, value in node.items():
        if key not in skip and not (key in native and _same(native[key], value)):
            cells[f"{EXTRA}{key}"] = encode(value)
    surplus = [key for key in native if key not in node]
    if surplus:
        cells[WITHOUT] = " ".join(sorted(surplus))


def _same(first: Any, second: Any) -> bool:
    """Equal and of one type: 1, 1.0 and True are three values in a document."""
    return type(first) is type(second) and first == second


def exact(cells: Cells) -> dict[str, Any]:
    """The keys that the extra columns say."""
    return {
        column.removeprefix(EXTRA): decode(cell)
        for column, cell in cells.items()
        if column.startswith(EXTRA) and column not in _OF_THE_ROW
    }


def merged(
    native: dict[str, Any], cells: Cells, changed: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The node: native keys, then what the extra columns say.

    `changed` are native columns that somebody edited after the file was written; what they
    say counts more than the extra columns.
    """
    edited = {key for column in changed for key in NATIVE_OF.get(column, ())}
    node = native | {
        key: value
        for key, value in exact(cells).items()
        if (key not in edited or key not in native) and _has_shape(key, value)
    }
    for key in cells.get(WITHOUT, "").split():
        if key not in edited:
            node.pop(key, None)
    return node


def _has_shape(key: str, value: Any) -> bool:
    """Whether the value is what the language has under the key, as far as a reader relies on it.

    A stranger's extra column may hold anything.
    """
    if key in _LISTS:
        is_list = isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
        return is_list or (key == "codes" and isinstance(value, str | dict))
    if key in _WORDS:
        return isinstance(value, str | int | float)
    return True


def changed_columns(cells: Cells, written: Cells) -> frozenset[str]:
    """Native columns whose cells are not those that the writer would write for the node."""
    return frozenset(
        column for column in NATIVE_OF if cells.get(column, "") != written.get(column, "").strip()
    )
