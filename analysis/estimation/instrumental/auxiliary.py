"""Least squares that help to judge instruments, under any covariance of the engine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isinf

import numpy as np
from scipy import stats

from analysis.estimation.blocks import Block
from analysis.estimation.coordinates import inverse_information
from analysis.estimation.covariance import Fitted, uncertainty
from analysis.estimation.design import survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

# Smallest eigenvalue of the correlations of estimates that still can be inverted.
SINGULAR = 1e-12

Regression = Callable[[Sample], tuple[Floats, Floats]]
"""From a sample, perhaps reweighted, to the (m,) response and the (m, k) regressors."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A test with its reference distribution.

    Attributes
    ----------
    statistic : compared with F(numerator_df, denominator_df) where the latter is finite or the
        statistic is an F in name (chi-square over its degrees of freedom); with chi-square of
        numerator_df where `is_chi_square`
    """

    name: str
    statistic: float
    numerator_df: int
    denominator_df: float
    is_chi_square: bool = False

    @property
    def p_value(self) -> float:
        if self.is_chi_square:
            return float(stats.chi2.sf(self.statistic, self.numerator_df))
        if isinf(self.denominator_df):
            wald = self.statistic * self.numerator_df
            return float(stats.chi2.sf(wald, self.numerator_df))
        return float(stats.f.sf(self.statistic, self.numerator_df, self.denominator_df))


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """The last L coefficients of a least squares, with their covariance."""

    coefficients: Floats
    covariance: Floats
    residual_df: float

    @property
    def wald(self) -> float:
        scale = np.sqrt(np.diag(self.covariance))
        values, vectors = np.linalg.eigh(self.covariance / np.outer(scale, scale))
        if not values[0] > SINGULAR:
            raise Refusal(
                "covariance_singular",
                "The covariance of the instruments' coefficients cannot be inverted.",
                "There are too few clusters or replicates for so many instruments: leave some out.",
            )
        along = vectors.T @ (self.coefficients / scale)
        return float(along**2 @ (1 / values))

    def judged(self, name: str) -> Judgement:
        """The F test that they are all zero."""
        count = len(self.coefficients)
        return Judgement(name, self.wald / count, count, self.residual_df)


def tail(fitted: Fitted, regression: Regression, count: int, kind: Covariance) -> Tail:
    """Covariance of the last `count` coefficients of a least squares on the firms of a fit.

    Raises: Refusal, as `covariance.uncertainty`.
    """

    def solve(sample: Sample, _: Floats | None) -> Solution:
        return _least_squares(*regression(sample), sample.weight)

    helper = Estimator(
        "least_squares", "Two-stage least squares", "", solve, fitted.estimator.covariances
    )
    solution = solve(fitted.sample, None)
    spread = uncertainty(kind, Fitted(solution, fitted.sample, fitted.design, helper))
    return Tail(
        solution.coefficients[-count:],
        spread.covariance[-count:, -count:],
        spread.residual_df,
    )


def undesigned(sample: Sample, solution: Solution) -> Fitted:
    """A fit as if nothing but weights were known of the design: for model-based, HC0, HC1."""
    count = len(sample.y)
    return Fitted(
        solution,
        replace(sample, rows=np.ones(count, dtype=bool)),
        survey_design(count=count, weight=sample.weight if sample.is_weighted else None),
        Estimator("least_squares", "Two-stage least squares", "", lambda *_: solution, LIKELIHOOD),
    )


def _least_squares(y: Floats, Z: Floats, weight: Floats) -> Solution:
    bread = inverse_information(Z, weight)
    coefficients = np.zeros(Z.shape[1])
    for _ in range(2):  # the second mends the rounding of the first
        coefficients = coefficients + bread @ (Z.T @ (weight * (y - Z @ coefficients)))
    residual = y - Z @ coefficients
    spare = len(y) - Z.shape[1]
    columns = (Column(INTERCEPT), *(Column(f"{place}") for place in range(1, Z.shape[1])))
    return Solution(
        coefficients=coefficients,
        scores=Z * residual[:, None],
        bread=bread,
        blocks=(Block("", columns, Z, Z, np.eye(Z.shape[1])),),
        predictions={},
        dispersion=float(weight @ residual**2 / spare),
        residual_df=float(spare),
    )
