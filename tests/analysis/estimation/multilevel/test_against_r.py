"""Multilevel models against R: lme4, glmmTMB, clubSandwich, survey, and quadrature in plain R.

The script that asked R and the file it wrote lie in tests/witness; R is not needed here.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.multilevel.after import region_effects
from analysis.estimation.regression import Model
from tests.analysis.estimation.multilevel.made import (
    LINEAR,
    LOGIT,
    WITNESS,
    errors,
    made_design,
    made_firms,
    made_matrix,
    model,
    values,
)
from tests.analysis.estimation.small import plain

# Both sides converge fully; what was seen is 7e-10 relative. Newton steps of the witness rest on
# numDeriv, so that a coefficient near zero is good to 1e-8 in absolute terms only.
COEFFICIENT = 1e-8
# Second derivatives and Jacobians of the witness are numDeriv's; what was seen is 7e-8.
STD_ERROR = 2e-7
# glmer stops where its deviance moves by 1e-10; what was seen is 8e-8.
GLMER = 1e-6
# glmmTMB stops where its gradient is below 1e-5; what was seen is 8e-5, of a coefficient near zero.
LAPLACE = 1e-4


@cache
def witness() -> pd.DataFrame:
    return pd.read_csv(WITNESS / "multilevel.csv", comment="#")


def rows(case: str) -> pd.DataFrame:
    table = witness()
    found = table[table["case"] == case].set_index("term")
    assert len(found)
    return found


def of_firms(estimator: str, q: int, **choices: object) -> Model:
    firms = made_firms()
    y = firms["growth" if estimator == LINEAR else "product"]
    slopes = "size" if q == 2 else ""
    return model(
        y, made_matrix(firms), firms["region"], estimator=estimator, slopes=slopes, **choices
    )


def agree(found: dict[str, float], expected: pd.Series, tolerance: float) -> None:
    for term, number in expected.dropna().items():
        assert found[str(term)] == pytest.approx(number, rel=tolerance, abs=min(tolerance, 1e-8)), (
            term
        )


@cache
def linear(method: str, q: int, covariance: str = "model") -> Model:
    firms = made_firms()
    design = made_unweighted(firms) if covariance == "cluster" else None
    return of_firms(LINEAR, q, method=method, covariance=covariance, design=design)


def made_unweighted(firms: pd.DataFrame):
    return replace(made_design(firms), weight=np.ones(len(firms)))


COEFFICIENTS = ["(Intercept)", "size", "universities", "exporter", "size:universities"]


@pytest.mark.parametrize("q", [1, 2])
@pytest.mark.parametrize("method", ["reml", "ml"])
def test_linear_model_agrees_with_lme4(method: str, q: int) -> None:
    expected, fitted = rows(f"linear_{method}_{q}"), linear(method, q)
    agree(values(fitted), expected["estimate"][COEFFICIENTS], COEFFICIENT)
    agree(errors(fitted), expected["std_error"][COEFFICIENTS], COEFFICIENT)
    solution = fitted.fitted.solution
    height = solution.log_likelihood or solution.fit_measures["restricted_log_likelihood"]
    assert height == pytest.approx(expected["estimate"]["log_likelihood"], rel=1e-12)


@pytest.mark.parametrize("q", [1, 2])
@pytest.mark.parametrize("method", ["reml", "ml"])
def test_effects_of_regions_agree_with_lme4(method: str, q: int) -> None:
    expected, effects = rows(f"linear_{method}_{q}"), region_effects(linear(method, q))
    for place, region in enumerate(effects.labels):
        for j in range(q):
            row = expected.loc[f"effect {j + 1} {region}"]
            assert effects.effects[place, j] == pytest.approx(row["estimate"], rel=1e-6, abs=1e-8)
            assert effects.std_errors[place, j] == pytest.approx(row["std_error"], rel=1e-7)


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_sleepstudy_agrees_with_lme4(method: str) -> None:
    data = pd.read_csv(WITNESS / "multilevel_sleepstudy.csv")
    fitted = model(
        data["Reaction"], plain(Days=data["Days"]), data["Subject"], slopes="Days", method=method
    )
    expected, found = rows(f"sleep_{method}"), values(fitted)
    agree(found, expected["estimate"][["(Intercept)", "Days"]], COEFFICIENT)
    agree(errors(fitted), expected["std_error"][["(Intercept)", "Days"]], COEFFICIENT)
    for term, name in (
        ("region_variance|(Intercept)", "variance (Intercept)"),
        ("region_covariance|(Intercept)|Days", "covariance Days"),
        ("residual_variance", "variance NA"),
    ):
        reference = np.atleast_1d(expected["estimate"][name])[0]
        assert found[term] == pytest.approx(reference, rel=1e-6)


@pytest.mark.parametrize("q", [1, 2])
@pytest.mark.parametrize("method", ["reml", "ml"])
def test_variances_and_their_standard_errors_agree_with_dense_matrices(method: str, q: int) -> None:
    expected, fitted = rows(f"variances_{method}_{q}"), linear(method, q)
    agree(values(fitted), expected["estimate"], COEFFICIENT)
    agree(errors(fitted), expected["std_error"], STD_ERROR)


@pytest.mark.parametrize("q", [1, 2])
@pytest.mark.parametrize("method", ["reml", "ml"])
def test_clustered_standard_errors_agree_with_clubsandwich(method: str, q: int) -> None:
    expected, fitted = rows(f"cluster_linear_{method}_{q}"), linear(method, q, "cluster")
    n, k = len(fitted.fitted.sample.y), len(fitted.estimates.terms)
    factor = 40 / 39 * (n - 1) / (n - k)
    found = {term: error / factor**0.5 for term, error in errors(fitted).items()}
    agree(found, expected["std_error"][COEFFICIENTS], COEFFICIENT)


def weighted(estimator: str, scaling: str, q: int, covariance: str) -> Model:
    firms = made_firms()
    words = {"method": "ml"} if estimator == LINEAR else {}
    return of_firms(
        estimator,
        q,
        design=made_design(firms),
        within=firms["within"],
        scaling=scaling,
        covariance=covariance,
        **words,
    )


@pytest.mark.parametrize("q", [1, 2])
@pytest.mark.parametrize("scaling", ["size", "effective", "none"])
def test_weighted_linear_model_agrees_with_dense_matrices_and_survey(scaling: str, q: int) -> None:
    expected, fitted = (
        rows(f"weighted_linear_{scaling}_{q}"),
        weighted(LINEAR, scaling, q, "design"),
    )
    if q == 2:
        # The witness averages the variance of the random part without weights.
        expected = expected.drop("icc")
    agree(values(fitted), expected["estimate"], COEFFICIENT)
    agree(errors(fitted), expected["std_error"], STD_ERROR)
    clustered = errors(weighted(LINEAR, scaling, q, "cluster"))
    reference = rows(f"cluster_weighted_linear_{scaling}_{q}")["std_error"]
    agree(clustered, reference, STD_ERROR)


@pytest.mark.parametrize("points", [7, 25])
def test_cbpp_agrees_with_glmer(points: int) -> None:
    data = pd.read_csv(WITNESS / "multilevel_cbpp.csv")
    cell = np.repeat(np.arange(len(data)), data["size"])
    ill = np.concatenate(
        [np.arange(size) < sick for size, sick in zip(data["size"], data["incidence"], strict=True)]
    )
    periods = {
        f"period{number}": (data["period"].to_numpy() == number)[cell].astype(float)
        for number in (2, 3, 4)
    }
    herd = data["herd"].to_numpy()[cell]
    fitted = model(ill, plain(**periods), herd, estimator=LOGIT, points=points)
    expected = rows(f"cbpp_{points}")
    agree(
        values(fitted),
        expected["estimate"].filter(regex="^[^e]").drop("region_sd", errors="ignore"),
        GLMER,
    )
    assert values(fitted)["region_sd"] == pytest.approx(
        expected["estimate"]["region_sd"], rel=GLMER
    )
    effects = region_effects(fitted)
    for place, label in enumerate(effects.labels):
        row = expected.loc[f"effect 1 {label}"]
        assert effects.effects[place, 0] == pytest.approx(row["estimate"], rel=1e-3, abs=1e-4)
        assert effects.std_errors[place, 0] == pytest.approx(row["std_error"], rel=1e-3)


@pytest.mark.parametrize("q", [1, 2])
def test_one_point_agrees_with_the_laplace_approximation_of_glmmtmb(q: int) -> None:
    expected, fitted = rows(f"laplace_{q}"), of_firms(LOGIT, q, points=1)
    agree(values(fitted), expected["estimate"][COEFFICIENTS], LAPLACE)
    agree(errors(fitted), expected["std_error"][COEFFICIENTS], LAPLACE)
    found, estimate = values(fitted), expected["estimate"]
    intercepts = "region_variance" if q == 1 else "region_variance|(Intercept)"
    assert found[intercepts] == pytest.approx(estimate["variance (Intercept)"], rel=10 * LAPLACE)
    assert fitted.fitted.solution.log_likelihood == pytest.approx(
        estimate["log_likelihood"], rel=1e-9
    )


CASES = {
    "logit_1_7": {"q": 1, "points": 7},
    "logit_2_5": {"q": 2, "points": 5},
    "cluster_logit_1_7": {"q": 1, "points": 7, "covariance": "cluster"},
    "weighted_logit_size_1_7": {"q": 1, "scaling": "size", "covariance": "design"},
    "weighted_logit_effective_1_7": {"q": 1, "scaling": "effective", "covariance": "design"},
}


def fit_case(case: str) -> Model:
    firms, choices = made_firms(), dict(CASES[case])
    if "scaling" in choices:
        choices |= {"design": made_design(firms), "within": firms["within"]}
    elif "covariance" in choices:
        choices |= {"design": made_unweighted(firms)}
    return of_firms(LOGIT, choices.pop("q"), **choices)


@pytest.mark.parametrize("case", CASES)
def test_logit_and_its_standard_errors_agree_with_quadrature_in_r(case: str) -> None:
    expected, fitted = rows(case), fit_case(case)
    derived = expected.drop(["log_likelihood", "averaged size"])
    agree(values(fitted), derived["estimate"], COEFFICIENT)
    agree(errors(fitted), derived["std_error"], STD_ERROR)


@pytest.mark.parametrize("case", CASES)
def test_effects_averaged_over_regions_agree_with_integrals_in_r(case: str) -> None:
    expected = rows(case).loc["averaged size"]
    margins = average_marginal_effects(fit_case(case).margins())
    place = margins.terms.index("size")
    assert margins.coefficients[place] == pytest.approx(expected["estimate"], rel=COEFFICIENT)
    assert margins.std_errors[place] == pytest.approx(expected["std_error"], rel=STD_ERROR)
