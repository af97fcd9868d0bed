"""Whether a quadratic is U-shaped within the data, and where it turns."""

from dataclasses import dataclass
from math import inf, isfinite
from typing import Literal

import numpy as np
from scipy import stats

from analysis.estimation.after.wald import contrasts
from analysis.estimation.design_matrix import Values
from analysis.estimation.estimates import Estimates
from analysis.refusals import Refusal

Shape = Literal["U", "inverse U"]
# What a range must leave beyond either end, or it would tell a single firm's value.
BEYOND = 10


@dataclass(frozen=True, slots=True)
class Slope:
    """The slope of the index at one end of the data, and the test of its side of zero.

    Attributes
    ----------
    at : value of the variable
    p_value : one-sided, of the sign that the shape wants there
    """

    at: float
    estimate: float
    std_error: float
    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True)
class FiellerSet:
    """The turning points that the data do not reject, which may be no interval.

    Attributes
    ----------
    kind : ``interval`` [lower, upper]; ``rays``, all below `lower` and all above `upper`;
        ``ray``, one side only, the other end infinite; ``everything``
    """

    kind: Literal["interval", "rays", "ray", "everything"]
    lower: float
    upper: float

    @property
    def is_bounded(self) -> bool:
        return self.kind == "interval"

    def holds(self, value: float) -> bool:
        if self.kind == "everything":
            return True
        if self.kind == "rays":
            return value <= self.lower or value >= self.upper
        return self.lower <= value <= self.upper

    @property
    def sentence(self) -> str:
        match self.kind:
            case "interval":
                return f"between {self.lower:.4g} and {self.upper:.4g}"
            case "rays":
                return f"below {self.lower:.4g} or above {self.upper:.4g}: unbounded"
            case "ray":
                side = (
                    f"above {self.lower:.4g}" if isfinite(self.lower) else f"below {self.upper:.4g}"
                )
                return f"{side}: unbounded"
            case "everything":
                return "anywhere: the square is too uncertain to say"


@dataclass(frozen=True, slots=True)
class UTest:
    """The test of Lind & Mehlum.

    Attributes
    ----------
    shape : which was tested
    lower, upper : slopes at the ends of the data
    p_value : of the joint test, the larger of the two; above one half where the turning point
        lies outside the data
    turning_point : -b1 / (2 b2), in the variable's unit
    is_inside : whether the turning point lies strictly within the data
    fieller : at `level`
    delta : (lower, upper) of the symmetric interval by the delta method
    """

    shape: Shape
    lower: Slope
    upper: Slope
    p_value: float
    residual_df: float
    turning_point: float
    is_inside: bool
    level: float
    fieller: FiellerSet
    delta: tuple[float, float]

    @property
    def sentence(self) -> str:
        place = "inside" if self.is_inside else "outside"
        return (
            f"{self.shape}: p = {self.p_value:.3f}; turning point {self.turning_point:.4g}, "
            f"{place} the data ({self.lower.at:g} to {self.upper.at:g}); {self.level:.0%} Fieller: "
            f"{self.fieller.sentence}."
        )


