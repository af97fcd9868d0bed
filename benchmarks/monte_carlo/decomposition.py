"""Gaps between two groups of made firms, drawn in strata and groups, and decomposed."""

from collections.abc import Mapping

import numpy as np

from analysis.estimation.after.decomposition import Form, Reference
from analysis.estimation.after.oaxaca import oaxaca_blinder
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimates import Covariance, Estimates
from benchmarks.monte_carlo.scenario import Floats, Scenario

# Two strata: their share of the population, the mean of x in them, the share of exporters.
SHARE = np.array([0.8, 0.2])
LEVEL = np.array([0.0, 1.5])
EXPORTERS = np.array([0.25, 0.55])
# Exporters' x is higher, and worth more to them; metal is worth more to the others.
AHEAD = 0.4
INTERCEPTS = np.array([0.2, 0.5])
WORTH = np.array([0.5, 0.9])
METAL = np.array([0.6, 0.3])
METAL_SHARE = np.array([0.3, 0.5])
CLUSTERS, PER_CLUSTER = 60, 4


def truth(form: Form, weight: float) -> Floats:
    """The gap and its parts in the population, exporters less others."""
    exporting = SHARE * EXPORTERS / (SHARE @ EXPORTERS)
    other = SHARE * (1 - EXPORTERS) / (SHARE @ (1 - EXPORTERS))
    means = np.array(
        [
            [1.0, exporting @ LEVEL + AHEAD, METAL_SHARE[1]],
            [1.0, other @ LEVEL, METAL_SHARE[0]],
        ]
    )
    worth = np.array([[INTERCEPTS[g], WORTH[g], METAL[g]] for g in (1, 0)])
    apart, dearer = means[0] - means[1], worth[0] - worth[1]
    gap = float(means[0] @ worth[0] - means[1] @ worth[1])
    if form == "threefold":
        return np.array([gap, apart @ worth[1], means[1] @ dearer, apart @ dearer])
    explained = float(apart @ (weight * worth[0] + (1 - weight) * worth[1]))
    return np.array([gap, explained, gap - explained])


def firms(
    random: np.random.Generator, *, are_clustered: bool
) -> tuple[Floats, DesignMatrix, Floats, SurveyDesign]:
    """Outcome, characteristics, exporting and design of 480 firms, half of them of each stratum.

    In clusters, outcomes share an effect, so that firms of a cluster are alike.
    """
    count = 2 * CLUSTERS * PER_CLUSTER
    stratum = np.repeat([0, 1], count // 2)
    cluster = np.arange(count) // PER_CLUSTER
    group = (random.random(count) < EXPORTERS[stratum]).astype(int)
    x = random.normal(LEVEL[stratum] + AHEAD * group, 1)
    metal = random.random(count) < METAL_SHARE[group]
    error = random.normal(0, 1, count)
    if are_clustered:
        error += random.normal(0, 0.6, 2 * CLUSTERS)[cluster]
    y = INTERCEPTS[group] + WORTH[group] * x + METAL[group] * metal + error
    columns = (
        Column(INTERCEPT),
        Column("x", (Factor("x"),)),
        Column("sector[metal]", (Factor("sector", "indicator", "metal"),)),
    )
    X = design_matrix(
        columns,
        {"x": x, "sector": np.where(metal, "metal", "food").astype(object)},
        {"x": "continuous", "sector": "category"},
    )
    design = survey_design(
        count=count,
        weight=SHARE[stratum] / (count // 2) * 10_000,
        stratum=stratum,
        cluster=cluster if are_clustered else None,
    )
    return y, X, group.astype(float), design


def scenario(
    form: Form, reference: Reference, weight: float, covariances: tuple[Covariance, ...]
) -> Scenario:
    are_clustered = "HC1" not in covariances

    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        y, X, group, design = firms(random, are_clustered=are_clustered)
        return {
            covariance: oaxaca_blinder(
                y=y,
                X=X,
                group=group,
                design=design,
                domain=np.ones(len(y), dtype=bool),
                covariance=covariance,
                form=form,
                reference=reference,
            ).overall
            for covariance in covariances
        }

    parts = ("explained", "unexplained")
    drawn = "clusters of 4 in two strata" if are_clustered else "firms in two strata"
    return Scenario(
        estimator=f"oaxaca-blinder, {form}" + ("" if form == "threefold" else f", {reference}"),
        terms=(
            "gap",
            *(parts if form == "twofold" else ("endowments", "coefficients", "interaction")),
        ),
        truth=truth(form, weight),
        replicate=replicate,
        note=f"480 made firms, {drawn}, drawn with unequal chances; weighted.",
    )


SCENARIOS: tuple[Scenario, ...] = (
    scenario("twofold", "half", 0.5, ("design", "cluster")),
    scenario("twofold", "first", 1.0, ("design", "HC1")),
    scenario("threefold", "second", 0.0, ("design", "HC1")),
)
