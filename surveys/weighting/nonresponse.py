"""Nonresponse: the weight of cases that did not respond goes to those that did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from mathematics.arrays import Floats, Rows, named
from mathematics.refusals import Refusal
from surveys.fieldwork.auxiliaries import auxiliaries
from surveys.fieldwork.propensities import propensities
from surveys.weighting.cells import LEAST, MOST, Cells, weighting_cells
from surveys.weighting.chain import Adjustment

QUINTILES = 5
# A propensity below this makes one respondent stand for so many that it decides the result.
SMALLEST = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Sharing:
    """Which of n cases give up their weight, which take it, and which leave with theirs.

    Attributes
    ----------
    gives : (n,) booleans, nonrespondents, or cases of unknown eligibility
    takes : (n,) booleans, those that stand for them
    leaves : (n,) booleans, cases not eligible: their weight stood for others like them
    """

    gives: Rows
    takes: Rows
    leaves: Rows

    @classmethod
    def of(
        cls, gives: npt.ArrayLike, takes: npt.ArrayLike, leaves: npt.ArrayLike | None = None
    ) -> Self:
        """Raises ValueError where a case is to do two things at once."""
        gave, took = np.asarray(gives, dtype=bool), np.asarray(takes, dtype=bool)
        left = np.zeros_like(gave) if leaves is None else np.asarray(leaves, dtype=bool)
        if np.any(gave.astype(int) + took + left > 1):
            raise ValueError("A case gives, takes or leaves; it cannot do two of them.")
        return cls(gave, took, left)


@dataclass(frozen=True, slots=True, eq=False)
class InClasses:
    """Shares weight out within weighting classes: a step of `weigh`.

    In each cell the factor of those who take is the weight of all over the weight of theirs,
    so that every cell keeps its sum.
    """

    name: str
    sharing: Sharing
    cells: Cells

    def adjusted(self, weight: Floats) -> Adjustment:
        """Raises: Refusal ``cell_without_respondent``."""
        takes, gives, codes = self.sharing.takes, self.sharing.gives, self.cells.codes
        count = len(self.cells.lines)
        taking = np.bincount(codes, weight * takes, count)
        giving = np.bincount(codes, weight * gives, count)
        empty = (taking <= 0) & (giving > 0)
        if empty.any():
            where = named(np.array([each.label for each in self.cells.lines])[empty])
            raise Refusal(
                "cell_without_respondent",
                f"Nobody responded in these cells, though cases there did not: {where}.",
                "Ask for more respondents in a cell, so that thin ones are joined.",
            )
        raised = 1 + np.divide(giving, taking, out=np.zeros(count), where=taking > 0)
        factor = np.where(takes, raised[codes], 1.0)
        factor[gives | self.sharing.leaves] = 0.0
        notes = tuple(
            f"'{each.cell}' was joined with '{each.into}' ({each.reason})"
            for each in self.cells.joins
        )
        return Adjustment(self.name, factor, notes)


def in_classes(
    levels: Mapping[str, npt.ArrayLike],
    weight: npt.ArrayLike,
    sharing: Sharing,
    *,
    name: str = "nonresponse in classes",
    least: int = LEAST,
    most: float = MOST,
) -> InClasses:
    """The step that shares weight out within classes formed under these (n,) weights.

    The classes stay as they are when the step is repeated for replicates.
    Raises: Refusal of `weighting_cells`.
    """
    cells = weighting_cells(levels, weight, sharing.gives, sharing.takes, least=least, most=most)
    return InClasses(name, sharing, cells)


def by_known_eligibility(
    levels: Mapping[str, npt.ArrayLike],
    weight: npt.ArrayLike,
    unknown: Rows,
    *,
    least: int = LEAST,
    most: float = MOST,
) -> InClasses:
    """The step that spreads the weight of cases of unknown eligibility over all known ones.

    In each cell the factor of every known case, eligible or not, is the weight of all over
    that of the known: the unknown are taken to be eligible as often as the known of their cell.
    Those not eligible leave with what they got at the next step (Valliant, Dever and Kreuter
    2018, chapter 13, adjustments for unknown eligibility). Over all cases as one cell it is the
    proportional allocation of `surveys.fieldwork.eligibility`.
    """
    sharing = Sharing.of(gives=unknown, takes=~unknown)
    name = "unknown eligibility"
    return in_classes(levels, weight, sharing, name=name, least=least, most=most)


def by_propensity_class(
    variables: Mapping[str, npt.ArrayLike],
    weight: npt.ArrayLike,
    sharing: Sharing,
    *,
    classes: int = QUINTILES,
    name: str = "nonresponse by propensity class",
    least: int = LEAST,
    most: float = MOST,
) -> InClasses:
    """Classes of like propensity: quantile groups of a weighted logit of responding.

    Five classes remove most of the bias that the propensity tells of (Rosenbaum and Rubin
    1984; Little 1986). Raises: Refusal of `propensities` and `weighting_cells`.
    """
    base = np.asarray(weight, dtype=float)
    p = _fitted(variables, base, sharing)
    inside = sharing.gives | sharing.takes
    cuts = np.quantile(p[inside], np.arange(1, classes) / classes)
    group = np.searchsorted(cuts, p, side="right") + 1
    levels = {"class": group}
    cells = weighting_cells(levels, base, sharing.gives, sharing.takes, least=least, most=most)
    return InClasses(name, sharing, cells)


@dataclass(frozen=True, slots=True, eq=False)
class ByInversePropensity:
    """Divides by the propensity of a weighted logit: a step of `weigh`.

    Attributes
    ----------
    variables : mapping from name to (n,) categories
    sharing : Sharing
    smallest : float
        A propensity of a respondent below this is refused.
    name : str

    Notes
    -----
    The factors are scaled by one number, so that those who take have the weight of all.
    """

    variables: Mapping[str, npt.ArrayLike]
    sharing: Sharing
    smallest: float = SMALLEST
    name: str = "nonresponse by inverse propensity"

    def adjusted(self, weight: Floats) -> Adjustment:
        """Raises: Refusal ``propensity_small`` and those of `propensities`."""
        takes, gives = self.sharing.takes, self.sharing.gives
        if not np.any(gives & (weight > 0)):
            return Adjustment(self.name, np.where(gives | self.sharing.leaves, 0.0, 1.0))
        p = _fitted(self.variables, weight, self.sharing)
        counted = takes & (weight > 0)
        self._refuse_small(p, counted)
        raised = weight[counted] / p[counted]
        scale = weight[gives | takes].sum() / raised.sum()
        factor = np.where(gives | self.sharing.leaves, 0.0, 1.0)
        factor[counted] = scale / p[counted]
        return Adjustment(self.name, factor)

    def _refuse_small(self, p: Floats, counted: Rows) -> None:
        small = counted & (p < self.smallest)
        if small.any():
            raise Refusal(
                "propensity_small",
                f"{small.sum()} respondents had a propensity below {self.smallest:g}, the least "
                f"{p[counted].min():.2g}: each would stand for very many.",
                "Choose classes of propensity, or join small categories.",
            )


def _fitted(variables: Mapping[str, npt.ArrayLike], weight: Floats, sharing: Sharing) -> Floats:
    """(n,) propensities of cases with a weight that give or take; 1 for the others."""
    inside = (sharing.gives | sharing.takes) & (weight > 0)
    kept = {name: np.asarray(values)[inside] for name, values in variables.items()}
    aux = auxiliaries(kept, weight[inside])
    p = np.ones(len(weight))
    p[inside] = propensities(aux, sharing.takes[inside], weight[inside]).p
    return p
