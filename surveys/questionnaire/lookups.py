"""What a saved answer says: whether it is blank, and the value that a reference names in it."""

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Answers = Mapping[str, Any]

STATED_MISSING = ("dont_know", "refused", "not_applicable")
_MISSING = "missing"
_AMOUNT = "amount"
_REFERENCES_AT_HAND = 10_000


def stated_missing(answer: Any) -> str:
    """The reason that the firm gives for a blank, one of STATED_MISSING; empty if it gives none."""
    if isinstance(answer, dict) and len(answer) == 1:
        reason = answer.get(_MISSING)
        return reason if isinstance(reason, str) and reason in STATED_MISSING else ""
    return ""


def is_blank(answer: Any) -> bool:
    """Whether nothing was said: no code, no amount, no part, no facet, or only a reason why."""
    if isinstance(answer, dict):
        if _AMOUNT in answer:
            return answer[_AMOUNT] is None
        return bool(stated_missing(answer)) or all(is_blank(part) for part in answer.values())
    return answer is None or answer in ("", [])


def look_up(answers: Answers, reference: str) -> Any:
    """The value that a reference names.

    A whole answer (of money the amount), a part of an allocation, a facet of a row, or a
    column of a facet. An item of a roster gives the list of what was said in the entries,
    unless `answers` hold the reference itself, as within one entry. None: nothing was said.
    """
    if reference in answers:
        return _plain(answers[reference])
    for holder, rest in _splits(reference):
        if holder in answers:
            return _within(answers[holder], rest)
    return None


@lru_cache(maxsize=_REFERENCES_AT_HAND)
def prefixes(reference: str) -> tuple[str, ...]:
    """The reference and everything that could hold it: ``a.b.c``, ``a.b``, ``a``."""
    return (reference, *(holder for holder, _ in _splits(reference)))


@lru_cache(maxsize=_REFERENCES_AT_HAND)
def _splits(reference: str) -> tuple[tuple[str, str], ...]:
    """Every way to read the reference as a holder and what is in it, the longest holder first."""
    words = reference.split(".")
    return tuple(
        (".".join(words[:place]), ".".join(words[place:])) for place in range(len(words) - 1, 0, -1)
    )


def holder_of(reference: str) -> str:
    """The item of which the reference names a part or a facet; empty if it has no dot."""
    return reference.rpartition(".")[0]


def _plain(answer: Any) -> Any:
    """The answer itself, the amount of money, or None for a firm that says why it has none."""
    if not isinstance(answer, dict):
        return answer
    if _AMOUNT in answer:
        return answer[_AMOUNT]
    return None if stated_missing(answer) else answer


def _within(holder: Any, rest: str) -> Any:
    if isinstance(holder, list):
        return _over_entries(holder, rest)
    if isinstance(holder, dict) and not stated_missing(holder):
        return look_up(holder, rest)
    return None


def _over_entries(entries: list[Any], rest: str) -> list[Any] | None:
    """What the entries of a roster say, in order, codes of several choices in one list."""
    said: list[Any] = []
    for entry in entries:
        if not isinstance(entry, dict):
            return None
        value = look_up(entry, rest)
        if isinstance(value, list):
            said += value
        elif not is_blank(value):
            said.append(value)
    return said


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def finite(value: Any) -> float | None:
    """The value as a double, as a browser reads it; None if it is no number or too large."""
    if type(value) is float:  # the most frequent, and a condition asks often
        return value if math.isfinite(value) else None
    if not is_number(value):
        return None
    try:
        double = float(value)
    except OverflowError:  # a whole number too large for a double
        return None
    return double if math.isfinite(double) else None
