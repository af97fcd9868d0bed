"""The bivariate probit, plain and recursive, against R.

By hand in R with Plackett's derivatives (tests/witness/bivariate.R); VGAM fits the same.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.estimator import Estimator
from analysis.estimation.likelihood.bivariate import BIVARIATE_PROBIT, RECURSIVE_BIVARIATE_PROBIT
from analysis.estimation.likelihood.bivariate_normal import log_bivariate_normal
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from tests.analysis.estimation.likelihood.modelled import modelled
from tests.witness.firms import FOLDER
from tests.witness.innovators import CASES, columns, design, outcome, told, witnessed

# Ten times what was seen: R's second derivatives are by differences of the fourth order.
COEFFICIENTS, STD_ERRORS = 2e-12, 1e-10
# VGAM's probabilities are good to seven digits, and its information is the expected one.
VGAM = 1e-5
# Of probabilities, absolute; TVPACK was asked for 1e-15.
PROBABILITIES = 5e-15

PAIRS = {
    "bivariate_probit": (BIVARIATE_PROBIT, "process", ("size", "exporter"), ("size", "local")),
    "recursive_bivariate_probit": (
        RECURSIVE_BIVARIATE_PROBIT,
        "research",
        ("size", "research"),
        ("size", "distance"),
    ),
}


def asked(name: str, case: str, second_columns: tuple[str, ...] | None = None) -> Model:
    estimator: Estimator
    estimator, second, own, others = PAIRS[name]
    covariance, parts = CASES[case]
    return modelled(
        estimator,
        outcome("product"),
        columns(*own),
        parts=Parts(
            outcomes={"second_outcome": outcome(second)},
            matrices={"second": columns(*(second_columns or others))},
            words={"endogenous": "research"} if "recursive" in name else {},
        ),
        covariance=covariance,
        design=design(*parts),
    )


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", PAIRS)
def test_every_covariance_agrees_with_r_by_hand(name: str, case: str) -> None:
    expected = witnessed("bivariate", case, name)

    found = told(asked(name, case)).loc[expected.index]

    assert found["estimate"].to_numpy() == pytest.approx(expected["estimate"], rel=COEFFICIENTS)
    assert found["std_error"].to_numpy() == pytest.approx(expected["std_error"], rel=STD_ERRORS)


def test_vgam_gives_the_same_coefficients() -> None:
    expected = witnessed("bivariate", "package_VGAM", "bivariate_probit")

    found = told(asked("bivariate_probit", "model", ("size", "exporter"))).loc[expected.index]

    assert found["estimate"].to_numpy() == pytest.approx(expected["estimate"], rel=VGAM, abs=VGAM)


def test_probabilities_agree_with_mvtnorm() -> None:
    points = pd.read_csv(FOLDER / "binormal.csv", comment="#")

    found = np.exp(log_bivariate_normal(*points[["h", "k", "rho"]].to_numpy().T))

    assert found == pytest.approx(points["probability"].to_numpy(), rel=0, abs=PROBABILITIES)
