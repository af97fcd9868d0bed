"""Variances of the random part and what follows from them."""

from dataclasses import dataclass
from functools import cached_property
from math import pi

import numpy as np
from scipy import stats

from analysis.estimation.estimates import Floats
from analysis.estimation.fit_measures import criteria
from analysis.estimation.multilevel.regions import Regions
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Derived
from analysis.refusals import Refusal

VARIANCE, COVARIANCE, CORRELATION = "region_variance", "region_covariance", "region_correlation"
RESIDUAL, ICC, ODDS = "residual_variance", "icc", "median_odds_ratio"
LOGISTIC_VARIANCE = pi**2 / 3
# Of the standard deviation within regions: below it that between regions is zero.
ZERO = 1e-6
# Of a random coefficient's standard deviation: below it the others determine it.
DETERMINED = 1e-5
UPPER_QUARTILE = float(stats.norm.ppf(0.75))


@dataclass(frozen=True, eq=False)
class Estimated:
    """A fitted random part: `parameters` are k coefficients, those of L, and perhaps log sigma."""

    sample: Sample
    regions: Regions
    parameters: Floats
    k: int

    @property
    def place(self) -> slice:
        """Where the parameters of L stand."""
        return slice(self.k, self.k + len(self.regions.lower[0]))

    @cached_property
    def triangle(self) -> Floats:
        """(q, q) L in the units of the data."""
        L: Floats = self.regions.triangle(self.parameters[self.place])
        return L / self.regions.scale[:, None]

    @cached_property
    def covariance(self) -> Floats:
        """(q, q) covariance of the random effects in the units of the data."""
        result: Floats = self.triangle @ self.triangle.T
        return result

    def gradient(self, matrix: Floats) -> Floats:
        """(k + t,) derivatives of tr(matrix G), for a symmetric matrix."""
        by_triangle = 2 * (matrix @ self.triangle) / self.regions.scale[:, None]
        result = np.zeros(len(self.parameters))
        result[self.place] = by_triangle[self.regions.lower]
        return result

    @cached_property
    def moments(self) -> Floats:
        """(q, q) weighted mean over firms of r r', the random columns."""
        X, w = self.regions.X, self.sample.weight
        result: Floats = X.T @ (w[:, None] * X) / w.sum()
        return result

    @property
    def between(self) -> float:
        """Variance of the random part, mean over firms (Johnson 2014)."""
        return float(np.trace(self.covariance @ self.moments))

    @property
    def explained(self) -> float:
        """Variance over firms of the fixed part."""
        fitted = self.sample.Z @ self.parameters[: self.k]
        w = self.sample.weight
        return float(w @ (fitted - w @ fitted / w.sum()) ** 2 / w.sum())


def upright(regions: Regions, parameters: Floats, k: int) -> Floats:
    """The same model with no number below zero on the diagonal of L."""
    place = slice(k, k + len(regions.lower[0]))
    L = regions.triangle(parameters[place])
    result = parameters.copy()
    result[place] = (L * np.where(np.diag(L) < 0, -1.0, 1.0))[regions.lower]
    return result


def is_degenerate(sample: Sample, regions: Regions, triangle: Floats, spread: float) -> bool:
    """True if the one variance is zero. `triangle` holds the parameters of L.

    Raises: Refusal ``random_effects_degenerate`` if one of several effects has no variance or
    follows from the others.
    """
    L = regions.triangle(triangle)
    if len(L) == 1:
        return bool(L[0, 0] <= ZERO * spread)
    size = np.linalg.norm(L, axis=1) + spread / 10
    odd = np.flatnonzero(np.diag(L) <= DETERMINED * size)
    if odd.size:
        names = [sample.wording.term(regions.columns[place].name) for place in odd]
        raise Refusal(
            "random_effects_degenerate",
            f"The likelihood is highest where the random coefficient of {' and '.join(names)} "
            "does not vary over regions, or follows exactly from the others (a correlation of "
            "1 or -1).",
            "Leave it out of the slopes, or centre the variable.",
        )
    return False


def zero_note() -> tuple[str, ...]:
    return (
        "The variance between regions is estimated as zero: firms of one region are no more alike "
        "than others once the terms are allowed for. What is shown is the model of one level, "
        "and nothing is said of how uncertain that zero is.",
    )


def linear_derived(estimated: Estimated, *, is_pooled: bool = False) -> tuple[Derived, ...]:
    """Variances and covariances, the residual variance and the intraclass correlation."""
    sigma2 = float(np.exp(2 * estimated.parameters[-1]))
    by_residual = np.zeros(len(estimated.parameters))
    by_residual[-1] = 2 * sigma2
    if is_pooled:
        kept = np.r_[0 : estimated.k, len(by_residual) - 1]
        return (Derived(RESIDUAL, sigma2, by_residual[kept]),)
    between = estimated.between
    total = between + sigma2
    slope = (sigma2 * estimated.gradient(estimated.moments) - between * by_residual) / total**2
    return (
        *random_derived(estimated),
        Derived(RESIDUAL, sigma2, by_residual),
        Derived(ICC, between / total, slope),
    )


