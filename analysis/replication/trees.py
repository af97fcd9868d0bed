"""Regression and classification trees, of which a synthesis draws (Breiman et al. 1984)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.estimation.estimates import Floats

Codes = npt.NDArray[np.intp]
DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Split:
    """Rows whose column is at most `bound` go left."""

    column: int
    bound: float
    left: "Split | int"
    right: "Split | int"


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A tree, and the leaf of each row that it was grown on."""

    root: Split | int
    leaf: Codes

    def leaves_of(self, X: Floats) -> Codes:
        """(m,) leaf that each of other rows falls into."""
        found = np.zeros(len(X), dtype=np.intp)
        waiting: list[tuple[Split | int, Codes]] = [(self.root, np.arange(len(X)))]
        while waiting:
            node, rows = waiting.pop()
            if isinstance(node, int):
                found[rows] = node
                continue
            is_left = X[rows, node.column] <= node.bound
            waiting += [(node.left, rows[is_left]), (node.right, rows[~is_left])]
        return found


def grown(X: Floats, Y: Floats, least: int) -> Tree:
    """A tree that splits where the squared deviations of Y fall most.

    `X` is (n, p), what rows are told apart by, without missing values; `Y` (n, q), what is
    explained: one number, or an indicator for each level, for which the fall is that of the
    Gini index. A leaf holds at least `least` rows.
    """
    leaf = np.zeros(len(X), dtype=np.intp)
    count = 0

    def grow(rows: Codes, depth: int) -> Split | int:
        nonlocal count
        found = _best(X[rows], Y[rows], least) if depth < DEEPEST else None
        if found is None:
            leaf[rows] = count
            count += 1
            return count - 1
        column, bound = found
        is_left = X[rows, column] <= bound
        return Split(column, bound, grow(rows[is_left], depth + 1), grow(rows[~is_left], depth + 1))

    return Tree(grow(np.arange(len(X)), 0), leaf)


def _best(X: Floats, Y: Floats, least: int) -> tuple[int, float] | None:
    """The column and bound of the best split, if any lessens the deviations."""
    n = len(X)
    if n < 2 * least or not np.ptp(Y, axis=0).any():
        return None
    total = Y.sum(axis=0)
    floor = float(total @ total) / n
    best, place = floor + 1e-9 * (1 + abs(floor)), None
    for column in range(X.shape[1]):
        order = np.argsort(X[:, column], kind="stable")
        x = X[order, column]
        ends = np.flatnonzero(x[least - 1 : n - least] < x[least : n - least + 1]) + least
        if not len(ends):
            continue
        left = np.cumsum(Y[order], axis=0)[ends - 1]
        right = total - left
        gain = (left**2).sum(axis=1) / ends + (right**2).sum(axis=1) / (n - ends)
        top = int(np.argmax(gain))
        if gain[top] > best:
            best, place = float(gain[top]), (column, float(x[ends[top] - 1]))
    return place
