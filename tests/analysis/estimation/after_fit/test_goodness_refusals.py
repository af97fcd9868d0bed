"""What cannot be said of a fit, by name."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.estimation.after import influence
from analysis.estimation.after.collinearity_measures import variance_inflation
from analysis.estimation.after.count_checks import dispersion_test, zero_share
from analysis.estimation.after.diagnostics import (
    effective_sizes,
    events_per_variable,
    separation,
)
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
from analysis.estimation.design import survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, design_matrix
from analysis.estimation.parts import Parts
from analysis.estimation.replicates import ReplicateWeights
from analysis.refusals import Refusal
from tests.analysis.estimation.core.made_samples import sampled, solved
from tests.analysis.estimation.small import plain


def code(function: Any, *arguments: object, **choices: object) -> str:
    with pytest.raises(Refusal) as caught:
        function(*arguments, **choices)
    assert caught.value.message
    assert caught.value.remedy
    return caught.value.code


def of(estimator: str, **choices: Any) -> Any:
    y, matrix, _ = sampled(estimator, 81)
    return solved(y, matrix, estimator, **choices)


@pytest.mark.parametrize(
    ("function", "estimator"),
    [
        (pseudo_r_squared, "linear"),
        (calibration_table, "linear"),
        (classification, "poisson"),
        (hosmer_lemeshow, "fractional_logit"),
        (archer_lemeshow, "linear"),
        (discrimination, "poisson"),
        (dispersion_test, "logit"),
        (zero_share, "linear"),
        (events_per_variable, "linear"),
        (effective_sizes, "fractional_probit"),
        (breusch_pagan, "logit"),
        (white, "poisson"),
        (pfeffermann_sverchkov, "logit"),
    ],
)
def test_measures_of_other_models(function: Any, estimator: str) -> None:
    assert code(function, of(estimator)) == "measure_not_defined"


@pytest.mark.parametrize("function", [link_test, reset_test, residuals, dumouchel_duncan])
def test_models_without_one_linear_predictor(function: Any) -> None:
    y, matrix, _ = sampled("logit", 82)
    level = y + (matrix.X[:, 1] > 0)
    model = solved(level, plain(z=np.cos(np.arange(len(y)))), "ordered_logit")

    assert code(function, model) == "measure_not_defined"


def test_a_comparison_of_weights_of_several_equations() -> None:
    assert code(weight_comparison, replace_name(of("linear"), "heckman")) == "measure_not_defined"


def replace_name(model: Any, name: str) -> Any:
    estimator = replace(model.fitted.estimator, name=name)
    return replace(model, fitted=replace(model.fitted, estimator=estimator))


def test_a_model_solved_for_a_curve_has_no_likelihood_to_compare() -> None:
    model = of("logit")
    near = replace(model.fitted.solution, log_likelihood=None, null_log_likelihood=None)
    model = replace(model, fitted=replace(model.fitted, solution=near))

    assert code(pseudo_r_squared, model) == "measure_not_defined"


def test_hosmer_and_lemeshow_under_weights() -> None:
    y, matrix, design = sampled("logit", 83)

    assert code(hosmer_lemeshow, solved(y, matrix, "logit", design=design)) == "not_under_weights"


def test_two_groups_are_no_groups() -> None:
    y, matrix, _ = sampled("logit", 84)

    model = solved(y, plain(z=matrix.X[:, 2]), "logit")

    assert code(hosmer_lemeshow, model) == "too_few_groups"


def test_more_groups_than_the_design_can_tell_apart() -> None:
    y, matrix, _ = sampled("logit", 85)
    design = survey_design(count=len(y), cluster=np.arange(len(y)) % 8)
    model = solved(y, matrix, "logit", covariance="design", design=design)

    assert code(archer_lemeshow, model) == "no_degrees_of_freedom"
    assert archer_lemeshow(model, 4).denominator_df == 5


@pytest.mark.parametrize("cut", [0.0, 1.0, 50.0])
def test_cuts_that_are_no_probabilities(cut: float) -> None:
    assert code(classification, of("logit"), cut) == "cut_not_a_probability"


def test_shares_of_no_firm_are_left_out() -> None:
    found = classification(of("logit"), 0.001)

    assert "negative_predictive_value" not in found.terms
    assert found.coefficients[found.terms.index("sensitivity")] == 1


def test_an_area_of_one_has_no_interval() -> None:
    y, matrix, _ = sampled("logit", 86)
    x = np.where(y == 1, 3.0, -3.0) + matrix.X[:, 1] / 10
    found = discrimination(solved(y, plain(x=x), "firth_logit", covariance="model"))

    assert found.auc.coefficients[0] == 1
    assert code(found.interval) == "no_interval"


def test_replicates_have_no_sums_over_units() -> None:
    y, matrix, design = sampled("logit", 94)
    replicates = ReplicateWeights(
        design.weight[:, None] * np.random.default_rng(94).uniform(0.5, 2, (len(y), 9)),
        scale=0.1,
        rscales=np.ones(9),
    )
    held = design.with_replicates(replicates)
    model = solved(y, matrix, "logit", covariance="replicate", design=held)

    assert code(discrimination, model) == "covariance_not_defined"
    assert discrimination(model.under("design")).auc.std_errors[0] > 0


@pytest.mark.parametrize("ways", [1, 2])
def test_two_ways_of_clustering_have_no_sums_over_units(ways: int) -> None:
    y, matrix, _ = sampled("logit", 87)
    firm = np.arange(len(y))
    labels = {"cluster": firm % 40, "cluster_2": firm // 20}
    if ways == 1:
        del labels["cluster_2"]
    model = solved(y, matrix, "logit", covariance="cluster", parts=Parts(labels=labels))

    if ways == 1:
        assert discrimination(model).auc.residual_df == 39
    else:
        assert code(discrimination, model) == "covariance_not_defined"


def test_a_link_that_a_binary_term_alone_cannot_be_wrong_about() -> None:
    y, matrix, _ = sampled("logit", 88)
    model = solved(y, plain(z=matrix.X[:, 2]), "logit")

    assert code(link_test, model) == "no_second_slope"
    assert code(reset_test, model) == "powers_add_nothing"


@pytest.mark.parametrize("function", [variance_inflation, breusch_pagan, white])
def test_an_intercept_alone(function: Any) -> None:
    y, _, _ = sampled("linear", 89)
    alone = design_matrix([Column(INTERCEPT)], {}, {}, count=len(y))

    assert code(function, solved(y, alone, "linear")) == "no_terms"


def test_separation_of_what_cannot_be_separated() -> None:
    y, matrix, design = sampled("linear", 90)

    assert (
        code(
            separation,
            y=y,
            X=matrix,
            estimator="linear",
            design=design,
            domain=np.ones(len(y), dtype=bool),
        )
        == "measure_not_defined"
    )


def test_a_firm_that_alone_decides_a_coefficient() -> None:
    y, _, _ = sampled("linear", 91)
    alone = (np.arange(len(y)) == 5).astype(float)

    assert code(firm_influence, solved(y, plain(alone=alone), "linear")) == "leverage_one"


def test_more_units_than_fits_are_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(influence, "MOST_UNITS", 100)

    assert code(unit_influence, of("linear")) == "too_many_units"


def test_the_only_unit() -> None:
    y, matrix, _ = sampled("linear", 92)
    model = solved(
        y, matrix, "linear", design=survey_design(count=len(y), cluster=np.zeros(len(y)))
    )

    assert unit_influence(model).not_fitted == ("0.0",)


def test_quantile_residuals_without_a_seed_or_a_distribution() -> None:
    assert code(residuals, of("logit"), "quantile") == "no_seed"
    assert code(residuals, of("fractional_logit"), "quantile", seed=1) == "measure_not_defined"


@pytest.mark.parametrize("function", [weight_comparison, dumouchel_duncan, pfeffermann_sverchkov])
def test_comparisons_without_weights(function: Any) -> None:
    assert code(function, of("linear")) == "no_weights"


def test_weights_that_follow_from_the_terms() -> None:
    y, matrix, _ = sampled("linear", 93)
    z = matrix.X[:, 2]
    design = survey_design(count=len(y), weight=1 + 2 * z)
    model = solved(y, plain(z=z), "linear", design=design)

    assert code(dumouchel_duncan, model) == "weights_follow_from_terms"
    # Weighted and unweighted agree to rounding, with no variance between them.
    assert code(weight_comparison, model) == "weights_follow_from_terms"
