"""Every generalised linear model under every covariance, and its margins, against R.

`tests/witness/core.R` asked R; R is not needed here.
"""

import numpy as np
import pytest

from analysis.estimation.estimates import Estimates
from analysis.estimation.margins import (
    Margins,
    at_means,
    average_marginal_effects,
    average_predictions,
    contrast,
    elasticities,
    marginal_effects_at,
)
from tests.analysis.estimation.core.witnessed import ESTIMATORS, case_of
from tests.witness.firms import witness

# R's fits are restarted until they stand still: what is left is rounding, in replicates of
# 140 fits each. Seen: coefficients 1e-13, standard errors 3e-12.
COEFFICIENTS = 1e-11
STANDARD_ERRORS = 5e-11
# The Jacobian of the witness is R's numDeriv, good to some 1e-10; effects near zero lose more.
MARGINS = 1e-11
MARGIN_ERRORS = 5e-9

WEIGHED = ("HC0", "HC1", "HC2", "HC3", "cluster", "two_way")
CASES = (
    "model",
    *WEIGHED,
    *(f"{case}_weighted" for case in WEIGHED),
    "design_weights",
    "design_full",
    "design_domain",
    "replicate",
    "replicate_mse",
)
PAIRS = [
    (estimator, case)
    for estimator in ESTIMATORS
    for case in CASES
    if not (case == "model" and estimator.startswith("fractional"))
]


@pytest.mark.parametrize(("estimator", "case"), PAIRS)
def test_coefficients_and_standard_errors_agree_with_r(estimator: str, case: str) -> None:
    expected = witness("core").query("estimator == @estimator and case == @case")

    estimates = case_of(estimator, case).estimates

    assert list(estimates.terms) == list(expected["term"])
    assert estimates.coefficients == pytest.approx(
        expected["estimate"].to_numpy(), rel=COEFFICIENTS
    )
    assert estimates.std_errors == pytest.approx(
        expected["std_error"].to_numpy(), rel=STANDARD_ERRORS
    )
    assert {estimates.residual_df} == set(expected["df"])


def asked(margins: Margins, what: str) -> Estimates:
    match what:
        case "dydx":
            effects = average_marginal_effects(margins)
            assert effects is not None
            return effects
        case "eyex" | "eydx" | "dyex":
            return elasticities(margins, what)
        case "prediction":
            return average_predictions(margins, "employment", [10.0, 50.0, 250.0])
        case "prediction_exporter":
            return average_predictions(margins, "local", [3.0], at={"exporter": 1.0})
        case "contrast":
            return contrast(margins, "local", 1.0, 4.0)
    return marginal_effects_at(margins, at_means(margins))


@pytest.mark.parametrize("estimator", [name for name in ESTIMATORS if "exposure" not in name])
@pytest.mark.parametrize("case", ["HC1", "design_full"])
def test_margins_agree_with_r(estimator: str, case: str) -> None:
    expected = witness("core_margins").query("estimator == @estimator and case == @case")
    margins = case_of(estimator, case).margins()

    for what, rows in expected.groupby("what"):
        found = asked(margins, str(what))

        of_witness = rows.set_index("term")
        assert set(found.terms) == set(of_witness.index)
        in_order = of_witness.loc[list(found.terms)]
        assert found.coefficients == pytest.approx(in_order["estimate"].to_numpy(), rel=MARGINS)
        assert found.std_errors == pytest.approx(
            in_order["std_error"].to_numpy(), rel=MARGIN_ERRORS
        )
        assert np.isfinite(found.covariance).all()
