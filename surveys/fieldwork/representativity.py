"""R-indicators: how alike the response propensities of all firms are.

Schouten, Cobben and Bethlehem (2009), Indicators for the representativeness of survey
response, *Survey Methodology* 35(1); bias and standard error by Shlomo, Skinner and Schouten
(2012), *Journal of Statistical Planning and Inference* 142(1); partial indicators by
Schouten, Shlomo and Skinner (2011), *Journal of Official Statistics* 27(2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mathematics.arrays import Codes, Floats
from surveys.fieldwork.auxiliaries import Auxiliaries, Category, auxiliaries
from surveys.fieldwork.propensities import Link, Propensities, propensities


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """n drawn cases: base weights, strata, and whether each responded."""

    responded: Floats
    weight: Floats
    stratum: Codes


@dataclass(frozen=True, slots=True)
class Partial:
    """Of one category: unconditional in [-0.5, 0.5], below zero where it is under-represented;
    conditional on the other variables, in [0, 0.5]. Without adjustment for bias.
    """

    level: Any
    cases: int
    propensity: float
    unconditional: float
    conditional: float


@dataclass(frozen=True, slots=True)
class PartialIndicator:
    """Of one variable, adjusted for bias; its categories; the standard error of the
    unconditional one, which serves for the conditional one as an approximation.
    """

    name: str
    unconditional: float
    conditional: float
    std_error: float
    categories: tuple[Partial, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Representativity:
    """The R-indicator and what goes with it.

    Attributes
    ----------
    r : float
        1 - 2 S, S the standard deviation of the propensities, adjusted for bias: 1 where all
        firms respond alike.
    unadjusted : float
    std_error : float
        Of `unadjusted`, and of `r` approximately.
    mean : float
        Weighted mean of the propensities: the response rate.
    variation : float
        Coefficient of variation of the propensities, adjusted: a bound of the bias of a mean,
        in its standard deviations.
    variation_std_error : float
    partial : tuple of PartialIndicator
    propensities : Propensities
    dropped : sentences on categories that say nothing of their own
    """

    r: float
    unadjusted: float
    std_error: float
    mean: float
    variation: float
    variation_std_error: float
    partial: tuple[PartialIndicator, ...]
    propensities: Propensities
    dropped: tuple[str, ...]


def representativity(
    variables: Mapping[str, npt.ArrayLike],
    responded: npt.ArrayLike,
    weight: npt.ArrayLike,
    *,
    stratum: npt.ArrayLike | None = None,
    link: Link = "logit",
) -> Representativity:
    """The R-indicator of n cases by auxiliary variables, and its parts.

    Parameters
    ----------
    variables : mapping
        From name to (n,) categories, known of every case.
    responded : (n,) booleans
        Whether each case responded.
    weight : (n,) floats
        Base weights, above zero.
    stratum : (n,) labels or None
        Of the draw. Where weights are equal within a stratum the finite population counts.
    link : {"logit", "linear"}
        Of the propensities.

    Raises: Refusal of `auxiliaries` and `propensities`.
    """
    base = np.asarray(weight, dtype=float)
    labels = np.zeros(len(base)) if stratum is None else np.asarray(stratum)
    strata = np.asarray(pd.factorize(labels)[0], dtype=np.intp)
    cases = Cases(np.asarray(responded, dtype=float), base, strata)
    aux = auxiliaries(variables, base)
    fitted = propensities(aux, cases.responded, base, link=link)
    mean = float(base @ fitted.p) / float(base.sum())
    spread = float(base @ (fitted.p - mean) ** 2) / float(base.sum() - 1)
    keep = _kept_of_variance(fitted, cases, spread)
    variance = _variance(fitted, cases)
    variation = float(np.sqrt(spread * keep)) / mean
    seen = _Seen(aux, fitted, cases, mean, keep)
    return Representativity(
        r=1 - 2 * float(np.sqrt(spread * keep)),
        unadjusted=1 - 2 * float(np.sqrt(spread)),
        std_error=float(np.sqrt(variance)),
        mean=mean,
        variation=variation,
        variation_std_error=float(np.sqrt(variance / (4 * mean**2) + variation**4 / len(base))),
        partial=tuple(_partial(each, seen) for each in aux.categories),
        propensities=fitted,
        dropped=aux.dropped,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What partial indicators are taken from; `keep` is the share of variance kept."""

    aux: Auxiliaries
    fitted: Propensities
    cases: Cases
    mean: float
    keep: float


