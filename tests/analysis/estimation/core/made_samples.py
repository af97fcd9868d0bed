"""Seeded firms with an outcome for every generalised linear model."""

from typing import Any

import numpy as np

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Floats
from analysis.estimation.regression import Model, estimate
from tests.analysis.estimation.small import drawn

ESTIMATORS = (
    "linear",
    "logit",
    "probit",
    "cloglog",
    "fractional_logit",
    "fractional_probit",
    "poisson",
)


def outcome(estimator: str, y: Floats, matrix: DesignMatrix, seed: int) -> Floats:
    """0 and 1 as they are; shares with both ends, counts and numbers made from them."""
    random = np.random.default_rng([seed, 1])
    x = matrix.X[:, 1]
    if estimator == "linear":
        return 0.5 * x + y + random.normal(0, 0.5 + 0.5 * y)
    if estimator.startswith("fractional"):
        return np.clip(0.5 * y + random.normal(0.2 + 0.1 * x, 0.2), 0, 1)
    if estimator == "poisson":
        return random.poisson(np.exp(0.3 * x + 0.6 * y)).astype(float)
    return y


def sampled(estimator: str, seed: int, n: int = 240) -> tuple[Floats, DesignMatrix, SurveyDesign]:
    y, matrix, design = drawn(seed, n)
    return outcome(estimator, y, matrix, seed), matrix, design


def solved(y: Any, matrix: DesignMatrix, estimator: str, **choices: Any) -> Model:
    """All firms, without weights, with HC1, unless the choices say otherwise."""
    y = np.asarray(y, dtype=float)
    settings: dict[str, Any] = {
        "covariance": "HC1",
        "design": survey_design(count=len(y)),
        "domain": np.ones(len(y), dtype=bool),
    }
    return estimate(y=y, X=matrix, estimator=estimator, **(settings | choices))
