"""Generalised linear models of made firms, drawn again and again."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from scipy import special

from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Covariance, Estimates, Floats
from analysis.estimation.parts import Parts
from benchmarks.monte_carlo.categories import PAIRS
from benchmarks.monte_carlo.categories import WAYS as OTHERS
from benchmarks.monte_carlo.clustered_firms import (
    STRATA,
    STRATA_REPLICATED,
    Firms,
    fitted,
    in_clusters,
    in_pairs,
    one_by_one,
)
from benchmarks.monte_carlo.counts import counts
from benchmarks.monte_carlo.scenario import Scenario

TERMS = ("(Intercept)", "x", "z")
EFFECTS = np.array([0.2, 0.5, -0.4])
# Maximum likelihood is off by a share of 1 / n, which 2,000 replications see where n is small.
MANY = 6000
REGIONS, INDUSTRIES, CROSSED = 100, 120, 3000
Drawn = tuple[Firms, Parts]
Drawing = Callable[[np.random.Generator], Drawn]
Made = Callable[[Firms], Floats]
ROBUST: tuple[Covariance, ...] = ("HC0", "HC1", "HC2", "HC3")


def index(firms: Firms) -> Floats:
    result: Floats = firms.matrix.X @ EFFECTS
    return result


def chance(firms: Firms) -> Floats:
    """(n,) uniform numbers, high where the error is low."""
    result: Floats = special.ndtr(-firms.noise[:, 0])
    return result


def alike(firms: Firms) -> Floats:
    return index(firms) + firms.noise[:, 0]


def spread(firms: Firms) -> Floats:
    """Errors that spread with x, and mean 0 whatever x."""
    return index(firms) + (0.5 + 0.5 * np.abs(firms.x)) * firms.noise[:, 0]


def complementary(predictor: Floats) -> Floats:
    result: Floats = -np.expm1(-np.exp(predictor))
    return result


def yes(mean: Callable[[Floats], Floats], firms: Firms) -> Floats:
    return (chance(firms) < mean(index(firms))).astype(float)


def share(mean: Callable[[Floats], Floats], firms: Firms) -> Floats:
    """Of the mean asked for: a power a of a uniform number has the mean 1 / (1 + a)."""
    expected = mean(index(firms))
    result: Floats = special.ndtr(firms.noise[:, 0]) ** ((1 - expected) / expected)
    return result


def number(firms: Firms) -> Floats:
    return counts(special.ndtr(firms.noise[:, 0]), np.exp(index(firms)), 0.0)


MODELS: Mapping[str, Made] = {
    "linear": alike,
    "logit": partial(yes, special.expit),
    "probit": partial(yes, special.ndtr),
    "cloglog": partial(yes, complementary),
    "fractional_logit": partial(share, special.expit),
    "fractional_probit": partial(share, special.ndtr),
    "poisson": number,
}


def for_themselves(random: np.random.Generator) -> Drawn:
    return one_by_one(random, 1, MANY), Parts()


def clusters(random: np.random.Generator) -> Drawn:
    return in_clusters(random, 1), Parts()


def pairs(random: np.random.Generator) -> Drawn:
    return in_pairs(random, 1), Parts()


def fewer_pairs(random: np.random.Generator) -> Drawn:
    return in_pairs(random, 1, STRATA_REPLICATED), Parts()


def crossed(random: np.random.Generator) -> Drawn:
    """Firms of regions and industries; x and errors go together in either."""
    regions = random.integers(0, REGIONS, CROSSED)
    industries = random.integers(0, INDUSTRIES, CROSSED)

    def shared(within: float) -> Floats:
        of_region = random.normal(size=REGIONS)[regions]
        of_industry = random.normal(size=INDUSTRIES)[industries]
        own = random.normal(size=CROSSED)
        result: Floats = np.sqrt(within) * (of_region + of_industry) + np.sqrt(1 - 2 * within) * own
        return result

    firms = Firms(
        x=shared(0.2),
        z=(random.random(CROSSED) < 0.4).astype(float),
        noise=shared(0.1)[:, None],
        design=survey_design(count=CROSSED),
    )
    return firms, Parts(labels={"cluster": regions, "cluster_2": industries})


def replicated(
    estimator: str, made: Made, drawing: Drawing, covariances: tuple[Covariance, ...], variant: str
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        firms, parts = drawing(random)
        found = fitted(estimator, made(firms), firms, covariances, parts)
        return {f"{name}{variant}": each for name, each in found.items()}

    return replicate


WAYS: tuple[tuple[str, Drawing, tuple[Covariance, ...], str], ...] = (
    (f"{MANY:,} firms drawn for themselves", for_themselves, ("model", *ROBUST), ""),
    (OTHERS[1][0], clusters, ("cluster",), ""),
    (
        f"{CROSSED:,} firms of {REGIONS} regions and {INDUSTRIES} industries",
        crossed,
        ("cluster",),
        ", two ways",
    ),
    (PAIRS.format(STRATA), pairs, ("design",), ""),
    (PAIRS.format(STRATA_REPLICATED), fewer_pairs, ("replicate",), ""),
)


def scenarios(name: str, made: Made) -> tuple[Scenario, ...]:
    return tuple(
        Scenario(
            name,
            TERMS,
            EFFECTS,
            replicated(
                name,
                made,
                drawing,
                covariances[name.startswith("fractional") and covariances[0] == "model" :],
                variant,
            ),
            note,
        )
        for note, drawing, covariances, variant in WAYS
    )


SCENARIOS: tuple[Scenario, ...] = (
    *(scenario for name, made in MODELS.items() for scenario in scenarios(name, made)),
    Scenario(
        "linear",
        TERMS,
        EFFECTS,
        replicated("linear", spread, for_themselves, ROBUST, ", errors that spread"),
        f"{MANY:,} firms drawn for themselves, errors spread with x",
    ),
)
