"""Panel estimators on made firms of regions drawn in pairs, whose replicates leave regions out.

What happens to a region in a wave moves all its firms, so that firms of a region go together.
"""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from scipy import special

from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.parts import Parts
from analysis.estimation.regression import estimate
from analysis.estimation.replicates import ReplicateWeights
from analysis.estimation.replication import replicate_weights
from benchmarks.monte_carlo.clustered_firms import TOGETHER
from benchmarks.monte_carlo.counts import counts
from benchmarks.monte_carlo.panel import ATTENUATED, PATH_TERMS, matrix
from benchmarks.monte_carlo.panel_firms import (
    LONG_RUN,
    PATHS,
    REMAINDER,
    RESIDUALS,
    SLOPES,
    TERMS,
    WAVES,
    Table,
)
from benchmarks.monte_carlo.scenario import Scenario

STRATA = 31
FIRMS = 15
# As in panel.py: least squares on its own past is biased by a share of the number of firms.
PAIRED_FIRMS, PAIRED_WAVES = 26, 3


def shared(random: np.random.Generator, rows: Table) -> Floats:
    """Standard normal numbers, a tenth of whose variance is the region's of the wave."""
    shock = random.normal(size=(2 * STRATA, rows["wave"].max() + 1))
    own = random.normal(size=len(rows))
    of_region: Floats = shock[rows["region"], rows["wave"]]
    return np.sqrt(TOGETHER) * of_region + np.sqrt(1 - TOGETHER) * own


def frame(size: int, waves: int) -> Table:
    """Rows of firms and waves in two regions of each stratum."""
    count = 2 * STRATA * size
    firm = np.repeat(np.arange(count), waves)
    region = firm // size
    return Table(
        {
            "firm": firm,
            "wave": np.tile(np.arange(waves), count),
            "region": region,
            "stratum": region // 2,
            "weight": np.where(region // 2 % 2, 2.0, 1.0),
        }
    )


def explained(random: np.random.Generator) -> Table:
    """Firms whose effects go with x and d."""
    table = frame(FIRMS, WAVES)
    table["effect"] = np.repeat(random.normal(size=len(table) // WAVES), WAVES)
    table["x"] = 0.6 * table["effect"] + shared(random, table)
    table["d"] = (shared(random, table) + 0.5 * table["effect"] > 0).astype(float)
    table["error"] = shared(random, table)
    return table


def levels(random: np.random.Generator) -> Table:
    table = explained(random)
    table["y"] = table[list(TERMS)] @ SLOPES + table["effect"] + table["error"]
    return table


def numbers(random: np.random.Generator) -> Table:
    table = explained(random)
    mean = np.exp(0.2 + table[list(TERMS)] @ SLOPES + 0.5 * table["effect"]).to_numpy()
    table["y"] = counts(special.ndtr(table["error"].to_numpy()), mean, 0.0)
    return table


def answers(random: np.random.Generator) -> Table:
    table = explained(random)
    logistic = special.logit(special.ndtr(table["error"]))
    table["y"] = (table[list(TERMS)] @ (SLOPES / 2) + table["effect"] + logistic > 0).astype(float)
    return table


def correlated(random: np.random.Generator) -> Table:
    table = explained(random)
    means = table.groupby("firm")[list(TERMS)].transform("mean")
    own = np.repeat(random.normal(scale=REMAINDER, size=len(table) // WAVES), WAVES)
    index = table[list(TERMS)] @ SLOPES + means @ np.array([0.5, 0.3]) + own
    table["y"] = (index + table["error"] > 0).astype(float)
    return table


def pairs(random: np.random.Generator) -> Table:
    """Two processes at their long-run level, each moved by both a wave earlier."""
    table = frame(PAIRED_FIRMS, PAIRED_WAVES)
    moves = np.column_stack([shared(random, table) for _ in range(2)])
    moves = moves.reshape(-1, PAIRED_WAVES, 2)
    values = np.empty_like(moves)
    values[:, 0] = moves[:, 0] @ np.linalg.cholesky(LONG_RUN).T
    for wave in range(1, PAIRED_WAVES):
        step = moves[:, wave] @ np.linalg.cholesky(RESIDUALS).T
        values[:, wave] = values[:, wave - 1] @ PATHS.T + step
    table["y"], table["z"] = values[:, :, 0].ravel(), values[:, :, 1].ravel()
    return table


@cache
def _factors(rows: int) -> ReplicateWeights:
    region = np.repeat(np.arange(2 * STRATA), rows // (2 * STRATA))
    design = survey_design(count=rows, stratum=region // 2, cluster=region)
    return replicate_weights(design, method="Fay", fay=0.5)


def replicated(
    estimator: str,
    make: Callable[[np.random.Generator], Table],
    names: tuple[str, ...],
    other: str,
    **choices: Mapping[str, str],
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        table = make(random)
        design = survey_design(
            count=len(table),
            weight=table["weight"],
            stratum=table["stratum"],
            cluster=table["region"],
        )
        factors = _factors(len(table))
        weights = ReplicateWeights(
            design.weight[:, None] * factors.weights,
            factors.scale,
            factors.rscales,
            method="Fay",
            degrees_of_freedom=factors.degrees_of_freedom,
        )
        model = estimate(
            y=table["y"].to_numpy(dtype=float),
            X=matrix(table, *names),
            estimator=estimator,
            covariance="design",
            design=design.with_replicates(weights),
            domain=np.ones(len(table), dtype=bool),
            parts=Parts(
                labels={"unit": table["firm"].to_numpy(), "wave": table["wave"].to_numpy()},
                outcomes={"other": table[other].to_numpy(dtype=float)} if other else {},
                **choices,
            ),
        )
        return {
            "design, regions": model.estimates,
            "replicate": model.under("replicate").estimates,
        }

    return replicate


def scenario(
    estimator: str,
    make: Callable[[np.random.Generator], Table],
    truth: Floats,
    *,
    terms: tuple[str, ...] = TERMS,
    names: tuple[str, ...] = TERMS,
    other: str = "",
    **choices: Mapping[str, str],
) -> Scenario:
    firms, waves = (PAIRED_FIRMS, PAIRED_WAVES) if names != TERMS else (FIRMS, WAVES)
    return Scenario(
        estimator,
        terms,
        truth,
        replicated(estimator, make, names, other, **choices),
        f"two regions of {firms} firms in each of {STRATA} strata over {waves} waves",
    )


SCENARIOS: tuple[Scenario, ...] = (
    scenario("fixed_effects", levels, SLOPES),
    scenario("first_differences", levels, SLOPES),
    scenario("long_differences", levels, SLOPES, numbers={"lag": 2.0}),
    scenario("fixed_effects_poisson", numbers, SLOPES),
    scenario("conditional_logit", answers, SLOPES / 2),
    scenario("correlated_random_effects", correlated, ATTENUATED, words={"response": "probit"}),
    scenario("lagged_outcome", pairs, PATHS[0], terms=("outcome_lag", "z (t-1)"), names=("z",)),
    scenario("cross_lagged", pairs, PATHS.ravel(), terms=PATH_TERMS, names=(), other="z"),
)
