"""What every piece of a plan's work shares: measures, definitions, completed data sets."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis.constructs import Measured, vocabulary
from analysis.dataset import Dataset
from analysis.pipeline.designs import design_of
from analysis.pipeline.pieces import Piece, divided
from analysis.refusals import Refusal
from analysis.specification.imputing import completed
from analysis.specification.matrix import with_definitions
from analysis.specification.model import DesignChoice, Plan

Known = Mapping[str, Measured]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A data set and a plan, with what is derived from both once and read many times."""

    dataset: Dataset
    plan: Plan

    @property
    def firms(self) -> int:
        return len(self.dataset.frame)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The plan's work on so many firms."""
        return divided(self.plan, self.firms)

    @cached_property
    def known(self) -> Known:
        """The vocabulary of the answers as they are. Raises: Refusal of a definition."""
        return self._known_in(self.dataset)

    @cached_property
    def worlds(self) -> "Worlds":
        """That of each completed data set, one of them where nothing is imputed."""
        if self.plan.imputation is None:
            return Worlds((self.known,))
        design = design_of(DesignChoice(), self.dataset)
        filled = completed(self.dataset, self.plan.imputation, design)
        return Worlds(tuple(self._known_in(each) for each in filled.datasets), filled.notes)

    def refuse_empty(self) -> None:
        """Raises: Refusal ``no_responses``."""
        if self.firms == 0:
            raise Refusal(
                "no_responses", "The wave has no submitted responses.", "Wait for the first firms."
            )

    def _known_in(self, dataset: Dataset) -> Known:
        derived = vocabulary(dataset, dict(self.plan.scales))
        return with_definitions(self.plan, derived, self.firms)


@dataclass(frozen=True, slots=True, eq=False)
class Worlds:
    """The vocabulary of each completed data set, and what is to be said of how they came about."""

    vocabularies: tuple[Known, ...]
    notes: tuple[str, ...] = ()
