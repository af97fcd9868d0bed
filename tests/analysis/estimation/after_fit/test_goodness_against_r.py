"""Goodness of fit, diagnostics and influence against R: `tests/witness/goodness.R`."""

import numpy as np
import pytest

from analysis.estimation.after.collinearity_measures import condition_indices, variance_inflation
from analysis.estimation.after.count_checks import dispersion_test, zero_share
from analysis.estimation.after.diagnostics import effective_sizes
from analysis.estimation.after.discrimination import discrimination
from analysis.estimation.after.goodness import calibration_table, classification, pseudo_r_squared
from analysis.estimation.after.goodness_tests import archer_lemeshow, hosmer_lemeshow, link_test
from analysis.estimation.after.influence import firm_influence, unit_influence
from analysis.estimation.after.linear_tests import breusch_pagan, reset_test, white
from analysis.estimation.after.residuals import residuals
from analysis.estimation.after.weights_influence import (
    dumouchel_duncan,
    pfeffermann_sverchkov,
    weight_comparison,
)
from analysis.estimation.estimates import Covariance
from analysis.estimation.regression import Model
from tests.analysis.estimation.core.witnessed import full_design, solved, weighted
from tests.witness.firms import witness

# Both sides in double precision from the same fits. Seen: 2e-12.
EXACT = 1e-9
# R's numDeriv, in the variance of what depends on estimated coefficients.
DIFFERENCES = 1e-7

FEW = np.r_[0:30, 199:215]


def said(case: str) -> dict[str, float]:
    rows = witness("goodness").query("case == @case")
    return dict(zip(rows["item"], rows["value"], strict=True))


def series(case: str, name: str) -> np.ndarray:
    """Values that R numbered: name1, name2, ..."""
    rows = witness("goodness").query("case == @case")
    pattern = rf"{name}\.?\d+$"
    return rows[rows["item"].str.match(pattern)]["value"].to_numpy()


def free(estimator: str, covariance: Covariance = "model") -> Model:
    return solved(estimator, covariance)


def surveyed(estimator: str) -> Model:
    return solved(estimator, "design", design=full_design())


BINARY = ("logit", "probit", "cloglog")


@pytest.mark.parametrize("estimator", [*BINARY, "poisson"])
def test_pseudo_r_squared(estimator: str) -> None:
    found = pseudo_r_squared(free(estimator))

    expected = said(f"pseudo_{estimator}")
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=EXACT)


@pytest.mark.parametrize("estimator", [*BINARY, "poisson"])
def test_pseudo_r_squared_under_weights_is_that_of_survey(estimator: str) -> None:
    found = pseudo_r_squared(surveyed(estimator))

    expected = said(f"pseudo_{estimator}_survey")
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=EXACT)
    assert "adjusted_mcfadden" not in found


def test_hosmer_lemeshow() -> None:
    test = hosmer_lemeshow(free("logit"))

    expected = said("hosmer_lemeshow")
    assert (test.statistic, test.numerator_df, test.p_value) == pytest.approx(
        (expected["statistic"], expected["df"], expected["p_value"]), rel=EXACT
    )


@pytest.mark.parametrize("groups", [6, 10])
def test_archer_lemeshow_and_the_calibration_it_rests_on(groups: int) -> None:
    model = surveyed("logit")

    test, table = archer_lemeshow(model, groups), calibration_table(model, groups)

    expected, case = said(f"archer_lemeshow_{groups}"), f"calibration_{groups}"
    assert [
        test.wald,
        test.statistic,
        test.numerator_df,
        test.denominator_df,
        test.p_value,
    ] == pytest.approx(list(expected.values()), rel=EXACT)
    assert table.residuals.coefficients == pytest.approx(series(case, "residual"), rel=EXACT)
    assert table.residuals.std_errors == pytest.approx(series(case, "error"), rel=EXACT)
    assert table.observed - table.predicted == pytest.approx(table.residuals.coefficients)


