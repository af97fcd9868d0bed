"""What an estimator is: how a sample is solved, what it reads, what it allows."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.parts import Parts, Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution

LIKELIHOOD = frozenset({"model", "HC0", "HC1", "cluster", "design", "replicate"})
"""Covariances of every (pseudo-)likelihood; `model` is refused under weights."""
LEVERAGED = LIKELIHOOD | {"HC2", "HC3"}
"""Of those for which the leverage of a firm is defined."""
TWO_STEPS = LIKELIHOOD - {"model"}
"""Of estimating equations in steps, whose scores are stacked."""
SHARED_ROLES = (
    Role("cluster", "labels", "what clustered standard errors allow for", is_needed=False),
    Role("cluster_2", "labels", "a second way of clustering", is_needed=False),
)
"""Labels that the clustered covariance of any estimator may read."""


@dataclass(frozen=True, slots=True)
class Estimator:
    """One way to estimate a model.

    Attributes
    ----------
    name : as plans write it
    title : as tables write it
    about : a sentence for the reference page: what the outcome must be
    solve : the sample, and coefficients to start from, to a solution. Without a start every
        check is made first; with one, as replicates are refitted, only the fit is made.
    covariances : names of the covariances that are defined
    roles : what is read besides outcome and regressors
    complete : (n,) firms with all the answers the model needs, from outcome, regressors and
        parts; None asks for every answer of every part
    check_design : refuses designs that the scores cannot be summed over
    again : coefficients alone under the weights of a replicate, where that is cheaper
    near : the solution from a start near it without measures of fit; None where that is not
        proof that it exists, and `solve` has to look
    step_from_mean : of a mean outcome, the linear predictor and its derivative of the mean
    """

    name: str
    title: str
    about: str
    solve: Callable[[Sample, Floats | None], Solution]
    covariances: frozenset[str]
    roles: tuple[Role, ...] = ()
    complete: Callable[[Floats, DesignMatrix, Parts], Rows] | None = None
    check_design: Callable[[Sample, SurveyDesign, Covariance], None] | None = None
    again: Callable[[Sample, Floats], Floats] | None = None
    near: Callable[[Sample], Solution | None] | None = None
    step_from_mean: Callable[[float], tuple[float, float]] | None = None

    def refitted(self, sample: Sample, start: Floats) -> Floats:
        """(k,) working coefficients under a replicate's weights, from those of the whole."""
        if self.again is not None:
            return self.again(sample, start)
        return self.solve(sample, start).coefficients

    def check_roles(self, parts: Parts) -> None:
        """Raise ValueError if a needed role is missing, or one is given that is not read."""
        needed = {role.name for role in self.roles if role.is_needed}
        read = {role.name for role in (*self.roles, *SHARED_ROLES)}
        if missing := needed - parts.roles:
            raise ValueError(f"The estimator {self.name} needs {sorted(missing)}.")
        if odd := parts.roles - read:
            raise ValueError(f"The estimator {self.name} does not read {sorted(odd)}.")
