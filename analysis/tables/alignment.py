"""What the print formats share: alignment at the decimal point, the note of origin."""

from dataclasses import dataclass

from analysis.tables import numerals
from analysis.tables.table import Table

FIGURE_SPACE = "\u2007"
# As wide as a point in most faces, and no place to break a line, which U+2008 is.
POINT_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Alignment:
    """The widest that stands after the point in a column: decimals, closing marks."""

    decimals: int
    closing: str

    def missing(self, text: str) -> str:
        """What a numeral lacks on its right, to be printed unseen."""
        _, fraction, after = numerals.parts(text)
        held = max(0, len(fraction) - 1)
        point = "." if self.decimals and not held else ""
        return point + "0" * (self.decimals - held) + self.closing[len(after) :]

    def padded(self, text: str) -> str:
        """The text with spaces to its right, so that numerals stand over each other.

        Words end where the estimates end.
        """
        if not text:
            return text
        if not numerals.is_numeral(text):
            return text + POINT_SPACE * len(self.closing)
        spaces = {".": POINT_SPACE, "0": FIGURE_SPACE}
        return text + "".join(spaces.get(mark, POINT_SPACE) for mark in self.missing(text))


def alignment(table: Table) -> tuple[Alignment, ...]:
    """One alignment for each column."""
    columns = []
    for place in range(len(table.columns)):
        texts = [row.cells[place].text for row in table.rows if row.cells]
        ends = [numerals.parts(text)[1:] for text in texts if numerals.is_numeral(text)]
        decimals = max((len(fraction) - 1 for fraction, _ in ends if fraction), default=0)
        closing = max((after for _, after in ends), key=_width, default="")
        columns.append(Alignment(decimals, closing))
    return tuple(columns)


def _width(marks: str) -> tuple[int, int]:
    """Of marks that are as many, the widest is wanted: ``+``, then stars, then the daggers."""
    return len(marks), max((")†‡*+".find(mark) for mark in marks), default=0)


def fingerprint_note(table: Table) -> tuple[str, ...]:
    """The line that leads from a printed number back to plan, data and code."""
    if not table.fingerprint:
        return ()
    return (f"Fingerprint of plan, data and code: {table.fingerprint}.",)


def outcome_of(table: Table, place: int) -> str:
    """The text of the spanner over a column; empty where there is none."""
    over = (s.text for s in table.spanners if s.first <= place <= s.last)
    return next(over, "")
