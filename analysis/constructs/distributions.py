"""How firms answered, for a codebook: shares in classes that no single firm can be read from.

Every class holds at least so many firms; neither a smallest nor a largest answer is told, and
the bounds of classes are round numbers, never somebody's answer.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from analysis.constructs.measured import Floats, Measured

MOST_BARS = 12
# Classes of a number with many values before the small ones are joined.
CLASSES = 8
# How much farther the upper tail may lie from the middle than the lower before classes grow
# by factors instead of by steps.
SKEWED = 4.0

TOO_FEW = "Too few firms answered to show how."
ALIKE = "All but a few firms gave the same answer, so it is not shown."
IN_WORDS = "Answers in words are not shown."


@dataclass(frozen=True, slots=True)
class Bar:
    """A class of answers and the share of the firms that gave one of them, from 0 to 1."""

    label: str
    share: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many firms answered, and how.

    Attributes
    ----------
    firms : firms of the data set
    n : firms with an answer; None if there are too few to tell
    missing : share of the firms without an answer, unweighted, from 0 to 1; None as `n`
    bars : shares among the firms with an answer, by their weights where `weighted`
    words : why there are no bars; empty if there are
    """

    firms: int
    n: int | None
    missing: float | None
    weighted: bool
    bars: tuple[Bar, ...]
    words: str = ""

    def document(self) -> dict[str, Any]:
        """Plain data, as `json` writes it."""
        return asdict(self) | {"bars": [[bar.label, bar.share] for bar in self.bars]}


@dataclass(frozen=True, slots=True)
class _Class:
    """Answers from `low` up to `high`: that one too if they are values, else what is below it."""

    low: str
    high: str
    firms: int
    weight: float
    of_values: bool = False


def distribution(measured: Measured, weight: Floats, *, least_firms: int) -> Distribution:
    """How the firms answered.

    `weight` (n,), positive; shares are weighted if the weights differ. `least_firms` is the
    number of firms that a class rests on at least (Hundepool et al. 2012, section 4.2.1).
    """
    answered = ~measured.missing
    firms, n = len(answered), int(answered.sum())
    weighted = firms > 0 and float(np.ptp(weight)) > 1e-9 * float(weight[0])
    if n < least_firms:
        return Distribution(firms, None, None, weighted, (), TOO_FEW)
    values, counted = measured.values[answered], weight[answered]
    if measured.kind == "category":
        classes, words = _of_category(measured, values, counted, least_firms)
    else:
        numbers = values.astype(float)
        classes, words = _of_numbers(numbers, counted, least_firms), ALIKE
    missing = round(1 - n / firms, 4)
    if len(classes) < 2:
        return Distribution(firms, n, missing, weighted, (), words)
    total = sum(each.weight for each in classes)
    bars = tuple(Bar(_label(each), each.weight / total) for each in classes)
    return Distribution(firms, n, missing, weighted, bars)


def _label(each: _Class) -> str:
    if each.low == each.high:
        return each.low
    if not each.low:
        return f"up to {each.high}" if each.of_values else f"below {each.high}"
    return f"{each.low} to {each.high}" if each.high else f"{each.low} or more"


def _of_category(
    measured: Measured, values: Any, weight: Floats, least: int
) -> tuple[list[_Class], str]:
    """A class for each code with enough firms; the others together, if they are enough."""
    if not measured.codes:
        return [], IN_WORDS
    found = [
        _Class(label or code, label or code, int(rows.sum()), float(weight[rows].sum()))
        for code, label in measured.codes
        if (rows := values == code).any()
    ]
    by_size = sorted(found, key=lambda each: each.firms, reverse=True)
    shown = [each for each in by_size[: MOST_BARS - 1] if each.firms >= least]
    rest_firms = len(values) - sum(each.firms for each in shown)
    while shown and 0 < rest_firms < least:
        rest_firms += shown.pop().firms
    kept = [each for each in found if each in shown]
    if rest_firms:
        rest = float(weight.sum()) - sum(each.weight for each in kept)
        kept.append(_Class("all others", "all others", rest_firms, rest))
    return kept, ALIKE


