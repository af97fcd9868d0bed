"""Tests and confidence sets for one endogenous term that weak instruments do not deceive."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
from scipy import optimize, stats

from analysis.estimation.covariance import Fitted
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.instrumental.auxiliary import Judgement, Tail, tail
from analysis.estimation.instrumental.equations import beyond, instrumented
from analysis.refusals import Refusal

# Angles at which the statistic is looked at; between them it is smooth.
ANGLES = 600


@dataclass(frozen=True, slots=True)
class ConfidenceSet:
    """Effects that an Anderson-Rubin test does not reject.

    Attributes
    ----------
    intervals : pairs of ends, the infinite where the set has no end; none if every effect is
        rejected, which speaks against the instruments
    """

    term: str
    level: float
    intervals: tuple[tuple[float, float], ...]

    @property
    def is_bounded(self) -> bool:
        return all(np.isfinite(end) for interval in self.intervals for end in interval)


@dataclass(frozen=True, slots=True, eq=False)
class _ReducedForm:
    """Coefficients of the instruments on y - b x, and their covariance, for any effect b.

    The covariance is a parabola in b, so three fits give it for all.
    """

    term: str
    outcome: Tail
    cause: Tail
    cross: Floats
    scale: float

    def at(self, height: float, slope: float) -> Tail:
        """Of height times y less slope times (scale times x)."""
        covariance = (
            height**2 * self.outcome.covariance
            - height * slope * self.cross
            + slope**2 * self.cause.covariance
        )
        coefficients = height * self.outcome.coefficients - slope * self.cause.coefficients
        return Tail(coefficients, covariance, self.outcome.residual_df)


def anderson_rubin(fitted: Fitted, kind: Covariance, effect: float = 0.0) -> Judgement:
    """F test that the endogenous term has the given effect (Anderson and Rubin 1949).

    With that effect taken from the outcome, instruments must have none. Its size is right
    however weak they are.

    Raises: Refusal ``several_endogenous``; as `covariance.uncertainty`.
    """
    form = _reduced_form(fitted, kind)
    return form.at(1.0, effect / form.scale).judged(f"Anderson-Rubin, {form.term} = {effect:g}")


def anderson_rubin_set(fitted: Fitted, kind: Covariance, level: float = 0.95) -> ConfidenceSet:
    """All effects that the test does not reject: one interval, two, the whole line or none.

    Effects are run through as angles, so that the infinite is one of them.

    Raises: Refusal, as `anderson_rubin`.
    """
    form = _reduced_form(fitted, kind)
    count, freedom = len(form.outcome.coefficients), form.outcome.residual_df
    critical = (
        stats.chi2.ppf(level, count) / count
        if np.isinf(freedom)
        else stats.f.ppf(level, count, freedom)
    )

    def excess(angle: float) -> float:
        return float(form.at(np.cos(angle), np.sin(angle)).wald / count - critical)

    # Where it fits best the statistic is lowest: a narrow set is not overlooked.
    best = _lowest(form)
    angles = np.linspace(best - np.pi / 2, best + np.pi / 2, ANGLES + 1)
    accepted = _accepted(excess, angles)
    ends = [tuple(form.scale * _tangent(angle) for angle in pair) for pair in accepted]
    return ConfidenceSet(form.term, level, _on_the_line(accepted, ends))


def _reduced_form(fitted: Fitted, kind: Covariance) -> _ReducedForm:
    sample, equation = fitted.sample, instrumented(fitted.sample)
    if len(equation.endogenous) > 1:
        raise Refusal(
            "several_endogenous",
            f"There are {len(equation.endogenous)} endogenous terms; the Anderson-Rubin set is "
            "made for one.",
            "Look at the strength of the instruments of each term instead.",
        )
    outside = equation.first.Z[:, : len(equation.exogenous)]
    pair = np.column_stack([sample.y, sample.X[:, equation.endogenous[0]]])
    spread = np.sqrt(sample.weight @ beyond(outside, pair, sample.weight) ** 2)
    scale = float(spread[0] / spread[1])
    y, x = sample.y, scale * pair[:, 1]

    def on_instruments(response: Floats) -> Tail:
        return tail(fitted, lambda _: (response, equation.first.Z), equation.excluded, kind)

    outcome, cause, apart = on_instruments(y), on_instruments(x), on_instruments(y - x)
    cross = outcome.covariance + cause.covariance - apart.covariance
    return _ReducedForm(equation.names(sample)[0], outcome, cause, cross, scale)


def _lowest(form: _ReducedForm) -> float:
    """The angle at which the statistic is lowest."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, ANGLES + 1)
    heights = [form.at(np.cos(angle), np.sin(angle)).wald for angle in angles]
    place = int(np.argmin(heights))
    step = np.pi / ANGLES
    found = optimize.minimize_scalar(
        lambda angle: form.at(np.cos(angle), np.sin(angle)).wald,
        bounds=(angles[place] - step, angles[place] + step),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return float(found.x)


def _accepted(excess: Callable[[float], float], angles: Floats) -> list[tuple[float, float]]:
    """Stretches of angles at which the statistic is not above the critical value."""
    middle = len(angles) // 2
    heights = np.array([excess(angle) for angle in angles])
    if np.all(heights > 0) and excess(float(angles[middle])) > 0:
        return []
    crossings = [
        float(optimize.brentq(excess, one, two, xtol=1e-15, rtol=1e-14))
        for one, two, here, there in zip(
            angles[:-1], angles[1:], heights[:-1], heights[1:], strict=True
        )
        if (here <= 0) != (there <= 0)
    ]
    edges = [float(angles[0]), *crossings, float(angles[-1])]
    inside = heights[0] <= 0
    stretches = []
    for one, two in pairwise(edges):
        if inside:
            stretches.append((one, two))
        inside = not inside
    return stretches


def _tangent(angle: float) -> float:
    return float(np.tan(angle))


def _on_the_line(
    stretches: list[tuple[float, float]], ends: list[tuple[float, ...]]
) -> tuple[tuple[float, float], ...]:
    """Stretches of angles as intervals of effects, cut where the tangent jumps."""
    if len(stretches) == 1 and stretches[0][1] - stretches[0][0] >= np.pi * (1 - 1e-12):
        return ((-inf, inf),)
    intervals: list[tuple[float, float]] = []
    for (one, two), (low, high) in zip(stretches, ends, strict=True):
        jump = np.pi / 2 + np.pi * np.ceil((one - np.pi / 2) / np.pi)
        if one < jump < two:
            intervals += [(-inf, high), (low, inf)]
        else:
            intervals.append((low, high))
    return tuple(sorted(intervals))
