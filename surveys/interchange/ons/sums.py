"""Checks on sums: those of calculated questions, and those that a text only asks for."""

import re
from collections.abc import Sequence
from typing import Any

from surveys.interchange.ons.atoms import number_literal
from surveys.interchange.ons.known import Known, Scope
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.sources import Answers, operand

Document = dict[str, Any]

_CONTRARY = {"equals": "!=", "less than": ">=", "greater than": "<="}
_ASKED_FOR_100 = re.compile(r"(?:must|should)\s+(?:equal|add\s+up\s+to|sum\s+to|total)\s+100\b")


def sum_edits(question: Part, known: Sequence[tuple[str, Known]], scope: Scope) -> list[Document]:
    """The edits on sums of the question's own answers."""
    items = {answer: each for answer, each in known if each.kind in ("number", "money")}
    calculations = question.parts("calculations")
    edits = [
        edit
        for place, calculation in enumerate(calculations, 1)
        if (edit := _calculated(calculation, place, items, scope)) is not None
    ]
    if not calculations and len(items) > 1 and len(items) == len(known):
        edits += _in_words(question, list(items.values()), scope)
    return edits


def _calculated(
    calculation: Part, place: int, items: dict[str, Known], scope: Scope
) -> Document | None:
    summed = calculation.get("answers_to_calculate")
    parts = [items[each] for each in summed if each in items] if isinstance(summed, list) else []
    total = _total(calculation, scope)
    comparator = _comparator(calculation.get("conditions"))
    calculation.get("calculation_type")
    if not parts or total is None or comparator is None:
        calculation.kept("a check on a sum")
        return None
    text, words = total
    terms = ", ".join(known.item for known in parts)
    return {
        "name": f"sum_{place}",
        "severity": "hard",
        "when": f"round(sum({terms}) - {text}, 6) {comparator} 0",
        "message": f"{_quoted(parts)} do not add up as they should, compared with {words}.",
        "items": [scope.local(known.item) for known in parts],
    }


def _comparator(conditions: Any) -> str | None:
    """The comparison that holds when the check fails."""
    named = tuple(sorted(str(each) for each in conditions)) if isinstance(conditions, list) else ()
    if named == ("equals", "less than"):
        return ">"
    if named == ("equals", "greater than"):
        return "<"
    return _CONTRARY.get(named[0]) if len(named) == 1 else None


def _total(calculation: Part, scope: Scope) -> tuple[str, str] | None:
    """What the sum is compared with, as an operand and in words."""
    value, answer = calculation.get("value"), calculation.get("answer_id")
    if isinstance(answer, str):
        value = {"source": "answers", "identifier": answer}
    if isinstance(value, int | float) and not isinstance(value, bool):
        literal = number_literal(value)
        return None if literal is None else (literal, literal)
    if not isinstance(value, dict):
        return None
    read = operand(value, calculation.where, scope)
    if not isinstance(read, Answers) or len(read.items) != 1:
        return None
    return read.items[0].item, "the total given before"


def _in_words(question: Part, items: list[Known], scope: Scope) -> list[Document]:
    """A sum of 100 that the words ask for and the schema does not check: a soft edit."""
    if not _ASKED_FOR_100.search(str(question.data.get("description")).lower()):
        return []
    question.kept("a sum of 100 that only the description asks for", "a soft edit on the sum")
    blanks = " and ".join(f"answered({known.item})" for known in items)
    terms = ", ".join(known.item for known in items)
    return [
        {
            "name": "sum_of_100",
            "severity": "soft",
            "when": f"{blanks} and round(sum({terms}) - 100, 6) != 0",
            "message": f"{_quoted(items)} do not add up to 100.",
            "items": [scope.local(known.item) for known in items],
        }
    ]


def _quoted(items: Sequence[Known]) -> str:
    """The answers that are summed, as the firm gave them."""
    *others, last = [f"{{answer:{known.item}}}" for known in items]
    return f"{', '.join(others)} and {last}" if others else last