def _of_numbers(values: Floats, weight: Floats, least: int) -> list[_Class]:
    distinct = np.unique(values)
    if len(distinct) <= MOST_BARS:
        return _joined(_of_values(distinct, values, weight), least)
    bounds = _round_bounds(values)
    place = np.searchsorted(bounds, values, side="right")
    firms = np.bincount(place, minlength=len(bounds) + 1)
    weights = np.bincount(place, weights=weight, minlength=len(bounds) + 1)
    names = ["", *(_number(bound) for bound in bounds), ""]
    return _joined(
        [
            _Class(names[k], names[k + 1], int(firms[k]), float(weights[k]))
            for k in range(len(bounds) + 1)
        ],
        least,
    )


def _of_values(distinct: Floats, values: Floats, weight: Floats) -> list[_Class]:
    """A class for each value, called by it; yes and no where there is nothing else."""
    yes_or_no = set(distinct.tolist()) <= {0.0, 1.0}
    names = [("no", "yes")[int(v)] if yes_or_no else _number(v) for v in distinct]
    found = []
    for name, value in zip(names, distinct, strict=True):
        rows = values == value
        found.append(_Class(name, name, int(rows.sum()), float(weight[rows].sum()), of_values=True))
    return found


def _joined(classes: list[_Class], least: int) -> list[_Class]:
    """Neighbours put together until each has enough firms; the ends then lie open."""
    joined: list[_Class] = []
    for each in classes:
        if joined and joined[-1].firms < least:
            joined[-1] = _both(joined[-1], each)
        else:
            joined.append(each)
    if len(joined) > 1 and joined[-1].firms < least:
        joined[-2:] = [_both(joined[-2], joined[-1])]
    return [_opened(each, classes) for each in joined]


def _both(first: _Class, second: _Class) -> _Class:
    firms, weight = first.firms + second.firms, first.weight + second.weight
    return replace(first, high=second.high, firms=firms, weight=weight)


def _opened(each: _Class, classes: list[_Class]) -> _Class:
    """A joined class at an end does not say how far the answers go."""
    if each.low == each.high:
        return each
    low = "" if each.low == classes[0].low else each.low
    high = "" if each.high == classes[-1].high else each.high
    return replace(each, low=low, high=high)


def _round_bounds(values: Floats) -> Floats:
    """Round numbers between the outer two per cent, at most `CLASSES` or so of them."""
    low, middle, high = np.quantile(values, [0.02, 0.5, 0.98])
    if low > 0 and high - middle > SKEWED * (middle - low):
        return _by_factors(low, high)
    step = _round_up((high - low) / CLASSES or max(abs(high), 1.0) / CLASSES)
    first = np.floor(low / step) + 1
    last = max(first, np.ceil(high / step) - 1)
    return np.arange(first, last + 1) * step


def _by_factors(low: float, high: float) -> Floats:
    """Of 1, 2, 5, 10 and so on those between, or tens alone where those are too many."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for steps in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        bounds = np.array([step * 10.0**decade for decade in decades for step in steps])
        bounds = bounds[(bounds > low) & (bounds <= high)]
        if len(bounds) <= MOST_BARS - 1:
            break
    return bounds if len(bounds) else np.array([10.0 ** np.round(np.log10(high))])


def _round_up(step: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(step))
    return float(next(each * power for each in (1, 2, 5, 10) if each * power >= step * (1 - 1e-9)))


def _number(value: float) -> str:
    """As people write it: ``10 000`` with a thin space, ``0.25``."""
    rounded = float(f"{value:.12g}")
    if abs(rounded) >= 1e12 or 0 < abs(rounded) < 1e-4:
        return f"{rounded:.4g}"
    text = f"{rounded:,.4f}".rstrip("0").rstrip(".") if rounded % 1 else f"{rounded:,.0f}"
    # Years are written without a space.
    return text.replace(",", "" if abs(rounded) < 10_000 else "\u2009")
