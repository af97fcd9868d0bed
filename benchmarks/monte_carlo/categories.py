"""Ordered and multinomial models of made firms, drawn again and again."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from scipy import special

from analysis.estimation.estimates import Covariance, Estimates, Floats
from benchmarks.monte_carlo.clustered_firms import (
    STRATA,
    STRATA_REPLICATED,
    Firms,
    fitted,
    in_clusters,
    in_pairs,
    one_by_one,
)
from benchmarks.monte_carlo.scenario import Scenario

SLOPES = (0.4, -0.3)
CUTS = np.array([-0.8, 0.3, 1.2])
# Intercept and slopes of level 1, then of level 2; level 0 is the base.
KINDS = np.array([[0.2, 0.4, -0.3], [-0.1, -0.3, 0.4]])
# Maximum likelihood is off by a share of 1 / n, which 2,000 replications see where n is small.
MANY = 4000
Drawing = Callable[[np.random.Generator, int], Firms]

PAIRS = "two clusters of 20 firms in each of {} strata made of the errors, weights 25 and 50"

WAYS: tuple[tuple[str, Drawing, tuple[Covariance, ...]], ...] = (
    (
        f"{MANY:,} firms drawn for themselves",
        partial(one_by_one, count=MANY),
        ("model", "HC0", "HC1"),
    ),
    ("200 clusters of 15 firms whose errors correlate by 0.1", in_clusters, ("cluster",)),
    (PAIRS.format(STRATA), in_pairs, ("design",)),
    (
        PAIRS.format(STRATA_REPLICATED),
        partial(in_pairs, strata=STRATA_REPLICATED),
        ("replicate",),
    ),
)


def levels(kind: str, firms: Firms) -> Floats:
    """Four levels of a latent outcome with logistic or normal errors."""
    error = firms.noise[:, 0]
    if kind == "logit":
        error = -special.log_ndtr(-error) + special.log_ndtr(error)
    return np.digitize(SLOPES[0] * firms.x + SLOPES[1] * firms.z + error, CUTS).astype(float)


def kinds(firms: Firms) -> Floats:
    """The kind of the highest utility, its errors Gumbel."""
    utility = -np.log(-special.log_ndtr(firms.noise))
    for level, (intercept, by_x, by_z) in enumerate(KINDS, start=1):
        utility[:, level] += intercept + by_x * firms.x + by_z * firms.z
    return utility.argmax(axis=1).astype(float)


def ordered(
    kind: str, drawing: Drawing, covariances: tuple[Covariance, ...]
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        firms = drawing(random, 1)
        return fitted(f"ordered_{kind}", levels(kind, firms), firms, covariances)

    return replicate


def multinomial(
    drawing: Drawing, covariances: tuple[Covariance, ...]
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        firms = drawing(random, 3)
        return fitted("multinomial_logit", kinds(firms), firms, covariances)

    return replicate


SCENARIOS: tuple[Scenario, ...] = (
    *(
        Scenario(
            f"ordered_{kind}",
            ("x", "z", "cut1", "cut2", "cut3"),
            np.array([*SLOPES, *CUTS]),
            ordered(kind, drawing, covariances),
            f"Four levels; {note}",
        )
        for kind in ("logit", "probit")
        for note, drawing, covariances in WAYS
    ),
    *(
        Scenario(
            "multinomial_logit",
            tuple(f"{level}|{term}" for level in (1, 2) for term in ("(Intercept)", "x", "z")),
            KINDS.ravel(),
            multinomial(drawing, covariances),
            f"Three kinds; {note}",
        )
        for note, drawing, covariances in WAYS
    ),
)