def test_the_area_under_the_roc() -> None:
    found, under_design = discrimination(free("logit")), discrimination(surveyed("logit"))

    expected = said("auc")
    assert found.auc.coefficients[0] == pytest.approx(expected["auc"], rel=EXACT)
    # DeLong divides by the firms with and without less one each, the U-statistic by all less one.
    assert found.auc.std_errors[0] == pytest.approx(expected["delong"], rel=2e-3)
    expected = said("auc_survey")
    assert under_design.auc.coefficients[0] == pytest.approx(expected["auc"], rel=EXACT)
    assert under_design.auc.std_errors[0] == pytest.approx(expected["error"], rel=EXACT)


def test_the_curve() -> None:
    found, expected = discrimination(free("logit")), said("roc")

    for place, cut in enumerate([0.3, 0.5, 0.7], start=1):
        last = int(np.sum(found.cuts > cut)) - 1
        assert found.sensitivity[last] == pytest.approx(expected[f"sensitivity{place}"])
        assert found.specificity[last] == pytest.approx(expected[f"specificity{place}"])


def test_classification() -> None:
    found = classification(surveyed("logit"))

    for term, share, error in zip(found.terms, found.coefficients, found.std_errors, strict=True):
        expected = said(f"classification_{term}")
        ratio, *_ = expected.values()
        assert (share, error) == pytest.approx((ratio, list(expected.values())[1]), rel=EXACT)


def test_the_link() -> None:
    assert link_test(free("logit")).statistic == pytest.approx(said("link")["t"], rel=EXACT)
    under_design, expected = link_test(surveyed("logit")), said("link_survey")
    assert (under_design.statistic, under_design.residual_df) == pytest.approx(
        (expected["t"], expected["df"]), rel=EXACT
    )


@pytest.mark.parametrize("form", ["NB1", "NB2"])
def test_dispersion(form: str) -> None:
    test, expected = dispersion_test(free("poisson"), form), said(f"dispersion_{form}")

    assert (test.alpha, test.statistic, test.p_value) == pytest.approx(
        tuple(expected.values()), rel=EXACT
    )


@pytest.mark.parametrize(("case", "model"), [("zeros", "HC1"), ("zeros_survey", "design")])
def test_zeros_observed_and_predicted(case: str, model: str) -> None:
    found = zero_share(free("poisson", "HC1") if model == "HC1" else surveyed("poisson"))

    expected = list(said(case).values())
    assert found.coefficients == pytest.approx(expected[:3], rel=EXACT)
    assert found.std_errors == pytest.approx(expected[3:], rel=DIFFERENCES)


@pytest.mark.parametrize("case", ["collinearity", "collinearity_weighted"])
def test_collinearity(case: str) -> None:
    model = solved("linear", design=weighted()) if case.endswith("weighted") else free("linear")

    factors = {each.term: each.factor for each in variance_inflation(model)}
    found = condition_indices(model)

    expected = said(case)
    factors["industry"] = factors.pop("industry[...]")
    assert factors == pytest.approx({term: expected[f"gvif_{term}"] for term in factors}, rel=EXACT)
    assert found.indices == pytest.approx(series(case, "index"), rel=EXACT)
    assert found.shares[-1] == pytest.approx(series(case, "share_of_last"), rel=EXACT)


@pytest.mark.parametrize("estimator", ["linear", "logit", "poisson"])
def test_leverage_and_cooks_distance(estimator: str) -> None:
    found = firm_influence(free(estimator))

    case = f"influence_{estimator}"
    assert found.leverage[FEW] == pytest.approx(series(case, "leverage"), rel=EXACT)
    assert found.cooks_distance[FEW] == pytest.approx(series(case, "cook"), rel=EXACT)


def test_influence_on_a_coefficient() -> None:
    found = firm_influence(free("linear"))
    under_weights = firm_influence(solved("linear", design=weighted()))

    place = found.terms.index("local")
    assert found.dfbetas[FEW, place] == pytest.approx(
        series("influence_linear", "dfbetas_local"), rel=EXACT
    )
    case = "influence_linear_weighted"
    assert under_weights.dfbeta[FEW, place] == pytest.approx(
        series(case, "dfbeta_local"), rel=EXACT
    )
    assert under_weights.leverage[FEW] == pytest.approx(series(case, "leverage"), rel=EXACT)
    assert under_weights.cooks_distance[FEW] == pytest.approx(series(case, "cook"), rel=EXACT)


