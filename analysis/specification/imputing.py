"""Missing answers imputed as a plan asks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.dataset import Dataset, Variable
from analysis.estimation.design import SurveyDesign
from analysis.estimation.imputation.chain import Link
from analysis.estimation.imputation.chained import chain_of, gathered, recipe_of
from analysis.estimation.imputation.diagnostics import convergence
from analysis.estimation.imputation.imputations import Imputations
from analysis.estimation.imputation.problem import Problem, prepared
from analysis.estimation.imputation.recipe import Kind
from analysis.refusals import Refusal
from analysis.specification.language import did_you_mean
from analysis.specification.model import Described, ImputationChoice

_KINDS: dict[str, Kind] = {
    "binary": "binary",
    "ordinal": "ordered",
    "category": "category",
    "share": "continuous",
    "number": "continuous",
    "money": "continuous",
    "year": "continuous",
}


@dataclass(frozen=True, slots=True, eq=False)
class Completed:
    """The completed data sets, and what is to be said of how they came about."""

    datasets: tuple[Dataset, ...]
    notes: tuple[str, ...]


def completed(dataset: Dataset, choice: ImputationChoice, design: SurveyDesign) -> Completed:
    """The wave's data as often as the plan asks, the missing answers filled in.

    What is imputed are answers; measures are derived from each completed data set anew, so
    that a count of partners is a count of (partly imputed) partners.

    Raises: Refusal ``unknown_variable``, ``not_imputable`` and those of `impute_dataset`.
    """
    problem = imputation_problem(dataset, choice, design)
    chains = [chain(problem, choice, index) for index in range(choice.count)]
    return completed_by(dataset, problem, choice, chains)


def imputation_problem(dataset: Dataset, choice: ImputationChoice, design: SurveyDesign) -> Problem:
    """What every chain starts from. Raises: as `completed`, but for what a chain meets."""
    variables = _cells(dataset, choice.variables)
    predictors = [
        each for each in _cells(dataset, choice.predictors) if each.name not in _names(variables)
    ]
    known = [*variables, *predictors]
    recipe = recipe_of(
        {each.name: _kind(each) for each in known},
        variables=_names(variables),
        predictors=_names(predictors),
        design=design,
    )
    return prepared({each.name: dataset.frame[each.name].to_numpy() for each in known}, recipe)


def chain(problem: Problem, choice: ImputationChoice, index: int) -> Link:
    """Imputation `index`, from 0; the same whoever makes it. Raises: Refusal ``no_convergence``."""
    return chain_of(problem, choice.iterations, choice.seed, index)


def completed_by(
    dataset: Dataset, problem: Problem, choice: ImputationChoice, chains: Sequence[Link]
) -> Completed:
    """The data sets that these chains completed, in their order."""
    imputations = gathered(problem, chains)
    frames = [dataset.frame.assign(**values) for values in imputations]
    notes = imputation_notes(choice, imputations)
    return Completed(tuple(replace(dataset, frame=frame) for frame in frames), notes)


def imputation_notes(choice: ImputationChoice, imputations: Imputations) -> tuple[str, ...]:
    """How they came about, for the table: how many, by which seed, and what did not settle."""
    unsettled = sorted(
        {each.name for each in convergence(imputations) if each.has_settled is False}
    )
    return (
        f"{choice.count} imputations by chained equations, {choice.iterations} iterations, seed "
        f"{choice.seed}, pooled by Rubin's rules.",
        *imputations.notes,
        *(
            [f"The chains of {', '.join(unsettled)} have not settled: raise the iterations."]
            if unsettled
            else []
        ),
    )


def _cells(dataset: Dataset, names: Sequence[str]) -> list[Variable]:
    """The columns named, a construct standing for all of its cells."""
    found: list[Variable] = []
    for name in names:
        matching = [each for each in dataset.variables if name in (each.name, each.construct)]
        if not matching:
            everything = {each.construct for each in dataset.variables}
            raise Refusal(
                "unknown_variable",
                f"The wave has no answers called “{name}” that could be imputed.",
                did_you_mean(name, everything)
                or "Name a question's construct, not a measure derived from it.",
            )
        found += matching
    return list({each.name: each for each in found}.values())


def _names(variables: Sequence[Variable]) -> list[str]:
    return [each.name for each in variables]


def _kind(variable: Variable) -> Kind:
    if variable.measure not in _KINDS:
        raise Refusal(
            "not_imputable",
            f"“{variable.name}” holds texts, which are not imputed.",
            "Leave it out of the imputation.",
        )
    return _KINDS[variable.measure]


def refuse_cross_tabulation(asked: Described) -> None:
    """Raises: Refusal ``cross_tabulation_of_imputed``; its tests have no pooled form here."""
    if asked.statistic == "cross_tabulation":
        raise Refusal(
            "cross_tabulation_of_imputed",
            f"The cross-tabulation of “{asked.outcome}” by “{asked.other}” stands in a plan that "
            "imputes, and tables and their tests are not pooled over imputations.",
            "Describe it in a plan of its own, without imputation, or ask for shares by group.",
        )


def missing_cells(dataset: Dataset, choice: ImputationChoice) -> int:
    """How many answers are to be imputed."""
    frame = dataset.frame[_names(_cells(dataset, choice.variables))]
    return int(pd.isna(frame).to_numpy().sum())
