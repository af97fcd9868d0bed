"""Estimates with their confidence intervals by scale.

One panel a model, side by side on one axis; one line an estimate, nearest scale on top, in
the colour and the mark of its scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair

from analysis.figures.figure import Figure
from analysis.figures.style import SPLIT, WIDTH, stub, styled, with_interval, wrapped, zero_line
from analysis.tables import numerals
from analysis.tables.plain_text import on_one_line
from analysis.tables.scales import INK, near_to_far, scale_named

_LINE_HEIGHT = 30
_STUB_WIDTH = 210
_LETTERS_A_LINE = 32
_GAP = 20
_PANELS_ACROSS = {1: 1, 2: 2, 4: 2}
REGISTERED, EXPLORATORY = "registered", "exploratory"
_COLUMNS = ("term", "scale", "model", "estimate", "low", "high", "n")


@dataclass(frozen=True, slots=True)
class Point:
    """One estimate of one model with the limits of its 95 % confidence interval.

    `standing` is ``registered`` or ``exploratory``; empty where nothing was registered.
    """

    label: str
    scale: str
    model: str
    estimate: float
    low: float
    high: float
    n: int
    standing: str = ""

    @property
    def panel(self) -> str:
        """What stands over the model's panel."""
        return f"{self.standing.capitalize()}: {self.model}" if self.standing else self.model


def coefficient_plot(
    points: Sequence[Point], *, title: str, note: str, axis: str = "Coefficient"
) -> Figure:
    """The figure; `note` says source and wave, `axis` what the estimates are.

    Raises ValueError if there is no point to draw.
    """
    if not points:
        raise ValueError("a coefficient plot needs at least one point")
    ordered = in_order(points)
    return Figure(
        kind="coefficients",
        title=on_one_line(title),
        description=description(points),
        specification=styled(_panels(ordered, axis), title=title, caption=_caption(ordered, note)),
        **_numbers(ordered),
    )


def _numbers(ordered: Sequence[Point]) -> dict[str, Any]:
    """Columns and rows of the figure as a table; which were registered, if any could be."""
    rows = tuple((p.label, p.scale, p.model, p.estimate, p.low, p.high, p.n) for p in ordered)
    if not any(point.standing for point in ordered):
        return {"columns": _COLUMNS, "rows": rows}
    marked = (
        (*row[:3], point.standing, *row[3:]) for row, point in zip(rows, ordered, strict=True)
    )
    return {"columns": (*_COLUMNS[:3], "registration", *_COLUMNS[3:]), "rows": tuple(marked)}


def description(points: Sequence[Point]) -> str:
    """The picture in words: every estimate with its interval."""
    lines = (
        f"{point.panel}, {point.label}: {with_interval(point.estimate, point.low, point.high)}"
        for point in in_order(points)
    )
    return on_one_line("; ".join(lines)) + "."


def in_order(points: Sequence[Point]) -> tuple[Point, ...]:
    """Models in the order given, registered ones first; within each, nearest scale first."""
    models = list(dict.fromkeys(point.model for point in points))
    scales = near_to_far(point.scale for point in points)
    return tuple(
        sorted(
            points,
            key=lambda p: (
                p.standing == EXPLORATORY,
                models.index(p.model),
                scales.index(p.scale),
            ),
        )
    )


def _panels(ordered: Sequence[Point], axis: str) -> Any:
    labels = _labels(ordered)
    models = list(dict.fromkeys(point.panel for point in ordered))
    across = _PANELS_ACROSS.get(len(models), 3)
    width = (WIDTH - _STUB_WIDTH) // across - _GAP
    letters = width // 7
    layers = altair.layer(
        zero_line(),
        _intervals(ordered, labels, axis, ticks=6 - across),
        _marks(ordered, labels),
        data=_data(ordered, letters),
    ).properties(width=width, height=_height(labels))
    return layers.facet(
        facet=altair.Facet(
            "model:N",
            sort=[wrapped(model, letters) for model in models],
            title=None,
            header=altair.Header(
                labelAnchor="start",
                labelFontWeight="bold",
                labelColor=INK,
                labelExpr=SPLIT,
                labelLineHeight=14,
            ),
        ),
        columns=across,
        spacing=_GAP,
    )


