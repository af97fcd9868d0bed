"""Answers to categorical items as codes, and the patterns that firms share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimation.design import Rows
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

Codes = npt.NDArray[np.intp]
MISSING = -1
# A table of answers with more levels than this is no list of categories.
MOST_LEVELS = 20


@dataclass(frozen=True, eq=False)
class Responses:
    """Answers of n firms to J items.

    Attributes
    ----------
    names : of the J items
    levels : the categories of each item, in their order
    codes : (n, J) positions among the levels, -1 where the answer is missing
    """

    names: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    codes: Codes

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each item's levels begin among the L levels of all items; J + 1 numbers."""
        return (0, *np.cumsum([len(levels) for levels in self.levels]).tolist())

    @property
    def item_of_level(self) -> Codes:
        """(L,) position of the item that each level belongs to."""
        return np.repeat(np.arange(len(self.names)), [len(levels) for levels in self.levels])

    @property
    def possible_patterns(self) -> int:
        """How many different complete answers there could be."""
        count = 1
        for levels in self.levels:
            count *= len(levels)
        return count

    def parameters(self, classes: int) -> int:
        """Free parameters of a model of so many classes."""
        return classes - 1 + classes * (self.starts[-1] - len(self.names))


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """The P different patterns of answers among firms that answered at least one item.

    Attributes
    ----------
    chosen : (P, L) 1 where the level was given, 0 elsewhere
    answered : (P, L) 1 at every level of an item that was answered
    weight : (P,) sum of the weights of the firms with the pattern
    of_firm : (n,) position of the firm's pattern, -1 for a firm that takes no part
    """

    chosen: Floats
    answered: Floats
    weight: Floats
    of_firm: Codes


def responses(
    columns: Mapping[str, Sequence[Any] | npt.NDArray[Any]],
    levels: Mapping[str, Sequence[str]] | None = None,
) -> Responses:
    """Responses from columns of n answers; None and NaN are missing.

    `levels` gives the categories of an item in their order, as text; those of other items are
    what is found, sorted. Numbers that are whole are written without decimals.

    Raises: Refusal ``too_few_items``, ``unknown_level``, ``one_level``, ``too_many_levels``.
    """
    if len(columns) < 2:
        raise Refusal(
            "too_few_items",
            f"Profiles need two items or more; there is {len(columns)}.",
            "Name more measures.",
        )
    coded = {
        name: _coded(name, values, (levels or {}).get(name)) for name, values in columns.items()
    }
    return Responses(
        names=tuple(columns),
        levels=tuple(found for found, _ in coded.values()),
        codes=np.column_stack([codes for _, codes in coded.values()]),
    )


def _coded(name: str, values: Any, given: Sequence[str] | None) -> tuple[tuple[str, ...], Codes]:
    texts = [None if pd.isna(value) else _text(value) for value in values]
    found = set(filter(None, texts))
    order = tuple(given) if given is not None else tuple(sorted(found, key=_as_number))
    if unknown := sorted(found - set(order)):
        raise Refusal(
            "unknown_level",
            f"“{name}” has the answer “{unknown[0]}”, which is not among its levels.",
            f"Its levels are {', '.join(order)}.",
        )
    if len(order) > MOST_LEVELS:
        raise Refusal(
            "too_many_levels",
            f"“{name}” has {len(order)} different values; a category has {MOST_LEVELS} at most.",
            "Cut a measure of amounts at a threshold first, or use k-means.",
        )
    if len(order) < 2:
        raise Refusal(
            "one_level",
            f"“{name}” is the same for every firm, so it tells no profile from another.",
            "Leave it out.",
        )
    place = {text: position for position, text in enumerate(order)}
    return order, np.array([MISSING if t is None else place[t] for t in texts], dtype=np.intp)


def _text(value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _as_number(text: str) -> tuple[float, str]:
    try:
        return float(text), text
    except ValueError:
        return np.inf, text


def patterns(given: Responses, weight: Floats, domain: Rows) -> Patterns:
    """The patterns of the firms in the domain that have weight and answered anything."""
    takes_part = domain & (weight > 0) & (given.codes != MISSING).any(axis=1)
    if not takes_part.any():
        raise Refusal(
            "no_rows",
            "No firm of the subpopulation answered any of the items.",
            "Choose other items or another subpopulation.",
        )
    distinct, inverse = np.unique(given.codes[takes_part], axis=0, return_inverse=True)
    inverse = inverse.ravel()
    of_firm = np.full(len(weight), -1, dtype=np.intp)
    of_firm[takes_part] = inverse
    chosen = np.zeros((len(distinct), given.starts[-1]))
    for item, start in enumerate(given.starts[:-1]):
        has = distinct[:, item] != MISSING
        chosen[np.flatnonzero(has), start + distinct[has, item]] = 1.0
    answered = (distinct != MISSING).astype(float)[:, given.item_of_level]
    summed: Floats = np.bincount(inverse, weight[takes_part]).astype(float)
    return Patterns(chosen, answered, summed, of_firm)
