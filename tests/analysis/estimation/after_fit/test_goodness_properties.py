"""What must hold of measures of fit, diagnostics and influence."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from analysis.estimation.after.collinearity_measures import condition_indices, variance_inflation
from analysis.estimation.after.count_checks import dispersion_test, zero_share
from analysis.estimation.after.diagnostics import effective_sizes, events_per_variable, separation
from analysis.estimation.after.discrimination import discrimination
from analysis.estimation.after.goodness import calibration_table, classification, pseudo_r_squared
from analysis.estimation.after.goodness_tests import archer_lemeshow, link_test
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
from tests.analysis.estimation.core.made_samples import sampled, solved
from tests.analysis.estimation.small import plain

# Rounding of a fit under other numbers.
SAME = 1e-8
BINARY = ("logit", "probit", "cloglog")


def numbers(model, estimator: str) -> list[float]:
    """All that can be asked of a model, in a row."""
    found: list[float] = [*firm_influence(model).dfbetas[:3].ravel()]
    found += [each.factor for each in variance_inflation(model)]
    found += [*condition_indices(model).indices, *residuals(model, "deviance")[:5]]
    found += [link_test(model).statistic, reset_test(model).statistic]
    if estimator == "linear":
        found += [breusch_pagan(model).statistic, white(model).statistic]
        found += [pfeffermann_sverchkov(model).together.wald]
    if estimator in BINARY:
        found += [*pseudo_r_squared(model).values(), *classification(model).std_errors]
        found += [archer_lemeshow(model).statistic, *calibration_table(model).predicted]
        found += [*discrimination(model).auc.std_errors, *discrimination(model).interval()]
        found += list(asdict(events_per_variable(model)).values())
    if estimator == "poisson":
        found += [*zero_share(model).std_errors, dispersion_test(model).statistic]
    if "fractional" not in estimator:
        found += [*effective_sizes(model).sizes]
    return [*found, weight_comparison(model).together.wald, dumouchel_duncan(model).wald]


@pytest.mark.parametrize("estimator", ["linear", *BINARY, "fractional_logit", "poisson"])
def test_the_unit_of_the_weights_changes_nothing(estimator: str) -> None:
    y, matrix, design = sampled(estimator, 51)
    rescaled = replace(design, weight=1234.5 * design.weight)

    first, second = (
        solved(y, matrix, estimator, design=each, covariance="design")
        for each in (design, rescaled)
    )

    assert numbers(first, estimator) == pytest.approx(numbers(second, estimator), rel=SAME)


@pytest.mark.parametrize("estimator", ["logit", "probit", "poisson"])
def test_firms_outside_the_subpopulation_are_not_looked_at(estimator: str) -> None:
    y, matrix, design = sampled(estimator, 52)
    domain = np.random.default_rng(52).random(len(y)) < 0.8
    spoilt = np.where(domain, y, np.nan)
    choices = {"design": design, "covariance": "design"}

    by_domain = solved(y, matrix, estimator, domain=domain, **choices)
    by_answers = solved(spoilt, matrix, estimator, **choices)

    assert numbers(by_domain, estimator) == pytest.approx(numbers(by_answers, estimator), rel=SAME)


@pytest.mark.parametrize("estimator", BINARY)
def test_an_intercept_alone_explains_nothing(estimator: str) -> None:
    y, _, _ = sampled("logit", 53)
    alone = design_matrix([Column(INTERCEPT)], {}, {}, count=len(y))

    found = pseudo_r_squared(solved(y, alone, estimator))

    k_over_null = found.pop("adjusted_mcfadden")
    assert k_over_null < 0
    assert list(found.values()) == pytest.approx(np.zeros(6), abs=1e-12)


@pytest.mark.parametrize("estimator", BINARY)
def test_measures_rise_with_what_is_explained(estimator: str) -> None:
    y, matrix, _ = sampled("logit", 54)

    little = pseudo_r_squared(solved(y, plain(z=matrix.X[:, 2]), estimator))
    more = pseudo_r_squared(solved(y, matrix, estimator))

    assert all(0 < little[name] < more[name] < 1 for name in more if name != "adjusted_mcfadden")


@pytest.mark.parametrize("estimator", ["ordered_logit", "negative_binomial", "fractional_probit"])
def test_other_discrete_outcomes_have_the_measures_that_are_defined_for_them(estimator) -> None:
    _, matrix, _ = sampled("poisson", 73, 400)
    random = np.random.default_rng(73)
    y = random.negative_binomial(1, 1 / (1 + np.exp(0.5 * matrix.X[:, 1]))).astype(float)
    y = {"ordered_logit": np.minimum(y, 3), "fractional_probit": np.minimum(y, 3) / 3}.get(
        estimator, y
    )

    found = pseudo_r_squared(solved(y, matrix, estimator))

    expected = {
        "ordered_logit": {"mcfadden", "adjusted_mcfadden", "cox_snell", "nagelkerke"},
        "negative_binomial": {"mcfadden", "adjusted_mcfadden", "cox_snell"},
        "fractional_probit": {"efron"},
    }
    assert set(found) == expected[estimator]
    assert all(0 < value < 1 for value in found.values())


def test_events_are_firms_with_the_rarer_outcome() -> None:
    y, matrix, design = sampled("logit", 74)
    events = min(y.sum(), (1 - y).sum())

    plainly = events_per_variable(solved(y, matrix, "logit"))
    under_weights = events_per_variable(solved(y, matrix, "logit", design=design))
    alone = design_matrix([Column(INTERCEPT)], {}, {}, count=len(y))

    assert (plainly.events, plainly.effective_events, plainly.ratio) == (events, events, events / 2)
    assert under_weights.effective_events < under_weights.events == events
    assert events_per_variable(solved(y, alone, "logit")).ratio == np.inf


def test_the_other_outcome_has_the_same_area_and_the_mirrored_shares() -> None:
    y, matrix, design = sampled("logit", 55)
    choices = {"design": design, "covariance": "design"}

    has, has_not = solved(y, matrix, "logit", **choices), solved(1 - y, matrix, "logit", **choices)

    area, other = discrimination(has), discrimination(has_not)
    assert area.auc.coefficients == pytest.approx(other.auc.coefficients, rel=SAME)
    assert area.auc.std_errors == pytest.approx(other.auc.std_errors, rel=SAME)
    shares, mirrored = classification(has), classification(has_not)
    assert shares.coefficients == pytest.approx(mirrored.coefficients[[0, 2, 1, 4, 3]], rel=SAME)


def test_the_ends_of_the_curve_are_its_corners() -> None:
    y, matrix, _ = sampled("logit", 56)

    found = discrimination(solved(y, matrix, "logit"))

    assert np.all(np.diff(found.cuts) < 0)
    assert (found.sensitivity[-1], found.specificity[-1]) == pytest.approx((1, 0), abs=1e-12)
    low, high = found.interval()
    assert 0 < low < found.auc.coefficients[0] < high < 1


def test_calibration_groups_have_equal_weight_and_residuals_that_cancel() -> None:
    y, matrix, design = sampled("logit", 57, 500)

    found = calibration_table(solved(y, matrix, "logit", design=design, covariance="design"), 5)

    assert found.population == pytest.approx(np.full(5, 0.2), abs=0.01)
    assert found.firms.sum() == 500
    assert np.all(found.lowest[1:] >= found.highest[:-1])
    # The scores of the intercept sum to zero.
    assert found.population @ found.residuals.coefficients == pytest.approx(0, abs=1e-10)


def test_firms_with_one_probability_stay_in_one_group() -> None:
    y, _, _ = sampled("logit", 58)
    breadth = np.random.default_rng(58).integers(0, 4, len(y))

    found = calibration_table(solved(y, plain(breadth=breadth), "logit"), 10)

    assert sorted(found.firms) == sorted(np.bincount(breadth))
    assert found.lowest == pytest.approx(found.highest)


def test_without_weights_or_design_firms_count_in_full() -> None:
    y, matrix, _ = sampled("logit", 59)

    found = effective_sizes(solved(y, matrix, "logit", covariance="model"))

    assert found.kish == len(y)
    assert found.sizes == pytest.approx(np.full(3, len(y)))


def test_copies_of_firms_add_nothing_to_the_effective_size() -> None:
    y, matrix, _ = sampled("logit", 60)
    three = np.repeat(np.arange(len(y)), 3)
    copied = replace(
        matrix,
        X=matrix.X[three],
        variables={name: values[three] for name, values in matrix.variables.items()},
    )
    once = solved(y, matrix, "logit", covariance="HC0")

    clusters = survey_design(count=len(three), cluster=three)
    thrice = solved(y[three], copied, "logit", covariance="design", design=clusters)

    # n / (n - 1) is all that sets the two apart.
    n = len(y)
    expected = effective_sizes(once).sizes * (n - 1) / n
    assert effective_sizes(thrice).sizes == pytest.approx(expected, rel=SAME)


def test_orthogonal_columns_inflate_nothing() -> None:
    a, b = np.tile([0, 0, 1, 1], 30).astype(float), np.tile([0, 1, 0, 1], 30).astype(float)
    y = np.sin(np.arange(120))

    found = solved(y, plain(a=a, b=b), "linear")

    assert [each.factor for each in variance_inflation(found)] == pytest.approx([1, 1])
    assert condition_indices(found).dependencies() == ()


def test_the_base_of_a_category_does_not_matter_to_its_inflation() -> None:
    y, matrix, _ = sampled("linear", 61)
    codes = np.random.default_rng(61).integers(0, 4, len(y))
    x = matrix.X[:, 1] + codes

    factors = [
        variance_inflation(
            solved(y, plain(x=x, kind=[f"{names[code]}" for code in codes]), "linear")
        )
        for names in ("abcd", "dcba")
    ]

    assert [each.term for each in factors[0]] == ["x", "kind[...]"]
    assert factors[0][1].columns == 3
    assert factors[0][1].scaled == pytest.approx(factors[0][1].factor ** (1 / 6))
    assert [each.factor for each in factors[0]] == pytest.approx(
        [each.factor for each in factors[1]], rel=SAME
    )


def test_a_near_dependency_is_named() -> None:
    y, matrix, _ = sampled("linear", 62)
    x, random = matrix.X[:, 1], np.random.default_rng([62, 2])
    near = 2 * x + 1e-3 * random.normal(size=len(y))

    found = condition_indices(
        solved(y, plain(x=x, other=random.normal(size=len(y)), near=near), "linear")
    )

    ((index, terms),) = found.dependencies()
    assert (index > 1000, terms) == (True, ("x", "near"))
    assert found.shares.sum(axis=0) == pytest.approx(np.ones(4))


def test_overlapping_outcomes_are_not_separated() -> None:
    y, matrix, design = sampled("logit", 63)

    found = separation(
        y=y, X=matrix, estimator="logit", design=design, domain=np.ones(len(y), dtype=bool)
    )

    assert (found.kind, found.infinite, found.certain, found.cells) == ("none", (), 0, ())
    assert found.finite == matrix.names


def test_outcomes_that_a_number_parts_are_separated_in_full() -> None:
    x = np.linspace(-1, 1, 40)

    found = separation(
        y=x > 0.1,
        X=plain(x=x),
        estimator="probit",
        design=survey_design(count=40),
        domain=np.ones(40, dtype=bool),
    )

    assert (found.kind, found.infinite, found.certain) == ("complete", ("(Intercept)", "x"), 40)


@pytest.mark.parametrize(
    ("estimator", "end", "words"),
    [
        ("cloglog", 1.0, "every firm with 'kind' at 'c' has outcome 1 (8 of 8)"),
        ("fractional_logit", 0.0, "no firm with 'kind' at 'c' has outcome 1 (0 of 8)"),
        ("poisson", 0.0, "no firm with 'kind' at 'c' has a count above zero (0 of 8)"),
    ],
)
def test_the_category_of_one_outcome_is_named_and_the_rest_is_finite(
    estimator: str, end: float, words: str
) -> None:
    y, matrix, _ = sampled(estimator, 64)
    kind = np.array(["a", "b"])[np.arange(len(y)) % 2]
    kind[:8], y[:8] = "c", end

    found = separation(
        y=y,
        X=plain(x=matrix.X[:, 1], kind=list(kind)),
        estimator=estimator,
        design=survey_design(count=len(y)),
        domain=np.ones(len(y), dtype=bool),
    )

    assert (found.kind, found.infinite, found.certain) == ("quasi", ("kind[c]",), 8)
    assert found.cells == (words,)


def test_firms_without_a_binary_term_may_be_the_category_of_one_outcome() -> None:
    y, matrix, _ = sampled("logit", 65)
    y[matrix.X[:, 2] == 0] = 0

    found = separation(
        y=y,
        X=matrix,
        estimator="logit",
        design=survey_design(count=len(y)),
        domain=np.ones(len(y), dtype=bool),
    )

    assert found.infinite == ("(Intercept)", "z")
    assert found.cells[0].startswith("no firm without 'z' has outcome 1")


def test_a_unit_that_alone_has_a_term_leaves_no_estimate_behind() -> None:
    y, matrix, _ = sampled("linear", 66)
    cluster = np.arange(len(y)) // 6
    alone = (cluster == 3).astype(float)
    design = survey_design(count=len(y), cluster=cluster)

    found = unit_influence(solved(y, plain(x=matrix.X[:, 1], alone=alone), "linear", design=design))

    assert found.not_fitted == ("3",)
    assert np.isfinite(np.delete(found.dfbetas, 3, axis=0)).all()


def test_a_firm_far_out_is_found() -> None:
    y, matrix, _ = sampled("linear", 67)
    x = matrix.X[:, 1].copy()
    x[17], y[17] = 12.0, -9.0

    found = firm_influence(solved(y, plain(x=x), "linear", covariance="model"))

    assert {int(np.argmax(each)) for each in (found.leverage, found.cooks_distance)} == {17}
    assert np.argmax(np.abs(found.dfbetas[:, 1])) == 17


def test_where_leverage_is_not_defined_influence_is_the_jackknifes() -> None:
    _, matrix, _ = sampled("poisson", 68)
    random = np.random.default_rng(68)
    y = random.negative_binomial(1, 1 / (1 + np.exp(0.3 * matrix.X[:, 1]))).astype(float)
    model = solved(y, matrix, "negative_binomial")

    found = firm_influence(model)

    assert np.isnan(found.leverage).all()
    assert found.dfbeta.sum(axis=0) == pytest.approx(np.zeros(4), abs=1e-8)
    n, k = len(y), 4
    squares = n / (n - k) * (found.dfbeta**2).sum(axis=0)
    assert squares**0.5 == pytest.approx(model.estimates.std_errors, rel=SAME)


def test_residuals_of_least_squares_are_in_standard_errors() -> None:
    y, matrix, _ = sampled("linear", 75)
    model = solved(y, matrix, "linear")
    plainly, scale = residuals(model, "response"), model.fitted.solution.dispersion**0.5

    assert plainly == pytest.approx(y - matrix.X @ model.estimates.coefficients)
    for kind in ("pearson", "deviance", "quantile"):
        assert residuals(model, kind) == pytest.approx(plainly / scale)


def test_a_quasi_likelihoods_deviance_residuals_vanish_with_its_errors() -> None:
    y, matrix, _ = sampled("fractional_logit", 76)

    model = solved(y, matrix, "fractional_logit")

    pearson, deviance = residuals(model, "pearson"), residuals(model, "deviance")
    assert np.array_equal(np.sign(pearson), np.sign(deviance))
    assert np.corrcoef(pearson, deviance)[0, 1] > 0.99


def test_weights_that_follow_from_nothing_tell_nothing() -> None:
    random = np.random.default_rng(69)
    x = random.normal(size=2000)
    y = x + random.normal(size=2000)
    design = survey_design(count=2000, weight=random.uniform(1, 5, 2000))
    model = solved(y, plain(x=x), "linear", design=design, covariance="design")

    p_values = [
        weight_comparison(model).together.p_value,
        dumouchel_duncan(model).p_value,
        pfeffermann_sverchkov(model).together.p_value,
    ]

    assert min(p_values) > 0.05


def test_weights_that_follow_from_the_outcome_are_noticed() -> None:
    random = np.random.default_rng(70)
    x = random.normal(size=2000)
    y = x + random.normal(size=2000)
    design = survey_design(count=2000, weight=np.exp(0.5 * y) * random.uniform(1, 2, 2000))
    model = solved(y, plain(x=x), "linear", design=design, covariance="design")

    p_values = [
        weight_comparison(model).together.p_value,
        dumouchel_duncan(model, "design").p_value,
        pfeffermann_sverchkov(model, "cluster").together.p_value,
    ]

    assert max(p_values) < 1e-6


def test_a_bend_that_was_left_out_is_noticed() -> None:
    random = np.random.default_rng(71)
    x = random.normal(size=1500)
    y = (random.random(1500) < 1 / (1 + np.exp(1 - x**2 - x))).astype(float)
    model = solved(y, plain(x=x), "logit")

    assert link_test(model).p_value < 1e-6
    assert reset_test(model).p_value < 1e-6
    assert archer_lemeshow(model).p_value < 1e-4


def test_more_variance_than_a_poissons_is_noticed() -> None:
    _, matrix, design = sampled("poisson", 72, 600)
    random = np.random.default_rng(72)
    y = random.negative_binomial(1, 1 / (1 + np.exp(0.3 * matrix.X[:, 1]))).astype(float)
    model = solved(y, matrix, "poisson", design=design, covariance="design")

    assert dispersion_test(model).p_value < 1e-3
    assert dispersion_test(model, "NB1").alpha > 0.3
    assert zero_share(model).statistics[2] > 3
