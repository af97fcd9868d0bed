"""Multiple imputation by chained equations (fully conditional specification).

van Buuren (2007; 2018, chapter 4). Every imputation is a chain of its own with a random stream of
its own, so that it is the same whichever is made first, and on however many workers.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.estimates import Floats
from analysis.estimation.imputation.chain import Link, link
from analysis.estimation.imputation.imputations import Imputations
from analysis.estimation.imputation.problem import Problem, prepared
from analysis.estimation.imputation.recipe import (
    Derive,
    DesignUse,
    ImputationModel,
    Kind,
    Method,
    Recipe,
)

ITERATIONS = 10


def impute(
    data: Mapping[str, Any],
    recipe: Recipe,
    *,
    count: int,
    seed: int,
    iterations: int = ITERATIONS,
    workers: int = 1,
) -> Imputations:
    """`count` completed data sets.

    Parameters
    ----------
    data : name to (n,) values
        Floats with NaN for missing; objects with None for missing of a category.
    recipe : Recipe
        Which variables are imputed, and how.
    count : int
        m. The first imputations of a larger m are those of a smaller one.
    seed : int
        Of all randomness.
    iterations : int
        Rounds through all variables.
    workers : int
        Threads; the result does not depend on them.

    Raises
    ------
    Refusal
        ``nothing_to_impute``, ``unknown_variable``, ``variable_twice``, ``variable_infinite``,
        ``absurd_scale``, ``not_binary``, ``share_outside``, ``count_not_whole``,
        ``wholly_missing``, ``too_few_donors``, ``level_unobserved``, ``one_value``,
        ``derived_imputed``, ``circular_derivation``, ``predictor_missing``,
        ``too_many_predictors``, ``no_convergence``.
    """
    if count < 1 or iterations < 1:
        raise ValueError("There is at least one imputation and one iteration.")
    problem = prepared(data, recipe)
    make = partial(chain_of, problem, iterations, seed)
    if workers == 1:
        return gathered(problem, [make(index) for index in range(count)])
    with ThreadPoolExecutor(workers) as pool:
        return gathered(problem, list(pool.map(make, range(count))))


def imputation(
    data: Mapping[str, Any],
    recipe: Recipe,
    *,
    index: int,
    seed: int,
    iterations: int = ITERATIONS,
) -> Imputations:
    """Imputation `index`, from 0, alone: the same as among those of `impute`."""
    problem = prepared(data, recipe)
    return gathered(problem, [chain_of(problem, iterations, seed, index)])


def impute_dataset(
    frame: Mapping[str, Any],
    kinds: Mapping[str, Kind],
    *,
    variables: Sequence[str],
    predictors: Sequence[str] = (),
    design: SurveyDesign | DesignUse | None = None,
    count: int,
    iterations: int = ITERATIONS,
    seed: int,
    derive: Derive | None = None,
    eligible: Mapping[str, Rows] | None = None,
    methods: Mapping[str, Method] | None = None,
    levels: Mapping[str, Sequence[Any]] | None = None,
    workers: int = 1,
) -> Imputations:
    """`impute` with the choices that suit the kinds: what a plan asks for.

    Parameters
    ----------
    frame : name to (n,) values
        More than is imputed or predicts may stand in it; it is handed on.
    kinds : name to kind
        Of the variables named in the next two.
    variables : sequence of str
        What is imputed.
    predictors : sequence of str
        Complete variables that predict besides.
    design : SurveyDesign, DesignUse or None
        The design, and how it is used; None leaves it out of the imputation models.
    count, iterations, seed, workers
        As `impute`, whose refusals these are.
    derive, eligible
        As `Recipe`.
    methods, levels : mappings
        Of single variables: another method than the kind's own, the answers that are possible.
    """
    recipe = recipe_of(
        kinds,
        variables=variables,
        predictors=predictors,
        design=design,
        derive=derive,
        eligible=eligible,
        methods=methods,
        levels=levels,
    )
    return impute(frame, recipe, count=count, seed=seed, iterations=iterations, workers=workers)


def recipe_of(
    kinds: Mapping[str, Kind],
    *,
    variables: Sequence[str],
    predictors: Sequence[str] = (),
    design: SurveyDesign | DesignUse | None = None,
    derive: Derive | None = None,
    eligible: Mapping[str, Rows] | None = None,
    methods: Mapping[str, Method] | None = None,
    levels: Mapping[str, Sequence[Any]] | None = None,
) -> Recipe:
    """The choices that suit the kinds, named as in `impute_dataset`."""
    chosen, known = methods or {}, levels or {}
    models = {
        name: ImputationModel(
            kinds[name], method=chosen.get(name), levels=tuple(known.get(name, ()))
        )
        for name in variables
    }
    return Recipe(
        models=models,
        complete={name: kinds[name] for name in predictors},
        eligible=eligible or {},
        derive=derive,
        design=DesignUse(design) if isinstance(design, SurveyDesign) else design,
    )


def chain_of(problem: Problem, iterations: int, seed: int, index: int) -> Link:
    """The chain of imputation `index`, from 0; the same wherever it is made."""
    # What SeedSequence(seed).spawn gives as its child of this number.
    stream = np.random.SeedSequence(seed, spawn_key=(index,))
    return link(problem, iterations, np.random.default_rng(stream))


def gathered(problem: Problem, links: Sequence[Link]) -> Imputations:
    """The completed data sets of these chains, in their order."""
    return Imputations(
        problem=problem,
        cells=tuple(each.cells for each in links),
        means=_side_by_side(links, lambda each: each.means),
        deviations=_side_by_side(links, lambda each: each.deviations),
        notes=tuple(dict.fromkeys((*problem.notes, *(n for each in links for n in each.notes)))),
    )


def _side_by_side(
    links: Sequence[Link], what: Callable[[Link], Mapping[str, Floats]]
) -> dict[str, Floats]:
    names = what(links[0])
    return {
        name: np.column_stack([what(each)[name] for each in links])
        for name in names
        if all(name in what(each) for each in links)
    }
