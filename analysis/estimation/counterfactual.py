"""Variables held at values that were asked for, and the columns that follow from them."""

from collections.abc import Collection, Mapping
from numbers import Real

import numpy as np
import pandas as pd

from analysis.estimation.blocks import Block
from analysis.estimation.design_matrix import Column, Kind, Values, evaluate
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

Setting = float | str | None

# Of a share that was computed in another order of summation.
ROUNDING = 1e-9


def levels_of(values: Values) -> tuple[str, ...]:
    """The levels of a category that occur, in order."""
    return tuple(sorted(str(level) for level in pd.unique(values[~pd.isna(values)])))


def checked(
    settings: Mapping[str, Setting],
    kinds: Mapping[str, Kind],
    variables: Mapping[str, Values],
    share: Floats,
) -> dict[str, Setting]:
    """The settings as the variables hold them: texts of levels, and numbers.

    Raises: Refusal ``unknown_variable``, ``unknown_level``, ``not_binary_value``,
    ``not_a_number``.
    """
    unknown = [name for name in settings if name not in variables]
    if unknown:
        raise Refusal(
            "unknown_variable",
            f"The model does not read {', '.join(unknown)}.",
            f"It reads {', '.join(variables)}.",
        )
    return {
        name: _checked(name, value, kinds[name], variables[name], share)
        for name, value in settings.items()
    }


def _checked(name: str, value: Setting, kind: Kind, values: Values, share: Floats) -> Setting:
    if kind == "category":
        return _level(name, value, levels_of(values))
    is_number = isinstance(value, Real | np.bool_) and bool(np.isfinite(float(value)))
    if kind == "binary":
        # The share of the firms is what `at_means` gives.
        allowed = (0.0, 1.0, float(share @ values))
        if not is_number or not np.isclose(float(value or 0), allowed, rtol=ROUNDING, atol=0).any():
            raise Refusal(
                "not_binary_value",
                f"'{name}' is yes or no, and cannot be set to {value!r}.",
                "Set it to 0 or 1.",
            )
    if not is_number:
        raise Refusal(
            "not_a_number",
            f"'{name}' is a number, and cannot be set to {value!r}.",
            "Set it to a finite number.",
        )
    return float(value or 0)


def _level(name: str, value: Setting, levels: Collection[str]) -> str:
    is_whole = isinstance(value, Real) and float(value).is_integer()
    text = str(int(value or 0)) if is_whole else str(value)
    if value is None or text not in levels:
        raise Refusal(
            "unknown_level",
            f"No firm of the sample has '{name}' at {value!r}.",
            f"Its levels are {', '.join(levels)}.",
        )
    return text


def base_in_sample(
    name: str, declared: str | None, indicated: Collection[str], values: Values
) -> str | None:
    """The level that the others are held against; None for whatever level has no column.

    A base that was declared but that no firm of the sample has gives way to the level whose
    column was dropped.

    Raises: Refusal ``base_not_in_sample`` if not exactly one level can take its place.
    """
    if declared is None:
        return None
    levels = levels_of(values)
    if declared in levels:
        return declared
    without = [level for level in levels if level not in indicated]
    if len(without) == 1:
        return without[0]
    raise Refusal(
        "base_not_in_sample",
        f"No firm of the sample has '{name}' at its base {declared!r}, and "
        f"{', '.join(without) or 'none'} of its levels stand without a column in its place.",
        f"Choose as base of '{name}' a level of the sample: {', '.join(levels)}.",
    )


def constant(value: Setting, kind: Kind, count: int) -> Values:
    """A variable with one value; a category set to None is at no level with an indicator."""
    if kind == "category":
        return np.full(count, "" if value is None else value, dtype=object)
    return np.full(count, value, dtype=float)


def columns_at(
    block: Block, X: Floats, held: Mapping[str, Values], variables: Mapping[str, Values]
) -> Floats:
    """The block's columns X, those that read held variables overwritten.

    `held` gives the value of each held variable in an array of one; `variables` all others,
    as long as X.

    Raises: Refusal ``term_undefined``, as for the logarithm of zero.
    """
    result = X.copy(order="K")
    for place, column in enumerate(block.columns):
        fixed = tuple(factor for factor in column.factors if factor.variable in held)
        if not fixed:
            continue
        times = float(evaluate((Column("", fixed),), held, count=1)[0, 0])
        _refuse_undefined(column, times, held)
        free = tuple(factor for factor in column.factors if factor.variable not in held)
        if times == 0 or not free:
            result[:, place] = times
        else:
            result[:, place] = times * evaluate((Column("", free),), variables, count=len(X))[:, 0]
    return result


def _refuse_undefined(column: Column, value: float, held: Mapping[str, Values]) -> None:
    if not np.isfinite(value):
        told = ", ".join(f"{name} = {held[name][0]}" for name in column.variables if name in held)
        raise Refusal(
            "term_undefined",
            f"The term '{column.name}' is not a finite number at {told}.",
            "Choose a value at which every term of the model is defined.",
        )


def written(value: Setting) -> str:
    """A setting as it stands in the name of a term."""
    return f"{value:g}" if isinstance(value, float | int) else str(value)