def _labels(ordered: Sequence[Point]) -> list[str]:
    """Lines from near to far, whatever model they are met in first."""
    scales = near_to_far(point.scale for point in ordered)
    by_scale = sorted(ordered, key=lambda point: scales.index(point.scale))
    return list(dict.fromkeys(wrapped(point.label, _LETTERS_A_LINE) for point in by_scale))


def _height(labels: list[str]) -> int:
    most = max(label.count("\n") + 1 for label in labels)
    return len(labels) * max(_LINE_HEIGHT, 15 * most + 6)


def _data(ordered: Sequence[Point], letters: int) -> altair.InlineData:
    rows = [
        {
            "label": wrapped(point.label, _LETTERS_A_LINE),
            "scale": point.scale,
            "model": wrapped(point.panel, letters),
            "estimate": point.estimate,
            "low": point.low,
            "high": point.high,
        }
        for point in ordered
    ]
    return altair.InlineData(values=rows)


def _colour(ordered: Sequence[Point]) -> altair.Color:
    scales = [scale_named(name) for name in near_to_far(point.scale for point in ordered)]
    domain, colours = [scale.name for scale in scales], [scale.colour for scale in scales]
    return altair.Color("scale:N", scale=altair.Scale(domain=domain, range=colours), legend=None)


def _shape(ordered: Sequence[Point]) -> altair.Shape:
    scales = [scale_named(name) for name in near_to_far(point.scale for point in ordered)]
    domain, shapes = [scale.name for scale in scales], [scale.shape for scale in scales]
    return altair.Shape("scale:N", scale=altair.Scale(domain=domain, range=shapes), legend=None)


def _intervals(ordered: Sequence[Point], labels: list[str], axis: str, ticks: int) -> altair.Chart:
    chart: altair.Chart = altair.Chart().mark_rule(strokeWidth=2.5)
    estimates = altair.X(
        "low:Q",
        title=on_one_line(axis),
        axis=altair.Axis(tickCount=ticks, grid=True, labelOverlap="greedy"),
        scale=altair.Scale(padding=10),
    )
    return chart.encode(
        x=estimates, x2="high:Q", y=stub("label", labels, _STUB_WIDTH + 40), color=_colour(ordered)
    )


def _marks(ordered: Sequence[Point], labels: list[str]) -> altair.Chart:
    chart: altair.Chart = altair.Chart().mark_point(
        filled=True, size=130, opacity=1, stroke="white", strokeWidth=1
    )
    return chart.encode(
        x="estimate:Q",
        y=stub("label", labels, _STUB_WIDTH + 40),
        color=_colour(ordered),
        shape=_shape(ordered),
    )


def _caption(ordered: Sequence[Point], note: str) -> str:
    """Number of firms by model, what the lines are, and the source."""
    numbers = {point.model: numerals.whole(point.n) for point in ordered}
    if len(set(numbers.values())) == 1:
        n = f"n = {numerals.whole(ordered[0].n)} firms"
    else:
        n = "n = " + ", ".join(f"{number} in {model}" for model, number in numbers.items())
    told = " ".join(filter(None, (*_standings(ordered), note)))
    return f"Lines are 95 % confidence intervals; {n}. {told}"


def _standings(ordered: Sequence[Point]) -> list[str]:
    """Which models were registered and which are exploratory, as under the table."""
    found: dict[str, list[str]] = {}
    for point in ordered:
        models = found.setdefault(point.standing, [])
        if point.standing and point.model not in models:
            models.append(point.model)
    return [f"{word.capitalize()}: {', '.join(models)}." for word, models in found.items() if word]
