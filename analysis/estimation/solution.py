"""What a fitted model hands on: estimates, scores and information, firm by firm."""

from dataclasses import dataclass

from analysis.estimation.estimates import Floats
from analysis.estimation.sample import Sample


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Estimates at which the weighted scores sum to zero, in the sample's coordinates Z.

    Attributes
    ----------
    coefficients : (k,) floats, of Z
    linear_predictor : (m,) floats
    residual : (m,) floats
        Derivative of a firm's log-likelihood with respect to its linear predictor; for
        least squares y less the fitted value.
    bread : (k, k) floats
        Inverse of the expected information summed under weights of mean one.
    """

    coefficients: Floats
    linear_predictor: Floats
    residual: Floats
    bread: Floats

    def scores(self, sample: Sample) -> Floats:
        """(m, k) derivatives of the firms' log-likelihoods, before weighting."""
        result: Floats = sample.Z * self.residual[:, None]
        return result
