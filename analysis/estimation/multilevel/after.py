"""After a multilevel fit: variance components, effects of regions, tests of random effects."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.estimation.estimates import Floats
from analysis.estimation.multilevel.components import (
    CORRELATION,
    ICC,
    ODDS,
    RESIDUAL,
    VARIANCE,
    boundary_p_value,
)
from analysis.estimation.multilevel.logit import integrals_of
from analysis.estimation.multilevel.normal import Normal
from analysis.estimation.multilevel.regions import Regions, regions_of
from analysis.estimation.parts import Labels
from analysis.estimation.regression import Model
from analysis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Component:
    """One number of the random part with its confidence interval.

    `scale` is that on which the interval is symmetric: log, logit, atanh or identity.
    """

    term: str
    estimate: float
    std_error: float
    lower: float
    upper: float
    scale: str


@dataclass(frozen=True, slots=True, eq=False)
class RegionEffects:
    """Predicted effects of G regions on the q random coefficients.

    Attributes
    ----------
    labels : (G,) regions
    terms : the q columns
    effects : (G, q) floats
        Best linear unbiased predictors of a linear model, posterior modes of a logit.
    covariances : (G, q, q) floats, given the data and the estimated parameters
    """

    labels: Labels
    terms: tuple[str, ...]
    effects: Floats
    covariances: Floats

    @property
    def std_errors(self) -> Floats:
        """(G, q) of the prediction; parameters are taken as known."""
        result: Floats = np.sqrt(np.einsum("gii->gi", self.covariances))
        return result


def variance_components(model: Model, level: float = 0.95) -> tuple[Component, ...]:
    """Variances, covariances, correlations and what follows from them, with intervals.

    Intervals are Wald's on a scale without bounds: the logarithm of variances and of the
    logarithm of the median odds ratio, the logit of the intraclass correlation, Fisher's z of
    correlations.
    """
    derived = model.derived
    if derived is None:
        return ()
    quantile = float(stats.t.ppf((1 + level) / 2, derived.residual_df))
    return tuple(
        _component(term, float(value), float(error), quantile)
        for term, value, error in zip(
            derived.terms, derived.coefficients, derived.std_errors, strict=True
        )
    )


def _component(term: str, value: float, error: float, quantile: float) -> Component:
    """By the delta method to the scale, and back from there."""
    match term.partition("|")[0]:
        case name if name in {VARIANCE, RESIDUAL}:
            half = quantile * error / value
            return Component(term, value, error, value * np.exp(-half), value * np.exp(half), "log")
        case name if name == ODDS:
            size = np.log(value)
            half = quantile * error / (value * size)
            low, high = np.exp(size * np.exp(np.array([-half, half])))
            return Component(term, value, error, float(low), float(high), "log log")
        case name if name == ICC:
            centre, half = np.log(value / (1 - value)), quantile * error / (value * (1 - value))
            low, high = 1 / (1 + np.exp(-(centre + np.array([-half, half]))))
            return Component(term, value, error, float(low), float(high), "logit")
        case name if name == CORRELATION:
            low, high = np.tanh(
                np.arctanh(value) + np.array([-1, 1]) * quantile * error / (1 - value**2)
            )
            return Component(term, value, error, float(low), float(high), "atanh")
    return Component(
        term, value, error, value - quantile * error, value + quantile * error, "identity"
    )


def region_effects(model: Model) -> RegionEffects:
    """What each region adds to intercept and slopes, with its uncertainty.

    Effects are drawn towards zero, the more the fewer the firms of a region (shrinkage).

    Raises: Refusal ``no_region_effects`` if the variance between regions was estimated as zero.
    """
    sample, coefficients = model.fitted.sample, model.fitted.solution.coefficients
    regions = regions_of(sample)
    k = sample.main.width
    if len(model.fitted.solution.blocks) == (2 if _is_linear(model) else 1):
        raise Refusal(
            "no_region_effects",
            "The variance between regions was estimated as zero, so no region has an effect.",
            "Use the model of one level.",
        )
    if _is_linear(model):
        normal = Normal(sample, regions, is_restricted=False)
        p = normal.posterior(normal.residuals(coefficients[:k]), coefficients[k:])
        return _in_units(regions, p.m @ p.L.T, p.L @ p.V @ p.L.T)
    return _in_units(regions, *integrals_of(sample, regions).effects(coefficients))


def _in_units(regions: Regions, effects: Floats, covariances: Floats) -> RegionEffects:
    return RegionEffects(
        labels=regions.labels,
        terms=tuple(column.name for column in regions.columns),
        effects=effects / regions.scale,
        covariances=covariances / np.outer(regions.scale, regions.scale),
    )


def _is_linear(model: Model) -> bool:
    return model.fitted.estimator.name == "multilevel_linear"


def one_more_effect(larger: Model, smaller: Model) -> tuple[float, float]:
    """Likelihood-ratio statistic and p-value of one more random slope in `larger`.

    The reference is the mixture in equal parts of chi-squares with q and q + 1 degrees of
    freedom, q the random effects of `smaller` (Stram and Lee 1994).

    Raises: Refusal ``not_nested`` if more than the one effect differs, and
    ``no_likelihood_under_weights``.
    """
    if larger.fitted.sample.is_weighted or smaller.fitted.sample.is_weighted:
        raise Refusal(
            "no_likelihood_under_weights",
            "Under sampling weights there is a pseudo-likelihood only, whose ratio is no test.",
            "Look at the confidence interval of the variance.",
        )
    q = len(regions_of(smaller.fitted.sample).columns)
    if not _is_one_more(larger, smaller, q):
        raise Refusal(
            "not_nested",
            "The models differ in more than one random slope: in outcome, firms, regressors or "
            "method, or the slopes of one are not among those of the other.",
            "Compare models of the same firms and regressors, fitted alike.",
        )
    statistic = max(2 * (_height(larger) - _height(smaller)), 0.0)
    return statistic, boundary_p_value(statistic, q)


def _is_one_more(larger: Model, smaller: Model, q: int) -> bool:
    one, two = larger.fitted.sample, smaller.fitted.sample
    many = {column.name for column in regions_of(one).columns}
    few = {column.name for column in regions_of(two).columns}
    return (
        few < many
        and len(many) == q + 1
        and one.estimator == two.estimator
        and one.names == two.names
        and np.array_equal(one.y, two.y)
        and np.array_equal(one.X, two.X)
        and one.words.get("method", "reml") == two.words.get("method", "reml")
        and one.numbers == two.numbers
    )


def _height(model: Model) -> float:
    solution = model.fitted.solution
    if solution.log_likelihood is not None:
        return solution.log_likelihood
    return solution.fit_measures["restricted_log_likelihood"]
