"""Linear hypotheses on coefficients, as matrices, from sentences or from mappings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimation.after.language import (
    Restriction,
    not_understood,
    read_hypothesis,
    unknown_term,
)
from analysis.estimation.design import named
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

# Of a restriction of length one: what those before it must leave for it to say more.
INDEPENDENT = 1e-10


Asked = str | Restriction | Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Hypothesis:
    """q restrictions on k coefficients: ``matrix @ coefficients = values``.

    Attributes
    ----------
    matrix : (q, k) floats, of rank q
    values : (q,) floats
    words : q sentences
    """

    matrix: Floats
    values: Floats
    words: tuple[str, ...]


def linear_hypothesis(asked: Asked | Sequence[Asked], terms: Sequence[str]) -> Hypothesis:
    """The restrictions asked for, of which each says what the others do not.

    `asked` is one or more of: a sentence ("a = b = c; d = 0.5"), a mapping of terms to the
    weights of a sum that is zero, a Restriction.

    Raises
    ------
    Refusal
        ``hypothesis_not_understood``, ``hypothesis_not_linear``, ``unknown_term``,
        ``hypothesis_without_terms``, ``redundant_restriction``,
        ``contradictory_restrictions``.
    """
    several = [asked] if isinstance(asked, str | Restriction | Mapping) else list(asked)
    restrictions = [each for one in several for each in _restrictions(one, terms)]
    if not restrictions:
        raise Refusal(
            "hypothesis_without_terms",
            "No restriction was given to test.",
            "Name the terms whose coefficients are to be tested.",
        )
    hypothesis = as_matrix(restrictions, terms)
    _refuse_dependent(hypothesis)
    return hypothesis


def as_matrix(restrictions: Sequence[Restriction], terms: Sequence[str]) -> Hypothesis:
    """The restrictions, each on some term, as a matrix of any rank.

    Raises: Refusal ``hypothesis_without_terms``.
    """
    hypothesis = Hypothesis(
        matrix=np.array([[each.weights.get(term, 0.0) for term in terms] for each in restrictions]),
        values=np.array([each.value for each in restrictions]),
        words=tuple(each.words for each in restrictions),
    )
    _refuse_without_terms(hypothesis)
    return hypothesis


def sum_of(asked: Asked, terms: Sequence[str]) -> Restriction:
    """One weighted sum of coefficients, less its number."""
    found = _restrictions(asked, terms)
    if len(found) != 1:
        raise not_understood(str(asked), "a contrast is one sum of terms")
    return found[0]


def _restrictions(asked: Asked, terms: Sequence[str]) -> list[Restriction]:
    if isinstance(asked, str):
        return read_hypothesis(asked, terms)
    if isinstance(asked, Mapping):
        asked = Restriction(asked)
    for term in asked.weights:
        if term not in terms:
            raise unknown_term(term, terms)
    if not np.isfinite([*asked.weights.values(), asked.value]).all():
        raise not_understood(str(dict(asked.weights)), "a weight is not a finite number")
    words = asked.words or _written(asked)
    return [Restriction(asked.weights, asked.value, words)]


def _written(restriction: Restriction) -> str:
    parts = [f"{weight:+g} {term}" for term, weight in restriction.weights.items()]
    return f"{' '.join(parts).removeprefix('+')} = {restriction.value:g}"


def _refuse_without_terms(hypothesis: Hypothesis) -> None:
    for row, words in zip(hypothesis.matrix, hypothesis.words, strict=True):
        if not row.any():
            raise Refusal(
                "hypothesis_without_terms",
                f"'{words}' says nothing of any coefficient.",
                "Name at least one term whose coefficient does not cancel out.",
            )


def _refuse_dependent(hypothesis: Hypothesis) -> None:
    length = np.linalg.norm(hypothesis.matrix, axis=1)
    rows, values = hypothesis.matrix / length[:, None], hypothesis.values / length
    for last in range(1, len(rows)):
        before = rows[:last].T
        combination = np.linalg.lstsq(before, rows[last], rcond=None)[0]
        if np.linalg.norm(rows[last] - before @ combination) > INDEPENDENT:
            continue
        expected = float(combination @ values[:last])
        others = [
            hypothesis.words[place] for place in np.flatnonzero(np.abs(combination) > INDEPENDENT)
        ]
        if abs(expected - values[last]) > INDEPENDENT * max(1.0, abs(expected)):
            raise Refusal(
                "contradictory_restrictions",
                f"'{hypothesis.words[last]}' cannot hold together with {named(others)}.",
                "Correct the values, or test the restrictions one by one.",
            )
        raise Refusal(
            "redundant_restriction",
            f"'{hypothesis.words[last]}' follows from {named(others)}: it adds no restriction.",
            "Leave it out.",
        )
