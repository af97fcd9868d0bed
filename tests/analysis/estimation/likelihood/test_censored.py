"""The tobit: known values, properties, refusals."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.estimation.likelihood.censored import TOBIT
from analysis.estimation.likelihood.interval import INTERVAL_REGRESSION
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.parts import Parts
from analysis.refusals import Refusal
from tests.analysis.estimation.likelihood.levels_and_limits import intercept_alone
from tests.analysis.estimation.likelihood.modelled import modelled
from tests.analysis.estimation.small import fitted, plain

# Newton steps end within 1e-10 standard errors of the summit.
SAME = 1e-9
FROM_ZERO = Parts(numbers={"lower": 0.0})
SHARE = Parts(numbers={"lower": 0.0, "upper": 1.0})


def latent(seed: int = 7, n: int = 300) -> tuple[np.ndarray, Any]:
    """A normal outcome with one continuous and one binary regressor."""
    random = np.random.default_rng(seed)
    x, z = random.normal(size=n), (random.random(n) < 0.4).astype(float)
    return 0.3 + 0.4 * x - 0.2 * z + 0.5 * random.normal(size=n), plain(x=x, z=z)


def refusal(*arguments: Any, **choices: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        modelled(TOBIT, *arguments, **choices)
    return caught.value


def test_the_tobit_of_the_methods_page() -> None:
    y = np.array([0.0, 0.0, 0.1950752, 1.4006944])

    model = modelled(TOBIT, y, intercept_alone(4), covariance="model", parts=FROM_ZERO)
    solution = model.fitted.solution
    predicted = {
        name: each.curve(solution.linear_predictors).value[0]
        for name, each in solution.predictions.items()
    }

    assert model.estimates.terms == ("(Intercept)", "log_sigma")
    assert model.estimates.coefficients == pytest.approx([0, 0], abs=1e-6)
    assert model.estimates.std_errors == pytest.approx([0.61585, 0.55710], abs=1e-5)
    assert model.derived is not None
    assert model.derived.terms == ("sigma",)
    assert model.derived.coefficients == pytest.approx([1], abs=1e-6)
    assert model.derived.std_errors == pytest.approx([0.55710], abs=1e-5)
    assert predicted == pytest.approx(
        {
            "expected": 0.39894,
            "latent_mean": 0,
            "probability_uncensored": 0.5,
            "expected_uncensored": 0.79788,
        },
        abs=1e-5,
    )


def test_with_nobody_at_the_limit_it_is_least_squares_with_sigma_over_n() -> None:
    y, X = latent()

    tobit = modelled(TOBIT, y, X, parts=Parts(numbers={"lower": -50.0}))
    linear = fitted(y, X, estimator="linear")

    residual = y - X.X @ linear.estimates.coefficients
    assert tobit.derived is not None
    assert tobit.estimates.coefficients[:3] == pytest.approx(linear.estimates.coefficients)
    assert tobit.derived.coefficients == pytest.approx([np.sqrt(np.mean(residual**2))])
    assert "No firm is at a limit" in tobit.fitted.solution.notes[0]


def test_the_outcome_turned_round_turns_limits_and_coefficients() -> None:
    y, X = latent()

    below = modelled(TOBIT, np.maximum(y, 0), X, parts=FROM_ZERO).estimates
    above = modelled(TOBIT, np.minimum(-y, 0), X, parts=Parts(numbers={"upper": 0.0})).estimates

    assert above.coefficients[:3] == pytest.approx(-below.coefficients[:3], rel=SAME)
    assert above.coefficients[3] == pytest.approx(below.coefficients[3], rel=SAME)
    assert above.std_errors == pytest.approx(below.std_errors, rel=SAME)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_coefficients_are_in_the_unit_of_the_outcome(unit: float) -> None:
    y, X = latent()
    y = np.clip(y, 0, 1)

    plainly = modelled(TOBIT, y, X, parts=SHARE).estimates
    scaled = modelled(
        TOBIT, unit * y, X, parts=Parts(numbers={"lower": 0.0, "upper": unit})
    ).estimates

    assert scaled.coefficients[:3] == pytest.approx(unit * plainly.coefficients[:3], rel=1e-8)
    assert scaled.coefficients[3] == pytest.approx(plainly.coefficients[3] + np.log(unit))
    assert scaled.std_errors[:3] == pytest.approx(unit * plainly.std_errors[:3], rel=1e-8)


def test_it_is_an_interval_regression_of_what_is_known() -> None:
    y, X = latent()
    y = np.clip(y, 0, 1)
    lower, upper = np.where(y == 0, np.nan, y), np.where(y == 1, np.nan, y)

    tobit = modelled(TOBIT, y, X, parts=SHARE).estimates
    interval = modelled(
        INTERVAL_REGRESSION, lower, X, parts=Parts(outcomes={"upper": upper})
    ).estimates

    assert interval.coefficients == pytest.approx(tobit.coefficients, rel=1e-12)
    assert interval.covariance == pytest.approx(tobit.covariance, rel=1e-10)


def test_predictions_agree_with_the_truncated_normal_of_scipy() -> None:
    y, X = latent(n=40)
    solution = modelled(TOBIT, np.clip(y, 0, 1), X, parts=SHARE).fitted.solution
    mean, sigma = solution.linear_predictors[0], np.exp(solution.linear_predictors[1])
    low, high = (0 - mean) / sigma, (1 - mean) / sigma
    inside = stats.norm.cdf(high) - stats.norm.cdf(low)
    within = stats.truncnorm.mean(low, high, loc=mean, scale=sigma)

    predicted = {
        name: each.curve(solution.linear_predictors).value
        for name, each in solution.predictions.items()
    }

    assert predicted["latent_mean"] == pytest.approx(mean)
    assert predicted["probability_uncensored"] == pytest.approx(inside)
    assert predicted["expected_uncensored"] == pytest.approx(within)
    assert predicted["expected"] == pytest.approx(inside * within + stats.norm.sf(high))


def test_the_expected_outcome_is_what_effects_are_of() -> None:
    y, X = latent()
    model = modelled(TOBIT, np.maximum(y, 0), X, parts=FROM_ZERO)

    effects = average_marginal_effects(model.margins())

    # McDonald and Moffitt (1980): the slope times the probability of lying above the limit.
    share = model.fitted.solution.predictions["probability_uncensored"].curve(
        model.fitted.solution.linear_predictors
    )
    assert effects is not None
    assert effects.coefficients[0] == pytest.approx(
        model.estimates.coefficients[1] * share.value.mean()
    )


def test_firms_far_below_the_limit_have_finite_expectations() -> None:
    y, X = latent()
    solution = modelled(TOBIT, np.maximum(y, 0), X, parts=FROM_ZERO).fitted.solution

    curve = solution.predictions["expected_uncensored"].curve(np.array([[-60.0], [0.0]]))

    # In the tail a normal variable exceeds a limit c by 1 / c - 2 / c^3 or so.
    assert curve.value == pytest.approx([1 / 60 - 2 / 60**3], rel=1e-5)
    assert np.isfinite(curve.slope).all()


def test_how_many_are_at_each_limit_is_told() -> None:
    y, X = latent()

    measures = modelled(TOBIT, np.clip(y, 0, 1), X, parts=SHARE).fitted.solution.fit_measures

    assert measures["n_at_lower_limit"] == np.sum(y <= 0)
    assert measures["n_at_upper_limit"] == np.sum(y >= 1)


def test_no_limit_is_refused() -> None:
    assert refusal(*latent()).code == "no_limit"


def test_limits_out_of_order_are_refused() -> None:
    wrong = Parts(numbers={"lower": 1.0, "upper": 0.0})

    assert refusal(*latent(), parts=wrong).code == "limits_disordered"


def test_an_outcome_outside_the_limits_is_refused_with_its_row() -> None:
    y, X = latent()
    y = np.maximum(y, 0)
    y[12] = -0.25

    found = refusal(y, X, parts=FROM_ZERO, outcome="the share of sales")

    assert found.code == "outcome_outside_limits"
    assert "1 of 300 firms; the first is firm 13 of the data, with -0.25" in found.message


def test_everybody_at_a_limit_is_refused() -> None:
    y, X = latent()

    assert refusal((y > 0.3).astype(float), X, parts=SHARE).code == "all_censored"


def test_a_term_whose_firms_are_all_at_the_limit_is_refused_by_name() -> None:
    y, X = latent()

    found = refusal(
        np.where(X.variables["z"] == 1, 0, np.maximum(y, 0)),
        X,
        parts=FROM_ZERO,
        labels={"z": "exporter"},
    )

    assert found.code == "separation"
    assert "'exporter'" in found.message
    assert "'x'" not in found.message


def test_terms_that_reproduce_the_outcome_are_refused() -> None:
    _, X = latent()

    found = refusal(np.maximum(X.variables["x"] + 0.5, 0), X, parts=FROM_ZERO)

    assert found.code == "perfect_fit"
