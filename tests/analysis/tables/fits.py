"""Fits with plain numbers, for the tests of tables."""

from typing import Any

import numpy as np

from analysis.estimation.estimates import Estimates, Fit


def make_estimates(lines: dict[str, tuple[float, float]], df: float = np.inf) -> Estimates:
    """Estimates from term to (coefficient, standard error), uncorrelated."""
    values = np.array(list(lines.values()), dtype=float)
    return Estimates(tuple(lines), values[:, 0], np.diag(values[:, 1] ** 2), df)


def make_fit(lines: dict[str, tuple[float, float]], df: float = np.inf, **fields: Any) -> Fit:
    plain = {"estimator": "logit", "covariance_type": "model", "n": 1190}
    return Fit(estimates=make_estimates(lines, df), **plain | fields)
