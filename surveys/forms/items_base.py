"""What forms do with every kind of item: its fields, its answer, and what was typed.

`items_simple` and `items_composite` register what they do with each kind; `items` is what
the rest of the program imports.
"""

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

from django import forms

from surveys.forms.fields import OneCodeField
from surveys.questionnaire.items import Code, Item
from surveys.questionnaire.speech import say

Fields = dict[str, forms.Field]
Typed = dict[str, Any]

NO_ANSWER = "no-answer"
STATED_MISSING = {
    "dont_know": "Don’t know",
    "refused": "Prefer not to say",
    "not_applicable": "Does not apply to us",
}
_BOTH = "You gave an answer and also chose “{label}”. Keep only one of the two."


class UnreadableAnswer(ValueError):
    """The parts of an answer do not fit together; `part` is the field that is to change."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


def field_name(item: Item, part: str = "") -> str:
    """Name of the form field of an item, or of one part of it."""
    return f"{item.name}-{part}" if part else item.name


def choices_of(codes: tuple[Code, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code.value, code.label) for code in codes)


def missing_codes(item: Item) -> tuple[Code, ...]:
    """The reasons for a blank that the firm may give, as options."""
    return tuple(Code(reason, say(STATED_MISSING[reason])) for reason in item.missing)


def fields_of(item: Item) -> Fields:
    """The form fields of an item; one more, the last, if a reason for a blank may be given."""
    fields = own_fields(item)
    if item.missing and fields:
        fields[field_name(item, NO_ANSWER)] = OneCodeField(choices_of(missing_codes(item)))
    return fields


def answer_from(item: Item, cleaned: Mapping[str, Any]) -> Any:
    """The answer, or None if everything was left blank. Raises UnreadableAnswer."""
    answer = own_answer(item, cleaned)
    reason = cleaned.get(field_name(item, NO_ANSWER)) if item.missing else None
    if reason is None:
        return answer
    if answer is not None:
        raise UnreadableAnswer(NO_ANSWER, say(_BOTH, label=say(STATED_MISSING[reason])))
    return {"missing": reason}


def typed_from(item: Item, answer: Any) -> Typed:
    """What would be typed to give the answer."""
    reason = stated_missing(item, answer)
    typed = own_typed(item, None if reason else answer)
    if item.missing and typed:
        typed[field_name(item, NO_ANSWER)] = reason
    return typed


def stated_missing(item: Item, answer: Any) -> str:
    """The reason for the blank, or empty if the answer is none or an answer proper."""
    if (
        isinstance(answer, dict)
        and set(answer) == {"missing"}
        and answer["missing"] in item.missing
    ):
        return str(answer["missing"])
    return ""


@singledispatch
def own_fields(item: Item) -> Fields:
    raise TypeError(f"No form for {type(item).__name__}")


@singledispatch
def own_answer(item: Item, cleaned: Mapping[str, Any]) -> Any:
    return cleaned.get(item.name)


@singledispatch
def own_typed(item: Item, answer: Any) -> Typed:
    return {item.name: "" if answer is None else answer}
