"""Interval regression: a quantity asked in classes, of which only the ends are known."""

import numpy as np

from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.labels import Rows
from analysis.estimation.likelihood.normal_limits import LATENT_MEAN, Known, solve_normal
from analysis.estimation.parts import Parts, Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal


def _solve(sample: Sample, start: Floats | None) -> Solution:
    lower = np.where(np.isnan(sample.y), -np.inf, sample.y)
    upper = np.where(np.isnan(sample.outcomes["upper"]), np.inf, sample.outcomes["upper"])
    _check(sample, lower, upper)
    known = Known(
        lower, upper, certain=f"between, above or below which limits {sample.wording.outcome} lies"
    )
    open_ends = int(np.sum(np.isinf(lower) | np.isinf(upper)))
    exact = int(known.exact.sum())
    return solve_normal(
        sample,
        known,
        start,
        what=f"The interval regression of {sample.wording.outcome}",
        predictions={"latent_mean": LATENT_MEAN},
        notes=(),
        measures={
            "n_exact": float(exact),
            "n_between_limits": float(len(lower) - exact - open_ends),
            "n_with_one_limit": float(open_ends),
        },
    )


def _complete(y: Floats, X: DesignMatrix, parts: Parts) -> Rows:
    """Firms with every regressor and at least one finite limit: one may be missing."""
    has_limit: Rows = np.isfinite(y) | np.isfinite(parts.outcomes["upper"])
    return has_limit & ~np.isnan(X.X).any(axis=1)


def _check(sample: Sample, lower: Floats, upper: Floats) -> None:
    """Raises: Refusal ``interval_reversed``."""
    rows = np.flatnonzero(sample.rows)
    reversed_ = (lower > upper) | np.isposinf(lower) | np.isneginf(upper)
    if reversed_.any():
        first = int(np.argmax(reversed_))
        raise Refusal(
            "interval_reversed",
            f"The lower limit of {sample.wording.outcome} is above the upper for "
            f"{reversed_.sum()} of {len(lower)} firms; the first is firm {rows[first] + 1} of the "
            f"data, with {lower[first]:g} and {upper[first]:g}.",
            "Correct the limits; a limit that is not known is left missing.",
        )


INTERVAL_REGRESSION = Estimator(
    "interval_regression",
    "Interval regression",
    "The outcome holds the lower limit of a quantity known to lie between two limits; where it "
    "is missing there is none.",
    solve=_solve,
    covariances=LIKELIHOOD,
    roles=(
        Role(
            "upper",
            "outcome",
            "The upper limit; the same as the lower where the quantity is known exactly, missing "
            "where there is none.",
        ),
    ),
    complete=_complete,
)
