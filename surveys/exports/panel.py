"""The linked files of several waves: firms, entries of rosters, and what stands in them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from surveys.exports import delimited, spreadsheet
from surveys.exports.answerfiles import sheet_names
from surveys.queries.linked import DESIGN, Linked
from surveys.queries.panel_codebook import CODEBOOK_COLUMNS, panel_codebook
from surveys.queries.pooling import Pooled, PooledRoster


def panel_as_csv(found: Linked) -> Iterator[bytes]:
    """A row a firm and wave; missing values are empty."""
    return delimited.pieces(found.header, found.rows())


def roster_as_csv(
    found: Linked, roster: PooledRoster, *, with_words: bool = False
) -> Iterator[bytes]:
    """A row an entry and wave; the reason stands where a value is missing."""
    rows = found.entries(roster, with_words=with_words)
    return delimited.pieces(roster_header(roster), rows)


def codebook_as_csv(pooled: Pooled, rosters: Sequence[PooledRoster]) -> bytes:
    """A row a variable of each file, and one for each that is left out."""
    return delimited.render(CODEBOOK_COLUMNS, panel_codebook(pooled, rosters))


def roster_header(roster: PooledRoster) -> tuple[str, ...]:
    return (*DESIGN, *roster.names)


def write_csv(found: Linked, target: Path, *, with_words: bool = False) -> list[Path]:
    """Write the file of the firms; beside it stand the codebook and those of rosters.

    Raises OSError.
    """
    beside = target.with_name(f"{target.stem}-codebook.csv")
    written = [target, beside]
    with target.open("wb") as file:
        file.writelines(panel_as_csv(found))
    beside.write_bytes(codebook_as_csv(found.pooled, found.rosters))
    for roster in found.rosters:
        written.append(target.with_name(f"{target.stem}-roster-{roster.name}.csv"))
        with written[-1].open("wb") as file:
            file.writelines(roster_as_csv(found, roster, with_words=with_words))
    return written


def write_workbook(found: Linked, target: IO[bytes], *, with_words: bool = False) -> None:
    """Write the sheets panel and codebook, and one a roster.

    Raises spreadsheet.TooLargeForSpreadsheet.
    """
    sheets = [
        spreadsheet.Sheet("panel", found.header, found.rows(), found.n_rows),
        spreadsheet.Sheet(
            "codebook", CODEBOOK_COLUMNS, panel_codebook(found.pooled, found.rosters)
        ),
    ]
    names = sheet_names([roster.tables[-1] for roster in found.rosters])
    for name, roster in zip(names, found.rosters, strict=True):
        rows = found.entries(roster, with_words=with_words)
        sheets.append(spreadsheet.Sheet(name, roster_header(roster), rows))
    spreadsheet.write(target, sheets)
