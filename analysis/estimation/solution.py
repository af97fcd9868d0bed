"""What a fitted model hands on: estimates, scores and information, firm by firm."""

from dataclasses import dataclass

import numpy as np
import scipy.linalg

from analysis.estimation.estimates import Floats
from analysis.estimation.sample import Sample


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Estimates at which the weighted scores sum to zero.

    Attributes
    ----------
    coefficients : (k,) floats
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
        result: Floats = sample.X * self.residual[:, None]
        return result


def inverse_information(X: Floats, curvature: Floats) -> Floats:
    """(k, k) inverse of the sum over rows of curvature times x x'.

    From the triangle of a QR decomposition of scaled columns, which loses half the digits
    that inverting the product would.
    """
    scale = np.sqrt(np.mean(X**2, axis=0))
    triangle = np.linalg.qr(np.sqrt(curvature)[:, None] * (X / scale), mode="r")
    inverse = scipy.linalg.solve_triangular(triangle, np.eye(len(scale)))
    result: Floats = inverse @ inverse.T / np.outer(scale, scale)
    return result
