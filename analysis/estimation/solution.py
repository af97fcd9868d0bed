"""What a fitted model hands on: estimates, scores and information, firm by firm."""

from dataclasses import dataclass

import numpy as np
import scipy.linalg

from analysis.estimation.estimates import Floats
from analysis.estimation.sample import Sample

# Smallest eigenvalue of scaled information whose inverse keeps twelve digits.
WELL_CONDITIONED = 1e-4


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
    """(k, k) inverse of the sum over rows of curvature times x x'."""
    information = X.T @ (curvature[:, None] * X)
    scale = np.sqrt(np.diag(information))
    inverse = _inverse(information / np.outer(scale, scale))
    if inverse is None:
        # A QR decomposition loses half the digits that inverting the product does.
        triangle = np.linalg.qr(np.sqrt(curvature)[:, None] * (X / scale), mode="r")
        root = scipy.linalg.solve_triangular(triangle, np.eye(len(scale)))
        inverse = root @ root.T
    result: Floats = inverse / np.outer(scale, scale)
    return result


def _inverse(correlations: Floats) -> Floats | None:
    """The inverse, or None where it would lose more than a few digits."""
    values, vectors = np.linalg.eigh(correlations)
    if values[0] < WELL_CONDITIONED:
        return None
    result: Floats = (vectors / values) @ vectors.T
    return result