def inner_range(values: Values, beyond: int = BEYOND) -> tuple[float, float]:
    """Least and greatest value that at least `beyond` firms reach or lie beyond.

    A single firm's value is no range of the data, and none is shown. Of few firms it is as
    many as a tenth of them.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    place = max(min(beyond, len(ordered) // 10), 1) - 1
    return float(ordered[place]), float(ordered[-1 - place])


def u_test(
    estimates: Estimates,
    *,
    linear: str,
    square: str,
    lowest: float,
    highest: float,
    shape: Shape | None = None,
    level: float = 0.95,
) -> UTest:
    r"""Test that b1 x + b2 x^2 falls at one end of the data and rises at the other.

    Parameters
    ----------
    estimates : Estimates
        On the scale of the linear predictor, under any covariance. For a logit or probit
        the shape and turning point of the index are those of the probability.
    linear : str
        Term of x.
    square : str
        Term of its square.
    lowest : float
        Smallest x among the firms of the model.
    highest : float
        Largest.
    shape : {"U", "inverse U"}
        By default the one that the sign of b2 says.
    level : float
        Of the interval of the turning point. The 1 - 2a Fieller interval lies within the
        data exactly if the joint test rejects at a.

    Raises
    ------
    Refusal
        ``square_missing``, ``unknown_term``, ``range_is_point``, ``no_curvature``,
        ``covariance_singular``.

    Notes
    -----
    Lind & Mehlum (2010): U is accepted if b1 + 2 b2 lowest < 0 and b1 + 2 b2 highest > 0, each
    by a one-sided t-test (Sasabuchi 1980). The set of turning points x not rejected is Fieller's:

    .. math:: (b_1 + 2 b_2 x)^2 \le t^2 (v_{11} + 4 x v_{12} + 4 x^2 v_{22})
    """
    _refuse(estimates, linear, square, lowest, highest, level)
    pair = contrasts(estimates, {"linear": {linear: 1.0}, "square": {square: 1.0}})
    b1, b2 = (float(value) for value in pair.coefficients)
    if b2 == 0:
        raise Refusal(
            "no_curvature",
            f"The coefficient of '{square}' is exactly zero: the line has no turning point.",
            "Leave the square out.",
        )
    tested: Shape = shape or ("U" if b2 > 0 else "inverse U")
    sign = 1.0 if tested == "U" else -1.0
    lower = _slope(pair, lowest, -sign)
    upper = _slope(pair, highest, sign)
    turning_point = -b1 / (2 * b2)
    quantile = float(stats.t.ppf((1 + level) / 2, pair.residual_df))
    gradient = np.array([-1 / (2 * b2), b1 / (2 * b2**2)])
    half = quantile * float(np.sqrt(gradient @ pair.covariance @ gradient))
    return UTest(
        shape=tested,
        lower=lower,
        upper=upper,
        p_value=max(lower.p_value, upper.p_value),
        residual_df=pair.residual_df,
        turning_point=turning_point,
        is_inside=lowest < turning_point < highest,
        level=level,
        fieller=_fieller(pair, quantile),
        delta=(turning_point - half, turning_point + half),
    )


def _slope(pair: Estimates, at: float, sign: float) -> Slope:
    """The slope at a value, and the p-value of its having the sign."""
    weights = np.array([1.0, 2 * at])
    estimate = float(weights @ pair.coefficients)
    std_error = float(np.sqrt(weights @ pair.covariance @ weights))
    statistic = estimate / std_error
    p_value = float(stats.t.sf(sign * statistic, pair.residual_df))
    return Slope(at, estimate, std_error, statistic, p_value)


def _fieller(pair: Estimates, quantile: float) -> FiellerSet:
    """Where square * x^2 + middle * x + level <= 0."""
    (b1, b2), V, c = pair.coefficients, pair.covariance, quantile**2
    square = float(4 * (b2**2 - c * V[1, 1]))
    middle = float(4 * (b1 * b2 - c * V[0, 1]))
    level = float(b1**2 - c * V[0, 0])
    if square == 0:
        if middle == 0:
            return FiellerSet("everything", -inf, inf)
        end = -level / middle
        return FiellerSet("ray", -inf, end) if middle > 0 else FiellerSet("ray", end, inf)
    discriminant = middle**2 - 4 * square * level
    if discriminant < 0:
        # A parabola that opens upwards is below zero at the turning point itself.
        return FiellerSet("everything", -inf, inf)
    # The larger root in size first: the other by their product, without cancellation.
    far = -(middle + np.copysign(np.sqrt(discriminant), middle)) / 2
    ends = sorted([far / square, level / far]) if far else [0.0, 0.0]
    return FiellerSet("interval" if square > 0 else "rays", float(ends[0]), float(ends[1]))


def _refuse(
    estimates: Estimates, linear: str, square: str, lowest: float, highest: float, level: float
) -> None:
    if not 0 < level < 1:
        raise ValueError(f"The level of an interval lies between 0 and 1, not {level}.")
    if square not in estimates.terms:
        raise Refusal(
            "square_missing",
            f"The model has no term '{square}', so it cannot turn.",
            f"Add the square of '{linear}' to the model.",
        )
    if not (isfinite(lowest) and isfinite(highest) and lowest < highest):
        raise Refusal(
            "range_is_point",
            f"The data of '{linear}' range from {lowest:g} to {highest:g}: a U needs two ends.",
            "Give the smallest and the largest value among the firms of the model.",
        )
