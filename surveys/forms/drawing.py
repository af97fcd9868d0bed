"""From an item and its form to the controls that a template lays out.

A template only lays out; which option is ticked, which error belongs where and what a
screen reader is to hear is decided here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from django import forms

from surveys.forms.controls import Choices, Control, Entry, Option
from surveys.forms.items import MONEY_UNITS, field_name
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

SCALES = frozenset({"local", "region", "country", "europe", "global"})
_LONG_TEXT_ROWS = 5
Fill = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What the controls of one item are drawn from."""

    form: forms.BaseForm
    fill: Fill
    leads: bool
    intro: str
    repeats: bool
    of_whole: tuple[str, ...]

    def typed(self, name: str) -> Any:
        return self.form[name].value()

    def errors(self, name: str) -> tuple[str, ...]:
        messages = (str(error) for error in self.form.errors.get(name, ()))
        return tuple(message for message in messages if message not in self.of_whole)


def element_id(name: str) -> str:
    """The id of a field's element: letters that CSS and fragments take without escapes."""
    return "id_" + re.sub(r"[^A-Za-z0-9_-]", "-", name)


def control(
    item: Item,
    form: forms.BaseForm,
    fill: Fill,
    *,
    leads: bool,
    intro: str = "",
    repeats: bool = False,
    of_whole: tuple[str, ...] = (),
) -> Control:
    """The item with its present values and errors, ready to be laid out.

    `leads` says that it stands alone on its page: its label is then the heading, and the
    page's `intro` follows it. `repeats` says that the item before it had the same options,
    whose definitions are then not said again. `of_whole` are the errors that concern the
    item and no single field of it.
    """
    return _control(item, _Drawing(form, fill, leads, intro, repeats, of_whole))


@singledispatch
def _control(item: Item, _drawing: _Drawing) -> Control:
    raise TypeError(f"No control for {type(item).__name__}")


@_control.register(SingleChoice)
@_control.register(MultipleChoice)
def _(item: SingleChoice | MultipleChoice, drawing: _Drawing) -> Control:
    many = isinstance(item, MultipleChoice)
    choices = _choices(item.name, "", item.codes, drawing, many=many)
    return _framed("choices", item, drawing, choices=(choices,))


@_control.register
def _(item: Number, drawing: _Drawing) -> Control:
    entry = _entry(item.name, item, drawing, suffix=item.unit, spoken_unit=item.unit)
    return _framed("entry", item, drawing, entries=(entry,))


@_control.register
def _(item: Share, drawing: _Drawing) -> Control:
    entry = _entry(item.name, item, drawing, suffix="%", spoken_unit="per cent", width="narrow")
    return _framed("entry", item, drawing, entries=(entry,))


@_control.register
def _(item: Year, drawing: _Drawing) -> Control:
    return _framed(
        "entry", item, drawing, entries=(_entry(item.name, item, drawing, width="narrow"),)
    )


@_control.register
def _(item: Text, drawing: _Drawing) -> Control:
    entry = _entry(
        item.name,
        item,
        drawing,
        width="full",
        input_mode="",
        rows=_LONG_TEXT_ROWS if item.long else 0,
        limit=item.max_length,
    )
    return _framed("entry", item, drawing, entries=(entry,))


@_control.register
def _(item: Money, drawing: _Drawing) -> Control:
    entry = _entry(
        item.name,
        item,
        drawing,
        label="Amount",
        prefix=item.currency,
        spoken_unit=item.currency,
        input_mode="decimal",
    )
    codes = (
        Code(MONEY_UNITS[0], item.currency),
        Code(MONEY_UNITS[1], f"thousands of {item.currency}"),
    )
    units = _choices(field_name(item, "unit"), "The amount is in", codes, drawing, many=False)
    return _framed("money", item, drawing, entries=(entry,), choices=(units,))


@_control.register
def _(item: Allocation, drawing: _Drawing) -> Control:
    entries = tuple(
        _entry(
            field_name(item, part.value),
            item,
            drawing,
            label=drawing.fill(part.label),
            definition=drawing.fill(part.definition),
            suffix=item.unit,
            spoken_unit="per cent" if item.unit == "%" else item.unit,
            width="narrow",
            input_mode="decimal",
        )
        for part in item.parts
    )
    return _framed("allocation", item, drawing, entries=entries, total=f"{item.total:g}")


@_control.register
def _(item: BatteryRow, drawing: _Drawing) -> Control:
    facets = tuple(_facet_choices(item, facet, drawing) for facet in item.facets)
    return _framed("battery_row", item, drawing, choices=facets)


def _facet_choices(item: BatteryRow, facet: Facet, drawing: _Drawing) -> Choices:
    applies_field, applies_codes = "", ""
    if facet.applies_when is not None:
        other, codes = facet.applies_when
        applies_field, applies_codes = field_name(item, other), " ".join(sorted(codes))
    return _choices(
        field_name(item, facet.name),
        # A row with one facet asks one question, which is the label of the row.
        drawing.fill(facet.label) if len(item.facets) > 1 else "",
        facet.codes,
        drawing,
        many=facet.choose == "many",
        applies_field=applies_field,
        applies_codes=applies_codes,
    )


def _framed(kind: str, item: Item, drawing: _Drawing, **parts: Any) -> Control:
    return Control(
        kind=kind,
        id=element_id(item.name) + "-item",
        label=drawing.fill(item.label),
        hint=drawing.fill(item.hint),
        definition=drawing.fill(item.definition),
        leads=drawing.leads,
        intro=drawing.fill(drawing.intro),
        errors=drawing.of_whole,
        **parts,
    )


def _entry(name: str, item: Item, drawing: _Drawing, **options: Any) -> Entry:
    typed = drawing.typed(name)
    return Entry(
        id=element_id(name),
        name=name,
        label=options.pop("label", drawing.fill(item.label)),
        typed="" if typed is None else str(typed),
        errors=drawing.errors(name),
        input_mode=options.pop("input_mode", "numeric"),
        **options,
    )


def _choices(
    name: str,
    label: str,
    codes: tuple[Code, ...],
    drawing: _Drawing,
    *,
    many: bool,
    applies_field: str = "",
    applies_codes: str = "",
) -> Choices:
    typed = drawing.typed(name)
    ticked = set(typed or ()) if many else {typed}
    by_scale = {code.value for code in codes if not code.exclusive} <= SCALES
    options = tuple(
        Option(
            # The first option carries the field's own id: there an error link leads.
            id=element_id(name) if number == 0 else f"{element_id(name)}-{number}",
            value=code.value,
            label=drawing.fill(code.label),
            definition="" if drawing.repeats else drawing.fill(code.definition),
            is_ticked=code.value in ticked,
            is_exclusive=code.exclusive,
            scale=code.value if by_scale and not code.exclusive else "",
        )
        for number, code in enumerate(codes)
    )
    return Choices(
        id=element_id(name),
        name=name,
        label=label,
        many=many,
        options=options,
        errors=drawing.errors(name),
        applies_field=applies_field,
        applies_codes=applies_codes,
    )
