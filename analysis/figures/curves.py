"""What a model predicts along one variable, with its band; and where a U turns."""

from collections.abc import Sequence
from itertools import pairwise

import altair
import numpy as np

from analysis.estimation.after.shape import UTest
from analysis.estimation.margins import Margins, average_predictions, marginal_effects_at
from analysis.figures.figure import Figure
from analysis.figures.style import ACCENT, BAND, SECOND, WIDTH, styled, with_interval
from analysis.tables import numerals
from analysis.tables.drawings import Line as Curve
from analysis.tables.drawings import Turning
from analysis.tables.plain_text import on_one_line
from analysis.tables.scales import INK, QUIET_INK

MOST_CURVES = 3
GRID = 41
_COLOURS = (ACCENT, SECOND, INK)
_DASHES = ([1, 0], [6, 3], [2, 2])
_HEIGHT = 300
_NAME_HEIGHT = 16
_PLOT_WIDTH = WIDTH - 200


def grid(lowest: float, highest: float, count: int = GRID) -> tuple[float, ...]:
    """Values in equal steps over what was observed: a curve says nothing beyond it."""
    return tuple(np.linspace(lowest, highest, count).tolist())


def predicted_curve(
    margins: Margins, variable: str, values: Sequence[float], *, label: str = ""
) -> Curve:
    """The average prediction if every firm had each of the values.

    Raises: Refusal as `analysis.estimation.margins.average_predictions`.
    """
    found = average_predictions(margins, variable, list(values))
    limits = found.intervals()
    return Curve(
        label,
        tuple(values),
        tuple(found.coefficients.tolist()),
        tuple(limits[:, 0].tolist()),
        tuple(limits[:, 1].tolist()),
    )


def marginal_effect_curve(
    margins: Margins, variable: str, values: Sequence[float], *, label: str = ""
) -> Curve:
    """The average effect of a further unit, for firms that have each of the values.

    Raises: Refusal as `analysis.estimation.margins.marginal_effects_at`.
    """
    lines = []
    for value in values:
        found = marginal_effects_at(margins, {variable: value})
        place = found.terms.index(variable)
        low, high = found.intervals()[place].tolist()
        lines.append((float(found.coefficients[place]), low, high))
    estimates, low_limits, high_limits = zip(*lines, strict=True)
    return Curve(label, tuple(values), estimates, low_limits, high_limits)


def turning_of(test: UTest) -> Turning:
    """The turning point of a U-test with Fieller's interval, unbounded where that is."""
    fieller = test.fieller
    if not fieller.is_bounded:
        return Turning(test.turning_point, None, None, fieller.sentence)
    return Turning(test.turning_point, fieller.lower, fieller.upper, fieller.sentence)


def curve_plot(
    curves: Sequence[Curve],
    *,
    title: str,
    note: str,
    x_axis: str,
    y_axis: str,
    n: int,
    turning: Turning | None = None,
    kind: str = "curve",
) -> Figure:
    """One to three curves, each labelled at its end; the turning point of a U, if there is one.

    Raises: ValueError for no curve or too many.
    """
    if not 1 <= len(curves) <= MOST_CURVES:
        raise ValueError(f"a plot holds 1 to {MOST_CURVES} curves, not {len(curves)}")
    told = "Bands are 95 % confidence intervals, drawn over the values that firms have"
    layers = [*_bands(curves, x_axis, y_axis), *_turning(curves, turning), *_ends(curves)]
    chart = altair.layer(*layers).properties(width=_PLOT_WIDTH, height=_HEIGHT)
    caption = f"{told}; n = {numerals.whole(n)} firms.{_turning_words(turning)} {note}"
    return Figure(
        kind=kind,
        title=on_one_line(title),
        description=on_one_line(_description(curves, x_axis, y_axis) + _turning_words(turning)),
        specification=styled(chart, title=title, caption=caption),
        columns=("curve", "value", "estimate", "low", "high"),
        rows=tuple(
            (curve.label, *numbers)
            for curve in curves
            for numbers in zip(curve.values, curve.estimates, curve.low, curve.high, strict=True)
        ),
    )


