"""The likelihood of a linear model of firms in regions.

Firm i of region g: y = x'b + r'u_g + e, u_g normal with covariance L L', e normal. Sums of
squares and products within regions are all that the likelihood needs. Derivatives by the
random effects' parameters follow from Fisher's identity, as the expectation given the data of
those of the likelihood in which the effects are known.
"""

from dataclasses import dataclass
from math import pi

import numpy as np

from analysis.estimation.coordinates import inverse_information
from analysis.estimation.estimates import Floats
from analysis.estimation.multilevel.climb import IMAGINARY
from analysis.estimation.multilevel.regions import Batch, Regions
from analysis.estimation.sample import Sample


@dataclass(frozen=True, slots=True, eq=False)
class _Products:
    """Weighted sums within the G regions that do not depend on parameters.

    `count` (G,); `RR` (G, q, q); `ZR` (G, k, q); `ZZ` (k, k), over all regions.
    """

    count: Floats
    RR: Floats
    ZR: Floats
    ZZ: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Residuals:
    """Weighted sums of products with residuals: `ee` (G,), `Re` (G, q), `Ze` (k,)."""

    ee: Floats
    Re: Floats
    Ze: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Given the data, the standardised effects of a region have mean `m` and variance `V`.

    `m` (G, q); `V` (G, q, q); `A` (G, q, q) and `B` (G, q): RR and Re over the residual
    variance; `L` (q, q); `s2` the residual variance.
    """

    m: Batch
    V: Batch
    A: Batch
    B: Batch
    L: Batch
    s2: complex


class Normal:
    """The likelihood of one sample, restricted or not."""

    def __init__(self, sample: Sample, regions: Regions, *, is_restricted: bool) -> None:
        self.sample, self.regions, self.is_restricted = sample, regions, is_restricted
        order, w = regions.order, regions.firm_weight
        self.y, self.Z, self.R, self.w = sample.y[order], sample.Z[order], regions.working, w
        self.k, self.q = self.Z.shape[1], self.R.shape[1]
        self.W = regions.region_weight
        weighted = w[:, None, None] * self.R[:, None, :]
        both = w * self.W[regions.code]
        self.products = _Products(
            count=regions.sums(w),
            RR=regions.sums(self.R[:, :, None] * weighted),
            ZR=regions.sums(self.Z[:, :, None] * weighted),
            ZZ=self.Z.T @ (both[:, None] * self.Z),
        )
        self.both = both

    def residuals(self, b: Floats) -> Residuals:
        e = self.y - self.Z @ b
        we = self.w * e
        return Residuals(
            ee=self.regions.sums(we * e),
            Re=self.regions.sums(we[:, None] * self.R),
            Ze=self.Z.T @ (self.both * e),
        )

    def posterior(self, residuals: Residuals, theta: Batch) -> Posterior:
        L, s2 = self.regions.triangle(theta[:-1]), np.exp(2 * theta[-1])
        A, B = self.products.RR / s2, residuals.Re / s2
        V = np.linalg.inv(np.eye(self.q) + L.T @ A @ L)
        return Posterior((V @ (B @ L)[:, :, None])[:, :, 0], V, A, B, L, s2)

    def of_effects(self, residuals: Residuals, p: Posterior) -> tuple[Batch, Batch]:
        """Regions' derivatives by L, (G, q, q), and by the logarithm of sigma, (G,)."""
        square = p.V + p.m[:, :, None] * p.m[:, None, :]
        by_triangle = p.B[:, :, None] * p.m[:, None, :] - p.A @ p.L @ square
        Lm = p.m @ p.L.T
        explained = np.einsum("gij,gji->g", p.A @ p.L @ square, np.broadcast_to(p.L.T, p.A.shape))
        by_sigma = (
            -self.products.count
            + residuals.ee / p.s2
            - 2 * np.einsum("gi,gi->g", p.B, Lm)
            + explained
        )
        return by_triangle, by_sigma

    def of_coefficients(self, residuals: Residuals, p: Posterior) -> Batch:
        """(k,) derivatives by the coefficients, summed over regions."""
        Lm = p.m @ p.L.T
        shared = np.einsum("g,gkq,gq->k", self.W, self.products.ZR, Lm)
        result: Batch = (residuals.Ze - shared) / p.s2
        return result

    def precision(self, p: Posterior) -> Batch:
        """(k, k) information on the coefficients, X' V^-1 X."""
        N = self.products.ZR @ p.L
        inside = np.einsum("g,gkq,gqr,glr->kl", self.W, N, p.V, N, optimize=True)
        result: Batch = (self.products.ZZ - inside / p.s2) / p.s2
        return result

    def of_restriction(self, p: Posterior) -> tuple[Batch, Batch]:
        """Derivatives of minus half the logarithm of the determinant of `precision`.

        By L, (G, q, q); and by the logarithm of sigma, (G,).
        """
        inverse = np.linalg.inv(self.precision(p))
        scaled = self.products.ZR / p.s2
        D = np.swapaxes(scaled, 1, 2) @ inverse @ scaled
        F = p.L @ p.V @ p.L.T
        by_triangle = (np.eye(self.q) - p.A @ F) @ D @ p.L @ p.V
        leverage = self.regions.sums(((self.Z @ inverse) * self.Z).sum(axis=1)) / p.s2
        by_sigma = (
            leverage
            - 2 * np.einsum("gij,gji->g", D, F)
            + np.einsum("gij,gjk,gkl,gli->g", D, F, p.A, F)
        )
        return by_triangle, by_sigma

    def effects_scores(self, residuals: Residuals, theta: Batch) -> Batch:
        """(G, t) each region's derivatives by the parameters of the random part."""
        p = self.posterior(residuals, theta)
        by_triangle, by_sigma = self.of_effects(residuals, p)
        if self.is_restricted:
            also_triangle, also_sigma = self.of_restriction(p)
            by_triangle, by_sigma = by_triangle + also_triangle, by_sigma + also_sigma
        rows, columns = self.regions.lower
        return np.column_stack([by_triangle[:, rows, columns], by_sigma])

    def height(self, parameters: Floats) -> tuple[float, Floats]:
        with np.errstate(all="ignore"):
            return self._height(parameters)

    def _height(self, parameters: Floats) -> tuple[float, Floats]:
        residuals, theta = self.residuals(parameters[: self.k]), parameters[self.k :]
        if not np.isfinite(parameters).all() or abs(theta[-1]) > 300:
            return -np.inf, parameters
        p = self.posterior(residuals, theta)
        by_region = -(
            self.products.count * (np.log(2 * pi) + 2 * theta[-1])
            - np.linalg.slogdet(p.V)[1]
            + residuals.ee / p.s2
            - np.einsum("gi,ij,gj->g", p.B, p.L, p.m)
        )
        value = self.W @ by_region / 2
        if self.is_restricted:
            back = np.linalg.slogdet(self.sample.back)[1]
            value += self.k / 2 * np.log(2 * pi) + back
            value -= np.linalg.slogdet(self.precision(p))[1] / 2
        gradient = np.concatenate(
            [self.of_coefficients(residuals, p), self.W @ self.effects_scores(residuals, theta)]
        )
        return float(value), gradient

    def curvature(self, parameters: Floats) -> Floats:
        """(k + t, k + t) second derivatives: those by the random part from complex steps."""
        residuals, theta = self.residuals(parameters[: self.k]), parameters[self.k :]
        result = np.empty((len(parameters), len(parameters)))
        result[: self.k, : self.k] = -self.precision(self.posterior(residuals, theta))
        for place in range(len(theta)):
            moved = theta.astype(complex)
            moved[place] += 1j * IMAGINARY
            p = self.posterior(residuals, moved)
            column = np.concatenate(
                [self.of_coefficients(residuals, p), self.W @ self.effects_scores(residuals, moved)]
            )
            result[:, self.k + place] = column.imag / IMAGINARY
        result[self.k :, : self.k] = result[: self.k, self.k :].T
        return (result + result.T) / 2

    def scores(self, parameters: Floats) -> Floats:
        """(G, k + t) scores of the regions, before the regions' weights."""
        residuals, theta = self.residuals(parameters[: self.k]), parameters[self.k :]
        p = self.posterior(residuals, theta)
        e = self.y - self.Z @ parameters[: self.k]
        direct = self.regions.sums((self.w * e)[:, None] * self.Z)
        indirect = np.einsum("gkq,gq->gk", self.products.ZR, p.m @ p.L.T)
        return np.hstack([(direct - indirect) / p.s2, self.effects_scores(residuals, theta)])

    def pooled(self) -> tuple[Floats, float]:
        """Coefficients and logarithm of sigma where regions do not differ."""
        b = inverse_information(self.Z, self.both) @ (self.Z.T @ (self.both * self.y))
        b = b + inverse_information(self.Z, self.both) @ self.residuals(b).Ze
        count = self.W @ self.products.count - (self.k if self.is_restricted else 0)
        return b, float(np.log(self.W @ self.residuals(b).ee / count) / 2)
