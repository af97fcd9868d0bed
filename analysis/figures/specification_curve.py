"""The specification curve: every model's estimate from the smallest to the largest, and below it
which choices each model made (Simonsohn, Simmons and Nelson 2020).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair
import numpy as np

from analysis.figures.figure import Figure
from analysis.figures.style import ACCENT, FAINT, WIDTH, styled
from analysis.tables import numerals
from analysis.tables.plain_text import on_one_line
from analysis.tables.scales import INK

_UPPER, _ROW = 220, 16
_STUB_WIDTH = 230
_APART, _NOT_APART = "interval without nought", "interval with nought"


@dataclass(frozen=True, slots=True)
class SpecifiedEstimate:
    """One model of the curve: what was chosen, by the name of the choice, and what it gave."""

    choices: tuple[tuple[str, str], ...]
    estimate: float
    low: float
    high: float
    n: int

    @property
    def is_apart_from_nought(self) -> bool:
        return self.low > 0 or self.high < 0


def specification_curve(
    models: Sequence[SpecifiedEstimate], *, title: str, note: str, axis: str, refused: int = 0
) -> Figure:
    """Two panels over one order of models; choices that never vary are left out.

    `refused` models have no estimate and are told in the caption.

    Raises: ValueError if no model has an estimate.
    """
    if not models:
        raise ValueError("a specification curve needs at least one estimate")
    ordered = sorted(models, key=lambda model: model.estimate)
    chart = altair.vconcat(_upper(ordered, axis), *_lower(ordered), spacing=8).resolve_scale(
        x="shared"
    )
    told = _summary(ordered, refused)
    names = tuple(dict.fromkeys(name for model in ordered for name, _ in model.choices))
    return Figure(
        kind="specification-curve",
        title=on_one_line(title),
        description=on_one_line(told),
        specification=styled(chart, title=title, caption=f"{told} {note}"),
        columns=("place", *names, "estimate", "low", "high", "n"),
        rows=tuple(
            (
                place,
                *(dict(model.choices).get(name) for name in names),
                model.estimate,
                model.low,
                model.high,
                model.n,
            )
            for place, model in enumerate(ordered, start=1)
        ),
    )


def _summary(ordered: Sequence[SpecifiedEstimate], refused: int) -> str:
    estimates = [model.estimate for model in ordered]
    above = sum(1 for model in ordered if model.low > 0)
    below = sum(1 for model in ordered if model.high < 0)
    firms = sorted({model.n for model in ordered})
    n = numerals.whole(firms[0]) + ("" if len(firms) == 1 else f" to {numerals.whole(firms[-1])}")
    left = f"; {refused} more could not be estimated" if refused else ""
    return (
        f"{len(ordered)} models, ordered by their estimate{left}. Median "
        f"{numerals.significant(float(np.median(estimates)))}, from "
        f"{numerals.significant(estimates[0])} to {numerals.significant(estimates[-1])}; the 95 % "
        f"interval lies above nought in {above} and below in {below}. n = {n} firms."
    )


def _upper(ordered: Sequence[SpecifiedEstimate], axis: str) -> Any:
    rows = [
        {
            "place": place,
            "estimate": model.estimate,
            "low": model.low,
            "high": model.high,
            "kind": _APART if model.is_apart_from_nought else _NOT_APART,
        }
        for place, model in enumerate(ordered, start=1)
    ]
    base = altair.Chart(altair.InlineData(values=rows))
    kinds = altair.Scale(domain=[_APART, _NOT_APART], range=[ACCENT, FAINT])
    shapes = altair.Scale(domain=[_APART, _NOT_APART], range=["circle", "diamond"])
    legend = altair.Legend(title=None, orient="top", direction="horizontal")
    x = _place(len(ordered))
    colour = altair.Color("kind:N", scale=kinds, legend=legend)
    thickness = max(0.6, min(3.0, 220 / len(ordered)))
    zero = altair.Chart().mark_rule(color=INK, strokeWidth=1).encode(y=altair.datum(0))
    return altair.layer(
        zero,
        base.mark_rule(strokeWidth=thickness, opacity=0.45).encode(
            x=x, y=altair.Y("low:Q", title=on_one_line(axis)), y2="high:Q", color=colour
        ),
        base.mark_point(filled=True, size=max(10, min(60, 3000 / len(ordered))), opacity=1).encode(
            x=x,
            y="estimate:Q",
            color=colour,
            shape=altair.Shape("kind:N", scale=shapes, legend=legend),
        ),
    ).properties(width=WIDTH - _STUB_WIDTH, height=_UPPER)


def _lower(ordered: Sequence[SpecifiedEstimate]) -> list[altair.Chart]:
    """A panel for each choice that varies: a tick where a model made it."""
    panels = []
    for name, options in _varying(ordered).items():
        rows = [
            {"place": place, "option": option}
            for place, model in enumerate(ordered, start=1)
            for option in _options(dict(model.choices).get(name, ""))
        ]
        y = altair.Y(
            "option:N",
            sort=options,
            title=on_one_line(name),
            axis=altair.Axis(
                titleAngle=0,
                titleAlign="left",
                titleAnchor="start",
                titleX=-_STUB_WIDTH + 6,
                titleY=8,
                titleFontWeight="bold",
                titleColor=INK,
                titleLimit=90,
                labelLimit=130,
                domain=False,
                ticks=False,
                grid=False,
            ),
        )
        panels.append(
            altair.Chart(altair.InlineData(values=rows))
            .mark_tick(color=INK, thickness=max(0.8, min(4.0, 300 / len(ordered))), size=11)
            .encode(x=_place(len(ordered)), y=y)
            .properties(width=WIDTH - _STUB_WIDTH, height=_ROW * len(options))
        )
    return panels


def _place(count: int) -> altair.X:
    return altair.X(
        "place:Q", axis=None, scale=altair.Scale(domain=[0, count + 1], nice=False, zero=False)
    )


def _options(choice: str) -> list[str]:
    """The terms of a choice of several; any other choice as it is."""
    return choice.split(" + ") if " + " in choice else [choice]


def _varying(ordered: Sequence[SpecifiedEstimate]) -> dict[str, list[str]]:
    varying: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for model in ordered for name, _ in model.choices):
        values = {dict(model.choices).get(name, "") for model in ordered}
        if len(values) > 1:
            options = {option for value in values for option in _options(value)}
            varying[name] = sorted(options)
    return varying


def curve_models(curve: Mapping[str, Any]) -> tuple[tuple[SpecifiedEstimate, ...], int]:
    """The models of a curve of estimates.json that have an estimate, and how many have none."""
    found, refused = [], 0
    for model in curve["specifications"]:
        limits = [model.get(key) for key in ("estimate", "conf_low", "conf_high")]
        if model["refusal"] is not None or None in limits:
            refused += 1
            continue
        choices = tuple(
            (name.replace("_", " ").capitalize(), str(value))
            for name, value in model.items()
            if isinstance(value, str)
        )
        estimate, low, high = (float(limit) for limit in limits if limit is not None)
        found.append(SpecifiedEstimate(choices, estimate, low, high, int(model["n"])))
    return tuple(found), refused
