"""Firth's penalised logit of made firms of which few have the outcome, drawn again and again."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from scipy import special

from analysis.estimation.estimates import Covariance, Estimates
from benchmarks.monte_carlo.categories import WAYS, Drawing
from benchmarks.monte_carlo.clustered_firms import fitted, one_by_one
from benchmarks.monte_carlo.scenario import Scenario

# One firm in eight has the outcome.
EFFECTS = np.array([-2.2, 0.5, 0.4])
COUNT = 800


def replicated(
    drawing: Drawing, covariances: tuple[Covariance, ...]
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        firms = drawing(random, 1)
        error = firms.noise[:, 0]
        logistic = -special.log_ndtr(-error) + special.log_ndtr(error)
        y = (firms.matrix.X @ EFFECTS + logistic > 0).astype(float)
        return fitted("firth_logit", y, firms, covariances)

    return replicate


ALONE: tuple[str, Drawing, tuple[Covariance, ...]] = (
    "800 firms drawn for themselves",
    partial(one_by_one, count=COUNT),
    ("model", "HC0", "HC1"),
)
SCENARIOS: tuple[Scenario, ...] = tuple(
    Scenario(
        "firth_logit",
        ("(Intercept)", "x", "z"),
        EFFECTS,
        replicated(drawing, covariances),
        f"one firm in eight has the outcome; {note}",
    )
    for note, drawing, covariances in (ALONE, *WAYS[1:])
)
