"""From an item and its form to the controls that a template lays out.

A template only lays out; which option is ticked, which error belongs where and what a
screen reader is to hear is decided here.
"""

from functools import singledispatch
from typing import Any

from surveys.forms.controls import Choices, Control, Entry, Group, Option, PlayedBack, Search
from surveys.forms.drawing_parts import (
    SCALES,
    Drawing,
    Fill,
    Links,
    choices,
    element_id,
    entry,
    framed,
)
from surveys.forms.items_base import field_name
from surveys.forms.items_composite import MONEY_UNITS, column_name, date_parts
from surveys.questionnaire import answer_text, number_text
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
    Note,
    Number,
    Scale,
    Share,
    SingleChoice,
    Text,
    Year,
)
from surveys.questionnaire.offering import UNKNOWN_TOTAL
from surveys.questionnaire.speech import say

__all__ = ["SCALES", "Drawing", "Fill", "Links", "control", "element_id"]

_LONG_TEXT_ROWS = 5
_SHORT_UNIT = 3
_DATE_LABELS = {"day": "Day", "month": "Month", "year": "Year"}
_DATE_WIDTHS = {"day": "two", "month": "two", "year": "four"}


@singledispatch
def control(item: Item, _drawing: Drawing) -> Control:
    """The item with its present values and errors, ready to be laid out."""
    raise TypeError(f"No control for {type(item).__name__}")


@control.register
def _(item: SingleChoice, drawing: Drawing) -> Control:
    options = choices(item.name, "", item.codes, drawing, many=False)
    return framed("choices", item, drawing, choices=(options,))


@control.register
def _(item: MultipleChoice, drawing: Drawing) -> Control:
    options = choices(item.name, "", item.codes, drawing, many=True, most=item.most or 0)
    return framed("choices", item, drawing, choices=(options,))


@control.register
def _(item: Scale, drawing: Drawing) -> Control:
    labels = {point: drawing.fill(label) for point, label in item.points}
    points = range(item.minimum, item.maximum + 1)
    codes = tuple(Code(str(point), labels.get(point, "")) for point in points)
    options = choices(item.name, "", codes, drawing, many=False)
    ends = (labels.get(item.minimum, ""), labels.get(item.maximum, ""))
    return framed("scale", item, drawing, choices=(options,), ends=ends)


@control.register
def _(item: Number, drawing: Drawing) -> Control:
    box = entry(item.name, item, drawing, suffix=item.unit, spoken_unit=item.unit)
    return framed("entry", item, drawing, entries=(box,))


@control.register
def _(item: Share, drawing: Drawing) -> Control:
    box = entry(item.name, item, drawing, suffix="%", spoken_unit=say("per cent"), width="narrow")
    return framed("entry", item, drawing, entries=(box,))


@control.register
def _(item: Year, drawing: Drawing) -> Control:
    box = entry(item.name, item, drawing, width="narrow")
    return framed("entry", item, drawing, entries=(box,))


@control.register
def _(item: Text, drawing: Drawing) -> Control:
    box = entry(
        item.name,
        item,
        drawing,
        width="full",
        input_mode="",
        rows=_LONG_TEXT_ROWS if item.long else 0,
        limit=item.max_length,
    )
    return framed("entry", item, drawing, entries=(box,))


@control.register
def _(item: Money, drawing: Drawing) -> Control:
    box = entry(
        item.name,
        item,
        drawing,
        label=say("Amount"),
        prefix=item.currency,
        spoken_unit=item.currency,
        input_mode="decimal",
    )
    codes = (
        Code(MONEY_UNITS[0], item.currency),
        Code(MONEY_UNITS[1], say("thousands of {currency}", currency=item.currency)),
    )
    units = choices(field_name(item, "unit"), say("The amount is in"), codes, drawing, many=False)
    return framed("money", item, drawing, entries=(box,), choices=(units,))


@control.register
def _(item: Date, drawing: Drawing) -> Control:
    boxes = tuple(
        entry(
            field_name(item, part),
            item,
            drawing,
            label=say(_DATE_LABELS[part]),
            width=_DATE_WIDTHS[part],
        )
        for part in date_parts(item)
    )
    return framed("date", item, drawing, entries=boxes)


