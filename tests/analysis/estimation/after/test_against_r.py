"""Tests after estimation against R's survey, multcomp and formulas: tests/witness/after.R."""

from functools import cache

import numpy as np
import pytest

from analysis.estimation.after.criteria import design_aic, design_bic, information_criteria
from analysis.estimation.after.likelihood_ratio import (
    likelihood_ratio_test,
    rao_scott_test,
    working_model,
    working_wald_test,
)
from analysis.estimation.after.multiplicity import adjusted, max_t
from analysis.estimation.after.quadratic_forms import Method
from analysis.estimation.after.shape import u_test
from analysis.estimation.after.wald import contrasts, directed_test, wald_test
from analysis.estimation.design_matrix import DesignMatrix, design_matrix
from analysis.estimation.estimates import Covariance, Estimates
from analysis.estimation.regression import Model, assembled, estimate
from tests.witness import firms

# Sums of coefficients and closed forms: both sides converge fully.
AGREEMENT = 1e-8
# R's saddlepoint finds its root to 1e-8, and a likelihood ratio rests on a deviance that R stops
# at 1e-14 of: their tails agree to a little less.
SADDLEPOINT = 1e-6
DEVIANCES = 1e-7
# Joint distributions are integrated on points, R's and ours.
INTEGRATION = 1e-5
INDUSTRIES = ("industrymetal", "industryservices", "industrytrade")
SETTINGS = ("weights", "strata", "clusters", "population")


@cache
def said() -> dict[str, dict[str, float]]:
    table = firms.witness("after")
    return {
        case: dict(zip(part["item"].astype(str), part["value"], strict=True))
        for case, part in table.groupby("case")
    }


def matrix(*left_out: str) -> DesignMatrix:
    data = firms.firms()
    columns = tuple(
        column
        for column in firms.columns()
        if column.name != "local:exporter" and column.name not in left_out
    )
    return design_matrix(
        columns, {name: data[name].to_numpy() for name in firms.KINDS}, firms.KINDS
    )


@cache
def model(
    estimator: str, *left_out: str, covariance: Covariance = "design", is_surveyed: bool = True
) -> Model:
    data = firms.firms()
    return estimate(
        y=firms.outcome(estimator),
        X=matrix(*left_out),
        estimator=estimator,
        covariance=covariance,
        design=firms.design(*SETTINGS) if is_surveyed else firms.design(),
        domain=data["graduates"].notna().to_numpy(),
    )


@pytest.mark.parametrize("estimator", ["logit", "linear"])
def test_wald_tests_agree_with_reg_term_test_and_the_adjusted_one_with_its_formula(
    estimator: str,
) -> None:
    estimates = model(estimator).estimates
    groups = model(estimator).fitted.design.degrees_of_freedom(model(estimator).fitted.sample.rows)

    plain = wald_test(estimates, INDUSTRIES)
    large = wald_test(estimates, INDUSTRIES, reference="chi-square")
    stata = wald_test(estimates, INDUSTRIES, reference="adjusted F", design_df=groups)

    assert vars_of(plain) == pytest.approx(said()[f"wald_{estimator}"], rel=AGREEMENT)
    expected = said()[f"wald_chi_{estimator}"]
    assert [large.statistic, large.p_value] == pytest.approx([*expected.values()], rel=AGREEMENT)
    expected = said()[f"wald_adjusted_{estimator}"]
    assert [stata.statistic, stata.denominator_df, stata.p_value] == pytest.approx(
        [*expected.values()], rel=AGREEMENT
    )


def vars_of(test: object) -> dict[str, float]:
    names = {"F": "statistic", "df": "numerator_df", "ddf": "denominator_df", "p": "p_value"}
    return {short: float(getattr(test, name)) for short, name in names.items()}


def test_contrasts_agree_with_multcomp() -> None:
    estimates = model("logit").estimates
    asked = ("local = world", "exporter + 2 * graduates = 0.5", "industrymetal = industrytrade")

    found = contrasts(estimates, {each: each for each in asked})
    joint = wald_test(estimates, asked)

    for place in range(3):
        expected = said()[f"contrast_{place + 1}"]
        assert [
            found.coefficients[place],
            found.std_errors[place],
            found.statistics[place],
            found.p_values[place],
        ] == pytest.approx([*expected.values()], rel=AGREEMENT)
    assert [joint.statistic, joint.p_value] == pytest.approx(
        [*said()["joint_contrasts"].values()], rel=AGREEMENT
    )


def test_a_directed_hypothesis_agrees_with_multcomp() -> None:
    test = directed_test(model("logit").estimates, "world < local")

    assert test.p_value == pytest.approx(said()["directed_world_below_local"]["p"], rel=AGREEMENT)


def test_max_t_agrees_with_multcomp() -> None:
    terms = ("local", "world", "graduates", "exporter")
    family = contrasts(model("logit").estimates, {term: term for term in terms})

    single = max_t(family)
    free = max_t(family, step="down")

    expected = [said()[f"max_t_{place}"] for place in (1, 2, 3, 4)]
    assert single.adjusted == pytest.approx([each["single"] for each in expected], abs=INTEGRATION)
    assert free.adjusted == pytest.approx([each["free"] for each in expected], abs=INTEGRATION)


