"""Replicate weights made from a design: jackknife, balanced halves, bootstrap."""

import numpy as np

from analysis.estimation.design import SurveyDesign
from analysis.refusals import Refusal
from mathematics.replicates import (
    FAY,
    ReplicateWeights,
    failed_replicates,
    given_replicates,
    replicate_variance,
)
from mathematics.replication import DRAWS, Method, replicated, settled_method

__all__ = [
    "Method",
    "ReplicateWeights",
    "failed_replicates",
    "given_replicates",
    "replicate_variance",
    "replicate_weights",
]


def replicate_weights(
    design: SurveyDesign,
    *,
    method: Method,
    count: int = DRAWS,
    seed: int | None = None,
    fay: float = FAY,
    correction: bool = True,
    mse: bool = False,
) -> ReplicateWeights:
    """Replicate weights of a design. Its strata, clusters and first-stage population are used.

    Parameters
    ----------
    design : SurveyDesign
        What it says of replicates is not read.
    method : str
        ``JK1`` leaves out one cluster at a time of a design without strata, ``JKn`` of a
        stratified one, ``jackknife`` is whichever fits; ``BRR`` takes one of two clusters of
        each stratum in balance and ``Fay`` weights them 2 - fay and fay; ``Rao-Wu`` draws
        n_h - 1 of n_h clusters with replacement and rescales; ``bootstrap`` draws n_h.
    count : int
        Draws of a bootstrap.
    seed : int
        Of a bootstrap; the same seed gives the same weights.
    fay : float
        From 0 up to, but not, 1.
    correction : bool
        Whether the finite population correction counts, where the design has one: JK1, JKn
        and Rao-Wu, for one stage. False says that it is to be left out, which makes
        variances too large rather than too small.
    mse : bool
        See `ReplicateWeights`.

    Raises
    ------
    Refusal
        ``singleton_stratum``, ``strata_for_jk1``, ``halves_need_pairs``, ``fay_invalid``,
        ``replicates_without_correction``, ``whole_population``, ``no_seed``,
        ``too_many_replicates``.

    Notes
    -----
    A calibrated design's replicates start from its weights before calibration, and each is
    calibrated as the weights were.
    """
    _refuse_correction(design, settled_method(design, method), correction=correction)
    calibration = design.calibration
    return replicated(
        design.weight if calibration is None else calibration.before,
        design,
        design.sampled_share if correction else np.zeros_like(design.sampled_share),
        method=method,
        count=count,
        seed=seed,
        fay=fay,
        mse=mse,
        recipe=None if calibration is None else calibration.recipe,
    )


def _refuse_correction(design: SurveyDesign, method: str, *, correction: bool) -> None:
    if not correction or not design.sampled_share.any():
        return
    if method in ("BRR", "Fay", "bootstrap"):
        why = f"{method} has no finite population correction"
    elif len(design.stages) > 0:
        why = "the correction of replicates knows one stage of drawing, and this design has more"
    else:
        return
    raise Refusal(
        "replicates_without_correction",
        f"The design has population counts, but {why}.",
        "Say that the correction is to be left out (variances are then somewhat too large), or "
        "choose linearised standard errors.",
    )
