"""One estimate over groups of firms: a forest plot, its numbers beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair

from analysis.figures.figure import Figure
from analysis.figures.style import ACCENT, WIDTH, stub, styled, with_interval, wrapped, zero_line
from analysis.tables import numerals
from analysis.tables.plain_text import on_one_line
from analysis.tables.scales import INK

_LINE_HEIGHT = 30
_STUB_WIDTH, _LETTERS, _NUMBERS_WIDTH = 210, 32, 190


@dataclass(frozen=True, slots=True)
class ForestLine:
    """The estimate of one group with the limits of its 95 % interval; `is_all` for all firms."""

    label: str
    estimate: float
    low: float
    high: float
    n: int
    is_all: bool = False


def forest_plot(lines: Sequence[ForestLine], *, title: str, note: str, axis: str) -> Figure:
    """Groups in the order given; all firms as a diamond in ink.

    Raises: ValueError if there is no line.
    """
    if not lines:
        raise ValueError("a forest plot needs at least one line")
    labels = [wrapped(line.label, _LETTERS) for line in lines]
    height = sum(max(_LINE_HEIGHT, 15 * (label.count("\n") + 1) + 6) for label in labels)
    width = WIDTH - _STUB_WIDTH - _NUMBERS_WIDTH
    y = stub("label", labels, _STUB_WIDTH + 40)
    base = altair.Chart(_data(lines, labels))
    left = altair.layer(zero_line(), *_estimates(base, y, axis)).properties(
        width=width, height=height
    )
    numbers = (
        base.mark_text(align="left", x=0, fontSize=12, color=INK)
        .encode(y=altair.Y("label:N", sort=labels, axis=None), text="words:N")
        .properties(width=_NUMBERS_WIDTH - 20, height=height)
    )
    chart = altair.hconcat(left, numbers, spacing=14)
    caption = (
        "Lines are 95 % confidence intervals; at the right estimate, interval and number of "
        f"firms. That one line crosses nought and another does not is no difference between them. "
        f"{note}"
    )
    return Figure(
        kind="forest",
        title=on_one_line(title),
        description=on_one_line("; ".join(f"{line.label}: {_words(line)}" for line in lines) + "."),
        specification=styled(chart, title=title, caption=caption),
        columns=("group", "estimate", "low", "high", "n"),
        rows=tuple((each.label, each.estimate, each.low, each.high, each.n) for each in lines),
    )


def _words(line: ForestLine) -> str:
    numbers = with_interval(line.estimate, line.low, line.high)
    return f"{numbers}, n = {numerals.whole(line.n)}"


def _data(lines: Sequence[ForestLine], labels: Sequence[str]) -> altair.InlineData:
    return altair.InlineData(
        values=[
            {
                "label": label,
                "estimate": line.estimate,
                "low": line.low,
                "high": line.high,
                "words": _words(line),
                "kind": "all" if line.is_all else "group",
            }
            for line, label in zip(lines, labels, strict=True)
        ]
    )


def _estimates(base: altair.Chart, y: altair.Y, axis: str) -> list[altair.Chart]:
    colour = altair.Color(
        "kind:N", scale=altair.Scale(domain=["all", "group"], range=[INK, ACCENT]), legend=None
    )
    shape = altair.Shape(
        "kind:N",
        scale=altair.Scale(domain=["all", "group"], range=["diamond", "square"]),
        legend=None,
    )
    x = altair.X(
        "low:Q",
        title=on_one_line(axis),
        axis=altair.Axis(tickCount=5, labelOverlap="greedy"),
        scale=altair.Scale(padding=10),
    )
    return [
        base.mark_rule(strokeWidth=2.5).encode(x=x, x2="high:Q", y=y, color=colour),
        base.mark_point(filled=True, size=120, opacity=1, stroke="white", strokeWidth=1).encode(
            x="estimate:Q", y=y, color=colour, shape=shape
        ),
    ]
