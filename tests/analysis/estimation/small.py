"""Small models made in a line, for tests."""

from typing import Any

import numpy as np

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimates import Fit
from analysis.estimation.regression import fit


def plain(**variables: Any) -> DesignMatrix:
    """An intercept and each variable as it is: a list of strings becomes indicators.

    The base of a category is its first level in the alphabet; columns are named as in R.
    """
    columns, kinds, arrays = [Column(INTERCEPT)], {}, {}
    for name, given in variables.items():
        values = np.asarray(given)
        if values.dtype.kind in "OU":
            kinds[name], arrays[name] = "category", np.asarray(given, dtype=object)
            levels = sorted(set(given) - {None})
            columns += [
                Column(f"{name}[{level}]", (Factor(name, "indicator", level),))
                for level in levels[1:]
            ]
        else:
            kinds[name] = "binary" if set(np.unique(values)) <= {0, 1} else "continuous"
            arrays[name] = values.astype(float)
            columns.append(Column(name, (Factor(name),)))
    return design_matrix(columns, arrays, kinds)


def fitted(y: Any, matrix: DesignMatrix, **choices: Any) -> Fit:
    """A logit with HC1 of all firms, unless the choices say otherwise."""
    y = np.asarray(y, dtype=float)
    settings: dict[str, Any] = {
        "estimator": "logit",
        "covariance": "HC1",
        "design": survey_design(count=len(y)),
        "domain": np.ones(len(y), dtype=bool),
    }
    return fit(y=y, X=matrix, **(settings | choices))


def drawn(seed: int, n: int = 240) -> tuple[np.ndarray, DesignMatrix, SurveyDesign]:
    """Outcome, two regressors and a stratified, clustered, weighted design of seeded firms."""
    random = np.random.default_rng(seed)
    x, z = random.normal(size=n), (random.random(n) < 0.4).astype(float)
    y = (random.random(n) < 1 / (1 + np.exp(0.3 - 0.8 * x - 0.5 * z))).astype(float)
    stratum = random.integers(0, 4, n)
    design = SurveyDesign(
        weight=random.uniform(1, 6, n),
        stratum=stratum,
        cluster=stratum * 100 + random.integers(0, 12, n),
        population=np.array([40.0, 30.0, 25.0, 14.0])[stratum],
    )
    return y, plain(x=x, z=z), design
