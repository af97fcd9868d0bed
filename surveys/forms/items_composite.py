"""Kinds of item that are answered in several fields."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from surveys.forms.fields import (
    ManyCodesField,
    NumberField,
    OneCodeField,
    PlainTextField,
    without_signs,
)
from surveys.forms.items_base import (
    Fields,
    Typed,
    UnreadableAnswer,
    choices_of,
    field_name,
    own_answer,
    own_fields,
    own_typed,
)
from surveys.forms.numbers import UnreadableNumber, read_number, written
from surveys.questionnaire.items import Allocation, BatteryRow, Date, Facet, Item, Lookup, Money
from surveys.questionnaire.speech import say

MONEY_UNITS = ("units", "thousands")
_PART_MISSING = {
    "day": "Enter the day of the date as well.",
    "month": "Enter the month of the date as well.",
    "year": "Enter the year of the date as well.",
}
_PART_WRONG = {
    "day": "Enter the day as a number from 1 to 31.",
    "month": "Enter the month as a number from 1 to 12.",
    "year": "Enter the year in four figures, like 2024.",
}
_CURRENCY_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "NOK": "kr", "SEK": "kr", "DKK": "kr"}


@own_fields.register
def _(item: Money) -> Fields:
    units = tuple((unit, unit) for unit in MONEY_UNITS)
    return {item.name: PlainTextField(), field_name(item, "unit"): OneCodeField(units)}


@own_answer.register
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
        sentence = "Say whether the amount is in {currency} or in thousands of {currency}."
        raise UnreadableAnswer("unit", say(sentence, currency=item.currency))
    factor = 1000 if unit == "thousands" else 1
    return {"amount": int(Decimal(str(amount)) * factor), "unit": unit}


@own_typed.register
def _(item: Money, answer: Any) -> Typed:
    unit = field_name(item, "unit")
    if answer is None:
        return {item.name: "", unit: ""}
    divisor = 1000 if answer["unit"] == "thousands" else 1
    return {item.name: written(Decimal(answer["amount"]) / divisor), unit: answer["unit"]}


def date_parts(item: Date) -> tuple[str, ...]:
    """The boxes of a date, in the order in which they are drawn."""
    return ("day", "month", "year") if item.precision == "day" else ("month", "year")


@own_fields.register
def _(item: Date) -> Fields:
    return {field_name(item, part): PlainTextField() for part in date_parts(item)}


@own_answer.register
def _(item: Date, cleaned: Mapping[str, Any]) -> Any:
    typed = {part: cleaned.get(field_name(item, part)) for part in date_parts(item)}
    if all(text is None for text in typed.values()):
        return None
    numbers = {part: _date_part(part, text) for part, text in typed.items()}
    try:
        day = date(numbers["year"], numbers["month"], numbers.get("day", 1))
    except ValueError:
        sentence = "There is no such day in that month. Check the day and the month."
        raise UnreadableAnswer("day", say(sentence)) from None
    return day.isoformat() if item.precision == "day" else day.isoformat()[:7]


def _date_part(part: str, typed: str | None) -> int:
    """The number of one box. Raises UnreadableAnswer, which names the box."""
    if typed is None:
        raise UnreadableAnswer(part, say(_PART_MISSING[part]))
    ranges = {"day": (1, 31), "month": (1, 12), "year": (1000, 9999)}
    least, most = ranges[part]
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 0
    if not least <= number <= most:
        raise UnreadableAnswer(part, say(_PART_WRONG[part]))
    return number


@own_typed.register
def _(item: Date, answer: Any) -> Typed:
    parts = date_parts(item)
    written_parts = reversed(str(answer).split("-")) if answer else ("",) * len(parts)
    return {
        field_name(item, part): text.lstrip("0")
        for part, text in zip(parts, written_parts, strict=True)
    }


@own_fields.register
def _(item: Lookup) -> Fields:
    """What was typed, the code that was chosen, and the text it was chosen for.

    A code counts only while the text beside it is the one that it was chosen for, so that
    whoever types anew is understood, with a script and without.
    """
    parts = ("", "code", "for")
    return {field_name(item, part): PlainTextField() for part in parts}


@own_answer.register
def _(item: Lookup, cleaned: Mapping[str, Any]) -> Any:
    typed = cleaned.get(item.name)
    chosen = cleaned.get(field_name(item, "code"))
    if typed is None:
        return None
    if chosen in item.codes and cleaned.get(field_name(item, "for")) == typed:
        return chosen
    meant = item.codes.meant(typed)
    if meant is not None:
        return meant.value
    if item.codes.search(typed, most=1):
        raise UnreadableAnswer(
            "", say("Choose one of the entries of the list that fit what you typed.")
        )
    raise UnreadableAnswer(
        "", say("Nothing in the list fits what you typed. Try fewer or other words, or a code.")
    )


@own_typed.register
def _(item: Lookup, answer: Any) -> Typed:
    label = "" if answer is None else item.codes.label(answer)
    return {
        item.name: label,
        field_name(item, "code"): answer or "",
        field_name(item, "for"): label,
    }


@own_fields.register
def _(item: Allocation) -> Fields:
    signs = (item.unit,) if item.unit else ()
    return {
        field_name(item, part.value): NumberField(decimals=2, example="40", signs=signs)
        for part in item.parts
    }


@own_answer.register
def _(item: Allocation, cleaned: Mapping[str, Any]) -> Any:
    """A part left blank is 0 once another part is filled in."""
    parts = {part.value: cleaned.get(field_name(item, part.value)) for part in item.parts}
    if all(amount is None for amount in parts.values()):
        return None
    return {part: amount or 0 for part, amount in parts.items()}


@own_typed.register
def _(item: Allocation, answer: Any) -> Typed:
    amounts = answer or {}
    return {
        field_name(item, part.value): (
            written(amounts[part.value]) if amounts.get(part.value) is not None else ""
        )
        for part in item.parts
    }


def column_name(item: Item, facet: Facet, column: str = "") -> str:
    """Name of the field of a facet, or of one of its columns of numbers."""
    return field_name(item, f"{facet.name}-{column}" if column else facet.name)


@own_fields.register
def _(item: BatteryRow) -> Fields:
    fields: Fields = {}
    for facet in item.facets:
        fields |= _facet_fields(item, facet)
    return fields


def _facet_fields(item: BatteryRow, facet: Facet) -> Fields:
    if facet.choose == "one":
        return {column_name(item, facet): OneCodeField(choices_of(facet.codes))}
    if facet.choose == "many":
        return {column_name(item, facet): ManyCodesField(choices_of(facet.codes))}
    signs = (facet.unit,) if facet.unit else ()
    columns = [code.value for code in facet.codes] or [""]
    return {
        column_name(item, facet, column): NumberField(
            decimals=facet.decimals, example="12", signs=signs
        )
        for column in columns
    }


@own_answer.register
def _(item: BatteryRow, cleaned: Mapping[str, Any]) -> Any:
    facets = {facet.name: _facet_answer(item, facet, cleaned) for facet in item.facets}
    if all(chosen is None for chosen in facets.values()):
        return None
    return facets


def _facet_answer(item: BatteryRow, facet: Facet, cleaned: Mapping[str, Any]) -> Any:
    if facet.choose != "number" or not facet.codes:
        return cleaned.get(column_name(item, facet))
    numbers = {
        code.value: number
        for code in facet.codes
        if (number := cleaned.get(column_name(item, facet, code.value))) is not None
    }
    return numbers or None


@own_typed.register
def _(item: BatteryRow, answer: Any) -> Typed:
    typed: Typed = {}
    for facet in item.facets:
        typed |= _facet_typed(item, facet, (answer or {}).get(facet.name))
    return typed


def _facet_typed(item: BatteryRow, facet: Facet, answer: Any) -> Typed:
    if facet.choose != "number":
        return {column_name(item, facet): answer or ("" if facet.choose == "one" else [])}
    if not facet.codes:
        return {column_name(item, facet): "" if answer is None else written(answer)}
    numbers = answer or {}
    return {
        column_name(item, facet, code.value): (
            written(numbers[code.value]) if numbers.get(code.value) is not None else ""
        )
        for code in facet.codes
    }
