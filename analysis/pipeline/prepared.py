"""What every piece of a plan's work shares: measures, definitions, completed data sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.constructs import Measured
from analysis.dataset import Dataset, SampleAgainstFrame
from analysis.disclosure.rules import DisclosurePolicy
from analysis.estimation.design import Labels, SurveyDesign
from analysis.estimation.imputation.chain import Link
from analysis.estimation.imputation.chained import gathered
from analysis.estimation.imputation.problem import Problem
from analysis.pipeline.designs import design_of
from analysis.pipeline.naming import nameable
from analysis.pipeline.pieces import Piece, divided
from analysis.refusals import Refusal
from analysis.specification.imputing import (
    chain,
    completed_by,
    imputation_notes,
    imputation_problem,
)
from analysis.specification.matrix import with_definitions
from analysis.specification.model import DesignChoice, ImputationChoice, Plan

Known = Mapping[str, Measured]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A data set and a plan, with what is derived from both once and read many times.

    Attributes
    ----------
    policy : what must not be shown of single firms; None leaves all as it is, for who has the
        data in hand
    holdings : (n,) labels of the firm or enterprise group that each row is of, None for a firm
        of no group; None where every row is a firm by itself
    earlier : plans of which tables went out of the same data, newest first
    against_frame : the firms drawn and the frame, where a plan asks for them and there are any
    """

    dataset: Dataset
    plan: Plan
    policy: DisclosurePolicy | None = None
    holdings: Labels | None = None
    earlier: tuple[Plan, ...] = ()
    against_frame: SampleAgainstFrame | None = None

    @property
    def firms(self) -> int:
        return len(self.dataset.frame)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The plan's work on so many firms."""
        return divided(self.plan, self.firms, self._rules)

    @property
    def _rules(self) -> str:
        """All that decides what of the models of a curve must not be shown, beside the data."""
        groups = None if self.holdings is None else tuple(self.holdings)
        return "" if self.policy is None else repr((self.policy, groups))

    @cached_property
    def known(self) -> Known:
        """The vocabulary of the answers as they are. Raises: Refusal of a definition."""
        return self._known_in(self.dataset)

    @cached_property
    def problem(self) -> Problem:
        """What every chain of the plan's imputation starts from. Raises: Refusal."""
        return imputation_problem(self.dataset, self._imputation, self._design)

    def chain(self, index: int) -> Link:
        """That of imputation `index`, from 0. Raises: Refusal of a chain."""
        return chain(self.problem, self._imputation, index)

    def known_with(self, made: Link) -> Known:
        """The vocabulary of the answers as this chain completed them."""
        return self.worlds((made,)).vocabularies[0]

    def worlds(self, chains: Sequence[Link]) -> "Worlds":
        """The vocabulary of each completed data set; of the answers as they are without any."""
        if not chains:
            return Worlds((self.known,))
        filled = completed_by(self.dataset, self.problem, self._imputation, chains)
        return Worlds(tuple(self._known_in(each) for each in filled.datasets), filled.notes)

    def notes(self, chains: Sequence[Link]) -> tuple[str, ...]:
        """What is to be said of how the completed data sets came about."""
        return imputation_notes(self._imputation, gathered(self.problem, chains))

    @property
    def _imputation(self) -> ImputationChoice:
        assert self.plan.imputation is not None  # noqa: S101 -- or there were no chains
        return self.plan.imputation

    @property
    def _design(self) -> SurveyDesign:
        return design_of(DesignChoice(), self.dataset)

    def refuse_unusable(self) -> None:
        """Refused here, a definition or an imputation is refused once, not piece by piece.

        Raises: Refusal of a definition, or of what is to be imputed.
        """
        _ = self.known
        if self.plan.imputation is not None:
            _ = self.problem

    def refuse_empty(self) -> None:
        """Raises: Refusal ``no_responses``."""
        if self.firms == 0:
            raise Refusal(
                "no_responses", "The wave has no submitted responses.", "Wait for the first firms."
            )

    def _known_in(self, dataset: Dataset) -> Known:
        derived = nameable(dataset, dict(self.plan.scales))
        return with_definitions(self.plan, derived, self.firms)


@dataclass(frozen=True, slots=True, eq=False)
class Worlds:
    """The vocabulary of each completed data set, and what is to be said of how they came about."""

    vocabularies: tuple[Known, ...]
    notes: tuple[str, ...] = ()
