"""Negative binomial, hurdle and zero-inflated counts against R.

The covariances are by hand in R, with R's symbolic derivatives; coefficients also by MASS, pscl
and glmmTMB. tests/witness/counts.R asked.
"""

import pandas as pd
import pytest

from analysis.estimation.estimator import Estimator
from analysis.estimation.likelihood.counts import NEGATIVE_BINOMIAL
from analysis.estimation.likelihood.two_part import (
    HURDLE_NEGATIVE_BINOMIAL,
    HURDLE_POISSON,
    ZERO_INFLATED_NEGATIVE_BINOMIAL,
    ZERO_INFLATED_POISSON,
)
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from tests.analysis.estimation.likelihood.modelled import modelled
from tests.analysis.estimation.small import plain
from tests.witness.firms import FOLDER
from tests.witness.innovators import CASES, columns, design, outcome, told, witnessed

# Ten times what was seen: rounding, for both sides take Newton's steps with exact derivatives.
COEFFICIENTS, STD_ERRORS = 1e-12, 2e-10
# pscl and glmmTMB stop on the likelihood, which leaves half the digits.
PACKAGES, PACKAGES_STD_ERRORS = 5e-5, 2e-5
# pscl's BFGS again, on 915 biochemists.
BIOCHEMISTS = 5e-6
# As many digits as were printed.
PUBLISHED = 5e-6

ESTIMATORS = {
    each.name: each
    for each in (
        NEGATIVE_BINOMIAL,
        HURDLE_POISSON,
        HURDLE_NEGATIVE_BINOMIAL,
        ZERO_INFLATED_POISSON,
        ZERO_INFLATED_NEGATIVE_BINOMIAL,
    )
}


def asked(estimator: Estimator, case: str) -> Model:
    """The model that the witness fitted."""
    covariance, parts = CASES[case]
    y, roles = outcome("projects"), Parts(outcomes={"exposure": outcome("years")})
    if estimator is not NEGATIVE_BINOMIAL:
        y = outcome("licences" if "poisson" in estimator.name else "patents")
        roles = Parts(matrices={estimator.roles[0].name: columns("distance")})
    return modelled(
        estimator,
        y,
        columns("size", "exporter"),
        parts=roles,
        covariance=covariance,
        design=design(*parts),
    )


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_covariance_agrees_with_r_by_hand(name: str, case: str) -> None:
    expected = witnessed("counts", case, name)

    found = told(asked(ESTIMATORS[name], case)).loc[expected.index]

    assert found["estimate"].to_numpy() == pytest.approx(expected["estimate"], rel=COEFFICIENTS)
    assert found["std_error"].to_numpy() == pytest.approx(expected["std_error"], rel=STD_ERRORS)


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("MASS", "negative_binomial"),
        ("pscl", "hurdle_poisson"),
        ("pscl", "hurdle_negative_binomial"),
        ("pscl", "zero_inflated_poisson"),
        ("pscl", "zero_inflated_negative_binomial"),
        ("glmmTMB", "zero_inflated_poisson"),
        ("glmmTMB", "zero_inflated_negative_binomial"),
    ],
)
def test_packages_of_r_agree(package: str, name: str) -> None:
    expected = witnessed("counts", f"package_{package}", name)

    found = told(asked(ESTIMATORS[name], "model")).loc[expected.index]

    compared = expected["std_error"].notna()
    if package == "MASS":
        # glm.nb's error of theta is by expected information.
        compared[:] = False
    assert found["estimate"].to_numpy() == pytest.approx(expected["estimate"], rel=PACKAGES)
    assert found["std_error"][compared].to_numpy() == pytest.approx(
        expected["std_error"][compared], rel=PACKAGES_STD_ERRORS
    )


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("pscl", "hurdle_poisson"),
        ("pscl", "hurdle_negative_binomial"),
        ("pscl", "zero_inflated_poisson"),
        ("glmmTMB", "zero_inflated_poisson"),
        # pscl stops below the summit of this one, by 0.03 of log-likelihood.
        ("glmmTMB", "zero_inflated_negative_binomial"),
    ],
)
def test_weighted_coefficients_are_those_of_packages_with_weights(package: str, name: str) -> None:
    expected = witnessed("counts", f"package_{package}_weighted", name)

    found = told(asked(ESTIMATORS[name], "HC1_weighted")).loc[expected.index]

    assert found["estimate"].to_numpy() == pytest.approx(expected["estimate"], rel=PACKAGES)


def biochemists(name: str) -> pd.DataFrame:
    data = pd.read_csv(FOLDER / "biochemists.csv")
    matrix = plain(
        femWomen=(data["fem"] == "Women").to_numpy(),
        marMarried=(data["mar"] == "Married").to_numpy(),
        **{variable: data[variable].to_numpy() for variable in ("kid5", "phd", "ment")},
    )
    return told(modelled(ESTIMATORS[name], data["art"], matrix, covariance="model"))


@pytest.mark.parametrize("name", ["zero_inflated_poisson", "zero_inflated_negative_binomial"])
def test_longs_biochemists_agree_with_pscl(name: str) -> None:
    expected = witnessed("counts", "package_biochemists", name)

    found = biochemists(name).loc[expected.index]

    assert found["estimate"].to_numpy() == pytest.approx(expected["estimate"], rel=BIOCHEMISTS)


def test_longs_biochemists_have_the_published_negative_binomial() -> None:
    """Long and Freese's output of Stata's nbreg."""
    published = {
        "(Intercept)": 0.256144,
        "femWomen": -0.2164184,
        "marMarried": 0.1504895,
        "kid5": -0.1764152,
        "phd": 0.0152712,
        "ment": 0.0290823,
        "log_alpha": -0.8173044,
        "derived|alpha": 0.4416205,
    }

    found = biochemists("negative_binomial")["estimate"]

    assert found.to_dict() == pytest.approx(published, rel=PUBLISHED)
