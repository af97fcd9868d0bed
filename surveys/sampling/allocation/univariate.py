"""Allocation for one purpose: equal, proportional, Neyman, power, and optimal with costs.

Every function takes the strata's bounds, gives whole numbers that sum to what was asked for, and
says in `options` what that was. All minimise a sum of m_h² / n_h over exact numbers between the
bounds; they differ in the measure m_h.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from surveys.sampling.allocation.result import AllocationResult, Limits
from surveys.sampling.allocation.spreading import (
    refuse_what_cannot_be,
    rounded,
    rounded_within_budget,
    spread,
)
from surveys.sampling.arrays import Floats, floats
from surveys.sampling.refusals import AllocationRefused


def equal(limits: Limits, *, total: int) -> AllocationResult:
    """The same number in every stratum, as far as it has that many."""
    return _allocated("equal", np.ones(len(limits.population)), limits, total)


def proportional(limits: Limits, *, total: int) -> AllocationResult:
    """n_h in proportion to N_h (Bowley 1926; Cochran 1977, section 5.3)."""
    return _allocated("proportional", limits.population.astype(float), limits, total)


def neyman(limits: Limits, *, total: int, deviations: npt.ArrayLike) -> AllocationResult:
    """n_h in proportion to N_h S_h (Neyman 1934; Cochran 1977, equation 5.26).

    Parameters
    ----------
    limits : Limits
        Bounds of n_h.
    total : int
        n.
    deviations : (H,) floats
        S_h of a frame variable, 0 or more, with divisor N_h - 1.
    """
    spread_of = _not_negative(deviations, "deviations", len(limits.population))
    return _allocated("neyman", limits.population * spread_of, limits, total)


def power(
    limits: Limits,
    *,
    total: int,
    exponent: float,
    size: npt.ArrayLike,
    variation: npt.ArrayLike = 1.0,
) -> AllocationResult:
    """n_h in proportion to X_h^q C_h (Bankier 1988).

    A compromise between the strata's own precision (q = 0) and that of the population
    (q = 1 with X_h the total of the variable, which is Neyman's).

    Parameters
    ----------
    limits : Limits
        Bounds of n_h.
    total : int
        n.
    exponent : float
        q, from 0 to 1.
    size : (H,) floats, positive
        X_h, what a stratum counts: its firms, or its turnover.
    variation : float or (H,) floats, 0 or more
        C_h, the coefficient of variation of firms within the stratum.
    """
    strata = len(limits.population)
    if not 0 <= exponent <= 1:
        raise AllocationRefused(f"The power {exponent} lies outside 0 to 1.")
    counted = floats(size, named="size", length=strata)
    if (counted <= 0).any():
        raise AllocationRefused("Power allocation wants a positive size of every stratum.")
    spread_of = _not_negative(variation, "variation", strata)
    measure = counted**exponent * spread_of
    return _allocated("power", measure, limits, total, exponent=exponent)


def optimal(
    limits: Limits, *, budget: float, deviations: npt.ArrayLike, cost: npt.ArrayLike
) -> AllocationResult:
    """n_h in proportion to N_h S_h / sqrt(c_h), at a cost of at most `budget`.

    Cochran 1977, equations 5.23 and 5.24. Fixed costs are not part of `budget`.

    Parameters
    ----------
    limits : Limits
        Bounds of n_h.
    budget : float
        What the sum of c_h n_h may not exceed.
    deviations : (H,) floats
        S_h, 0 or more.
    cost : float or (H,) floats
        c_h of one firm, positive.
    """
    strata = len(limits.population)
    spread_of = _not_negative(deviations, "deviations", strata)
    price = floats(cost, named="cost", length=strata)
    if (price <= 0).any():
        raise AllocationRefused("The cost of a firm must be positive in every stratum.")
    least = float(price @ limits.lower)
    if budget < least:
        raise AllocationRefused(
            f"A budget of {budget:g} was given, and the smallest numbers of the strata cost "
            f"{least:g}. Raise the budget or lower the smallest number."
        )
    at_most = min(budget, float(price @ limits.upper))
    measure = limits.population * spread_of / np.sqrt(price)
    exact = spread(measure, limits.lower, limits.upper, at_most, price)
    drawn = rounded_within_budget(exact, limits.lower, limits.upper, price, at_most)
    return AllocationResult("optimal", limits.population, exact, drawn, {"budget": budget})


def _allocated(
    method: str, measure: Floats, limits: Limits, total: int, **options: Any
) -> AllocationResult:
    refuse_what_cannot_be(limits.lower, limits.upper, total)
    exact = spread(measure, limits.lower, limits.upper, total)
    drawn = rounded(exact, limits.lower, limits.upper, total)
    return AllocationResult(method, limits.population, exact, drawn, {"total": total, **options})


def _not_negative(values: npt.ArrayLike, named: str, length: int) -> Floats:
    result = floats(values, named=named, length=length)
    if (result < 0).any():
        raise AllocationRefused(f"{named.capitalize()} below 0 have no meaning.")
    return result
