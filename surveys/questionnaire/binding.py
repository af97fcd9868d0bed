"""From answers to cells of constructs: what the extract and every model see."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from surveys.questionnaire.binding_rosters import cells_of_roster, value_of_roster
from surveys.questionnaire.conditions import ALWAYS, is_blank
from surveys.questionnaire.constructs import CATALOGUE
from surveys.questionnaire.edits import facet_applies
from surveys.questionnaire.instrument import Instrument, Same
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Binding,
    Code,
    Date,
    Item,
    Lookup,
    MultipleChoice,
    Roster,
    SingleChoice,
)
from surveys.questionnaire.routing import Route, route

Value = float | str | None
_NUMERIC = ("binary", "ordinal", "number", "money", "share", "year")


@dataclass(frozen=True, slots=True)
class BoundColumn:
    """One cell of a construct as a column of the extract."""

    name: str
    construct: str
    measure: str
    label: str
    coordinates: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    codes: tuple[tuple[str, str], ...] = ()


def combinable(measure: str) -> bool:
    """Whether several items may be bound to one cell of the measure."""
    return measure in ("binary", "ordinal")


def cell_name(construct: str, coordinates: Mapping[str, str]) -> str:
    """``construct[a,b]``, with the coordinates in the order of the construct's dimensions."""
    dimensions = CATALOGUE[construct].dimensions
    if not dimensions:
        return construct
    return f"{construct}[{','.join(coordinates[dimension] for dimension in dimensions)}]"


def cells_of(item: Item, binding: Binding) -> tuple[str, ...]:
    """Names of the cells that a binding fills."""
    return tuple(cell_name(binding.construct, at) for at, _ in _cells(item, binding))


@dataclass(frozen=True, slots=True)
class _Tie:
    """One binding of one item to one cell, worked out once for an instrument."""

    item: Item
    binding: Binding
    name: str
    measure: str
    at: Mapping[str, str]
    code: Code | None
    values: Mapping[str, float | str]
    off_route: Value
    of_code: Mapping[str, Value] | None


class _Coded(NamedTuple):
    """A cell that one code of one question fills."""

    name: str
    off_route: Value
    of_code: Mapping[str, Value]


@lru_cache(maxsize=64)
def _ties(same: Same) -> tuple[_Tie, ...]:
    return tuple(
        _Tie(
            item=item,
            binding=binding,
            name=cell_name(binding.construct, at),
            measure=CATALOGUE[binding.construct].measure,
            at=at,
            code=code,
            values=dict(binding.values),
            off_route=_typed(binding.off_route, CATALOGUE[binding.construct].measure),
            of_code=_of_one_code(item, binding) if code is None else None,
        )
        for item in same.instrument.items
        for binding in item.bindings
        for at, code in _cells(item, binding)
    )


@lru_cache(maxsize=64)
def _groups(same: Same) -> tuple[tuple[str, _Coded | None, tuple[_Tie, ...]], ...]:
    """The ties in their order, those together that read the same part of the same answer.

    With the name of the item, and with how its one code fills its one cell where it does.
    """
    alike = groupby(enumerate(_ties(same)), key=_reads)
    groups = (tuple(tie for _, tie in ties) for _, ties in alike)
    return tuple((group[0].item.name, _coded(group[0]), group) for group in groups)


def _coded(tie: _Tie) -> _Coded | None:
    return None if tie.of_code is None else _Coded(tie.name, tie.off_route, tie.of_code)


def _reads(placed: tuple[int, _Tie]) -> tuple[str, str, int]:
    """What a tie reads; one of a single code stands by itself."""
    place, tie = placed
    return tie.item.name, tie.binding.facet, -1 if tie.of_code is None else place


def _of_one_code(item: Item, binding: Binding) -> Mapping[str, Value] | None:
    """The cell of each code of a question of which one is chosen; None for other bindings."""
    if not isinstance(item, SingleChoice) or not binding.values:
        return None
    measure = CATALOGUE[binding.construct].measure
    return {str(code): _typed(value, measure) for code, value in dict(binding.values).items()}


def bound_columns(instrument: Instrument) -> tuple[BoundColumn, ...]:
    """Every cell that the instrument fills, in the order of the items; each once."""
    columns: dict[str, BoundColumn] = {}
    for tie in _ties(Same(instrument)):
        if tie.name not in columns:
            columns[tie.name] = _column(tie.name, tie.item, tie.binding, tie.at)
    return tuple(columns.values())


def bound_values(
    instrument: Instrument, answers: Mapping[str, Any], known: Mapping[str, Any] | None = None
) -> dict[str, Value]:
    """The cells of one firm: floats, code texts for categories, None for missing.

    Answers off the route do not count. Where an item certainly does not apply, its cells
    take the binding's `off_route`; where a blank answer leaves that open, they are missing.
    Several items on one cell: for a binary cell any 1 is 1, else missing if any is missing,
    else 0; for an ordinal cell the largest that is there. `known` is what conditions read
    beside answers: those of the last wave, and the frame.
    """
    firm = route(instrument, answers, known) if known else route(instrument, answers)
    return values_on_route(instrument, firm)