def _description(curves: Sequence[Curve], x_axis: str, y_axis: str) -> str:
    """Start, end, and the highest and lowest point of each curve."""
    sentences = []
    for curve in curves:
        places = {0, len(curve.values) - 1}
        places |= {curve.estimates.index(end(curve.estimates)) for end in (min, max)}
        points = "; ".join(
            f"{with_interval(curve.estimates[at], curve.low[at], curve.high[at])} "
            f"at {numerals.significant(curve.values[at])}"
            for at in sorted(places)
        )
        sentences.append(f"{curve.label + ': ' if curve.label else ''}{points}.")
    return f"{y_axis} by {x_axis}. {' '.join(sentences)}"


def _turning_words(turning: Turning | None) -> str:
    if turning is None:
        return ""
    return f" It turns at {numerals.significant(turning.at)}; 95 % interval {turning.words}."


def _bands(curves: Sequence[Curve], x_axis: str, y_axis: str) -> list[altair.Chart]:
    layers = []
    x = altair.X(
        "value:Q",
        title=on_one_line(x_axis),
        axis=altair.Axis(grid=False, tickCount=8),
        scale=altair.Scale(zero=False, nice=False),
    )
    y = altair.Y(
        "estimate:Q",
        title=on_one_line(y_axis),
        axis=altair.Axis(tickCount=6),
        scale=altair.Scale(zero=False),
    )
    for curve, colour, dash in zip(curves, _COLOURS, _DASHES, strict=False):
        base = altair.Chart(_data(curve))
        layers += [
            base.mark_area(color=colour, opacity=BAND).encode(
                x=x, y=altair.Y("low:Q", title=on_one_line(y_axis)), y2="high:Q"
            ),
            base.mark_line(color=colour, strokeWidth=2.5, strokeDash=dash).encode(x=x, y=y),
        ]
    return layers


def _ends(curves: Sequence[Curve]) -> list[altair.Chart]:
    """The name of each curve at its end, where there are several."""
    if len(curves) == 1:
        return []
    heights = _apart(curves)
    return [
        altair.Chart(
            altair.InlineData(
                values=[{"value": c.values[-1], "estimate": height, "label": c.label}]
            )
        )
        .mark_text(align="left", dx=6, color=colour, fontSize=12, fontWeight="bold", limit=170)
        .encode(x="value:Q", y="estimate:Q", text="label:N")
        for c, height, colour in zip(curves, heights, _COLOURS, strict=False)
    ]


def _apart(curves: Sequence[Curve]) -> list[float]:
    """Heights of the names: at the ends of the curves, but never one over the other."""
    limits = [limit for curve in curves for limit in (*curve.low, *curve.high)]
    least = (max(limits) - min(limits)) * _NAME_HEIGHT / _HEIGHT
    heights = {place: curve.estimates[-1] for place, curve in enumerate(curves)}
    upward = sorted(heights, key=lambda place: heights[place])
    for below, above in pairwise(upward):
        heights[above] = max(heights[above], heights[below] + least)
    return [heights[place] for place in range(len(curves))]


def _turning(curves: Sequence[Curve], turning: Turning | None) -> list[altair.Chart]:
    """A rule at the turning point and a shade over its interval, as far as the data go."""
    lowest = min(curve.values[0] for curve in curves)
    highest = max(curve.values[-1] for curve in curves)
    if turning is None or not lowest <= turning.at <= highest:
        return []
    low = lowest if turning.low is None else max(lowest, turning.low)
    high = highest if turning.high is None else min(highest, turning.high)
    ends = {"low": low, "high": high, "at": turning.at}
    base = altair.Chart(altair.InlineData(values=[ends]))
    return [
        base.mark_rect(color=QUIET_INK, opacity=0.12).encode(x="low:Q", x2="high:Q"),
        base.mark_rule(color=INK, strokeDash=[4, 3], strokeWidth=1.2).encode(x="at:Q"),
    ]


def _data(curve: Curve) -> altair.InlineData:
    lines = zip(curve.values, curve.estimates, curve.low, curve.high, strict=True)
    keys = ("value", "estimate", "low", "high")
    return altair.InlineData(values=[dict(zip(keys, line, strict=True)) for line in lines])
