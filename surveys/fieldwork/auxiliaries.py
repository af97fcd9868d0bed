"""What is known of every case, respondent or not, as the matrix of a model of response."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mathematics.arrays import Codes, Floats, named
from mathematics.collinearity import aliased
from mathematics.refusals import Refusal


@dataclass(frozen=True, slots=True, eq=False)
class Category:
    """One auxiliary variable of n cases.

    Attributes
    ----------
    name : str
    codes : (n,) positions in `levels`
    levels : the categories, in the order of their appearance
    """

    name: str
    codes: Codes
    levels: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Auxiliaries:
    """Auxiliary variables of n cases, and their design matrix.

    Attributes
    ----------
    categories : tuple of Category
    X : (n, k) floats: an intercept and an indicator of each category but the first
    terms : names of the columns
    dropped : sentences on columns that say nothing beyond those before them
    """

    categories: tuple[Category, ...]
    X: Floats
    terms: tuple[str, ...]
    dropped: tuple[str, ...]

    def without(self, name: str) -> Codes:
        """(n,) numbers of the combinations of all the other variables' categories."""
        cell = np.zeros(len(self.X), dtype=np.intp)
        for each in self.categories:
            if each.name != name:
                # Numbered anew each time, so that many variables do not overflow.
                cell = pd.factorize(cell * len(each.levels) + each.codes)[0]
        return cell


def auxiliaries(variables: Mapping[str, npt.ArrayLike], weight: Floats) -> Auxiliaries:
    """Categories of n cases, main effects, seen under (n,) weights.

    Raises: Refusal ``auxiliary_none``, ``auxiliary_missing``. Give a number (of employees, say)
    in classes: a response rate need not rise in a straight line.
    """
    if not variables:
        raise Refusal(
            "auxiliary_none",
            "No variable is named by which firms that answer may differ from the others.",
            "Name one that the frame has for every case: size, industry, region.",
        )
    categories = tuple(_category(name, values, len(weight)) for name, values in variables.items())
    columns, terms = [np.ones(len(weight))], ["intercept"]
    for each in categories:
        for place, level in enumerate(each.levels[1:], start=1):
            columns.append((each.codes == place).astype(float))
            terms.append(f"{each.name}: {level}")
    X = np.column_stack(columns)
    reasons = aliased(X, weight, (X.T * weight) @ X, terms)
    kept = [column for column in range(X.shape[1]) if column not in reasons]
    return Auxiliaries(
        categories,
        np.ascontiguousarray(X[:, kept]),
        tuple(terms[column] for column in kept),
        tuple(f"'{terms[column]}' {reason}" for column, reason in reasons.items()),
    )


def _category(name: str, values: npt.ArrayLike, count: int) -> Category:
    given = np.asarray(values)
    if given.shape != (count,):
        raise ValueError(f"'{name}' and the weights differ in length.")
    codes, levels = pd.factorize(given)
    missing = codes < 0
    if missing.any():
        raise Refusal(
            "auxiliary_missing",
            f"'{name}' is missing for {missing.sum()} of {count} cases; the first is case "
            f"{int(np.argmax(missing)) + 1}.",
            "Give them a category of their own, or choose another variable.",
        )
    return Category(name, np.asarray(codes, dtype=np.intp), tuple(levels))


def refuse_all_alike(aux: Auxiliaries, responded: Floats, weight: Floats) -> None:
    """Refuse categories in which every case responded or none did.

    Raises: Refusal ``response_separated``: a logit has no estimate there.
    """
    for each in aux.categories:
        cases = np.bincount(each.codes, weight, len(each.levels))
        answered = np.bincount(each.codes, weight * responded, len(each.levels))
        alike = (answered <= 0) | (answered >= cases * (1 - 1e-12))
        if alike.any():
            where = named(np.array(each.levels, dtype=object)[alike])
            raise Refusal(
                "response_separated",
                f"Of the cases with these categories of '{each.name}' all responded or none did: "
                f"{where}.",
                "Join each with a category like it, or choose linear propensities.",
            )
