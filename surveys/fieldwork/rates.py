"""Outcome rates from counts of cases by outcome.

Names and formulas after AAPOR, *Standard Definitions: Final Dispositions of Case Codes and
Outcome Rates for Surveys*, 9th edition, 2016: RR1, RR2, RR5, RR6, COOP1, REF1, CON1. They
were compared with the documentation of the R package outcomerate 1.0.1, which follows that
edition; the report itself, and its 10th edition of 2023, were not at hand. With

    I complete, P partial, R refusal or break-off, NC non-contact, O other,
    U unknown eligibility,

every rate has a numerator and a denominator that leave out the cases found not eligible.
Counts give plain rates; sums of design weights give weighted rates, the estimate for all
firms of the frame.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import groupby

from surveys.fieldwork.dispositions import term


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Cases by outcome: numbers of cases, or sums of their design weights (floats >= 0)."""

    complete: float = 0
    partial: float = 0
    refusal: float = 0
    non_contact: float = 0
    other: float = 0
    unknown: float = 0
    not_eligible: float = 0

    @property
    def eligible(self) -> float:
        """Cases that count in the denominators: all but those found not eligible."""
        return self.total - self.not_eligible

    @property
    def total(self) -> float:
        return (
            self.complete
            + self.partial
            + self.refusal
            + self.non_contact
            + self.other
            + self.unknown
            + self.not_eligible
        )

    def __add__(self, other: "Outcomes") -> "Outcomes":
        names = [each.name for each in fields(self)]
        return Outcomes(**{name: getattr(self, name) + getattr(other, name) for name in names})


def outcomes(amounts: Iterable[tuple[str, float]]) -> Outcomes:
    """Sum (disposition, amount) pairs by outcome.

    Dispositions that are not final yet count as they would if the field closed now.
    Raises KeyError for an unknown disposition.
    """
    placed = sorted((term(disposition).outcome, amount) for disposition, amount in amounts)
    grouped = groupby(placed, key=lambda pair: pair[0])
    return Outcomes(**{name: sum(amount for _, amount in pairs) for name, pairs in grouped})


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def response_rate_1(counts: Outcomes) -> float | None:
    """RR1, the minimum response rate: I / ((I + P) + (R + NC + O) + U). None if empty."""
    return _share(counts.complete, counts.eligible)


def response_rate_2(counts: Outcomes) -> float | None:
    """RR2, partials counted as responses: (I + P) / ((I + P) + (R + NC + O) + U)."""
    return _share(counts.complete + counts.partial, counts.eligible)


def response_rate_5(counts: Outcomes) -> float | None:
    """RR5, the unknown taken as not eligible: I / ((I + P) + (R + NC + O))."""
    return _share(counts.complete, counts.eligible - counts.unknown)


def response_rate_6(counts: Outcomes) -> float | None:
    """RR6, as RR5 with partials: (I + P) / ((I + P) + (R + NC + O))."""
    return _share(counts.complete + counts.partial, counts.eligible - counts.unknown)


def cooperation_rate(counts: Outcomes) -> float | None:
    """COOP1, of the firms that were reached: I / ((I + P) + R + O)."""
    reached = counts.complete + counts.partial + counts.refusal + counts.other
    return _share(counts.complete, reached)


def refusal_rate(counts: Outcomes) -> float | None:
    """REF1: R / ((I + P) + (R + NC + O) + U)."""
    return _share(counts.refusal, counts.eligible)


def contact_rate(counts: Outcomes) -> float | None:
    """CON1: ((I + P) + R + O) / ((I + P) + (R + NC + O) + U)."""
    reached = counts.complete + counts.partial + counts.refusal + counts.other
    return _share(reached, counts.eligible)


@dataclass(frozen=True, slots=True)
class Rate:
    """One outcome rate, plain and weighted; shares in [0, 1], None where nothing counts."""

    name: str
    label: str
    formula: str
    plain: float | None
    weighted: float | None


_DENOMINATOR = "((I + P) + (R + NC + O) + U)"
_RATES = (
    ("RR1", "Response rate", f"I / {_DENOMINATOR}", response_rate_1),
    ("RR2", "Response rate, partials included", f"(I + P) / {_DENOMINATOR}", response_rate_2),
    ("COOP1", "Cooperation rate", "I / ((I + P) + R + O)", cooperation_rate),
    ("REF1", "Refusal rate", f"R / {_DENOMINATOR}", refusal_rate),
    ("CON1", "Contact rate", f"((I + P) + R + O) / {_DENOMINATOR}", contact_rate),
)


def rates(counts: Outcomes, weights: Outcomes) -> tuple[Rate, ...]:
    """The rates that a fieldwork page shows, from counts and from summed design weights."""
    return tuple(
        Rate(name, label, formula, rate(counts), rate(weights))
        for name, label, formula, rate in _RATES
    )
