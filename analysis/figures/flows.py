"""From which scale to which firms moved between two waves: an alluvial plot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair
import numpy as np

from analysis.figures.figure import Figure
from analysis.figures.style import WIDTH, styled
from analysis.tables import numerals
from analysis.tables.plain_text import on_one_line
from analysis.tables.scales import INK, near_to_far, scale_named

_HEIGHT, _NODE, _GAP = 360, 0.03, 0.02
_STEPS = 24


@dataclass(frozen=True, slots=True)
class Flow:
    """Firms, or their weights, that were at one scale and then at another."""

    before: str
    after: str
    firms: float


def alluvial(flows: Sequence[Flow], *, waves: tuple[str, str], title: str, note: str) -> Figure:
    """Scales from near to far at both sides; a band is as high as its firms are many.

    Raises: ValueError if no firm flows.
    """
    held = [flow for flow in flows if flow.firms > 0]
    if not held:
        raise ValueError("an alluvial plot needs at least one firm")
    total = sum(flow.firms for flow in held)
    before = _stack({flow.before for flow in held}, held, "before", total)
    after = _stack({flow.after for flow in held}, held, "after", total)
    chart = altair.layer(
        _bands(held, before, after, total),
        _nodes(before, after),
        *_labels(before, after, waves, held, total),
    ).properties(width=WIDTH - 320, height=_HEIGHT)
    caption = (
        f"Heights are shares of {numerals.whole(total)} firms that answered in both waves; bands "
        f"have the colour of where firms were in {waves[0]}. {note}"
    )
    ordered = sorted(held, key=lambda flow: -flow.firms)
    return Figure(
        kind="alluvial",
        title=on_one_line(title),
        description=on_one_line(
            "; ".join(f"{_name(f.before)} to {_name(f.after)}: {_share(f, total)}" for f in ordered)
            + "."
        ),
        specification=styled(chart, title=title, caption=caption),
        columns=(waves[0], waves[1], "firms", "share"),
        rows=tuple((_name(f.before), _name(f.after), f.firms, f.firms / total) for f in ordered),
    )


def _name(scale: str) -> str:
    return scale_named(scale).label


def _share(flow: Flow, total: float) -> str:
    return f"{100 * flow.firms / total:.1f} % ({numerals.whole(flow.firms)})"


def _stack(
    scales: set[str], flows: Sequence[Flow], side: str, total: float
) -> dict[str, tuple[float, float]]:
    """Lower and upper end of each scale, the nearest on top, as shares of all with gaps."""
    at, ends = 1.0, {}
    for scale in near_to_far(sorted(scales)):
        height = sum(flow.firms for flow in flows if getattr(flow, side) == scale) / total
        ends[scale] = (at - height, at)
        at -= height + _GAP
    return ends


def _bands(
    flows: Sequence[Flow],
    before: Mapping[str, tuple[float, float]],
    after: Mapping[str, tuple[float, float]],
    total: float,
) -> altair.Chart:
    left = {scale: upper for scale, (_, upper) in before.items()}
    right = {scale: upper for scale, (_, upper) in after.items()}
    rows: list[dict[str, Any]] = []
    for start in before:
        for end in after:
            height = sum(f.firms for f in flows if (f.before, f.after) == (start, end)) / total
            if height:
                rows += _band(f"{start} {end}", start, left[start], right[end], height)
            left[start] -= height
            right[end] -= height
    scales = [scale_named(name) for name in before]
    colour = altair.Color(
        "scale:N",
        scale=altair.Scale(
            domain=[scale.name for scale in scales], range=[scale.colour for scale in scales]
        ),
        legend=None,
    )
    chart: altair.Chart = altair.Chart(altair.InlineData(values=rows)).mark_area(opacity=0.45)
    return chart.encode(
        x=altair.X("x:Q", axis=None, scale=altair.Scale(domain=[0, 1], nice=False)),
        y=altair.Y("low:Q", axis=None),
        y2="high:Q",
        color=colour,
        detail="band:N",
    )


def _band(name: str, scale: str, left: float, right: float, height: float) -> list[dict[str, Any]]:
    """Points of a band that leaves and arrives level."""
    along = np.linspace(0, 1, _STEPS)
    smooth = along**2 * (3 - 2 * along)
    upper = left + (right - left) * smooth
    return [
        {
            "band": name,
            "scale": scale,
            "x": _NODE + (1 - 2 * _NODE) * float(x),
            "high": float(y),
            "low": float(y) - height,
        }
        for x, y in zip(along, upper, strict=True)
    ]


def _nodes(
    before: Mapping[str, tuple[float, float]], after: Mapping[str, tuple[float, float]]
) -> altair.Chart:
    rows = [
        {"left": left, "right": left + _NODE, "low": low, "high": high, "scale": scale}
        for left, stack in ((0.0, before), (1 - _NODE, after))
        for scale, (low, high) in stack.items()
    ]
    names = list(dict.fromkeys([*before, *after]))
    colours = [scale_named(name).colour for name in names]
    chart: altair.Chart = altair.Chart(altair.InlineData(values=rows)).mark_rect()
    return chart.encode(
        x="left:Q",
        x2="right:Q",
        y="low:Q",
        y2="high:Q",
        color=altair.Color("scale:N", scale=altair.Scale(domain=names, range=colours), legend=None),
    )


def _labels(
    before: Mapping[str, tuple[float, float]],
    after: Mapping[str, tuple[float, float]],
    waves: tuple[str, str],
    flows: Sequence[Flow],
    total: float,
) -> list[altair.Chart]:
    """The name of each scale with its share at its side, and the waves on top."""
    sides: tuple[tuple[float, Any, int, Mapping[str, tuple[float, float]], str, str], ...] = (
        (0.0, "right", -8, before, waves[0], "before"),
        (1.0, "left", 8, after, waves[1], "after"),
    )
    layers = []
    for place, align, shift, stack, wave, side in sides:
        rows = [
            {"x": place, "y": (low + high) / 2, "label": f"{_name(scale)}  {100 * share:.0f} %"}
            for scale, (low, high) in stack.items()
            for share in [sum(f.firms for f in flows if getattr(f, side) == scale) / total]
        ]
        rows.append({"x": place, "y": 1.06, "label": wave})
        layers.append(
            altair.Chart(altair.InlineData(values=rows))
            .mark_text(align=align, dx=shift, fontSize=12, color=INK)
            .encode(x="x:Q", y="y:Q", text="label:N")
        )
    return layers
