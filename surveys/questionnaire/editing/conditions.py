"""A condition as rows that a person fills in, and the rows as a condition again.

Rows say less than the language: one item, one verb and one value each, joined by all or
any. A condition that says more stays a text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from surveys.questionnaire.condition_language import parse_condition
from surveys.questionnaire.conditions import (
    AllOf,
    Always,
    Answered,
    AnswerTo,
    AnyOf,
    Chose,
    Compares,
    Condition,
    Literally,
    Not,
    quoted,
)

Join = Literal["all", "any"]

VERBS: dict[str, str] = {
    "is": "is",
    "is_not": "is not",
    "has": "has",
    "has_not": "does not have",
    "more": "is more than",
    "least": "is at least",
    "less": "is less than",
    "most": "is at most",
    "answered": "is answered",
    "blank": "is not answered",
}
_SIGNS = {"is": "=", "is_not": "!=", "more": ">", "least": ">=", "less": "<", "most": "<="}
_VERB_OF = {sign: verb for verb, sign in _SIGNS.items()}
WITHOUT_VALUE = frozenset({"answered", "blank"})
_OF_CODES = frozenset({"has", "has_not"})


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. `value` holds codes parted by commas where the verb is has."""

    item: str
    verb: str
    value: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Comparisons of which all, or any, must hold; `negated` turns the whole around."""

    join: Join = "all"
    rows: tuple[Row, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Readable:
    """What a condition may read: the reference, its words, and the codes it can have."""

    reference: str
    label: str
    kind: Literal["code", "codes", "number", "text", "date"]
    codes: tuple[tuple[str, str], ...] = ()


def rows_of(text: str) -> Rows | None:
    """The rows that say the same, or None if rows cannot.

    Raises ConditionError if the text is no condition.
    """
    return rows_of_condition(parse_condition(text)) if text.strip() else Rows()


def rows_of_condition(condition: Condition) -> Rows | None:
    negated = isinstance(condition, Not) and isinstance(condition.condition, AllOf | AnyOf)
    inner = condition.condition if isinstance(condition, Not) and negated else condition
    if isinstance(inner, Always):
        return Rows()
    parts = inner.conditions if isinstance(inner, AllOf | AnyOf) else (inner,)
    rows = tuple(_row(part) for part in parts)
    if any(row is None for row in rows):
        return None
    join: Join = "any" if isinstance(inner, AnyOf) else "all"
    return Rows(join, tuple(row for row in rows if row is not None), negated)


def _row(condition: Condition) -> Row | None:
    if isinstance(condition, Not):
        return _turned(_row(condition.condition))
    if isinstance(condition, Answered):
        return Row(condition.reference, "answered")
    if isinstance(condition, Chose):
        return Row(condition.reference, "has", ", ".join(condition.codes))
    if not isinstance(condition, Compares):
        return None
    left, right = condition.left, condition.right
    if not (isinstance(left, AnswerTo) and isinstance(right, Literally)):
        return None
    if isinstance(right.literal, str) and ("," in right.literal or right.literal == ""):
        return None
    value = right.literal if isinstance(right.literal, str) else str(right)
    return Row(
        left.reference, _VERB_OF[condition.comparator], value, not isinstance(right.literal, str)
    )


def _turned(row: Row | None) -> Row | None:
    """The row that says the opposite also of blanks; of a comparison none does."""
    opposite = {"answered": "blank", "has": "has_not"}
    if row is None or row.verb not in opposite:
        return None
    return Row(row.item, opposite[row.verb], row.value, row.is_number)


def text_of(rows: Rows, readables: Mapping[str, Readable]) -> str:
    """The rows in the language of conditions; empty without rows.

    Values of items that are numbers are written as numbers, all others as texts. A row that
    is not complete yet is left out.
    """
    parts = [_text(row, readables.get(row.item)) for row in rows.rows if is_complete(row)]
    joined = (" and " if rows.join == "all" else " or ").join(parts)
    return f"not ({joined})" if joined and rows.negated else joined


def is_complete(row: Row) -> bool:
    return bool(row.item) and (row.verb in WITHOUT_VALUE or bool(row.value.strip(" ,")))


def _text(row: Row, readable: Readable | None) -> str:
    if row.verb == "answered":
        return f"answered({row.item})"
    if row.verb == "blank":
        return f"not answered({row.item})"
    if row.verb in _OF_CODES:
        codes = [quoted(code.strip()) for code in row.value.split(",") if code.strip()]
        said = f"has {codes[0]}" if len(codes) == 1 else f"in ({', '.join(codes)})"
        return f"{'not ' if row.verb == 'has_not' else ''}{row.item} {said}"
    number = readable.kind == "number" if readable else row.is_number
    value = row.value.strip().replace(",", ".") if number else quoted(row.value.strip())
    return f"{row.item} {_SIGNS.get(row.verb, '=')} {value}"


def in_words(rows: Rows, readables: Mapping[str, Readable]) -> str:
    """The rows as a sentence part: “Persons employed” is more than 10 and ..."""
    said = [_words(row, readables.get(row.item)) for row in rows.rows]
    joined = (" and " if rows.join == "all" else " or ").join(said)
    return f"not ({joined})" if rows.negated and joined else joined


def _words(row: Row, readable: Readable | None) -> str:
    what = f"“{readable.label}”" if readable else row.item
    verb = VERBS.get(row.verb, row.verb)
    if row.verb in WITHOUT_VALUE:
        return f"{what} {verb}"
    labels = dict(readable.codes) if readable else {}
    values = [value.strip() for value in row.value.split(",")]
    return f"{what} {verb} {' or '.join(labels.get(value, value) for value in values)}"


def by_reference(readables: Sequence[Readable]) -> dict[str, Readable]:
    return {readable.reference: readable for readable in readables}
