"""From answers to cells of constructs: what the extract and every model see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys.questionnaire.constructs import CATALOGUE
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Binding,
    Code,
    Item,
    MultipleChoice,
    SingleChoice,
)
from surveys.questionnaire.routing import route

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


def bound_columns(instrument: Instrument) -> tuple[BoundColumn, ...]:
    """Every cell that the instrument fills, in the order of the items; each once."""
    columns: dict[str, BoundColumn] = {}
    for item in instrument.items:
        for binding in item.bindings:
            for at, code in _cells(item, binding):
                name = cell_name(binding.construct, at)
                columns.setdefault(name, _column(name, item, binding, at, code))
    return tuple(columns.values())


def bound_values(instrument: Instrument, answers: Mapping[str, Any]) -> dict[str, Value]:
    """The cells of one firm: floats, code texts for categories, None for missing.

    Answers off the route do not count; where an item does not apply, its cells take the
    binding's `off_route`. Several items on one cell: for a binary cell any 1 is 1, else
    missing if any is missing, else 0; for an ordinal cell the largest that is there.
    """
    firm = route(instrument, answers)
    asked = {item.name for page in firm.pages for item in page.items}
    cells: dict[str, Value] = {}
    for item in instrument.items:
        for binding in item.bindings:
            construct = CATALOGUE[binding.construct]
            for at, code in _cells(item, binding):
                name = cell_name(binding.construct, at)
                if item.name in asked:
                    value = _value(item, binding, code, firm.answers.get(item.name))
                else:
                    value = binding.off_route
                value = _typed(value, construct.measure)
                first = name not in cells
                cells[name] = value if first else _combined(cells[name], value, construct.measure)
    return cells


def _cells(item: Item, binding: Binding) -> list[tuple[dict[str, str], Code | None]]:
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


def _column(
    name: str, item: Item, binding: Binding, at: dict[str, str], code: Code | None
) -> BoundColumn:
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
    if not isinstance(item, SingleChoice):
        return ()
    named = dict(binding.values)
    return tuple((str(named.get(code.value, code.value)), code.label) for code in item.codes)


def _value(item: Item, binding: Binding, code: Code | None, answer: Any) -> Any:
    if isinstance(item, BatteryRow):
        facet = next(each for each in item.facets if each.name == binding.facet)
        row = answer if isinstance(answer, dict) else {}
        answer = row.get(binding.facet)
        if answer is None and facet.applies_when is not None:
            other, codes = facet.applies_when
            closed = row.get(other) is not None and row[other] not in codes
            return binding.off_route if closed else None
    if answer is None:
        return None
    if code is not None:
        return (
            answer.get(code.value) if isinstance(item, Allocation) else float(code.value in answer)
        )
    if isinstance(answer, dict):
        return answer.get("amount")
    if binding.values:
        return dict(binding.values).get(str(answer))
    return answer


def _typed(value: Any, measure: str) -> Value:
    if value is None or value == "":
        return None
    if measure not in _NUMERIC:
        return str(value)
    try:
        return float(value)
    except ValueError:
        return None


def _combined(first: Value, second: Value, measure: str) -> Value:
    if measure == "binary":
        if 1.0 in (first, second):
            return 1.0
        return None if None in (first, second) else 0.0
    present = [float(value) for value in (first, second) if value is not None]
    return max(present) if present else None
