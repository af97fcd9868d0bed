"""Kinds of item that are answered in one field."""

from collections.abc import Mapping
from typing import Any

from surveys.forms.fields import ManyCodesField, NumberField, OneCodeField, PlainTextField
from surveys.forms.items_base import Fields, Typed, choices_of, own_answer, own_fields, own_typed
from surveys.forms.numbers import written
from surveys.questionnaire.items import (
    Computed,
    MultipleChoice,
    Note,
    Number,
    Roster,
    Scale,
    Share,
    SingleChoice,
    Text,
    Year,
)


@own_fields.register
def _(item: SingleChoice) -> Fields:
    return {item.name: OneCodeField(choices_of(item.codes))}


@own_fields.register
def _(item: MultipleChoice) -> Fields:
    return {item.name: ManyCodesField(choices_of(item.codes))}


@own_typed.register
def _(item: MultipleChoice, answer: Any) -> Typed:
    return {item.name: answer or []}


@own_fields.register
def _(item: Number) -> Fields:
    example = "25000" if item.maximum is None or item.maximum >= 25000 else "12"
    signs = (item.unit,) if item.unit else ()
    return {item.name: NumberField(decimals=item.decimals, example=example, signs=signs)}


@own_fields.register
def _(item: Share) -> Fields:
    signs = ("%", "per cent", "percent")
    return {item.name: NumberField(decimals=item.decimals, example="12", signs=signs)}


@own_fields.register
def _(item: Year) -> Fields:
    return {item.name: NumberField(decimals=0, example="2021")}


@own_typed.register(Number)
@own_typed.register(Share)
@own_typed.register(Year)
def _(item: Number | Share | Year, answer: Any) -> Typed:
    return {item.name: "" if answer is None else written(answer)}


@own_fields.register
def _(item: Text) -> Fields:
    return {item.name: PlainTextField()}


@own_fields.register
def _(item: Scale) -> Fields:
    points = range(item.minimum, item.maximum + 1)
    return {item.name: OneCodeField(tuple((str(point), str(point)) for point in points))}


@own_answer.register
def _(item: Scale, cleaned: Mapping[str, Any]) -> Any:
    chosen = cleaned.get(item.name)
    return None if chosen is None else int(chosen)


@own_typed.register
def _(item: Scale, answer: Any) -> Typed:
    return {item.name: "" if answer is None else str(answer)}


@own_fields.register(Note)
@own_fields.register(Computed)
@own_fields.register(Roster)
def _(_item: Note | Computed | Roster) -> Fields:
    """Nothing is typed: a note asks nothing, the others have pages of their own."""
    return {}


@own_answer.register(Note)
@own_answer.register(Computed)
@own_answer.register(Roster)
def _(_item: Note | Computed | Roster, _cleaned: Mapping[str, Any]) -> Any:
    return None


@own_typed.register(Note)
@own_typed.register(Computed)
@own_typed.register(Roster)
def _(_item: Note | Computed | Roster, _answer: Any) -> Typed:
    return {}
