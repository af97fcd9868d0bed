"""Tables that are made of several descriptions, laid out: entries of estimates.json to Tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Literal

from analysis.tables import numerals
from analysis.tables.arrangement import Unit, arranged
from analysis.tables.column_order import spanners_over
from analysis.tables.composed_columns import (
    column_key,
    in_order,
    line_key,
    own_number,
    units_of,
    with_number_of,
)
from analysis.tables.estimate_cells import mark
from analysis.tables.layout import Layout, Line
from analysis.tables.regression_notes import star_words
from analysis.tables.table import Cell, Row, Spanner, Table

Entry = Mapping[str, Any]

WITHHELD = f"{numerals.DASH} (c)"
WITHHELD_NOTE = f"{WITHHELD}: withheld so that nothing can be learnt about a single firm."
_EMPTY = Cell("")
_PER_CENT = 1
Beneath = Literal["none", "interval", "deviation", "p_value", "std_error"]
_NAMES: Mapping[Beneath, str] = {
    "none": "",
    "interval": "95 % confidence interval",
    "deviation": "standard deviation",
    "p_value": "p-value",
    "std_error": "standard error",
}
_NOTES: Mapping[Beneath, tuple[str, ...]] = {
    "none": (),
    "interval": ("95 % confidence intervals in brackets.",),
    "deviation": ("Standard deviations in parentheses beneath means.",),
    "p_value": ("p-values in parentheses.",),
    "std_error": ("Standard errors, under the design of the sample, in parentheses.",),
}


def composed_table(
    entry: Entry, *, layout: Layout | None = None, notes: Sequence[str] = (), fingerprint: str = ""
) -> Table:
    """The table of an entry, as it comes by itself or as the layout wants it.

    `shown` of a layout is what stands beneath an estimate. Beneath the means of “Table 1” it is
    the standard deviation, unless intervals or nothing are asked for; p-values stand beneath
    correlations only, and t statistics nowhere. `place`, `ratios` and `folded` are of models.
    """
    layout = layout or Layout()
    found = arranged(units_of(entry), replace(layout, folded=()))
    entry = in_order(entry, [unit.key for unit in found.units], layout)
    by_key = {line_key(entry, each): each for each in entry["lines"]}
    lines = [_as_laid_out(entry, by_key[unit.key], unit) for unit in found.units]
    lines += [each for each in entry["lines"] if _is_kept(each, layout)]
    rows = tuple(_rows(entry, lines, layout))
    return Table(
        title=entry["title"],
        columns=_headings(entry, layout),
        rows=rows,
        spanners=_spanners(entry, layout),
        notes=(*entry["notes"], *_told(entry, lines, rows, layout, found.left_out), *notes),
        fingerprint=fingerprint,
        beneath=_NAMES[_beneath(entry, layout)],
    )


def statistics_of(entry: Entry) -> tuple[str, ...]:
    """Labels of the lines under the estimates."""
    return tuple(each["label"] for each in entry["lines"] if each["kind"] == "statistic")


def _as_laid_out(entry: Entry, line: Mapping[str, Any], unit: Unit) -> dict[str, Any]:
    """The line with the words and the heading that the layout gives it; its number stays."""
    is_numbered = entry["kind"] == "correlation"
    label = with_number_of(line, unit.label) if is_numbered else unit.label
    return {**line, "label": label, "group": unit.group}


def _is_kept(line: Mapping[str, Any], layout: Layout) -> bool:
    return line["kind"] == "statistic" and line["label"] not in layout.left_out


def _chosen(entry: Entry, layout: Layout) -> Iterator[tuple[Mapping[str, Any], Line | None]]:
    chosen = {line.key: line for line in layout.columns}
    for column in entry["columns"]:
        yield column, chosen.get(column_key(entry, column))


def _headings(entry: Entry, layout: Layout) -> tuple[str, ...]:
    return tuple(
        line.label
        if line is not None and line.label and not own_number(column, line.label)
        else column["label"]
        for column, line in _chosen(entry, layout)
    )


def _spanners(entry: Entry, layout: Layout) -> tuple[Spanner, ...]:
    groups = [
        column.get("group", "") if line is None or line.group is None else line.group
        for column, line in _chosen(entry, layout)
    ]
    return spanners_over([group or None for group in groups])


def _beneath(entry: Entry, layout: Layout) -> Beneath:
    """What stands beneath the estimates of this table under this layout."""
    if layout.shown in ("none", "interval"):
        return layout.shown
    if entry["beneath"] == "deviation":
        return "deviation"
    is_tested = entry["kind"] == "correlation"
    return "p_value" if layout.shown == "p_value" and is_tested else "std_error"


def _rows(entry: Entry, lines: Sequence[Mapping[str, Any]], layout: Layout) -> Iterator[Row]:
    """The rows; what is of a whole variable stands on the first of its lines that is shown."""
    seen: set[tuple[int, str]] = set()
    body = [line for line in lines if line["kind"] != "statistic"]
    under = [line for line in lines if line["kind"] == "statistic"]
    for group, members in groupby(body, key=lambda line: str(line["group"])):
        if group:
            yield Row(group, (), "group")
        for line in members:
            yield from _of_line(entry, _once(line, seen), layout)
    for line in under:
        yield Row(line["label"], tuple(_count_cell(each) for each in line["cells"]), "statistic")


def _once(line: Mapping[str, Any], seen: set[tuple[int, str]]) -> dict[str, Any]:
    cells = []
    for place, cell in enumerate(line["cells"]):
        mark_of = None if cell is None else cell.get("once")
        if mark_of is None:
            cells.append(cell)
            continue
        cells.append(None if (place, mark_of) in seen else cell)
        seen.add((place, mark_of))
    return {**line, "cells": cells}


def _of_line(entry: Entry, line: Mapping[str, Any], layout: Layout) -> list[Row]:
    decimals = _decimals(line["cells"], layout)
    above = tuple(_cell(cell, layout, decimals) for cell in line["cells"])
    under = tuple(_under(entry, cell, layout, decimals) for cell in line["cells"])
    row = Row(line["label"], above)
    if all(not cell.text for cell in under):
        return [row]
    return [row, Row("", under, "uncertainty")]


def _decimals(cells: Sequence[Any], layout: Layout) -> int:
    """Those that the means of the line need; spreads take the same."""
    if layout.decimals.rule == "fixed":
        return layout.decimals.count
    errors = [
        cell["std_error"]
        for cell in cells
        if cell and cell["form"] == "number" and cell.get("std_error") is not None
    ]
    return numerals.decimals_for(errors)


def _number(value: float | None, form: str, layout: Layout, decimals: int) -> Cell:
    """A number as its form is printed; shares are in per cent."""
    if value is None:
        return Cell(numerals.DASH)
    shown = 100 * value if form == "share" else value
    if form in ("count", "whole"):
        return Cell(numerals.whole(shown), shown)
    if form == "p_value":
        return Cell(numerals.p_value(shown), shown)
    if layout.decimals.rule == "significant":
        return Cell(numerals.significant(shown, max(1, layout.decimals.count)), shown)
    if form == "share" and layout.decimals.rule == "by_error":
        return Cell(numerals.fixed(shown, _PER_CENT), shown)
    if form == "correlation" and layout.decimals.rule == "by_error":
        return Cell(numerals.fixed(shown, 3), shown)
    return Cell(numerals.fixed(shown, decimals), shown)


def _cell(cell: Mapping[str, Any] | None, layout: Layout, decimals: int) -> Cell:
    if cell is None:
        return _EMPTY
    if cell.get("withheld"):
        return Cell(WITHHELD)
    made = _number(cell["value"], cell["form"], layout, decimals)
    if cell["form"] != "correlation" or cell.get("p_value") is None:
        return made
    return replace(made, text=made.text + mark(cell["p_value"], layout.stars))


def _count_cell(cell: Mapping[str, Any] | None) -> Cell:
    if cell is None:
        return _EMPTY
    return Cell(WITHHELD) if cell.get("withheld") else _number(cell["value"], "count", Layout(), 0)


def _under(entry: Entry, cell: Mapping[str, Any] | None, layout: Layout, decimals: int) -> Cell:
    """What stands beneath the estimate; nothing beneath counts and what is withheld."""
    shown = _beneath(entry, layout)
    if cell is None or shown == "none" or cell.get("withheld"):
        return _EMPTY
    form = cell["form"]
    if shown != "interval":
        value = cell.get(shown)
        return _in_parentheses(value, "p_value" if shown == "p_value" else form, layout, decimals)
    if cell.get("low") is None or cell.get("high") is None:
        return _EMPTY
    low, high = (_number(cell[end], form, layout, decimals).text for end in ("low", "high"))
    return Cell(f"[{low}, {high}]")


def _in_parentheses(value: float | None, form: str, layout: Layout, decimals: int) -> Cell:
    if value is None:
        return _EMPTY
    made = _number(value, form, layout, decimals)
    return replace(made, text=numerals.in_parentheses(made.text))


def _told(
    entry: Entry,
    lines: Sequence[Mapping[str, Any]],
    rows: Sequence[Row],
    layout: Layout,
    left_out: Sequence[str],
) -> list[str]:
    """What the layout did, in sentences; and what the mark of what is withheld means."""
    cells = [cell for line in lines for cell in line["cells"] if cell]
    has_beneath = any(row.kind == "uncertainty" for row in rows)
    notes = list(_NOTES[_beneath(entry, layout)]) if has_beneath else []
    if layout.stars and any(cell["form"] == "correlation" for cell in cells):
        notes.append(star_words(layout.stars))
    if left_out:
        notes.append(f"Not shown: {', '.join(left_out)}.")
    if any(cell.get("withheld") for cell in cells):
        notes.append(WITHHELD_NOTE)
    return notes