def test_influence_of_units() -> None:
    found = unit_influence(surveyed("logit"))

    place = found.terms.index("exporter")
    changes = dict(zip(found.units, found.dfbeta[:, place], strict=True))
    expected = said("units")
    # Differences of two fits, each good to 1e-12, some of them a ten-thousandth.
    assert {unit: changes[unit] for unit in expected} == pytest.approx(expected, abs=1e-10)
    assert found.not_fitted == ()


@pytest.mark.parametrize("estimator", ["logit", "cloglog", "poisson"])
@pytest.mark.parametrize("kind", ["response", "pearson", "deviance"])
def test_residuals(estimator: str, kind: str) -> None:
    found = residuals(free(estimator), kind)

    assert found[FEW] == pytest.approx(series(f"residuals_{estimator}", kind), rel=EXACT)


def test_unequal_variances() -> None:
    found, expected = breusch_pagan(free("linear")), said("breusch_pagan")
    assert (found.statistic, found.df, found.p_value) == pytest.approx(
        tuple(expected.values()), rel=EXACT
    )

    found, expected = white(free("linear")), said("white")
    assert (found.statistic, found.df) == pytest.approx(tuple(expected.values()), rel=EXACT)

    found, expected = breusch_pagan(surveyed("linear")), said("breusch_pagan_survey")
    assert (found.statistic, found.df, found.denominator_df, found.p_value) == pytest.approx(
        tuple(expected.values()), rel=EXACT
    )


@pytest.mark.parametrize(("case", "model"), [("reset", "model"), ("reset_survey", "design")])
def test_powers_of_the_predictor(case: str, model: str) -> None:
    test = reset_test(free("linear") if model == "model" else surveyed("linear"))

    assert (test.statistic, test.numerator_df, test.denominator_df, test.p_value) == pytest.approx(
        tuple(said(case).values()), rel=EXACT
    )


@pytest.mark.parametrize("estimator", ["linear", "logit"])
def test_effective_sizes(estimator: str) -> None:
    found = effective_sizes(surveyed(estimator))

    expected = said(f"effects_{estimator}")
    assert dict(zip(found.terms, found.design_effects, strict=True)) == pytest.approx(
        expected, rel=EXACT
    )
    assert found.kish == pytest.approx(said("kish")["size"], rel=EXACT)


def test_weights_and_their_products_as_regressors() -> None:
    test = dumouchel_duncan(surveyed("linear"), "model")

    assert (test.statistic, test.numerator_df, test.denominator_df, test.p_value) == pytest.approx(
        tuple(said("dumouchel_duncan").values()), rel=EXACT
    )


@pytest.mark.parametrize("estimator", ["linear", "logit"])
def test_weighted_against_unweighted(estimator: str) -> None:
    found = weight_comparison(surveyed(estimator))

    case = f"hausman_{estimator}"
    assert found.differences.coefficients == pytest.approx(series(case, "difference"), rel=1e-7)
    assert found.differences.std_errors == pytest.approx(series(case, "error"), rel=EXACT)
    expected = said(case)
    together = found.together
    assert (together.statistic, together.denominator_df, together.p_value) == pytest.approx(
        (expected["statistic"], expected["ddf"], expected["p_value"]), rel=EXACT
    )


def test_weights_and_powers_of_residuals() -> None:
    found = pfeffermann_sverchkov(surveyed("linear"))

    case = "pfeffermann_sverchkov"
    assert found.correlations.coefficients == pytest.approx(series(case, "correlation"), rel=EXACT)
    assert found.correlations.coefficients == pytest.approx(series(case, "plain"), rel=EXACT)
    assert found.correlations.std_errors == pytest.approx(series(case, "error"), rel=DIFFERENCES)
    assert found.together.wald == pytest.approx(said(case)["chisq"], rel=DIFFERENCES)
