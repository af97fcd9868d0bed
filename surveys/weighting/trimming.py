"""Trimming: weights cut at a bound, what was cut spread over the others, and what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from mathematics.arrays import Codes, Floats, Rows
from mathematics.refusals import Refusal
from surveys.weighting.chain import Adjustment
from surveys.weighting.distribution import Distribution, distribution

Rule = Literal["weight", "median", "quantile"]
Spread = Literal["proportional", "equal"]
ROUNDS = 100
SURE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Trimming:
    """Keeps n weights between bounds and their sum as it was: a step of `weigh`.

    Attributes
    ----------
    upper, lower : float or None
        The bounds; None leaves that side open.
    rule : {"weight", "median", "quantile"}
        Whether bounds are weights, multiples of the median weight of the group, or quantiles
        of the group's weights, from 0 to 1.
    group : (n,) labels or None
        Bounds are set, and what was cut is spread, within each group; None is one group.
    spread : {"proportional", "equal"}
        What was cut goes to weights between the bounds in proportion to them, or in equal
        parts (as `trimWeights` of R survey).
    """

    upper: float | None = None
    lower: float | None = None
    rule: Rule = "weight"
    group: npt.ArrayLike | None = None
    spread: Spread = "proportional"
    name: str = "trimming"

    def adjusted(self, weight: Floats) -> Adjustment:
        """Raises: Refusal ``trimming_bounds``, ``trimming_no_room``, ``trimming_group_missing``."""
        after = weight.copy()
        counted = weight > 0
        for codes in _groups(self.group, counted):
            low, high = self._bounds(weight[codes])
            after[codes] = _within(weight[codes], low, high, self.spread)
        factor = np.divide(after, weight, out=np.ones(len(weight)), where=counted)
        above, below = int((factor < 1).sum()), int((factor > 1).sum())
        before, then = distribution(weight[counted]), distribution(after[counted])
        note = (
            f"{above} weights became smaller and {below} larger; the design effect of weighting "
            f"went from {before.design_effect:.4g} to {then.design_effect:.4g}"
        )
        return Adjustment(self.name, factor, (note,))

    def _bounds(self, weight: Floats) -> tuple[float, float]:
        sides = (self.lower, self.upper)
        if self.rule == "quantile":
            if any(side is not None and not 0 <= side <= 1 for side in sides):
                raise _wrong_bounds(sides)
            values = [None if side is None else float(np.quantile(weight, side)) for side in sides]
        else:
            unit = float(np.median(weight)) if self.rule == "median" else 1.0
            values = [None if side is None else side * unit for side in sides]
        low = 0.0 if values[0] is None else values[0]
        high = np.inf if values[1] is None else values[1]
        if not 0 <= low < high:
            raise _wrong_bounds(sides)
        return low, high


def _wrong_bounds(sides: tuple[float | None, float | None]) -> Refusal:
    return Refusal(
        "trimming_bounds",
        f"Weights cannot be kept between {sides[0]} and {sides[1]}.",
        "Give an upper bound above the lower one; quantiles lie between 0 and 1.",
    )


def _groups(group: npt.ArrayLike | None, counted: Rows) -> list[Codes]:
    """Positions of the cases with a weight, by group."""
    if group is None:
        return [np.flatnonzero(counted)]
    codes, levels = pd.factorize(np.asarray(group))
    missing = counted & (codes < 0)
    if missing.any():
        raise Refusal(
            "trimming_group_missing",
            f"The group within which weights are trimmed is missing for {missing.sum()} cases; "
            f"the first is case {int(np.argmax(missing)) + 1}.",
            "Choose a group that every respondent has.",
        )
    places = [np.flatnonzero(counted & (codes == level)) for level in range(len(levels))]
    return [each for each in places if len(each)]


def _within(weight: Floats, low: float, high: float, spread: Spread) -> Floats:
    """The weights cut at the bounds, the sum kept; weights once cut stay where they are."""
    total, after = weight.sum(), weight.copy()
    cut = np.zeros(len(weight), dtype=bool)
    for _ in range(ROUNDS):
        outside = ~cut & ((after > high) | (after < low))
        if not outside.any():
            return after
        cut |= outside
        after = np.where(cut, np.clip(after, low, high), after)
        free, missing = ~cut, total - after.sum()
        if abs(missing) <= SURE * total:
            return after
        if not free.any():
            break
        part = after[free] / after[free].sum() if spread == "proportional" else 1 / free.sum()
        after[free] += missing * part
    raise Refusal(
        "trimming_no_room",
        f"With bounds of {low:.6g} and {high:.6g} no weights are left to take what was cut: the "
        f"{len(weight)} cases would have to stand for {total:.6g} firms.",
        "Widen the bounds, or trim in larger groups.",
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What a change of weights does.

    Attributes
    ----------
    changed : int
        Cases whose weight changed.
    moved : float
        Half the sum of absolute changes, as a share of the sum before.
    before, after : Distribution
    totals : mapping from name to (before, after), weighted totals of variables
    """

    changed: int
    moved: float
    before: Distribution
    after: Distribution
    totals: Mapping[str, tuple[float, float]]

    def relative(self, name: str) -> float:
        """The change of a total as a share of it; NaN where it was zero."""
        before, after = self.totals[name]
        return after / before - 1 if before else float("nan")


def cost(before: Floats, after: Floats, variables: Mapping[str, npt.ArrayLike]) -> Cost:
    """What going from the one weights of n cases to the other costs, in totals and precision.

    `variables` are (n,) floats, not read where both weights are zero.
    """
    counted = (before > 0) | (after > 0)
    one, other = before[counted], after[counted]
    totals = {}
    for name, values in variables.items():
        read = np.asarray(values, dtype=float)[counted]
        totals[name] = (float(one @ read), float(other @ read))
    return Cost(
        changed=int((np.abs(other - one) > 1e-12 * one).sum()),
        moved=float(np.abs(other - one).sum() / 2 / one.sum()),
        before=distribution(one[one > 0]),
        after=distribution(other[other > 0]),
        totals=totals,
    )
