"""Heckman's model, by maximum likelihood and in two steps, against R and published tables.

Both are by hand in R (tests/witness/selection.R): sampleSelection is not in Debian.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimator import Estimator
from analysis.estimation.likelihood.selection import HECKMAN
from analysis.estimation.likelihood.two_step import HECKMAN_TWO_STEP
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from tests.analysis.estimation.likelihood.modelled import modelled
from tests.witness.firms import FOLDER
from tests.witness.innovators import CASES, columns, design, outcome, told, witnessed

# Ten times what was seen. Maximum likelihood: rounding. Two steps: R's Jacobian is by differences.
COEFFICIENTS, STD_ERRORS = 1e-12, 3e-10
# Mroz's squares of age and experience cost R, which does not centre, four digits.
MROZ = 1e-7

ESTIMATORS = {each.name: each for each in (HECKMAN, HECKMAN_TWO_STEP)}
ASKED = [
    (name, case)
    for name in ESTIMATORS
    for case in CASES
    if (name, case) != ("heckman_two_step", "model")
]


@pytest.mark.parametrize(("name", "case"), ASKED)
def test_every_covariance_agrees_with_r_by_hand(name: str, case: str) -> None:
    expected = witnessed("selection", case, name)
    covariance, parts = CASES[case]

    model = modelled(
        ESTIMATORS[name],
        outcome("intensity"),
        columns("size", "exporter"),
        parts=Parts(
            outcomes={"selected": outcome("research")},
            matrices={"selection": columns("size", "exporter", "distance")},
        ),
        covariance=covariance,
        design=design(*parts),
    )

    found = told(model).loc[expected.index]
    assert found["estimate"].to_numpy() == pytest.approx(expected["estimate"], rel=COEFFICIENTS)
    assert found["std_error"].to_numpy() == pytest.approx(expected["std_error"], rel=STD_ERRORS)


def powers(data: pd.DataFrame, *terms: str) -> DesignMatrix:
    """Columns of Mroz's women; ``I(age^2)`` is a square."""
    made = [Column(INTERCEPT)]
    for term in terms:
        name = term.removeprefix("I(").removesuffix("^2)")
        factor = Factor(name) if name == term else Factor(name, "power", exponent=2)
        made.append(Column(term, (factor,)))
    variables = {column.factors[0].variable for column in made[1:]}
    arrays = {name: data[name].to_numpy(dtype=float) for name in variables}
    return design_matrix(made, arrays, dict.fromkeys(variables, "continuous"))


def greene(estimator: Estimator, covariance: str) -> Model:
    """Wages of Mroz's women as in Greene's example; income in ten thousands of dollars."""
    women = pd.read_csv(FOLDER / "mroz.csv")
    return modelled(
        estimator,
        women["wage"].where(women["work"] == 1),
        powers(women, "experience", "I(experience^2)", "education", "city"),
        parts=Parts(
            outcomes={"selected": women["work"].to_numpy(dtype=float)},
            matrices={"selection": powers(women, "age", "I(age^2)", "income", "kids", "education")},
        ),
        covariance=covariance,
    )


def wooldridge(estimator: Estimator, covariance: str) -> Model:
    """Log wages of the same women as in Wooldridge's example 17.5 (introductory text)."""
    women = pd.read_csv(FOLDER / "mroz.csv")
    own = ("education", "experience", "I(experience^2)")
    return modelled(
        estimator,
        women["lwage"].where(women["work"] == 1),
        powers(women, *own),
        parts=Parts(
            outcomes={"selected": women["work"].to_numpy(dtype=float)},
            matrices={"selection": powers(women, *own, "nwife", "age", "young", "old")},
        ),
        covariance=covariance,
    )


@pytest.mark.parametrize(
    ("case", "asked"), [("mroz_greene", greene), ("mroz_wooldridge", wooldridge)]
)
@pytest.mark.parametrize(
    ("name", "covariance"), [("heckman", "model"), ("heckman_two_step", "HC0")]
)
def test_the_wages_of_mrozs_women_agree_with_r(case, asked, name, covariance) -> None:
    expected = witnessed("selection", case, name).drop("log_likelihood", errors="ignore")

    found = told(asked(ESTIMATORS[name], covariance)).loc[expected.index]

    assert found["estimate"].to_numpy() == pytest.approx(expected["estimate"], rel=MROZ)
    assert found["std_error"].to_numpy() == pytest.approx(expected["std_error"], rel=MROZ)


def test_greenes_two_steps_are_as_published() -> None:
    """Greene (2003), Econometric Analysis, 5th edition, table 22.7."""
    published = {
        "(Intercept)": -0.971,
        "experience": 0.021,
        "I(experience^2)": 0.000137,
        "education": 0.417,
        "city": 0.444,
        "lambda": -1.098,
    }

    found = told(greene(HECKMAN_TWO_STEP, "HC0"))["estimate"]

    for term, value in published.items():
        assert found[term] == pytest.approx(value, abs=5e-4 if abs(value) > 1e-3 else 5e-7)


def test_greenes_maximum_likelihood_is_as_published() -> None:
    """Toomet and Henningsen (2008), Journal of Statistical Software 27(7), of the same data."""
    model = greene(HECKMAN, "model")
    found = told(model)["estimate"]

    assert model.fitted.solution.log_likelihood == pytest.approx(-1581.258, abs=5e-4)
    assert found["derived|sigma"] == pytest.approx(3.1084, abs=5e-5)
    assert found["derived|rho"] == pytest.approx(-0.1320, abs=5e-5)
    assert found["selection|age"] == pytest.approx(0.1840, abs=5e-5)


def test_wooldridges_two_steps_are_as_published() -> None:
    """Wooldridge, Introductory Econometrics, table 17.7; standard errors there are classical."""
    published = {
        "(Intercept)": (-0.578, 5e-4),
        "education": (0.109, 5e-4),
        "experience": (0.044, 5e-4),
        "I(experience^2)": (-0.00086, 5e-6),
        "lambda": (0.032, 5e-4),
    }

    found = told(wooldridge(HECKMAN_TWO_STEP, "HC0"))["estimate"]

    for term, (value, half_digit) in published.items():
        assert found[term] == pytest.approx(value, abs=half_digit)
    assert np.all(np.isfinite(found))
