"""Which variables of several waves may stand in one column, by the comparison of instruments."""

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from surveys import questionnaire
from surveys.models import Wave
from surveys.queries.extracts import columns_of
from surveys.queries.instruments import compiled
from surveys.queries.prior import comparable_items
from surveys.questionnaire import BoundColumn, RosterTable, WideColumn
from surveys.questionnaire.binding import cells_of
from surveys.questionnaire.instrument import Instrument

NOT_EVERYWHERE = "not asked in every wave"
OTHERWISE = "measured otherwise: another unit or other codes"
REWRITTEN = "its question changed between the waves"

LeftOut = tuple[tuple[str, str], ...]
"""Variables that are not pooled, each with the reason."""

Column = TypeVar("Column")


@dataclass(frozen=True, slots=True)
class Pooled:
    """Variables of construct space that mean the same in every wave, as the newest has them."""

    columns: tuple[BoundColumn, ...]
    left_out: LeftOut

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class PooledRoster:
    """A roster that every wave has, and what of its entries means the same in all of them.

    Attributes
    ----------
    columns : as the newest wave has them; the first four are about the entry itself
    tables : the roster's table in each wave
    is_changed : whether the question that asks for the list is another one
    """

    name: str
    columns: tuple[WideColumn, ...]
    left_out: LeftOut
    tables: tuple[RosterTable, ...]
    is_changed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def pooled_of(waves: Sequence[Wave]) -> Pooled:
    """What answers and frames measure alike in all of the waves."""
    columns = [{column.name: column for column in columns_of(wave)} for wave in waves]
    return Pooled(*_alike(columns, _bound_as, _unlike(waves)))


def pooled_rosters(waves: Sequence[Wave]) -> tuple[PooledRoster, ...]:
    """The rosters that all waves have under one name, in the order of the newest."""
    instruments = [compiled(wave.instrument) for wave in waves if wave.instrument is not None]
    if len(instruments) < len(waves):
        return ()
    tables = [
        {table.roster.name: table for table in questionnaire.roster_tables(instrument)}
        for instrument in instruments
    ]
    alike = [comparable_items(old, new) for old, new in itertools.pairwise(instruments)]
    return tuple(
        _pooled_roster([each[name] for each in tables], alike)
        for name in tables[-1]
        if all(name in each for each in tables)
    )


def _pooled_roster(tables: Sequence[RosterTable], alike: Sequence[Collection[str]]) -> PooledRoster:
    name = tables[-1].roster.name
    columns = [{column.name: column for column in table.columns} for table in tables]
    unlike = {
        column.name
        for table in tables
        for column in table.columns
        # Those about the entry itself are of the roster, and mean the same however it asks.
        if column.item != name and any(column.item not in each for each in alike)
    }
    same, left_out = _alike(columns, _asked_as, unlike)
    is_changed = any(name not in each for each in alike)
    return PooledRoster(name, same, left_out, tuple(tables), is_changed)


def _alike(
    columns: Sequence[Mapping[str, Column]],
    measured: Callable[[Column], object],
    unlike: Collection[str],
) -> tuple[tuple[Column, ...], LeftOut]:
    """Columns of the newest wave that mean the same in every one, and others with the reason."""
    kept, left_out = [], []
    for name in dict.fromkeys(name for each in columns for name in each):
        present = [each[name] for each in columns if name in each]
        if len(present) < len(columns):
            left_out.append((name, NOT_EVERYWHERE))
        elif len({measured(column) for column in present}) > 1:
            left_out.append((name, OTHERWISE))
        elif name in unlike:
            left_out.append((name, REWRITTEN))
        else:
            kept.append(columns[-1][name])
    return tuple(kept), tuple(left_out)


def _bound_as(column: BoundColumn) -> object:
    return column.measure, column.unit, column.codes


def _asked_as(column: WideColumn) -> object:
    return column.type, column.unit, column.codes, column.code_list


def _unlike(waves: Sequence[Wave]) -> set[str]:
    """Variables bound to a question that the comparison of two instruments does not pool."""
    instruments = [compiled(wave.instrument) for wave in waves if wave.instrument is not None]
    found: set[str] = set()
    for old, new in itertools.pairwise(instruments):
        alike = comparable_items(old, new)
        found |= _cells_of(old, alike) | _cells_of(new, alike)
    return found


def _cells_of(instrument: Instrument, alike: frozenset[str]) -> set[str]:
    return {
        name
        for item in instrument.items
        if item.name not in alike
        for binding in item.bindings
        for name in cells_of(item, binding)
    }
