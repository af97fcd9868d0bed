"""The formula of a model as R and as Python write it, on the columns of the extract.

Both languages order the columns of a matrix in ways of their own, so each formula comes with
the terms of the table in the order in which its language has the columns.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor
from analysis.replication.columns import quoted
from analysis.specification.formula import Formula, Term

Language = Literal["R", "Python"]


@dataclass(frozen=True, slots=True)
class Part:
    """One column of a matrix, or all levels of a category but the first.

    Attributes
    ----------
    terms : what the table calls the columns
    column : the single column; None for a category
    variable, levels : the category and its levels, the base first
    """

    terms: tuple[str, ...]
    column: Column | None = None
    variable: str = ""
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """The right side of a formula: its parts, without those that were dropped."""

    parts: tuple[Part, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        named = [
            name
            for part in self.parts
            for name in ((part.variable,) if part.column is None else part.column.variables)
        ]
        return tuple(dict.fromkeys(named))

    def terms(self, language: Language, *, intercept: bool = True) -> tuple[str, ...]:
        """The terms of the table, in the order in which the language has the columns."""
        parts = list(self.parts)
        if language == "Python":
            # patsy puts categories before numbers.
            parts.sort(key=lambda part: part.column is not None)
        head = (INTERCEPT,) if intercept else ()
        return (*head, *(term for part in parts for term in part.terms))


def sides(formula: Formula, X: DesignMatrix, dropped: Collection[str] = ()) -> Sides:
    """The parts of a matrix that was made from the formula."""
    columns = {column.name: column for column in X.columns[1:] if column.name not in dropped}
    parts: list[Part] = []
    for term in formula.terms:
        whole = _category(term, X, dropped)
        if whole is not None and all(name in columns for name in whole.terms):
            parts.append(whole)
            for name in whole.terms:
                del columns[name]
            continue
        found = [name for name, column in columns.items() if _is_of(column, term)]
        parts += [Part((name,), columns.pop(name)) for name in found]
    parts += [Part((name,), column) for name, column in columns.items()]
    return Sides(tuple(parts))


def _category(term: Term, X: DesignMatrix, dropped: Collection[str]) -> Part | None:
    """The term as one category, if it is all levels of one and none was dropped."""
    if len(term.parts) != 1 or term.parts[0].transform != "categories":
        return None
    variable = term.parts[0].variable
    columns = [
        column
        for column in X.columns
        if len(column.factors) == 1
        and column.name == f"{variable}[{column.factors[0].level}]"
        and column.factors[0].variable == variable
    ]
    base = X.bases.get(variable, "")
    if not columns or not base or any(column.name in dropped for column in columns):
        return None
    levels = (base, *(column.factors[0].level for column in columns))
    return Part(tuple(column.name for column in columns), None, variable, levels)


def _is_of(column: Column, term: Term) -> bool:
    """Whether the column is one that the term makes."""
    if len(column.factors) != len(term.parts):
        return False
    return all(
        factor.variable == part.variable
        and (factor.transform == part.transform or part.transform == "categories")
        and factor.exponent == part.exponent
        and (part.transform != "indicator" or factor.level == part.level)
        for factor, part in zip(column.factors, term.parts, strict=True)
    )


def written(
    side: Sides, names: Mapping[str, str], levels: Mapping[tuple[str, ...], str], language: Language
) -> str:
    """The right side as the language writes it; `levels` name the lists of levels."""
    texts = []
    for part in side.parts:
        if part.column is not None:
            texts.append(_column(part.column, names, language))
        elif language == "R":
            texts.append(f"{r_factor(levels[part.levels])}({names[part.variable]})")
        else:
            texts.append(f"C({names[part.variable]}, levels={levels[part.levels]})")
    return " + ".join(texts) or "1"


def r_factor(levels: str) -> str:
    """The R function that makes a factor of these levels: svyglm wants data alone in formulas."""
    return levels.replace("levels_of_", "factor_of_", 1)


def _column(column: Column, names: Mapping[str, str], language: Language) -> str:
    factors = [_factor(factor, names, language) for factor in column.factors]
    if len(factors) > 1:
        return f"I({' * '.join(factors)})"
    only = column.factors[0]
    if only.transform == "identity" or (only.transform == "log"):
        return factors[0]
    return f"I({factors[0]} * 1)" if only.transform == "indicator" else f"I({factors[0]})"


def _factor(factor: Factor, names: Mapping[str, str], language: Language) -> str:
    name = names[factor.variable]
    match factor.transform:
        case "power":
            return f"{name}^{factor.exponent}" if language == "R" else f"{name}**{factor.exponent}"
        case "log":
            return f"log({name})" if language == "R" else f"np.log({name})"
        case "indicator":
            return f"({name} == {quoted(factor.level)})"
        case _:
            return name
