"""From an item to form fields, and from what was typed to an answer and back.

Three functions for every kind of item: `fields_of` makes its form fields, `answer_from`
reads the answer out of their cleaned values, `typed_from` writes an answer as the values
the fields would have been given. ``answer_from(typed_from(answer)) == answer``.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import singledispatch
from typing import Any

from django import forms

from surveys.forms.fields import (
    ManyCodesField,
    NumberField,
    OneCodeField,
    PlainTextField,
    without_signs,
)
from surveys.forms.numbers import UnreadableNumber, read_number, written
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
    Text,
    Year,
)

Fields = dict[str, forms.Field]
Typed = dict[str, Any]

MONEY_UNITS = ("units", "thousands")
_CURRENCY_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "NOK": "kr", "SEK": "kr", "DKK": "kr"}


class UnreadableAnswer(ValueError):
    """The parts of an answer do not fit together; `part` is the field that is to change."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


def field_name(item: Item, part: str = "") -> str:
    """Name of the form field of an item, or of one part of it."""
    return f"{item.name}-{part}" if part else item.name


@singledispatch
def fields_of(item: Item) -> Fields:
    raise TypeError(f"No form for {type(item).__name__}")


@singledispatch
def answer_from(item: Item, cleaned: Mapping[str, Any]) -> Any:
    """The answer, or None if everything was left blank. Raises UnreadableAnswer."""
    return cleaned.get(item.name)


@singledispatch
def typed_from(item: Item, answer: Any) -> Typed:
    return {item.name: "" if answer is None else answer}


@fields_of.register
def _(item: SingleChoice) -> Fields:
    return {item.name: OneCodeField(_choices(item.codes))}


@fields_of.register
def _(item: MultipleChoice) -> Fields:
    return {item.name: ManyCodesField(_choices(item.codes))}


@typed_from.register
def _(item: MultipleChoice, answer: Any) -> Typed:
    return {item.name: answer or []}


@fields_of.register
def _(item: Number) -> Fields:
    example = "25000" if item.maximum is None or item.maximum >= 25000 else "12"
    signs = (item.unit,) if item.unit else ()
    return {item.name: NumberField(decimals=item.decimals, example=example, signs=signs)}


@fields_of.register
def _(item: Share) -> Fields:
    signs = ("%", "per cent", "percent")
    return {item.name: NumberField(decimals=item.decimals, example="12", signs=signs)}


@fields_of.register
def _(item: Year) -> Fields:
    return {item.name: NumberField(decimals=0, example="2021")}


@typed_from.register(Number)
@typed_from.register(Share)
@typed_from.register(Year)
def _(item: Number | Share | Year, answer: Any) -> Typed:
    return {item.name: "" if answer is None else written(answer)}


@fields_of.register
def _(item: Text) -> Fields:
    return {item.name: PlainTextField()}


@fields_of.register
def _(item: Money) -> Fields:
    units = tuple((unit, unit) for unit in MONEY_UNITS)
    return {item.name: PlainTextField(), field_name(item, "unit"): OneCodeField(units)}


@answer_from.register
def _(item: Money, cleaned: Mapping[str, Any]) -> Any:
    signs = (item.currency, _CURRENCY_SIGNS.get(item.currency, item.currency))
    typed = without_signs(cleaned.get(item.name) or "", signs)
    unit = cleaned.get(field_name(item, "unit"))
    if typed == "":
        return None
    try:
        decimals = 3 if unit == "thousands" else 0
        amount = read_number(typed, decimals=decimals, example="2500000", comma_groups=True)
    except UnreadableNumber as error:
        raise UnreadableAnswer("", str(error)) from None
    if unit is None:
        units = f"in {item.currency} or in thousands of {item.currency}"
        raise UnreadableAnswer("unit", f"Say whether the amount is {units}.")
    factor = 1000 if unit == "thousands" else 1
    return {"amount": int(Decimal(str(amount)) * factor), "unit": unit}


@typed_from.register
def _(item: Money, answer: Any) -> Typed:
    unit = field_name(item, "unit")
    if answer is None:
        return {item.name: "", unit: ""}
    divisor = 1000 if answer["unit"] == "thousands" else 1
    return {item.name: written(Decimal(answer["amount"]) / divisor), unit: answer["unit"]}


@fields_of.register
def _(item: Allocation) -> Fields:
    signs = (item.unit,) if item.unit else ()
    return {
        field_name(item, part.value): NumberField(decimals=2, example="40", signs=signs)
        for part in item.parts
    }


@answer_from.register
def _(item: Allocation, cleaned: Mapping[str, Any]) -> Any:
    """A part left blank is 0 once another part is filled in."""
    parts = {part.value: cleaned.get(field_name(item, part.value)) for part in item.parts}
    if all(amount is None for amount in parts.values()):
        return None
    return {part: amount or 0 for part, amount in parts.items()}


@typed_from.register
def _(item: Allocation, answer: Any) -> Typed:
    return {
        field_name(item, part.value): "" if answer is None else written(answer[part.value])
        for part in item.parts
    }


@fields_of.register
def _(item: BatteryRow) -> Fields:
    return {
        field_name(item, facet.name): (
            OneCodeField(_choices(facet.codes))
            if facet.choose == "one"
            else ManyCodesField(_choices(facet.codes))
        )
        for facet in item.facets
    }


@answer_from.register
def _(item: BatteryRow, cleaned: Mapping[str, Any]) -> Any:
    facets = {facet.name: cleaned.get(field_name(item, facet.name)) for facet in item.facets}
    if all(chosen is None for chosen in facets.values()):
        return None
    return facets


@typed_from.register
def _(item: BatteryRow, answer: Any) -> Typed:
    chosen = answer or {}
    return {
        field_name(item, facet.name): chosen.get(facet.name)
        or ("" if facet.choose == "one" else [])
        for facet in item.facets
    }


def _choices(codes: tuple[Code, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code.value, code.label) for code in codes)
