"""Answers as a table with a row a firm, and as one with a row a cell of a battery."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from surveys.questionnaire.answer_checks import facet_applies
from surveys.questionnaire.codebook import MISSING_OF_STATE, Asked
from surveys.questionnaire.conditions import ALWAYS, is_blank, stated_missing
from surveys.questionnaire.instrument import Instrument, Same
from surveys.questionnaire.items import BatteryRow, Item, Money, Roster
from surveys.questionnaire.routing import Route, entry_answers, entry_route, missing_state
from surveys.questionnaire.wide_form import Cell, asked_with_entries, cells_of, column_name

Value = float | int | str
_NOT_ASKED = MISSING_OF_STATE["not_asked"]
_INSTRUMENTS_AT_HAND = 16


@dataclass(frozen=True, slots=True)
class LongRow:
    """One cell of a battery: its row, its facet with the code or column, and the value.

    `value` is a number, a code, 1 or 0 for a code that is chosen or not, or a missing code.
    """

    battery: str
    row: str
    facet: str
    column: str
    value: Value


def wide_values(instrument: Instrument, firm: Route) -> dict[str, Value]:
    """The values of one firm by name of column: numbers, texts, or missing codes (``.a``)."""
    scope = {**firm.known, **firm.answers}
    values: dict[str, Value] = {}
    for place in _places(Same(instrument)):
        said = _said(place.asked, place.entry, firm, scope)
        for name, cell in place.cells:
            values[name] = _value(place.asked.item, cell, said)
    return values


def long_rows(instrument: Instrument, firm: Route) -> tuple[LongRow, ...]:
    """Every cell of every battery for one firm, whether or not it was asked."""
    scope = {**firm.known, **firm.answers}
    return tuple(
        LongRow(item.battery, item.row.value, cell.facet, cell.code, _value(item, cell, said))
        for item, cells in _rows_of_batteries(Same(instrument))
        for said in [_outside(item, firm, scope)]
        for cell in cells
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item stands in the table: which entry of a roster, and its columns by name."""

    asked: Asked
    entry: int
    cells: tuple[tuple[str, Cell], ...]


# The same for every firm, and made of every item: it would be most of the time of a large file.
@lru_cache(maxsize=_INSTRUMENTS_AT_HAND)
def _places(same: Same) -> tuple[_Place, ...]:
    return tuple(
        _Place(
            asked,
            entry,
            tuple((column_name(asked, cell, entry), cell) for cell in cells_of(asked.item)),
        )
        for asked, entry in asked_with_entries(same.instrument)
    )


@lru_cache(maxsize=_INSTRUMENTS_AT_HAND)
def _rows_of_batteries(same: Same) -> tuple[tuple[BatteryRow, tuple[Cell, ...]], ...]:
    return tuple(
        (item, tuple(cells_of(item)))
        for item in same.instrument.items
        if isinstance(item, BatteryRow)
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What a firm said to one item.

    Attributes
    ----------
    missing : the code that stands where the answer says nothing
    scope : what conditions on the codes of the item read
    """

    answer: Any
    missing: str
    scope: Mapping[str, Any]


def _said(asked: Asked, entry: int, firm: Route, scope: Mapping[str, Any]) -> _Said:
    if asked.roster is None:
        return _outside(asked.item, firm, scope)
    return _within(asked, entry, firm)


def _outside(item: Item, firm: Route, scope: Mapping[str, Any]) -> _Said:
    """What was said to an item outside of rosters."""
    state = missing_state(item, firm)
    missing = MISSING_OF_STATE.get(state, MISSING_OF_STATE["skipped"])
    return _Said(firm.answers.get(item.name), missing, scope)


def _within(asked: Asked, entry: int, firm: Route) -> _Said:
    """What was said to an item of one entry of a roster."""
    roster = asked.roster
    entries = firm.answers.get(roster.name) if roster is not None else None
    if roster is None or not isinstance(entries, list) or len(entries) < entry:
        return _Said(None, _NOT_ASKED, {})
    said = entries[entry - 1]
    if not isinstance(said, Mapping):
        return _Said(None, _NOT_ASKED, {})
    pages = entry_route(roster, said, firm.answers, firm.known)
    if not any(asked.item.name == item.name for page in pages for item in page.items):
        return _Said(None, _NOT_ASKED, {})
    answer = said.get(asked.item.name.removeprefix(f"{roster.name}."))
    scope = {**firm.known, **firm.answers, **entry_answers(roster, said)}
    return _Said(answer, MISSING_OF_STATE[stated_missing(answer) or "skipped"], scope)


def _value(item: Item, cell: Cell, said: _Said) -> Value:
    if isinstance(item, Roster):
        # An empty list says that there are none; a blank says nothing.
        return len(said.answer) if isinstance(said.answer, list) else said.missing
    if is_blank(said.answer):
        return said.missing
    if _is_closed(item, cell, said.answer) or not _is_offered(cell, said.scope):
        return _NOT_ASKED
    return _of_cell(item, cell, said.answer, said.missing)


def _is_closed(item: Item, cell: Cell, answer: Any) -> bool:
    """Whether what an earlier facet of the row says leaves this one unasked."""
    if not isinstance(item, BatteryRow) or not isinstance(answer, Mapping):
        return False
    facet = next(each for each in item.facets if each.name == cell.facet)
    return not facet_applies(facet, answer)


def _is_offered(cell: Cell, scope: Mapping[str, Any]) -> bool:
    return cell.offered is ALWAYS or cell.offered.holds(scope)


def _of_cell(item: Item, cell: Cell, answer: Any, missing: str) -> Value:
    if isinstance(item, BatteryRow) and isinstance(answer, Mapping):
        answer = answer.get(cell.facet)
    if is_blank(answer):
        return missing
    if cell.type == "flag":
        return int(isinstance(answer, list) and cell.code in answer)
    if cell.code and isinstance(answer, Mapping):
        answer = answer.get(cell.code)
    elif isinstance(item, Money) and isinstance(answer, Mapping):
        answer = answer.get("amount")
    return missing if is_blank(answer) or isinstance(answer, dict | list) else answer
