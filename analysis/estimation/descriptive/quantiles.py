"""Quantiles with Woodruff intervals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Unpack

import numpy as np

from analysis.estimation.descriptive.description import Description, described
from analysis.estimation.descriptive.groups import Group
from analysis.estimation.descriptive.intervals import (
    korn_graubard_interval,
    logit_interval,
    t_interval,
)
from analysis.estimation.descriptive.means import mean_part
from analysis.estimation.descriptive.scope import Scope, numbers, setting
from analysis.estimation.descriptive.statistic import Part
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Rows, named
from analysis.refusals import Refusal

QuantileInterval = Literal["woodruff", "woodruff_logit", "woodruff_korn_graubard"]

# Sums of shares that should be equal differ by this much from rounding.
TIE = 1e-11


def quantiles(
    y: Any,
    probabilities: float | Sequence[float] = 0.5,
    *,
    interval: QuantileInterval = "woodruff",
    **scope: Unpack[Scope],
) -> Description:
    """Smallest answer that at least a share p of the population's firms do not exceed.

    Parameters
    ----------
    y : (n,) floats
        NaN missing
    probabilities
        each between 0 and 1
    interval
        how the limits of the distribution function at the quantile are made, before
        they are read back as answers: ``woodruff`` (t; R's interval.type "mean"),
        ``woodruff_logit`` ("xlogit") or ``woodruff_korn_graubard`` ("beta")

    Raises
    ------
    Refusal
        ``unknown_probability``, ``unknown_interval``, ``quantile_out_of_reach`` if the
        interval leaves 0 to 1 or the quantile is the largest answer, and those of `totals`.

    Notes
    -----
    With L and U the limits of the distribution function at the quantile, the interval is
    [Q(L), Q(U)] and the standard error its width over 2 t (Woodruff 1952). The influence
    is that of the distribution function, scaled so as to give this standard error. Where the
    interval has no width there is no standard error.
    """
    asked, y = setting(scope), numbers(y)
    wanted = [float(p) for p in np.atleast_1d(np.asarray(probabilities, dtype=float))]
    _refuse_unknown(wanted, interval)
    found = asked.answers({"y": y})
    points = [_point(y, p, group, asked.design.weight) for group in found.groups for p in wanted]
    cumulated = described("share", [point.part for point in points], asked)
    limits, lumped = _limits(points, cumulated, interval)
    _refuse_out_of_reach(points, cumulated, limits, asked.word("y"))
    ends = np.array(
        [[point.answers.at(p) for p in row] for point, row in zip(points, limits, strict=True)]
    )
    parts = _scaled(points, cumulated, ends)
    notes = found.notes + _lumps(points, lumped)
    description = described("quantile", parts, asked, notes)
    return replace(description, interval=interval, intervals=ends)


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """(m,) answers in order with the share of the population up to each."""

    values: Floats
    cumulated: Floats

    def at(self, p: float) -> float:
        """Smallest answer whose cumulated share is at least p."""
        position = int(np.searchsorted(self.cumulated, p - TIE))
        return float(self.values[min(position, len(self.values) - 1)])


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """One quantile of one group: its value and the distribution function there."""

    term: str
    p: float
    value: float
    part: Part
    answers: Ordered
    group: Group


def ordered(y: Floats, weight: Floats) -> Ordered:
    order = np.argsort(y, kind="stable")
    return Ordered(y[order], np.cumsum(weight[order]) / weight.sum())


def _point(y: Floats, p: float, group: Group, weight: Floats) -> _Point:
    answers = ordered(y[group.rows], weight[group.rows])
    value = answers.at(p)
    term = group.term("quantile", f"{p:g}")
    below = mean_part(term, np.less_equal(y, value).astype(float), group, weight)
    return _Point(term, p, value, below, answers, group)


def _limits(points: Sequence[_Point], cumulated: Description, interval: str) -> tuple[Floats, Rows]:
    """(k, 2) limits of the distribution function, and (k,) quantiles within a lump.

    They are about the estimated function at the quantile, as R survey has it. Where so many
    firms share the answer that the share wanted is outside them, they are about that share.
    """
    wanted = np.array([point.p for point in points])
    reached = cumulated.estimates.coefficients
    limits = _limits_about(reached, cumulated, interval)
    lumped = ((limits[:, 0] > wanted + TIE) | (limits[:, 1] < wanted - TIE)) & (reached < 1 - TIE)
    if lumped.any():
        limits[lumped] = _limits_about(wanted, cumulated, interval)[lumped]
    return limits, lumped


def _limits_about(share: Floats, cumulated: Description, interval: str) -> Floats:
    errors, df = cumulated.estimates.std_errors, cumulated.degrees_of_freedom
    if interval == "woodruff":
        return t_interval(share, errors, df, cumulated.level)
    with np.errstate(divide="ignore", invalid="ignore"):
        if interval == "woodruff_logit":
            return logit_interval(share, errors, df, cumulated.level)
        size = share * (1 - share) / errors**2
        return korn_graubard_interval(share, size, cumulated.n, df, cumulated.level)


def _scaled(points: Sequence[_Point], cumulated: Description, ends: Floats) -> list[Part]:
    """Parts whose standard errors are the Woodruff widths over 2 t."""
    share = cumulated.estimates.coefficients
    errors, df = cumulated.estimates.std_errors, cumulated.degrees_of_freedom
    width = (ends[:, 1] - ends[:, 0]) / 2
    half = t_interval(np.zeros(len(df)), errors, df, cumulated.level)[:, 1]
    steepness = np.where(half > 0, width / np.where(half > 0, half, 1), 1.0)
    return [
        _quantile_part(point, float(share[position]), float(steepness[position]))
        for position, point in enumerate(points)
    ]


def _lumps(points: Sequence[_Point], lumped: Rows) -> tuple[str, ...]:
    terms = [point.term for point, is_lumped in zip(points, lumped, strict=True) if is_lumped]
    if not terms:
        return ()
    return (
        f"So many firms share the answer at {named(terms)} that a quantile says little: see their "
        "share.",
    )


def _quantile_part(point: _Point, share: float, steepness: float) -> Part:
    part = point.part

    def quantile(sums: Floats) -> Floats:
        result: Floats = point.value - steepness * (part.function(sums) - share)
        return result

    return replace(part, function=quantile, jacobian=-steepness * part.jacobian)


def _refuse_unknown(wanted: Sequence[float], interval: str) -> None:
    odd = [p for p in wanted if not 0 < p < 1]
    if odd or not wanted:
        raise Refusal(
            "unknown_probability",
            f"A quantile needs a share between 0 and 1{', not ' if odd else ''}"
            f"{', '.join(f'{p:g}' for p in odd)}.",
            "Give 0.5 for the median.",
        )
    if interval not in {"woodruff", "woodruff_logit", "woodruff_korn_graubard"}:
        raise Refusal(
            "unknown_interval",
            f"Quantiles have no interval '{interval}'.",
            "Use 'woodruff', 'woodruff_logit' or 'woodruff_korn_graubard'.",
        )


def _refuse_out_of_reach(
    points: Sequence[_Point], cumulated: Description, limits: Floats, word: str
) -> None:
    share = cumulated.estimates.coefficients
    for point, reached, (lower, upper) in zip(points, share, limits, strict=True):
        if reached >= 1 - TIE:
            why = "it is the largest answer, and nothing bounds it from above"
        elif not (lower >= 0 and upper <= 1):
            why = (
                f"the interval of the share of firms up to it is {lower:.3g} to {upper:.3g}, "
                "beyond 0 to 1"
            )
        else:
            continue
        raise Refusal(
            "quantile_out_of_reach",
            f"The {point.term} of {word} is further out than {int(point.group.rows.sum())} firms "
            f"of {point.group.called} can say: {why}.",
            "Choose a quantile nearer the middle, the interval 'woodruff_logit', or a larger "
            "group.",
        )
