"""Whether a pattern of hidden cells protects, and which cells must be added where it does not.

An attacker of a hidden cell p can be wrong by as much as a change d of the hidden cells allows
that leaves every sum as it is: d has no part in cells that are shown. By duality, the most that
d_p can reach is, for any prices y of the sums, at most the sum over cells of a capacity times
the price of the cell. Where a pattern falls short, these capacities give an inequality that
every protecting pattern fulfils (Fischetti & Salazar-Gonzalez 2001, section 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from analysis.disclosure.additive import AdditiveTable, Protection
from analysis.estimation.estimates import Floats

Pattern = npt.NDArray[np.bool_]
# Where changes are no flows, a cell may have to change by more than the protection.
BEYOND_NEED = 4.0
SLACK = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Attack:
    """One bound of one cell that must stay apart from its value.

    Attributes
    ----------
    cell : position
    sign : +1 for the upper bound, -1 for the lower
    need : by how much it must differ
    down, up : (N,) most that each cell's value may fall and rise
    """

    cell: int
    sign: int
    need: float
    down: Floats
    up: Floats


def attacks(table: AdditiveTable, protections: Sequence[Protection]) -> list[Attack]:
    """What must be withstood: an attack from above and one from below for each protection."""
    factor = 1.0 if table.is_network else BEYOND_NEED
    found = []
    for each in protections:
        values = table.layers[each.layer]
        least = max(0.0, float(values[each.cell] - table.lowest))
        for sign, need in ((1, each.upper), (-1, min(each.lower, least))):
            if need <= 0:
                continue
            down = np.minimum(np.maximum(values - table.lowest, 0.0), factor * need)
            up = np.full(len(values), factor * need)
            for cell in each.knows:
                down[cell] = up[cell] = 0.0
            found.append(Attack(each.cell, sign, need, down, up))
    return found


def shortfall(table: AdditiveTable, attack: Attack, hidden: Pattern) -> tuple[float, Floats]:
    """How much the pattern lacks against the attack, and (N,) capacities that say what would do.

    A pattern x protects only if the capacities of its cells add up to the need.
    """
    cells = np.flatnonzero(hidden)
    matrix = table.matrix[:, cells]
    solved = linprog(
        -attack.sign * (cells == attack.cell).astype(float),
        A_eq=matrix,
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([-attack.down[cells], attack.up[cells]]),
        method="highs",
    )
    reached = -float(solved.fun)
    if reached >= attack.need * (1 - SLACK):
        return 0.0, np.empty(0)
    aim = np.zeros(len(hidden))
    aim[attack.cell] = -attack.sign
    price = aim - table.matrix.T @ solved.eqlin.marginals
    capacity = np.where(price > 0, price * attack.down, -price * attack.up)
    # More than the need does not help more.
    return attack.need - reached, np.minimum(capacity, attack.need)


def cheapest_protection(
    table: AdditiveTable, attack: Attack, hidden: Pattern, eligible: Pattern
) -> Pattern | None:
    """The cells that a change protecting against the attack moves, cheap cells first.

    Hidden cells cost nothing, others as much as they are moved (Kelly, Golden & Assad 1992).
    None if no change of eligible cells does.
    """
    may = hidden | eligible
    cells = np.flatnonzero(may)
    count = len(cells)
    price = np.where(hidden, 0.0, table.cost + 1e-6 * (1 + table.cost.max()))[cells]
    matrix = table.matrix[:, cells]
    up, down = attack.up[cells].copy(), attack.down[cells].copy()
    place = int(np.flatnonzero(cells == attack.cell)[0])
    fixed = np.zeros((count, 2))
    fixed[:, 1] = np.minimum(up, attack.need)
    fall = np.zeros((count, 2))
    fall[:, 1] = np.minimum(down, attack.need)
    own, other = (fixed, fall) if attack.sign > 0 else (fall, fixed)
    own[place], other[place] = attack.need, 0.0
    solved = linprog(
        np.concatenate([price, price]),
        A_eq=sparse.hstack([matrix, -matrix]),
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.vstack([fixed, fall]),
        method="highs",
    )
    if solved.status != 0:
        return None
    moved = np.zeros(len(hidden), dtype=bool)
    moved[cells[np.abs(solved.x[:count] - solved.x[count:]) > SLACK * attack.need]] = True
    return moved
