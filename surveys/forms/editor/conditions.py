"""The box of a condition: rows to fill in and the text they stand for, kept in step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys import questionnaire
from surveys.questionnaire.editing.conditions import (
    VERBS,
    WITHOUT_VALUE,
    Join,
    Readable,
    Row,
    Rows,
    by_reference,
    in_words,
    is_complete,
    rows_of,
    text_of,
)
from surveys.questionnaire.editing.places import Place
from surveys.questionnaire.editing.readables import readables

MOST_ROWS = 30
_NUMERIC = ("is", "is_not", "more", "least", "less", "most", "answered", "blank")
_CODED = ("is", "is_not", "has", "has_not", "answered", "blank")
_VERBS_OF: dict[str, tuple[str, ...]] = {
    "number": _NUMERIC,
    "date": _NUMERIC,
    "code": _CODED,
    "codes": ("has", "has_not", "answered", "blank"),
    "text": ("is", "is_not", "answered", "blank"),
}


@dataclass(frozen=True, slots=True)
class DrawnCondition:
    """One row as it is drawn, with the verbs and codes that go with its item."""

    number: int
    row: Row
    verbs: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]
    needs_value: bool


class ConditionBox:
    """Text and rows of one condition. The text counts; rows that were changed make it."""

    def __init__(self, document: Mapping[str, Any], place: Place, former: str) -> None:
        self.readables: tuple[Readable, ...] = readables(document, place)
        self.known = by_reference(self.readables)
        self.former = former
        self.text = former
        self.rows: Rows | None = _rows(former)
        self.error = _error(former)

    def bind(self, data: Mapping[str, Any]) -> None:
        """Take what was typed: the text, or the rows if they and not the text were changed."""
        typed = str(data.get("when", "")).strip()
        rows = self._typed_rows(data)
        source = str(data.get("_source", ""))
        pressed = str(data.get("_condition", ""))
        if pressed.startswith(("add", "drop")):
            rows = self._pressed(rows, pressed)
        by_rows = source == "rows" or bool(pressed and pressed != "read")
        untouched = typed == str(data.get("when-was", self.former)).strip()
        if by_rows or (not source and untouched and self._differs(rows, typed)):
            self.text, self.rows = text_of(rows, self.known), rows
        else:
            self.text, self.rows = typed, _rows(typed)
        self.error = _error(self.text)

    @property
    def words(self) -> str:
        return in_words(self.rows, self.known) if self.rows and self.rows.rows else ""

    @property
    def drawn(self) -> tuple[DrawnCondition, ...]:
        rows = self.rows.rows if self.rows else ()
        return tuple(
            self._drawn(number, row) for number, row in enumerate(rows or (Row("", "is"),))
        )

    @property
    def incomplete(self) -> bool:
        """Whether a row has its item and lacks its value, so that it does not count yet."""
        rows = self.rows.rows if self.rows else ()
        return any(row.item and not is_complete(row) for row in rows)

    @property
    def join(self) -> str:
        return self.rows.join if self.rows else "all"

    @property
    def is_negated(self) -> bool:
        return bool(self.rows and self.rows.negated)

    def _drawn(self, number: int, row: Row) -> DrawnCondition:
        readable = self.known.get(row.item)
        verbs = _VERBS_OF[readable.kind] if readable else tuple(VERBS)
        if row.verb not in verbs:
            verbs = (*verbs, row.verb)
        return DrawnCondition(
            number,
            row,
            tuple((verb, VERBS[verb]) for verb in verbs),
            readable.codes if readable else (),
            row.verb not in WITHOUT_VALUE,
        )

    def _typed_rows(self, data: Mapping[str, Any]) -> Rows:
        rows = []
        for number in range(MOST_ROWS):
            item = data.get(f"when-{number}-item")
            if item is None:
                continue
            verb = str(data.get(f"when-{number}-verb", "is"))
            rows.append(
                self._fitted(
                    Row(
                        str(item)[:200],
                        verb if verb in VERBS else "is",
                        str(data.get(f"when-{number}-value", ""))[:300],
                    )
                )
            )
        join: Join = "any" if data.get("when-join") == "any" else "all"
        return Rows(join, tuple(rows), data.get("when-negated") == "yes")

    def _fitted(self, row: Row) -> Row:
        """A verb that its item can have, after another item was chosen."""
        readable = self.known.get(row.item)
        if readable is None or row.verb in _VERBS_OF[readable.kind]:
            return row
        return Row(row.item, _VERBS_OF[readable.kind][0], row.value)

    def _pressed(self, rows: Rows, pressed: str) -> Rows:
        verb, _, number = pressed.partition(":")
        if verb == "add":
            return Rows(rows.join, (*rows.rows, Row("", "is")), rows.negated)
        kept = tuple(row for at, row in enumerate(rows.rows) if str(at) != number)
        return Rows(rows.join, kept, rows.negated)

    def _differs(self, rows: Rows, typed: str) -> bool:
        former = _rows(typed)
        if former is None and not any(row.item for row in rows.rows):
            return False
        shown = former or Rows()
        return text_of(rows, self.known) != text_of(shown, self.known)


def _rows(text: str) -> Rows | None:
    try:
        return rows_of(text)
    except questionnaire.ConditionError:
        return None


def _error(text: str) -> str:
    if not text.strip():
        return ""
    try:
        questionnaire.parse_condition(text)
    except questionnaire.ConditionError as error:
        return f"This cannot be read: {error}."
    return ""
