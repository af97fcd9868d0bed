"""Burden: how often each unit was drawn before."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from surveys.sampling.arrays import Integers, integers


@dataclass(frozen=True, slots=True, eq=False)
class Burden:
    """Of N units of a frame.

    Attributes
    ----------
    waves : (N,) integers
        In how many earlier draws each unit is.
    since : (N,) integers
        Draws since the unit was last drawn, 1 for the latest; 0 if it never was.
    """

    waves: Integers
    since: Integers

    @property
    def distribution(self) -> dict[int, int]:
        """Units by the number of waves they were drawn in."""
        values, number = np.unique(self.waves, return_counts=True)
        return dict(zip(values.tolist(), number.tolist(), strict=True))


def burden(identifiers: npt.ArrayLike, earlier: Sequence[npt.ArrayLike]) -> Burden:
    """Count the earlier draws that hold each unit.

    Parameters
    ----------
    identifiers : (N,) text
        Register identifiers of the frame, unique.
    earlier : sequence of arrays of text
        Register identifiers of each earlier draw, oldest first. One that is no longer on the
        frame counts nowhere; one that stands twice in a draw counts once.
    """
    names = np.asarray(identifiers).astype(str)
    waves, since = np.zeros(len(names), dtype=np.intp), np.zeros(len(names), dtype=np.intp)
    for ago, drawn in zip(range(len(earlier), 0, -1), earlier, strict=True):
        hit = np.isin(names, np.asarray(drawn).astype(str))
        waves += hit
        since[hit] = ago
    return Burden(integers(waves), integers(since))
