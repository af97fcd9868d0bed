"""The multinomial logit rebuilt from the formula of a probability, and differences."""

from functools import partial

import numpy as np
import pytest

from analysis.estimation.likelihood.multinomial import (
    MULTINOMIAL_LOGIT,
    level_curve,
    multinomial_derivatives,
)
from analysis.estimation.margins import average_marginal_effects
from tests.analysis.estimation.likelihood.modelled import differenced, modelled, worst_derivative
from tests.analysis.estimation.small import plain

# Of differences of the fourth order with a step of 1e-3.
BY_DIFFERENCES = 1e-9

random = np.random.default_rng(13)
X_VALUES = random.normal(size=150)
Z_VALUES = (random.random(150) < 0.5).astype(float)
KINDS = np.array([X_VALUES * 0, X_VALUES, Z_VALUES]).T + random.gumbel(size=(150, 3))
LEVELS = KINDS.argmax(axis=1)


def probabilities(theta: np.ndarray, x: float, z: float) -> np.ndarray:
    """Of levels 0, 1, 2; theta holds intercept and slopes of 1, then of 2."""
    powers = [1.0]
    for level in (0, 1):
        a, b, c = theta[3 * level : 3 * level + 3]
        powers.append(np.exp(a + b * x + c * z))
    return np.array(powers) / sum(powers)


def test_derivatives_are_those_of_the_log_probability() -> None:
    eta = random.normal(size=(3, 60)) * 2

    assert worst_derivative(partial(multinomial_derivatives, np.arange(60) % 4), eta) < (
        BY_DIFFERENCES
    )


@pytest.mark.parametrize("level", range(4))
def test_slopes_and_bends_of_a_probability_are_its_derivatives(level: int) -> None:
    eta = random.normal(size=(3, 60)) * 2
    curve = partial(level_curve, level)

    assert curve(eta).slope == pytest.approx(
        differenced(lambda at: curve(at).value, eta), abs=BY_DIFFERENCES
    )
    assert curve(eta).bend == pytest.approx(
        differenced(lambda at: curve(at).slope, eta), abs=BY_DIFFERENCES
    )


def test_scores_and_information_are_those_of_the_textbook() -> None:
    model = modelled(MULTINOMIAL_LOGIT, LEVELS, plain(x=X_VALUES, z=Z_VALUES), covariance="HC0")
    theta = model.estimates.coefficients

    # Greene (2018), section 18.2.4: score (d_j - P_j) x, information P_j (1[j = l] - P_l) x x'.
    total, meat, information = np.zeros(6), np.zeros((6, 6)), np.zeros((6, 6))
    for x, z, level in zip(X_VALUES, Z_VALUES, LEVELS, strict=True):
        row, P = np.array([1, x, z]), probabilities(theta, x, z)[1:]
        score = np.kron((level == np.array([1, 2])) - P, row)
        total += score
        meat += np.outer(score, score)
        information += np.kron(np.diag(P) - np.outer(P, P), np.outer(row, row))

    bread = np.linalg.inv(information)
    assert total == pytest.approx(np.zeros(6), abs=1e-9)
    assert model.estimates.covariance == pytest.approx(bread @ meat @ bread, rel=1e-9)


@pytest.mark.parametrize("level", range(3))
def test_marginal_effects_have_the_form_of_the_textbook(level: int) -> None:
    model = modelled(MULTINOMIAL_LOGIT, LEVELS, plain(x=X_VALUES, z=Z_VALUES))
    theta = model.estimates.coefficients
    slopes = np.array([0, theta[1], theta[4]])

    # Greene (2018), equation 18-12: P_j (b_j - sum of P_l b_l).
    by_x, by_z = [], []
    for x, z in zip(X_VALUES, Z_VALUES, strict=True):
        P = probabilities(theta, x, z)
        by_x.append(P[level] * (slopes[level] - P @ slopes))
        by_z.append((probabilities(theta, x, 1) - probabilities(theta, x, 0))[level])
    effects = average_marginal_effects(model.margins(f"probability[{level}]"))

    assert effects is not None
    assert effects.coefficients == pytest.approx([np.mean(by_x), np.mean(by_z)], rel=1e-12)


@pytest.mark.parametrize("level", range(3))
def test_errors_of_marginal_effects_follow_from_differences(level: int) -> None:
    model = modelled(MULTINOMIAL_LOGIT, LEVELS, plain(x=X_VALUES, z=Z_VALUES))
    theta = model.estimates.coefficients

    def effects_at(at: np.ndarray) -> np.ndarray:
        slopes = np.array([0, at[1], at[4]])
        by_x, by_z = [], []
        for x, z in zip(X_VALUES, Z_VALUES, strict=True):
            P = probabilities(at, x, z)
            by_x.append(P[level] * (slopes[level] - P @ slopes))
            by_z.append((probabilities(at, x, 1) - probabilities(at, x, 0))[level])
        return np.array([np.mean(by_x), np.mean(by_z)])

    step = 1e-3
    columns = []
    for place in range(6):
        shift = np.zeros(6)
        shift[place] = step
        near = effects_at(theta + shift) - effects_at(theta - shift)
        far = effects_at(theta + 2 * shift) - effects_at(theta - 2 * shift)
        columns.append((8 * near - far) / (12 * step))
    jacobian = np.array(columns).T
    effects = average_marginal_effects(model.margins(f"probability[{level}]"))

    assert effects is not None
    assert effects.covariance == pytest.approx(
        jacobian @ model.estimates.covariance @ jacobian.T, rel=1e-8
    )
