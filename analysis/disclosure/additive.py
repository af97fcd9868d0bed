"""Tables as cells and the sums that hold among them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analysis.estimation.estimates import Floats

Sum = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Protection:
    """How uncertain a cell must stay for an attacker.

    Attributes
    ----------
    cell : position of the cell
    upper, lower : by how much the attacker's bounds must lie above and below the value
    layer : position of the layer whose values are attacked
    knows : cells that the attacker knows beside what is published, such as an own one
    """

    cell: int
    upper: float
    lower: float = 0.0
    layer: int = 0
    knows: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class AdditiveTable:
    """N cells, totals among them, and the sums they obey.

    Attributes
    ----------
    labels : of the N cells
    layers : (N,) values of each kind that is published of the same cells, such as counts and
        weighted totals; hiding a cell hides it in every layer
    sums : (total, parts) positions of cells
    lowest : what everyone knows that no value lies below; -inf for quantities of either sign
    cost : (N,) what hiding a cell costs; the size of the first layer if left out
    """

    labels: tuple[str, ...]
    layers: tuple[Floats, ...]
    sums: tuple[Sum, ...]
    lowest: float = 0.0
    cost: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        if not len(self.cost):
            object.__setattr__(self, "cost", np.abs(self.layers[0]))
        for layer in self.layers:
            if len(layer) != len(self.labels):
                raise ValueError("Labels and values of the table differ in length.")
            gap = np.abs(self.matrix @ layer).max(initial=0.0)
            if gap > 1e-6 * max(1.0, float(np.abs(layer).max(initial=0.0))):
                raise ValueError("The table does not add up.")

    @cached_property
    def matrix(self) -> sparse.csc_array:
        """(S, N): parts less total of each sum; its product with the values is nought."""
        rows, columns, signs = [], [], []
        for row, (total, parts) in enumerate(self.sums):
            rows += [row] * (len(parts) + 1)
            columns += [*parts, total]
            signs += [1.0] * len(parts) + [-1.0]
        return sparse.csc_array((signs, (rows, columns)), (len(self.sums), len(self.labels)))

    @cached_property
    def sums_of_cell(self) -> tuple[tuple[int, ...], ...]:
        """Which sums each cell stands in."""
        found: list[list[int]] = [[] for _ in self.labels]
        for row, (total, parts) in enumerate(self.sums):
            for cell in (total, *parts):
                found[cell].append(row)
        return tuple(map(tuple, found))

    @cached_property
    def is_network(self) -> bool:
        """Whether changes of cells are flows, so that they part into single rounds.

        So it is of tables of one or two dimensions, one of them with subtotals: each cell
        stands in two sums at most, and the sums can be coloured so that a cell counts with
        unlike signs, or in sums of unlike colour.
        """
        if max(map(len, self.sums_of_cell), default=0) > 2:
            return False
        colour: dict[int, int] = {}
        beside: dict[int, list[tuple[int, int]]] = {row: [] for row in range(len(self.sums))}
        for cell, rows in enumerate(self.sums_of_cell):
            if len(rows) == 2:
                signs = [-1 if self.sums[row][0] == cell else 1 for row in rows]
                turn = -1 if signs[0] == signs[1] else 1
                beside[rows[0]].append((rows[1], turn))
                beside[rows[1]].append((rows[0], turn))
        for start in beside:
            if start in colour:
                continue
            colour[start], waiting = 1, [start]
            while waiting:
                row = waiting.pop()
                for other, turn in beside[row]:
                    if other not in colour:
                        colour[other] = colour[row] * turn
                        waiting.append(other)
                    elif colour[other] != colour[row] * turn:
                        return False
        return True


def one_way(values: Sequence[float] | Floats, labels: Sequence[str] = ()) -> AdditiveTable:
    """Cells and their total, which comes last."""
    inner = np.asarray(values, dtype=float)
    names = (*(labels or map(str, range(len(inner)))), "total")
    whole = np.append(inner, inner.sum())
    return AdditiveTable(names, (whole,), ((len(inner), tuple(range(len(inner)))),))


def two_way(
    inner: Floats | Sequence[Sequence[float]], *others: Floats, groups: Sequence[int] = ()
) -> AdditiveTable:
    """(R, C) cells with the totals of rows, of columns and of all.

    Cells lie row by row, each row followed by its total; totals of columns come last. With
    `groups`, the group of each row, subtotals of each group of rows stand between. `others` are
    further layers.
    """
    layers = tuple(_with_margins(np.asarray(each, float), groups) for each in (inner, *others))
    rows, columns = np.asarray(inner).shape
    width, number = columns + 1, len(set(groups))
    # That rows of totals add up, too, follows from these and from the columns.
    sums: list[Sum] = [
        (row * width + columns, tuple(row * width + column for column in range(columns)))
        for row in range(rows)
    ]
    for column in range(width):
        if not number:
            sums.append((rows * width + column, tuple(r * width + column for r in range(rows))))
            continue
        for place, group in enumerate(dict.fromkeys(groups)):
            parts = tuple(r * width + column for r in range(rows) if groups[r] == group)
            sums.append(((rows + place) * width + column, parts))
        subtotals = tuple((rows + place) * width + column for place in range(number))
        sums.append(((rows + number) * width + column, subtotals))
    names = tuple(f"{r},{c}" for r in range(rows + number + 1) for c in range(width))
    return AdditiveTable(names, layers, tuple(sums))


def _with_margins(inner: Floats, groups: Sequence[int]) -> Floats:
    wide = np.column_stack([inner, inner.sum(axis=1)])
    subtotals = [
        wide[np.array([each == group for each in groups])].sum(axis=0)
        for group in dict.fromkeys(groups)
    ]
    result: npt.NDArray[np.float64] = np.vstack([wide, *subtotals, wide.sum(axis=0)]).ravel()
    return result
