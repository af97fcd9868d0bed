"""A mapping: which column of a file measures which construct, as frozen values."""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

Kind = Literal["choice", "number", "money", "share", "year", "text"]
Value = float | str

KIND_OF_MEASURE: dict[str, Kind] = {
    "binary": "choice",
    "ordinal": "choice",
    "category": "choice",
    "number": "number",
    "money": "money",
    "share": "share",
    "year": "year",
    "text": "text",
}
"""Kind of column that a construct of each measure wants."""


@dataclass(frozen=True, slots=True)
class MappedCode:
    """One value that a column may hold: as written in the file, and what it counts as."""

    raw: str
    value: Value
    label: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One column of the file.

    Attributes
    ----------
    column : str
        Name in the header.
    kind : Kind
    construct : str
        What the column measures; empty for one that is kept without a construct.
    at : tuple of (dimension, value)
        Cell of the construct, such as ``(("partner", "suppliers"), ("scale", "home"))``.
    codes : tuple of MappedCode
        Values of a choice; empty with `any_code`, where the file tells them.
    missing : frozenset of str
        Values that mean no answer, beside an empty cell.
    empty : Value or None
        What an empty cell counts as; None is a missing answer.
    multiply : float
        Factor from the file's unit to the construct's, such as 100 for a fraction.
    """

    column: str
    kind: Kind
    construct: str = ""
    at: tuple[tuple[str, str], ...] = ()
    codes: tuple[MappedCode, ...] = ()
    any_code: bool = False
    missing: frozenset[str] = frozenset()
    empty: Value | None = None
    multiply: float = 1.0
    minimum: float | None = None
    maximum: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How the file is written. `sheet` names the sheet of a workbook; empty: the first."""

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class DesignColumns:
    """Columns that tell how firms were drawn; empty where the file does not tell."""

    weight: str = ""
    stratum: tuple[str, ...] = ()
    cluster: str = ""
    population: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are told, in no particular order."""
        return tuple(n for n in (self.weight, *self.stratum, self.cluster, self.population) if n)


@dataclass(frozen=True, slots=True)
class Mapping:
    """All that an import must be told of a file.

    `ignore` holds names, or patterns with ``*`` and ``?``, of columns that are left out;
    any other column that is not mapped is a problem, unless `unmapped` is "ignore".
    """

    title: str
    instrument: str
    reference_first_year: int
    reference_last_year: int
    field_start: date
    field_end: date
    source: str
    unit: str
    columns: tuple[ColumnMapping, ...]
    licence: str = ""
    file: FileOptions = FileOptions()
    design: DesignColumns = DesignColumns()
    ignore: tuple[str, ...] = ()
    unmapped: Literal["error", "ignore"] = "error"

    @property
    def needed(self) -> tuple[str, ...]:
        """Every column that the file must have, once each."""
        names = (self.unit, *self.design.names, *(mapped.column for mapped in self.columns))
        return tuple(dict.fromkeys(names))

    def leaves_out(self, column: str) -> bool:
        """Whether a column that is not mapped may be passed over."""
        return self.unmapped == "ignore" or any(
            fnmatchcase(column, pattern) for pattern in self.ignore
        )
