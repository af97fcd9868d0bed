"""Negative binomial, hurdle and zero-inflated counts of made firms, drawn again and again."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from scipy import special, stats

from analysis.estimation.estimates import Covariance, Estimates, Floats
from analysis.estimation.parts import Parts
from benchmarks.monte_carlo.categories import WAYS, Drawing
from benchmarks.monte_carlo.clustered_firms import Firms, fitted, one_by_one
from benchmarks.monte_carlo.scenario import Scenario

MEAN = np.array([1.0, 0.3, -0.3])
# Of the logit: of any in a hurdle, of a sure zero where zeros are inflated.
BINARY = np.array([-0.4, 0.5, 0.6])
ALPHA = 0.5
# As in censored.py: of the logarithm of alpha likelihood is off by about 1 / n.
MANY = 6000
TERMS = ("(Intercept)", "x", "z")


def counts(uniform: Floats, mean: Floats, alpha: float) -> Floats:
    """Where the distribution function of a Poisson or negative binomial passes the uniform."""
    if alpha == 0:
        return stats.poisson.ppf(uniform, mean)
    return stats.nbinom.ppf(uniform, 1 / alpha, 1 / (1 + alpha * mean))


def index(firms: Firms, coefficients: Floats) -> Floats:
    return coefficients[0] + coefficients[1] * firms.x + coefficients[2] * firms.z


def negative_binomial(_: float, firms: Firms) -> Floats:
    return counts(special.ndtr(firms.noise[:, 0]), np.exp(index(firms, MEAN)), ALPHA)


def hurdle(alpha: float, firms: Firms) -> Floats:
    mean = np.exp(index(firms, MEAN))
    none = np.exp(-mean) if alpha == 0 else (1 + alpha * mean) ** (-1 / alpha)
    some = counts(none + (1 - none) * special.ndtr(firms.noise[:, 1]), mean, alpha)
    has = special.ndtr(firms.noise[:, 0]) < special.expit(index(firms, BINARY))
    return np.where(has, np.maximum(some, 1), 0.0)


def zero_inflated(alpha: float, firms: Firms) -> Floats:
    sure = special.ndtr(firms.noise[:, 1]) < special.expit(index(firms, BINARY))
    mean = np.exp(index(firms, MEAN))
    return np.where(sure, 0.0, counts(special.ndtr(firms.noise[:, 0]), mean, alpha))


def replicated(
    estimator: str,
    outcome: Callable[[Firms], Floats],
    drawing: Drawing,
    covariances: tuple[Covariance, ...],
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        firms = drawing(random, 2)
        return fitted(estimator, outcome(firms), firms, covariances, Parts())

    return replicate


MODELS = (
    ("negative_binomial", negative_binomial, "", ALPHA),
    ("hurdle_poisson", hurdle, "participation|", 0.0),
    ("hurdle_negative_binomial", hurdle, "participation|", ALPHA),
    ("zero_inflated_poisson", zero_inflated, "inflation|", 0.0),
    ("zero_inflated_negative_binomial", zero_inflated, "inflation|", ALPHA),
)


def scenarios(
    name: str, outcome: Callable[[float, Firms], Floats], role: str, alpha: float
) -> tuple[Scenario, ...]:
    drawn = partial(outcome, alpha)
    terms = TERMS + (tuple(f"{role}{term}" for term in TERMS) if role else ())
    truth = np.concatenate([MEAN, BINARY]) if role else MEAN
    each = tuple(
        Scenario(name, terms, truth, replicated(name, drawn, drawing, covariances), note)
        for note, drawing, covariances in WAYS[1:]
    )
    if alpha:
        terms, truth = (*terms, "log_alpha"), np.append(truth, np.log(alpha))
    many = partial(one_by_one, count=MANY)
    alone = replicated(name, drawn, many, ("model", "HC0", "HC1"))
    return (Scenario(name, terms, truth, alone, f"{MANY:,} firms drawn for themselves"), *each)


SCENARIOS: tuple[Scenario, ...] = tuple(
    scenario for model in MODELS for scenario in scenarios(*model)
)
