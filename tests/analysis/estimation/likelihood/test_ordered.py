"""Ordered logit and probit: known values, properties, refusals."""

from typing import Any

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.likelihood.ordered import ORDERED_LOGIT, ORDERED_PROBIT
from analysis.estimation.likelihood.ordered_tests import parallel_lines_test
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.parts import Parts
from analysis.estimation.replication import replicate_weights
from analysis.refusals import Refusal
from tests.analysis.estimation.likelihood.levels_and_limits import intercept_alone
from tests.analysis.estimation.likelihood.modelled import modelled
from tests.analysis.estimation.small import drawn, fitted, plain

BOTH = pytest.mark.parametrize("estimator", [ORDERED_LOGIT, ORDERED_PROBIT], ids=lambda e: e.name)
# Newton steps end within 1e-10 standard errors of the summit.
SAME = 1e-9


def ranked(seed: int = 5, n: int = 300) -> tuple[np.ndarray, Any]:
    """Four levels of a logistic latent outcome, with one continuous and one binary regressor."""
    random = np.random.default_rng(seed)
    x, z = random.normal(size=n), (random.random(n) < 0.4).astype(float)
    latent = 0.8 * x - 0.5 * z + random.logistic(size=n)
    return np.digitize(latent, [-1.0, 0.3, 1.5]).astype(float), plain(x=x, z=z)


