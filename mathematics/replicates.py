"""Replicate weights, and the variance of what is estimated under each of them."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from mathematics.arrays import Floats, Rows
from mathematics.refusals import Refusal

# R survey counts the rank of the weights to this tolerance (of a QR decomposition).
RANK_TOLERANCE = 1e-5
# A replicate left out of a bootstrap is one draw fewer; beyond this share the draws that
# worked are no longer a picture of all.
MOST_FAILED = 0.05
FAY = 0.5
COUNTED_FROM_WEIGHTS = -1


@dataclass(frozen=True, eq=False)
class ReplicateWeights:
    """R sets of weights of the same n firms, and how their estimates make a variance.

    Attributes
    ----------
    weights : (n, R) floats
        The weights to estimate with, not factors to the design's weights. A column of NaN is
        a replicate that could not be calibrated.
    scale : float
    rscales : (R,) floats
        V = scale · Σ_r rscales_r (θ_r − c)(θ_r − c)'.
    mse : bool
        Whether c is the estimate under the full weights; otherwise it is the mean of the
        replicates' (as R survey by default).
    method : str
        ``JK1``, ``JKn``, ``BRR``, ``Fay``, ``Rao-Wu``, ``bootstrap``, or the giver's word.
    degrees_of_freedom : int
        Left out it is the rank of the weights less one, as R survey has it.

    Raises
    ------
    Refusal
        ``replicate_weight_negative``, ``replicate_weight_missing``, ``replicate_scale``.
    """

    weights: Floats
    scale: float
    rscales: Floats
    mse: bool = False
    method: str = "given"
    degrees_of_freedom: int = COUNTED_FROM_WEIGHTS
    is_counted: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", np.asarray(self.weights, dtype=float))
        object.__setattr__(self, "rscales", np.asarray(self.rscales, dtype=float))
        if self.weights.ndim != 2 or self.rscales.shape != (self.weights.shape[1],):
            raise ValueError("Replicate weights are (n, R), their scales (R,).")
        _check_weights(self.weights)
        _check_scales(self)
        if self.degrees_of_freedom == COUNTED_FROM_WEIGHTS:
            usable = self.weights[:, self.usable]
            object.__setattr__(self, "degrees_of_freedom", rank(usable) - 1)
            object.__setattr__(self, "is_counted", True)

    @property
    def count(self) -> int:
        """R, those that could not be calibrated counted too."""
        return int(self.weights.shape[1])

    @cached_property
    def usable(self) -> Rows:
        """(R,) replicates that have weights."""
        return np.asarray(~np.isnan(self.weights[:1]).any(axis=0))

    @property
    def is_random(self) -> bool:
        """Whether a replicate is one draw of many, so that one more or fewer is as good."""
        return self.method in ("Rao-Wu", "bootstrap")

    def degrees_of_freedom_in(self, domain: Rows) -> int:
        """Rank of the weights of the domain's firms less one, as R survey in a subset."""
        if domain.all() and self.is_counted:
            return self.degrees_of_freedom
        return rank(self.weights[domain][:, self.usable]) - 1


def given_replicates(
    weights: Floats,
    *,
    method: str,
    factors_of: Floats | None = None,
    fay: float = FAY,
    scale: float | None = None,
    rscales: Floats | None = None,
    mse: bool = False,
) -> ReplicateWeights:
    """Replicate weights that came with the data, (n, R).

    With `factors_of`, the (n,) full weights, what is given are factors to them. The scale
    follows from the method (JK1, BRR, Fay, Rao-Wu, bootstrap) unless it is given; for JKn, and
    methods of other names, `rscales` or `scale` must be given.

    Raises: Refusal ``replicate_scale``, ``fay_invalid`` and those of `ReplicateWeights`.
    """
    weights = np.asarray(weights, dtype=float)
    if factors_of is not None:
        weights = weights * np.asarray(factors_of, dtype=float)[:, None]
    count = weights.shape[1]
    known = {
        "JK1": (count - 1) / count,
        "BRR": 1 / count,
        "Fay": 1 / (count * (1 - checked_fay(fay)) ** 2),
        "Rao-Wu": 1 / (count - 1) if count > 1 else np.nan,
        "bootstrap": 1 / (count - 1) if count > 1 else np.nan,
    }
    if scale is None and rscales is None and method not in known:
        raise Refusal(
            "replicate_scale",
            f"Replicate weights of the kind '{method}' do not say how their estimates make a "
            "variance.",
            "Give scale or rscales, from the documentation of the weights.",
        )
    default = 1.0 if rscales is not None else known.get(method, 1.0)
    return ReplicateWeights(
        weights=weights,
        scale=default if scale is None else scale,
        rscales=np.ones(count) if rscales is None else np.asarray(rscales, dtype=float),
        mse=mse,
        method=method,
    )


