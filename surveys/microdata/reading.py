"""From a file and its mapping to units with answers, or to every problem in the file."""

import hashlib
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from typing import Any

from surveys.microdata.cells import Cell, CellFault, FoundCode, reader
from surveys.microdata.design import DesignReader, UnitDesign
from surveys.microdata.header import places
from surveys.microdata.limits import Limits
from surveys.microdata.mapping import ColumnMapping, Mapping
from surveys.microdata.problems import MicrodataRefused, ProblemList, legible, refuse
from surveys.microdata.rows import rows_of

LONGEST_IDENTIFIER = 40
_REMEMBERED = 20_000
"""Different cells of a column whose reading is remembered: most columns hold few."""


@dataclass(frozen=True, slots=True)
class ImportedUnit:
    """One firm of the file. `answers` are by column, shaped as the questionnaire does."""

    identifier: str
    row: int
    design: UnitDesign
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Microdata:
    """A file that was read without a problem.

    Attributes
    ----------
    units : tuple of ImportedUnit
    found_codes : mapping
        For every column mapped with ``codes: any``, the codes that the file holds.
    fingerprint : str
        SHA-256 of the file, in hexadecimal.
    """

    units: tuple[ImportedUnit, ...]
    found_codes: Lookup[str, tuple[FoundCode, ...]]
    fingerprint: str


@dataclass(slots=True)
class _Column:
    """One mapped column on its way through the file."""

    mapped: ColumnMapping
    place: int
    read: Callable[[str], Cell]
    remembered: dict[str, Cell] = field(default_factory=dict)

    def cell(self, raw: str) -> Cell:
        if raw in self.remembered:
            return self.remembered[raw]
        value = self.read(raw)
        if len(self.remembered) < _REMEMBERED:
            self.remembered[raw] = value
        return value


def read_microdata(data: bytes, mapping: Mapping, *, limits: Limits | None = None) -> Microdata:
    """The units of the file. Raises MicrodataRefused with every problem, all at once."""
    problems = ProblemList()
    rows = rows_of(data, mapping.file, limits or Limits())
    header = next(rows, [])
    if not any(name.strip() for name in header):
        refuse(
            "empty_file",
            "The first row is blank.",
            "Put the names of the columns into the first row.",
            row=1,
        )
    place = places(header, mapping, problems)
    columns = [
        _Column(mapped, place[mapped.column], reader(mapped, mapping.file.decimal))
        for mapped in mapping.columns
        if mapped.column in place
    ]
    units: tuple[ImportedUnit, ...] = ()
    try:
        units = tuple(_units(rows, len(header), mapping, place, columns, problems))
    except MicrodataRefused as refusal:
        problems.absorb(refusal.report)
    if not units and not problems:
        refuse("no_rows", "The file has a header and no rows.", "Choose the file with the data.")
    problems.refuse_if_any()
    return Microdata(units, _found_codes(columns), hashlib.sha256(data).hexdigest())


def _units(
    rows: Iterator[list[str]],
    width: int,
    mapping: Mapping,
    place: Lookup[str, int],
    columns: list[_Column],
    problems: ProblemList,
) -> Iterator[ImportedUnit]:
    design = DesignReader(mapping, place, problems)
    unit = place.get(mapping.unit)
    identifiers: dict[str, int] = {}
    for row, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != width:
            _ragged(row, len(cells), width, problems)
            continue
        identifier = "" if unit is None else _identifier(row, cells[unit], identifiers, problems)
        answers = _answers(row, cells, columns, problems)
        yield ImportedUnit(identifier, row, design.read(row, cells), answers)
    design.check_strata()


def _ragged(row: int, found: int, width: int, problems: ProblemList) -> None:
    problems.add(
        "ragged_row",
        f"The row has {found} cells; the header has {width}.",
        "Look for a delimiter or a line break within a text of the row: such a text must stand "
        "in quotation marks.",
        row=row,
    )


def _identifier(
    row: int,
    raw: str,
    seen: dict[str, int],
    problems: ProblemList,
) -> str:
    """The unit's identifier, of which there may be no second."""
    identifier = raw.strip()
    if not identifier or len(identifier) > LONGEST_IDENTIFIER:
        problems.add(
            "no_unit",
            f"The row has no identifier of 1 to {LONGEST_IDENTIFIER} characters.",
            "Give every firm an identifier: a pseudonym, not its name.",
            row=row,
            value=raw,
        )
    elif identifier in seen:
        problems.add(
            "duplicate_unit",
            f"“{legible(identifier)}” stands in row {seen[identifier]} already.",
            "Keep one row a firm.",
            row=row,
            value=identifier,
        )
    else:
        seen[identifier] = row
    return identifier


def _answers(
    row: int, cells: list[str], columns: list[_Column], problems: ProblemList
) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for column in columns:
        raw = cells[column.place]
        value = column.cell(raw)
        if isinstance(value, CellFault):
            name = column.mapped.column
            message = f"“{legible(raw)}” {value.message}."
            problems.add(value.code, message, value.remedy, row=row, column=name, value=raw)
        else:
            answers[column.mapped.column] = value.stored if isinstance(value, FoundCode) else value
    return answers


def _found_codes(columns: list[_Column]) -> dict[str, tuple[FoundCode, ...]]:
    return {
        column.mapped.column: tuple(
            sorted(
                {cell for cell in column.remembered.values() if isinstance(cell, FoundCode)},
                key=lambda code: code.raw,
            )
        )
        for column in columns
        if column.mapped.any_code
    }
