"""Answers item by item as CSV files or as a workbook, firm by firm as they are read."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from surveys.exports import delimited, spreadsheet
from surveys.exports.spool import Spool
from surveys.queries.answer_tables import (
    BATTERY_COLUMNS,
    CODEBOOK_COLUMNS,
    AnswerTables,
    Row,
    roster_header,
)
from surveys.questionnaire import RosterTable

_LONGEST_NAME = 31


@dataclass(slots=True)
class Written:
    """How many rows of each kind were written, and in which files."""

    files: list[Path]
    firms: int = 0
    battery_cells: int = 0
    roster_entries: int = 0


def write_csv(tables: AnswerTables, target: Path) -> Written:
    """Write all tables in one reading; beside the target stand the others and the codebook.

    Raises OSError.
    """
    firms, batteries, *rosters = paths = [
        target.with_name(f"{target.stem}{suffix}.csv")
        for suffix in (
            "",
            "-batteries",
            *(f"-roster-{each.roster.name}" for each in tables.rosters),
        )
    ]
    beside = target.with_name(f"{target.stem}-codebook.csv")
    written = Written([firms, beside, batteries, *rosters])
    headers = [tables.header, BATTERY_COLUMNS, *(roster_header(each) for each in tables.rosters)]
    with ExitStack() as stack:
        to_firms, to_batteries, *to_rosters = (
            stack.enter_context(delimited.Table(path, header))
            for path, header in zip(paths, headers, strict=True)
        )
        for firm in tables:
            to_firms.add([firm.firm])
            to_batteries.add(firm.batteries)
            for to_roster, rows in zip(to_rosters, firm.rosters, strict=True):
                to_roster.add(rows)
                written.roster_entries += len(rows)
            written.firms += 1
            written.battery_cells += len(firm.batteries)
    beside.write_bytes(codebook_as_csv(tables.codebook))
    return written


def firms_as_csv(tables: AnswerTables) -> Iterator[bytes]:
    """Wide: a row a firm."""
    return delimited.pieces(tables.header, (each.firm for each in tables))


def codebook_as_csv(codebook: tuple[Row, ...]) -> bytes:
    """A row a column of the wide file."""
    return delimited.render(CODEBOOK_COLUMNS, codebook)


def batteries_as_csv(tables: AnswerTables) -> Iterator[bytes]:
    """Long: a row a cell of a battery."""
    return delimited.pieces(BATTERY_COLUMNS, (row for each in tables for row in each.batteries))


def roster_as_csv(tables: AnswerTables, name: str) -> Iterator[bytes]:
    """A row an entry of the roster of that name."""
    place = [each.roster.name for each in tables.rosters].index(name)
    rows = (row for each in tables for row in each.rosters[place])
    return delimited.pieces(roster_header(tables.rosters[place]), rows)


def sheet_names(rosters: Sequence[RosterTable]) -> list[str]:
    """Names of worksheets, which have at most 31 characters and are told apart by them."""
    names: list[str] = []
    for number, each in enumerate(rosters, 1):
        name = f"roster {each.roster.name}"
        is_plain = len(name) <= _LONGEST_NAME and name not in names
        names.append(name if is_plain else f"roster {number} {each.roster.name}"[:_LONGEST_NAME])
    return names


def write_workbook(tables: AnswerTables, target: IO[bytes]) -> Written:
    """Write the sheets answers, codebook and batteries, and one a roster.

    Raises spreadsheet.TooLargeForSpreadsheet.
    """
    with ExitStack() as stack:
        batteries, *entries = (stack.enter_context(Spool()) for _ in range(1 + len(tables.rosters)))
        written = Written([])
        cells = tables.firms * tables.cells_a_firm
        firms = _put_by(tables, batteries, entries, written)
        rosters = zip(sheet_names(tables.rosters), tables.rosters, entries, strict=True)
        spreadsheet.write(
            target,
            [
                spreadsheet.Sheet("answers", tables.header, firms, tables.firms),
                spreadsheet.Sheet("codebook", CODEBOOK_COLUMNS, tables.codebook),
                spreadsheet.Sheet("batteries", BATTERY_COLUMNS, batteries, cells),
                *(spreadsheet.Sheet(name, roster_header(of), rows) for name, of, rows in rosters),
            ],
        )
    return written


def _put_by(
    tables: AnswerTables, batteries: Spool, entries: Sequence[Spool], written: Written
) -> Iterator[Row]:
    """The rows of the first sheet; those of later ones are put by as they are read."""
    for each in tables:
        batteries.add(each.batteries)
        for spool, rows in zip(entries, each.rosters, strict=True):
            spool.add(rows)
            written.roster_entries += len(rows)
        written.firms += 1
        written.battery_cells += len(each.batteries)
        yield each.firm
