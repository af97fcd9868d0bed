"""Cells of a frame: the crossing of size class, industry and region, on arrays."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from surveys.sampling.arrays import Flags, Integers, counts, integers
from surveys.sampling.refusals import SamplingRefused
from surveys.sampling.strata.firms import StratumKey


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The H strata that N units fall into.

    Attributes
    ----------
    code : (N,) integers
        Position of each unit's stratum.
    keys : tuple of H StratumKey
        In alphabetical order.
    population : (H,) integers
        N_h, at least 1.
    take_all : (H,) booleans
    """

    code: Integers
    keys: tuple[StratumKey, ...]
    population: Integers
    take_all: Flags


def cross(
    size_class: npt.ArrayLike,
    industry: npt.ArrayLike,
    region: npt.ArrayLike,
    *,
    take_all: Collection[str] = (),
) -> Cells:
    """The cells that are not empty.

    Parameters
    ----------
    size_class, industry, region : (N,) text
        Of every unit.
    take_all : collection of str
        Size classes in which every firm is drawn. Their cells are never collapsed.

    Raises
    ------
    SamplingRefused
        If the frame is empty, or a class to take whole is not on it.
    """
    columns = [np.asarray(each).astype(str) for each in (size_class, industry, region)]
    if len({len(column) for column in columns}) > 1:
        raise ValueError("Size class, industry and region differ in length.")
    if not len(columns[0]):
        raise SamplingRefused("The frame holds no firm. Load one first.")
    parts = [np.unique(column, return_inverse=True) for column in columns]
    levels = [part[0] for part in parts]
    joint = np.ravel_multi_index([part[1] for part in parts], [len(level) for level in levels])
    found, code = np.unique(joint, return_inverse=True)
    places = np.unravel_index(found, [len(level) for level in levels])
    named = [level[place] for level, place in zip(levels, places, strict=True)]
    keys = tuple(StratumKey(*map(str, names)) for names in zip(*named, strict=True))
    unknown = sorted(set(take_all) - set(levels[0].tolist()))
    if unknown:
        raise SamplingRefused(f"No firm of the frame is in size class {', '.join(unknown)}.")
    whole = np.array([key.size_class in take_all for key in keys])
    return Cells(integers(code), keys, counts(integers(code), len(keys)), whole)
