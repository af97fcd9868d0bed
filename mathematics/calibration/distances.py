"""How far weights may move, and at which price: distances of Deville and Särndal (1992)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mathematics.arrays import Floats
from mathematics.refusals import Refusal

Distance = Literal["linear", "raking", "logit", "truncated"]
Bounds = tuple[float, float]
# Beyond it exp() leaves nothing to compute with; no population asks for such a factor.
MOST_EXPONENT = 300.0


@dataclass(frozen=True, slots=True)
class Curve:
    """The factor g(u) by which a weight changes, and its slope.

    Attributes
    ----------
    factor, slope : functions of (n,) floats u = x'λ
    bounds : the factors that can be had
    """

    factor: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    bounds: Bounds


def curve(distance: Distance, bounds: Bounds | None) -> Curve:
    """The factor's curve under a distance.

    Raises: Refusal ``bounds_invalid``.
    """
    if distance == "linear":
        return Curve(lambda u: 1 + u, np.ones_like, (-np.inf, np.inf))
    if distance == "raking":
        return Curve(_exponential, _exponential, (0.0, np.inf))
    low, high = _checked(bounds)
    if distance == "logit":
        return _logit(low, high)
    return Curve(
        lambda u: np.clip(1 + u, low, high),
        lambda u: ((1 + u >= low) & (1 + u <= high)).astype(float),
        (low, high),
    )


def _exponential(u: Floats) -> Floats:
    result: Floats = np.exp(np.minimum(u, MOST_EXPONENT))
    return result


def _logit(low: float, high: float) -> Curve:
    """Deville and Särndal (1992), case 6: an S between the bounds, of slope 1 at u = 0."""
    stretch = (high - low) / ((1 - low) * (high - 1))
    odds = (1 - low) / (high - 1)

    def share(u: Floats) -> Floats:
        # 1 / (1 + exp(-t)) / odds with the tails kept from overflow.
        return np.asarray(1 / (1 + np.exp(np.clip(-stretch * u, -700, 700)) / odds))

    def factor(u: Floats) -> Floats:
        return low + (high - low) * share(u)

    def slope(u: Floats) -> Floats:
        inside = share(u)
        return (high - low) * stretch * inside * (1 - inside)

    return Curve(factor, slope, (low, high))


def _checked(bounds: Bounds | None) -> Bounds:
    if bounds is None or not 0 <= bounds[0] < 1 < bounds[1] < np.inf:
        raise Refusal(
            "bounds_invalid",
            f"The bounds of the weights' factors are {bounds}.",
            "Give two numbers, the lower from 0 to below 1, the upper above 1: (0.5, 2).",
        )
    return bounds
