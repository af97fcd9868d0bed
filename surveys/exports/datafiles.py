"""A wave's data file as CSV or as a workbook, with its codebook."""

from collections.abc import Iterator, Sequence
from typing import IO

from surveys.exports import delimited, spreadsheet
from surveys.queries.datafile_outline import CODEBOOK_COLUMNS, Cell, Datafile
from surveys.queries.datafile_rows import Rows


def as_csv_lines(rows: Rows) -> Iterator[bytes]:
    """The file piece by piece, as its rows are read; nothing of it is kept."""
    return delimited.pieces(rows.outline.columns, rows)


def codebook_as_csv(content: Datafile) -> bytes:
    return delimited.render(CODEBOOK_COLUMNS, content.codebook)


def write_workbook(rows: Rows, target: IO[bytes]) -> None:
    """Write the sheets data, codebook, about, and comments if firms wrote any.

    Raises spreadsheet.TooLargeForSpreadsheet.
    """
    outline = rows.outline

    def codebook() -> Iterator[Sequence[Cell]]:
        # Read when the data are written, for only then are the values counted.
        yield from rows.counted.codebook

    sheets = [
        spreadsheet.Sheet("data", outline.columns, rows, outline.firms),
        spreadsheet.Sheet("codebook", CODEBOOK_COLUMNS, codebook()),
        spreadsheet.Sheet("about", ("what", "value"), outline.about),
    ]
    if any(rows.comments()):
        sheets.append(spreadsheet.Sheet("comments", ("pseudonym", "comment"), rows.comments()))
    spreadsheet.write(target, sheets)


def file_name(survey: str, wave: str, *, made_data: bool, ending: str) -> str:
    """The name of a file of the wave, which says so if its data are made."""
    return f"{survey}-{wave}{'-made-data' if made_data else ''}{ending}"
