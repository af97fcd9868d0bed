"""The variance of several stages put together again, unit within unit, from R survey's recursion."""

import numpy as np
import pytest

from analysis.estimation.design import Stage, survey_design
from analysis.estimation.estimates import Floats
from analysis.estimation.variance import linearized_variance

# Rounding of sums over 300 firms.
EXACT = 1e-11


def recursive(z: Floats, rows: list[int], stages: list[dict[str, np.ndarray]]) -> Floats:
    """Variance of the total of z over the rows, drawn in the stages that are left."""
    stage, later = stages[0], stages[1:]
    total = np.zeros((z.shape[1], z.shape[1]))
    for stratum in sorted({stage["stratum"][i] for i in rows}):
        members = [i for i in rows if stage["stratum"][i] == stratum]
        units = sorted({stage["cluster"][i] for i in members})
        sums = np.array(
            [sum(z[i] for i in members if stage["cluster"][i] == unit) for unit in units]
        )
        n, N = len(units), stage["population"][members[0]]
        deviation = sums - sums.mean(axis=0)
        if n > 1:
            total += (1 - n / N) * n / (n - 1) * deviation.T @ deviation
        for unit in units if later else []:
            inside = [i for i in members if stage["cluster"][i] == unit]
            total += n / N * recursive(z, inside, later)
    return total


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_stages_with_strata_in_each(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 300
    stratum = random.integers(0, 3, n)
    first = stratum * 10 + random.integers(0, 4, n)
    inner = random.integers(0, 2, n)
    second = inner * 10 + random.integers(0, 3, n)
    firm = np.arange(n)
    size_1 = np.array([9.0, 14.0, 6.0])[stratum]
    size_2 = np.full(n, 7.0)
    cell = first * 1000 + second
    size_3 = 4.0 * np.bincount(cell)[cell]
    weight, domain = random.uniform(1, 5, n), random.random(n) < 0.7
    z = random.normal(size=(n, 3))
    design = survey_design(
        count=n,
        weight=weight,
        stratum=stratum,
        cluster=first,
        population=size_1,
        stages=[Stage(second, inner, size_2), Stage(firm, population=size_3)],
        lonely="certainty",
    )

    found = linearized_variance(z, design, domain)

    weighted = z * weight[:, None] * domain[:, None]
    stages = [
        {"stratum": stratum, "cluster": first, "population": size_1},
        {"stratum": inner, "cluster": second, "population": size_2},
        {"stratum": np.zeros(n), "cluster": firm, "population": size_3},
    ]
    by_hand = recursive(weighted, list(range(n)), stages)
    assert found == pytest.approx(by_hand, rel=EXACT, abs=EXACT * np.abs(by_hand).max())
