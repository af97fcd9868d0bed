"""Outcome rates from counts of cases by outcome.

Names and formulas after AAPOR, *Standard Definitions: Final Dispositions of Case Codes and
Outcome Rates for Surveys*, 9th edition, 2016: RR1 to RR6, COOP1 to COOP4, REF1 to REF3, CON1
to CON3. With

    I complete, P partial, R refusal or break-off, NC non-contact, O other,
    U = UH + UO unknown eligibility, e the share of U taken as eligible,

every rate has a numerator and a denominator that leave out the cases found not eligible.
Counts give plain rates; sums of design weights give weighted rates, the estimate for all
firms of the frame.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import groupby

from mathematics.refusals import Refusal
from surveys.fieldwork.dispositions import term
from surveys.fieldwork.eligibility import Eligibility


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Cases by outcome: numbers of cases, or sums of their design weights (floats >= 0).

    `unknown_unit` are those of which not even the existence is known (UH), `unknown` those of
    unknown eligibility for another reason (UO).
    """

    complete: float = 0
    partial: float = 0
    refusal: float = 0
    non_contact: float = 0
    other: float = 0
    unknown: float = 0
    not_eligible: float = 0
    unknown_unit: float = 0

    @property
    def eligible(self) -> float:
        """Cases that count in the denominators: all but those found not eligible."""
        return self.total - self.not_eligible

    @property
    def total(self) -> float:
        return float(sum(getattr(self, each.name) for each in fields(self)))

    @property
    def undetermined(self) -> float:
        """U: cases of unknown eligibility, of either kind."""
        return self.unknown + self.unknown_unit

    @property
    def known_eligible(self) -> float:
        return self.eligible - self.undetermined

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


@dataclass(frozen=True, slots=True)
class Formula:
    """A rate in AAPOR's letters: what stands above the line, and what below it."""

    name: str
    label: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    text: str

    def of(self, counts: Outcomes, e: float) -> float | None:
        """The rate in [0, 1]; None where no case counts below the line."""
        whole = _sum(self.below, counts, e)
        return _sum(self.above, counts, e) / whole if whole > 0 else None

    @property
    def needs_eligibility(self) -> bool:
        return "eU" in self.below


_NAMES = {
    "I": "complete",
    "P": "partial",
    "R": "refusal",
    "NC": "non_contact",
    "O": "other",
    "U": "undetermined",
}
_KNOWN = ("I", "P", "R", "NC", "O")
_REACHED = ("I", "P", "R", "O")
_BELOW = {
    "all": ((*_KNOWN, "U"), "((I + P) + (R + NC + O) + U)"),
    "e": ((*_KNOWN, "eU"), "((I + P) + (R + NC + O) + eU)"),
    "known": (_KNOWN, "((I + P) + (R + NC + O))"),
    "reached": (_REACHED, "((I + P) + R + O)"),
    "asked": (("I", "P", "R"), "((I + P) + R)"),
}
_ABOVE = {
    "I": (("I",), "I"),
    "I + P": (("I", "P"), "(I + P)"),
    "R": (("R",), "R"),
    "reached": (_REACHED, "((I + P) + R + O)"),
}


def _formula(name: str, label: str, above: str, below: str) -> Formula:
    over, over_text = _ABOVE[above]
    under, under_text = _BELOW[below]
    return Formula(name, label, over, under, f"{over_text} / {under_text}")


FORMULAS: Mapping[str, Formula] = {
    each.name: each
    for each in (
        _formula("RR1", "Response rate", "I", "all"),
        _formula("RR2", "Response rate, partials included", "I + P", "all"),
        _formula("RR3", "Response rate, eligibility estimated", "I", "e"),
        _formula("RR4", "As RR3, partials included", "I + P", "e"),
        _formula("RR5", "Response rate, unknown taken as not eligible", "I", "known"),
        _formula("RR6", "As RR5, partials included", "I + P", "known"),
        _formula("COOP1", "Cooperation rate", "I", "reached"),
        _formula("COOP2", "Cooperation rate, partials included", "I + P", "reached"),
        _formula("COOP3", "Cooperation rate of those able to answer", "I", "asked"),
        _formula("COOP4", "As COOP3, partials included", "I + P", "asked"),
        _formula("REF1", "Refusal rate", "R", "all"),
        _formula("REF2", "Refusal rate, eligibility estimated", "R", "e"),
        _formula("REF3", "Refusal rate, unknown taken as not eligible", "R", "known"),
        _formula("CON1", "Contact rate", "reached", "all"),
        _formula("CON2", "Contact rate, eligibility estimated", "reached", "e"),
        _formula("CON3", "Contact rate, unknown taken as not eligible", "reached", "known"),
    )
}


def _sum(letters: tuple[str, ...], counts: Outcomes, e: float) -> float:
    return sum(
        e * counts.undetermined if letter == "eU" else float(getattr(counts, _NAMES[letter]))
        for letter in letters
    )


def outcome_rate(name: str, counts: Outcomes, eligibility: Eligibility | None = None) -> float:
    """The rate of that name, in [0, 1].

    Raises
    ------
    Refusal
        ``rate_unknown``, ``eligibility_missing`` for RR3, RR4, REF2 and CON2 without one, and
        ``rate_empty`` where no case counts below the line.
    """
    formula = FORMULAS.get(name)
    if formula is None:
        raise Refusal(
            "rate_unknown",
            f"There is no outcome rate '{name}'.",
            f"There are {', '.join(FORMULAS)}.",
        )
    if formula.needs_eligibility and eligibility is None:
        raise Refusal(
            "eligibility_missing",
            f"{name} needs the share e of cases of unknown eligibility that are eligible.",
            "State one, or estimate it from the cases whose eligibility is known.",
        )
    found = formula.of(counts, 1.0 if eligibility is None else eligibility.e)
    if found is None:
        raise Refusal(
            "rate_empty",
            f"{name} is {formula.text}, and no case counts below the line.",
            "Wait for the first outcomes, or choose a larger group of firms.",
        )
    return found


def response_rate_1(counts: Outcomes) -> float | None:
    """RR1, the minimum response rate: I / ((I + P) + (R + NC + O) + U). None if empty."""
    return FORMULAS["RR1"].of(counts, 1.0)


@dataclass(frozen=True, slots=True)
class Rate:
    """One outcome rate, plain and weighted; shares in [0, 1], None where nothing counts."""

    name: str
    label: str
    formula: str
    plain: float | None
    weighted: float | None


def all_rates(
    counts: Outcomes,
    weights: Outcomes,
    plain: Eligibility | None,
    weighted: Eligibility | None,
) -> tuple[Rate, ...]:
    """All sixteen rates. Those that need an e are None where it is None.

    `plain` is the e of the counts, `weighted` that of the summed weights; one that is stated
    holds for both.
    """
    return tuple(
        Rate(
            each.name,
            each.label,
            each.text,
            _under(each, counts, plain),
            _under(each, weights, weighted),
        )
        for each in FORMULAS.values()
    )


def _under(formula: Formula, counts: Outcomes, eligibility: Eligibility | None) -> float | None:
    if eligibility is None:
        return None if formula.needs_eligibility else formula.of(counts, 1.0)
    return formula.of(counts, eligibility.e)
