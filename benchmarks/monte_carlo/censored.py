"""Tobits and interval regressions of made firms, drawn again and again."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from analysis.estimation.estimates import Covariance, Estimates, Floats
from analysis.estimation.parts import Parts
from benchmarks.monte_carlo.categories import WAYS, Drawing
from benchmarks.monte_carlo.clustered_firms import Firms, fitted, one_by_one
from benchmarks.monte_carlo.scenario import Scenario

MEAN = np.array([0.4, 0.4, -0.3])
SIGMA = 0.8
ENDS = np.array([np.nan, -0.5, 0.0, 0.5, 1.0, np.nan])
# Of the logarithm of sigma maximum likelihood is off by about k / (2n): with these firms, by a
# thirtieth of its standard error; with fewer it would be seen.
MANY = 6000


def latent(firms: Firms) -> Floats:
    noise: Floats = firms.noise[:, 0]
    return MEAN[0] + MEAN[1] * firms.x + MEAN[2] * firms.z + SIGMA * noise


def between_limits(firms: Firms) -> tuple[str, Floats, Parts]:
    """A share: a quarter of the firms or so at each of 0 and 1."""
    return "tobit", np.clip(latent(firms), 0, 1), Parts(numbers={"lower": 0.0, "upper": 1.0})


def in_classes(firms: Firms) -> tuple[str, Floats, Parts]:
    """Five classes; every tenth firm known exactly."""
    y = latent(firms)
    place = np.digitize(y, ENDS[1:-1])
    exact = np.arange(len(y)) % 10 == 0
    lower, upper = np.where(exact, y, ENDS[place]), np.where(exact, y, ENDS[place + 1])
    return "interval_regression", lower, Parts(outcomes={"upper": upper})


def replicated(
    outcome: Callable[[Firms], tuple[str, Floats, Parts]],
    drawing: Drawing,
    covariances: tuple[Covariance, ...],
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        firms = drawing(random, 1)
        estimator, y, parts = outcome(firms)
        return fitted(estimator, y, firms, covariances, parts)

    return replicate


TERMS = ("(Intercept)", "x", "z")
OUTCOMES = {"tobit": between_limits, "interval_regression": in_classes}


def scenarios(
    name: str, outcome: Callable[[Firms], tuple[str, Floats, Parts]]
) -> tuple[Scenario, ...]:
    many = partial(one_by_one, count=MANY)
    alone = replicated(outcome, many, ("model", "HC0", "HC1"))
    return (
        Scenario(
            name,
            (*TERMS, "log_sigma"),
            np.append(MEAN, np.log(SIGMA)),
            alone,
            f"{MANY:,} firms drawn for themselves",
        ),
        *(
            Scenario(name, TERMS, MEAN, replicated(outcome, drawing, covariances), note)
            for note, drawing, covariances in WAYS[1:]
        ),
    )


SCENARIOS: tuple[Scenario, ...] = tuple(
    scenario for name, outcome in OUTCOMES.items() for scenario in scenarios(name, outcome)
)
