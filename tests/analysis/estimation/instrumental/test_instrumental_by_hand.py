"""Instruments put together again from textbook formulas, and influences by refitting."""

import numpy as np
import pytest
from scipy.special import expit, ndtr

from analysis.estimation.instrumental.control_function import (
    CONTROL_FUNCTION_LINEAR,
    CONTROL_FUNCTION_LOGIT,
    CONTROL_FUNCTION_PROBIT,
)
from analysis.estimation.instrumental.partial_effects import average_partial_effects, held
from analysis.estimation.instrumental.two_stage import TWO_STAGE_LEAST_SQUARES
from analysis.estimation.margins import average_predictions
from tests.analysis.estimation.instrumental.solving import influence, moved, solved
from tests.witness import instrumental

# Rounding of the formulas.
EXACT = 1e-9
# Central differences of refits: the square of the step, and rounding over it.
DIFFERENCES = 1e-6


def numbers(model: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcome, regressors, and instruments with exogenous regressors."""
    given = instrumental.instruments(model).matrices["instruments"].X
    X = instrumental.matrix(model).X
    return instrumental.outcome(), X, np.column_stack([X[:, :4], given[:, 1:]])


@pytest.mark.parametrize("model", ["one", "two", "just"])
def test_weighted_two_stage_least_squares_with_hc1(model: str) -> None:
    y, X, W = numbers(model)
    w = instrumental.workers()["weight"].to_numpy()
    P = W @ np.linalg.inv(W.T @ (w[:, None] * W)) @ W.T * w

    found = solved(
        y,
        instrumental.matrix(model),
        TWO_STAGE_LEAST_SQUARES,
        "HC1",
        parts=instrumental.instruments(model),
        design=instrumental.design("weights"),
    ).estimates

    fit = P @ X
    bread = np.linalg.inv(fit.T @ (w[:, None] * X))
    beta = bread @ fit.T @ (w * y)
    scores = fit * (w * (y - X @ beta))[:, None]
    n, k = X.shape
    np.testing.assert_allclose(found.coefficients, beta, rtol=EXACT)
    np.testing.assert_allclose(
        found.covariance, n / (n - k) * bread @ scores.T @ scores @ bread.T, rtol=1e-7
    )


@pytest.mark.parametrize(
    "estimator", [CONTROL_FUNCTION_LINEAR, CONTROL_FUNCTION_LOGIT, CONTROL_FUNCTION_PROBIT]
)
@pytest.mark.parametrize("model", ["one", "two"])
def test_the_influence_of_a_firm_is_what_its_weight_moves(estimator, model: str) -> None:
    y = instrumental.outcome("wage" if estimator is CONTROL_FUNCTION_LINEAR else "well_paid")

    found = solved(
        y,
        instrumental.matrix(model),
        estimator,
        "HC0",
        parts=instrumental.instruments(model),
        design=instrumental.design("weights"),
    )

    scale = np.sqrt(np.diag(found.spread.covariance))
    for firm in (0, 17, 333):
        expected = moved(found, firm)
        np.testing.assert_allclose(
            influence(found)[firm] / scale, expected / scale, atol=DIFFERENCES
        )


@pytest.mark.parametrize(
    ("estimator", "mean"), [(CONTROL_FUNCTION_LOGIT, expit), (CONTROL_FUNCTION_PROBIT, ndtr)]
)
def test_partial_effects_hold_each_firms_residual(estimator, mean) -> None:
    data = instrumental.workers()
    model = solved(
        instrumental.outcome("well_paid"),
        instrumental.matrix("two"),
        estimator,
        "cluster",
        parts=instrumental.instruments("two"),
        design=instrumental.design("weights", "clusters"),
    )
    _, X, W = numbers("two")
    share = (data["weight"] / data["weight"].sum()).to_numpy()

    def effects(theta: np.ndarray) -> np.ndarray:
        own = theta[8:].reshape(2, -1)
        left = data[["schooling", "training"]].to_numpy() - W @ own.T
        rest = left @ theta[6:8]

        def average(south: float | None, more: float) -> float:
            changed = X.copy()
            changed[:, 4] += more
            if south is not None:
                changed[:, 3] = south
            return float(share @ mean(changed @ theta[:6] + rest))

        step = 1e-4
        return np.array(
            [average(1, 0) - average(0, 0), (average(None, step) - average(None, -step)) / 2 / step]
        )

    theta, spread = model.estimates.coefficients, model.estimates.covariance
    steps = 1e-5 * np.maximum(np.abs(theta), 1e-2)
    jacobian = np.column_stack(
        [
            (effects(theta + h * e) - effects(theta - h * e)) / (2 * h)
            for h, e in zip(steps, np.eye(len(theta)), strict=True)
        ]
    )
    found = average_partial_effects(model.margins())
    assert found is not None
    places = [found.terms.index(name) for name in ("south", "schooling")]
    np.testing.assert_allclose(found.coefficients[places], effects(theta), rtol=1e-7)
    np.testing.assert_allclose(
        found.covariance[np.ix_(places, places)], jacobian @ spread @ jacobian.T, rtol=1e-4
    )


def test_a_curve_of_predictions_holds_residuals_too() -> None:
    model = solved(
        instrumental.outcome("well_paid"),
        instrumental.matrix("one"),
        CONTROL_FUNCTION_LOGIT,
        "HC1",
        parts=instrumental.instruments("one"),
    )
    theta = model.estimates.coefficients
    _, X, W = numbers("one")
    left = X[:, 4] - W @ theta[6:]

    found = average_predictions(held(model.margins()), "schooling", [12.0])

    X[:, 4] = 12
    expected = expit(X @ theta[:5] + theta[5] * left).mean()
    assert found.coefficients == pytest.approx([expected], rel=EXACT)


def test_the_bend_of_the_held_prediction_is_its_second_difference() -> None:
    model = solved(
        instrumental.outcome("well_paid"),
        instrumental.matrix("two"),
        CONTROL_FUNCTION_PROBIT,
        "HC1",
        parts=instrumental.instruments("two"),
    )
    curve = held(model.margins()).chosen.curve
    eta = model.fitted.solution.linear_predictors

    for row in range(len(eta)):
        ahead, behind = eta.copy(), eta.copy()
        ahead[row] += 1e-5
        behind[row] -= 1e-5
        slope = (curve(ahead).value - curve(behind).value) / 2e-5
        bend = (curve(ahead).slope - curve(behind).slope) / 2e-5
        found = curve(eta)
        np.testing.assert_allclose(found.slope[row], slope, atol=1e-8)
        assert found.bend is not None
        np.testing.assert_allclose(found.bend[row], bend, atol=1e-7)
