"""Weighting classes: cells of cases, thin ones joined with those most like them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mathematics.arrays import Codes, Floats, Rows
from mathematics.refusals import Refusal

LEAST = 10
MOST = 2.0


@dataclass(frozen=True, slots=True)
class Join:
    """A thin cell, the cell it was joined with, and why."""

    cell: str
    into: str
    reason: str


@dataclass(frozen=True, slots=True)
class CellLine:
    """One cell: cases that count, respondents, its weighted response rate and the factor."""

    label: str
    cases: int
    respondents: int
    rate: float
    factor: float


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Weighting classes of n cases.

    Attributes
    ----------
    codes : (n,) positions in `lines`; 0 for cases that neither give nor take
    lines : tuple of CellLine
    joins : tuple of Join, in the order in which they were made
    """

    codes: Codes
    lines: tuple[CellLine, ...]
    joins: tuple[Join, ...]


@dataclass(eq=False)
class _Cell:
    """A cell while cells are joined; `path` has the numbers of its categories, coarse first."""

    path: tuple[int, ...]
    label: str
    members: list[int]
    respondents: int
    taking: float
    giving: float

    @cached_property
    def rate(self) -> float:
        return self.taking / (self.taking + self.giving)

    @property
    def factor(self) -> float:
        return 1 / self.rate if self.taking > 0 else np.inf

    def thin(self, least: int, most: float) -> str:
        """Why the cell cannot stand by itself; nothing if it can or has nothing to share out."""
        if self.giving <= 0:
            return ""
        if self.respondents < least:
            return f"{self.respondents} respondents"
        return f"a factor of {self.factor:.3g}" if self.factor > most else ""


def weighting_cells(
    levels: Mapping[str, npt.ArrayLike],
    weight: npt.ArrayLike,
    gives: npt.ArrayLike,
    takes: npt.ArrayLike,
    *,
    least: int = LEAST,
    most: float = MOST,
) -> Cells:
    """Cells of n cases by crossed categories, the thin ones joined.

    Parameters
    ----------
    levels : mapping from name to (n,) labels
        From the variable to keep apart longest to the one to give up first.
    weight : (n,) floats
        The weights to be shared out.
    gives, takes : (n,) booleans
        Cases that give up their weight (nonrespondents), and those that take it.
    least : int
        A cell needs so many takers,
    most : float
        and may not raise weights by more than this times the factor of all cases together; one
        without givers may always stand.

    Notes
    -----
    The thinnest cell goes first (fewest takers). It is joined with the cell that shares most of
    its leading categories; of several such, with that of the nearest response rate. When all
    cases form one cell it stands, thin or not.

    Raises: Refusal ``nobody_takes``, ``cell_label_missing``.
    """
    counts_for = np.asarray(weight, dtype=float) > 0
    gave = np.asarray(gives, dtype=bool) & counts_for
    took = np.asarray(takes, dtype=bool) & counts_for
    if not took.any():
        raise Refusal(
            "nobody_takes",
            "No case is left that could stand for those that did not respond.",
            "Wait for the first response, or choose other cases to weight.",
        )
    place, cells = _crossed(levels, np.asarray(weight, dtype=float), gave, took)
    overall = sum(each.taking + each.giving for each in cells) / sum(each.taking for each in cells)
    joins = _joined(cells, least, most * overall)
    number = np.zeros(max(each for cell in cells for each in cell.members) + 1, dtype=np.intp)
    for position, cell in enumerate(cells):
        number[cell.members] = position
    codes = np.where(gave | took, number[place], 0)
    counts = np.bincount(codes[gave | took], minlength=len(cells))
    lines = tuple(
        CellLine(cell.label, int(count), cell.respondents, cell.rate, cell.factor)
        for cell, count in zip(cells, counts, strict=True)
    )
    return Cells(codes, lines, tuple(joins))


def _crossed(
    levels: Mapping[str, npt.ArrayLike], weight: Floats, gives: Rows, takes: Rows
) -> tuple[Codes, list[_Cell]]:
    """The cell of each case, and the cells that hold one which gives or takes."""
    counts = gives | takes
    paths, names = [], []
    for name, labels in levels.items():
        codes, seen = _factorized(name, labels, counts)
        paths.append(codes)
        names.append(np.array([str(each) for each in seen], dtype=object))
    place = np.zeros(len(weight), dtype=np.intp)
    inside = np.flatnonzero(counts)
    table = np.column_stack([codes[inside] for codes in paths]) if paths else inside[:, None] * 0
    unique, place[inside] = np.unique(table, axis=0, return_inverse=True)
    taking = np.bincount(place[inside], (weight * takes)[inside], len(unique))
    giving = np.bincount(place[inside], (weight * gives)[inside], len(unique))
    respondents = np.bincount(place[inside], takes[inside], len(unique))
    return place, [
        _Cell(
            tuple(path.tolist()),
            " · ".join(named[code] for named, code in zip(names, path, strict=False)) or "all",
            [number],
            int(respondents[number]),
            float(taking[number]),
            float(giving[number]),
        )
        for number, path in enumerate(unique)
    ]


def _factorized(name: str, labels: npt.ArrayLike, counts: Rows) -> tuple[Codes, Any]:
    codes, seen = pd.factorize(np.asarray(labels), sort=True)
    if len(codes) != len(counts):
        raise ValueError(f"'{name}' and the weights differ in length.")
    missing = (codes < 0) & counts
    if missing.any():
        raise Refusal(
            "cell_label_missing",
            f"'{name}' is missing for {missing.sum()} cases; the first is case "
            f"{int(np.argmax(missing)) + 1}.",
            "Form classes of what the frame has for every case.",
        )
    return np.asarray(codes, dtype=np.intp), seen


def _joined(cells: list[_Cell], least: int, most: float) -> list[Join]:
    """Join thin cells in place until none is left, or one cell."""
    joins = []
    while len(cells) > 1:
        thin = [cell for cell in cells if cell.thin(least, most)]
        if not thin:
            break
        weakest = min(thin, key=lambda cell: (cell.respondents, cell.path))
        cells.remove(weakest)
        other = min(cells, key=lambda cell: _unlike(weakest, cell))
        joins.append(Join(weakest.label, other.label, weakest.thin(least, most)))
        cells[cells.index(other)] = _union(other, weakest)
    return joins


def _unlike(cell: _Cell, other: _Cell) -> tuple[int, float, tuple[int, ...]]:
    """Leading categories not shared, then the distance of the response rates."""
    shared = 0
    for one, another in zip(cell.path, other.path, strict=True):
        if one != another:
            break
        shared += 1
    return len(cell.path) - shared, abs(cell.rate - other.rate), other.path


def _union(cell: _Cell, thin: _Cell) -> _Cell:
    return _Cell(
        cell.path,
        f"{cell.label} + {thin.label}",
        cell.members + thin.members,
        cell.respondents + thin.respondents,
        cell.taking + thin.taking,
        cell.giving + thin.giving,
    )
