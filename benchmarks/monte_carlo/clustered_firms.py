"""Made firms whose errors hang together in clusters, for models of levels and of limits.

Each firm's errors are standard normal whatever the design, so that the coefficients of the
population are those the firms were made with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import special

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimates import Covariance, Estimates, Floats
from analysis.estimation.parts import Parts
from analysis.estimation.regression import estimate
from analysis.estimation.replicates import ReplicateWeights
from analysis.estimation.replication import replicate_weights

TOGETHER = 0.1
# Refits are dear, so that replicates are made of fewer strata.
STRATA, STRATA_REPLICATED = 100, 31
FIRMS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Firms:
    """n firms: regressors x and z, errors (n, d), and the design that drew them."""

    x: Floats
    z: Floats
    noise: Floats
    design: SurveyDesign

    @property
    def matrix(self) -> DesignMatrix:
        columns = (Column(INTERCEPT), Column("x", (Factor("x"),)), Column("z", (Factor("z"),)))
        kinds = {"x": "continuous", "z": "binary"}
        return design_matrix(columns, {"x": self.x, "z": self.z}, kinds)


def one_by_one(random: np.random.Generator, errors: int, count: int = 1500) -> Firms:
    """Firms drawn for themselves from an endless population."""
    return Firms(
        x=random.normal(size=count),
        z=(random.random(count) < 0.4).astype(float),
        noise=random.normal(size=(count, errors)),
        design=survey_design(count=count),
    )


def in_clusters(random: np.random.Generator, errors: int, count: int = 200) -> Firms:
    """All firms of clusters of 15 drawn from an endless population."""
    shock = random.normal(size=(count, errors))
    return _of_clusters(random, shock, 15, None, np.zeros(count, dtype=int))


def in_pairs(random: np.random.Generator, errors: int, strata: int = STRATA) -> Firms:
    """Two clusters of each stratum of an endless population.

    Strata are made of the first error and as much noise; those of high errors are twice as
    large, so that estimates without weights would be wrong.
    """
    share = np.where(np.arange(strata) < strata // 2, 1.0, 2.0)
    stratum = np.repeat(np.arange(strata), 2)
    up_to = np.cumsum(share) / share.sum()
    place = up_to[stratum] - random.random(2 * strata) * share[stratum] / share.sum()
    shock = random.normal(size=(2 * strata, errors))
    # Half of what makes the strata is the error: given their sum it is normal about half of it.
    shock[:, 0] = (special.ndtri(place) + shock[:, 0]) / np.sqrt(2)
    return _of_clusters(random, shock, FIRMS, 25 * share[stratum], stratum)


def _of_clusters(
    random: np.random.Generator,
    shock: Floats,
    size: int,
    weight: Floats | None,
    stratum: np.ndarray,
) -> Firms:
    cluster = np.repeat(np.arange(len(shock)), size)
    n = len(cluster)
    own = random.normal(size=(n, shock.shape[1]))
    shared = random.normal(size=len(shock))[cluster]
    return Firms(
        x=np.sqrt(0.2) * shared + np.sqrt(0.8) * random.normal(size=n),
        z=(random.random(n) < 0.4).astype(float),
        noise=np.sqrt(TOGETHER) * shock[cluster] + np.sqrt(1 - TOGETHER) * own,
        design=survey_design(
            count=n,
            weight=None if weight is None else weight[cluster],
            stratum=stratum[cluster],
            cluster=cluster,
        ),
    )


@cache
def _factors() -> ReplicateWeights:
    """Fay's replicates of pairs; they do not depend on which clusters were drawn."""
    cluster = np.repeat(np.arange(2 * STRATA_REPLICATED), FIRMS)
    design = survey_design(count=len(cluster), stratum=cluster // 2, cluster=cluster)
    return replicate_weights(design, method="Fay", fay=0.5)


def fitted(
    estimator: str,
    y: Floats,
    firms: Firms,
    covariances: tuple[Covariance, ...],
    parts: Parts | None = None,
) -> Mapping[str, Estimates]:
    """One fit, under each of the covariances."""
    design = firms.design
    if "replicate" in covariances:
        factors = _factors()
        design = design.with_replicates(
            ReplicateWeights(
                design.weight[:, None] * factors.weights,
                factors.scale,
                factors.rscales,
                method="Fay",
                degrees_of_freedom=factors.degrees_of_freedom,
            )
        )
    model = estimate(
        y=y,
        X=firms.matrix,
        estimator=estimator,
        covariance=covariances[0],
        design=design,
        domain=np.ones(len(y), dtype=bool),
        parts=parts,
    )
    return {
        covariance: (model if covariance == covariances[0] else model.under(covariance)).estimates
        for covariance in covariances
    }