@control.register
def _(item: Allocation, drawing: Drawing) -> Control:
    entries = tuple(
        entry(
            field_name(item, part.value),
            item,
            drawing,
            label=drawing.fill(part.label),
            definition=drawing.fill(part.definition),
            suffix=item.unit,
            spoken_unit=say("per cent") if item.unit == "%" else item.unit,
            width="narrow" if item.unit == "%" else "medium",
            input_mode="decimal",
        )
        for part in item.parts
    )
    is_known = item.total < UNKNOWN_TOTAL
    return framed(
        "allocation",
        item,
        drawing,
        entries=entries,
        total=number_text(item.total) if is_known else "",
        total_raw=f"{item.total:.10g}" if is_known else "",
        at_most=item.at_most,
    )


@control.register
def _(item: BatteryRow, drawing: Drawing) -> Control:
    groups = tuple(_facet_group(item, facet, drawing) for facet in item.facets)
    return framed("battery_row", item, drawing, groups=groups)


def _facet_group(item: BatteryRow, facet: Facet, drawing: Drawing) -> Group:
    applies_field, applies_codes = "", ""
    if facet.applies_when is not None:
        other, codes = facet.applies_when
        applies_field, applies_codes = field_name(item, other), " ".join(sorted(codes))
    # A row with one facet asks one question, which is the label of the row.
    label = drawing.fill(facet.label) if len(item.facets) > 1 else ""
    if facet.choose == "number":
        parts: dict[str, Any] = {"entries": _columns(item, facet, drawing)}
    else:
        many = facet.choose == "many"
        parts = {
            "choices": choices(column_name(item, facet), label, facet.codes, drawing, many=many)
        }
    return Group(label=label, applies_field=applies_field, applies_codes=applies_codes, **parts)


def _columns(item: BatteryRow, facet: Facet, drawing: Drawing) -> tuple[Entry, ...]:
    """A box for every column of numbers, or one for the row."""
    columns = facet.codes or (Code("", facet.label),)
    return tuple(
        entry(
            column_name(item, facet, column.value),
            item,
            drawing,
            label=drawing.fill(column.label),
            definition="" if drawing.repeats else drawing.fill(column.definition),
            suffix=facet.unit,
            spoken_unit=say("per cent") if facet.unit == "%" else facet.unit,
            width="narrow" if len(facet.unit) <= _SHORT_UNIT else "medium",
            input_mode="decimal" if facet.decimals else "numeric",
        )
        for column in columns
    )


@control.register
def _(item: Lookup, drawing: Drawing) -> Control:
    box = entry(item.name, item, drawing, width="full", input_mode="")
    chosen = str(drawing.typed(field_name(item, "code")) or "")
    chosen_for = str(drawing.typed(field_name(item, "for")) or "")
    is_chosen = chosen in item.codes and chosen_for.strip() == box.typed.strip()
    search = Search(
        title=item.codes.title,
        url=drawing.links.to_search(item),
        chosen=chosen if is_chosen else "",
        chosen_for=box.typed if is_chosen else "",
        matches=None if is_chosen else _matches(item, box.typed),
    )
    return framed("lookup", item, drawing, entries=(box,), search=search)


def _matches(item: Lookup, typed: str) -> Choices | None:
    """The codes that fit what was typed, to choose from."""
    found = item.codes.search(typed)
    if not found:
        return None
    name = field_name(item, "code")
    options = tuple(
        Option(
            id=f"{element_id(name)}-{number}",
            value=code.value,
            label=code.label,
            definition="",
            is_ticked=False,
            is_exclusive=False,
            scale="",
            note=code.value,
        )
        for number, code in enumerate(found)
    )
    return Choices(element_id(name), name, "", many=False, options=options, errors=())


@control.register
def _(item: Note, drawing: Drawing) -> Control:
    return framed("note", item, drawing)


@control.register
def _(item: Computed, drawing: Drawing) -> Control:
    value = drawing.answers.get(item.name)
    total = "" if value is None else f"{number_text(value)} {item.unit}".strip()
    return framed("computed", item, drawing, total=total, played_back=_played_back(item, drawing))


def _played_back(item: Computed, drawing: Drawing) -> tuple[PlayedBack, ...]:
    """The earlier answers that the number rests on, in the order of the questionnaire."""
    lines = {}
    for name, other in drawing.items.items():
        reads = {
            read for read in item.expression.reads if read == name or read.startswith(f"{name}.")
        }
        if reads and name not in lines:
            lines[name] = PlayedBack(
                label=drawing.fill(other.label),
                answer=answer_text(other, drawing.answers.get(name)),
                url=drawing.links.to_item(name),
            )
    return tuple(lines.values())
