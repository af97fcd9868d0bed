"""What can be worked out from a published table: bounds by linear programming."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from analysis.disclosure.additive import AdditiveTable, Protection
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

Cells = npt.NDArray[np.intp]
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Exposed:
    """A withheld cell whose value can be told too closely.

    Attributes
    ----------
    label : of the cell
    layer : position of the layer
    least, most : the attacker's bounds
    """

    label: str
    layer: int
    least: float
    most: float


def bounds(
    table: AdditiveTable,
    hidden: Collection[int],
    cell: int,
    *,
    layer: int = 0,
    knows: Collection[int] = (),
) -> tuple[float, float]:
    """The least and the most that the value of a hidden cell can be, given all that is shown.

    Only published values enter: the attacker solves for the hidden ones under the sums of the
    table and the lowest value known (Hundepool et al. 2012, section 4.2.2).
    """
    unknown: Cells = np.array(sorted(set(hidden) - set(knows)), dtype=np.intp)
    if cell not in unknown:
        value = float(table.layers[layer][cell])
        return value, value
    shown = table.layers[layer].copy()
    shown[unknown] = 0.0
    sums, cells = _together(table.matrix, unknown, cell)
    matrix = table.matrix[sums][:, cells]
    right = -(table.matrix[sums] @ shown)
    aim = (cells == cell).astype(float)
    return (
        _optimum(aim, matrix, right, table.lowest),
        -_optimum(-aim, matrix, right, table.lowest),
    )


def audit(
    table: AdditiveTable, hidden: Collection[int], protections: Sequence[Protection]
) -> tuple[Exposed, ...]:
    """The cells whose bounds are narrower than they must be; none if the table may be shown."""
    found = []
    for each in protections:
        least, most = bounds(table, hidden, each.cell, layer=each.layer, knows=each.knows)
        value = float(table.layers[each.layer][each.cell])
        slack = TOLERANCE * max(1.0, abs(value))
        low_enough = value - least >= min(each.lower, value - table.lowest) - slack
        if most - value < each.upper - slack or not low_enough:
            found.append(Exposed(table.labels[each.cell], each.layer, least, most))
    return tuple(found)


def refuse_exposed(
    table: AdditiveTable, hidden: Collection[int], protections: Sequence[Protection]
) -> None:
    """Raises: Refusal ``cell_exposed`` naming the cells, never their values."""
    exposed = audit(table, hidden, protections)
    if exposed:
        named = ", ".join(f"“{label}”" for label in dict.fromkeys(e.label for e in exposed))
        raise Refusal(
            "cell_exposed",
            f"What is withheld could be worked out from what is shown: {named}.",
            "Withhold more cells, join categories, or show a table with fewer margins.",
        )


def _together(matrix: sparse.csc_array, unknown: Cells, cell: int) -> tuple[Cells, Cells]:
    """The sums and hidden cells that have to do with one cell: its connected component."""
    within = matrix[:, unknown]
    links = sparse.block_array([[None, within], [within.T, None]]).tocsr()
    _, component = sparse.csgraph.connected_components(abs(links), directed=False)
    own = component[matrix.shape[0] + int(np.flatnonzero(unknown == cell)[0])]
    sums = np.flatnonzero(component[: matrix.shape[0]] == own)
    return sums, unknown[component[matrix.shape[0] :] == own]


def _optimum(aim: Floats, matrix: sparse.csc_array, right: Floats, lowest: float) -> float:
    """Least value of the aim, -inf if there is none."""
    floor = None if np.isneginf(lowest) else lowest
    if matrix.shape[0] == 0:
        return -np.inf if aim.min() < 0 or floor is None else lowest
    solved = linprog(aim, A_eq=matrix, b_eq=right, bounds=(floor, None), method="highs")
    if solved.status == 3:
        return -np.inf
    if solved.status != 0:
        raise Refusal(
            "attack_unsolved",
            "It could not be worked out how closely withheld cells can be told.",
            "Show a smaller table.",
        )
    return float(solved.fun)
