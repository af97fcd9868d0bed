"""Probabilities of two correlated normals, to full relative precision, and derivatives.

Within the bulk, Plackett's identity ``dP/drho = density`` integrated from rho = 0 over the arc
sine by Gauss-Legendre (Drezner and Wesolowsky 1990; Genz 2004, equation 3). In the tails and
near perfect correlation, where that leaves no digits, the density of the first times the
conditional probability of the second is integrated around its mode.
"""

from collections.abc import Callable

import numpy as np
from scipy import special

from analysis.estimation.estimates import Floats
from analysis.estimation.likelihood.engine import Derivatives

# Correlation up to which twenty nodes on the arc reach rounding (Genz 2004, section 2.4).
MODERATE = 0.9
# Probability below which absolute precision is no longer enough.
TAIL = 1e-2
_LOG_TWO_PI = np.log(2 * np.pi)
_ARC_NODES, _ARC_WEIGHTS = np.polynomial.legendre.leggauss(20)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
# Logarithm of what the integrand has fallen to where its tail is cut off.
_CUT = 45.0
_BISECTIONS = 60
_EDGE_BISECTIONS = 20
# Widths of the step of the conditional probability, at which the range is parted.
_STEPS = np.array([-8.0, -2.5, 0.0, 2.5, 8.0])


def log_bivariate_normal(h: Floats, k: Floats, rho: Floats) -> Floats:
    """(m,) logarithms of the probability that x < h and y < k, of correlation rho.

    All of (m,) floats; rho strictly between -1 and 1.
    """
    result = np.full(len(h), -np.inf)
    bulk = np.abs(rho) <= MODERATE
    probability = _on_the_arc(h[bulk], k[bulk], rho[bulk])
    clear = probability > TAIL
    result[np.flatnonzero(bulk)[clear]] = np.log(probability[clear])
    rest = ~bulk
    rest[np.flatnonzero(bulk)[~clear]] = True
    result[rest] = _around_the_mode(h[rest], k[rest], rho[rest])
    return result


def _on_the_arc(h: Floats, k: Floats, rho: Floats) -> Floats:
    half = np.arcsin(rho) / 2
    sine = np.sin(half[:, None] * (1 + _ARC_NODES))
    exponent = (sine * (h * k)[:, None] - ((h**2 + k**2) / 2)[:, None]) / (1 - sine**2)
    arc = half * (np.exp(exponent) @ _ARC_WEIGHTS) / (2 * np.pi)
    result: Floats = special.ndtr(h) * special.ndtr(k) + arc
    return result


def _around_the_mode(h: Floats, k: Floats, rho: Floats) -> Floats:
    """Integral over x below h of exp(g(x)), with g concave and curved by at least one."""
    # The conditional step is least steep if the smaller of the two is integrated over.
    h, k = np.minimum(h, k), np.maximum(h, k)
    rest = np.sqrt((1 - rho) * (1 + rho))

    def log_integrand(x: Floats) -> Floats:
        z = (k[:, None] - rho[:, None] * x) / rest[:, None]
        result: Floats = special.log_ndtr(z) - x**2 / 2
        return result

    mode = _mode(h, k, rho, rest)
    top = log_integrand(mode[:, None])[:, 0]
    low, high = _edges(log_integrand, mode, top, h)
    width = rest / np.maximum(np.abs(rho), np.finfo(float).eps)
    middle = k / np.where(rho == 0, np.finfo(float).eps, rho)
    parts = np.column_stack([middle[:, None] + _STEPS * width[:, None], mode])
    parts = np.column_stack([low, np.clip(parts, low[:, None], high[:, None]), high])
    parts.sort(axis=1)
    total = np.zeros(len(h))
    for start, end in zip(parts.T[:-1], parts.T[1:], strict=True):
        half = (end - start) / 2
        x = start[:, None] + half[:, None] * (1 + _NODES)
        total += half * (np.exp(log_integrand(x) - top[:, None]) @ _WEIGHTS)
    result: Floats = top + np.log(total) - _LOG_TWO_PI / 2
    return result


def _mode(h: Floats, k: Floats, rho: Floats, rest: Floats) -> Floats:
    """Where the integrand is largest below h: bisection of its falling slope."""
    lean = rho / rest

    def slope(x: Floats) -> Floats:
        return -x - lean * _mills((k - rho * x) / rest)

    # At zero the slope has the sign of -rho; at these ends it has turned.
    reach = np.abs(slope(np.zeros(len(h))))
    low, high = np.minimum(np.where(rho > 0, -reach, 0.0), h), np.minimum(np.abs(reach), h)
    for _ in range(_BISECTIONS):
        centre = (low + high) / 2
        rises = slope(centre) > 0
        low, high = np.where(rises, centre, low), np.where(rises, high, centre)
    return (low + high) / 2


def _edges(
    log_integrand: Callable[[Floats], Floats], mode: Floats, top: Floats, h: Floats
) -> tuple[Floats, Floats]:
    """Where the integrand has fallen by `_CUT` in logarithms, or ends."""
    # Its curvature is at least one, so it has fallen so far within this distance.
    farthest = np.sqrt(2 * _CUT)
    edges = []
    for sign in (-1.0, 1.0):
        inner, outer = np.zeros(len(h)), np.full(len(h), farthest)
        for _ in range(_EDGE_BISECTIONS):
            centre = (inner + outer) / 2
            above = log_integrand((mode + sign * centre)[:, None])[:, 0] > top - _CUT
            inner, outer = np.where(above, centre, inner), np.where(above, outer, centre)
        edges.append(mode + sign * outer)
    return edges[0], np.minimum(edges[1], h)


def _mills(z: Floats) -> Floats:
    """Density over probability, exact in both tails."""
    result: Floats = np.sqrt(2 / np.pi) / special.erfcx(-z / np.sqrt(2))
    return result


def log_probability(h: Floats, k: Floats, turned: Floats) -> Derivatives:
    """Logarithm of the probability and its derivatives by h, k and atanh rho.

    The derivatives of the probability by rho are those of the density (Plackett 1954).
    """
    rho, root = np.tanh(turned), np.cosh(turned)
    height = log_bivariate_normal(h, k, rho)
    first = np.exp(-(h**2) / 2 - _LOG_TWO_PI / 2 + special.log_ndtr((k - rho * h) * root) - height)
    other = np.exp(-(k**2) / 2 - _LOG_TWO_PI / 2 + special.log_ndtr((h - rho * k) * root) - height)
    # Sum of squares written so that it does not cancel near perfect correlation.
    square = h**2 + ((k - rho * h) * root) ** 2
    density = np.exp(np.log(root) - square / 2 - _LOG_TWO_PI - height)
    by_rho = density / root**2
    first_first = -h * first - rho * density
    other_other = -k * other - rho * density
    first_rho = -density * (h - rho * k)
    other_rho = -density * (k - rho * h)
    rho_rho = density * ((h - rho * k) * (k - rho * h) - rho / root**2)
    gradient = np.stack([first, other, by_rho])
    second = np.stack(
        [
            np.stack([first_first, density, first_rho]),
            np.stack([density, other_other, other_rho]),
            np.stack([first_rho, other_rho, rho_rho]),
        ]
    )
    return Derivatives(height, gradient, second - gradient[:, None] * gradient[None])
