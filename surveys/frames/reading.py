"""A frame read in chunks: checked firms, or every problem counted and the first ones kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, BinaryIO

from surveys.frames.cells import Read, industry_of, reader, unreadable
from surveys.frames.columns import FIELD_NAMES, FrameRow, size_class_of
from surveys.frames.identifiers import Identifiers
from surveys.frames.mapping import FrameMapping, check_header
from surveys.frames.opening import Table, open_table
from surveys.microdata.cells import CellFault
from surveys.microdata.problems import MicrodataRefused, ProblemList, legible, refuse

MOST_UNITS = 1_000_000
AT_ONCE = 10_000
KEPT_OF_A_KIND = 1_000
_LONGEST_ATTRIBUTE = 500
_REMEMBERED = 5_000
_REPEATING = frozenset({"nace", "industry", "region", "size_class", "language"})
_WHOLE = 1 << 256


@dataclass(slots=True)
class FrameReading:
    """One pass over a file. Iterate `chunks`, then look at `problems` and `fingerprint`.

    Attributes
    ----------
    rows_read : rows passed so far, the header left out
    rows_total : about how many there are; None if the file does not tell
    units : firms without a problem
    """

    file: BinaryIO
    mapping: FrameMapping
    most: int = MOST_UNITS
    problems: ProblemList = field(default_factory=lambda: ProblemList(most=KEPT_OF_A_KIND))
    rows_read: int = 0
    rows_total: int | None = None
    units: int = 0
    _sum: int = 0
    _seen: Identifiers = field(default_factory=Identifiers)

    def chunks(self) -> Iterator[list[FrameRow]]:
        """The firms without a problem, some thousands at a time."""
        try:
            mapped = {*self.mapping.columns.values(), *self.mapping.attributes}
            table = open_table(self.file, self.mapping.file, self.problems, wanted=mapped)
            self.rows_total = table.lines
            places = check_header(self.mapping, table.header, self.problems)
            if self.problems and len(places) < len(self.mapping.columns):
                return
            yield from self._chunks(table, _Row(self.mapping, places, self.problems))
        except MicrodataRefused as refused:
            self.problems.absorb(refused.report)
        if not self.rows_read and not self.problems:
            self.problems.add(
                "no_rows", "The file has a header and no firms.", "Choose the file with the firms."
            )

    @property
    def fingerprint(self) -> str:
        """Of the firms and what is told of them, whatever the order of rows and columns."""
        return f"{self._sum:064x}"

    def _chunks(self, table: Table, row: "_Row") -> Iterator[list[FrameRow]]:
        chunk: list[FrameRow] = []
        rows: list[int] = []
        width = len(table.header)
        for number, cells in table.rows:
            if not any(cells):
                continue
            self.rows_read += 1
            if self.rows_read > self.most:
                _too_many(self.most, number)
            if len(cells) != width:
                _ragged(number, len(cells), table, self.problems)
            elif (unit := row.read(number, cells)) is not None:
                chunk.append(unit)
                rows.append(number)
            if len(chunk) >= AT_ONCE or self.rows_read % AT_ONCE == 0:
                yield self._checked(chunk, rows)
                chunk, rows = [], []
        if chunk:
            yield self._checked(chunk, rows)

    def _checked(self, chunk: list[FrameRow], rows: list[int]) -> list[FrameRow]:
        """The chunk, after identifiers that stand in an earlier row were told."""
        column = self.mapping.columns["register_id"]
        for place, first in self._seen.repeats([unit.register_id for unit in chunk], rows):
            identifier = chunk[place].register_id
            self.problems.add(
                "duplicate_register_id",
                f"“{legible(identifier)}” stands in row {first} already.",
                "Keep one row a firm.",
                row=rows[place],
                column=column,
                value=identifier,
            )
        for unit in chunk:
            told = json.dumps(unit, ensure_ascii=False, sort_keys=True).encode()
            digest = blake2b(told, digest_size=32).digest()
            self._sum = (self._sum + int.from_bytes(digest, "big")) % _WHOLE
        self.units += len(chunk)
        return chunk


class _Row:
    """Reads the cells of a row by the mapping."""

    def __init__(
        self, mapping: FrameMapping, places: dict[str, int], problems: ProblemList
    ) -> None:
        self.problems = problems
        self.fields: list[tuple[str, str, int, Read]] = [
            (name, column, places[column], _remembering(name, mapping.file.decimal))
            for name, column in mapping.columns.items()
            if column in places
        ]
        self.attributes = [(name, places[name]) for name in mapping.attributes if name in places]

    def read(self, number: int, cells: list[str]) -> FrameRow | None:
        """The firm of the row; None if there is a problem, which is told."""
        values: dict[str, Any] = dict.fromkeys(FIELD_NAMES, "")
        values["employees"] = values["size_measure"] = None
        is_whole = True
        for name, column, place, read in self.fields:
            value = read(cells[place])
            if isinstance(value, CellFault):
                is_whole = False
                self._tell(value, number, column, cells[place])
            values[name] = value
        values["attributes"] = self._attributes(number, cells)
        if not is_whole:
            return None
        return FrameRow(**_completed(values))

    def _tell(self, fault: CellFault, row: int, column: str, raw: str) -> None:
        said = f"“{legible(raw)}” {fault.message}." if raw.strip() else f"The cell {fault.message}."
        self.problems.add(fault.code, said, fault.remedy, row=row, column=column, value=raw)

    def _attributes(self, number: int, cells: list[str]) -> dict[str, str]:
        found = {}
        for name, place in self.attributes:
            text = cells[place].strip()
            fault = unreadable(text)
            if len(text) > _LONGEST_ATTRIBUTE:
                fault = CellFault(
                    "too_long",
                    f"has {len(text):,} characters; {_LONGEST_ATTRIBUTE} are kept",
                    "Shorten it, or leave the column out.",
                )
            if fault:
                self._tell(fault, number, name, cells[place])
            elif text:
                found[name] = text
        return found


def _remembering(name: str, decimal: str) -> Read:
    """The reader of a field; where values repeat, each is read once."""
    read = reader(name, decimal)
    if name not in _REPEATING:
        return read
    known: dict[str, Any] = {}

    def remembered(raw: str) -> Any:
        if raw in known:
            return known[raw]
        value = read(raw)
        if len(known) < _REMEMBERED:
            known[raw] = value
        return value

    return remembered


def _completed(values: dict[str, Any]) -> dict[str, Any]:
    """Size class from employees, industry from NACE, where the file tells none."""
    if not values["size_class"] and values["employees"] is not None:
        values["size_class"] = size_class_of(values["employees"])
    if not values["industry"] and values["nace"]:
        values["industry"] = industry_of(values["nace"])
    return values


def _ragged(row: int, found: int, table: Table, problems: ProblemList) -> None:
    of_text = (
        "Look for a delimiter or a line break within a text of the row: such a text must stand "
        "in quotation marks."
    )
    of_sheet = "Give every column a name in row 1, or empty the cells beside the list."
    problems.add(
        "ragged_row",
        f"The row has {found} cells; the header has {len(table.header)}.",
        of_text if table.is_text else of_sheet,
        row=row,
    )


def _too_many(most: int, row: int) -> None:
    refuse(
        "too_many_units",
        f"The file holds more than {most:,} firms.",
        "Leave out firms that are out of scope.",
        row=row,
    )
