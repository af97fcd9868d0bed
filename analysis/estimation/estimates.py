"""Estimates: coefficients with their covariance and degrees of freedom, and the fit."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Covariance = Literal["model", "HC0", "HC1", "HC2", "HC3", "cluster", "design", "replicate"]


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """k named estimates with their joint covariance.

    Attributes
    ----------
    terms : tuple of k str
    coefficients : (k,) floats
    covariance : (k, k) floats
    residual_df : float
        Degrees of freedom of the t reference distribution; ``inf`` for the normal.
    term_df : (k,) floats or None
        Of each term by itself where they differ, as after multiple imputation; `residual_df`
        is then the smallest.
    """

    terms: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    residual_df: float
    term_df: Floats | None = None

    @property
    def degrees_of_freedom(self) -> Floats:
        """(k,) of each term."""
        if self.term_df is not None:
            return self.term_df
        return np.full(len(self.terms), self.residual_df)

    @property
    def std_errors(self) -> Floats:
        return np.sqrt(np.diag(self.covariance))

    @property
    def statistics(self) -> Floats:
        return self.coefficients / self.std_errors

    @property
    def p_values(self) -> Floats:
        result: Floats = 2 * stats.t.sf(np.abs(self.statistics), self.degrees_of_freedom)
        return result

    def intervals(self, level: float = 0.95) -> Floats:
        """(k, 2) lower and upper confidence limits."""
        half = stats.t.ppf((1 + level) / 2, self.degrees_of_freedom) * self.std_errors
        return np.column_stack([self.coefficients - half, self.coefficients + half])


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """One fitted model and all that a table says of it.

    Attributes
    ----------
    estimates : Estimates of the coefficients, intercept first, on the scale of the
        linear predictor; those of other equations after those of the main one.
    margins : Estimates of the average marginal effects, or None where not asked.
    margins_of : what the effects are of, in words
    derived : Estimates that follow from the coefficients, such as a variance; or None
    ancillary : those of the terms that are single parameters, such as thresholds
    log_likelihood : float or None
        None where weights or least squares leave no likelihood to report.
    fit_measures : mapping such as {"r_squared": .., "mcfadden_r_squared": ..}
    population : sum of weights over the n rows, or None without weights
    dropped : pairs of column name and the reason it was dropped
    notes : sentences for the table's notes
    units : where rows are firms in waves, of how many firms; else None
    """

    estimator: str
    covariance_type: Covariance
    estimates: Estimates
    n: int
    n_strata: int | None = None
    n_clusters: int | None = None
    population: float | None = None
    log_likelihood: float | None = None
    fit_measures: dict[str, float] = field(default_factory=dict)
    margins: Estimates | None = None
    margins_of: str = ""
    derived: Estimates | None = None
    ancillary: tuple[str, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    units: int | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """Terms that belong to no regressor: thresholds, variances, what is derived."""
        return self.ancillary + (() if self.derived is None else self.derived.terms)
