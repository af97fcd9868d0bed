"""The data file of a wave as a whole, as a test looks at it."""

from dataclasses import dataclass
from typing import Any

from surveys.models import Wave
from surveys.queries.datafile_outline import Variable
from surveys.queries.datafile_rows import rows_of


@dataclass(frozen=True)
class Whole:
    columns: tuple[str, ...]
    variables: tuple[Variable, ...]
    about: tuple[tuple[str, str], ...]
    rows: tuple[Any, ...]


def datafile(wave: Wave) -> Whole:
    read = rows_of(wave)
    rows = tuple(read)
    outline = read.counted
    return Whole(outline.columns, outline.variables, outline.about, rows)
