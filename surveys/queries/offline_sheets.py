"""A section as a sheet to fill in away from the questionnaire: which cell holds what.

The same section of the same instrument always gives the same cells, so that a file that
comes back is read by its place and never by what it says of itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.questionnaire.speech import say

# Fields that are no item's: there is nothing to list; the entry of the wave before is still right.
NONE, STILL = "none", "still"

Typed = Mapping[str, tuple[str, ...]]
"""What was typed, by form field, as a browser would send it."""

_ALWAYS_YES = frozenset({"yes", "x", "1"})


def yes() -> str:
    """What a cell offers that is chosen by a word of its own, in the language of the sheet."""
    return say("yes")


def is_yes(text: str) -> bool:
    """Whether a cell was ticked: by its word, its English word, a cross or a one."""
    return text.casefold() in _ALWAYS_YES | {yes().casefold()}


def row_field(key: str, row: int, name: str) -> str:
    """The name of a field of an entry among what was typed: ``k3f9/12/partners.type``.

    `row` is counted as a spreadsheet counts. Without a name it says that the row was emptied.
    """
    return f"{key}/{row}/{name}"


def tab() -> str:
    """The name of the tab with the questions, in the language of the sheet."""
    return say("Questions")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell to fill in, counted from 0.

    Attributes
    ----------
    tab : sheet of a roster that the cell is on; empty for the sheet of questions
    entry : number of the row of a roster, from 1; 0 for a cell that is about no entry
    page : page of the questionnaire, and `field` the field of its form
    code : the code that a "yes" chooses; empty for a cell that holds the value itself
    choices : pairs of a value and a label that the cell takes; empty where it takes any text
    label : what the cell is called in messages
    """

    row: int
    column: int
    page: str
    field: str
    label: str
    code: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    tab: str = ""
    entry: int = 0

    @property
    def place(self) -> str:
        """The name of the cell in a spreadsheet: ``B12``, with its sheet if it has one."""
        letters, number = "", self.column + 1
        while number:
            number, left = divmod(number - 1, 26)
            letters = chr(ord("A") + left) + letters
        place = f"{letters}{self.row + 1}"
        return f"{self.tab}!{place}" if self.tab else place


@dataclass(frozen=True, slots=True)
class Words:
    """A text that cannot be changed.

    `style` is heading, page, question, note, head, label, or line: a note that is not wrapped.
    """

    row: int
    column: int
    text: str
    style: str
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A section to fill in: a sheet of questions, and one for each roster.

    Attributes
    ----------
    tabs : name and first row of entries of every roster's sheet, by page
    """

    title: str
    words: tuple[Words, ...]
    cells: tuple[Cell, ...]
    tabs: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row of a roster's sheet: the key of its entry, and whether it was filled in already."""

    page: str
    entry: int
    key: str
    was_filled: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What a file says of where it belongs; `revision` is that of the answers it was made of.

    `rows` tell which entry each row of a roster's sheet is.
    """

    case: str
    fingerprint: str
    section: str
    language: str
    revision: int
    rows: tuple[MarkedRow, ...] = ()
