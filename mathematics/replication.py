"""Replicate weights made from strata and clusters: jackknife, balanced halves, bootstrap."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from mathematics.arrays import Codes, Floats, named
from mathematics.calibration.record import Recipe, recalibrated
from mathematics.hadamard import hadamard
from mathematics.refusals import Refusal
from mathematics.replicates import FAY, ReplicateWeights, checked_fay, rank

Method = Literal["jackknife", "JK1", "JKn", "BRR", "Fay", "Rao-Wu", "bootstrap"]
DRAWS = 500
# Firms times replicates: 1.6 GB of weights.
MOST_NUMBERS = 200_000_000
# A stratum is enumerated in full if all but this share of it was sampled (as R survey).
CENSUS_TOLERANCE = 1e-7


class Drawn(Protocol):
    """How n firms were drawn at the first stage.

    Attributes
    ----------
    cluster_codes : (n,) numbers of the clusters
    stratum_of_cluster : (clusters,) positions in `stratum_labels`
    clusters_in_stratum : (strata,) sampled clusters n_h
    stratum_labels : names of the strata
    lonely : {"refuse", "certainty", "adjust", "average"}
        What a stratum with one sampled cluster adds to a variance.
    """

    @property
    def cluster_codes(self) -> Codes: ...
    @property
    def stratum_of_cluster(self) -> Codes: ...
    @property
    def clusters_in_stratum(self) -> Codes: ...
    @property
    def stratum_labels(self) -> tuple[str, ...]: ...
    @property
    def lonely(self) -> str: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Factors:
    """(clusters, R) factors of the weights, and the scales."""

    factor: Floats
    scale: float
    rscales: Floats


def replicated(
    weight: Floats,
    design: Drawn,
    share: Floats,
    *,
    method: Method,
    count: int = DRAWS,
    seed: int | None = None,
    fay: float = FAY,
    mse: bool = False,
    recipe: Recipe | None = None,
) -> ReplicateWeights:
    """Replicate weights of n firms with these weights.

    `share` is the part of each stratum that was drawn, (strata,), 0 for no finite population
    correction; `recipe` calibrates each replicate as the weights were.

    Raises: Refusal ``strata_for_jk1``, ``singleton_stratum``, ``halves_need_pairs``,
    ``fay_invalid``, ``whole_population``, ``no_seed``, ``too_many_replicates``.
    """
    settled = settled_method(design, method)
    if settled in ("JK1", "JKn"):
        _refuse_size(len(weight), len(design.stratum_of_cluster))
        made = _jackknife(design, share)
    elif settled in ("BRR", "Fay"):
        made = _halves(design, fay if settled == "Fay" else 0.0)
    else:
        _refuse_size(len(weight), count)
        made = _bootstrap(design, share, settled, count, _generator(seed))
    weights = _spread(weight, made.factor, design)
    return ReplicateWeights(
        weights=weights if recipe is None else recalibrated(weights, recipe),
        scale=made.scale,
        rscales=made.rscales,
        mse=mse,
        method=settled,
        degrees_of_freedom=rank(_of_clusters(weight, made.factor, design)) - 1,
    )


def settled_method(design: Drawn, method: Method) -> str:
    """The way that "jackknife" stands for; others as they are. Raises: ``strata_for_jk1``."""
    strata = len(design.stratum_labels)
    if method == "jackknife":
        return "JK1" if strata == 1 else "JKn"
    if method == "JK1" and strata > 1:
        raise Refusal(
            "strata_for_jk1",
            f"JK1 leaves out one cluster of all, but the design has {strata} strata.",
            "Choose JKn, which leaves out one cluster of a stratum at a time.",
        )
    if method not in ("JK1", "JKn", "BRR", "Fay", "Rao-Wu", "bootstrap"):
        raise ValueError(f"There is no way {method!r} of making replicate weights.")
    return method


def _refuse_size(firms: int, count: int) -> None:
    if firms * count > MOST_NUMBERS:
        raise Refusal(
            "too_many_replicates",
            f"{count} replicates of {firms} firms are more weights than can be held.",
            "Choose a bootstrap of fewer draws, or linearised standard errors.",
        )


def _of_clusters(base: Floats, factor: Floats, design: Drawn) -> Floats:
    """(clusters, R) factors of the clusters that have a weight: the same rank, fewer rows."""
    codes = design.cluster_codes
    return factor[np.bincount(codes, base, len(design.stratum_of_cluster)) > 0]


def _spread(base: Floats, factor: Floats, design: Drawn) -> Floats:
    """(n, R) weights, by columns: replicates are read one at a time."""
    weights = np.empty((len(base), factor.shape[1]), order="F")
    for replicate, column in enumerate(factor.T):
        np.multiply(base, column[design.cluster_codes], out=weights[:, replicate])
    return weights


def _generator(seed: int | None) -> np.random.Generator:
    if seed is None:
        raise Refusal(
            "no_seed",
            "A bootstrap without a seed gives other standard errors each time.",
            "Give a seed: any whole number.",
        )
    return np.random.default_rng(seed)


def _members(design: Drawn) -> list[np.ndarray]:
    """Clusters of each stratum."""
    order = np.argsort(design.stratum_of_cluster, kind="stable")
    return np.split(order, np.cumsum(design.clusters_in_stratum)[:-1])


def _refuse_lonely(design: Drawn, share: Floats, *, certainty_only: bool = False) -> None:
    lonely = (design.clusters_in_stratum == 1) & (1 - share > CENSUS_TOLERANCE)
    refused = design.lonely != "certainty" if certainty_only else design.lonely == "refuse"
    if lonely.any() and refused:
        policies = "certainty" if certainty_only else "certainty, adjust or average"
        strata = [design.stratum_labels[place] for place in np.flatnonzero(lonely)]
        raise Refusal(
            "singleton_stratum",
            f"{len(strata)} of {len(lonely)} strata hold a single sampled unit, which no "
            f"replicate can leave out: {named(strata)}.",
            f"Join each with a stratum like it, or name a policy ({policies}).",
        )


def _jackknife(design: Drawn, share: Floats) -> _Factors:
    """Jones (1974); Wolter (2007), section 4.5."""
    _refuse_lonely(design, share)
    strata, clusters = len(share), len(design.stratum_of_cluster)
    columns, rscales = [], []
    for stratum, members in enumerate(_members(design)):
        size = len(members)
        if 1 - share[stratum] <= CENSUS_TOLERANCE or (size == 1 and design.lonely != "adjust"):
            continue
        for member in members:
            # A lonely unit is left out against all others (adjust), as R survey does.
            others = members if size > 1 else np.arange(clusters)
            of = size if size > 1 else strata
            factor = np.ones(clusters)
            factor[others] = of / (of - 1) if of > 1 else np.nan
            factor[member] = 0.0
            columns.append(factor)
            rscales.append((1 - share[stratum] if size > 1 else 1.0) * (of - 1) / of)
    if not columns:
        raise Refusal(
            "whole_population",
            "No stratum has sampled units that could be left out: all were enumerated in full or "
            "hold a single one.",
            "Leave the population counts out to speak of firms beyond this population.",
        )
    average = design.lonely == "average" and (design.clusters_in_stratum == 1).any()
    scale = clusters / len(columns) if average else 1.0
    return _Factors(np.column_stack(columns), scale, np.array(rscales))


def _halves(design: Drawn, fay: float) -> _Factors:
    """McCarthy (1966); Judkins (1990) for Fay's."""
    checked_fay(fay)
    unpaired = design.clusters_in_stratum != 2
    if unpaired.any():
        strata = [design.stratum_labels[place] for place in np.flatnonzero(unpaired)]
        raise Refusal(
            "halves_need_pairs",
            f"Balanced half-samples need two sampled units in every stratum; {len(strata)} of "
            f"{len(unpaired)} strata have another number: {named(strata)}.",
            "Choose the jackknife (JKn) or the Rao-Wu bootstrap.",
        )
    # Its first row is constant and would leave the halves of a stratum out of balance.
    H = hadamard(len(unpaired) + 1)[1 : len(unpaired) + 1]
    count = H.shape[1]
    factor = np.empty((2 * len(unpaired), count))
    for signs, (one, other) in zip(H, _members(design), strict=True):
        factor[one] = 1 + (1 - fay) * signs
        factor[other] = 1 - (1 - fay) * signs
    return _Factors(factor, 1 / (count * (1 - fay) ** 2), np.ones(count))


