"""Covariances that allow for dependence within clusters, one way and two ways."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.estimation.design import Codes
from analysis.estimation.estimates import Floats
from analysis.estimation.fitted import Fitted, Uncertainty
from analysis.refusals import Refusal

FEW_CLUSTERS = 30
# Of the largest variance: below it an eigenvalue of a covariance is negative by more than rounding.
NEGATIVE = 1e-12


def cluster_robust(fitted: Fitted) -> Uncertainty:
    """Scores summed within clusters, times G / (G - 1) and (n - 1) / (n - k); t with G - 1.

    With labels of the roles ``cluster`` and ``cluster_2`` two-way (Cameron, Gelbach and Miller
    2011): the sum of both less that of their crossing, each with its own factor.
    """
    codes = _cluster_codes(fitted)
    fewest = min(_count(fitted, each) for each in codes)
    if fewest < 2:
        raise Refusal(
            "too_few_clusters",
            "All firms of the model lie in one cluster, so how clusters differ cannot be seen.",
            "Cluster by a variable with more values, or choose HC1 standard errors.",
        )
    influence = fitted.influence()
    one_way = [_clustered(fitted, influence, each) for each in codes]
    covariance = one_way[0]
    if len(codes) == 2:
        covariance = _two_ways(one_way, _clustered(fitted, influence, _crossing(codes)))
    notes = (
        (f"Only {fewest} clusters: clustered standard errors are unreliable under {FEW_CLUSTERS}.",)
        if fewest < FEW_CLUSTERS
        else ()
    )
    return Uncertainty(covariance, fewest - 1.0, n_clusters=fewest, notes=notes)


def _count(fitted: Fitted, codes: Codes) -> int:
    """Clusters that hold a firm on which the estimates rest."""
    used = fitted.solution.used
    return len(np.unique(codes if used is None else codes[used]))


def _cluster_codes(fitted: Fitted) -> list[Codes]:
    labels = fitted.sample.labels
    given: list[Any] = [labels[role] for role in ("cluster", "cluster_2") if role in labels]
    if not given:
        given = [_natural_clusters(fitted)]
    return [pd.factorize(each)[0] for each in given]


def _natural_clusters(fitted: Fitted) -> Any:
    """Waves of one firm, firms of one region where the model is of them, or what was drawn."""
    for role in ("unit", "region"):
        if role in fitted.sample.labels:
            return fitted.sample.labels[role]
    return fitted.design.cluster_codes[fitted.sample.rows]


def _clustered(fitted: Fitted, influence: Floats, codes: Codes) -> Floats:
    n, k = fitted.n, fitted.parameters
    count = _count(fitted, codes)
    sums = np.column_stack([np.bincount(codes, column) for column in influence.T])
    factor = count / (count - 1) * (n - 1) / (n - k)
    result: Floats = factor * sums.T @ sums
    return result


def _crossing(codes: list[Codes]) -> Codes:
    first, second = codes
    return pd.factorize(first.astype(np.int64) * (int(second.max()) + 1) + second)[0]


def _two_ways(parts: list[Floats], crossed: Floats) -> Floats:
    covariance: Floats = parts[0] + parts[1] - crossed
    scale = np.sqrt(np.maximum(np.diag(parts[0]), np.finfo(float).tiny))
    values = np.linalg.eigvalsh(covariance / np.outer(scale, scale))
    if values[0] < -NEGATIVE * values[-1]:
        raise Refusal(
            "two_way_not_positive",
            "Clustered both ways the covariance is not positive: with so few clusters the "
            "difference that it is made from leaves negative variances.",
            "Cluster one way, by the variable with fewer clusters.",
        )
    return covariance
