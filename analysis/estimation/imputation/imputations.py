"""Completed data sets, kept as what was imputed only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.estimation.design_matrix import Values
from analysis.estimation.estimates import Floats
from analysis.estimation.imputation.problem import Problem
from analysis.estimation.labels import Codes


@dataclass(frozen=True, slots=True, eq=False)
class Imputations:
    """m completed data sets.

    Attributes
    ----------
    problem : the data as given, and how they were imputed
    cells : m mappings of a variable to the (r,) values imputed
    means, deviations : name to (iterations, m) mean and standard deviation of the imputed values;
        of a category ``name[level]``
    notes : sentences for the table's notes
    """

    problem: Problem
    cells: tuple[Mapping[str, Values], ...]
    means: Mapping[str, Floats]
    deviations: Mapping[str, Floats]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[dict[str, Values]]:
        return (self.completed(index) for index in range(len(self)))

    @property
    def variables(self) -> tuple[str, ...]:
        """What was imputed, in the order of visits."""
        return tuple(target.name for target in self.problem.targets)

    @property
    def rows(self) -> Mapping[str, Codes]:
        """Of each variable, the rows that were imputed."""
        return {target.name: target.unseen for target in self.problem.targets}

    def completed(self, index: int) -> dict[str, Values]:
        """The data set with imputation `index`, from 0, and measures derived from it.

        What the question was not asked of stays missing.
        """
        values = {name: each.copy() for name, each in self.problem.data.items()}
        for name, imputed in self.cells[index].items():
            values[name][self.rows[name]] = imputed
        if self.problem.derive is not None:
            derived = self.problem.derive(values)
            values |= {name: np.asarray(measure) for name, measure in derived.items()}
        return values
