"""What weights are calibrated on, seen by the variance: regressions on it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mathematics.arrays import Codes, Floats

# Weighted indicators of several margins are dependent: what is smaller than this share of the
# largest singular value is rounding.
DEPENDENT = 1e-12


@dataclass(frozen=True, eq=False)
class Variables:
    """Numbers of n firms.

    Attributes
    ----------
    names : tuple of p str
    X : (n, p) floats, its columns independent among firms with a weight
    """

    names: tuple[str, ...]
    X: Floats

    def residuals(self, values: Floats, weight: Floats) -> Floats:
        """(n, k) what a weighted regression on the variables leaves of (n, k) values."""
        root = np.sqrt(weight)[:, None]
        Q, R = np.linalg.qr(self.X * root)
        result: Floats = values - self.X @ np.linalg.solve(R, Q.T @ (values * root))
        return result


@dataclass(frozen=True, eq=False)
class Categories:
    """Categories of n firms, in integers: a matrix of indicators that is never written out.

    Attributes
    ----------
    codes : tuple of M arrays (n,), one a margin
    sizes : (M,) how many categories each has
    """

    codes: tuple[Codes, ...]
    sizes: tuple[int, ...]

    @cached_property
    def starts(self) -> tuple[int, ...]:
        return (0, *np.cumsum(self.sizes)[:-1].tolist())

    def residuals(self, values: Floats, weight: Floats) -> Floats:
        """(n, k) values less the sum of category effects fitted by weighted least squares."""
        moments = np.column_stack([self._sums(weight * column) for column in values.T])
        effects = np.linalg.lstsq(self._crossings(weight), moments, rcond=DEPENDENT)[0]
        result = np.array(values, dtype=float)
        for code, start in zip(self.codes, self.starts, strict=True):
            result -= effects[start + code]
        return result

    def _sums(self, values: Floats) -> Floats:
        parts = [
            np.bincount(code, values, size)
            for code, size in zip(self.codes, self.sizes, strict=True)
        ]
        return np.concatenate(parts)

    def _crossings(self, weight: Floats) -> Floats:
        """(p, p) weights of firms in each pair of categories."""
        rows = []
        for code, size in zip(self.codes, self.sizes, strict=True):
            blocks = [
                np.bincount(code * other_size + other, weight, size * other_size).reshape(
                    size, other_size
                )
                for other, other_size in zip(self.codes, self.sizes, strict=True)
            ]
            rows.append(np.hstack(blocks))
        return np.vstack(rows)
