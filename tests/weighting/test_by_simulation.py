"""Weights over many made samples: the bias of nonresponse goes, the error is as told."""

import numpy as np
import pytest

from mathematics.replicates import replicate_variance
from surveys.weighting import (
    Margin,
    Sharing,
    Step,
    ToTotals,
    draw_of,
    in_classes,
    replicate_weights,
    weigh,
)

REPEATS = 200
N, DRAWN = 4000, 200
RANDOM = np.random.default_rng(11)
SIZE = RANDOM.integers(0, 3, N)
REGION = RANDOM.integers(0, 2, N)
SALES = 10 + 8 * SIZE + 3 * REGION + RANDOM.normal(0, 4, N)
CHANCE = 0.3 + 0.2 * SIZE


def one_sample(random: np.random.Generator) -> tuple[float, float, float]:
    """The weighted mean of respondents, that under base weights, and its standard error."""
    sample = random.choice(N, DRAWN, replace=False)
    takes = random.random(DRAWN) < CHANCE[sample]
    base = np.full(DRAWN, N / DRAWN)
    margin = Margin("region", REGION[sample], dict(enumerate(np.bincount(REGION).astype(float))))
    steps: list[Step] = [
        # Classes that are never joined: replicates do not see that they might have been.
        in_classes({"size": SIZE[sample]}, base, Sharing.of(~takes, takes), least=2, most=9.0),
        ToTotals(margins=[margin]),
    ]
    y = SALES[sample]
    final = weigh(base, steps).final
    draw = draw_of(np.zeros(DRAWN), population=np.full(DRAWN, N))
    replicates = replicate_weights(
        base, steps, draw, method="Rao-Wu", count=50, seed=int(random.integers(1_000_000))
    )
    means = (replicates.weights.T @ y) / replicates.weights.sum(axis=0)
    variance = replicate_variance(means[:, None], np.array([0.0]), replicates)
    return float(final @ y / final.sum()), float(y[takes].mean()), float(np.sqrt(variance[0, 0]))


@pytest.mark.slow
def test_weighting_removes_the_bias_and_replicates_tell_the_error() -> None:
    random = np.random.default_rng(5)

    weighted, plain, error = np.array([one_sample(random) for _ in range(REPEATS)]).T

    truth, noise = SALES.mean(), weighted.std(ddof=1) / np.sqrt(REPEATS)
    assert abs(weighted.mean() - truth) < 3 * noise
    assert plain.mean() - truth > 10 * noise
    # Of 200 samples the spread itself is known to 5 %.
    assert error.mean() == pytest.approx(weighted.std(ddof=1), rel=0.15)
