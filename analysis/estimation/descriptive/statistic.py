"""Statistics as smooth functions of weighted sums, and their covariance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimation.descriptive.scope import CovarianceName
from analysis.estimation.design import SurveyDesign
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Rows
from analysis.estimation.replicates import ReplicateWeights, replicate_variance
from analysis.estimation.variance import linearized_variance
from analysis.refusals import Refusal


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """k estimates from p weighted sums over the same firms.

    Attributes
    ----------
    terms : names of the k estimates
    rows : (n,) firms that are summed over
    columns : (n, p) floats, what is summed; 0 outside the rows
    function : (r, p) sums, one row for each set of weights, to (r, k) estimates
    jacobian : (k, p) derivatives of the function at the sums of the full sample
    domain : (n,) firms that the degrees of freedom are of, if not only those summed over
    """

    terms: tuple[str, ...]
    rows: Rows
    columns: Floats
    function: Callable[[Floats], Floats]
    jacobian: Floats
    domain: Rows | None = None

    @property
    def reference(self) -> Rows:
        """(n,) firms whose design gives the degrees of freedom."""
        return self.rows if self.domain is None else self.domain

    def values(self, weight: Floats) -> Floats:
        """(r, k) estimates under (n,) or (n, r) weights."""
        return self.function(np.atleast_2d(weight.T @ self.columns))

    @property
    def influence(self) -> Floats:
        """(n, k) change of the estimates per unit of weight of each firm (Woodruff 1971)."""
        result: Floats = self.columns @ self.jacobian.T
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """Estimates of all parts with their joint covariance.

    Attributes
    ----------
    values : (k,) floats
    covariance : (k, k) floats
    influence : (n, k) floats
    replicates : (R, k) floats, the estimates under each set of replicate weights, or None
    """

    values: Floats
    covariance: Floats
    influence: Floats
    replicates: Floats | None = None


def estimated(parts: Sequence[Part], design: SurveyDesign, covariance: CovarianceName) -> Estimated:
    """Values and covariance of the parts, jointly.

    Raises
    ------
    Refusal
        Those of the design; ``no_replicates``, ``replicates_failed``.
    """
    influence = np.hstack([part.influence for part in parts])
    values = np.concatenate([part.values(design.weight)[0] for part in parts])
    if covariance == "design":
        domain = np.logical_or.reduce([part.rows for part in parts])
        return Estimated(values, linearized_variance(influence, design, domain), influence)
    replicates = _replicate_weights(design)
    # Weights that leave a group empty divide by zero: those replicates are counted as failed.
    with np.errstate(divide="ignore", invalid="ignore"):
        repeated = np.hstack([part.values(replicates.weights) for part in parts])
    spread = replicate_variance(repeated, values, replicates)
    return Estimated(values, spread, influence, repeated)


def degrees_of_freedom(rows: Rows, design: SurveyDesign, covariance: CovarianceName) -> float:
    """Clusters less strata among these firms, or the rank of their replicate weights less one."""
    if covariance == "design":
        return float(design.degrees_of_freedom(rows))
    replicates = _replicate_weights(design)
    # The rank of a few hundred replicates takes longer than all else.
    spare = replicates.degrees_of_freedom
    return float(spare if rows.all() else min(spare, replicates.degrees_of_freedom_in(rows)))


def _replicate_weights(design: SurveyDesign) -> ReplicateWeights:
    if design.replicates is None:
        raise Refusal(
            "no_replicates",
            "The design has no replicate weights.",
            "Make or give replicate weights, or ask for the covariance 'design'.",
        )
    return design.replicates
