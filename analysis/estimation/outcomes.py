"""What an outcome must be for an estimator, and the refusals of what it is not."""

import numpy as np

from analysis.estimation.design import named
from analysis.estimation.estimates import Floats
from analysis.estimation.sample import Sample
from analysis.refusals import Refusal

PERFECT_FIT = 1e-12


def refuse_not_binary(sample: Sample) -> None:
    """Refuse a logit, probit or cloglog of anything but 0 and 1."""
    odd = np.unique(sample.y[(sample.y != 0) & (sample.y != 1)])
    if odd.size:
        values = named([f"{value:g}" for value in odd])
        raise Refusal(
            "outcome_not_binary",
            f"A {words_of(sample)} needs an outcome of 0 and 1; {sample.wording.outcome} also has "
            f"the values {values}.",
            "Compare it with a threshold to make it yes or no, or use the linear estimator.",
        )


def refuse_not_shares(sample: Sample) -> None:
    """Refuse a fractional model of an outcome outside 0 to 1."""
    outside = (sample.y < 0) | (sample.y > 1)
    if outside.any():
        raise Refusal(
            "outcome_not_share",
            f"A {words_of(sample)} needs an outcome from 0 to 1; {sample.wording.outcome} is "
            f"outside for {outside.sum()} of {len(sample.y)} firms, such as "
            f"{sample.y[outside][0]:g}.",
            "Divide a percentage by 100, or use the linear estimator.",
        )


def refuse_not_counts(sample: Sample) -> None:
    """Refuse a model of counts of anything but whole numbers from 0."""
    odd = (sample.y < 0) | (sample.y != np.floor(sample.y))
    if odd.any():
        raise Refusal(
            "outcome_not_count",
            f"A {words_of(sample)} model needs whole numbers from 0; {sample.wording.outcome} is "
            f"not for {odd.sum()} of {len(sample.y)} firms, such as {sample.y[odd][0]:g}.",
            "Choose an outcome that counts, or the linear estimator.",
        )


def refuse_perfect_fit(sample: Sample, residual: Floats, tolerance: float = PERFECT_FIT) -> None:
    """Refuse a model whose terms reproduce the outcome to rounding."""
    if sample.weight @ residual**2 <= tolerance**2 * variation(sample):
        raise Refusal(
            "perfect_fit",
            f"The terms reproduce {sample.wording.outcome} exactly: it is one of them, or a sum "
            "of them.",
            "Leave out the terms from which the outcome was computed.",
        )


def variation(sample: Sample) -> float:
    """Weighted sum of squares of the outcome around its weighted mean."""
    centred: Floats = sample.y - np.average(sample.y, weights=sample.weight)
    return float(sample.weight @ centred**2)


def residual_variance(sample: Sample, residual: Floats) -> float:
    """Weighted sum of squared residuals over n - k."""
    spare = len(sample.y) - sample.Z.shape[1]
    return float(sample.weight @ residual**2 / spare)


def words_of(sample: Sample) -> str:
    """The estimator's name as words."""
    return sample.estimator.replace("_", " ")
