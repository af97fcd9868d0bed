"""Conditions in words for paper: ``only if question 5 is “Yes”``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.questionnaire.conditions import (
    AllOf,
    Answered,
    AnswerTo,
    AnyOf,
    Arithmetic,
    Chose,
    Compares,
    Condition,
    Literally,
    Not,
    Operand,
)
from surveys.questionnaire.fills import number_text
from surveys.questionnaire.items import BatteryRow, Item
from surveys.questionnaire.speech import say

_COMPARED = {
    "=": "{left} is {right}",
    "!=": "{left} is not {right}",
    "<": "{left} is less than {right}",
    "<=": "{left} is at most {right}",
    ">": "{left} is more than {right}",
    ">=": "{left} is at least {right}",
}


@dataclass(slots=True)
class Numbered:
    """The questions that were numbered so far, by the name of their item.

    An item without a number is called by its label, as on a sheet that numbers nothing.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)

    def add(self, item: Item, number: int) -> None:
        self.numbers[item.name] = number
        self.items[item.name] = item

    def owner(self, reference: str) -> Item | None:
        """The item that a reference names, or a part of which it names."""
        parts = reference.split(".")
        for length in range(len(parts), 0, -1):
            name = ".".join(parts[:length])
            if name in self.items:
                return self.items[name]
        return None


def in_words(condition: Condition, numbered: Numbered) -> str:
    """The condition with numbers of questions and labels of answers; empty for always."""
    match condition:
        case Answered():
            return say("{question} is answered", question=_question(condition.reference, numbered))
        case Chose():
            labels = _labels(condition.reference, numbered)
            answers = say(" or ").join(f"“{labels.get(code, code)}”" for code in condition.codes)
            question = _question(condition.reference, numbered)
            return say("{question} is {answer}", question=question, answer=answers)
        case Compares():
            return _comparison(condition, numbered)
        case AllOf():
            return say(" and ").join(_grouped(each, numbered) for each in condition.conditions)
        case AnyOf():
            return say(" or ").join(_grouped(each, numbered) for each in condition.conditions)
        case Not():
            return say("not: {condition}", condition=_grouped(condition.condition, numbered))
        case _:
            return ""


def _grouped(condition: Condition, numbered: Numbered) -> str:
    words = in_words(condition, numbered)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) else words


def _comparison(condition: Compares, numbered: Numbered) -> str:
    labels: Mapping[str, str] = {}
    for side in (condition.left, condition.right):
        if isinstance(side, AnswerTo):
            labels = {**labels, **_labels(side.reference, numbered)}
    return say(
        _COMPARED[condition.comparator],
        left=_operand(condition.left, numbered, labels),
        right=_operand(condition.right, numbered, labels),
    )


def _operand(operand: Operand, numbered: Numbered, labels: Mapping[str, str]) -> str:
    match operand:
        case Literally(literal=str() as text):
            return f"“{labels.get(text, text)}”"
        case Literally(literal=number):
            return number_text(number)
        case AnswerTo():
            return _question(operand.reference, numbered)
        case Arithmetic():
            left = _operand(operand.left, numbered, labels)
            return f"{left} {operand.operator} {_operand(operand.right, numbered, labels)}"
        case _:
            return str(operand)


def _question(reference: str, numbered: Numbered) -> str:
    """``question 5``, with the row where it is one of a battery; else what is known by name."""
    item = numbered.owner(reference)
    if item is None:
        return reference
    number = numbered.numbers.get(item.name)
    if number is None:
        return f"“{item.row.label if isinstance(item, BatteryRow) else item.label}”"
    question = say("question {number}", number=number)
    return f"{question} ({item.row.label})" if isinstance(item, BatteryRow) else question


def _labels(reference: str, numbered: Numbered) -> dict[str, str]:
    """Labels of the codes that the answer may be."""
    item = numbered.owner(reference)
    if isinstance(item, BatteryRow):
        return {code.value: code.label for facet in item.facets for code in facet.codes}
    codes = getattr(item, "codes", getattr(item, "parts", ()))
    return {code.value: code.label for code in codes} if isinstance(codes, tuple) else {}
