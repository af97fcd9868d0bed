"""Enterprise groups as primary sampling units, with establishments drawn within them.

A group stands in one stratum, that of its largest establishment. Groups are drawn first, then
within every group drawn the establishments; the probability of an establishment is the product of
both (Särndal, Swensson & Wretman 1992, section 4.3).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from surveys.sampling.arrays import (
    Floats,
    Integers,
    Labels,
    counts,
    first_within,
    floats,
    integers,
    sums,
)
from surveys.sampling.refusals import SamplingRefused
from surveys.sampling.selection.draws import Draw
from surveys.sampling.selection.simple import distances, drawing_order


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The G groups of N establishments.

    Attributes
    ----------
    code : (N,) integers
        Position of each establishment's group.
    name : (G,) text
        Of the group; of an establishment without one, its own identifier.
    stratum : (G,) integers
    establishments : (G,) integers
    size : (G,) floats
        Sum over establishments.
    """

    code: Integers
    name: Labels
    stratum: Integers
    establishments: Integers
    size: Floats


def groups_of(
    group: npt.ArrayLike, identifier: npt.ArrayLike, stratum: npt.ArrayLike, size: npt.ArrayLike
) -> Groups:
    """The groups that establishments belong to.

    Parameters
    ----------
    group : (N,) text
        Empty for an establishment that belongs to none: it is a group of its own.
    identifier : (N,) text
        Of the establishment, unique.
    stratum : (N,) integers
        Of the establishment.
    size : (N,) floats
        Decides which establishment is the largest; of equals the first by identifier.

    Raises
    ------
    SamplingRefused
        If an establishment without a group has the name of a group.
    """
    owner, own = np.asarray(group).astype(str), np.asarray(identifier).astype(str)
    codes, values = integers(stratum), floats(size, named="sizes")
    alone = owner == ""
    clash = np.intersect1d(owner[~alone], own[alone])
    if clash.size:
        raise SamplingRefused(
            f"{clash[0]} names a group and an establishment without one. Rename one of them."
        )
    name, code = np.unique(np.where(alone, own, owner), return_inverse=True)
    order = np.lexsort((own, -values, code))
    first = order[np.concatenate([[True], np.diff(code[order]) > 0])] if len(order) else order
    return Groups(
        code=integers(code),
        name=name,
        stratum=codes[first],
        establishments=counts(integers(code), len(name)),
        size=sums(values, integers(code), len(name)),
    )


def establishments_within(
    groups: Groups,
    drawn_groups: Draw,
    numbers: npt.ArrayLike,
    *,
    most: int | None = None,
    identifiers: npt.ArrayLike | None = None,
) -> Draw:
    """The establishments of the groups drawn: all, or `most` of each by simple sampling.

    Parameters
    ----------
    groups : Groups
        Of the frame.
    drawn_groups : Draw
        Of the groups, by any design.
    numbers : (N,) floats in [0, 1)
        Permanent random numbers of establishments.
    most : int, optional
        Establishments of one group at most; all if left out.
    identifiers : (N,) text, optional
        Decide between establishments with the same number.

    Returns
    -------
    Draw
        Of establishments; `group` is the position of each one's group, and `probability` that of
        its group times that within it.
    """
    if most is not None and most < 1:
        raise SamplingRefused("At least one establishment of a group must be drawn.")
    wanted = np.zeros(len(groups.name), dtype=np.intp)
    available = groups.establishments[drawn_groups.unit]
    wanted[drawn_groups.unit] = available if most is None else np.minimum(available, most)
    labels = None if identifiers is None else np.asarray(identifiers).astype(str)
    order = drawing_order(distances(numbers), groups.code, labels)
    unit = np.sort(first_within(order, groups.code, wanted))
    group = groups.code[unit]
    of_group = np.zeros(len(groups.name))
    of_group[drawn_groups.unit] = drawn_groups.probability
    probability = of_group * wanted / groups.establishments
    return Draw(
        method=f"{drawn_groups.method} of groups",
        unit=unit,
        stratum=groups.stratum[group],
        probability=probability[group],
        group=group,
        options={**drawn_groups.options, "most": most},
    )