def logit_derived(estimated: Estimated) -> tuple[Derived, ...]:
    """Variances and covariances, the latent intraclass correlation, the median odds ratio."""
    between = estimated.between
    total = between + LOGISTIC_VARIANCE
    by_between = estimated.gradient(estimated.moments)
    derived = [
        *random_derived(estimated),
        Derived(ICC, between / total, LOGISTIC_VARIANCE / total**2 * by_between),
    ]
    if len(estimated.regions.columns) == 1:
        # Larsen and Merlo (2005): the median over pairs of regions of the larger odds by the less.
        ratio = float(np.exp(np.sqrt(2 * between) * UPPER_QUARTILE))
        slope = ratio * UPPER_QUARTILE / np.sqrt(2 * between)
        derived.append(Derived(ODDS, ratio, slope * by_between))
    return tuple(derived)


def random_derived(estimated: Estimated) -> tuple[Derived, ...]:
    """Variances, covariances and correlations of the random effects."""
    G, q = estimated.covariance, len(estimated.regions.columns)
    unit = np.eye(q)
    if q == 1:
        return (Derived(VARIANCE, float(G[0, 0]), estimated.gradient(unit)),)
    names = [column.name for column in estimated.regions.columns]
    slopes = {
        (i, j): estimated.gradient((np.outer(unit[i], unit[j]) + np.outer(unit[j], unit[i])) / 2)
        for i in range(q)
        for j in range(i + 1)
    }
    derived = [Derived(f"{VARIANCE}|{names[i]}", float(G[i, i]), slopes[i, i]) for i in range(q)]
    for i in range(q):
        for j in range(i):
            both = f"{names[j]}|{names[i]}"
            derived.append(Derived(f"{COVARIANCE}|{both}", float(G[i, j]), slopes[i, j]))
            size = np.sqrt(G[i, i] * G[j, j])
            rho = float(G[i, j] / size)
            slope = slopes[i, j] / size - rho / 2 * (
                slopes[i, i] / G[i, i] + slopes[j, j] / G[j, j]
            )
            derived.append(Derived(f"{CORRELATION}|{both}", rho, slope))
    return tuple(derived)


def linear_fit_measures(
    estimated: Estimated, height: float, pooled: float, *, is_restricted: bool
) -> dict[str, float]:
    """R squared of both kinds, the test of the random part, and criteria of a likelihood."""
    residual = float(np.exp(2 * estimated.parameters[-1]))
    measures = {**r_squared(estimated, residual), **random_test(estimated, height, pooled)}
    if is_restricted:
        return {**measures, "restricted_log_likelihood": height}
    if estimated.sample.is_weighted:
        return measures
    return {**measures, **criteria(height, len(estimated.sample.y), _free(estimated))}


def logit_fit_measures(estimated: Estimated, height: float, pooled: float) -> dict[str, float]:
    """As for the linear model; the residual variance is that of the logistic distribution."""
    measures = {
        **r_squared(estimated, LOGISTIC_VARIANCE),
        **random_test(estimated, height, pooled),
    }
    if estimated.sample.is_weighted:
        return measures
    return {**measures, **criteria(height, len(estimated.sample.y), _free(estimated))}


def _free(estimated: Estimated) -> int:
    """Parameters, a variance of zero apart."""
    zero = len(estimated.regions.lower[0]) if estimated.between == 0 else 0
    return len(estimated.parameters) - zero


def r_squared(estimated: Estimated, residual: float) -> dict[str, float]:
    """Shares of variance explained by the terms, and with the regions (Nakagawa 2013, 2017)."""
    prefix = "weighted_" if estimated.sample.is_weighted else ""
    total = estimated.explained + estimated.between + residual
    return {
        "regions": float(estimated.regions.count),
        f"{prefix}marginal_r_squared": estimated.explained / total,
        f"{prefix}conditional_r_squared": (estimated.explained + estimated.between) / total,
    }


def random_test(estimated: Estimated, height: float, pooled: float) -> dict[str, float]:
    """Likelihood-ratio test against the model without a random part; none under weights.

    A variance cannot be negative: for one, half of the distribution lies at zero. For several
    effects the chi-square with as many degrees of freedom as parameters is an upper bound.
    """
    if estimated.sample.is_weighted:
        return {}
    statistic = max(2 * (height - pooled), 0.0)
    q = len(estimated.regions.columns)
    p_value = (
        boundary_p_value(statistic, 0)
        if q == 1
        else float(stats.chi2.sf(statistic, q * (q + 1) / 2))
    )
    return {"regions_chi2": statistic, "regions_p_value": p_value}


def boundary_p_value(statistic: float, effects: int) -> float:
    """Of a likelihood ratio for one more random effect beside `effects` others.

    The mixture in equal parts of chi-squares with `effects` and `effects` + 1 degrees of
    freedom (Self and Liang 1987; Stram and Lee 1994).
    """
    at_zero = float(statistic <= 0) if effects == 0 else float(stats.chi2.sf(statistic, effects))
    return (at_zero + float(stats.chi2.sf(statistic, effects + 1))) / 2
