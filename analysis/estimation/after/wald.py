"""Wald tests of linear hypotheses, directed tests, and contrasts with their intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf, isinf
from typing import Literal

import numpy as np
import scipy.linalg
from scipy import stats

from analysis.estimation.after.hypotheses import (
    Asked,
    as_matrix,
    linear_hypothesis,
    sum_of,
)
from analysis.estimation.after.language import read_direction
from analysis.estimation.design import named
from analysis.estimation.estimates import Estimates, Floats
from analysis.refusals import Refusal

Reference = Literal["F", "adjusted F", "chi-square"]
# Smallest eigenvalue of the correlations of estimates that still can be inverted.
SINGULAR = 1e-12


@dataclass(frozen=True, slots=True)
class WaldTest:
    """A joint test of q restrictions.

    Attributes
    ----------
    restrictions : q sentences
    wald : the quadratic form W, chi-square with q degrees of freedom in large samples
    statistic : what is compared with the reference distribution
    numerator_df, denominator_df : of F; the latter ``inf`` for chi-square
    """

    restrictions: tuple[str, ...]
    wald: float
    statistic: float
    numerator_df: int
    denominator_df: float
    p_value: float
    reference: Reference


@dataclass(frozen=True, slots=True)
class DirectedTest:
    """A one-sided test that a sum of coefficients lies on one side of zero.

    Attributes
    ----------
    hypothesis : the alternative, as asked
    estimate, std_error : of the left side less the right side
    statistic : t
    p_value : probability of a t as far in the direction of the hypothesis if both sides are equal
    """

    hypothesis: str
    estimate: float
    std_error: float
    statistic: float
    residual_df: float
    p_value: float


def wald_test(
    estimates: Estimates,
    hypothesis: Asked | Sequence[Asked],
    *,
    reference: Reference = "F",
    design_df: float | None = None,
) -> WaldTest:
    r"""Test that linear restrictions R b = r hold together.

    Parameters
    ----------
    estimates : Estimates
        k coefficients under any covariance.
    hypothesis : sentence, mapping, Restriction, or several
        As `hypotheses.linear_hypothesis` takes them.
    reference : {"F", "adjusted F", "chi-square"}
        ``F``: W / q with F(q, residual df), as R's ``regTermTest(method = "Wald")``.
        ``adjusted F``: (d - q + 1) / (d q) W with F(q, d - q + 1), as Stata's ``test`` after
        ``svy`` (Korn & Graubard 1990), which allows for the design covariance itself being
        estimated from d degrees of freedom. ``chi-square``: W.
    design_df : float or None
        d of the adjusted F: sampled units less strata. None is the residual df.

    Raises
    ------
    Refusal
        As `hypotheses.linear_hypothesis`; ``covariance_singular``,
        ``no_degrees_of_freedom``.

    Notes
    -----
    .. math:: W = (R\hat b - r)' (R \hat V R')^{-1} (R\hat b - r)
    """
    asked = linear_hypothesis(hypothesis, estimates.terms)
    difference = asked.matrix @ estimates.coefficients - asked.values
    covariance = asked.matrix @ estimates.covariance @ asked.matrix.T
    wald = quadratic_form(difference, covariance, asked.words)
    count = len(difference)
    freedom = _freedom(reference, estimates.residual_df, design_df)
    scale, denominator = 1 / count, freedom
    if reference == "adjusted F" and not isinf(freedom):
        scale, denominator = (freedom - count + 1) / (freedom * count), freedom - count + 1
    _refuse_no_freedom(denominator, count, freedom)
    if isinf(denominator):
        return WaldTest(
            asked.words, wald, wald, count, inf, float(stats.chi2.sf(wald, count)), "chi-square"
        )
    p_value = float(stats.f.sf(scale * wald, count, denominator))
    return WaldTest(asked.words, wald, scale * wald, count, denominator, p_value, reference)


def equality_test(
    estimates: Estimates,
    terms: Sequence[str],
    *,
    reference: Reference = "F",
    design_df: float | None = None,
) -> WaldTest:
    """Test that all the terms named have one coefficient."""
    pairs = [{one: 1.0, other: -1.0} for one, other in pairwise(terms)]
    return wald_test(estimates, pairs, reference=reference, design_df=design_df)


def zero_test(
    estimates: Estimates,
    terms: Sequence[str],
    *,
    reference: Reference = "F",
    design_df: float | None = None,
) -> WaldTest:
    """Test that the coefficients of all the terms named are zero."""
    alone = [{term: 1.0} for term in terms]
    return wald_test(estimates, alone, reference=reference, design_df=design_df)


def directed_test(estimates: Estimates, hypothesis: str) -> DirectedTest:
    """One-sided t-test of "a > b" or "a < b" against equality.

    Raises: Refusal, as `wald_test`.
    """
    restriction, sign = read_direction(hypothesis, estimates.terms)
    contrast = contrasts(estimates, {hypothesis: restriction})
    estimate, std_error = float(contrast.coefficients[0]), float(contrast.std_errors[0])
    statistic = estimate / std_error
    p_value = float(stats.t.sf(sign * statistic, estimates.residual_df))
    return DirectedTest(hypothesis, estimate, std_error, statistic, estimates.residual_df, p_value)


def contrasts(estimates: Estimates, asked: Mapping[str, Asked]) -> Estimates:
    """Weighted sums of coefficients, by name, with their joint covariance.

    A sentence such as "a - b" or "2 * a = b + 1" is the left side less the right side. The
    result is Estimates: standard errors, p-values and intervals are read from it, and it may
    go into any test in turn.

    Raises: Refusal, as `hypotheses.linear_hypothesis`; ``covariance_singular`` for a sum
    without variance.
    """
    sums = [replace(sum_of(each, estimates.terms), words=name) for name, each in asked.items()]
    hypothesis = as_matrix(sums, estimates.terms)
    covariance = hypothesis.matrix @ estimates.covariance @ hypothesis.matrix.T
    _refuse_without_variance(np.diag(covariance), hypothesis.words)
    return Estimates(
        terms=hypothesis.words,
        coefficients=hypothesis.matrix @ estimates.coefficients - hypothesis.values,
        covariance=covariance,
        residual_df=estimates.residual_df,
    )


def quadratic_form(difference: Floats, covariance: Floats, words: Sequence[str]) -> float:
    """The squared length of the difference in units of its covariance.

    Raises: Refusal ``covariance_singular``, naming what it is of.
    """
    variance = np.diag(covariance)
    _refuse_without_variance(variance, words)
    scale = np.sqrt(variance)
    correlation = covariance / np.outer(scale, scale)
    if np.linalg.eigvalsh(correlation)[0] <= SINGULAR:
        raise Refusal(
            "covariance_singular",
            f"The covariance of {named(words)} is singular: the sample has fewer degrees of "
            "freedom than there are restrictions, or their estimates determine each other.",
            "Test fewer restrictions together, or use a covariance with more degrees of freedom.",
        )
    scaled = difference / scale
    return float(scaled @ scipy.linalg.solve(correlation, scaled, assume_a="pos"))


def _refuse_without_variance(variance: Floats, words: Sequence[str]) -> None:
    bad = ~(np.isfinite(variance) & (variance > 0))
    if bad.any():
        raise Refusal(
            "covariance_singular",
            f"There is no sampling variance of {named(np.asarray(words, dtype=object)[bad])}.",
            "Look at the standard errors of its terms: a term without one cannot be tested.",
        )


def _freedom(reference: Reference, residual_df: float, design_df: float | None) -> float:
    if reference == "chi-square":
        return inf
    if reference == "adjusted F" and design_df is not None:
        return design_df
    return residual_df


def _refuse_no_freedom(denominator: float, count: int, freedom: float) -> None:
    if denominator <= 0:
        raise Refusal(
            "no_degrees_of_freedom",
            f"{count} restrictions cannot be tested together with {freedom:g} degrees of freedom.",
            "Test fewer restrictions together.",
        )
