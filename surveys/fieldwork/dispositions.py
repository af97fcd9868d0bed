"""Dispositions: what became of a case, and its place among AAPOR's outcomes.

The terms follow the American Association for Public Opinion Research, *Standard
Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys*, with the
business-survey reading of it: a firm stands on the frame, so a firm that never replied is a
non-contact, not a case of unknown eligibility.
"""

from dataclasses import dataclass
from typing import Literal

from surveys.fieldwork.codes import FINAL, Group

Outcome = Literal[
    "complete",
    "partial",
    "refusal",
    "non_contact",
    "other",
    "unknown",
    "unknown_unit",
    "not_eligible",
]
_OUTCOME: dict[Group, Outcome] = {
    "I": "complete",
    "P": "partial",
    "R": "refusal",
    "NC": "non_contact",
    "O": "other",
    "UH": "unknown_unit",
    "UO": "unknown",
    "NE": "not_eligible",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A disposition in AAPOR's words.

    `outcome` is where the case counts; `symbol` its letter in the formulas of the rates.
    `final` tells whether the field can end with it.
    """

    disposition: str
    outcome: Outcome
    symbol: str
    name: str
    final: bool


TERMS: tuple[Term, ...] = (
    Term("complete", "complete", "I", "Complete", True),
    Term("partial", "partial", "P", "Partial", True),
    Term("refusal", "refusal", "R", "Refusal", True),
    Term("non_contact", "non_contact", "NC", "Non-contact", True),
    Term("not_eligible", "not_eligible", "NE", "Not eligible", True),
    Term("started", "partial", "P", "Started: partial if it closed now", False),
    Term("not_started", "non_contact", "NC", "No reply: non-contact if it closed now", False),
)

_FINAL = (Term(each.name, _OUTCOME[each.group], each.group, each.words, True) for each in FINAL)
_BY_NAME = {term.disposition: term for term in (*_FINAL, *TERMS)}

_MOVES: dict[str, frozenset[str]] = {
    "not_started": frozenset({"started", "complete", "refusal", "non_contact", "not_eligible"}),
    "started": frozenset({"complete", "partial", "refusal", "not_eligible"}),
    "refusal": frozenset({"not_started", "started", "complete", "not_eligible"}),
    "non_contact": frozenset({"not_started", "started", "complete", "refusal", "not_eligible"}),
    "not_eligible": frozenset({"not_started", "started"}),
    "complete": frozenset({"started"}),
    "partial": frozenset({"started", "complete"}),
}


def term(disposition: str) -> Term:
    """The disposition in AAPOR's words: one of `TERMS` or of the final ones of `codes`.

    Raises KeyError for a word that is none.
    """
    return _BY_NAME[disposition]


def at_closing(disposition: str) -> str:
    """The final disposition that closing the field gives to a case.

    A case that was started is a partial; one of which nothing was heard is a non-contact;
    the others keep what they have.
    """
    return {"started": "partial", "not_started": "non_contact"}.get(disposition, disposition)


def may_move(before: str, after: str) -> bool:
    """True if a case may go from the one disposition to the other."""
    return after in _MOVES[before]


def moves_from(disposition: str) -> tuple[str, ...]:
    """Dispositions that a case may go to, in the order of `TERMS`."""
    return tuple(term.disposition for term in TERMS if term.disposition in _MOVES[disposition])
