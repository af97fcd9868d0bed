"""A recipe read against the data: who lacks what, who can give it, what predicts it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.estimation.design import Rows
from analysis.estimation.design_matrix import Values
from analysis.estimation.imputation.checks import (
    refuse_bad_values,
    refuse_circles,
    refuse_derived,
    refuse_few_donors,
    refuse_lengths,
    refuse_levels,
    refuse_missing_predictors,
    refuse_unknown,
)
from analysis.estimation.imputation.design_columns import DesignColumns, design_columns
from analysis.estimation.imputation.encoding import (
    Encoding,
    as_values,
    encoding,
    kind_of,
    levels_of,
    missing,
)
from analysis.estimation.imputation.recipe import Derive, DesignUse, ImputationModel, Kind, Recipe
from analysis.estimation.labels import Codes

# Tries at changing a variable, to see which derived measures change with it.
TRIES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """One variable with missing answers.

    Attributes
    ----------
    seen : (d,) rows with an answer
    unseen : (r,) rows whose answer is to be imputed
    predictors : names
    levels : sorted answers, of a variable imputed by its levels
    """

    name: str
    model: ImputationModel
    seen: Codes
    unseen: Codes
    predictors: tuple[str, ...]
    levels: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """All that a chain reads.

    Attributes
    ----------
    data : name to (n,) values of every variable given, copies
    targets : in the order in which they are visited, fewest missing answers first
    encodings : of every variable that predicts another
    derived : names of the measures that `derive` gives
    """

    count: int
    data: Mapping[str, Values]
    targets: tuple[Target, ...]
    encodings: Mapping[str, Encoding]
    design: DesignColumns
    use: DesignUse | None
    derive: Derive | None
    derived: tuple[str, ...]
    notes: tuple[str, ...]


def prepared(data: Mapping[str, Any], recipe: Recipe) -> Problem:
    """The problem that every chain starts from.

    Raises: Refusal, as `analysis.estimation.imputation.checks` lists.
    """
    refuse_unknown(data, recipe)
    kinds: dict[str, Kind] = {name: model.kind for name, model in recipe.models.items()}
    kinds |= recipe.complete
    values = {name: as_values(data[name], kind) for name, kind in kinds.items()}
    others = {name: np.asarray(given) for name, given in data.items() if name not in values}
    count = refuse_lengths({**values, **others}, recipe)
    eligible = {name: _eligible(recipe, name, count) for name in values}
    refuse_bad_values(values, kinds, eligible)
    targets = _targets(values, recipe, eligible)
    everything = {**others, **values}
    filled = filled_at_random(everything, targets, np.random.default_rng(0))
    derived = {} if recipe.derive is None else dict(recipe.derive(filled))
    refuse_derived(derived, recipe, count)
    parents = _parents(filled, targets, recipe.derive, derived)
    refuse_circles(recipe, parents)
    used = {name for target in targets for name in target.predictors}
    refuse_missing_predictors(used - set(recipe.models) - set(derived), values, eligible)
    kinds |= {name: kind_of(np.asarray(measure)) for name, measure in derived.items()}
    everyone = {**filled, **{name: np.asarray(each) for name, each in derived.items()}}
    design = design_columns(recipe.design, count, [target.seen for target in targets])
    return Problem(
        count=count,
        data=everything,
        targets=targets,
        encodings={
            name: encoding(
                name, kinds[name], everyone[name], has_gaps=bool(missing(everyone[name]).any())
            )
            for name in sorted(used)
        },
        design=design,
        use=recipe.design,
        derive=recipe.derive,
        derived=tuple(derived),
        notes=design.notes,
    )


def filled_at_random(
    data: Mapping[str, Values], targets: tuple[Target, ...], random: np.random.Generator
) -> dict[str, Values]:
    """Copies in which what is missing was drawn from the answers given."""
    filled = {name: values.copy() for name, values in data.items()}
    for target in targets:
        answers = data[target.name][target.seen]
        filled[target.name][target.unseen] = random.choice(answers, len(target.unseen))
    return filled


def _eligible(recipe: Recipe, name: str, count: int) -> Rows:
    """Rows in which an answer exists and counts."""
    asked = recipe.eligible.get(name)
    result = np.ones(count, dtype=bool) if asked is None else np.array(asked, dtype=bool)
    if recipe.design is not None:
        result &= recipe.design.design.weight > 0
    return result


def _targets(
    values: Mapping[str, Values], recipe: Recipe, eligible: Mapping[str, Rows]
) -> tuple[Target, ...]:
    found = []
    for name, model in recipe.models.items():
        gaps = missing(values[name])
        seen = np.flatnonzero(eligible[name] & ~gaps)
        unseen = np.flatnonzero(eligible[name] & gaps)
        if not len(unseen):
            continue
        refuse_few_donors(name, len(seen), len(unseen), model)
        levels = levels_of(values[name][seen])
        refuse_levels(name, levels, model)
        by_level = model.chosen not in ("pmm", "normal")
        found.append(
            Target(name, model, seen, unseen, _predictors(name, recipe), levels if by_level else ())
        )
    return tuple(sorted(found, key=lambda target: len(target.unseen)))


def _predictors(name: str, recipe: Recipe) -> tuple[str, ...]:
    chosen = recipe.models[name].predictors
    if chosen is not None:
        return tuple(dict.fromkeys(chosen))
    return tuple(other for other in (*recipe.models, *recipe.complete) if other != name)


def _parents(
    filled: Mapping[str, Values],
    targets: tuple[Target, ...],
    derive: Derive | None,
    derived: Mapping[str, Values],
) -> Mapping[str, frozenset[str]]:
    """Of each derived measure, the imputed variables that it changes with.

    Found by experiment, for a function does not say what it reads: the values of one variable
    are handed out anew among the firms, all else as it was.
    """
    if derive is None:
        return {}
    random, parents = np.random.default_rng(0), {name: set[str]() for name in derived}
    for target in targets:
        rows = np.concatenate([target.seen, target.unseen])
        for _ in range(TRIES):
            changed = filled[target.name].copy()
            changed[rows] = random.permutation(changed[rows])
            again = derive({**filled, target.name: changed})
            for name, measure in derived.items():
                if not _same(np.asarray(measure), np.asarray(again[name])):
                    parents[name].add(target.name)
    return {name: frozenset(found) for name, found in parents.items()}


def _same(one: Values, other: Values) -> bool:
    gaps = missing(one)
    return bool(np.array_equal(gaps, missing(other)) and np.all(one[~gaps] == other[~gaps]))
