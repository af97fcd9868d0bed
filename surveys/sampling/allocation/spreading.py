"""Spreading a sample over strata in proportion to a measure, between bounds; whole numbers."""

import numpy as np

from surveys.sampling.arrays import Floats, Integers, integers
from surveys.sampling.refusals import AllocationRefused

WHOLE = 1e-9
"""Nearer to a whole number than this, a number is that whole number."""


def refuse_what_cannot_be(lower: Integers, upper: Integers, total: int) -> None:
    """Raise AllocationRefused if no numbers between the bounds sum to `total`."""
    if total > upper.sum():
        raise AllocationRefused(
            f"A sample of {total} was asked for, and {upper.sum()} firms can be drawn. "
            f"Ask for {upper.sum()} or fewer."
        )
    if total < lower.sum():
        raise AllocationRefused(
            f"A sample of {total} was asked for, and the smallest numbers of the strata sum to "
            f"{lower.sum()}. Draw at least {lower.sum()}, lower the smallest number, or take fewer "
            "strata whole."
        )


def spread(
    measure: Floats, lower: Integers, upper: Integers, total: float, cost: Floats | None = None
) -> Floats:
    """(H,) exact numbers clip(c m_h, l_h, u_h) whose cost sums to `total`.

    They minimise the sum of m_h² cost_h / n_h at that cost (Gabler, Ganninger & Münnich 2012).
    Strata with measure 0 stay at their lowest number until all others are full.

    Parameters
    ----------
    measure : (H,) floats
        m_h, 0 or more.
    lower, upper : (H,) integers
        Bounds of n_h.
    total : float
        Between the cost of `lower` and that of `upper`.
    cost : (H,) floats, optional
        Of one unit; 1 if left out.
    """
    price = np.ones(len(measure)) if cost is None else cost
    result = lower.astype(float)
    moving = (measure > 0) & (upper > lower)
    if moving.any():
        others = float(price[~moving] @ result[~moving])
        parts = (measure[moving], lower[moving], upper[moving], price[moving])
        result[moving] = _clipped(*parts, total - others)
    rest = total - float(price @ result)
    room = (upper - result) * (measure <= 0)
    if rest > WHOLE * max(total, 1.0) and room.any():
        result += room * min(1.0, rest / float(price @ room))
    return result


def _clipped(
    measure: Floats, lower: Integers, upper: Integers, price: Floats, total: float
) -> Floats:
    """As `spread`, for strata that can all move; what exceeds their upper bounds is left."""
    enters, leaves = lower / measure, upper / measure
    points = np.concatenate([enters, leaves])
    order = np.argsort(points, kind="stable")
    slope = np.cumsum(np.concatenate([price * measure, -price * measure])[order])
    points = points[order]
    risen = np.concatenate([[0.0], np.cumsum(slope[:-1] * np.diff(points))])
    reached = float(price @ lower) + risen
    factor = points[max(int(np.searchsorted(reached, total, side="right")) - 1, 0)]
    active = (enters <= factor) & (leaves > factor)
    fixed = np.where(leaves <= factor, upper, lower)
    if active.any():
        rest = total - float(price[~active] @ fixed[~active])
        factor = max(rest / float(price[active] @ measure[active]), 0.0)
    result: Floats = np.clip(factor * measure, lower, upper)
    return result


def rounded(exact: Floats, lower: Integers, upper: Integers, total: int) -> Integers:
    """(H,) whole numbers by the largest remainder: they sum to `total` and keep the bounds.

    No number moves by 1 or more if `exact` sums to `total`.
    """
    result = np.clip(integers(np.floor(exact + WHOLE)), lower, upper)
    for step in (1, -1):
        while (missing := step * (total - int(result.sum()))) > 0:
            movable = np.flatnonzero(result < upper if step > 0 else result > lower)
            if not movable.size:
                raise AllocationRefused(f"No whole numbers within the bounds sum to {total}.")
            remainder = step * (exact - result)[movable]
            chosen = movable[np.argsort(-remainder, kind="stable")[:missing]]
            result[chosen] += step
    return result


def rounded_within_budget(
    exact: Floats, lower: Integers, upper: Integers, cost: Floats, budget: float
) -> Integers:
    """(H,) whole numbers by the largest remainder whose cost does not exceed `budget`."""
    result = np.clip(integers(np.floor(exact + WHOLE)), lower, upper)
    left = budget - float(cost @ result)
    for h in np.argsort(result - exact, kind="stable"):
        if result[h] < upper[h] and cost[h] <= left * (1 + WHOLE):
            result[h] += 1
            left -= float(cost[h])
    return result
