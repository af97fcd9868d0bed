"""A wave's data file as CSV or as a workbook, with its codebook."""

from collections.abc import Iterator

from surveys.exports import delimited, spreadsheet
from surveys.queries.datafile_outline import CODEBOOK_COLUMNS, Datafile
from surveys.queries.datafile_rows import Rows


def as_csv_lines(rows: Rows) -> Iterator[bytes]:
    """The file piece by piece, as its rows are read; nothing of it is kept."""
    return delimited.pieces(rows.outline.columns, rows)


def codebook_as_csv(content: Datafile) -> bytes:
    return delimited.render(CODEBOOK_COLUMNS, content.codebook)


def as_workbook(content: Datafile) -> bytes:
    """The sheets data, codebook, about, and comments if firms wrote any.

    Raises spreadsheet.TooLargeForSpreadsheet.
    """
    comments = spreadsheet.Sheet("comments", ("pseudonym", "comment"), content.comments)
    return spreadsheet.render(
        [
            spreadsheet.Sheet("data", content.columns, content.rows),
            spreadsheet.Sheet("codebook", CODEBOOK_COLUMNS, content.codebook),
            spreadsheet.Sheet("about", ("what", "value"), content.about),
            *([comments] if content.comments else []),
        ]
    )


def file_name(survey: str, wave: str, *, made_data: bool, ending: str) -> str:
    """The name of a file of the wave, which says so if its data are made."""
    return f"{survey}-{wave}{'-made-data' if made_data else ''}{ending}"
