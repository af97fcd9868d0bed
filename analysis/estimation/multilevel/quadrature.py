"""The likelihood of a logit with normal region effects, by adaptive Gauss-Hermite quadrature.

Of region g: the logarithm of the integral over standard normal v of
exp(sum_i w_i log f(y_i | x_i'b + r_i'L v)). Nodes stand about the mode of the integrand and are
spread by its curvature there (Liu and Pierce 1994; Pinheiro and Bates 1995), so they move with
the parameters. The gradient is that of what is computed, nodes moving; second derivatives
are complex steps of the gradient. So every array here may be complex, and each formula is an
analytic function.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.multilevel.climb import IMAGINARY
from analysis.estimation.multilevel.regions import Batch, Regions
from analysis.estimation.sample import Sample

MODE_STEPS = 100
MODE_HALVINGS = 30
MODE = 1e-13
# Newton steps in complex numbers from the mode in real ones: the first is exact.
COMPLEX_STEPS = 2
ROOT_OF_EPSILON = 1e-7


class Integral(NamedTuple):
    """Logarithms of the G integrals and, for the p firms in order, parts of their gradient.

    The gradient is the sum over a region's firms of `by_predictor` times x, and of r times
    `by_effect`'.
    """

    heights: Batch
    by_predictor: Batch
    by_effect: Batch


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """J points in q dimensions: (J, q), and logarithms of weights times exp(x'x / 2), (J,)."""

    points: Floats
    log_weights: Floats


def nodes(points: int, dimensions: int) -> Nodes:
    """The grid of `points` in each dimension; one point is the Laplace approximation."""
    x, w = np.polynomial.hermite_e.hermegauss(points)
    log_w = np.log(w / np.sqrt(2 * np.pi)) + x**2 / 2
    grid = np.stack(np.meshgrid(*[x] * dimensions, indexing="ij"), axis=-1)
    weights = np.stack(np.meshgrid(*[log_w] * dimensions, indexing="ij"), axis=-1)
    return Nodes(grid.reshape(-1, dimensions), weights.reshape(-1, dimensions).sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class _Modes:
    """Of each region: mode (G, q), root C (G, q, q) of the inverse curvature, C C' = inverse.

    For each firm: `t` (p, q), L'r; `p` (p,), probability at the mode.
    """

    v: Batch
    C: Batch
    t: Batch
    p: Batch


class LogitIntegrals:
    """The integrals of one sample. Parameters are the k coefficients and those of L."""

    def __init__(self, sample: Sample, regions: Regions, grid: Nodes) -> None:
        order = regions.order
        self.regions, self.grid = regions, grid
        self.y, self.Z, self.R = sample.y[order], sample.Z[order], regions.working
        self.w, self.W = regions.firm_weight, regions.region_weight
        self.k = self.Z.shape[1]
        self.last = np.zeros((regions.count, self.R.shape[1]))

    def integral(self, parameters: Floats) -> Integral:
        """The integrals at some parameters."""
        return self._moving(parameters, self._real_modes(parameters))

    def height(self, parameters: Floats) -> tuple[float, Floats]:
        """The log-likelihood and its gradient, under the weights of the regions."""
        if not np.isfinite(parameters).all():
            return -np.inf, parameters
        integral = self.integral(parameters)
        return float(self.W @ integral.heights), self._gradient(integral)

    def curvature(self, parameters: Floats) -> Floats:
        """(k + t, k + t) second derivatives."""
        start = self._real_modes(parameters).v
        result = np.empty((len(parameters), len(parameters)))
        for place in range(len(parameters)):
            moved = parameters.astype(complex)
            moved[place] += 1j * IMAGINARY
            modes = self._complex_modes(moved, start)
            result[:, place] = self._gradient(self._moving(moved, modes)).imag / IMAGINARY
        return (result + result.T) / 2

    def scores(self, parameters: Floats) -> Floats:
        """(G, k + t) scores of the regions, before the regions' weights."""
        integral = self.integral(parameters)
        rows, columns = self.regions.lower
        return np.hstack(
            [
                self.regions.sums(integral.by_predictor[:, None] * self.Z),
                self.regions.sums(self.R[:, rows] * integral.by_effect[:, columns]),
            ]
        )

    def effects(self, parameters: Floats) -> tuple[Floats, Floats]:
        """Modes of the regions' effects (G, q), and covariances (G, q, q), in working units."""
        modes = self._real_modes(parameters)
        root = self.regions.triangle(parameters[self.k :]) @ modes.C
        L = self.regions.triangle(parameters[self.k :])
        return np.asarray(modes.v @ L.T), np.asarray(root @ np.swapaxes(root, 1, 2))

    def _gradient(self, integral: Integral) -> Batch:
        both = self.W[self.regions.code]
        by_triangle = self.R.T @ (both[:, None] * integral.by_effect)
        return np.concatenate(
            [self.Z.T @ (both * integral.by_predictor), by_triangle[self.regions.lower]]
        )

    def _fixed(self, parameters: Batch) -> tuple[Batch, Batch]:
        """Fixed part of the predictors, (p,), and L'r, (p, q)."""
        L = self.regions.triangle(parameters[self.k :])
        return self.Z @ parameters[: self.k], self.R @ L

    def _real_modes(self, parameters: Floats) -> _Modes:
        fixed, t = self._fixed(parameters)
        v = self._searched(fixed, t, self.last)
        self.last = v
        return self._at_mode(fixed, t, v)

    def _complex_modes(self, parameters: Batch, start: Floats) -> _Modes:
        fixed, t = self._fixed(parameters)
        v = start.astype(complex)
        for _ in range(COMPLEX_STEPS):
            v = v + self._newton(fixed, t, v)[0]
        return self._at_mode(fixed, t, v)

    def _newton(self, fixed: Batch, t: Batch, v: Batch) -> tuple[Batch, Batch]:
        """The step to the modes, (G, q), and the curvature, (G, q, q)."""
        p = _logistic(fixed + np.einsum("ij,ij->i", t, v[self.regions.code]))
        gradient = self.regions.sums((self.w * (self.y - p))[:, None] * t) - v
        curvature = self._curved(p, t)
        return np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0], curvature

    def _curved(self, p: Batch, t: Batch) -> Batch:
        kappa = (self.w * p * (1 - p))[:, None, None]
        result: Batch = self.regions.sums(kappa * t[:, :, None] * t[:, None, :])
        return result + np.eye(t.shape[1])

    def _searched(self, fixed: Floats, t: Floats, start: Floats) -> Floats:
        """(G, q) modes: Newton steps, halved for the regions in which the integrand falls."""
        v, height = start, self._inside(fixed, t, start)
        for _ in range(MODE_STEPS):
            step = self._newton(fixed, t, v)[0]
            if np.max(np.abs(step)) < MODE:
                break
            for _ in range(MODE_HALVINGS):
                ahead = self._inside(fixed, t, v + step)
                falls = ahead < height - ROOT_OF_EPSILON**2 * (1 + np.abs(height))
                if not falls.any():
                    break
                step = np.where(falls[:, None], step / 2, step)
            v, height = v + step, ahead
        return v

    def _inside(self, fixed: Floats, t: Floats, v: Floats) -> Floats:
        """(G,) logarithm of the integrand at one point of each region."""
        eta = fixed + np.einsum("ij,ij->i", t, v[self.regions.code])
        density = self.regions.sums(self.w * (self.y * eta - _softplus(eta)))
        result: Floats = np.real(density - np.einsum("gi,gi->g", v, v) / 2)
        return result

    def _at_mode(self, fixed: Batch, t: Batch, v: Batch) -> _Modes:
        p = _logistic(fixed + np.einsum("ij,ij->i", t, v[self.regions.code]))
        return _Modes(v, _inverse_root(self._curved(p, t)), t, p)

    def _moving(self, parameters: Batch, modes: _Modes) -> Integral:
        """The integrals, and their derivatives with the nodes moving."""
        regions, code, x = self.regions, self.regions.code, self.grid.points
        v = modes.v[:, None, :] + x @ np.swapaxes(modes.C, 1, 2)
        fixed = self._fixed(parameters)[0]
        eta = fixed[:, None] + np.einsum("ij,igj->ig", modes.t, v[code])
        density = regions.sums(self.w[:, None] * (self.y[:, None] * eta - _softplus(eta)))
        terms = self.grid.log_weights + density - np.einsum("gjq,gjq->gj", v, v) / 2
        top = terms.real.max(axis=1)
        shares = np.exp(terms - top[:, None])
        total = shares.sum(axis=1)
        shares = shares / total[:, None]
        heights = np.log(total) + top + _log_determinant(modes.C)
        errors = (self.w[:, None] * (self.y[:, None] - _logistic(eta))) * shares[code]
        # What the integrand gains at each node if it moves, times the node's share.
        pull = regions.sums(modes.t[:, None, :] * errors[:, :, None]) - v * shares[:, :, None]
        mean_error = errors.sum(axis=1)
        moved = self._moved(modes, pull)
        by_effect = np.einsum("ij,ijq->iq", errors, v[code]) + moved.by_effect
        return Integral(heights, mean_error + moved.by_predictor, by_effect)

    def _moved(self, modes: _Modes, pull: Batch) -> Integral:
        """What nodes that move with mode and curvature add to the gradient."""
        code, t, p, C = self.regions.code, modes.t, modes.p, modes.C
        kappa = self.w * p * (1 - p)
        Q = np.swapaxes(C, 1, 2) @ np.einsum("gjq,jr->gqr", pull, self.grid.points)
        upper = np.triu(Q, 1)
        diagonal = np.einsum("gii->gi", Q) + 1
        P = (upper + np.swapaxes(upper, 1, 2) + diagonal[:, :, None] * np.eye(t.shape[1])) / 2
        spread = (C @ P @ np.swapaxes(C, 1, 2))[code]
        spread_t = np.einsum("iqr,ir->iq", spread, t)
        bent = kappa * (1 - 2 * p) * np.einsum("iq,iq->i", t, spread_t)
        force = pull.sum(axis=1) - self.regions.sums(bent[:, None] * t)
        c = np.einsum("gqr,gsr,gs->gq", C, C, force)[code]
        by_predictor = -bent - kappa * np.einsum("iq,iq->i", t, c)
        by_effect = (
            by_predictor[:, None] * modes.v[code]
            - 2 * kappa[:, None] * spread_t
            + (self.w * (self.y - p))[:, None] * c
        )
        return Integral(by_predictor, by_predictor, by_effect)


def _softplus(eta: Batch) -> Batch:
    """log(1 + exp(eta)) without overflow, real or complex."""
    size = np.where(eta.real > 0, -eta, eta)
    result: Batch = np.where(eta.real > 0, eta, 0) + np.log1p(np.exp(size))
    return result


def _logistic(eta: Batch) -> Batch:
    """1 / (1 + exp(-eta)) without overflow, real or complex."""
    small = np.exp(np.where(eta.real > 0, -eta, eta))
    result: Batch = np.where(eta.real > 0, 1, small) / (1 + small)
    return result


def _inverse_root(curvature: Batch) -> Batch:
    """(G, q, q) C with C C' the inverse: of the lower root K of Cholesky, the inverse of K'.

    Written out, for library routines take complex matrices to be Hermitian.
    """
    q = curvature.shape[1]
    K = np.zeros_like(curvature)
    for column in range(q):
        for row in range(column, q):
            rest = curvature[:, row, column] - np.einsum(
                "gi,gi->g", K[:, row, :column], K[:, column, :column]
            )
            K[:, row, column] = np.sqrt(rest) if row == column else rest / K[:, column, column]
    return np.swapaxes(np.linalg.inv(K), 1, 2)


def _log_determinant(C: Batch) -> Batch:
    """(G,) of triangles with a positive diagonal."""
    result: Batch = np.log(np.einsum("gii->gi", C)).sum(axis=1)
    return result
