"""Answers item by item as CSV files or as a workbook."""

from surveys.exports import delimited, spreadsheet
from surveys.queries.answer_tables import (
    BATTERY_COLUMNS,
    CODEBOOK_COLUMNS,
    AnswerTables,
    Cell,
    RosterRows,
)

_LONGEST_NAME = 31


def as_csv(tables: AnswerTables) -> dict[str, bytes]:
    """The files by what stands between the name and its ending."""
    return {
        "": firms_as_csv(tables),
        "-codebook": codebook_as_csv(tables.codebook),
        "-batteries": batteries_as_csv(tables),
        **{f"-roster-{each.name}": roster_as_csv(each) for each in tables.rosters},
    }


def firms_as_csv(tables: AnswerTables) -> bytes:
    """Wide: a row a firm."""
    return delimited.render(tables.header, tables.firms)


def codebook_as_csv(codebook: tuple[tuple[Cell, ...], ...]) -> bytes:
    """A row a column of the wide file."""
    return delimited.render(CODEBOOK_COLUMNS, codebook)


def batteries_as_csv(tables: AnswerTables) -> bytes:
    """Long: a row a cell of a battery."""
    return delimited.render(BATTERY_COLUMNS, tables.batteries)


def roster_as_csv(roster: RosterRows) -> bytes:
    """A row an entry."""
    return delimited.render(roster.header, roster.rows)


def _sheet_names(rosters: tuple[RosterRows, ...]) -> list[str]:
    """Names of worksheets, which have at most 31 characters and are told apart by them."""
    names: list[str] = []
    for number, each in enumerate(rosters, 1):
        name = f"roster {each.name}"
        is_plain = len(name) <= _LONGEST_NAME and name not in names
        names.append(name if is_plain else f"roster {number} {each.name}"[:_LONGEST_NAME])
    return names


def as_workbook(tables: AnswerTables) -> bytes:
    """The sheets answers, codebook and batteries, and one a roster.

    Raises spreadsheet.TooLargeForSpreadsheet.
    """
    return spreadsheet.render(
        [
            spreadsheet.Sheet("answers", tables.header, tables.firms),
            spreadsheet.Sheet("codebook", CODEBOOK_COLUMNS, tables.codebook),
            spreadsheet.Sheet("batteries", BATTERY_COLUMNS, tables.batteries),
            *(
                spreadsheet.Sheet(name, each.header, each.rows)
                for name, each in zip(_sheet_names(tables.rosters), tables.rosters, strict=True)
            ),
        ]
    )