def replicate_variance(estimates: Floats, full: Floats, replicates: ReplicateWeights) -> Floats:
    """Covariance of k estimates from their R replicates.

    Parameters
    ----------
    estimates : (R, k) floats
        A row with a value that is not finite is a replicate that failed.
    full : (k,) floats
        The estimates under the full weights; read where ``replicates.mse``.
    replicates : ReplicateWeights
        How they were made.

    Returns
    -------
    (k, k) floats, in products of the estimates' units

    Raises
    ------
    Refusal
        ``replicates_failed`` if any replicate of a jackknife or of balanced halves failed, for
        each has its own part in the sum; or more than 5 % of a bootstrap's. Fewer are left out
        of a bootstrap and the scale is set to the number that remain: ask
        `failed_replicates` for their number and say it beside the result.
    """
    estimates = np.asarray(estimates, dtype=float).reshape(replicates.count, -1)
    failed = np.asarray(~np.isfinite(estimates).all(axis=1))
    lost = int(failed.sum())
    if lost:
        _refuse_failed(failed, replicates)
    kept, rscales = estimates[~failed], replicates.rscales[~failed]
    scale = replicates.scale * replicates.count / len(kept)
    centre = np.asarray(full) if replicates.mse else kept[rscales > 0].mean(axis=0)
    deviation = (kept - centre) * np.sqrt(rscales)[:, None]
    covariance: Floats = scale * deviation.T @ deviation
    return covariance


def failed_replicates(estimates: Floats) -> int:
    """How many of the R rows of (R, k) estimates hold a value that is not finite."""
    values = np.asarray(estimates, dtype=float)
    return int((~np.isfinite(values.reshape(len(values), -1)).all(axis=1)).sum())


def rank(weights: Floats) -> int:
    """Number of linearly independent columns, to R's tolerance."""
    size = np.sqrt(np.einsum("ij,ij->j", weights, weights))
    scaled = weights / np.where(size > 0, size, 1.0)
    moments = scaled.T @ scaled if weights.shape[1] <= len(weights) else scaled @ scaled.T
    values = np.linalg.eigvalsh(moments)
    # Singular values are the roots of these.
    return int(np.count_nonzero(values > RANK_TOLERANCE**2 * values[-1])) if len(values) else 0


def checked_fay(fay: float) -> float:
    if not 0 <= fay < 1:
        raise Refusal(
            "fay_invalid",
            f"Fay's coefficient is {fay:g}.",
            "Give a number from 0 up to, but not, 1; 0.5 is usual.",
        )
    return fay


def _refuse_failed(failed: Rows, replicates: ReplicateWeights) -> None:
    lost, count = int(failed.sum()), replicates.count
    if replicates.is_random and lost <= MOST_FAILED * count:
        return
    raise Refusal(
        "replicates_failed",
        f"{lost} of {count} replicates ({replicates.method}) have no estimate, the first is "
        f"replicate {int(np.argmax(failed)) + 1}; the variance would be of the others only.",
        "Leave out the term that rests on few sampled units, join small strata or margins, or "
        "choose linearised standard errors.",
    )


def _check_weights(weights: Floats) -> None:
    missing = np.isnan(weights)
    partly = np.asarray(missing.any(axis=0) & ~missing.all(axis=0))
    for code, word, columns in (
        ("replicate_weight_missing", "missing", partly),
        ("replicate_weight_negative", "negative", np.asarray((weights < 0).any(axis=0))),
        ("replicate_weight_infinite", "infinite", np.asarray(np.isinf(weights).any(axis=0))),
    ):
        if columns.any():
            raise Refusal(
                code,
                f"{columns.sum()} of {len(columns)} replicates hold {word} weights; the first "
                f"is replicate {int(np.argmax(columns)) + 1}.",
                "Correct the replicate weights.",
            )


def _check_scales(replicates: ReplicateWeights) -> None:
    scales = np.append(replicates.rscales, replicates.scale)
    if not np.all(np.isfinite(scales) & (scales >= 0)) or not np.any(replicates.rscales > 0):
        raise Refusal(
            "replicate_scale",
            "The scales of the replicates must be finite, not negative, and not all zero.",
            "Take scale and rscales from the documentation of the replicate weights.",
        )