def _kept_of_variance(fitted: Propensities, cases: Cases, spread: float) -> float:
    """The share of the propensities' variance that is not the noise of their estimation."""
    if spread <= 0:
        return 0.0
    weight, total = cases.weight, cases.weight.sum()
    moments = (fitted.gradient.T * weight) @ fitted.gradient
    noise = float(np.sum(moments * fitted.covariance))
    bias = (noise - total_variance(fitted.p, cases) / total) / total
    return float(np.clip(1 - bias / spread, 0.0, None))


def _variance(fitted: Propensities, cases: Cases) -> float:
    """Variance of the unadjusted R-indicator: of the coefficients, and of the draw."""
    weight = cases.weight / cases.weight.sum()
    deviation = fitted.p - weight @ fitted.p
    gradient = fitted.gradient - weight @ fitted.gradient
    spread = float(weight @ deviation**2)
    if spread <= 0:
        return 0.0
    slope = gradient.T @ (weight * deviation)
    curve = (gradient.T * weight) @ gradient @ fitted.covariance
    draw = total_variance(deviation**2, cases) / cases.weight.sum() ** 2
    of_coefficients = 4 * slope @ fitted.covariance @ slope + 2 * np.trace(curve @ curve)
    return float((of_coefficients + draw) / spread)


def total_variance(values: Floats, cases: Cases) -> float:
    """Variance of a weighted total over draws of the sample.

    Within each stratum n/(n-1) times the spread of weighted values, times 1 - n/N where weights
    are equal there; one case of a stratum adds nothing.
    """
    parts = cases.weight * values
    drawn = np.bincount(cases.stratum)
    mean = np.bincount(cases.stratum, parts) / drawn
    squares = np.bincount(cases.stratum, (parts - mean[cases.stratum]) ** 2)
    population = np.bincount(cases.stratum, cases.weight)
    level = population / drawn
    uneven = np.bincount(cases.stratum, np.abs(cases.weight - level[cases.stratum])) / population
    left_out = np.where(uneven < 1e-9, np.maximum(1 - drawn / population, 0), 1.0)
    inflated = np.where(drawn > 1, drawn / np.maximum(drawn - 1, 1), 0.0)
    return float(np.sum(inflated * squares * left_out))


def _partial(category: Category, seen: _Seen) -> PartialIndicator:
    by_category = _by_category(category, seen)
    alone = auxiliaries({category.name: category.codes}, seen.cases.weight)
    by_itself = propensities(alone, seen.cases.responded, seen.cases.weight, link=seen.fitted.link)
    return PartialIndicator(
        name=category.name,
        unconditional=_joint([each.unconditional for each in by_category], seen.keep),
        conditional=_joint([each.conditional for each in by_category], seen.keep),
        std_error=float(np.sqrt(_variance(by_itself, seen.cases))) / 2,
        categories=by_category,
    )


def _joint(parts: list[float], keep: float) -> float:
    return float(np.sqrt(keep * np.sum(np.square(parts))))


def _by_category(category: Category, seen: _Seen) -> tuple[Partial, ...]:
    """Deviations of each category's mean from that of all, and within the others' cells."""
    p, levels = seen.fitted.p, len(category.levels)
    share = seen.cases.weight / seen.cases.weight.sum()
    size = np.bincount(category.codes, share, levels)
    mean = np.bincount(category.codes, share * p, levels) / size
    others = seen.aux.without(category.name)
    expected = np.bincount(others, share * p) / np.bincount(others, share)
    within = np.bincount(category.codes, share * (p - expected[others]) ** 2, levels)
    return tuple(
        Partial(level, int(number), float(average), float(between), float(inside))
        for level, number, average, between, inside in zip(
            category.levels,
            np.bincount(category.codes, minlength=levels),
            mean,
            np.sqrt(size) * (mean - seen.mean),
            np.sqrt(within),
            strict=True,
        )
    )
