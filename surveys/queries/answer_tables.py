"""The answers of a wave item by item: a row a firm, a cell of a battery, an entry of a roster.

Responses are read by a cursor of the database in the order of pseudonyms; nothing of a firm is
kept once its rows were handed on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surveys import questionnaire
from surveys.models import Response, Wave
from surveys.queries.entry_modes import ENTERED_BY, MODE, MODES, WRITERS, entry_of, with_entries
from surveys.queries.extracts import counted, known_of_all, with_design
from surveys.queries.instruments import compiled
from surveys.questionnaire import RosterTable, Route, WideColumn
from surveys.questionnaire.codebook import WITHHELD
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import Roster

Cell = str | int | float
Row = tuple[Cell, ...]

CODEBOOK_COLUMNS = (
    "variable", "stata_name", "label", "type", "unit", "codes", "code_list", "missing",
    "universe", "item",
)  # fmt: skip
COMPLETENESS = "response__completeness"
_COMPLETE = {
    "complete": "Handed in",
    "partial": "Not handed in, enough of the key questions answered",
}
_OF_RESPONSE = {
    COMPLETENESS: ("Whether the firm handed in", _COMPLETE),
    MODE: ("How the answers came", MODES),
    ENTERED_BY: ("Who put the answers in", WRITERS),
}
BATTERY_COLUMNS = ("pseudonym", "battery", "row", "facet", "column", "value")
_AT_ONCE = 500


class NoInstrument(Exception):
    """The wave was imported with its variables, and has no items."""


@dataclass(frozen=True, slots=True)
class FirmRows:
    """One firm: its row, its cells of batteries, and its entries of each roster."""

    firm: Row
    batteries: tuple[Row, ...]
    rosters: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class AnswerTables:
    """Answers that count, pseudonymous: handed in, or partial by the rule of the closing.

    Gone through, it gives the rows of one firm after the other, by pseudonym.

    Attributes
    ----------
    columns : every column that the instrument gives, asked of a firm or not
    rosters : the columns of a table for every roster, a row an entry
    firms : how many firms there are
    cells_a_firm : rows that each firm has in the table of batteries
    """

    wave: Wave
    instrument: Instrument
    columns: tuple[WideColumn, ...]
    rosters: tuple[RosterTable, ...]
    firms: int
    cells_a_firm: int
    with_words: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        return ("pseudonym", *_OF_RESPONSE, *(column.name for column in self.columns))

    @property
    def codebook(self) -> tuple[Row, ...]:
        """One row a column of any table, in the columns of `CODEBOOK_COLUMNS`."""
        return _codebook(self.columns, self.rosters)

    def __iter__(self) -> Iterator[FirmRows]:
        withheld = [each.name for each in self.columns if each.type == "text"]
        for response, route in _routes(self.wave, self.instrument):
            values = questionnaire.wide_values(self.instrument, route)
            for name in () if self.with_words else withheld:
                values[name] = without_words(values[name])
            yield self._rows_of(response, route, values)

    def _rows_of(self, response: Response, route: Route, values: dict[str, Cell]) -> FirmRows:
        pseudonym = response.case.pseudonym
        standing = "complete" if response.is_submitted else "partial"
        entry = entry_of(response)
        said = (values[column.name] for column in self.columns)
        return FirmRows(
            (pseudonym, standing, entry.mode, entry.entered_by, *said),
            tuple(
                (pseudonym, cell.battery, cell.row, cell.facet, cell.column, cell.value)
                for cell in questionnaire.long_rows(self.instrument, route)
            ),
            tuple(
                tuple(
                    (pseudonym, *row)
                    for row in questionnaire.roster_rows(table, route, values, response.prior_flags)
                )
                for table in self.rosters
            ),
        )


def roster_header(table: RosterTable) -> tuple[str, ...]:
    """The columns of the table of a roster."""
    return ("pseudonym", *(column.name for column in table.columns))


def answer_codebook(wave: Wave) -> tuple[Row, ...]:
    """The codebook of `answer_tables`, for which no answer is read. Raises NoInstrument."""
    if wave.instrument is None:
        raise NoInstrument
    instrument = compiled(wave.instrument)
    return _codebook(
        questionnaire.wide_columns(instrument), questionnaire.roster_tables(instrument)
    )


def rosters_of(wave: Wave) -> tuple[Roster, ...]:
    """The rosters that the wave asks for."""
    if wave.instrument is None:
        return ()
    return tuple(item for item in compiled(wave.instrument).items if isinstance(item, Roster))


def answer_tables(wave: Wave, *, with_words: bool = False) -> AnswerTables:
    """What eligible firms handed in, and partials. Without `with_words` texts are withheld.

    Partial is what was not handed in and held the stated share of the key questions when the
    field closed, as the case's final disposition says.

    Raises NoInstrument.
    """
    if wave.instrument is None:
        raise NoInstrument
    instrument = compiled(wave.instrument)
    return AnswerTables(
        wave,
        instrument,
        questionnaire.wide_columns(instrument),
        questionnaire.roster_tables(instrument),
        firms=with_design(counted(wave)).count(),
        cells_a_firm=len(questionnaire.long_rows(instrument, Route((), {}))),
        with_words=with_words,
    )


def _routes(wave: Wave, instrument: Instrument) -> Iterator[tuple[Response, Route]]:
    found = with_entries(with_design(counted(wave)), wave.survey)
    for response in found.order_by("case__pseudonym").iterator(chunk_size=_AT_ONCE):
        (known,) = known_of_all(wave, [response])
        yield response, questionnaire.route(instrument, response.answers, known)


def without_words(value: Cell) -> Cell:
    """The reason why there is no text; that it is withheld, where there is one."""
    return value if value in questionnaire.MISSING_OF_STATE.values() else WITHHELD[0]


def _codebook(columns: tuple[WideColumn, ...], rosters: Iterable[RosterTable]) -> tuple[Row, ...]:
    """What the platform knows of the response, the wide table, then the tables of rosters."""
    of_rosters = (column for table in rosters for column in table.columns)
    of_response = (
        (name, name, label, "code", "", listed(tuple(codes.items())), "", "", "", "")
        for name, (label, codes) in _OF_RESPONSE.items()
    )
    return (*of_response, *(described(column) for column in (*columns, *of_rosters)))


def described(column: WideColumn) -> Row:
    """A column of a table, in the columns of `CODEBOOK_COLUMNS`."""
    missing = (*column.missing, WITHHELD) if column.type == "text" else column.missing
    return (
        column.name,
        column.stata_name,
        column.label,
        column.type,
        column.unit,
        listed(column.codes),
        column.code_list,
        listed(missing),
        column.universe,
        column.item,
    )


def listed(codes: tuple[tuple[str, str], ...]) -> str:
    """Codes with their labels as one cell."""
    return "; ".join(f"{value} = {label}" for value, label in codes)
