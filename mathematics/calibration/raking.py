"""Raking: weights brought to margins, category by category."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mathematics.arrays import Codes, Floats, named
from mathematics.calibration.margins import Margin, refuse_unlike_sums
from mathematics.calibration.record import Calibrated
from mathematics.refusals import Refusal

TOLERANCE = 1e-12
SWEEPS = 1000
# More cells than this are not laid out one by one: only those that hold a firm are.
MOST_CELLS = 1_000_000


@dataclass(frozen=True, eq=False)
class Raking:
    """Iterative proportional fitting to margins, in integers.

    Attributes
    ----------
    names : tuple of M str
    levels : tuple of M tuples of labels
    codes : tuple of M arrays (n,), the category of each firm
    targets : tuple of M arrays, the population of each category, above zero
    tolerance : float
        Raking ends when every category's sum of weights lies within this share of its total.
    sweeps : int
        How often each margin is taken up at most.
    """

    names: tuple[str, ...]
    levels: tuple[tuple[object, ...], ...]
    codes: tuple[Codes, ...]
    targets: tuple[Floats, ...]
    tolerance: float = TOLERANCE
    sweeps: int = SWEEPS

    @cached_property
    def _cells(self) -> tuple[Codes, tuple[Codes, ...]]:
        """The cell of each firm, and the categories of each cell.

        Weights of firms in one cell change by one factor, so that the fitting is done on
        cells: hundreds instead of as many as there are firms.
        """
        sizes = [len(target) for target in self.targets]
        cell = self.codes[0]
        for code, size in zip(self.codes[1:], sizes[1:], strict=True):
            cell = cell * size + code
        if np.prod(sizes, dtype=float) > MOST_CELLS:
            seen, cell = np.unique(cell, return_inverse=True)
        else:
            seen = np.arange(int(np.prod(sizes)))
        return cell, tuple(np.unravel_index(seen, sizes))

    def calibrated(self, weight: Floats) -> Calibrated:
        """Weights that meet every margin.

        Raises: Refusal ``margin_cell_empty``, ``raking_no_convergence``.
        """
        cell, categories = self._cells
        table = np.asarray(np.bincount(cell, weight, len(categories[0])), dtype=float)
        factor = np.ones(len(table))
        for sweep in range(1, self.sweeps + 1):
            for margin, code in enumerate(categories):
                target = self.targets[margin]
                sums = np.asarray(np.bincount(code, table * factor, len(target)), dtype=float)
                self._refuse_empty(sums, margin)
                factor *= (target / sums)[code]
            misfits = self._misfits(table * factor, categories)
            if max(float(each.max()) for each in misfits) <= self.tolerance:
                misfit = max(float(each.max()) for each in misfits)
                return Calibrated(weight * factor[cell], sweep, misfit)
        raise self._not_converged(misfits)

    def _misfits(self, table: Floats, categories: tuple[Codes, ...]) -> list[Floats]:
        return [
            np.abs(np.bincount(code, table, len(target)) / target - 1)
            for code, target in zip(categories, self.targets, strict=True)
        ]

    def _refuse_empty(self, sums: Floats, margin: int) -> None:
        if not sums.all():
            empty = [self.levels[margin][place] for place in np.flatnonzero(sums == 0)]
            raise Refusal(
                "margin_cell_empty",
                f"No responding firm is in these categories of '{self.names[margin]}', though "
                f"the population has firms there: {named(empty)}.",
                "Join each with a category like it, in the margin and in the data.",
            )

    def _not_converged(self, misfits: list[Floats]) -> Refusal:
        margin = int(np.argmax([each.max() for each in misfits]))
        place = int(np.argmax(misfits[margin]))
        return Refusal(
            "raking_no_convergence",
            f"After {self.sweeps} sweeps over the margins the weights of "
            f"'{self.levels[margin][place]}' ('{self.names[margin]}') still miss their total by "
            f"{misfits[margin][place]:.2g} of it: combinations of categories that no responding "
            "firm is in make the margins impossible to meet together.",
            "Join small categories, or leave a margin out.",
        )


def raking(
    margins: Sequence[Margin], weight: Floats, *, tolerance: float = TOLERANCE, sweeps: int = SWEEPS
) -> Raking:
    """The recipe of raking n firms of these weights to the margins.

    Raises: Refusal ``margins_inconsistent`` and those of `Margin.codes`.
    """
    if not margins:
        raise ValueError("Raking needs a margin.")
    if any(len(margin.label) != len(weight) for margin in margins):
        raise ValueError("Margins and weights differ in length.")
    refuse_unlike_sums(margins)
    return Raking(
        names=tuple(margin.name for margin in margins),
        levels=tuple(margin.levels for margin in margins),
        codes=tuple(margin.codes(weight) for margin in margins),
        targets=tuple(margin.targets for margin in margins),
        tolerance=tolerance,
        sweeps=sweeps,
    )
