"""Made estimates and firms, for tests after estimation."""

import numpy as np

from analysis.estimation.estimates import Estimates, Floats


def made(seed: int, k: int, df: float = 20) -> Estimates:
    random = np.random.default_rng(seed)
    root = random.normal(size=(k, k))
    return Estimates(
        tuple("abcdefgh"[:k]), random.normal(size=k), root @ root.T + 0.1 * np.eye(k), df
    )


def firms_of_two_groups(seed: int, n: int = 160) -> tuple[Floats, ...]:
    random = np.random.default_rng(seed)
    group = (np.arange(n) < 0.4 * n).astype(float)
    x = random.normal(1 + 0.5 * group, 1)
    z = random.integers(0, 3, n)
    y = 1 + 0.3 * group + (0.5 + 0.2 * group) * x + 0.4 * (z == 1) - 0.3 * (z == 2)
    return y + random.normal(0, 0.7, n), x, z, group, random.uniform(1, 5, n)
