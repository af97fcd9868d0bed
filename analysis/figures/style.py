"""The one look of every figure: type, ink, grid, title, caption. For page and print, on white."""

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Any

import altair

from analysis.tables import numerals
from analysis.tables.plain_text import on_one_line
from analysis.tables.scales import HAIRLINE, INK, QUIET_INK

altair.data_transformers.disable_max_rows()

# Arial and Liberation Sans are of the same width, so that what is measured here fits there.
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
WIDTH = 760
ACCENT = "#0B5C6B"
SECOND = "#A8474B"
BAR = "#4C8A95"
FAINT = "#868F97"
BAND = 0.18
SPLIT = "split(datum.label, '\\n')"
_TITLE_LETTERS, _CAPTION_LETTERS = 84, 118


def wrapped(text: str, letters: int) -> str:
    """The text on lines short enough for its place."""
    return "\n".join(textwrap.wrap(on_one_line(text), letters))


def told_apart(labels: Sequence[str]) -> list[str]:
    """The labels, equal ones numbered: lines of one name would be drawn over each other."""
    counted = Counter(labels)
    met: Counter[str] = Counter()
    apart = []
    for label in labels:
        met[label] += 1
        apart.append(f"{label} ({met[label]})" if counted[label] > 1 else label)
    return apart


def styled(chart: Any, *, title: str, caption: str) -> dict[str, Any]:
    """The Vega-Lite specification of a chart in this look, checked against its schema.

    Raises: altair.SchemaValidationError if the chart is none.
    """
    heading = altair.TitleParams(
        textwrap.wrap(on_one_line(title), _TITLE_LETTERS) or [""],
        subtitle=textwrap.wrap(on_one_line(caption), _CAPTION_LETTERS),
        anchor="start",
        fontSize=15,
        fontWeight="bold",
        color=INK,
        subtitleColor=QUIET_INK,
        subtitleFontSize=11,
        subtitlePadding=6,
        offset=14,
    )
    specification: dict[str, Any] = (
        chart.properties(title=heading, background="white", padding=8)
        .configure(font=FONT)
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
        .to_dict()
    )
    return specification


def stub(field: str, order: Sequence[str], limit: int) -> altair.Y:
    """Words at the left of the lines, without an axis, on several lines where they are long."""
    return altair.Y(
        f"{field}:N",
        sort=list(order),
        title=None,
        axis=altair.Axis(
            grid=False,
            labelExpr=SPLIT,
            labelLimit=limit,
            domain=False,
            ticks=False,
            labelPadding=10,
        ),
    )


def zero_line(value: float = 0) -> altair.Chart:
    """A rule in ink at the value of no association."""
    chart: altair.Chart = altair.Chart().mark_rule(color=INK, strokeWidth=1)
    return chart.encode(x=altair.datum(value))


def with_interval(estimate: float, low: float, high: float) -> str:
    """``0.040 (0.020 to 0.060)``: decimals enough to tell the interval's width by two digits."""
    decimals = numerals.decimals_for([(high - low) / 4])
    told = [numerals.fixed(value, decimals) for value in (estimate, low, high)]
    return f"{told[0]} ({told[1]} to {told[2]})"