@pytest.mark.parametrize("estimator", ["logit", "linear"])
@pytest.mark.parametrize("method", ["saddlepoint", "satterthwaite"])
def test_rao_scott_tests_agree_with_reg_term_test(estimator: str, method: Method) -> None:
    larger, smaller = model(estimator), model(estimator, "graduates", *INDUSTRIES)
    expected = said()[f"rao_scott_{estimator}"]

    with_df = rao_scott_test(larger, smaller, method=method)
    without = rao_scott_test(larger, smaller, method=method, denominator_df=np.inf)

    assert with_df.statistic == pytest.approx(expected["chisq"], rel=DEVIANCES)
    lambdas = [value for name, value in expected.items() if name.startswith("lambda")]
    assert with_df.eigenvalues == pytest.approx(lambdas, rel=AGREEMENT)
    assert with_df.p_value == pytest.approx(expected[f"p_{method}"], rel=SADDLEPOINT)
    assert without.p_value == pytest.approx(expected[f"p_chi_{method}"], rel=SADDLEPOINT)
    assert said()[f"anova_{estimator}"]["p"] == pytest.approx(expected["p_saddlepoint"])


@pytest.mark.parametrize("estimator", ["logit", "linear"])
def test_the_working_wald_test_agrees_with_reg_term_test(estimator: str) -> None:
    larger = model(estimator)

    test = working_wald_test(
        working_model(larger.fitted.solution), larger.estimates, ["graduates", *INDUSTRIES]
    )

    expected = said()[f"working_wald_{estimator}"]
    assert test.statistic == pytest.approx(expected["chisq"], rel=AGREEMENT)
    assert test.p_value == pytest.approx(expected["p"], rel=SADDLEPOINT)


def test_the_likelihood_ratio_and_criteria_agree_with_glm() -> None:
    larger = model("logit", covariance="model", is_surveyed=False)
    smaller = model("logit", *INDUSTRIES, covariance="model", is_surveyed=False)

    test = likelihood_ratio_test(larger, smaller)
    found = information_criteria(assembled(larger, margins=False))

    assert [test.statistic, test.df, test.p_value] == pytest.approx(
        [*said()["likelihood_ratio"].values()], rel=DEVIANCES
    )
    assert [found.log_likelihood, found.aic, found.bic, found.aicc] == pytest.approx(
        [*said()["criteria"].values()], rel=AGREEMENT
    )


def test_design_criteria_agree_with_survey() -> None:
    larger, smaller = model("logit"), model("logit", "graduates", *INDUSTRIES)
    working = working_model(larger.fitted.solution)

    aic = design_aic(working, larger.estimates)
    whole = design_bic(larger.estimates.terms, working, larger.estimates)
    part = design_bic(smaller.estimates.terms, working, larger.estimates)

    assert [aic.effective_parameters, aic.daic, aic.mean_design_effect] == pytest.approx(
        [*said()["design_aic"].values()], rel=AGREEMENT
    )
    assert [part.parameters, part.dbic, part.effective_n] == pytest.approx(
        [*said()["design_bic_part"].values()], rel=AGREEMENT
    )
    assert [whole.parameters, whole.dbic] == pytest.approx(
        [*said()["design_bic_whole"].values()], rel=AGREEMENT
    )


@pytest.mark.parametrize(
    ("procedure", "theirs"),
    [("holm", "holm"), ("benjamini-hochberg", "BH"), ("benjamini-yekutieli", "BY")],
)
def test_adjusted_p_values_agree_with_p_adjust(procedure: str, theirs: str) -> None:
    found = adjusted("abcdef", np.array([0.001, 0.04, 0.012, 0.0125, 0.3, 0.012]), procedure)

    assert found.adjusted == pytest.approx([*said()[f"p_adjust_{theirs}"].values()], rel=1e-14)


@pytest.mark.parametrize("case", ["u_cars", "u_firms"])
def test_the_u_test_agrees_with_its_formulas_in_r(case: str) -> None:
    expected = said()[case]
    off = expected["v12"]
    estimates = Estimates(
        terms=("x", "x2"),
        coefficients=np.array([expected["linear"], expected["square"]]),
        covariance=np.array([[expected["v11"], off], [off, expected["v22"]]]),
        residual_df=expected["df"],
    )

    test = u_test(
        estimates, linear="x", square="x2", lowest=expected["low"], highest=expected["high"]
    )

    assert {
        "slope_low": test.lower.estimate,
        "slope_high": test.upper.estimate,
        "t_low": test.lower.statistic,
        "t_high": test.upper.statistic,
        "p_low": test.lower.p_value,
        "p_high": test.upper.p_value,
        "p": test.p_value,
        "turn": test.turning_point,
        "fieller_low": test.fieller.lower,
        "fieller_high": test.fieller.upper,
        "delta_low": test.delta[0],
        "delta_high": test.delta[1],
    } == pytest.approx(
        {name: value for name, value in expected.items() if name in LISTED}, rel=AGREEMENT
    )
    assert test.fieller.is_bounded == (expected["is_interval"] == 1)


LISTED = (
    *("slope_low", "slope_high", "t_low", "t_high", "p_low", "p_high", "p", "turn"),
    *("fieller_low", "fieller_high", "delta_low", "delta_high"),
)


def test_the_u_test_of_the_survey_logit_agrees_with_r() -> None:
    test = u_test(
        model("logit").estimates, linear="local", square="I(local^2)", lowest=0, highest=5
    )

    expected = said()["u_firms"]
    assert test.p_value == pytest.approx(expected["p"], rel=AGREEMENT)
    assert test.fieller.kind == "rays"
    assert test.fieller.lower == pytest.approx(expected["fieller_low"], rel=1e-7)
