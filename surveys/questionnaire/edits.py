"""Checks on answers: those every kind brings, and those the author wrote."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from surveys.questionnaire.conditions import is_blank, is_number
from surveys.questionnaire.fills import FillContext, fill, number_text
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Facet,
    Item,
    Money,
    MultipleChoice,
    Number,
    Share,
    SingleChoice,
    Text,
    Year,
)

MONEY_UNITS = {"units": 1, "thousands": 1000}
_LARGEST = 10**15
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one answer. `field` is a facet or part, or empty for the whole."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """An authored edit that speaks."""

    edit: str
    severity: Literal["hard", "soft"]
    message: str
    items: tuple[str, ...]


def check_page(page: Page, answers: Mapping[str, Any], context: FillContext) -> tuple[Finding, ...]:
    """The authored edits of a page that speak, given all answers that count."""
    return tuple(
        Finding(edit.name, edit.severity, fill(edit.message, context), edit.items)
        for edit in page.edits
        if edit.fails_when.holds(answers)
    )


def check_value(item: Item, value: Any) -> tuple[Fault, ...]:
    """What is wrong with one answer, whatever JSON value it is. Blank is never wrong."""
    if value is None:
        return ()
    match item:
        case SingleChoice():
            return _one_code(item.codes, value, "")
        case MultipleChoice():
            return _many_codes(item.codes, value, "")
        case Money():
            return _money(item, value)
        case Number() | Year() | Share():
            return _one_number(item, value)
        case Text():
            return _text(item, value)
        case Allocation():
            return _allocation(item, value)
        case BatteryRow():
            return _row(item, value)
        case _:
            return (Fault("", "This kind of item is not known."),)


def _one_number(item: Number | Year | Share, value: Any) -> tuple[Fault, ...]:
    match item:
        case Number():
            return _number(value, item.minimum, item.maximum, item.decimals, "")
        case Year():
            return _number(value, item.minimum, item.maximum, 0, "", grouped=False)
        case Share():
            return _number(value, 0, 100, item.decimals, "")


def _one_code(codes: tuple[Code, ...], value: Any, field: str) -> tuple[Fault, ...]:
    if isinstance(value, str) and any(code.value == value for code in codes):
        return ()
    return (Fault(field, "Choose one of the answers listed."),)


def _many_codes(codes: tuple[Code, ...], values: Any, field: str) -> tuple[Fault, ...]:
    known = {code.value: code for code in codes}
    if not isinstance(values, list) or not all(isinstance(v, str) and v in known for v in values):
        return (Fault(field, "Choose from the answers listed."),)
    if len(set(values)) != len(values):
        return (Fault(field, "Choose each answer once."),)
    exclusive = [known[value] for value in values if known[value].exclusive]
    if exclusive and len(values) > 1:
        return (
            Fault(field, f"Choose either “{exclusive[0].label}” or the other answers, not both."),
        )
    return ()


def _number(
    value: Any,
    minimum: float | None,
    maximum: float | None,
    decimals: int,
    field: str,
    *,
    grouped: bool = True,
) -> tuple[Fault, ...]:
    shown = number_text if grouped else str
    if not is_number(value) or (isinstance(value, float) and not math.isfinite(value)):
        return (Fault(field, "Enter a number."),)
    least, most = minimum, _LARGEST if maximum is None else min(maximum, _LARGEST)
    if least is not None and value < least:
        return (Fault(field, f"Enter a number of {shown(least)} or more."),)
    if value > most:
        return (Fault(field, f"Enter a number of {shown(most)} or less."),)
    if value < -_LARGEST:
        return (Fault(field, f"Enter a number of {shown(-_LARGEST)} or more."),)
    return _decimals(value, decimals, field)


def _decimals(value: float, decimals: int, field: str) -> tuple[Fault, ...]:
    if decimals == 0 and not float(value).is_integer():
        return (Fault(field, "Enter a whole number, without decimals."),)
    shifted = value * 10**decimals
    if abs(shifted - round(shifted)) > max(_ROUNDING, abs(shifted) * 1e-12):
        places = "1 decimal" if decimals == 1 else f"{decimals} decimals"
        return (Fault(field, f"Enter a number with at most {places}."),)
    return ()


def _money(item: Money, value: Any) -> tuple[Fault, ...]:
    if not isinstance(value, dict) or set(value) != {"amount", "unit"}:
        return (Fault("", "Enter an amount and say whether it is in thousands."),)
    if value["unit"] not in ("units", "thousands"):
        return (Fault("unit", "Say whether the amount is in thousands."),)
    if value["amount"] is None:
        return ()
    return _number(value["amount"], item.minimum, item.maximum, 0, "")


def _text(item: Text, value: Any) -> tuple[Fault, ...]:
    if not isinstance(value, str):
        return (Fault("", "Enter a text."),)
    if "\x00" in value:
        return (Fault("", "Remove the characters that cannot be printed."),)
    if len(value) > item.max_length:
        return (
            Fault(
                "",
                f"Shorten the text to {number_text(item.max_length)} characters; "
                f"it has {number_text(len(value))}.",
            ),
        )
    return ()


def _allocation(item: Allocation, value: Any) -> tuple[Fault, ...]:
    names = {part.value for part in item.parts}
    if not isinstance(value, dict) or not set(value) <= names:
        return (Fault("", "Enter a number for each part."),)
    if is_blank(value):
        return ()
    blank = [part for part in item.parts if is_blank(value.get(part.value))]
    if blank:
        return tuple(
            Fault(part.value, f"Enter a number for “{part.label}”, or 0.") for part in blank
        )
    faults = tuple(
        fault
        for part in item.parts
        for fault in _number(value[part.value], 0, item.total, 2, part.value)
    )
    return faults or _sum(item, sum(value.values()))


def _sum(item: Allocation, total: float) -> tuple[Fault, ...]:
    if abs(total - item.total) <= _ROUNDING:
        return ()
    return (
        Fault(
            "",
            f"The parts must add up to {number_text(item.total)} {item.unit}; "
            f"they add up to {number_text(round(total, 2))} {item.unit}.",
        ),
    )


def _row(item: BatteryRow, value: Any) -> tuple[Fault, ...]:
    facets = {facet.name: facet for facet in item.facets}
    if not isinstance(value, dict) or not set(value) <= set(facets):
        return (Fault("", "Choose from the answers listed."),)
    return tuple(
        fault
        for facet in item.facets
        for fault in _facet(facet, value.get(facet.name), value, item)
    )


def _facet(facet: Facet, answer: Any, row: dict[str, Any], item: BatteryRow) -> tuple[Fault, ...]:
    if is_blank(answer):
        return ()
    if not facet_applies(facet, row):
        return (
            Fault(
                facet.name,
                f"You chose an answer that does not go with “{_chosen_label(facet, row, item)}”. "
                "Change one of the two.",
            ),
        )
    if facet.choose == "one":
        return _one_code(facet.codes, answer, facet.name)
    return _many_codes(facet.codes, answer, facet.name)


def facet_applies(facet: Facet, row: Mapping[str, Any]) -> bool:
    """Whether the earlier facet leaves this one open; a blank one does."""
    if facet.applies_when is None:
        return True
    other, codes = facet.applies_when
    answer = row.get(other)
    return is_blank(answer) or (isinstance(answer, str) and answer in codes)


def _chosen_label(facet: Facet, row: dict[str, Any], item: BatteryRow) -> str:
    other = facet.applies_when[0] if facet.applies_when else ""
    for each in item.facets:
        if each.name == other:
            return next((code.label for code in each.codes if code.value == row.get(other)), "")
    return ""
