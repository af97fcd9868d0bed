"""Multilevel models of made firms in regions, drawn again and again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimates import Covariance, Estimates, Floats
from analysis.estimation.parts import Parts
from analysis.estimation.regression import estimate
from analysis.estimation.replicates import ReplicateWeights
from analysis.estimation.replication import replicate_weights
from benchmarks.monte_carlo.scenario import Scenario

LINEAR, LOGIT = "multilevel_linear", "multilevel_logit"
TERMS = ("(Intercept)", "x", "context")
SLOPES = np.array([0.3, 0.5, -0.4])
SPREAD, SLOPE_SPREAD = 0.7, 0.5
REGIONS, FIRMS = 100, 8
# Regions with low effects, then those with high ones; each stratum has two regions of a kind.
LOW, HIGH = 40, 20
FIRMS_IN_PAIRS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Firms:
    """n firms in regions: what explains them, both outcomes, and how they were drawn."""

    x: Floats
    context: Floats
    growth: Floats
    product: Floats
    region: np.ndarray
    within: Floats
    design: SurveyDesign

    @property
    def matrix(self) -> DesignMatrix:
        variables = {"x": self.x, "context": self.context}
        columns = (Column(INTERCEPT), *(Column(name, (Factor(name),)) for name in variables))
        return design_matrix(columns, variables, dict.fromkeys(variables, "continuous"))


def for_themselves(random: np.random.Generator) -> Firms:
    """Regions drawn for themselves from an endless population, and all their firms."""
    return _endless(random, 0.0)


def with_slopes(random: np.random.Generator) -> Firms:
    """The same, where the effect of x differs between regions."""
    return _endless(random, SLOPE_SPREAD)


def in_pairs(random: np.random.Generator) -> Firms:
    """Two regions of each stratum: those with high effects are drawn at half the rate.

    Firms with low x are drawn at a third of the rate of others.
    """
    regions = LOW + HIGH
    effect, noise = SPREAD * random.normal(size=regions), 0.5 * random.normal(size=regions)
    is_high = np.arange(regions) >= LOW
    effect = np.where((effect + noise > 0) == is_high, effect, -effect)
    # Half of the population's regions are high, and half of them low.
    weight = np.where(is_high, LOW / HIGH, 1.0)
    region = np.repeat(np.arange(regions), FIRMS_IN_PAIRS)
    x = random.normal(size=len(region))
    within = np.where(x < 0, 3.0, 1.0)
    return _firms(
        random, x, effect[region], region, within, weight[region], np.arange(regions) // 2
    )


def _endless(random: np.random.Generator, slope: float) -> Firms:
    region = np.repeat(np.arange(REGIONS), FIRMS)
    ones, x = np.ones(len(region)), random.normal(size=len(region))
    effect = SPREAD * random.normal(size=REGIONS)[region]
    effect = effect + slope * random.normal(size=REGIONS)[region] * x
    return _firms(random, x, effect, region, ones, ones, np.zeros(REGIONS, dtype=int))


def _firms(
    random: np.random.Generator,
    x: Floats,
    effect: Floats,
    region: np.ndarray,
    within: Floats,
    weight: Floats,
    stratum: np.ndarray,
) -> Firms:
    context = random.normal(size=len(stratum))[region]
    predictor = SLOPES[0] + SLOPES[1] * x + SLOPES[2] * context + effect
    n = len(x)
    return Firms(
        x=x,
        context=context,
        growth=predictor + random.normal(size=n),
        product=(random.random(n) < 1 / (1 + np.exp(-predictor))).astype(float),
        region=region,
        within=within,
        design=survey_design(
            count=n, weight=weight * within, stratum=stratum[region], cluster=region
        ),
    )


@cache
def _factors() -> ReplicateWeights:
    """Fay's replicates of pairs of regions; they do not depend on which were drawn."""
    region = np.repeat(np.arange(LOW + HIGH), FIRMS_IN_PAIRS)
    design = survey_design(count=len(region), stratum=region // 2, cluster=region)
    return replicate_weights(design, method="Fay", fay=0.5)


def _replicated(design: SurveyDesign) -> SurveyDesign:
    factors = _factors()
    return design.with_replicates(
        ReplicateWeights(
            design.weight[:, None] * factors.weights,
            factors.scale,
            factors.rscales,
            method="Fay",
            degrees_of_freedom=factors.degrees_of_freedom,
        )
    )


def _scenario(
    estimator: str,
    draw: Callable[[np.random.Generator], Firms],
    covariances: tuple[Covariance, ...],
    note: str,
    *,
    truth: Mapping[str, float] | None = None,
    **words: str,
) -> Scenario:
    known = dict(zip(TERMS, SLOPES, strict=True)) | dict(truth or {})

    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        firms = draw(random)
        design = _replicated(firms.design) if "replicate" in covariances else firms.design
        model = estimate(
            y=firms.growth if estimator == LINEAR else firms.product,
            X=firms.matrix,
            estimator=estimator,
            covariance=covariances[0],
            design=design,
            domain=np.ones(len(firms.x), dtype=bool),
            parts=Parts(
                labels={"region": firms.region},
                outcomes={"within": firms.within} if design.is_weighted else {},
                words=words,
            ),
        )
        return {each: model.under(each).estimates for each in covariances}

    return Scenario(estimator, tuple(known), np.array(list(known.values())), replicate, note)


ALIKE = f"{REGIONS} regions of {FIRMS} firms, effects of spread {SPREAD}"
PAIRS = (
    f"two regions in each of {(LOW + HIGH) // 2} strata, drawn at rates that go with effects; "
    f"{FIRMS_IN_PAIRS} firms in each, at rates that go with x; weights of both levels"
)
SCENARIOS: tuple[Scenario, ...] = (
    _scenario(
        LINEAR,
        for_themselves,
        ("model", "cluster"),
        f"{ALIKE}; restricted maximum likelihood",
        truth={"region_sd": SPREAD, "log_sigma": 0.0},
    ),
    _scenario(
        LINEAR,
        with_slopes,
        ("model", "cluster"),
        f"{ALIKE}, slopes of spread {SLOPE_SPREAD}; restricted maximum likelihood",
        slopes="x",
    ),
    _scenario(LINEAR, for_themselves, ("model", "cluster"), f"{ALIKE}; ML", method="ml"),
    _scenario(LINEAR, in_pairs, ("design", "replicate"), PAIRS, method="ml"),
    _scenario(LOGIT, for_themselves, ("model", "cluster"), ALIKE, truth={"region_sd": SPREAD}),
    _scenario(LOGIT, in_pairs, ("design",), PAIRS),
)
