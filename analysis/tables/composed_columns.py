"""The columns of composed tables as a layout orders them; correlations follow their lines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis.tables.arrangement import Unit, arranged
from analysis.tables.column_order import display_order
from analysis.tables.composed_cells import plain
from analysis.tables.layout import Layout, Line

Entry = Mapping[str, Any]
_TIED = "with-"
_NUMBER = re.compile(r"\(\d+\) ?")


def column_key(entry: Entry, column: Mapping[str, Any]) -> str:
    """What a layout calls the column: keys of several tables stand in one layout."""
    return f"{entry['key']}/{column['key']}"


def line_key(entry: Entry, line: Mapping[str, Any]) -> str:
    """What a layout calls the line."""
    return f"{entry['key']}/{line['key']}"


def units_of(entry: Entry) -> tuple[Unit, ...]:
    """The lines that a layout may move: all but those under the estimates.

    Lines of correlations are without their numbers, which say where they stand.
    """
    return tuple(
        Unit(line_key(entry, each), _words(entry, each), (line_key(entry, each),), each["group"])
        for each in entry["lines"]
        if each["kind"] != "statistic"
    )


def tied_of(entry: Entry) -> frozenset[str]:
    """Keys of the columns whose order is that of the lines."""
    if entry["kind"] != "correlation":
        return frozenset()
    return frozenset(f"{entry['key']}/{_TIED}{at + 1}" for at in range(len(entry["lines"])))


def columns_of(entry: Entry, layout: Layout) -> tuple[Line, ...]:
    """The columns as the layout orders them: their keys, own words and the headings over them."""
    units = arranged(units_of(entry), replace(layout, folded=())).units
    return tuple(
        Line(column_key(entry, column), column["label"], column.get("group", ""))
        for column in in_order(entry, [unit.key for unit in units], layout)["columns"]
    )


def in_order(entry: Entry, lines: Sequence[str], layout: Layout) -> dict[str, Any]:
    """The entry with its columns, and the cells of its lines, as the layout orders them.

    `lines` are the keys of the lines that are shown, in their order: correlations are made a
    lower triangle of them.
    """
    made = _triangle(entry, lines) if entry["kind"] == "correlation" else entry
    keys = [column_key(entry, column) for column in made["columns"]]
    tied = tied_of(entry)
    order = display_order(keys, layout)
    together = [at for at in range(len(keys)) if keys[at] in tied]
    first = next((place for place, at in enumerate(order) if keys[at] in tied), 0)
    before = [at for at in order[:first] if keys[at] not in tied]
    after = [at for at in order[first:] if keys[at] not in tied]
    order = [*before, *together, *after]
    return {
        **made,
        "columns": [made["columns"][at] for at in order],
        "lines": [{**line, "cells": [line["cells"][at] for at in order]} for line in made["lines"]],
    }


def own_number(column: Mapping[str, Any], words: str) -> bool:
    """Whether the words are no more than the number of a line, which the column has by itself."""
    return column["key"].startswith(_TIED) and _NUMBER.fullmatch(words) is not None


def _triangle(entry: Entry, lines: Sequence[str]) -> dict[str, Any]:
    """The correlations of the lines: each with those above it, numbered as they stand."""
    at_key = {line_key(entry, line): at for at, line in enumerate(entry["lines"])}
    shown = [at_key[key] for key in lines]
    places = {column["key"]: at for at, column in enumerate(entry["columns"])}
    own = [column for column in entry["columns"] if not column["key"].startswith(_TIED)]
    tied = [
        {"key": f"{_TIED}{at + 1}", "label": f"({number})"}
        for number, at in enumerate(shown[:-1], start=1)
    ]
    made = []
    for number, at in enumerate(shown):
        line = entry["lines"][at]
        cells = [line["cells"][places[column["key"]]] for column in own]
        for other, with_at in enumerate(shown[:-1]):
            low, high = sorted((at, with_at))
            pair = plain("whole", 1.0) if other == number else None
            if other < number:
                pair = entry["lines"][high]["cells"][places[f"{_TIED}{low + 1}"]]
            cells.append(pair)
        made.append({**line, "label": f"({number + 1}) {_words(entry, line)}", "cells": cells})
    return {**entry, "columns": [*own, *tied], "lines": made}


def _words(entry: Entry, line: Mapping[str, Any]) -> str:
    return _unnumbered(line["label"]) if entry["kind"] == "correlation" else line["label"]


def with_number_of(line: Mapping[str, Any], words: str) -> str:
    """The words behind the number of the line of correlations, if it has one."""
    number = _NUMBER.match(line["label"])
    return f"{number[0] if number else ''}{_unnumbered(words)}"


def _unnumbered(words: str) -> str:
    return _NUMBER.sub("", words, count=1) if _NUMBER.match(words) else words
