"""The parts that controls are made of: boxes, options, and what frames them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from surveys.forms.controls import Choices, Control, Entry, Option, PriorAnswer
from surveys.forms.items_base import NO_ANSWER, field_name, missing_codes
from surveys.questionnaire.items import Code, Item, Lookup

SCALES = frozenset({"local", "region", "country", "europe", "global"})
Fill = Callable[[str], str]


def _nowhere(_name: str) -> str:
    return ""


def _no_search(_item: Lookup) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a page leads: to the page that asks for an item, and to the search of a list.

    Both answer with an empty text where there is nothing to lead to.
    """

    to_item: Callable[[str], str] = _nowhere
    to_search: Callable[[Lookup], str] = _no_search


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the controls of one item are drawn from.

    Attributes
    ----------
    leads : whether the item stands alone: its label is then the heading of the page
    repeats : whether the item before it had the same options, so that their definitions
        are not said again
    of_whole : the errors that concern the item and no single field of it
    when : conditions as JSON for the script: under '' the item's, under a code that code's
    companions : by code, what is asked of a firm that chooses it
    answers : the answers that count, for what is worked out from them
    """

    form: forms.BaseForm
    fill: Fill
    leads: bool = False
    intro: str = ""
    repeats: bool = False
    of_whole: tuple[str, ...] = ()
    notice: str = ""
    when: Mapping[str, str] = field(default_factory=dict)
    companions: Mapping[str, Control] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    links: Links = field(default_factory=Links)
    prior: PriorAnswer | None = None

    def typed(self, name: str) -> Any:
        return self.form[name].value()

    def errors(self, name: str) -> tuple[str, ...]:
        messages = (str(error) for error in self.form.errors.get(name, ()))
        return tuple(message for message in messages if message not in self.of_whole)


def element_id(name: str) -> str:
    """The id of a field's element: letters that CSS and fragments take without escapes."""
    return "id_" + re.sub(r"[^A-Za-z0-9_-]", "-", name)


def framed(kind: str, item: Item, drawing: Drawing, **parts: Any) -> Control:
    """The control with what every kind of item has."""
    return Control(
        kind=kind,
        name=item.name,
        id=element_id(item.name) + "-item",
        label=drawing.fill(item.label),
        hint=drawing.fill(item.hint),
        definition=drawing.fill(item.definition),
        leads=drawing.leads,
        intro=drawing.fill(drawing.intro),
        period=drawing.fill(item.period),
        errors=drawing.of_whole,
        missing=_reasons(item, drawing),
        notice=drawing.notice,
        prior=drawing.prior,
        when=drawing.when.get("", ""),
        **parts,
    )


def entry(name: str, item: Item, drawing: Drawing, **options: Any) -> Entry:
    typed = drawing.typed(name)
    return Entry(
        id=element_id(name),
        name=name,
        label=options.pop("label", None) or drawing.fill(item.label),
        typed="" if typed is None else str(typed),
        errors=drawing.errors(name),
        input_mode=options.pop("input_mode", "numeric"),
        **options,
    )


def choices(
    name: str, label: str, codes: tuple[Code, ...], drawing: Drawing, *, many: bool, most: int = 0
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
            when=drawing.when.get(code.value, ""),
            companion=drawing.companions.get(code.value),
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
        most=most,
    )


def _reasons(item: Item, drawing: Drawing) -> Choices | None:
    name = field_name(item, NO_ANSWER)
    if not item.missing or name not in drawing.form.fields:
        return None
    return choices(name, "", missing_codes(item), drawing, many=False)
