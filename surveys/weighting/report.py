"""The weighting report: what every step did, and respondents against the frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mathematics.arrays import Floats
from surveys.weighting.chain import Weights
from surveys.weighting.distribution import Distribution, distribution
from surveys.weighting.totals import Margin


@dataclass(frozen=True, slots=True)
class StepLine:
    """The weights of the cases that count after a step, and what the step had to say.

    `factors` are the least, median and largest factor of the cases that count after it.
    """

    name: str
    distribution: Distribution
    factors: tuple[float, float, float]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarginLine:
    """One category: its share on the frame, of respondents, and under two weights.

    `base` is the share under base weights of respondents, `final` under the final weights; the
    shares of a variable add up to one.
    """

    variable: str
    level: Any
    frame: float
    respondents: float
    base: float
    final: float


@dataclass(frozen=True, slots=True)
class WeightingReport:
    """What a reader of weights must know."""

    drawn: Distribution
    steps: tuple[StepLine, ...]
    final: Distribution
    margins: tuple[MarginLine, ...]

    @property
    def farthest(self) -> Mapping[str, float]:
        """By variable half the sum of absolute distances of final shares from the frame's."""
        apart: dict[str, float] = {}
        for line in self.margins:
            apart[line.variable] = apart.get(line.variable, 0.0) + abs(line.final - line.frame) / 2
        return apart


def weighting_report(weights: Weights, margins: tuple[Margin, ...] = ()) -> WeightingReport:
    """The report on n cases.

    `margins` have the label of each case and the frame's totals; categories that the frame has
    and no respondent are shown too. Labels are not read where the final weight is zero.

    Raises: Refusal ``no_weights``.
    """
    final = weights.final
    return WeightingReport(
        drawn=distribution(weights.base),
        steps=tuple(_step(weights, number) for number in range(len(weights.adjustments))),
        final=distribution(final[final > 0]),
        margins=tuple(line for margin in margins for line in _lines(margin, weights.base, final)),
    )


def _step(weights: Weights, number: int) -> StepLine:
    adjustment, after = weights.adjustments[number], weights.after(number + 1)
    counted = after > 0
    factor = adjustment.factor[counted]
    return StepLine(
        adjustment.name,
        distribution(after[counted]),
        (float(factor.min()), float(np.median(factor)), float(factor.max())),
        adjustment.notes,
    )


def _lines(margin: Margin, base: Floats, final: Floats) -> list[MarginLine]:
    counted = final > 0
    label = margin.label[counted]
    population = sum(margin.totals.values())
    lines = []
    for level, total in margin.totals.items():
        here = label == level
        lines.append(
            MarginLine(
                margin.name,
                level,
                frame=total / population,
                respondents=float(here.mean()),
                base=float(base[counted][here].sum() / base[counted].sum()),
                final=float(final[counted][here].sum() / final.sum()),
            )
        )
    return lines
