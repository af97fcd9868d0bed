"""Tables of a form whose rows can be added and removed: codes, rows, facets, edits, bindings.

Typed in without script as well: adding a row is a button that shows the form again. A row
remembers which entry it was, so that keys the table does not show are kept.
"""

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_ROWS = 120
MOST_TYPED = 100  # more would come near the number of fields that one form may send
_INDEX = re.compile(r"-([0-9]{1,4})-")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `control` is text, area, tick or select.

    `choices` are all that a select has, and proposals for a text. A column that `redraws`
    decides which other fields its row has.
    """

    key: str
    label: str
    control: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    wide: bool = False
    redraws: bool = False
    read: Callable[[Any], str] | None = None
    write: Callable[[str, Any], Any] | None = None

    def shown(self, entry: Mapping[str, Any]) -> str:
        value = entry.get(self.key)
        if self.read is not None:
            return self.read(value)
        if self.control == "tick":
            return "yes" if value in ("yes", True) else ""
        return "" if value is None else str(value)

    def put(self, entry: dict[str, Any], typed: str) -> None:
        """Write what was typed; what was not changed stays as it was written."""
        if typed == self.shown(entry):
            return
        value = self.write(typed, entry.get(self.key)) if self.write else typed
        if value in ("", None, [], {}):
            entry.pop(self.key, None)
        else:
            entry[self.key] = value


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row as it is drawn."""

    id: str
    name: str
    column: Column
    typed: str


@dataclass(frozen=True, slots=True)
class DrawnRow:
    number: int
    was: str
    cells: tuple[Cell, ...]
    note: str


@dataclass(slots=True)
class Table:
    """The entries under one key of the document as rows of columns.

    `checks` is the label of a button that draws the rows anew. A table that `folds` is shown
    by its caption alone while it has no entries.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    thing: str = "row"
    entries: Sequence[Mapping[str, Any]] = field(default_factory=list)
    typed: list[dict[str, str]] | None = None
    checks: str = ""
    folds: bool = False

    def columns_of(self, _line: Mapping[str, str]) -> tuple[Column, ...]:
        """The fields of a row as typed."""
        return self.columns

    def line_of(self, entry: Mapping[str, Any]) -> dict[str, str]:
        """An entry of the document as it is typed."""
        return {column.key: column.shown(entry) for column in self.columns}

    def is_blank(self, line: Mapping[str, str]) -> bool:
        """Whether nothing was typed; what a select shows by itself is not typed."""
        typed = (column.key for column in self.columns if column.control != "select")
        return not any(line.get(key, "").strip() for key in typed)

    def fill(self, entry: dict[str, Any], line: Mapping[str, str]) -> None:
        """Write a row as typed into its entry."""
        for column in self.columns:
            column.put(entry, line.get(column.key, "").replace("\r\n", "\n").strip())

    def note(self, _line: Mapping[str, str]) -> str:
        """What is said below a row."""
        return ""

    @property
    def is_long(self) -> bool:
        """Whether there are too many entries to be typed here; they are then only shown."""
        return len(self.entries) > MOST_TYPED

    def bind(self, data: Mapping[str, Any]) -> None:
        """Take what was typed, and do what a button of the table asks for."""
        if self.is_long:
            return
        numbers = sorted({int(n) for name in data for n in self._numbers(name)})[:MOST_ROWS]
        self.typed = [self._line(data, f"{self.key}-{number}-") for number in numbers]
        self._press(str(data.get("_table", "")), numbers)

    @property
    def is_folded(self) -> bool:
        """Whether there is nothing in it yet that has to be seen."""
        return self.folds and not (self.entries or (self.typed and not self._is_untouched))

    @property
    def _is_untouched(self) -> bool:
        return len(self.typed or ()) == 1 and all(map(self.is_blank, self.typed or ()))

    @property
    def is_bound(self) -> bool:
        return self.typed is not None

    def value(self) -> list[dict[str, Any]]:
        """The entries as typed; rows without a word are left out."""
        if self.typed is None:
            return [copy.deepcopy(dict(entry)) for entry in self.entries]
        entries = []
        for line in self.typed:
            if self.is_blank(line):
                continue
            entry = self._former(line.get("was", ""))
            self.fill(entry, line)
            entries.append(entry)
        return entries

    @property
    def rows(self) -> tuple[DrawnRow, ...]:
        """The rows to draw; one empty row follows where there is none."""
        lines = self.typed
        if lines is None:
            lines = [
                {"was": str(place)} | self.line_of(entry)
                for place, entry in enumerate(self.entries)
            ]
        lines = lines or [self._empty()]
        return tuple(self._drawn(number, line) for number, line in enumerate(lines))

    def _drawn(self, number: int, line: Mapping[str, str]) -> DrawnRow:
        cells = tuple(
            Cell(
                f"id_{self.key}-{number}-{column.key}",
                f"{self.key}-{number}-{column.key}",
                column,
                line.get(column.key, ""),
            )
            for column in self.columns_of(line)
        )
        return DrawnRow(number, line.get("was", ""), cells, self.note(line))

    @staticmethod
    def _line(data: Mapping[str, Any], prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): str(data.get(name, ""))
            for name in data
            if name.startswith(prefix)
        }

    def _numbers(self, name: str) -> list[str]:
        return _INDEX.findall(name)[:1] if name.startswith(f"{self.key}-") else []

    def _empty(self) -> dict[str, str]:
        return {"was": ""}

    def _former(self, was: str) -> dict[str, Any]:
        fits = was.isascii() and was.isdigit() and len(was) < 5 and int(was) < len(self.entries)
        return copy.deepcopy(dict(self.entries[int(was)])) if fits else {}

    def _press(self, button: str, numbers: list[int]) -> None:
        """``codes:add``, ``codes:drop:3``, ``codes:up:3`` and ``codes:down:3``."""
        key, _, act = button.partition(":")
        if key != self.key or self.typed is None:
            return
        verb, _, number = act.partition(":")
        if verb == "add":
            self.typed.append(self._empty())
            return
        if not number.isdigit() or int(number) not in numbers:
            return
        at = numbers.index(int(number))
        row = self.typed.pop(at)
        if verb in ("up", "down"):
            aim = at + (1 if verb == "down" else -1)
            self.typed.insert(max(0, min(aim, len(self.typed))), row)
