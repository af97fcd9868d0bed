"""Fills: texts that quote the firm's name, the reference period or an earlier answer."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.questionnaire.answer_dates import date_text
from surveys.questionnaire.condition_kinds import LAST
from surveys.questionnaire.conditions import is_blank, is_number, stated_missing
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Computed,
    Date,
    Facet,
    Item,
    Lookup,
    Money,
    MultipleChoice,
    Number,
    Roster,
    Scale,
    Share,
    SingleChoice,
)
from surveys.questionnaire.speech import decimal_mark, say

FILL = re.compile(r"\{([a-z_]+(?::[a-z0-9_.]+)?)\}")
NEUTRAL = {
    "firm": "the firm",
    "trading_as": "the firm",
    "period": "the reference period",
    "first_year": "the first year",
    "last_year": "the last year",
}
SIMPLE_FILLS = tuple(NEUTRAL)
NOT_PROVIDED = "Not provided"
STATED = {
    "dont_know": "Don't know",
    "refused": "Prefer not to say",
    "not_applicable": "Does not apply",
}
_QUOTED = re.compile(r"\{answer:([a-z0-9_.]+)\}")
_THIN_SPACE = "\u2009"
_EXACT = 10**15  # up to here a float prints as the whole number that it is


@dataclass(frozen=True, slots=True)
class FillContext:
    """What the texts of one firm may quote. A firm without `trading_as` trades under its name.

    Within an entry of a roster, `answers` hold also those of the entry, as ``roster.local``.
    `known` is what is known beside them, of which texts may quote ``last.item``.
    """

    firm: str
    first_year: int
    last_year: int
    answers: Mapping[str, Any] = field(default_factory=dict)
    instrument: Instrument | None = None
    trading_as: str = ""
    known: Mapping[str, Any] = field(default_factory=dict)


def fill(text: str, context: FillContext) -> str:
    """The text with its fills; what is not known stays as it is written."""
    return FILL.sub(lambda found: _filled(found, context), text) if "{" in text else text


def _filled(found: re.Match[str], context: FillContext) -> str:
    name = found.group(1)
    simple = {
        "firm": context.firm,
        "trading_as": context.trading_as or context.firm,
        "period": say("{first} to {last}", first=context.first_year, last=context.last_year),
        "first_year": str(context.first_year),
        "last_year": str(context.last_year),
    }
    if name in simple:
        return simple[name]
    if not name.startswith("answer:") or context.instrument is None:
        return found.group(0)
    reference = name.removeprefix("answer:")
    item = _item_of(context.instrument, reference.removeprefix(LAST))
    if item is None:
        return found.group(0)
    said = context.known if reference.startswith(LAST) else context.answers
    answer = said.get(reference)
    return names_of_entries(item, answer) if isinstance(item, Roster) else answer_text(item, answer)


def _item_of(instrument: Instrument, name: str) -> Item | None:
    """The item of that name, also one of the entries of a roster."""
    for item in instrument.items:
        if item.name == name:
            return item
        if isinstance(item, Roster) and name.startswith(f"{item.name}."):
            return next((inner for inner in item.items if inner.name == name), None)
    return None


def quoted(text: str) -> frozenset[str]:
    """The answers that a text quotes: ``item``, ``roster.local``, ``last.item``."""
    return frozenset(_QUOTED.findall(text))


def neutral(text: str) -> str:
    """The text for every firm at once, as the codebook prints it."""
    return FILL.sub(lambda found: NEUTRAL.get(found.group(1), f"[{found.group(1)}]"), text)


def answer_text(item: Item, value: Any) -> str:
    """An answer in words, for the page of all answers and the receipt."""
    if reason := stated_missing(value):
        return say(STATED[reason])
    if is_blank(value):
        return say(NOT_PROVIDED)
    match item:
        case Allocation():
            return _allocation_text(item, value)
        case BatteryRow():
            return _row_text(item, value)
        case Roster():
            return _roster_text(item, value)
        case _:
            return _value_text(item, value)


def _value_text(item: Item, value: Any) -> str:
    match item:
        case SingleChoice():
            return _label(item.codes, value)
        case MultipleChoice():
            return _labels(item.codes, value)
        case Lookup():
            return item.codes.label(value) if isinstance(value, str) else str(value)
        case Scale():
            return _scale_text(item, value)
        case Date():
            return date_text(str(value))
        case Money():
            return _money_text(item, value)
        case Share():
            return f"{number_text(value)} %"
        case Computed():
            return _amount(rounded(value, item.decimals), item.unit)
        case Number():
            return _amount(value, item.unit)
        case _:
            return str(value)


def _amount(value: Any, unit: str) -> str:
    return f"{number_text(value)} {unit}".strip()


def rounded(value: Any, decimals: int) -> Any:
    """A computed number with the decimals that its item shows."""
    if not is_number(value) or not math.isfinite(value):
        return value
    return round(float(value), decimals) if decimals else float(round(value))


def _scale_text(item: Scale, value: Any) -> str:
    label = dict(item.points).get(value, "") if is_number(value) else ""
    return f"{number_text(value)} – {label}" if label else number_text(value)


def names_of_entries(item: Roster, value: Any) -> str:
    """The names of the entries of a roster, in their order."""
    entries = value if isinstance(value, list) else []
    local = item.items[0].name.removeprefix(f"{item.name}.")
    names = [str(entry.get(local)) for entry in entries if isinstance(entry, dict)]
    return "; ".join(name for name in names if name not in ("", "None")) or say(NOT_PROVIDED)


def _roster_text(item: Roster, value: Any) -> str:
    """``Nord AS: Supplier, Local area; Sør AS: ...``"""
    if not isinstance(value, list):
        return str(value)
    return "; ".join(_entry_text(item, entry) for entry in value if isinstance(entry, dict))


def _entry_text(item: Roster, entry: Mapping[str, Any]) -> str:
    said = [
        answer_text(each, answer)
        for each in item.items
        if not is_blank(answer := entry.get(each.name.removeprefix(f"{item.name}.")))
    ]
    name, *others = said or [say(NOT_PROVIDED)]
    return f"{name}: {', '.join(others)}" if others else name


def number_text(value: Any) -> str:
    """A number as it is printed: thin spaces between thousands, no needless decimals."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    whole = isinstance(value, float) and value.is_integer() and abs(value) < _EXACT
    figures = f"{value:,.0f}" if whole else f"{value:,}"
    return figures.replace(",", _THIN_SPACE).replace(".", decimal_mark())


def _label(codes: tuple[Code, ...], value: Any) -> str:
    return next((code.label for code in codes if code.value == value), str(value))


def _labels(codes: tuple[Code, ...], values: Any) -> str:
    if not isinstance(values, list):
        return _label(codes, values)
    return "; ".join(_label(codes, value) for value in values)


def _money_text(item: Money, value: Any) -> str:
    if not isinstance(value, dict) or value.get("amount") is None:
        return say(NOT_PROVIDED)
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
        _facet_text(facet, row[facet.name])
        for facet in item.facets
        if not is_blank(row.get(facet.name))
    ]
    return "; ".join(said) or say(NOT_PROVIDED)


def _facet_text(facet: Facet, answer: Any) -> str:
    if facet.choose != "number":
        return _labels(facet.codes, answer)
    if not isinstance(answer, dict):
        return _amount(answer, facet.unit)
    return "; ".join(
        f"{code.label}: {_amount(answer[code.value], facet.unit)}"
        for code in facet.codes
        if answer.get(code.value) is not None
    )
