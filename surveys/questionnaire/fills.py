"""Fills: texts that quote the firm's name, the reference period or an earlier answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.questionnaire.conditions import is_blank
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Item,
    Money,
    MultipleChoice,
    Number,
    Share,
    SingleChoice,
)

FILL = re.compile(r"\{([a-z_]+(?::[a-z0-9_.]+)?)\}")
NEUTRAL = {
    "firm": "the firm",
    "period": "the reference period",
    "first_year": "the first year",
    "last_year": "the last year",
}
SIMPLE_FILLS = tuple(NEUTRAL)
NOT_PROVIDED = "Not provided"
_THIN_SPACE = "\u2009"
_EXACT = 10**15  # up to here a float prints as the whole number that it is


@dataclass(frozen=True, slots=True)
class FillContext:
    """What the texts of one firm may quote."""

    firm: str
    first_year: int
    last_year: int
    answers: Mapping[str, Any] = field(default_factory=dict)
    instrument: Instrument | None = None


def fill(text: str, context: FillContext) -> str:
    """The text with its fills; what is not known stays as it is written."""
    return FILL.sub(lambda found: _filled(found, context), text)


def _filled(found: re.Match[str], context: FillContext) -> str:
    name = found.group(1)
    simple = {
        "firm": context.firm,
        "period": f"{context.first_year} to {context.last_year}",
        "first_year": str(context.first_year),
        "last_year": str(context.last_year),
    }
    if name in simple:
        return simple[name]
    if not name.startswith("answer:") or context.instrument is None:
        return found.group(0)
    try:
        item = context.instrument.item(name.removeprefix("answer:"))
    except KeyError:
        return found.group(0)
    return answer_text(item, context.answers.get(item.name))


def neutral(text: str) -> str:
    """The text for every firm at once, as the codebook prints it."""
    return FILL.sub(lambda found: NEUTRAL.get(found.group(1), f"[{found.group(1)}]"), text)


def answer_text(item: Item, value: Any) -> str:
    """An answer in words, for the page of all answers and the receipt."""
    if is_blank(value):
        return NOT_PROVIDED
    match item:
        case SingleChoice():
            return _label(item.codes, value)
        case MultipleChoice():
            return _labels(item.codes, value)
        case Money():
            return _money_text(item, value)
        case Share():
            return f"{number_text(value)} %"
        case Number():
            return f"{number_text(value)} {item.unit}".strip()
        case Allocation():
            return _allocation_text(item, value)
        case BatteryRow():
            return _row_text(item, value)
        case _:
            return str(value)


def number_text(value: Any) -> str:
    """A number as it is printed: thin spaces between thousands, no needless decimals."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    whole = isinstance(value, float) and value.is_integer() and abs(value) < _EXACT
    return (f"{value:,.0f}" if whole else f"{value:,}").replace(",", _THIN_SPACE)


def _label(codes: tuple[Code, ...], value: Any) -> str:
    return next((code.label for code in codes if code.value == value), str(value))


def _labels(codes: tuple[Code, ...], values: Any) -> str:
    if not isinstance(values, list):
        return _label(codes, values)
    return "; ".join(_label(codes, value) for value in values)


def _money_text(item: Money, value: Any) -> str:
    if not isinstance(value, dict) or value.get("amount") is None:
        return NOT_PROVIDED
    return f"{item.currency} {number_text(value['amount'])}"


def _allocation_text(item: Allocation, value: Any) -> str:
    parts = value if isinstance(value, dict) else {}
    return "; ".join(
        f"{part.label}: {number_text(parts[part.value])} {item.unit}"
        for part in item.parts
        if parts.get(part.value) is not None
    )


def _row_text(item: BatteryRow, value: Any) -> str:
    row = value if isinstance(value, dict) else {}
    said = [
        _labels(facet.codes, row[facet.name])
        for facet in item.facets
        if not is_blank(row.get(facet.name))
    ]
    return "; ".join(said) or NOT_PROVIDED
