"""The answers of a wave item by item: a row a firm, a cell of a battery, an entry of a roster."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surveys import questionnaire
from surveys.models import Response, Wave
from surveys.queries.extracts import counted_responses, known_of_all
from surveys.queries.instruments import compiled
from surveys.questionnaire import RosterTable, Route, WideColumn
from surveys.questionnaire.codebook import WITHHELD
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import Roster

Cell = str | int | float

CODEBOOK_COLUMNS = (
    "variable", "stata_name", "label", "type", "unit", "codes", "code_list", "missing",
    "universe", "item",
)  # fmt: skip
COMPLETENESS = "response__completeness"
_COMPLETENESS_DESCRIBED: tuple[Cell, ...] = (
    *(COMPLETENESS, COMPLETENESS, "Whether the firm handed in", "code", ""),
    "complete = Handed in; partial = Not handed in, enough of the key questions answered",
    *("", "", "", ""),
)
BATTERY_COLUMNS = ("pseudonym", "battery", "row", "facet", "column", "value")


class NoInstrument(Exception):
    """The wave was imported with its variables, and has no items."""


@dataclass(frozen=True, slots=True)
class RosterRows:
    """The entries of one roster: the pseudonym and a value for each of the table's columns."""

    table: RosterTable
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def name(self) -> str:
        return self.table.roster.name

    @property
    def header(self) -> tuple[str, ...]:
        return ("pseudonym", *(column.name for column in self.table.columns))


@dataclass(frozen=True, slots=True)
class AnswerTables:
    """Answers that count, pseudonymous: handed in, or partial by the rule of the closing.

    Attributes
    ----------
    columns : every column that the instrument gives, asked of a firm or not
    firms : the pseudonym, whether the firm handed in, and a value for each of `columns`, by
        pseudonym
    batteries : rows in the columns of `BATTERY_COLUMNS`
    rosters : a table for every roster, a row an entry
    """

    columns: tuple[WideColumn, ...]
    firms: tuple[tuple[Cell, ...], ...]
    batteries: tuple[tuple[Cell, ...], ...]
    rosters: tuple[RosterRows, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        return ("pseudonym", COMPLETENESS, *(column.name for column in self.columns))

    @property
    def codebook(self) -> tuple[tuple[Cell, ...], ...]:
        """One row a column of any table, in the columns of `CODEBOOK_COLUMNS`."""
        return _codebook(self.columns, [each.table for each in self.rosters])


def answer_codebook(wave: Wave) -> tuple[tuple[Cell, ...], ...]:
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
    columns = questionnaire.wide_columns(instrument)
    withheld = () if with_words else [each.name for each in columns if each.type == "text"]
    firms, batteries = [], []
    entries: list[tuple[RosterTable, list[tuple[Cell, ...]]]] = [
        (table, []) for table in questionnaire.roster_tables(instrument)
    ]
    for response, route in _routes(wave, instrument):
        pseudonym = response.case.pseudonym
        values = questionnaire.wide_values(instrument, route)
        for name in withheld:
            values[name] = _without_words(values[name])
        standing = "complete" if response.is_submitted else "partial"
        firms.append((pseudonym, standing, *(values[column.name] for column in columns)))
        batteries += [
            (pseudonym, cell.battery, cell.row, cell.facet, cell.column, cell.value)
            for cell in questionnaire.long_rows(instrument, route)
        ]
        for table, rows in entries:
            listed = questionnaire.roster_rows(table, route, values, response.prior_flags)
            rows += [(pseudonym, *row) for row in listed]
    rosters = tuple(RosterRows(table, tuple(rows)) for table, rows in entries)
    return AnswerTables(columns, tuple(firms), tuple(batteries), rosters)


def _routes(wave: Wave, instrument: Instrument) -> Iterator[tuple[Response, Route]]:
    responses = counted_responses(wave)
    for response, known in zip(responses, known_of_all(wave, responses), strict=True):
        yield response, questionnaire.route(instrument, response.answers, known)


def _without_words(value: Cell) -> Cell:
    """The reason why there is no text; that it is withheld, where there is one."""
    return value if value in questionnaire.MISSING_OF_STATE.values() else WITHHELD[0]


def _codebook(
    columns: tuple[WideColumn, ...], rosters: Iterable[RosterTable]
) -> tuple[tuple[Cell, ...], ...]:
    """The columns of the wide table, then those of the tables of rosters."""
    of_rosters = (column for table in rosters for column in table.columns)
    described = tuple(_described(column) for column in (*columns, *of_rosters))
    return (_COMPLETENESS_DESCRIBED, *described)


def _described(column: WideColumn) -> tuple[Cell, ...]:
    missing = (*column.missing, WITHHELD) if column.type == "text" else column.missing
    return (
        column.name,
        column.stata_name,
        column.label,
        column.type,
        column.unit,
        _listed(column.codes),
        column.code_list,
        _listed(missing),
        column.universe,
        column.item,
    )


def _listed(codes: tuple[tuple[str, str], ...]) -> str:
    return "; ".join(f"{value} = {label}" for value, label in codes)
