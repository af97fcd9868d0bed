"""Estimates with their confidence intervals by scale, as one picture in SVG.

One panel a model, side by side on one axis; one line an estimate, nearest scale on top, in
the colour and the mark of its scale. The picture is drawn on white, for page and print, and
carries a title and a description for who does not see it.
"""

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair
import vl_convert

from analysis.tables import numerals
from analysis.tables.html import escape
from analysis.tables.plain_text import on_one_line
from analysis.tables.scales import HAIRLINE, INK, QUIET_INK, near_to_far, scale_named

altair.data_transformers.disable_max_rows()

# Arial and Liberation Sans are of the same width, so that what is measured here fits there.
_FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
_LINE_HEIGHT = 30
_WIDTH = 760
_STUB_WIDTH = 210
_LETTERS_A_LINE = 32
_GAP = 20
_SPLIT = "split(datum.label, '\\n')"
_PANELS_ACROSS = {1: 1, 2: 2, 4: 2}


@dataclass(frozen=True, slots=True)
class Point:
    """One estimate of one model with the limits of its 95 % confidence interval."""

    label: str
    scale: str
    model: str
    estimate: float
    low: float
    high: float
    n: int


def svg(points: Sequence[Point], *, title: str, note: str, axis: str = "Coefficient") -> str:
    """The picture; `note` says source and wave, `axis` what the estimates are.

    Raises ValueError if there is no point to draw.
    """
    if not points:
        raise ValueError("a coefficient plot needs at least one point")
    text = vl_convert.vegalite_to_svg(json.dumps(_drawing(points, title, note, axis)))
    return _described(text, on_one_line(title), description(points))


def description(points: Sequence[Point]) -> str:
    """The picture in words: every estimate with its interval."""
    lines = (
        f"{point.model}, {point.label}: {numerals.significant(point.estimate)} "
        f"({numerals.significant(point.low)} to {numerals.significant(point.high)})"
        for point in in_order(points)
    )
    return on_one_line("; ".join(lines)) + "."


def in_order(points: Sequence[Point]) -> tuple[Point, ...]:
    """Models in the order given; within each, nearest scale first."""
    models = list(dict.fromkeys(point.model for point in points))
    scales = near_to_far(point.scale for point in points)
    return tuple(sorted(points, key=lambda p: (models.index(p.model), scales.index(p.scale))))


def _drawing(points: Sequence[Point], title: str, note: str, axis: str) -> dict[str, Any]:
    ordered = in_order(points)
    labels = _labels(ordered)
    models = list(dict.fromkeys(point.model for point in ordered))
    across = _PANELS_ACROSS.get(len(models), 3)
    width = (_WIDTH - _STUB_WIDTH) // across - _GAP
    letters = width // 7
    layers = altair.layer(
        _zero_line(),
        _intervals(ordered, labels, axis, ticks=6 - across),
        _marks(ordered, labels),
        data=_data(ordered, letters),
    ).properties(width=width, height=_height(labels))
    panels = layers.facet(
        facet=altair.Facet(
            "model:N",
            sort=[_wrapped(model, letters) for model in models],
            title=None,
            header=altair.Header(
                labelAnchor="start",
                labelFontWeight="bold",
                labelColor=INK,
                labelExpr=_SPLIT,
                labelLineHeight=14,
            ),
        ),
        columns=across,
        spacing=_GAP,
    )
    return _styled(panels, title, _caption(ordered, note)).to_dict()


def _labels(ordered: Sequence[Point]) -> list[str]:
    """Lines from near to far, whatever model they are met in first."""
    scales = near_to_far(point.scale for point in ordered)
    by_scale = sorted(ordered, key=lambda point: scales.index(point.scale))
    return list(dict.fromkeys(_wrapped(point.label) for point in by_scale))


def _wrapped(text: str, letters: int = _LETTERS_A_LINE) -> str:
    """The text on lines short enough for its place."""
    return "\n".join(textwrap.wrap(on_one_line(text), letters))


def _height(labels: list[str]) -> int:
    most = max(label.count("\n") + 1 for label in labels)
    return len(labels) * max(_LINE_HEIGHT, 15 * most + 6)


