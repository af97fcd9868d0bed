"""Interval regression: known values, properties, refusals."""

from typing import Any

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.likelihood.interval import INTERVAL_REGRESSION
from analysis.estimation.likelihood.ordered import ORDERED_PROBIT
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.parts import Parts
from analysis.refusals import Refusal
from tests.analysis.estimation.likelihood.levels_and_limits import intercept_alone
from tests.analysis.estimation.likelihood.modelled import modelled
from tests.analysis.estimation.small import fitted, plain

# Newton steps end within 1e-10 standard errors of the summit.
SAME = 1e-9
ENDS = np.array([np.nan, -1.0, 0.0, 1.0, np.nan])


def classed(seed: int = 9, n: int = 300) -> tuple[np.ndarray, np.ndarray, Any]:
    """Lower and upper limits of a normal outcome in four classes, and two regressors."""
    random = np.random.default_rng(seed)
    x, z = random.normal(size=n), (random.random(n) < 0.4).astype(float)
    place = np.digitize(0.2 + 0.6 * x - 0.4 * z + random.normal(size=n), ENDS[1:-1])
    return ENDS[place], ENDS[place + 1], plain(x=x, z=z)


def regressed(lower: Any, upper: Any, X: Any, **choices: Any) -> Any:
    parts = Parts(outcomes={"upper": np.asarray(upper, dtype=float)})
    return modelled(INTERVAL_REGRESSION, lower, X, parts=parts, **choices)


def refusal(lower: Any, upper: Any, X: Any, **choices: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        regressed(lower, upper, X, **choices)
    return caught.value


def test_the_interval_regression_of_the_methods_page() -> None:
    lower, upper = [np.nan, -1, -1, 1], [-1, 1, 1, np.nan]

    model = regressed(lower, upper, intercept_alone(4), covariance="model")

    # One firm in four below -1 and one above 1: the quartiles of a normal variable.
    assert model.estimates.coefficients == pytest.approx([0, np.log(1 / 0.6744898)], abs=1e-7)
    assert model.estimates.std_errors == pytest.approx([0.82476, 0.58319], abs=1e-5)
    assert model.derived.coefficients == pytest.approx([1.48260], abs=1e-5)
    assert model.derived.std_errors == pytest.approx([1.48260 * 0.58319], abs=1e-5)


def test_quantities_known_exactly_are_least_squares() -> None:
    random = np.random.default_rng(2)
    x = random.normal(size=80)
    y = 1 + x + random.normal(size=80)

    interval = regressed(y, y, plain(x=x))
    linear = fitted(y, plain(x=x), estimator="linear")

    assert interval.estimates.coefficients[:2] == pytest.approx(linear.estimates.coefficients)


def test_common_classes_are_an_ordered_probit_of_known_cuts() -> None:
    random = np.random.default_rng(3)
    x = random.normal(size=400)
    place = np.digitize(x + random.normal(size=400), [-0.5, 0.5])
    ends = np.array([np.nan, -0.5, 0.5, np.nan])

    interval = regressed(ends[place], ends[place + 1], plain(x=x))
    ordered = modelled(ORDERED_PROBIT, place, plain(x=x)).estimates

    # Two cuts: as many parameters as mean and sigma, so that each is the other rewritten.
    sigma = float(interval.derived.coefficients[0])
    intercept, slope = interval.estimates.coefficients[:2]
    assert ordered.coefficients == pytest.approx(
        [slope / sigma, (-0.5 - intercept) / sigma, (0.5 - intercept) / sigma], rel=SAME
    )


def test_a_limit_may_be_missing_or_infinite_above() -> None:
    lower, upper, X = classed()

    missing = regressed(lower, upper, X).estimates
    infinite = regressed(lower, np.where(np.isnan(upper), np.inf, upper), X).estimates

    assert infinite.coefficients == pytest.approx(missing.coefficients, rel=1e-14)


def test_a_firm_without_either_limit_is_set_aside() -> None:
    lower, upper, X = classed()
    lower[:7], upper[:7] = np.nan, np.nan

    model = regressed(lower, upper, X)

    assert model.fitted.sample.rows.sum() == 293
    assert "7 of 300" in model.fitted.sample.notes[0]


def test_the_unit_of_the_weights_does_not_matter() -> None:
    lower, upper, X = classed()
    weight = np.random.default_rng(1).uniform(1, 3, 300)

    ones, hundreds = (
        regressed(
            lower,
            upper,
            X,
            covariance="design",
            design=survey_design(count=300, weight=unit * weight),
        ).estimates
        for unit in (1, 100)
    )

    assert hundreds.coefficients == pytest.approx(ones.coefficients, rel=SAME)
    assert hundreds.std_errors == pytest.approx(ones.std_errors, rel=SAME)


def test_effects_on_the_latent_mean_are_its_coefficients() -> None:
    model = regressed(*classed())

    effects = average_marginal_effects(model.margins())

    assert effects is not None
    assert effects.coefficients == pytest.approx(model.estimates.coefficients[1:3])
    assert effects.std_errors == pytest.approx(model.estimates.std_errors[1:3])


def test_how_much_is_known_is_told() -> None:
    lower, upper, X = classed()
    lower[:5] = upper[:5] = 0.4

    measures = regressed(lower, upper, X).fitted.solution.fit_measures

    open_ended = np.sum(np.isnan(lower) | np.isnan(upper))
    assert measures["n_exact"] == 5
    assert measures["n_with_one_limit"] == open_ended
    assert measures["n_between_limits"] == 295 - open_ended


def test_densities_have_no_pseudo_r_squared_and_probabilities_have() -> None:
    lower, upper, X = classed()
    some = lower.copy(), upper.copy()
    some[0][:5] = some[1][:5] = 0.4

    classes = regressed(lower, upper, X).fitted.solution.fit_measures
    mixed = regressed(*some, X).fitted.solution.fit_measures

    assert 0 < classes["mcfadden_r_squared"] < 1
    assert "mcfadden_r_squared" not in mixed
    assert "aic" in mixed


def test_reversed_limits_are_refused_with_their_row() -> None:
    lower, upper, X = classed()
    lower[20], upper[20] = 1.0, 0.5

    found = refusal(lower, upper, X, outcome="turnover")

    assert found.code == "interval_reversed"
    assert "1 of 300 firms; the first is firm 21 of the data, with 1 and 0.5" in found.message


def test_a_term_whose_firms_are_all_in_the_top_class_is_refused_by_name() -> None:
    lower, upper, X = classed()
    z = X.variables["z"] == 1

    found = refusal(np.where(z, 1, lower), np.where(z, np.nan, upper), X, labels={"z": "exporter"})

    assert found.code == "separation"
    assert "'exporter'" in found.message
    assert "'x'" not in found.message


def test_classes_that_one_value_fits_are_refused() -> None:
    _, _, X = classed()

    found = refusal(np.linspace(-9, -8, 300), np.linspace(8, 9, 300), X)

    assert found.code == "perfect_fit"
