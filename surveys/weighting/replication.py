"""Replicates of the final weights: every step of weighting is done again for each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mathematics.arrays import Codes, Floats
from mathematics.refusals import Refusal
from mathematics.replicates import ReplicateWeights
from mathematics.replication import DRAWS, Method, replicated
from surveys.weighting.chain import Step, Weighing


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """How n cases were drawn at the first stage; see `mathematics.replication.Drawn`.

    `share` is the part of each stratum that was drawn, (strata,), 0 where that is not known.
    """

    cluster_codes: Codes
    stratum_of_cluster: Codes
    clusters_in_stratum: Codes
    stratum_labels: tuple[str, ...]
    lonely: str
    share: Floats


def draw_of(
    stratum: npt.ArrayLike,
    *,
    cluster: npt.ArrayLike | None = None,
    population: npt.ArrayLike | None = None,
    lonely: str = "refuse",
) -> Draw:
    """The draw of n cases, nonrespondents among them.

    Parameters
    ----------
    stratum : (n,) labels
        Of the draw.
    cluster : (n,) labels or None
        What was drawn, as an enterprise group; None if the cases themselves.
    population : (n,) floats or None
        Clusters of the case's stratum on the frame, for the finite population correction.
    lonely : {"refuse", "certainty", "adjust", "average"}
        What a stratum with one drawn cluster adds to a variance.

    Raises: Refusal ``draw_missing``, ``cluster_in_two_strata``, ``population_too_small``.
    """
    strata, labels = _codes(stratum, "stratum")
    groups = np.arange(len(strata)) if cluster is None else _codes(cluster, "cluster")[0]
    of_cluster = np.zeros(groups.max(initial=-1) + 1, dtype=np.intp)
    of_cluster[groups] = strata
    split = of_cluster[groups] != strata
    if split.any():
        raise Refusal(
            "cluster_in_two_strata",
            f"A cluster lies in two strata; case {int(np.argmax(split)) + 1} is the first seen.",
            "Say what was drawn: a cluster belongs to one stratum.",
        )
    drawn = np.bincount(of_cluster, minlength=len(labels))
    share = np.zeros(len(labels)) if population is None else _share(population, strata, drawn)
    return Draw(groups, of_cluster, drawn, tuple(str(each) for each in labels), lonely, share)


def replicate_weights(
    base: npt.ArrayLike,
    steps: Sequence[Step],
    draw: Draw,
    *,
    method: Method = "jackknife",
    count: int = DRAWS,
    seed: int | None = None,
    mse: bool = False,
) -> ReplicateWeights:
    """(n, R) replicates of the final weights, each from a replicate of the base weights.

    A replicate in which a step fails, as a cell without respondents, is a column of NaN. The
    methods are those of `mathematics.replication`: "JK1", "JKn", "Rao-Wu", "bootstrap" and
    balanced halves. Raises: Refusal of `replicated`.
    """
    return replicated(
        np.asarray(base, dtype=float),
        draw,
        draw.share,
        method=method,
        count=count,
        seed=seed,
        mse=mse,
        recipe=Weighing(tuple(steps)),
    )


def _codes(labels: npt.ArrayLike, name: str) -> tuple[Codes, npt.NDArray[np.object_]]:
    codes, seen = pd.factorize(np.asarray(labels))
    if (codes < 0).any():
        raise Refusal(
            "draw_missing",
            f"The {name} of the draw is missing for {(codes < 0).sum()} cases; the first is case "
            f"{int(np.argmax(codes < 0)) + 1}.",
            "Fill it in: every case was drawn from somewhere.",
        )
    return np.asarray(codes, dtype=np.intp), np.asarray(seen, dtype=object)


def _share(population: npt.ArrayLike, strata: Codes, drawn: Codes) -> Floats:
    told, known = np.asarray(population, dtype=float), np.zeros(len(drawn))
    known[strata] = told
    differing = len(np.unique(strata[told != known[strata]]))
    if differing:
        raise Refusal(
            "population_differs",
            f"{differing} strata are given more than one number of units on the frame.",
            "Give every case of a stratum the same number: that of its stratum.",
        )
    few = ~(known >= drawn * (1 - 1e-9))
    if few.any():
        raise Refusal(
            "population_too_small",
            f"{few.sum()} strata are said to have fewer units on the frame than were drawn.",
            "Give the number of units of each stratum that the sample was drawn from.",
        )
    return np.asarray(np.minimum(drawn / known, 1.0))
