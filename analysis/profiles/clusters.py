"""Clusters of firms by k-means, with how stable they are and how sure their means."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.replicates import ReplicateWeights, replicate_variance
from analysis.estimation.replication import replicate_weights
from analysis.estimation.sample import as_domain
from analysis.profiles.described import NOT_A_VERDICT, share_intervals
from analysis.profiles.k_means import (
    Partition,
    means_within,
    partitioned,
    silhouettes,
    squared_distances,
)
from analysis.profiles.responses import Codes
from analysis.profiles.scaling import Scaling, Standard, scaling
from analysis.refusals import Refusal

STARTS = 50
STARTS_OF_DRAW = 8
DRAWS = 100
# Hennig (2007) and his clusterboot: below the first a cluster is dissolved, from the second on
# it is a pattern in the data.
DISSOLVED, STABLE = 0.6, 0.75
MOST_FIRMS_OF_SILHOUETTES = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """K profiles of means.

    Attributes
    ----------
    measures : names of the d measures
    estimates : shares of the clusters, then the mean of each measure within each, in the
        measures' own units; terms such as ``cluster 1`` and ``rd | cluster 1``
    intervals : (k, 2); those of shares from their logits
    of_firm : (n,) cluster of each firm counted from 0, -1 for firms that take no part
    stability : (K,) mean over bootstrap draws of the Jaccard index between the cluster and
        its nearest in the draw
    silhouette : (K,) weighted mean within each cluster; NaN where there were too many firms
    mean_silhouette : over all
    within, total : sums of squares of the scaled measures, weights of mean one
    standard : how the measures were scaled
    notes : sentences to be shown with any of it
    """

    measures: tuple[str, ...]
    estimates: Estimates
    intervals: Floats
    of_firm: Codes
    stability: Floats
    silhouette: Floats
    mean_silhouette: float
    within: Floats
    total: float
    standard: Standard
    notes: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.stability)

    @property
    def sizes(self) -> Floats:
        """(K,) shares of the population, largest first."""
        return self.estimates.coefficients[: self.count]

    @property
    def means(self) -> Floats:
        """(K, d) in the measures' own units."""
        return self.estimates.coefficients[self.count :].reshape(self.count, -1)

    @property
    def between_share(self) -> float:
        """Share of the squares that lies between the clusters."""
        return 1 - float(self.within.sum()) / self.total


def clusters(
    columns: Mapping[str, Floats],
    *,
    count: int,
    design: SurveyDesign,
    domain: Rows | None = None,
    standard: Standard = "z",
    starts: int = STARTS,
    draws: int = DRAWS,
    seed: int = 1,
    level: float = 0.95,
) -> Clusters:
    """k-means of the firms that answered every measure, under the weights of the design.

    `standard` scales the measures first: ``z`` to variance one, ``range`` to 0 and 1
    (Milligan & Cooper 1988), ``none`` not at all. Means and shares have standard errors from a
    bootstrap of the design's clusters within strata (Rao & Wu 1988), each draw clustered anew
    and matched to the full sample's clusters; so they hold what chance there is in the
    clusters themselves. The same draws say how stable the clusters are (Hennig 2007).

    Raises: Refusal ``too_few_firms``, ``constant_measure``, ``too_few_points`` and those of
    replicate weights, such as ``singleton_stratum``.
    """
    values = np.column_stack([np.asarray(column, dtype=float) for column in columns.values()])
    rows = np.ones(len(values), dtype=bool) if domain is None else as_domain(domain)
    takes_part = rows & (design.weight > 0) & np.isfinite(values).all(axis=1)
    points, weight = values[takes_part], design.weight[takes_part]
    _refuse_few(points, count)
    weight = weight / weight.mean()
    scaled = scaling(points, weight, tuple(columns), standard)
    Z = scaled.to(points)
    found = _ordered(partitioned(Z, weight, count, starts, np.random.default_rng(seed)), weight)
    replicates = replicate_weights(
        design, method="Rao-Wu", count=draws, seed=seed, correction=False
    )
    redone = _Redone.of(Z, found, replicates, takes_part, scaled, seed)
    full = _profile(found.centres, found.of_point, weight, scaled)
    covariance = replicate_variance(redone.profiles, full, replicates)
    df = float(replicates.degrees_of_freedom_in(takes_part))
    estimates = Estimates(_terms(tuple(columns), count), full, covariance, df)
    of_firm = np.full(len(values), -1)
    of_firm[takes_part] = found.of_point
    widths = _silhouettes(Z, found.of_point, weight)
    return Clusters(
        measures=tuple(columns),
        estimates=estimates,
        intervals=_intervals(estimates, count, level),
        of_firm=of_firm,
        stability=redone.stability,
        silhouette=_by_cluster(widths, found.of_point, weight, count),
        mean_silhouette=float(np.average(widths, weights=weight)),
        within=found.within,
        total=float(weight @ ((Z - np.average(Z, axis=0, weights=weight)) ** 2).sum(axis=1)),
        standard=standard,
        notes=(NOT_A_VERDICT, *_told(redone.stability, rows, takes_part)),
    )


