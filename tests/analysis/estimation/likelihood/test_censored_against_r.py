"""Tobit and interval regression against R's survival::survreg, by hand, and survey::svytotal.

tests/witness/censored.R asked, tests/witness/censored.csv holds the answers; there
survey::svysurvreg and AER::tobit were seen to say the same.
"""

import numpy as np
import pytest

from analysis.estimation.likelihood.censored import TOBIT
from analysis.estimation.likelihood.interval import INTERVAL_REGRESSION
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from tests.analysis.estimation.likelihood.levels_and_limits import (
    CASES,
    expected,
    growth,
    of_case,
)
from tests.witness import firms

# Both sides end within rounding of the summit; ten times what was seen.
AGREEMENT = 2e-11
ENDS = np.array([np.nan, -0.4, -0.2, 0.0, 0.2, 0.4, np.nan])


def tobit_below(case: str) -> Model:
    return of_case(case, TOBIT, np.maximum(growth(), 0.0), Parts(numbers={"lower": 0.0}))


def tobit_both(case: str) -> Model:
    limits = Parts(numbers={"lower": -0.25, "upper": 0.5})
    return of_case(case, TOBIT, np.clip(growth(), -0.25, 0.5), limits)


def interval(case: str) -> Model:
    """Classes of growth; of every seventh firm growth itself."""
    exact = firms.firms()["firm"].to_numpy() % 7 == 0
    place = np.digitize(growth(), ENDS[1:-1])
    lower = np.where(exact, growth(), ENDS[place])
    upper = np.where(exact, growth(), ENDS[place + 1])
    return of_case(case, INTERVAL_REGRESSION, lower, Parts(outcomes={"upper": upper}))


MODELS = {"tobit": tobit_below, "tobit_two": tobit_both, "interval_regression": interval}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("case", CASES)
def test_coefficients_and_standard_errors_agree_with_r(case: str, name: str) -> None:
    witness = expected("censored", case, name)

    estimates = MODELS[name](case).estimates

    assert list(estimates.terms) == list(witness.index)
    assert estimates.coefficients == pytest.approx(witness["estimate"].to_numpy(), rel=AGREEMENT)
    assert estimates.std_errors == pytest.approx(witness["std_error"].to_numpy(), rel=AGREEMENT)
