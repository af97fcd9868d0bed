"""Columns of a data set by construct, as arrays."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.constructs.measured import Floats, Rows, Values, any_true
from analysis.constructs.places import within
from analysis.dataset import Dataset


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A construct with two coordinates.

    `cells` is (n, rows, columns) floats; a cell that the wave did not ask is missing.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Floats

    def of(self, rows: Iterable[str] | None = None, columns: Iterable[str] | None = None) -> "Grid":
        """The named rows and columns, as far as they were asked."""
        kept = self.rows if rows is None else within(self.rows, tuple(rows))
        held = self.columns if columns is None else within(self.columns, tuple(columns))
        if kept == self.rows and held == self.columns:
            return self
        places = np.ix_(_places(self.rows, kept), _places(self.columns, held))
        firms_last = self.cells.transpose(1, 2, 0)[places]
        return Grid(kept, held, firms_last.transpose(2, 0, 1))

    def rows_at(self, columns: Iterable[str]) -> Floats:
        """(n, rows) whether the row was ticked at any of the columns."""
        return any_true(self.of(columns=columns).cells)


def _places(names: tuple[str, ...], wanted: tuple[str, ...]) -> list[int]:
    return [names.index(each) for each in wanted]


def grid(dataset: Dataset, construct: str) -> Grid | None:
    """The cells ``construct[row,column]``; None if the wave did not ask the construct."""
    variables = dataset.variables_of(construct)
    if not variables:
        return None
    rows, columns = (
        tuple(dict.fromkeys(variable.coordinates[place][1] for variable in variables))
        for place in (0, 1)
    )
    # Firms last, so that what is done to all firms of a cell runs through memory in order.
    cells = np.full((len(rows), len(columns), len(dataset.frame)), np.nan)
    for variable in variables:
        (_, row), (_, column) = variable.coordinates
        values = dataset.frame[variable.name].to_numpy(dtype=float)
        cells[rows.index(row), columns.index(column)] = values
    return Grid(rows, columns, cells.transpose(2, 0, 1))


def column(dataset: Dataset, name: str) -> Floats | None:
    """(n,) floats of the column; None if the wave did not ask it."""
    return dataset.frame[name].to_numpy(dtype=float) if name in dataset.frame.columns else None


def texts(dataset: Dataset, name: str) -> Values | None:
    """(n,) code texts of the column, None for missing; None if the wave did not ask it."""
    if name not in dataset.frame.columns:
        return None
    found = dataset.frame[name].to_numpy(dtype=object)
    return np.array(
        [None if each is None or each != each else str(each) for each in found], dtype=object
    )


def by_coordinate(
    dataset: Dataset, construct: str, among: Iterable[str] | None = None
) -> dict[str, Floats]:
    """(n,) floats for each coordinate of a construct that has one; empty if it was not asked."""
    wanted = None if among is None else set(among)
    return {
        place: dataset.frame[variable.name].to_numpy(dtype=float)
        for variable in dataset.variables_of(construct)
        for place in [variable.coordinates[0][1]]
        if wanted is None or place in wanted
    }


def code_is_among(
    dataset: Dataset, construct: str, coordinates: Iterable[str], codes: Iterable[str]
) -> Rows:
    """(n, m) whether the code of the construct at each of m coordinates is among the codes."""
    wanted = list(codes)
    columns = [dataset.frame[f"{construct}[{each}]"] for each in coordinates]
    return np.stack([column.isin(wanted).to_numpy() for column in columns]).T


def side_by_side(columns: Iterable[Floats]) -> Floats:
    """(n, m) of m columns of (n,)."""
    return np.stack(list(columns)).T
