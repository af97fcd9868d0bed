"""How many clusters: the gap between the data and points without any clusters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.estimates import Floats
from analysis.estimation.sample import as_domain
from analysis.profiles.k_means import partitioned
from analysis.profiles.scaling import Standard, scaling


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """The gap statistic of several numbers of clusters.

    Attributes
    ----------
    counts : the numbers of clusters
    log_within : log of the pooled within-cluster squares
    gap, std_error : (len(counts),) expected log less the data's, and its simulation error
    chosen : the smallest number whose gap is no less than the next one's less its error
    """

    counts: tuple[int, ...]
    log_within: Floats
    gap: Floats
    std_error: Floats
    chosen: int


def gap_statistic(
    columns: Mapping[str, Floats],
    *,
    most: int,
    design: SurveyDesign,
    domain: Rows | None = None,
    standard: Standard = "z",
    draws: int = 50,
    starts: int = 10,
    seed: int = 1,
) -> Gap:
    """Tibshirani, Walther & Hastie (2001), of 1 to `most` clusters.

    The reference points lie evenly in the box of the data's principal axes (their version b),
    under the same weights.
    """
    values = np.column_stack([np.asarray(column, dtype=float) for column in columns.values()])
    rows = np.ones(len(values), dtype=bool) if domain is None else as_domain(domain)
    rows = rows & (design.weight > 0) & np.isfinite(values).all(axis=1)
    points, weight = values[rows], design.weight[rows] / design.weight[rows].mean()
    Z = scaling(points, weight, tuple(columns), standard).to(points)
    generator = np.random.default_rng(seed)
    counts = tuple(range(1, most + 1))
    own = _log_within(Z, weight, counts, starts, generator)
    centred = Z - weight @ Z / weight.sum()
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    box = centred @ axes.T
    drawn = [
        _log_within(
            generator.uniform(box.min(axis=0), box.max(axis=0), box.shape),
            weight,
            counts,
            starts,
            generator,
        )
        for _ in range(draws)
    ]
    expected = np.array(drawn)
    gap = expected.mean(axis=0) - own
    error = expected.std(axis=0) * np.sqrt(1 + 1 / draws)
    return Gap(counts, own, gap, error, _chosen(counts, gap, error))


def _log_within(
    Z: Floats,
    weight: Floats,
    counts: Sequence[int],
    starts: int,
    generator: np.random.Generator,
) -> Floats:
    losses = [partitioned(Z, weight, k, starts if k > 1 else 1, generator).loss for k in counts]
    result: Floats = np.log(np.array(losses))
    return result


def _chosen(counts: Sequence[int], gap: Floats, error: Floats) -> int:
    for place in range(len(counts) - 1):
        if gap[place] >= gap[place + 1] - error[place + 1]:
            return counts[place]
    return counts[-1]