def values_on_route(instrument: Instrument, firm: Route) -> dict[str, Value]:
    """The cells of a firm whose route is known; see `bound_values`."""
    cells: dict[str, Value] = {}
    answers, open_items = firm.answers, firm.open_items
    for read, coded, group in _groups(Same(instrument)):
        if coded is not None and coded.name not in cells:
            # Most questions of most instruments: one code, one cell.
            code = answers.get(read)
            if type(code) is str:
                cells[coded.name] = coded.of_code.get(code)
                continue
            if code is None and read not in answers:
                cells[coded.name] = None if read in open_items else coded.off_route
                continue
        for tie, value in zip(group, _values(group, firm), strict=True):
            if tie.name in cells:
                cells[tie.name] = _combined(cells[tie.name], value, tie.measure)
            else:
                cells[tie.name] = value
    return cells


def _cells(item: Item, binding: Binding) -> list[tuple[dict[str, str], Code | None]]:
    if isinstance(item, Roster):
        return [(at, None) for at in cells_of_roster(item, binding)]
    at = dict(binding.at)
    if not binding.spread:
        return [(at, None)]
    named = dict(binding.values)
    return [
        (at | {binding.spread: str(named.get(code.value, code.value))}, code)
        for code in _spread_codes(item, binding)
        if not code.exclusive and (not named or code.value in named)
    ]


def _spread_codes(item: Item, binding: Binding) -> tuple[Code, ...]:
    if isinstance(item, BatteryRow):
        return next(facet.codes for facet in item.facets if facet.name == binding.facet)
    if isinstance(item, Allocation):
        return item.parts
    return item.codes if isinstance(item, MultipleChoice) else ()


def _column(name: str, item: Item, binding: Binding, at: Mapping[str, str]) -> BoundColumn:
    construct = CATALOGUE[binding.construct]
    coordinates = tuple((dimension, at[dimension]) for dimension in construct.dimensions)
    place = ", ".join(value.replace("_", " ") for _, value in coordinates)
    return BoundColumn(
        name=name,
        construct=construct.name,
        measure=construct.measure,
        label=f"{construct.label}: {place}" if place else construct.label,
        coordinates=coordinates,
        unit=construct.unit,
        codes=_labels(item, binding) if construct.measure == "category" else (),
    )


def _labels(item: Item, binding: Binding) -> tuple[tuple[str, str], ...]:
    if isinstance(item, Lookup):
        return tuple((code.value, code.label) for code in item.codes.codes)
    codes = item.codes if isinstance(item, SingleChoice) else _spread_codes(item, binding)
    named = dict(binding.values)
    return tuple((str(named.get(code.value, code.value)), code.label) for code in codes)


def _values(group: tuple[_Tie, ...], firm: Route) -> list[Value]:
    """The values of ties that read the same; what is the same for all is asked once."""
    item, facet = group[0].item, group[0].binding.facet
    if item.name not in firm.answers:
        is_open = item.name in firm.open_items
        return [None if is_open else tie.off_route for tie in group]
    answer = firm.answers[item.name]
    if isinstance(item, BatteryRow):
        if _is_closed(item, facet, answer):
            return [tie.off_route for tie in group]
        answer = answer.get(facet) if isinstance(answer, dict) else None
    if isinstance(item, Roster):
        return [_typed(value_of_roster(tie.binding, tie.at, answer), tie.measure) for tie in group]
    if is_blank(answer):
        return [None] * len(group)
    return [_typed(_value(tie, answer, firm), tie.measure) for tie in group]


def _value(tie: _Tie, answer: Any, firm: Route) -> Any:
    item, binding = tie.item, tie.binding
    if tie.code is not None and not _is_offered(tie.code, firm):
        return binding.off_route
    if isinstance(item, Date):
        return str(answer)[:4]
    if tie.code is not None:
        return _of_code(answer, tie.code.value)
    if isinstance(answer, dict):
        return answer.get("amount")
    return tie.values.get(str(answer)) if tie.values else answer


def _is_closed(row: BatteryRow, name: str, answer: Any) -> bool:
    """Whether what an earlier facet of the row says leaves this facet unasked."""
    facet = next(each for each in row.facets if each.name == name)
    return isinstance(answer, dict) and not facet_applies(facet, answer)


def _is_offered(code: Code, firm: Route) -> bool:
    return code.universe is ALWAYS or code.universe.holds({**firm.known, **firm.answers})


def _of_code(answer: Any, code: str) -> Any:
    """A part of an allocation, or whether the code is among those chosen."""
    if isinstance(answer, dict):
        return answer.get(code)
    return float(code in answer) if isinstance(answer, list) else None


def _typed(value: Any, measure: str) -> Value:
    if type(value) is float and measure in _NUMERIC and math.isfinite(value):
        return value
    if is_blank(value) or isinstance(value, dict | list):
        return None
    if measure not in _NUMERIC:
        return str(value)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _combined(first: Value, second: Value, measure: str) -> Value:
    if measure == "binary":
        if 1.0 in (first, second):
            return 1.0
        return None if None in (first, second) else 0.0
    present = [float(value) for value in (first, second) if value is not None]
    return max(present) if present else None
