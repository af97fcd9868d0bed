"""Totals and means of a made population drawn in stages, replicated and raked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.estimation.calibration.margins import frame_margin
from analysis.estimation.calibration.raking import rake
from analysis.estimation.design import Stage, SurveyDesign, survey_design
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.replication import Method, replicate_variance, replicate_weights
from analysis.estimation.variance import linearized_variance
from benchmarks.monte_carlo.scenario import Scenario

SEED = 20_261_122
CLUSTERS = np.array([90, 70, 60])
CLUSTERS_DRAWN = np.array([36, 28, 24])
FIRMS_DRAWN = 6
SHARE_DRAWN = np.array([0.12, 0.2, 0.28])
DRAWS = 200
TERMS = ("total", "mean", "mean of exporters")


@dataclass(frozen=True, slots=True, eq=False)
class Firms:
    stratum: np.ndarray
    cluster: np.ndarray
    industry: np.ndarray
    exporter: np.ndarray
    turnover: Floats


@cache
def population() -> Firms:
    random = np.random.default_rng(SEED)
    stratum_of_cluster = np.repeat(np.arange(3), CLUSTERS)
    size = random.integers(12, 25, len(stratum_of_cluster))
    cluster = np.repeat(np.arange(len(size)), size)
    stratum = stratum_of_cluster[cluster]
    shared = random.normal(scale=0.8, size=len(size))[cluster]
    n = len(cluster)
    industry = random.integers(0, 5, n)
    exporter = random.random(n) < 0.3 + 0.1 * stratum
    noise = random.gamma(2.0, 1.0, n)
    turnover = 6 + 2 * stratum + 1.5 * industry + 2 * exporter + shared + noise
    return Firms(stratum, cluster, industry, exporter, turnover)


def influences(sample: Firms, weight: Floats) -> tuple[Floats, Floats]:
    """Total, mean and mean of exporters, and each firm's influence on them."""
    y, inside = sample.turnover, sample.exporter.astype(float)
    total, count, some = weight @ y, weight.sum(), weight @ inside
    mean, of_some = total / count, weight @ (inside * y) / some
    influence = np.column_stack([y, (y - mean) / count, inside * (y - of_some) / some])
    return np.array([total, mean, of_some]), influence


def linearised(sample: Firms, design: SurveyDesign) -> Estimates:
    everyone = np.ones(len(sample.turnover), dtype=bool)
    estimate, influence = influences(sample, design.weight)
    covariance = linearized_variance(influence, design, everyone)
    return Estimates(TERMS, estimate, covariance, float(design.degrees_of_freedom(everyone)))


def replicated(
    sample: Firms, design: SurveyDesign, method: Method, random: np.random.Generator
) -> Estimates:
    made = replicate_weights(
        design, method=method, count=DRAWS, seed=int(random.integers(2**31)), mse=False
    )
    each = np.array([influences(sample, weight)[0] for weight in made.weights.T])
    estimate = influences(sample, design.weight)[0]
    covariance = replicate_variance(each, estimate, made)
    return Estimates(TERMS, estimate, covariance, float(made.degrees_of_freedom))


def picked(chosen: np.ndarray) -> Firms:
    firms = population()
    return Firms(*(getattr(firms, name)[chosen] for name in Firms.__slots__))


def clusters_drawn(random: np.random.Generator) -> np.ndarray:
    first = np.cumsum(CLUSTERS) - CLUSTERS
    return np.concatenate(
        [
            start + random.choice(count, drawn, replace=False)
            for start, count, drawn in zip(first, CLUSTERS, CLUSTERS_DRAWN, strict=True)
        ]
    )


def two_stages(random: np.random.Generator) -> Mapping[str, Estimates]:
    firms = population()
    chosen = np.concatenate(
        [
            random.choice(np.flatnonzero(firms.cluster == cluster), FIRMS_DRAWN, replace=False)
            for cluster in clusters_drawn(random)
        ]
    )
    sample = picked(chosen)
    in_cluster = np.bincount(firms.cluster)[sample.cluster].astype(float)
    on_frame = CLUSTERS[sample.stratum].astype(float)
    design = survey_design(
        count=len(chosen),
        weight=on_frame / CLUSTERS_DRAWN[sample.stratum] * in_cluster / FIRMS_DRAWN,
        stratum=sample.stratum,
        cluster=sample.cluster,
        population=on_frame,
        stages=[Stage(chosen, population=in_cluster)],
    )
    return {"design, two stages": linearised(sample, design)}


def whole_clusters(random: np.random.Generator) -> Mapping[str, Estimates]:
    firms = population()
    sample = picked(np.flatnonzero(np.isin(firms.cluster, clusters_drawn(random))))
    on_frame = CLUSTERS[sample.stratum].astype(float)
    design = survey_design(
        count=len(sample.turnover),
        weight=on_frame / CLUSTERS_DRAWN[sample.stratum],
        stratum=sample.stratum,
        cluster=sample.cluster,
        population=on_frame,
    )
    return {
        "design, clusters": linearised(sample, design),
        "replicate, JKn": replicated(sample, design, "JKn", random),
        "replicate, Rao-Wu": replicated(sample, design, "Rao-Wu", random),
    }


def raked(random: np.random.Generator) -> Mapping[str, Estimates]:
    firms = population()
    members = [np.flatnonzero(firms.stratum == stratum) for stratum in range(3)]
    chosen = np.concatenate(
        [
            random.choice(each, round(share * len(each)), replace=False)
            for each, share in zip(members, SHARE_DRAWN, strict=True)
        ]
    )
    sample = picked(chosen)
    on_frame = np.bincount(firms.stratum)[sample.stratum].astype(float)
    design = survey_design(
        count=len(chosen),
        weight=on_frame / np.bincount(sample.stratum)[sample.stratum],
        stratum=sample.stratum,
        population=on_frame,
    )
    margins = [
        # Without it raking would undo the strata, at a bias of a tenth of a standard error.
        frame_margin("stratum", sample.stratum, firms.stratum),
        frame_margin("industry", sample.industry, firms.industry),
        frame_margin("exporter", sample.exporter, firms.exporter),
    ]
    calibrated = rake(design, margins)
    return {
        "design, raked": linearised(sample, calibrated),
        "replicate, Rao-Wu raked": replicated(sample, calibrated, "Rao-Wu", random),
    }


def truth() -> Floats:
    firms = population()
    return influences(firms, np.ones(len(firms.turnover)))[0]


SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "totals and means",
        TERMS,
        truth(),
        two_stages,
        "Fixed population of 220 clusters in 3 strata; 40 % of the clusters, 6 firms of 12 to 24 "
        "in each; counts of both stages in the design",
    ),
    Scenario(
        "totals and means",
        TERMS,
        truth(),
        whole_clusters,
        "The same population; all firms of 40 % of the clusters, with the correction",
    ),
    Scenario(
        "totals and means",
        TERMS,
        truth(),
        raked,
        "The same population; 12 %, 20 % and 28 % of the firms of the strata, raked to strata, "
        "industry and exporting; replicates raked again",
    ),
)
