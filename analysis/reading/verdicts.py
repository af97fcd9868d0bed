"""What an estimate with its interval allows to say, by fixed rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["more", "less", "small", "none", "unclear", "wide", "untold"]

# Of a probability, in points of 1: what is hardly any difference, and what tells little.
SMALL = 0.01
WIDE = 0.20


@dataclass(frozen=True, slots=True)
class Judged:
    """A term with what can be said of it; `is_probability` where units are points of 1."""

    term: str
    label: str
    scale: str | None
    verdict: Verdict
    estimate: float
    low: float
    high: float
    is_probability: bool


def judge(line: Mapping[str, Any], *, is_probability: bool) -> Judged:
    """The verdict on one line of estimates.json.

    ``untold``: no interval. ``small``: the interval excludes nought, but lies within one point
    of probability. ``more``, ``less``: it excludes nought. ``none``: it holds nought and lies
    within one point. ``wide``: it holds nought and is wider than twenty points. ``unclear``: it
    holds nought, otherwise. Sizes are judged of probabilities only: no other unit is known.
    """
    numbers = [line["estimate"], line["conf_low"], line["conf_high"]]
    estimate, low, high = (float("nan") if n is None else float(n) for n in numbers)
    if None in numbers:
        verdict: Verdict = "untold"
    else:
        verdict = _verdict(estimate, low, high, is_probability)
    return Judged(
        line["term"], line["label"], line["scale"], verdict, estimate, low, high, is_probability
    )


def _verdict(estimate: float, low: float, high: float, is_probability: bool) -> Verdict:
    lies_within_a_point = is_probability and low >= -SMALL and high <= SMALL
    if low <= 0 <= high:
        if lies_within_a_point:
            return "none"
        return "wide" if is_probability and high - low > WIDE else "unclear"
    if lies_within_a_point:
        return "small"
    return "more" if estimate > 0 else "less"
