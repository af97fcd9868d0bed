"""Descriptions of made populations, drawn again and again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from scipy import optimize, special, stats

from analysis.estimation.descriptive import (
    Description,
    change,
    correlations,
    cross_tabulation,
    differences,
    means,
    quantiles,
    ratios,
    shares,
    standard_deviations,
    totals,
    variances,
)
from analysis.estimation.design import Rows, SurveyDesign, survey_design
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.replication import replicate_weights
from benchmarks.monte_carlo.scenario import Scenario

STRATA = 4
CLUSTERS = np.array([260, 180, 120, 60])
CLUSTERS_DRAWN = np.array([56, 50, 44, 34])
SEED = 20_261_121
QUARTILES = (0.25, 0.5, 0.75)
SHARES = np.array([0.5, 0.3, 0.15, 0.05])
MIDDLES = np.array([10.0, 12.0, 14.0, 16.0])
SPREADS = np.array([2.0, 2.5, 3.0, 3.0])
FIRMS_DRAWN = 375


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """N firms in clusters in strata. `later` is `turnover` a year on."""

    stratum: np.ndarray
    cluster: np.ndarray
    turnover: Floats
    staff: Floats
    innovates: Floats
    region: np.ndarray
    later: Floats

    def drawn(self, chosen: Rows) -> "Population":
        fields = (name for name in self.__slots__)
        return Population(**{name: getattr(self, name)[chosen] for name in fields})


@cache
def population() -> Population:
    random = np.random.default_rng(SEED)
    stratum_of_cluster = np.repeat(np.arange(STRATA), CLUSTERS)
    size = random.integers(3, 10, len(stratum_of_cluster))
    cluster = np.repeat(np.arange(len(size)), size)
    stratum = stratum_of_cluster[cluster]
    shock = random.normal(scale=0.4, size=len(size))[cluster]
    n = len(cluster)
    staff = np.exp(2 + 0.4 * stratum + 0.3 * shock + random.normal(scale=0.5, size=n))
    turnover = 10 + 2 * stratum + 3 * np.log(staff) + 2 * shock + random.normal(scale=2, size=n)
    predictor = -1 + 0.3 * stratum + shock
    innovates = (random.random(n) < special.expit(predictor)).astype(float)
    region = np.where(random.random(n) < special.expit(0.5 * shock), "north", "south")
    later = 0.8 * turnover + 4 + random.normal(scale=2, size=n)
    return Population(stratum, cluster, turnover, staff, innovates, region, later)


def clustered(random: np.random.Generator) -> tuple[Population, SurveyDesign]:
    """Clusters drawn within strata at unequal rates, all of their firms."""
    firms = population()
    first = np.concatenate([[0], np.cumsum(CLUSTERS)[:-1]])
    picked = np.concatenate(
        [
            start + random.choice(count, drawn, replace=False)
            for start, count, drawn in zip(first, CLUSTERS, CLUSTERS_DRAWN, strict=True)
        ]
    )
    sample = firms.drawn(np.isin(firms.cluster, picked))
    on_frame = CLUSTERS[sample.stratum].astype(float)
    design = survey_design(
        count=len(sample.stratum),
        weight=on_frame / CLUSTERS_DRAWN[sample.stratum],
        stratum=sample.stratum,
        cluster=sample.cluster,
        population=on_frame,
    )
    return sample, design


def of_firms(random: np.random.Generator, share: float, among: Rows | None = None) -> np.ndarray:
    """Positions of firms drawn one by one within strata."""
    firms = population()
    eligible = np.ones(len(firms.stratum), dtype=bool) if among is None else among
    return np.concatenate(
        [
            random.choice(members, round(share * len(members)), replace=False)
            for members in (np.flatnonzero(eligible & (firms.stratum == h)) for h in range(STRATA))
        ]
    )


def design_of(chosen: np.ndarray) -> SurveyDesign:
    firms = population()
    stratum = firms.stratum[chosen]
    on_frame = np.bincount(firms.stratum).astype(float)[stratum]
    return survey_design(
        count=len(chosen),
        weight=on_frame / np.bincount(stratum)[stratum],
        stratum=stratum,
        population=on_frame,
    )


Question = Callable[[Population, dict[str, Any]], Description]

QUESTIONS: Mapping[str, Question] = {
    "total": lambda s, scope: totals(s.turnover, **scope),
    "mean": lambda s, scope: means(s.turnover, by=s.region, **scope),
    "ratio": lambda s, scope: ratios(s.turnover, s.staff, **scope),
    "share": lambda s, scope: shares(s.innovates, by=s.region, **scope),
    "variance": lambda s, scope: variances(s.turnover, **scope),
    "standard_deviation": lambda s, scope: standard_deviations(s.turnover, **scope),
    "correlation": lambda s, scope: correlations(
        {"turnover": s.turnover, "log of staff": np.log(s.staff)}, **scope
    ),
    "cross_tabulation": lambda s, scope: (
        cross_tabulation(s.region, s.innovates, **scope).row_shares
    ),
}


def true(question: Question) -> Description:
    firms = population()
    return question(firms, {"design": survey_design(count=len(firms.stratum))})


def asked(question: Question) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        sample, design = clustered(random)
        weights = replicate_weights(design, method="JKn")
        repeated = {"design": design.with_replicates(weights), "covariance": "replicate"}
        return {
            "design, clusters": question(sample, {"design": design}).estimates,
            "replicate, jackknife": question(sample, repeated).estimates,
        }

    return replicate


def on_the_logit_scale(description: Description) -> Estimates:
    """Whose t intervals are the logit intervals of the shares."""
    share = description.estimates.coefficients
    slope = 1 / (share * (1 - share))
    return replace(
        description.estimates,
        coefficients=special.logit(share),
        covariance=description.estimates.covariance * np.outer(slope, slope),
    )


def logits(random: np.random.Generator) -> Mapping[str, Estimates]:
    sample, design = clustered(random)
    return {"design, clusters": on_the_logit_scale(QUESTIONS["share"](sample, {"design": design}))}


def of_quantiles(random: np.random.Generator) -> Mapping[str, Estimates]:
    """From endless strata, for in a population of a few thousand quantiles lie on single firms."""
    stratum = np.repeat(np.arange(STRATA), FIRMS_DRAWN)
    design = survey_design(
        count=len(stratum), weight=SHARES[stratum] / FIRMS_DRAWN, stratum=stratum
    )
    found = quantiles(random.normal(MIDDLES[stratum], SPREADS[stratum]), QUARTILES, design=design)
    return {"design, firms": found.estimates}


def true_quantiles() -> Floats:
    def up_to(x: float, p: float) -> float:
        return float(SHARES @ stats.norm.cdf(x, MIDDLES, SPREADS) - p)

    return np.array([optimize.brentq(up_to, 0, 40, args=(p,), xtol=1e-12) for p in QUARTILES])


def of_differences(random: np.random.Generator) -> Mapping[str, Estimates]:
    sample, design = clustered(random)
    groups = means(sample.turnover, by=sample.region, design=design)
    return {"design, clusters": differences(groups).estimates}


def of_change(random: np.random.Generator) -> Mapping[str, Estimates]:
    """Half of the first wave stays, and as many are drawn anew."""
    firms = population()
    first = of_firms(random, 0.12)
    stay = random.permutation(first)[: len(first) // 2]
    others = np.ones(len(firms.stratum), dtype=bool)
    others[first] = False
    second = np.concatenate([stay, of_firms(random, 0.06, others)])
    waves = [
        means(values[chosen], design=design_of(chosen))
        for values, chosen in ((firms.turnover, first), (firms.later, second))
    ]
    return {"design, waves": change(waves[0], waves[1], (first, second)).comparison.estimates}


DRAWN = (
    "Fixed population of 620 clusters in 4 strata; 184 clusters drawn at 22 % to 57 %, weights and "
    "counts of the frame in the design"
)


def scenarios() -> tuple[Scenario, ...]:
    firms = population()
    told = []
    for name, question in QUESTIONS.items():
        truth = true(question).estimates
        told.append(Scenario(name, truth.terms, truth.coefficients, asked(question), DRAWN))
    share = on_the_logit_scale(true(QUESTIONS["share"]))
    groups = differences(true(QUESTIONS["mean"])).estimates
    moved = np.array([firms.later.mean() - firms.turnover.mean()])
    return (
        *told,
        Scenario("share, logit", share.terms, share.coefficients, logits, DRAWN),
        Scenario(
            "quantile",
            tuple(f"quantile[{p:g}]" for p in QUARTILES),
            true_quantiles(),
            of_quantiles,
            "Normal in each of 4 endless strata of unequal size; 375 firms drawn of each",
        ),
        Scenario("difference", groups.terms, groups.coefficients, of_differences, DRAWN),
        Scenario(
            "change",
            ("change of mean",),
            moved,
            of_change,
            "The same population; 12 % of the firms in each of two waves, half of them in both",
        ),
    )


SCENARIOS: tuple[Scenario, ...] = scenarios()
