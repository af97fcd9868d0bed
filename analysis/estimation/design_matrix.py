"""The matrix of regressors as a value that knows how its columns came about.

Each column is a product of factors, each factor one transform of one variable. So the
matrix can be evaluated again with a variable set to another value, and differentiated
with respect to it: what average marginal effects need.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

INTERCEPT = "(Intercept)"
Transform = Literal["identity", "power", "log", "indicator"]
Kind = Literal["continuous", "binary", "category"]
Values = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Factor:
    """One transform of one variable.

    Attributes
    ----------
    transform : ``identity``, ``power`` (to the integer `exponent` >= 2), ``log`` (natural),
        or ``indicator`` (1 where the category is `level`, else 0)
    """

    variable: str
    transform: Transform = "identity"
    level: str = ""
    exponent: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A product of factors; the intercept is the product of none."""

    name: str
    factors: tuple[Factor, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables that the column reads, in the order of its factors."""
        return tuple(dict.fromkeys(factor.variable for factor in self.factors))


@dataclass(frozen=True, slots=True, eq=False)
class DesignMatrix:
    """n firms by k columns.

    Attributes
    ----------
    columns : tuple of k Column, the intercept first
    X : (n, k) floats
        NaN where a variable is missing; the infinite where a logarithm is not defined.
    variables : name to (n,) floats (NaN missing) or objects (code strings, None missing)
    kinds : name to what the variable is
    bases : category to its base level; a category without an entry has as its base every
        level that has no indicator among the columns
    """

    columns: tuple[Column, ...]
    X: Floats
    variables: Mapping[str, Values]
    kinds: Mapping[str, Kind]
    bases: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def design_matrix(
    columns: Iterable[Column],
    variables: Mapping[str, Values],
    kinds: Mapping[str, Kind],
    bases: Mapping[str, str] | None = None,
    count: int | None = None,
) -> DesignMatrix:
    """Evaluate the columns on the firms, of which `count` says how many if no variable does.

    Raises: ValueError if the first column is not the intercept, a name repeats, or a
    factor reads a variable that was not given; Refusal ``not_binary`` if a variable
    declared binary holds other values than 0 and 1.
    """
    columns = tuple(columns)
    _check_columns(columns, variables, kinds)
    used = dict.fromkeys(name for column in columns for name in column.variables)
    kept = {name: _as_values(variables[name], kinds[name]) for name in used}
    for name in used:
        if kinds[name] == "binary":
            _check_binary(name, kept[name])
    count = len(next(iter(variables.values()))) if variables else count
    if count is None:
        raise ValueError("Without variables, say how many firms there are.")
    return DesignMatrix(
        columns=columns,
        X=evaluate(columns, kept, count=count),
        variables=kept,
        kinds={name: kinds[name] for name in used},
        bases=dict(bases or {}),
    )


def evaluate(columns: Iterable[Column], variables: Mapping[str, Values], *, count: int) -> Floats:
    """(count, k) values of the columns."""
    columns = tuple(columns)
    X = np.ones((count, len(columns)), order="F")
    for position, column in enumerate(columns):
        for factor in column.factors:
            X[:, position] *= _factor_values(factor, variables[factor.variable])
        for factor in column.factors:
            # Not NaN, which would pass for a missing answer: it is refused later, by name.
            X[_undefined(factor, variables[factor.variable]), position] = np.inf
    return X


def derivative(
    columns: Iterable[Column], variables: Mapping[str, Values], variable: str, *, count: int
) -> Floats:
    """(count, k) derivatives of the columns with respect to one continuous variable.

    The product rule over the factors that read the variable.
    """
    columns = tuple(columns)
    slopes = np.zeros((count, len(columns)), order="F")
    for position, column in enumerate(columns):
        for index, factor in enumerate(column.factors):
            if factor.variable != variable:
                continue
            others = Column("", column.factors[:index] + column.factors[index + 1 :])
            rest = evaluate((others,), variables, count=count)[:, 0]
            slopes[:, position] += _factor_slope(factor, variables[variable]) * rest
    return slopes


def _check_columns(
    columns: tuple[Column, ...], variables: Mapping[str, Values], kinds: Mapping[str, Kind]
) -> None:
    if not columns or columns[0].factors:
        raise ValueError("The first column of a design matrix is the intercept.")
    names = [column.name for column in columns]
    if len(set(names)) < len(names):
        raise ValueError(f"Two columns have one name among {names}.")
    lengths = {len(values) for values in variables.values()}
    if len(lengths) > 1:
        raise ValueError(f"The variables differ in length: {sorted(lengths)}.")
    for factor in (factor for column in columns for factor in column.factors):
        if factor.variable not in variables or factor.variable not in kinds:
            raise ValueError(f"The factor {factor} reads a variable that was not given.")
        if (factor.transform == "indicator") != (kinds[factor.variable] == "category"):
            raise ValueError(f"An indicator is of a category, and only an indicator: {factor}.")


def _as_values(values: Any, kind: Kind) -> Values:
    if kind == "category":
        return np.asarray(values, dtype=object)
    return np.asarray(values, dtype=float)


def _check_binary(name: str, values: Values) -> None:
    odd = values[~np.isnan(values) & (values != 0) & (values != 1)]
    if odd.size:
        raise Refusal(
            "not_binary",
            f"'{name}' is declared yes or no, but has other values in {odd.size} of "
            f"{len(values)} rows, such as {odd[0]:g}.",
            "Define it as a comparison that is true or false.",
        )


def _undefined(factor: Factor, values: Values) -> Values:
    if factor.transform == "indicator":
        return np.zeros(len(values), dtype=bool)
    return np.isinf(values) | ((values <= 0) & (factor.transform == "log"))


def _factor_values(factor: Factor, values: Values) -> Floats:
    if factor.transform == "indicator":
        return _indicator(values, factor.level)
    if factor.transform == "log":
        return np.asarray(np.log(np.where(values <= 0, 1.0, values)), dtype=float)
    values = np.where(np.isinf(values), 1.0, values)
    if factor.transform == "power":
        return np.asarray(values**factor.exponent, dtype=float)
    return np.asarray(values, dtype=float)


def _factor_slope(factor: Factor, values: Values) -> Floats:
    if factor.transform == "log":
        return np.asarray(1.0 / values, dtype=float)
    if factor.transform == "power":
        return np.asarray(factor.exponent * values ** (factor.exponent - 1), dtype=float)
    return np.ones(len(values))


def _indicator(values: Values, level: str) -> Floats:
    result: Floats = (values == level).astype(float)
    result[pd.isna(values)] = np.nan
    return result
