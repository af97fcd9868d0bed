"""A share or a mean by region or any other group: bars from the longest to the shortest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair

from analysis.figures.figure import Figure
from analysis.figures.style import BAR, WIDTH, stub, styled, told_apart, with_interval, wrapped
from analysis.tables import numerals
from analysis.tables.plain_text import on_one_line
from analysis.tables.scales import INK

_BAR = 26
_STUB_WIDTH, _LETTERS = 210, 32


@dataclass(frozen=True, slots=True)
class Bar:
    """The estimate of one group with the limits of its 95 % interval, of n firms."""

    label: str
    estimate: float
    low: float
    high: float
    n: int


def ranked_bars(bars: Sequence[Bar], *, title: str, note: str, axis: str) -> Figure:
    """Bars from nought, intervals over them, numbers at their ends.

    Raises: ValueError if there is no bar.
    """
    if not bars:
        raise ValueError("ranked bars need at least one bar")
    ordered = sorted(bars, key=lambda bar: (-bar.estimate, bar.label))
    labels = told_apart([wrapped(bar.label, _LETTERS) for bar in ordered])
    caption = (
        "Lines are 95 % confidence intervals: where they overlap much, the order is not sure. "
        f"{note}"
    )
    return Figure(
        kind="ranked",
        title=on_one_line(title),
        description=on_one_line("; ".join(f"{b.label}: {_words(b)}" for b in ordered) + "."),
        specification=styled(_chart(ordered, labels, axis), title=title, caption=caption),
        columns=("group", "estimate", "low", "high", "n"),
        rows=tuple((bar.label, bar.estimate, bar.low, bar.high, bar.n) for bar in ordered),
    )


def _words(bar: Bar) -> str:
    numbers = with_interval(bar.estimate, bar.low, bar.high)
    return f"{numbers}, n = {numerals.whole(bar.n)}"


def _chart(ordered: Sequence[Bar], labels: Sequence[str], axis: str) -> Any:
    rows = [
        {
            "label": label,
            "estimate": bar.estimate,
            "low": bar.low,
            "high": bar.high,
            "words": _words(bar),
        }
        for bar, label in zip(ordered, labels, strict=True)
    ]
    base = altair.Chart(altair.InlineData(values=rows))
    y = stub("label", labels, _STUB_WIDTH + 40)
    x = altair.X(
        "estimate:Q",
        title=on_one_line(axis),
        axis=altair.Axis(tickCount=5, labelOverlap="greedy"),
        scale=altair.Scale(zero=True),
    )
    return altair.layer(
        base.mark_bar(color=BAR, size=_BAR - 10).encode(x=x, y=y),
        base.mark_rule(color=INK, strokeWidth=1.6).encode(x="low:Q", x2="high:Q", y=y),
        base.mark_text(align="left", dx=8, color=INK, fontSize=12).encode(
            x="high:Q", y=y, text="words:N"
        ),
    ).properties(width=WIDTH - _STUB_WIDTH - 190, height=_BAR * len(ordered))
