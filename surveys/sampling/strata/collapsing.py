"""Collapse of thin strata with their neighbours, by rules in a stated order.

A rule names the dimension over which strata may be joined. A thin stratum is joined, smallest
first, with the nearest stratum in the order of that dimension which shares a value with it in
both other dimensions; of two equally near with the one of fewer firms, then with the earlier. Only
what is still thin when nothing more can be joined comes under the next rule. Strata that are taken
whole are left alone. Every cell of the frame ends in exactly one stratum.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from itertools import product
from typing import Literal

import numpy as np

from surveys.sampling.arrays import Flags, Integers, counts, integers
from surveys.sampling.strata.cells import Cells
from surveys.sampling.strata.firms import StratumKey

Dimension = Literal["size_class", "industry", "region"]
DIMENSIONS: tuple[Dimension, ...] = ("size_class", "industry", "region")


@dataclass(frozen=True, slots=True)
class Rule:
    """Over which dimension thin strata are joined.

    Attributes
    ----------
    dimension : ``size_class``, ``industry`` or ``region``
    order : its values from one end to the other, neighbours side by side; alphabetical if empty,
        and what it leaves out comes after, alphabetically
    within : value to a wider group that a join may not leave, such as a NACE section
    """

    dimension: Dimension
    order: tuple[str, ...] = ()
    within: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """One step: which stratum was joined with which, and why."""

    thin: str
    with_: str
    population: int
    rule: Dimension


@dataclass(frozen=True, slots=True, eq=False)
class Collapsed:
    """Strata after the collapse.

    Attributes
    ----------
    code : (N,) integers
        Position of each unit's stratum.
    stratum_of_cell : (original H,) integers
        Position of the stratum that each cell of the crossing went to.
    keys : tuple of StratumKey
        Joined values are named together, as in ``medium+small``.
    population : (H,) integers
    take_all : (H,) booleans
    joined : tuple of Joined, in the order in which it was done
    still_thin : tuple of str
        Labels of strata that no rule could help.
    """

    code: Integers
    stratum_of_cell: Integers
    keys: tuple[StratumKey, ...]
    population: Integers
    take_all: Flags
    joined: tuple[Joined, ...]
    still_thin: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Stratum:
    """A stratum on its way: its values by dimension and its cells."""

    key: StratumKey
    values: Mapping[Dimension, frozenset[str]]
    population: int
    cells: tuple[int, ...]
    is_whole: bool

    @classmethod
    def of(
        cls,
        values: Mapping[Dimension, frozenset[str]],
        population: int,
        cells: tuple[int, ...],
        *,
        is_whole: bool,
    ) -> "_Stratum":
        key = StratumKey(*("+".join(sorted(values[name])) for name in DIMENSIONS))
        return cls(key, values, population, cells, is_whole)

    def joined(self, other: "_Stratum") -> "_Stratum":
        values = {name: self.values[name] | other.values[name] for name in DIMENSIONS}
        cells = tuple(sorted(self.cells + other.cells))
        return _Stratum.of(values, self.population + other.population, cells, is_whole=False)

    @property
    def turn(self) -> tuple[int, StratumKey, int]:
        """Whose turn it is: the smallest, then the earlier."""
        return self.population, self.key, self.cells[0]

    def is_thin(self, minimum: int) -> bool:
        return self.population < minimum and not self.is_whole


def collapse(cells: Cells, rules: Sequence[Rule], *, minimum: int) -> Collapsed:
    """Join strata of fewer than `minimum` firms with their neighbours, rule by rule."""
    strata = [
        _Stratum.of(
            {name: frozenset([getattr(key, name)]) for name in DIMENSIONS},
            int(size),
            (position,),
            is_whole=bool(whole),
        )
        for position, (key, size, whole) in enumerate(
            zip(cells.keys, cells.population, cells.take_all, strict=True)
        )
    ]
    steps: list[Joined] = []
    for rule in rules:
        strata = _Register(rule, strata).joined(minimum, steps)
    return _collapsed(cells, strata, minimum, steps)


class _Register:
    """Strata under one rule, found by what they share in the other two dimensions."""

    def __init__(self, rule: Rule, strata: Sequence[_Stratum]) -> None:
        self.rule = rule
        self.elsewhere = [name for name in DIMENSIONS if name != rule.dimension]
        present = sorted({value for s in strata for value in s.values[rule.dimension]})
        ordered = dict.fromkeys([*rule.order, *present])
        self.place = {value: position for position, value in enumerate(ordered)}
        # A stratum goes by its first cell, which no other has; two can have the same values.
        self.strata: dict[int, _Stratum] = {}
        self.sharing: dict[tuple[str, ...], set[int]] = {}
        for stratum in strata:
            self._add(stratum)

    def joined(self, minimum: int, steps: list[Joined]) -> list[_Stratum]:
        """The strata when nothing thin has a neighbour any more; what was done goes to `steps`."""
        thin = [s.turn for s in self.strata.values() if s.is_thin(minimum)]
        heapify(thin)
        waiting: set[int] = set()
        while thin:
            turn = heappop(thin)
            smallest = self.strata.get(turn[-1])
            if smallest is None or smallest.turn != turn:
                continue
            nearest = self._nearest(smallest)
            if nearest is None:
                waiting.add(smallest.cells[0])
                continue
            both = smallest.joined(nearest)
            labels = (smallest.key.label, nearest.key.label)
            steps.append(Joined(*labels, both.population, self.rule.dimension))
            self._drop(smallest)
            self._drop(nearest)
            self._add(both)
            # A join can give a neighbour to one that had none.
            helped = waiting & self._sharing_with(both)
            waiting -= helped
            for first in helped | ({both.cells[0]} if both.is_thin(minimum) else set()):
                heappush(thin, self.strata[first].turn)
        return list(self.strata.values())

    def _add(self, stratum: _Stratum) -> None:
        self.strata[stratum.cells[0]] = stratum
        for shared in self._shared(stratum):
            self.sharing.setdefault(shared, set()).add(stratum.cells[0])

    def _drop(self, stratum: _Stratum) -> None:
        del self.strata[stratum.cells[0]]
        for shared in self._shared(stratum):
            self.sharing[shared].remove(stratum.cells[0])

    def _shared(self, stratum: _Stratum) -> Iterator[tuple[str, ...]]:
        return product(*(stratum.values[name] for name in self.elsewhere))

    def _sharing_with(self, stratum: _Stratum) -> set[int]:
        return {first for shared in self._shared(stratum) for first in self.sharing[shared]}

    def _nearest(self, thin: _Stratum) -> _Stratum | None:
        others = (self.strata[first] for first in self._sharing_with(thin) - {thin.cells[0]})
        return min(
            (other for other in others if self._may_join(thin, other)),
            key=lambda other: (self._distance(thin, other), *other.turn),
            default=None,
        )

    def _may_join(self, thin: _Stratum, other: _Stratum) -> bool:
        if other.is_whole:
            return False
        if self.rule.within is None:
            return True
        both = thin.values[self.rule.dimension] | other.values[self.rule.dimension]
        return len({self.rule.within.get(value, value) for value in both}) == 1

    def _distance(self, thin: _Stratum, other: _Stratum) -> int:
        name, place = self.rule.dimension, self.place
        return min(abs(place[a] - place[b]) for a in thin.values[name] for b in other.values[name])


def _collapsed(
    cells: Cells, strata: list[_Stratum], minimum: int, steps: list[Joined]
) -> Collapsed:
    ordered = sorted(strata, key=lambda s: (s.key, s.cells[0]))
    stratum_of_cell = np.empty(len(cells.keys), dtype=np.intp)
    for position, stratum in enumerate(ordered):
        stratum_of_cell[list(stratum.cells)] = position
    code = stratum_of_cell[cells.code]
    return Collapsed(
        code=integers(code),
        stratum_of_cell=stratum_of_cell,
        keys=_told_apart([s.key for s in ordered]),
        population=counts(integers(code), len(ordered)),
        take_all=np.array([s.is_whole for s in ordered]),
        joined=tuple(steps),
        still_thin=tuple(s.key.label for s in ordered if s.is_thin(minimum)),
    )


def _told_apart(keys: Sequence[StratumKey]) -> tuple[StratumKey, ...]:
    """Keys with a number behind the region of one that stands there already."""
    seen: Counter[StratumKey] = Counter()
    result = []
    for key in keys:
        seen[key] += 1
        region = key.region if seen[key] == 1 else f"{key.region} ({seen[key]})"
        result.append(replace(key, region=region))
    return tuple(result)
