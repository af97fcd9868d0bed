"""What cannot be imputed honestly, by name."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from analysis.estimation.design import Rows, named
from analysis.estimation.design_matrix import Values
from analysis.estimation.imputation.encoding import missing
from analysis.estimation.imputation.recipe import ImputationModel, Kind, Recipe
from analysis.estimation.sample import ABSURD
from analysis.refusals import Refusal

FEWEST_DONORS = 10


def refuse_unknown(data: Mapping[str, Any], recipe: Recipe) -> None:
    """``nothing_to_impute``, ``unknown_variable``, ``variable_twice``."""
    if not recipe.models:
        raise Refusal(
            "nothing_to_impute",
            "The recipe names no variable to impute.",
            "Name at least one.",
        )
    wanted = [*recipe.models, *recipe.complete, *recipe.eligible]
    if lacking := [name for name in dict.fromkeys(wanted) if name not in data]:
        raise Refusal(
            "unknown_variable",
            f"The data have no variable {named(lacking)}.",
            "Name variables as the data do. A derived measure needs no entry in the recipe.",
        )
    if twice := [name for name in recipe.models if name in recipe.complete]:
        raise Refusal(
            "variable_twice",
            f"{named(twice)} is named both as imputed and as complete.",
            "Name it once.",
        )


def refuse_lengths(values: Mapping[str, Values], recipe: Recipe) -> int:
    """The number of rows. Raises: ValueError if there is more than one answer to that."""
    lengths = {len(each) for each in (*values.values(), *recipe.eligible.values())}
    if recipe.design is not None:
        lengths.add(len(recipe.design.design.weight))
    if len(lengths) != 1:
        raise ValueError(f"Variables, eligible rows and design differ in length: {lengths}.")
    return lengths.pop()


def refuse_bad_values(
    values: Mapping[str, Values], kinds: Mapping[str, Kind], eligible: Mapping[str, Rows]
) -> None:
    """``variable_infinite``, ``absurd_scale``, ``not_binary``, ``share_outside``,
    ``count_not_whole``.
    """
    for name, given in values.items():
        if kinds[name] == "category":
            continue
        size = np.abs(given[~np.isnan(given)]).max(initial=0.0)
        if np.isinf(size):
            raise Refusal(
                "variable_infinite",
                f"'{name}' is infinite for {int(np.isinf(given).sum())} of {len(given)} firms.",
                "Look for a division by zero or a logarithm of zero in its definition.",
            )
        if size > ABSURD:
            raise Refusal(
                "absurd_scale",
                f"'{name}' has values up to {size:.3g}, too large to compute with.",
                "Look for an error in the data, or measure it in a larger unit.",
            )
        _refuse_odd_values(name, kinds[name], given[eligible[name] & ~np.isnan(given)])


def _refuse_odd_values(name: str, kind: Kind, seen: Values) -> None:
    faults: Mapping[str, tuple[str, str, Values]] = {
        "binary": ("not_binary", "yes or no, 1 or 0", (seen == 0) | (seen == 1)),
        "share": ("share_outside", "a share from 0 to 1", (seen >= 0) & (seen <= 1)),
        "count": ("count_not_whole", "a count", (seen >= 0) & (seen == np.round(seen))),
    }
    if kind not in faults:
        return
    code, words, fits = faults[kind]
    if not fits.all():
        raise Refusal(
            code,
            f"'{name}' is declared {words}, but has other values in {int((~fits).sum())} of "
            f"{len(seen)} rows, such as {seen[~fits][0]:g}.",
            "Correct the values, or declare it as what it is.",
        )


def refuse_few_donors(name: str, seen: int, unseen: int, model: ImputationModel) -> None:
    """``wholly_missing``, ``too_few_donors``."""
    if not seen:
        raise Refusal(
            "wholly_missing",
            f"Nobody answered '{name}': its {unseen} missing answers cannot be imputed.",
            "Leave it out of the imputation and of the model.",
        )
    needed = max(FEWEST_DONORS, model.donors)
    if seen < needed:
        raise Refusal(
            "too_few_donors",
            f"Only {seen} firms answered '{name}', and {unseen} answers are missing. At least "
            f"{needed} are needed to learn from.",
            "Leave it out of the imputation, or join it with a related variable.",
        )


def refuse_levels(name: str, levels: tuple[Any, ...], model: ImputationModel) -> None:
    """``level_unobserved``, ``one_value``."""
    if absent := [level for level in model.levels if level not in levels]:
        raise Refusal(
            "level_unobserved",
            f"No firm that answered '{name}' has the level {named(absent)}, so nothing says when "
            "a missing answer would have it.",
            "Join the level with another, or leave it out of the levels if it cannot occur.",
        )
    if len(levels) == 1:
        raise Refusal(
            "one_value",
            f"Every firm that answered '{name}' answered '{levels[0]}'.",
            "There is nothing to impute from: set the missing answers yourself, or leave the "
            "variable out.",
        )


def refuse_many_predictors(name: str, donors: int, columns: int) -> None:
    """``too_many_predictors``."""
    if columns >= donors:
        raise Refusal(
            "too_many_predictors",
            f"'{name}' would be predicted by {columns} columns, and only {donors} firms "
            "answered it.",
            "Name fewer predictors for it.",
        )


def refuse_derived(derived: Mapping[str, Any], recipe: Recipe, count: int) -> None:
    """``derived_imputed``; ValueError if a measure has another length."""
    if both := [name for name in derived if name in recipe.models]:
        raise Refusal(
            "derived_imputed",
            f"{named(both)} is derived from other variables and named to be imputed as well.",
            "Impute what it is derived from, and leave it out of the imputed variables.",
        )
    if odd := [name for name, measure in derived.items() if len(measure) != count]:
        raise ValueError(f"Derived measures of another length than {count}: {odd}.")


def refuse_circles(recipe: Recipe, parents: Mapping[str, frozenset[str]]) -> None:
    """``circular_derivation``, ``unknown_variable`` among predictors."""
    known = {*recipe.models, *recipe.complete, *parents}
    for name, model in recipe.models.items():
        chosen = model.predictors or ()
        if name in chosen:
            raise Refusal(
                "circular_derivation",
                f"'{name}' is named as a predictor of itself.",
                "Leave it out of its predictors.",
            )
        circles = [other for other in chosen if name in parents.get(other, frozenset())]
        if circles:
            raise Refusal(
                "circular_derivation",
                f"'{name}' would be predicted by {named(circles)}, which is derived from it.",
                f"Predict '{name}' by the other variables from which {named(circles)} is derived.",
            )
        if lacking := [other for other in chosen if other not in known]:
            raise Refusal(
                "unknown_variable",
                f"The predictors of '{name}' name {named(lacking)}, which is neither imputed, nor "
                "declared as complete, nor derived.",
                "Declare its kind among the complete variables.",
            )


def refuse_missing_predictors(
    names: Iterable[str], values: Mapping[str, Values], eligible: Mapping[str, Rows]
) -> None:
    """``predictor_missing``."""
    gaps = {name: int((missing(values[name]) & eligible[name]).sum()) for name in sorted(names)}
    if lacking := {name: count for name, count in gaps.items() if count}:
        words = ", ".join(f"'{name}' ({count})" for name, count in lacking.items())
        raise Refusal(
            "predictor_missing",
            f"These predictors are themselves missing for some firms, and are not imputed: "
            f"{words}.",
            "Impute them too, leave them out, or say of which firms they were not asked.",
        )
