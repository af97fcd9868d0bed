r"""How numerals stand over each other in LaTeX: in columns of siunitx, or by phantoms.

siunitx sets the sign, the thousands and the point itself, and leaves the digits as they are
given. Marks and parentheses are kept out of the number by braces, with room for the widest
of the column in its ``table-format``, as version 3 (2021) and newer have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.tables import numerals
from analysis.tables.alignment import Alignment, alignment
from analysis.tables.latex_text import escape
from analysis.tables.table import Cell, Table

Aligned = Literal["siunitx", "plain"]

PACKAGES: dict[Aligned, str] = {
    "siunitx": "booktabs,threeparttable,siunitx",
    "plain": "booktabs,threeparttable",
}
# Local to the table: nothing else of the document changes.
SETTINGS = (
    r"\sisetup{group-digits=integer,group-minimum-digits=4,group-separator={\,},",
    r"  table-align-text-before=false,table-align-text-after=false}",
)


@dataclass(frozen=True, slots=True)
class Column:
    """How the numerals of one column are aligned.

    Attributes
    ----------
    specification : of the column, for the tabular environment
    alignment : decimals and closing marks of the column
    is_of_siunitx : whether siunitx reads the cells
    """

    specification: str
    alignment: Alignment
    is_of_siunitx: bool

    def numeral(self, text: str) -> str:
        """A printed numeral as the column takes it."""
        if not self.is_of_siunitx:
            missing = self.alignment.missing(text)
            return escape(text) + (rf"\phantom{{{missing}}}" if missing else "")
        before, fraction, after = numerals.parts(text)
        opening = "{(}" if before.startswith("(") else ""
        return f"{opening}{_digits(before)}{fraction}{_kept_out(after)}"


def columns_of(table: Table, aligned: Aligned) -> tuple[Column, ...]:
    """One for each column of the body; one without numerals is centred."""
    plain = alignment(table)
    if aligned == "plain":
        return tuple(Column("r", each, False) for each in plain)
    columns = []
    for place, each in enumerate(plain):
        texts = [row.cells[place].text for row in table.rows if row.cells]
        found = [text for text in texts if numerals.is_numeral(text)]
        columns.append(Column(_specification(found, each), each, bool(found)))
    return tuple(columns)


def is_numeral(cell: Cell) -> bool:
    return numerals.is_numeral(cell.text)


def _specification(texts: Sequence[str], column: Alignment) -> str:
    if not texts:
        return "c"
    digits = [_digits(numerals.parts(text)[0]) for text in texts]
    sign = "-" if any(each.startswith("-") for each in digits) else ""
    whole = max(len(each.removeprefix("-")) for each in digits)
    opening = "{(}" if any(text.startswith("(") for text in texts) else ""
    point = f".{column.decimals}" if column.decimals else ".0"
    return f"S[table-format={opening}{sign}{whole}{point}{_kept_out(column.closing)}]"


def _digits(before: str) -> str:
    """What stands before the point, as siunitx reads it."""
    bare = before.removeprefix("(").replace(numerals.NARROW_SPACE, "")
    return bare.replace(numerals.MINUS, "-")


def _kept_out(marks: str) -> str:
    return f"{{{escape(marks)}}}" if marks else ""
