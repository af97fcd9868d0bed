"""What firms answered, by region: a map in five shades, with a table beneath it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair
import numpy as np

from analysis.figures.boundaries import Boundaries, Region
from analysis.figures.figure import Figure
from analysis.figures.style import WIDTH, styled, with_interval
from analysis.tables import numerals
from analysis.tables.plain_text import on_one_line
from analysis.tables.scales import INK

SHADES = ("#D6E8EA", "#A5CBD0", "#6FA9B1", "#3B8390", "#0B5C6B")
NOTHING = "#F1F1EE"
NO_FIGURE = "No figure"
_HEIGHT = 460


@dataclass(frozen=True, slots=True)
class Area:
    """The estimate of a region with its 95 % interval; None where there is no figure of it."""

    code: str
    label: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int | None


def region_map(
    areas: Sequence[Area], boundaries: Boundaries, *, title: str, note: str, axis: str
) -> Figure:
    """The regions in five shades, each of as many regions as the others, light to dark.

    Regions without a figure, because too few firms answered or none, are pale and said to be.

    Raises: ValueError if no region with boundaries has an estimate.
    """
    known = {area.code: area for area in areas}
    shown = [known[each.code] for each in boundaries.regions if _has_figure(known, each.code)]
    if not shown:
        raise ValueError("a map needs at least one region with an estimate")
    classes = _classes([_estimate(area) for area in shown])
    caption = (
        "Shades hold about as many regions each; neighbours of different shade need not differ: "
        f"see the intervals in the table.{_left_out(areas, boundaries)} {note}"
    )
    ordered = sorted(shown, key=lambda area: (-_estimate(area), area.label))
    return Figure(
        kind="map",
        title=on_one_line(title),
        description=on_one_line("; ".join(_words(area) for area in ordered) + "."),
        specification=styled(
            _chart(boundaries.regions, known, classes, axis), title=title, caption=caption
        ),
        columns=("region", "estimate", "low", "high", "n"),
        rows=tuple((a.label, a.estimate, a.low, a.high, a.n) for a in ordered),
    )


def _estimate(area: Area) -> float:
    assert area.estimate is not None  # noqa: S101 -- only of those that have one
    return area.estimate


def _has_figure(known: dict[str, Area], code: str) -> bool:
    return code in known and known[code].estimate is not None


def _words(area: Area) -> str:
    numbers = numerals.significant(_estimate(area))
    if area.low is not None and area.high is not None:
        numbers = with_interval(_estimate(area), area.low, area.high)
    return f"{area.label}: {numbers}"


def _left_out(areas: Sequence[Area], boundaries: Boundaries) -> str:
    drawn = {each.code for each in boundaries.regions}
    missing = sorted(area.label for area in areas if area.code not in drawn)
    return f" Without boundaries: {', '.join(missing)}." if missing else ""


def _classes(estimates: Sequence[float]) -> list[float]:
    """Upper limits of the shades: fifths of the regions, as far as their estimates differ."""
    limits = np.quantile(estimates, np.linspace(0.2, 1, len(SHADES)))
    return sorted(set(limits.tolist()))


def _legend(classes: Sequence[float], lowest: float) -> list[str]:
    ends = [lowest, *classes]
    return [
        f"{numerals.significant(low)} to {numerals.significant(high)}"
        for low, high in pairwise(ends)
    ]


def _chart(
    regions: Sequence[Region], known: dict[str, Area], classes: Sequence[float], axis: str
) -> Any:
    lowest = min(_estimate(known[r.code]) for r in regions if _has_figure(known, r.code))
    legend = _legend(classes, lowest)
    colours = SHADES[len(SHADES) - len(classes) :]
    names = [*legend, NO_FIGURE]
    middle = _middle_latitude(regions)
    shapes = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiPolygon", "coordinates": _flat(region, middle)},
            "properties": {"shade": _shade(region, known, classes, legend)},
        }
        for region in regions
    ]
    given = {each["properties"]["shade"] for each in shapes}  # type: ignore[index]
    pairs = [pair for pair in zip(names, (*colours, NOTHING), strict=True) if pair[0] in given]
    data = altair.InlineData(values=shapes)
    return (
        altair.Chart(data)
        .mark_geoshape(stroke=INK, strokeWidth=0.5)
        .encode(
            fill=altair.Fill(
                "properties.shade:N",
                title=on_one_line(axis),
                sort=[name for name, _ in pairs],
                scale=altair.Scale(
                    domain=[name for name, _ in pairs], range=[colour for _, colour in pairs]
                ),
                legend=altair.Legend(symbolType="square", symbolStrokeColor=INK, labelLimit=240),
            )
        )
        .project(type="identity", reflectY=True)
        .properties(width=WIDTH - 220, height=_HEIGHT)
    )


def _shade(
    region: Region, known: dict[str, Area], classes: Sequence[float], legend: Sequence[str]
) -> str:
    if not _has_figure(known, region.code):
        return NO_FIGURE
    estimate = _estimate(known[region.code])
    place = next((at for at, limit in enumerate(classes) if estimate <= limit), len(classes) - 1)
    return legend[place]


def _middle_latitude(regions: Sequence[Region]) -> float:
    heights = [
        point[1] for each in regions for polygon in each.polygons for ring in polygon
        for point in ring
    ]  # fmt: skip
    return (min(heights) + max(heights)) / 2


def _flat(region: Region, middle: float) -> list[list[list[list[float]]]]:
    """Equirectangular, true to length along the middle latitude: enough for one country."""
    narrow = math.cos(math.radians(middle))
    return [
        [[[longitude * narrow, latitude] for longitude, latitude in ring] for ring in polygon]
        for polygon in region.polygons
    ]
