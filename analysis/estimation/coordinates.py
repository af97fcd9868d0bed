"""Coordinates in which the columns of a design matrix are far from one another.

A year and its square, counted from the year 0, span the same space as when counted from the
first year of the survey; but in the former coordinates eight of sixteen digits are lost.
Fits and covariances are computed in coordinates of our choice, and reported in the columns'.
"""

import numpy as np
import scipy.linalg

from analysis.estimation.estimates import Floats

# Smallest eigenvalue of the scaled moments whose inverse keeps twelve digits.
WELL_CONDITIONED = 1e-4
AT_A_TIME = 4096


def weighted_moments(X: Floats, weight: Floats) -> Floats:
    """(k, k) sums over firms of weight times x x'.

    Firms are taken some thousands at a time, so that what is multiplied stays in the
    processor's cache and no weighted copy of X is made.
    """
    moments = np.zeros((X.shape[1], X.shape[1]))
    for start in range(0, len(X), AT_A_TIME):
        part = X[start : start + AT_A_TIME]
        moments += part.T @ (weight[start : start + AT_A_TIME, None] * part)
    return moments


def coordinates(X: Floats, weight: Floats, moments: Floats) -> tuple[Floats, Floats]:
    """Z, (m, k), and the way back, (k, k), so that Z = X @ back.

    Coefficients b of Z are coefficients ``back @ b`` of X. The first column of Z is constant,
    as that of X. Columns are linearly independent.
    """
    scale = np.sqrt(np.diag(moments) / weight.sum())
    correlations = moments / np.outer(scale, scale) / weight.sum()
    if np.linalg.eigvalsh(correlations)[0] > WELL_CONDITIONED:
        return X / scale, np.diag(1 / scale)
    return _orthogonal(X, weight)


def _orthogonal(X: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Centred, then made orthogonal under the weights, each after those before it."""
    mean = weight @ X[:, 1:] / weight.sum()
    centred = X[:, 1:] - mean
    length = np.sqrt(weight @ centred**2 / weight.sum())
    standard = np.column_stack([X[:, 0], centred / length])
    root = np.sqrt(weight / weight.sum())[:, None]
    basis, triangle = np.linalg.qr(root * standard)
    centring = np.diag(np.concatenate([[1.0], 1 / length]))
    centring[0, 1:] = -mean / length
    back: Floats = scipy.linalg.solve_triangular(triangle.T, centring.T, lower=True).T
    return np.asfortranarray(basis / root), back


def inverse_information(Z: Floats, curvature: Floats) -> Floats:
    """(k, k) inverse of the sum over rows of curvature times z z'."""
    information = weighted_moments(Z, curvature)
    scale = np.sqrt(np.diag(information))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] >= WELL_CONDITIONED:
        inverse = (vectors / values) @ vectors.T
    else:
        # A QR decomposition loses half the digits that inverting the product does.
        triangle = np.linalg.qr(np.sqrt(curvature)[:, None] * (Z / scale), mode="r")
        root = scipy.linalg.solve_triangular(triangle, np.eye(len(scale)))
        inverse = root @ root.T
    result: Floats = inverse / np.outer(scale, scale)
    return result
