"""R-indicators over many made responses: the adjustment removes bias, errors are as told."""

import numpy as np
import pytest

from surveys.fieldwork.representativity import representativity

pytestmark = pytest.mark.slow
REPEATS = 300
SIZE = np.tile(np.repeat(["a", "b", "c", "d"], 25), 4)
REGION = np.repeat(["n", "s", "w", "e"], 100)
CHANCE = 0.35 + 0.1 * (SIZE == "b") + 0.2 * (SIZE == "c") - 0.1 * (REGION == "n")


@pytest.fixture(scope="module")
def found() -> np.ndarray:
    """(3, repeats): adjusted, unadjusted and the standard error, of all firms drawn."""
    random = np.random.default_rng(1)
    rows = []
    for _ in range(REPEATS):
        responded = random.random(len(CHANCE)) < CHANCE
        each = representativity({"size": SIZE, "region": REGION}, responded, np.ones(len(CHANCE)))
        rows.append((each.r, each.unadjusted, each.std_error))
    return np.array(rows).T


def test_the_adjustment_removes_the_bias_of_the_variance_of_propensities(found) -> None:
    truth = CHANCE.var(ddof=1)

    adjusted, unadjusted, _ = ((1 - found) / 2) ** 2

    noise = unadjusted.std(ddof=1) / np.sqrt(REPEATS)
    assert unadjusted.mean() - truth > 10 * noise
    assert abs(adjusted.mean() - truth) < 3 * noise


def test_the_standard_error_is_the_spread_over_repeated_responses(found) -> None:
    _, unadjusted, error = found

    # Of 300 repeats the spread itself is known to 4 %.
    assert error.mean() == pytest.approx(unadjusted.std(ddof=1), rel=0.15)
