"""Made firms followed over waves.

Firms have effects of their own that go with the regressors, so that a pooled model would be
wrong; errors of a firm's waves go together; firms are drawn from strata at different rates, and
some are missing in some waves.
"""

import numpy as np
import pandas as pd
from scipy.linalg import solve_discrete_lyapunov

FIRMS = 300
# Where maximum likelihood is biased by a share of the number of firms.
MANY_FIRMS = 800
# Two processes that depend on their past: least squares is biased by a share of that number.
PAIRED_FIRMS, PAIRED_WAVES = 1600, 3
WAVES = 4
# Firms of three strata, and how many firms of the population each of them stands for.
STRATA = ((0.3, 1.0), (0.3, 2.0), (0.4, 4.0))
MISSING = 0.1
SLOPES = np.array([0.5, -0.4])
TERMS = ("x", "d")
Table = pd.DataFrame
REMAINDER = 0.8
PATHS = np.array([[0.4, 0.25], [0.1, 0.5]])
RESIDUALS = np.array([[1.0, 0.3], [0.3, 0.8]])
LONG_RUN = solve_discrete_lyapunov(PATHS, RESIDUALS)


def firms(
    random: np.random.Generator,
    *,
    waves: int = WAVES,
    persistence: float = 0.5,
    number: int = FIRMS,
) -> Table:
    """Rows of firms and waves: effect, x and d that go with it, and errors that persist."""
    shares = [share for share, _ in STRATA]
    stratum = np.repeat(random.choice(len(STRATA), number, p=shares), waves)
    effect = np.repeat(random.normal(size=number), waves)
    count = number * waves
    error = random.normal(size=(number, waves))
    for wave in range(1, waves):
        error[:, wave] = (
            persistence * error[:, wave - 1] + np.sqrt(1 - persistence**2) * error[:, wave]
        )
    return Table(
        {
            "firm": np.repeat(np.arange(number), waves),
            "wave": np.tile(np.arange(waves), number),
            "stratum": stratum,
            "weight": np.array([weight for _, weight in STRATA])[stratum],
            "effect": effect,
            "x": 0.6 * effect + random.normal(size=count),
            "d": (random.normal(size=count) + 0.5 * effect > 0).astype(float),
            "error": error.ravel(),
        }
    )


def observed(table: Table, random: np.random.Generator) -> Table:
    """The rows that are there: each wave of a firm is missing by chance."""
    return table[random.random(len(table)) >= MISSING].reset_index(drop=True)


def linear(random: np.random.Generator, *, persistence: float) -> Table:
    table = firms(random, persistence=persistence)
    spread = 1.0 if persistence == 0 else 0.5 + 0.5 * np.abs(table["x"])
    table["y"] = table[list(TERMS)] @ SLOPES + table["effect"] + spread * table["error"]
    return observed(table, random)


def plainly(random: np.random.Generator) -> Table:
    """Errors alike and independent, as model-based standard errors suppose."""
    return linear(random, persistence=0.0)


def roughly(random: np.random.Generator) -> Table:
    """Errors that persist, and spread with x."""
    return linear(random, persistence=0.5)


def walking(random: np.random.Generator) -> Table:
    """Errors that are sums, so that their changes are alike and independent."""
    table = firms(random, persistence=0.0)
    walk = table.groupby("firm")["error"].cumsum()
    table["y"] = table[list(TERMS)] @ SLOPES + table["effect"] + walk
    return observed(table, random)


def counts(random: np.random.Generator, *, spread: float) -> Table:
    """Counts: of a Poisson law, or with gamma shocks that spread them further."""
    table = firms(random)
    shock = random.gamma(1 / spread, spread, len(table)) if spread else 1.0
    mean = np.exp(0.2 + table[list(TERMS)] @ SLOPES + 0.5 * table["effect"])
    table["y"] = random.poisson(mean * shock)
    return observed(table, random)


def answers(random: np.random.Generator) -> Table:
    table = firms(random, number=MANY_FIRMS)
    table["y"] = (
        table[list(TERMS)] @ (SLOPES / 2) + table["effect"] + random.logistic(size=len(table)) > 0
    ).astype(float)
    return observed(table, random)


def correlated(random: np.random.Generator) -> Table:
    """Yes or no whose firm's effect is a sum of the means and a normal remainder."""
    table = firms(random, number=MANY_FIRMS)
    means = table.groupby("firm")[list(TERMS)].transform("mean")
    own = np.repeat(random.normal(scale=REMAINDER, size=MANY_FIRMS), WAVES)
    index = table[list(TERMS)] @ SLOPES + means @ np.array([0.5, 0.3]) + own
    table["y"] = (index + random.normal(size=len(table)) > 0).astype(float)
    return table


def pairs(random: np.random.Generator) -> Table:
    """Two processes at their long-run level, each moved by both a wave earlier."""
    table = firms(random, waves=PAIRED_WAVES, number=PAIRED_FIRMS)[
        ["firm", "wave", "stratum", "weight"]
    ].copy()
    state = random.multivariate_normal(np.zeros(2), LONG_RUN, PAIRED_FIRMS)
    values = np.empty((PAIRED_FIRMS, PAIRED_WAVES, 2))
    for wave in range(PAIRED_WAVES):
        values[:, wave] = state
        state = state @ PATHS.T + random.multivariate_normal(np.zeros(2), RESIDUALS, PAIRED_FIRMS)
    table["y"], table["z"] = values[:, :, 0].ravel(), values[:, :, 1].ravel()
    return observed(table, random)


def followed(random: np.random.Generator) -> Table:
    """Firms whose staying depends on the outcome a wave earlier; one slope for all waves."""
    table = firms(random, waves=3)
    table["y"] = 1 + 0.5 * table["x"] + 0.5 * table["effect"] + table["error"]
    leaves = random.random(len(table)) < 1 / (1 + np.exp(1.5 + 0.8 * (table["y"] - 1)))
    gone = leaves.groupby(table["firm"]).cumsum() - leaves
    return table[gone == 0].reset_index(drop=True)
