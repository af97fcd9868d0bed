"""Design effects and effective sample sizes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Rows


@dataclass(frozen=True, slots=True, eq=False)
class DesignEffects:
    """How the design changed the variance of k estimates.

    Attributes
    ----------
    without_replacement : (k,) variance over that of a simple random sample of as many firms,
        drawn without replacement from as many firms as the weights add up to. NaN where the
        weights add up to no more than the sample.
    with_replacement : (k,) the same, drawn with replacement. NaN for a single firm.
    kish : (k,) 1 + squared coefficient of variation of the weights (Kish 1965, 11.7)
    effective_n : (k,) Kish's effective sample size, (sum w)^2 / sum w^2
    """

    without_replacement: Floats
    with_replacement: Floats
    kish: Floats
    effective_n: Floats


def kish_effective_size(weight: Floats) -> float:
    """Firms of equal weight that would say as much: (sum w)^2 / sum w^2 (Kish 1965)."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def design_effects(
    variance: Floats, influence: Floats, rows: Sequence[Rows], weight: Floats
) -> DesignEffects:
    """Design effects of k estimates, each of the firms in its own rows.

    The variance under simple random sampling is that of the total of the influences, with
    the population variance estimated from the weighted sample, as R survey has it.
    """
    replaced = np.full(len(rows), np.nan)
    n = np.array([row.sum() for row in rows], dtype=float)
    population = np.array([weight[row].sum() for row in rows])
    effective = np.array([kish_effective_size(weight[row]) for row in rows])
    for position, row in enumerate(rows):
        simple = _simple_variance(influence[row, position], weight[row])
        if simple > 0:
            replaced[position] = variance[position] / simple
    left = np.where(population > n * (1 + 1e-12), (population - n) / population, np.nan)
    return DesignEffects(replaced / left, replaced, n / effective, effective)


def _simple_variance(influence: Floats, weight: Floats) -> float:
    """Variance of the total of the influences were the firms a simple random sample."""
    n, population = len(weight), weight.sum()
    if n < 2:
        return float("nan")
    mean = weight @ influence / population
    spread = weight @ (influence - mean) ** 2 / population * n / (n - 1)
    return float(population**2 * spread / n)