def _data(ordered: Sequence[Point], letters: int) -> altair.InlineData:
    rows = [
        {
            "label": _wrapped(point.label),
            "scale": point.scale,
            "model": _wrapped(point.model, letters),
            "estimate": point.estimate,
            "low": point.low,
            "high": point.high,
        }
        for point in ordered
    ]
    return altair.InlineData(values=rows)


def _zero_line() -> altair.Chart:
    chart: altair.Chart = altair.Chart().mark_rule(color=INK, strokeWidth=1)
    return chart.encode(x=altair.datum(0))


def _colour(ordered: Sequence[Point]) -> altair.Color:
    scales = [scale_named(name) for name in near_to_far(point.scale for point in ordered)]
    domain, colours = [scale.name for scale in scales], [scale.colour for scale in scales]
    return altair.Color("scale:N", scale=altair.Scale(domain=domain, range=colours), legend=None)


def _shape(ordered: Sequence[Point]) -> altair.Shape:
    scales = [scale_named(name) for name in near_to_far(point.scale for point in ordered)]
    domain, shapes = [scale.name for scale in scales], [scale.shape for scale in scales]
    return altair.Shape("scale:N", scale=altair.Scale(domain=domain, range=shapes), legend=None)


def _lines(labels: list[str]) -> altair.Y:
    return altair.Y(
        "label:N",
        sort=labels,
        title=None,
        axis=altair.Axis(
            grid=False,
            labelExpr=_SPLIT,
            labelLimit=_STUB_WIDTH + 40,
            domain=False,
            ticks=False,
            labelPadding=10,
        ),
    )


def _intervals(ordered: Sequence[Point], labels: list[str], axis: str, ticks: int) -> altair.Chart:
    chart: altair.Chart = altair.Chart().mark_rule(strokeWidth=2.5)
    estimates = altair.X(
        "low:Q",
        title=on_one_line(axis),
        axis=altair.Axis(tickCount=ticks, grid=True, labelOverlap="greedy"),
        scale=altair.Scale(padding=10),
    )
    return chart.encode(x=estimates, x2="high:Q", y=_lines(labels), color=_colour(ordered))


def _marks(ordered: Sequence[Point], labels: list[str]) -> altair.Chart:
    chart: altair.Chart = altair.Chart().mark_point(
        filled=True, size=130, opacity=1, stroke="white", strokeWidth=1
    )
    return chart.encode(
        x="estimate:Q", y=_lines(labels), color=_colour(ordered), shape=_shape(ordered)
    )


def _caption(ordered: Sequence[Point], note: str) -> list[str]:
    """Number of firms by model, what the lines are, and the source."""
    numbers = {point.model: numerals.whole(point.n) for point in ordered}
    if len(set(numbers.values())) == 1:
        n = f"n = {ordered[0].n:,} firms".replace(",", numerals.NARROW_SPACE)
    else:
        n = "n = " + ", ".join(f"{number} in {model}" for model, number in numbers.items())
    text = f"Lines are 95 % confidence intervals; {n}. {note}"
    return textwrap.wrap(on_one_line(text), 118)


def _styled(panels: altair.FacetChart, title: str, caption: list[str]) -> altair.FacetChart:
    heading = altair.TitleParams(
        textwrap.wrap(on_one_line(title), 84) or [""],
        subtitle=caption,
        anchor="start",
        fontSize=15,
        fontWeight="bold",
        color=INK,
        subtitleColor=QUIET_INK,
        subtitleFontSize=11,
        subtitlePadding=6,
        offset=14,
    )
    styled: altair.FacetChart = (
        panels.properties(title=heading, background="white", padding=8)
        .configure(font=_FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=QUIET_INK,
            titleFontWeight="normal",
            labelFontSize=12,
            titleFontSize=12,
            gridColor=HAIRLINE,
            gridOpacity=0.7,
            domainColor=QUIET_INK,
            tickColor=QUIET_INK,
        )
        .configure_header(labelFontSize=12, labelLimit=260)
    )
    return styled


def _described(text: str, title: str, words: str) -> str:
    """The picture with its title and description as its first children, and named by them."""
    opening, rest = text.split(">", 1)
    named = f'{opening} role="img" aria-labelledby="plot-title plot-description">'
    return (
        f'{named}<title id="plot-title">{escape(title)}</title>'
        f'<desc id="plot-description">{escape(words)}</desc>{rest}'
    )
