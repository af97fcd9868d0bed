"""Where the values of a variable lie, without the lowest or the highest of any firm."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.constructs.measured import Kind, Values

# An end of the distribution stands for so many firms or more.
LEAST_AT_AN_END = 5
# Numbers that take no more values than these are counted value by value.
_MOST_VALUES = 12
_TENTHS = np.arange(1, 10) / 10


@dataclass(frozen=True, slots=True)
class Bin:
    """So many firms (`count`) with the code, value or span that `label` names.

    `code` is the code of a category, empty for numbers.
    """

    label: str
    count: int
    code: str = ""


def distribution(values: Values, kind: Kind, codes: Sequence[tuple[str, str]]) -> tuple[Bin, ...]:
    """Bins of the (n,) values that are not missing, in the order of codes or numbers."""
    if kind == "category":
        return _by_code(values, codes)
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    if not numbers.size:
        return ()
    if kind == "binary":
        yes = int((numbers == 1).sum())
        return (Bin("no", numbers.size - yes), Bin("yes", yes))
    distinct = np.unique(numbers)
    edges = distinct[1:] if distinct.size <= _MOST_VALUES else _round_edges(numbers)
    return _between(numbers, _without_thin_ends(numbers, edges))


def _by_code(values: Values, codes: Sequence[tuple[str, str]]) -> tuple[Bin, ...]:
    held, counts = np.unique(np.array([str(value) for value in values]), return_counts=True)
    found = {str(code): int(count) for code, count in zip(held, counts, strict=True)}
    named = dict(codes)
    return tuple(
        Bin(label, found.get(code, 0), code)
        for code, label in [*codes, *((each, each) for each in found if each not in named)]
    )


def _round_edges(numbers: Values) -> Values:
    """About the deciles, with two figures each."""
    deciles = np.quantile(numbers, _TENTHS)
    edges = np.unique([float(f"{each:.2g}") for each in deciles])
    return np.asarray(edges[(edges > numbers.min()) & (edges <= numbers.max())])


def _without_thin_ends(numbers: Values, edges: Values) -> Values:
    """The edges but those beyond which fewer than `LEAST_AT_AN_END` firms lie."""
    below = np.array([(numbers < edge).sum() for edge in edges])
    kept = (below >= LEAST_AT_AN_END) & (numbers.size - below >= LEAST_AT_AN_END)
    return np.asarray(edges)[kept]


def _between(numbers: Values, edges: Values) -> tuple[Bin, ...]:
    if not len(edges):
        return (Bin("any", numbers.size),)
    counts = np.bincount(np.searchsorted(edges, numbers, side="right"), minlength=len(edges) + 1)
    words = [f"{edge:g}" for edge in edges]
    labels = [
        f"under {words[0]}",
        *(f"{low} to under {high}" for low, high in pairwise(words)),
        f"{words[-1]} or more",
    ]
    return tuple(Bin(label, int(count)) for label, count in zip(labels, counts, strict=True))