def _bootstrap(
    design: Drawn, share: Floats, method: str, count: int, random: np.random.Generator
) -> _Factors:
    """Rao and Wu (1988), as weights by Rao, Wu and Yue (1992); Canty and Davison (1999)."""
    if count < 2:
        raise ValueError("A bootstrap has at least two draws.")
    _refuse_lonely(design, share, certainty_only=True)
    factor = np.ones((len(design.stratum_of_cluster), count))
    for stratum, members in enumerate(_members(design)):
        size = len(members)
        if size == 1:
            continue
        drawn = size - 1 if method == "Rao-Wu" else size
        # A draw at a time into its own row of counts: multinomial numbers cost far more.
        picked = random.integers(0, size, (count, drawn)) + size * np.arange(count)[:, None]
        times = np.bincount(picked.ravel(), minlength=size * count).reshape(count, size).T
        stretch = np.sqrt(1 - share[stratum])
        factor[members] = 1 + stretch * (times * (size / drawn) - 1)
    return _Factors(factor, _bootstrap_scale(design, method) / (count - 1), np.ones(count))


def _bootstrap_scale(design: Drawn, method: str) -> float:
    """n_h draws of n_h show (n_h - 1) / n_h of the variance; R survey corrects by a mean n_h."""
    if method == "Rao-Wu":
        return 1.0
    mean = 1 / float(np.mean(1 / design.clusters_in_stratum))
    return mean / (mean - 1)
