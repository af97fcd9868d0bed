"""Outcomes predicted without error: the fault that robust standard errors hide."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import norm

from analysis.refusals import Refusal
from tests.analysis.estimation.small import fitted, plain

N = 200


def noise(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A regressor and an outcome that has nothing to do with it."""
    random = np.random.default_rng(seed)
    return random.normal(size=N), (random.random(N) < 0.5).astype(float)


def refusal(y: np.ndarray, **variables: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        fitted(y, plain(**variables))
    assert refused.value.code == "separation"
    assert "linear estimator" in refused.value.remedy
    return refused.value


def test_a_dummy_whose_firms_all_have_outcome_1_is_named_with_its_cell() -> None:
    x, y = noise()
    abroad = (np.arange(N) < 20).astype(float)
    y[:20] = 1

    assert (
        "every firm with 'abroad' has outcome 1 (20 of 20)"
        in refusal(y, x=x, abroad=abroad).message
    )


def test_a_dummy_whose_firms_all_have_outcome_0_is_named_with_its_cell() -> None:
    x, y = noise()
    abroad = (np.arange(N) < 20).astype(float)
    y[:20] = 0

    assert "no firm with 'abroad' has outcome 1 (0 of 20)" in refusal(y, x=x, abroad=abroad).message


def test_firms_without_a_dummy_may_be_the_empty_cell() -> None:
    x, y = noise()
    home = (np.arange(N) >= 15).astype(float)
    y[:15] = 0

    assert "no firm without 'home' has outcome 1 (0 of 15)" in refusal(y, x=x, home=home).message


def test_every_empty_category_is_named_the_base_too() -> None:
    x, y = noise()
    industry = np.array(["food", "metal", "trade", "wood"], dtype=object)[np.arange(N) % 4]
    y[industry == "food"], y[industry == "trade"] = 1, 0

    message = refusal(y, x=x, industry=industry).message

    assert "no firm with 'industry[trade]' has outcome 1 (0 of 50)" in message
    assert "every firm in the base category of 'industry' has outcome 1 (50 of 50)" in message


def test_labels_are_used_where_they_are_given() -> None:
    x, y = noise()
    y[:20] = 1
    matrix = plain(x=x, abroad=(np.arange(N) < 20).astype(float))

    with pytest.raises(Refusal, match=r"Effects on Product innovation .* with 'Partners abroad'"):
        fitted(y, matrix, outcome="Product innovation", labels={"abroad": "Partners abroad"})


@pytest.mark.parametrize("estimator", ["logit", "probit"])
def test_a_regressor_that_parts_all_outcomes_is_named(estimator: str) -> None:
    x, _ = noise()

    with pytest.raises(Refusal) as refused:
        fitted((x > 0.1).astype(float), plain(x=x), estimator=estimator)

    assert refused.value.code == "separation"
    assert (
        "'x' predicts the outcome without error for at least 199 of 200 firms"
        in refused.value.message
    )


def test_terms_that_part_outcomes_only_together_are_named_and_no_others() -> None:
    x, _ = noise()
    z, other = np.random.default_rng(5).normal(size=(2, N))

    message = refusal((x + 2 * z > 0.3).astype(float), x=x, z=z, other=other).message

    assert "'x', 'z' together predict the outcome" in message


def test_quasi_separation_with_ties_on_the_plane_is_found() -> None:
    x = np.array([1.0, 2, 3, 4, 5, 5, 5, 6, 7, 8] * 4)
    y = np.where(x == 5, np.tile([0.0, 1], 20), x > 5)

    assert (
        "'x' predicts the outcome without error for at least 28 of 40 firms"
        in refusal(y, x=x).message
    )


def test_rare_combinations_of_two_dummies_are_found() -> None:
    _, y = noise(3)
    first, second = (np.arange(N) % 2).astype(float), (np.arange(N) % 3 == 0).astype(float)
    both = first * second
    y[both == 1] = 1

    refused = refusal(y, first=first, second=second, both=both)

    assert "every firm with 'both' has outcome 1 (33 of 33)" in refused.message


def test_strong_prediction_with_a_few_exceptions_is_estimated() -> None:
    x = np.linspace(-8, 8, N)
    y = (x > 0).astype(float)
    y[[95, 104]] = 1 - y[[95, 104]]

    result = fitted(y, plain(x=x))

    assert 1 < result.estimates.coefficients[1] < 20


@pytest.mark.parametrize("estimator", ["logit", "probit"])
def test_one_firm_far_out_with_the_outcome_that_nobody_expected_is_no_obstacle(
    estimator: str,
) -> None:
    # Full scoring steps of a probit swing to and fro on such a sample for ever.
    x, _ = noise(4)
    y = (x + np.random.default_rng(6).normal(size=N) > 0).astype(float)
    x[0], y[0] = -30.0, 1.0

    estimates = fitted(y, plain(x=x), estimator=estimator).estimates

    predictor = estimates.coefficients[0] + estimates.coefficients[1] * x
    if estimator == "probit":
        sign = 2 * y - 1
        score = sign * np.exp(norm.logpdf(predictor) - norm.logcdf(sign * predictor))
    else:
        score = y - expit(predictor)
    assert [score.sum(), score @ x] == pytest.approx([0, 0], abs=1e-7)


def test_the_linear_estimator_needs_no_overlap() -> None:
    x, y = noise()
    abroad = (np.arange(N) < 20).astype(float)
    y[:20] = 1

    assert fitted(y, plain(x=x, abroad=abroad), estimator="linear").n == N


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(8, 30))
def test_outcomes_parted_by_any_plane_are_never_estimated(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    X = random.integers(-3, 4, size=(count, 2)).astype(float)
    side = X @ random.normal(size=2) + random.normal(scale=0.3)
    y = (side > 0).astype(float)
    assume(0 < y.sum() < count)
    assume(np.linalg.matrix_rank(np.column_stack([np.ones(count), X])) == 3)

    with pytest.raises(Refusal) as refused:
        fitted(y, plain(x=X[:, 0], z=X[:, 1]))

    assert refused.value.code == "separation"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(8, 30))
def test_each_firm_with_its_opposite_beside_it_is_always_estimated(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    half = random.normal(size=(count, 2))
    X, y = np.vstack([half, half]), np.repeat([0.0, 1.0], count)

    result = fitted(y, plain(x=X[:, 0], z=X[:, 1]))

    # Every firm has a twin with the other outcome: the likelihood is highest at zero.
    assert result.estimates.coefficients == pytest.approx([0, 0, 0], abs=1e-9)
