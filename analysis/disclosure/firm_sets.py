"""The sets of firms that numbers are shown of, and which sets add up to which."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.disclosure.additive import Sum
from analysis.estimation.design import Rows
from analysis.estimation.estimates import Floats
from analysis.tables.basis import Basis


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One estimate that is to be shown.

    Attributes
    ----------
    where : in words, for the page of output checks
    family : lines of one description share it
    basis : the firms it rests on
    is_out : whether it has been shown before, so that it cannot be withheld
    """

    where: str
    family: int
    basis: Basis
    is_out: bool = False


@dataclass(slots=True)
class FirmSets:
    """Different sets of firms, each once, in order of appearance.

    Attributes
    ----------
    members : (n,) booleans of each set
    places : position of a set by its members
    """

    members: list[Rows] = field(default_factory=list)
    places: dict[bytes, int] = field(default_factory=dict)

    def place(self, rows: Rows) -> int:
        """Where the set stands; it is added if it is new."""
        key = np.packbits(rows).tobytes()
        if key not in self.places:
            self.places[key] = len(self.members)
            self.members.append(rows)
        return self.places[key]

    @property
    def sizes(self) -> Floats:
        return np.array([rows.sum() for rows in self.members], dtype=float)

    def sums(self, partitions: Iterable[Sequence[int]]) -> tuple[Sum, ...]:
        """Every set that is the union of two or more members of a partition, with these."""
        table = np.array(self.members, dtype=np.float32)
        sizes = self.sizes
        found: dict[Sum, None] = {}
        for partition in partitions:
            parts = list(dict.fromkeys(partition))
            if sizes[parts].sum() > np.logical_or.reduce(table[parts] > 0).sum():
                continue
            common = np.round(table @ table[parts].T)
            inside = common == sizes[parts]
            whole = (inside * sizes[parts]).sum(axis=1) == sizes
            for total in np.flatnonzero(whole & (sizes > 0)):
                # An empty part adds nothing to any set, and lies in all of them.
                members = [p for p, is_in in zip(parts, inside[total], strict=True) if is_in]
                members = [p for p in members if sizes[p] > 0]
                if total not in members and len(members) > 1:
                    found[int(total), tuple(members)] = None
        return tuple(found)


def union(rows: Iterable[Rows]) -> Rows:
    """(n,) firms of any of the sets."""
    result: Rows = np.logical_or.reduce(list(rows))
    return result


def families(lines: Sequence[Line]) -> list[list[int]]:
    """Positions of the lines of each family."""
    found: dict[int, list[int]] = {}
    for place, line in enumerate(lines):
        found.setdefault(line.family, []).append(place)
    return list(found.values())