def refusal(*arguments: Any, **choices: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        modelled(*arguments, **choices)
    return caught.value


def test_the_ordered_logit_of_the_methods_page() -> None:
    exporter = np.repeat([0.0, 1.0], 8)
    novelty = np.array([0] * 4 + [1] * 2 + [2] * 2 + [0] * 2 + [1] * 2 + [2] * 4)

    model = modelled(ORDERED_LOGIT, novelty, plain(exporter=exporter), covariance="model")
    margins = average_marginal_effects(model.margins())
    lowest = average_marginal_effects(model.margins("probability[0]"))
    brant = parallel_lines_test(model)

    assert model.estimates.terms == ("exporter", "cut1", "cut2")
    assert model.estimates.coefficients == pytest.approx([np.log(3), 0, np.log(3)], abs=1e-9)
    assert np.diag(model.estimates.covariance) == pytest.approx([11 / 12, 17 / 36, 5 / 9])
    assert margins is not None
    assert lowest is not None
    assert margins.coefficients == pytest.approx([0.25])
    assert lowest.coefficients == pytest.approx([-0.25])
    assert brant.overall.wald == pytest.approx(0, abs=1e-12)


def test_cuts_without_terms_are_the_cumulative_shares() -> None:
    y = np.repeat([1.0, 2, 3], [2, 5, 3])

    estimates = modelled(ORDERED_LOGIT, y, intercept_alone(10), covariance="model").estimates

    assert estimates.coefficients == pytest.approx([np.log(0.2 / 0.8), np.log(0.7 / 0.3)])
    # Of a share F of n firms the variance of the logit is 1 / (n F (1 - F)).
    assert np.diag(estimates.covariance) == pytest.approx([1 / 1.6, 1 / 2.1])


@pytest.mark.parametrize(
    ("estimator", "name"), [(ORDERED_LOGIT, "logit"), (ORDERED_PROBIT, "probit")]
)
def test_two_levels_are_a_binary_model_whose_cut_is_minus_its_intercept(
    estimator: Any, name: str
) -> None:
    y, X, design = drawn(3)

    ordered = modelled(estimator, y, X, covariance="cluster", design=design).estimates
    binary = fitted(y, X, estimator=name, covariance="cluster", design=design).estimates

    assert ordered.coefficients == pytest.approx(
        [*binary.coefficients[1:], -binary.coefficients[0]], rel=SAME
    )
    if name == "logit":
        assert ordered.std_errors == pytest.approx(
            [*binary.std_errors[1:], binary.std_errors[0]], rel=SAME
        )


@BOTH
def test_reversing_the_levels_reverses_the_signs(estimator: Any) -> None:
    y, X = ranked()

    up, down = (modelled(estimator, values, X).estimates for values in (y, 3 - y))

    assert down.coefficients == pytest.approx(-up.coefficients[[0, 1, 4, 3, 2]], rel=SAME)
    assert down.std_errors == pytest.approx(up.std_errors[[0, 1, 4, 3, 2]], rel=SAME)


@BOTH
def test_only_the_order_of_the_levels_counts(estimator: Any) -> None:
    y, X = ranked()

    plainly = modelled(estimator, y, X).estimates
    stretched = modelled(estimator, np.array([-5.0, 0.5, 7, 100])[y.astype(int)], X).estimates

    assert stretched.coefficients == pytest.approx(plainly.coefficients, rel=1e-14)


@BOTH
def test_a_firm_of_weight_two_is_two_firms(estimator: Any) -> None:
    y, X = ranked(n=150)
    twice = np.arange(150) % 3 == 0
    rows = np.concatenate([np.arange(150), np.flatnonzero(twice)])
    design = survey_design(count=150, weight=1.0 + twice)

    weighted = modelled(estimator, y, X, design=design)
    repeated = modelled(
        estimator,
        y[rows],
        plain(x=X.variables["x"][rows], z=X.variables["z"][rows]),
    )

    assert weighted.estimates.coefficients == pytest.approx(
        repeated.estimates.coefficients, rel=SAME
    )


@BOTH
def test_probabilities_of_the_levels_sum_to_one_and_their_effects_to_zero(estimator: Any) -> None:
    y, X = ranked()
    model = modelled(estimator, y, X)
    solution = model.fitted.solution

    curves = [each.curve(solution.linear_predictors) for each in solution.predictions.values()]
    effects = [average_marginal_effects(model.margins(name)) for name in solution.predictions]

    assert list(solution.predictions) == [f"probability[{level}]" for level in (3, 2, 1, 0)]
    assert sum(curve.value for curve in curves) == pytest.approx(np.ones(300))
    assert sum(each.coefficients for each in effects if each) == pytest.approx(
        np.zeros(2), abs=1e-15
    )


@BOTH
def test_a_firm_far_out_does_not_stop_the_iterations(estimator: Any) -> None:
    y, X = ranked()
    x = X.variables["x"].copy()
    x[0], y[0] = 60.0, 0.0

    estimates = modelled(estimator, y, plain(x=x, z=X.variables["z"])).estimates

    assert np.isfinite(estimates.std_errors).all()


def test_a_level_between_that_no_firm_has_is_noted() -> None:
    y, X = ranked()

    model = modelled(ORDERED_LOGIT, np.where(y == 3, 5, y), X, outcome="novelty")

    assert model.fitted.solution.notes == (
        "No firm of the model has the level '3', '4' of novelty.",
    )


def test_a_declared_level_that_a_subpopulation_has_not_is_refused_by_name() -> None:
    y, X = ranked()
    declared = Parts(words={"levels": "0, 1, 2, 3"})

    found = refusal(ORDERED_LOGIT, y, X, parts=declared, domain=y != 2, outcome="novelty")

    assert found.code == "empty_level"
    assert "the level '2' of novelty" in found.message


def test_a_value_that_was_not_declared_is_refused() -> None:
    y, X = ranked()

    found = refusal(ORDERED_LOGIT, y, X, parts=Parts(words={"levels": "0, 1, 2"}))

    assert found.code == "level_unknown"
    assert "'3'" in found.message


def test_a_declared_level_that_is_no_number_is_refused() -> None:
    y, X = ranked()

    assert (
        refusal(ORDERED_LOGIT, y, X, parts=Parts(words={"levels": "low"})).code == "level_unknown"
    )


def test_a_quantity_is_refused() -> None:
    x = np.linspace(0, 1, 60)

    assert refusal(ORDERED_LOGIT, x + x**2, plain(x=x)).code == "too_many_levels"


@BOTH
def test_a_term_that_settles_the_level_is_refused_by_name(estimator: Any) -> None:
    y, X = ranked()
    z = X.variables["z"]

    found = refusal(estimator, np.where(z == 1, 3, y), X, labels={"z": "exporter"})

    assert found.code == "separation"
    assert "'exporter'" in found.message
    assert "'x'" not in found.message
    assert f"at least {int(z.sum())} of 300" in found.message


@BOTH
def test_a_term_whose_firms_all_have_one_middle_level_is_no_separation(estimator: Any) -> None:
    y, X = ranked()

    estimates = modelled(estimator, np.where(X.variables["z"] == 1, 1, y), X).estimates

    assert estimates.std_errors.max() < 1


def test_a_sum_of_terms_that_orders_the_firms_is_refused() -> None:
    random = np.random.default_rng(8)
    x, z = random.normal(size=(2, 200))

    found = refusal(ORDERED_PROBIT, np.digitize(x + z, [-1, 1]), plain(x=x, z=z))

    assert found.code == "separation"


def test_a_replicate_without_a_level_has_no_estimate() -> None:
    y, X = ranked()
    sample = modelled(ORDERED_LOGIT, y, X).fitted.sample

    with pytest.raises(Refusal) as caught:
        ORDERED_LOGIT.solve(sample.reweighted((y != 0).astype(float)), np.zeros(5))

    assert caught.value.code == "empty_level"


def test_levels_far_apart_are_codes_of_which_none_is_missed() -> None:
    y, X = ranked()

    model = modelled(ORDERED_LOGIT, 1000 * y, X)

    assert model.fitted.solution.notes == ()


def test_a_start_that_leads_nowhere_is_refused_as_what_it_is() -> None:
    y, X = ranked()
    sample = modelled(ORDERED_LOGIT, y, X).fitted.sample

    with pytest.raises(Refusal) as caught:
        ORDERED_LOGIT.solve(sample, np.full(5, np.nan))

    assert caught.value.code == "no_convergence"


def test_measures_of_fit_are_named_for_the_weights() -> None:
    y, X = ranked()
    design = survey_design(count=300, weight=1 + (np.arange(300) % 3))

    plainly = modelled(ORDERED_LOGIT, y, X).fitted.solution
    weighted = modelled(ORDERED_LOGIT, y, X, design=design).fitted.solution

    shares = np.bincount(y.astype(int)) / 300
    null = 300 * np.sum(shares * np.log(shares))
    assert plainly.null_log_likelihood == pytest.approx(null)
    assert plainly.log_likelihood is not None
    assert plainly.fit_measures["mcfadden_r_squared"] == pytest.approx(
        1 - plainly.log_likelihood / null
    )
    assert set(weighted.fit_measures) == {
        "weighted_pseudo_r_squared",
        "weighted_share_correctly_predicted",
    }


def test_lines_that_are_not_parallel_are_told() -> None:
    random = np.random.default_rng(1)
    x, z = random.normal(size=(2, 2000))
    low, high = random.logistic(size=(2, 2000))
    y = ((x + z + low > -1) * (1 + (-x + z + high > 0))).astype(float)

    found = parallel_lines_test(modelled(ORDERED_LOGIT, y, plain(x=x, z=z), covariance="model"))

    assert found.overall.p_value < 1e-10
    assert found.by_term["x"].p_value < 1e-10
    assert found.by_term["z"].p_value > 0.001
    assert found.slopes.terms == ("above 0|x", "above 0|z", "above 1|x", "above 1|z")


def test_parallel_lines_are_tested_under_a_design() -> None:
    y, X = ranked()
    random = np.random.default_rng(2)
    design = survey_design(count=300, weight=random.uniform(1, 4, 300), cluster=np.arange(300) // 3)

    found = parallel_lines_test(modelled(ORDERED_LOGIT, y, X, covariance="design", design=design))

    assert found.overall.reference == "F"
    assert found.overall.numerator_df == 4
    assert found.overall.p_value > 0.001


@pytest.mark.parametrize(
    ("y", "X", "code"),
    [
        ([0, 1, 1, 0, 1, 0], plain(x=[1.0, 2, 3, 4, 5, 6]), "nothing_to_compare"),
        ([0, 1, 2, 0, 1, 2], intercept_alone(6), "nothing_to_compare"),
    ],
)
def test_nothing_to_compare_is_refused(y: list[float], X: Any, code: str) -> None:
    model = modelled(ORDERED_LOGIT, y, X, covariance="model")

    with pytest.raises(Refusal) as caught:
        parallel_lines_test(model)

    assert caught.value.code == code


@pytest.mark.parametrize("covariance", ["HC0", "cluster", "replicate"])
def test_parallel_lines_are_tested_under_every_covariance(covariance: Any) -> None:
    y, X = ranked(n=600)
    design = survey_design(count=600, cluster=np.arange(600) // 10)
    design = design.with_replicates(replicate_weights(design, method="JK1"))
    plainly = parallel_lines_test(modelled(ORDERED_LOGIT, y, X, covariance="model"))

    found = parallel_lines_test(modelled(ORDERED_LOGIT, y, X, covariance=covariance, design=design))

    # The same slopes; and the model being right, errors of about the same size.
    assert found.slopes.coefficients == pytest.approx(plainly.slopes.coefficients, rel=SAME)
    assert found.slopes.std_errors == pytest.approx(plainly.slopes.std_errors, rel=0.25)
