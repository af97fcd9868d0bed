"""Differences between groups and variables, with the covariance between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.estimation.descriptive.association import is_singular
from analysis.estimation.descriptive.description import Description
from analysis.estimation.descriptive.statistic import degrees_of_freedom
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.labels import named
from analysis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class JointTest:
    """F test that all differences are zero, or that what they compare is equal."""

    statistic: float
    numerator_df: float
    denominator_df: float
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Differences of estimates.

    Attributes
    ----------
    estimates : Estimates of the differences
    intervals : (k, 2) confidence limits
    joint : adjusted Wald test that all are zero, or None where the design cannot give it
    notes : sentences for the table
    """

    estimates: Estimates
    intervals: Floats
    joint: JointTest | None
    notes: tuple[str, ...]


def contrasts(description: Description, weights: Mapping[str, Mapping[str, float]]) -> Comparison:
    """Linear combinations of the estimates of a description.

    Parameters
    ----------
    description
        as the descriptive functions return it
    weights
        name of the combination to weight by term; terms left out have weight 0

    Raises
    ------
    Refusal
        ``unknown_term``; ``no_sampling_variance`` if a term has no standard error.
    """
    terms = description.estimates.terms
    unknown = [term for row in weights.values() for term in row if term not in terms]
    if unknown:
        raise Refusal(
            "unknown_term",
            f"There is no estimate {named(unknown)}; there are {named(terms)}.",
            "Name terms of the description.",
        )
    matrix = np.array([[row.get(term, 0.0) for term in terms] for row in weights.values()])
    _refuse_unsure(description, matrix)
    estimates = description.estimates
    used = (matrix != 0).any(axis=0)
    firms = [rows for rows, is_used in zip(description.rows, used, strict=True) if is_used]
    df = degrees_of_freedom(
        np.logical_or.reduce(firms), description.design, description.covariance_type
    )
    inner = estimates.covariance[np.ix_(used, used)]
    return comparison(
        Estimates(
            tuple(weights),
            matrix @ estimates.coefficients,
            matrix[:, used] @ inner @ matrix[:, used].T,
            df,
        ),
        description.level,
        description.notes,
    )


def differences(
    description: Description, pairs: Sequence[tuple[str, str]] | None = None
) -> Comparison:
    """First less second of each pair of terms; every other term less the first if left out.

    The covariance between groups is that of their joint influences: groups that cut across
    clusters or strata are not independent.
    """
    terms = description.estimates.terms
    if len(terms) < 2:
        raise Refusal(
            "nothing_to_compare",
            f"There is one estimate, {named(terms)}, and a difference needs two.",
            "Describe by groups.",
        )
    chosen = pairs if pairs is not None else [(term, terms[0]) for term in terms[1:]]
    return contrasts(
        description, {f"{one} - {other}": {one: 1.0, other: -1.0} for one, other in chosen}
    )


def comparison(estimates: Estimates, level: float, notes: tuple[str, ...]) -> Comparison:
    """The comparison that estimates of differences make."""
    joint = joint_test(estimates)
    if joint is None and len(estimates.terms) > 1:
        notes += (
            "No joint test: the differences follow from one another, or there are too few "
            "sampled units.",
        )
    return Comparison(estimates, estimates.intervals(level), joint, notes)


def joint_test(estimates: Estimates) -> JointTest | None:
    """Adjusted Wald test that all estimates are zero; None where it is not defined.

    F = (d - k + 1) / (d k) b'V^-1 b on k and d - k + 1 degrees of freedom, d those of the
    design (Korn & Graubard 1990).
    """
    k, df = len(estimates.terms), estimates.residual_df
    spare = df - k + 1
    if spare <= 0 or is_singular(estimates.covariance):
        return None
    b = estimates.coefficients
    quadratic = float(b @ np.linalg.solve(estimates.covariance, b))
    statistic = quadratic * spare / (df * k)
    return JointTest(statistic, k, spare, float(stats.f.sf(statistic, k, spare)))


def _refuse_unsure(description: Description, matrix: Floats) -> None:
    used = (matrix != 0).any(axis=0)
    unsure = used & np.isnan(np.diag(description.estimates.covariance))
    if unsure.any():
        terms = np.array(description.estimates.terms, dtype=object)[unsure]
        raise Refusal(
            "no_sampling_variance",
            f"There is no standard error for {named(terms)}, for its firms do not differ; so "
            "nothing can be said of a difference from it.",
            "Leave it out, or join it with another group.",
        )
