"""A solved model with all that a covariance is made from, and a covariance with how to read it."""

from dataclasses import dataclass

import numpy as np

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """A covariance of the k working coefficients and how to read it.

    Attributes
    ----------
    covariance : (k, k) floats
    residual_df : degrees of freedom of t; ``inf`` for the normal
    replicates : (R, k) estimates of the replicates, where they were made
    notes : sentences of caution
    """

    covariance: Floats
    residual_df: float
    n_strata: int | None = None
    n_clusters: int | None = None
    replicates: Floats | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """All that a covariance is made from."""

    solution: Solution
    sample: Sample
    design: SurveyDesign
    estimator: Estimator

    @property
    def rows(self) -> Rows:
        """(n,) firms of the design that the estimates rest on."""
        if self.solution.used is None:
            return self.sample.rows
        rows = np.zeros(len(self.sample.rows), dtype=bool)
        rows[np.flatnonzero(self.sample.rows)[self.solution.used]] = True
        return rows

    @property
    def n(self) -> int:
        """How many they are."""
        used = self.solution.used
        return len(self.sample.y) if used is None else int(used.sum())

    @property
    def parameters(self) -> int:
        """Coefficients, and what was absorbed before they were estimated."""
        return len(self.solution.coefficients) + self.solution.absorbed

    def influence(self) -> Floats:
        """(m, k) weighted influence of the firms of the sample on the coefficients."""
        influence: Floats = self.solution.scores @ self.solution.bread.T
        influence *= self.sample.weight[:, None]
        return influence
