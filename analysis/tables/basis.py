"""What a number of a table rests on. Disclosure control reads it; nothing renders or stores it."""

from dataclasses import dataclass

import numpy as np

from analysis.constructs.measured import Floats
from analysis.estimation.descriptive.description import Description
from analysis.estimation.design import Rows
from analysis.specification.describing import Result

OF_LABELS = ("share", "cross_tabulation")
SPREADS = ("variance", "standard_deviation")
# A share this near to one is one.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """The firms behind one estimate.

    Attributes
    ----------
    statistic : ``total``, ``mean``, ``share``, ...
    outcome : name of what is described
    rows : (n,) firms that the estimate is of
    weights : (n,) firms of the population each stands for
    having : (n,) those of them with the answer that a share is of; None for other statistics
    contributions : by name of the quantity, (n,) what each firm adds to it; empty where that
        is not known, as for shares
    quantile : between 0 and 1, or None
    """

    statistic: str
    outcome: str
    rows: Rows
    weights: Floats
    having: Rows | None = None
    contributions: tuple[tuple[str, Floats], ...] = ()
    quantile: float | None = None


def bases(result: Result) -> tuple[Basis, ...]:
    """Of each term of the description."""
    found = result.description
    return tuple(_basis(result, found, place) for place in range(len(found.estimates.terms)))


def _basis(result: Result, found: Description, place: int) -> Basis:
    asked, rows, weights = result.asked, found.rows[place], found.design.weight
    statistic, name = asked.statistic, asked.outcome
    if statistic in OF_LABELS:
        return Basis("share", name, rows, weights, _having(found, place))
    if statistic == "quantile":
        return Basis(statistic, name, rows, weights, quantile=_quantile(found, place))
    if statistic in ("mean", "total"):
        values = _values(found, place, statistic)
        if np.isin(values[rows], (0.0, 1.0)).all():
            return Basis("share", name, rows, weights, rows & (values == 1))
        return Basis(statistic, name, rows, weights, contributions=((name, values),))
    if statistic == "ratio" and "denominator" in result.answers:
        both = ((name, result.answers["y"]), (asked.denominator, result.answers["denominator"]))
        known = tuple((each, np.asarray(values, dtype=float)) for each, values in both)
        return Basis(statistic, name, rows, weights, contributions=known)
    if statistic in SPREADS and "y" in result.answers:
        # One firm far from the others makes up nearly all of a variance, as it does of a total.
        values = np.asarray(result.answers["y"], dtype=float)
        return Basis(statistic, name, rows, weights, contributions=((name, values),))
    return Basis(statistic, name, rows, weights)


def _values(found: Description, place: int, statistic: str) -> Floats:
    """(n,) answers, from the influence that each has: y of a total, (y - mean) / N of a mean."""
    influence = found.influence[:, place]
    if statistic == "total":
        values = influence
    else:
        values = found.estimates.coefficients[place] + influence * found.population[place]
    # What was whole is whole again.
    near: Floats = np.round(values)
    close = np.abs(values - near) <= ROUNDING * np.maximum(1.0, np.abs(values))
    return np.where(close, near, values)


def _having(found: Description, place: int) -> Rows:
    """(n,) firms that say so: those whose influence lifts the share."""
    rows, share = found.rows[place], found.estimates.coefficients[place]
    if share >= 1 - ROUNDING:
        return rows
    result: Rows = rows & (found.influence[:, place] > 0)
    return result


def _quantile(found: Description, place: int) -> float:
    inside = found.estimates.terms[place].partition("[")[2].removesuffix("]")
    return float(inside.partition(", ")[0] or 0.5)