def _refuse_few(points: Floats, count: int) -> None:
    if count < 2 or len(np.unique(points, axis=0)) <= count:
        raise Refusal(
            "too_few_points",
            f"{count} clusters of {len(np.unique(points, axis=0))} different firms say nothing.",
            "Ask for two clusters or more, and fewer than there are different firms.",
        )


def _ordered(found: Partition, weight: Floats) -> Partition:
    """Largest first."""
    size = np.bincount(found.of_point, weight, len(found.centres))
    order = np.argsort(-size, kind="stable")
    rank = np.argsort(order)
    return Partition(found.centres[order], rank[found.of_point], found.within[order])


def _profile(centres: Floats, of_point: Codes, weight: Floats, scaled: Scaling) -> Floats:
    """(K + K d,) shares and means in the measures' units."""
    size = np.bincount(of_point, weight, len(centres))
    return np.concatenate([size / size.sum(), scaled.back(centres).ravel()])


def _terms(measures: tuple[str, ...], count: int) -> tuple[str, ...]:
    names = [f"cluster {k}" for k in range(1, count + 1)]
    return (*names, *(f"{measure} | {name}" for name in names for measure in measures))


def _intervals(estimates: Estimates, count: int, level: float) -> Floats:
    limits = estimates.intervals(level)
    limits[:count] = share_intervals(
        estimates.coefficients[:count],
        estimates.std_errors[:count],
        estimates.residual_df,
        level,
    )
    return limits


@dataclass(frozen=True, slots=True, eq=False)
class _Redone:
    """The clusters of every bootstrap draw, matched to those of the full sample."""

    profiles: Floats
    stability: Floats

    @classmethod
    def of(
        cls,
        Z: Floats,
        found: Partition,
        replicates: ReplicateWeights,
        takes_part: Rows,
        scaled: Scaling,
        seed: int,
    ) -> "_Redone":
        generator = np.random.default_rng([seed, 7])
        count = len(found.centres)
        profiles = np.full((replicates.count, count + found.centres.size), np.nan)
        overlaps = np.full((replicates.count, count), np.nan)
        for draw, weights in enumerate(replicates.weights[takes_part].T):
            drawn = weights > 0
            if len(np.unique(Z[drawn], axis=0)) <= count:
                continue
            again = partitioned(
                Z[drawn], weights[drawn], count, STARTS_OF_DRAW, generator, near=found.centres
            )
            order = matched(found.centres, again.centres)
            rank = np.argsort(order)
            profiles[draw] = _profile(
                again.centres[order], rank[again.of_point], weights[drawn], scaled
            )
            overlaps[draw] = nearest_overlaps(found.of_point[drawn], again.of_point, count)
        seen = np.isfinite(overlaps)
        held = np.maximum(seen.sum(axis=0), 1)
        return cls(profiles, np.where(seen, overlaps, 0.0).sum(axis=0) / held)


def matched(one: Floats, other: Floats) -> Codes:
    """(K,) which centre of `other` is each of `one`, one to one, nearest in all."""
    _, order = linear_sum_assignment(squared_distances(one, other))
    return np.asarray(order)


def nearest_overlaps(one: Codes, other: Codes, count: int) -> Floats:
    """(K,) Jaccard index of each cluster of `one` and the cluster of `other` that is nearest.

    Firms of both over firms of either; NaN for a cluster that has no firm in the draw.
    """
    common = np.zeros((count, count))
    np.add.at(common, (one, other), 1.0)
    first, second = common.sum(axis=1), common.sum(axis=0)
    either = first[:, None] + second - common
    index = np.where(either > 0, common / np.maximum(either, 1.0), 0.0).max(axis=1)
    return np.where(first > 0, index, np.nan)


def _silhouettes(Z: Floats, of_point: Codes, weight: Floats) -> Floats:
    if len(Z) > MOST_FIRMS_OF_SILHOUETTES:
        return np.full(len(Z), np.nan)
    return silhouettes(Z, of_point, weight)


def _by_cluster(widths: Floats, of_point: Codes, weight: Floats, count: int) -> Floats:
    return means_within(widths[:, None], weight, of_point, count)[:, 0]


def _told(stability: Floats, rows: Rows, takes_part: Rows) -> list[str]:
    notes = []
    for words, low, high in (
        ("dissolve when firms are drawn anew; read nothing into them", 0.0, DISSOLVED),
        ("change much when firms are drawn anew", DISSOLVED, STABLE),
    ):
        named = [
            f"{place} ({value:.2f})"
            for place, value in enumerate(stability, start=1)
            if low <= value < high
        ]
        if named:
            notes.append(f"Clusters that {words} (Jaccard index): {', '.join(named)}.")
    lacking = int((rows & ~takes_part).sum())
    if lacking:
        notes.append(f"{lacking} firms left out for a missing measure.")
    return notes
