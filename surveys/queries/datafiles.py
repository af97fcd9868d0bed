"""The data file of a wave as a whole, for a workbook; `datafile_rows` gives it row by row."""

from dataclasses import replace

from surveys.models import Wave
from surveys.queries.datafile_outline import Datafile, counted
from surveys.queries.datafile_rows import rows_of
from surveys.queries.feedback import feedback_of


def datafile(wave: Wave) -> Datafile:
    """The tables of the wave's data file."""
    read, said = rows_of(wave), feedback_of(wave).comments
    rows = tuple(read)
    return replace(
        read.outline,
        variables=counted(read.outline, read.present),
        rows=rows,
        comments=tuple((str(row[0]), said[str(row[0])]) for row in rows if str(row[0]) in said),
    )
