"""Weighted k-means: centres that leave the least squared distance within clusters."""

from dataclasses import dataclass

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.profiles.responses import Codes

MOST_ROUNDS = 300
AT_A_TIME = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """m points in K clusters.

    Attributes
    ----------
    centres : (K, d) weighted means of the clusters
    of_point : (m,) cluster of each point
    within : (K,) weighted sum of squared distances to the centre
    """

    centres: Floats
    of_point: Codes
    within: Floats

    @property
    def loss(self) -> float:
        return float(self.within.sum())


def partitioned(
    points: Floats,
    weight: Floats,
    clusters: int,
    starts: int,
    generator: np.random.Generator,
    near: Floats | None = None,
) -> Partition:
    """The best of many starts, each drawn far apart (Arthur & Vassilvitskii 2007).

    Centres and clusters are improved in turn until no point changes (Lloyd 1982). `near` is a
    further start, (K, d).
    """
    openings = [_far_apart(points, weight, clusters, generator) for _ in range(starts)]
    if near is not None:
        openings.append(near)
    return min((_settled(points, weight, start) for start in openings), key=lambda p: p.loss)


def squared_distances(points: Floats, centres: Floats) -> Floats:
    """(m, K)"""
    cross = points @ centres.T
    result: Floats = (points**2).sum(axis=1)[:, None] - 2 * cross + (centres**2).sum(axis=1)
    return np.maximum(result, 0.0)


def _far_apart(
    points: Floats, weight: Floats, clusters: int, generator: np.random.Generator
) -> Floats:
    first = generator.choice(len(points), p=weight / weight.sum())
    chosen = [points[first]]
    nearest = squared_distances(points, points[[first]])[:, 0]
    for _ in range(clusters - 1):
        chance = weight * nearest
        total = chance.sum()
        place = generator.choice(len(points), p=chance / total if total > 0 else None)
        chosen.append(points[place])
        nearest = np.minimum(nearest, squared_distances(points, points[[place]])[:, 0])
    return np.array(chosen)


def _settled(points: Floats, weight: Floats, centres: Floats) -> Partition:
    of_point = np.full(len(points), -1)
    clusters = len(centres)
    for _ in range(MOST_ROUNDS):
        distance = squared_distances(points, centres)
        moved = distance.argmin(axis=1)
        _fill_empty(moved, distance, weight, clusters)
        if np.array_equal(moved, of_point):
            break
        of_point = moved
        centres = means_within(points, weight, of_point, clusters)
    apart = ((points - centres[of_point]) ** 2).sum(axis=1)
    within: Floats = np.bincount(of_point, weight * apart, clusters).astype(float)
    return Partition(centres, of_point, within)


def _fill_empty(of_point: Codes, distance: Floats, weight: Floats, clusters: int) -> None:
    """A cluster without points takes the point that lies worst."""
    held = np.bincount(of_point, minlength=clusters)
    for empty in np.flatnonzero(held == 0):
        loss = weight * distance[np.arange(len(of_point)), of_point]
        loss[held[of_point] == 1] = -1.0
        worst = int(loss.argmax())
        held[of_point[worst]] -= 1
        of_point[worst], held[empty] = empty, 1
        distance[worst] = 0.0


def means_within(points: Floats, weight: Floats, of_point: Codes, clusters: int) -> Floats:
    """(K, d)"""
    total = np.bincount(of_point, weight, clusters)
    sums = np.column_stack([np.bincount(of_point, weight * x, clusters) for x in points.T])
    result: Floats = sums / total[:, None]
    return result


def silhouettes(points: Floats, of_point: Codes, weight: Floats) -> Floats:
    """(m,) how much nearer a point is to its own cluster than to the next (Rousseeuw 1987).

    (b - a) / max(a, b), a the mean distance to the others of its cluster, b the smallest mean
    distance to another cluster, both under the weights; 0 for a point alone in its cluster.
    """
    clusters = int(of_point.max()) + 1
    member = (of_point[:, None] == np.arange(clusters)) * weight[:, None]
    total = member.sum(axis=0)
    result = np.empty(len(points))
    for start in range(0, len(points), AT_A_TIME):
        part = slice(start, start + AT_A_TIME)
        sums = np.sqrt(squared_distances(points[part], points)) @ member
        own = of_point[part]
        at = np.arange(len(own))
        others = total[own] - weight[part]
        alone = others <= 1e-12 * total[own]
        a = sums[at, own] / np.where(alone, 1.0, others)
        means = sums / total
        means[at, own] = np.inf
        b = means.min(axis=1)
        result[part] = np.where(alone, 0.0, (b - a) / np.maximum(np.maximum(a, b), 1e-300))
    return result
