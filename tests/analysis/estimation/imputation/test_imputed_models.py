"""Models estimated on imputations and pooled."""

from typing import Any

import numpy as np
import pytest

from analysis.estimation.design_matrix import INTERCEPT, Column, design_matrix
from analysis.estimation.imputation import (
    fit_imputed,
)
from analysis.estimation.regression import estimate
from tests.analysis.estimation.imputation.small_surveys import drawn, imputed, of, plainly

# Between runs that compute the same numbers in another order.
ROUNDING = 1e-9


def test_a_model_without_imputed_variables_is_the_model_itself() -> None:
    data = drawn()
    y = 0.4 * data["x"] + np.random.default_rng(8).normal(size=300)
    choices: dict[str, Any] = {
        "estimator": "linear",
        "covariance": "HC1",
        "design": plainly(300),
    }

    found = fit_imputed(imputed(data), lambda known: (y, of(known, "x")), **choices)

    single = estimate(y=y, X=of(data, "x"), domain=np.ones(300, dtype=bool), **choices).estimates
    assert found.pooled.coefficients == pytest.approx(single.coefficients, rel=ROUNDING)
    assert found.pooled.estimates.std_errors == pytest.approx(single.std_errors, rel=ROUNDING)
    assert found.pooled.complete_df == single.residual_df


def test_a_model_of_an_intercept_has_no_margins_and_a_linear_one_nothing_derived() -> None:
    found = fit_imputed(
        imputed(drawn()),
        lambda known: (known["a"], design_matrix([Column(INTERCEPT)], {}, {}, count=300)),
        estimator="linear",
        covariance="HC1",
        design=plainly(300),
    )

    assert found.margins() is None
    assert found.derived is None
