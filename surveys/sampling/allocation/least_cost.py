"""The least cost at which several variances are small enough: Bethel's convex programme.

Minimise the sum of c_h n_h, so that sum over h of a_jh / n_h is at most 1 for every constraint j
and n_h lies between its bounds. At the optimum

    n_h = clip(sqrt(sum over j of p_j a_jh / c_h), lower_h, upper_h)

with one price p_j >= 0 of each constraint, positive only where the constraint binds (Bethel 1989,
with bounds added). The prices maximise the dual, a concave function of J variables; it
is climbed by Newton steps, each to the top of a parabola over prices that are not negative, halved
where the dual does not rise. Bethel's own iteration and Chromy's (1987) reach the same point.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from surveys.sampling.arrays import Floats
from surveys.sampling.refusals import AllocationRefused

TOLERANCE = 1e-10
ROUNDING = 1e-13
"""Of the dual, what arithmetic may take from it near the top."""
MOST_ITERATIONS = 500
RIDGE = 1e-12
"""Of a scaled curvature: constraints that say the same share their price."""
RISE = 1e-4
"""Of the rise that the slope promises, the share that a step must bring."""


@dataclass(frozen=True, slots=True, eq=False)
class LeastCost:
    """The optimum.

    Attributes
    ----------
    numbers : (H,) floats
    prices : (J,) floats
        By how much the cost falls if 1 / n_h may be worth 1 more: of a constraint on a
        variance, the cost of making it 1 % smaller is about a hundredth of it.
    iterations : int
    gap : float
        Between the cost and its lower bound, the dual, as a share of the cost.
    """

    numbers: Floats
    prices: Floats
    iterations: int
    gap: float


@dataclass(frozen=True, slots=True, eq=False)
class _Programme:
    """Constraints a (J, H), costs and bounds (H,)."""

    a: Floats
    cost: Floats
    lower: Floats
    upper: Floats

    def numbers(self, prices: Floats) -> Floats:
        """(H,) that are best at these prices."""
        result: Floats = np.clip(np.sqrt(prices @ self.a / self.cost), self.lower, self.upper)
        return result

    def excess(self, numbers: Floats) -> Floats:
        """(J,) by how much each constraint is missed; the slope of the dual."""
        result: Floats = self.a @ (1 / numbers) - 1
        return result

    def dual(self, prices: Floats) -> float:
        numbers = self.numbers(prices)
        return float(self.cost @ numbers + prices @ self.excess(numbers))

    def curvature(self, prices: Floats) -> Floats:
        """(J, J) of the dual, its sign turned."""
        weight = prices @ self.a
        numbers = np.sqrt(weight / self.cost)
        free = (numbers > self.lower) & (numbers < self.upper)
        a = self.a[:, free]
        bend: Floats = (a * (np.sqrt(self.cost[free]) / (2 * weight[free] ** 1.5))) @ a.T
        return bend


def least_cost(a: Floats, cost: Floats, lower: Floats, upper: Floats) -> LeastCost:
    """Solve the programme above.

    Parameters
    ----------
    a : (J, H) floats
        0 or more.
    cost : (H,) floats
        Positive.
    lower, upper : (H,) floats
        Positive; the constraints must hold at `upper`.

    Raises
    ------
    AllocationRefused
        If the prices were not found within 500 steps.
    """
    programme = _Programme(a, cost, lower, upper)
    prices = (np.sqrt(a * cost).sum(axis=1)) ** 2 / max(len(a), 1)
    for iteration in range(1, MOST_ITERATIONS + 1):
        excess = programme.excess(programme.numbers(prices))
        if _is_optimal(programme, prices, excess):
            return _solution(programme, prices, iteration)
        prices = _climbed(programme, prices, excess)
    raise AllocationRefused(
        f"The allocation did not settle within {MOST_ITERATIONS} steps. Look for targets that are "
        "all but out of reach, or nearly the same."
    )


def _solution(programme: _Programme, prices: Floats, iteration: int) -> LeastCost:
    numbers = programme.numbers(prices)
    paid = float(programme.cost @ numbers)
    return LeastCost(numbers, prices, iteration, abs(paid - programme.dual(prices)) / paid)


def _is_optimal(programme: _Programme, prices: Floats, excess: Floats) -> bool:
    """Whether every constraint holds, and those with a price bind."""
    paid = float(programme.cost @ programme.numbers(prices))
    unbound = float(prices @ np.abs(excess))
    return bool(np.max(excess, initial=0.0) <= TOLERANCE and unbound <= TOLERANCE * paid)


def _climbed(programme: _Programme, prices: Floats, excess: Floats) -> Floats:
    """Prices from which the dual is higher: by Newton, or else constraint by constraint."""
    here = programme.dual(prices)
    lowest = here - ROUNDING * abs(here)
    step = _newton_prices(programme.curvature(prices), prices, excess) - prices
    promised = float(excess @ step)
    for halving in range(30):
        tried = np.maximum(prices + step * 0.5**halving, 0.0)
        if programme.dual(tried) >= lowest + RISE * promised * 0.5**halving:
            return tried
    result: Floats = prices * (1 + excess) ** 2
    return result


def _newton_prices(bend: Floats, prices: Floats, excess: Floats) -> Floats:
    """(J,) prices >= 0 at which the dual's parabola is highest: non-negative least squares.

    A constraint whose strata all stand at a bound has no curvature; its price is then moved by
    about ten times itself at most.
    """
    floor = np.abs(excess) / (10 * np.maximum(prices, 1e-3 * prices.max() + 1e-300))
    bend = bend + np.diag(np.maximum(floor - np.diag(bend), 0.0))
    scale = 1 / np.sqrt(np.maximum(np.diag(bend), np.finfo(float).tiny))
    values, vectors = np.linalg.eigh(bend * np.outer(scale, scale))
    roots = np.sqrt(np.maximum(values, RIDGE))
    aim = scale * excess + (roots**2 * vectors) @ (vectors.T @ (prices / scale))
    found: Floats = optimize.nnls(roots[:, None] * vectors.T, (vectors.T @ aim) / roots)[0]
    return scale * found
