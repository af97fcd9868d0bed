"""What the scripts have to do for one model, as a value that both languages are written from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from analysis.constructs import Measured
from analysis.estimation.after.hypotheses import linear_hypothesis
from analysis.estimation.after.language import read_direction
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.labels import Rows
from analysis.estimation.registry import ESTIMATORS
from analysis.replication.formulas import Sides, sides
from analysis.specification.expressions import Expression
from analysis.specification.formula import Formula
from analysis.specification.matrix import Equation, equation, subpopulation_of
from analysis.specification.model import Asked, Specification

Known = Mapping[str, Measured]


@dataclass(frozen=True, slots=True)
class MarginalEffect:
    """A variable whose average marginal effect the table shows.

    Attributes
    ----------
    terms : what the table calls the effects
    start, to : values between which it changes, of yes-or-no and of categories
    """

    variable: str
    kind: Literal["number", "binary", "category"]
    terms: tuple[str, ...]
    in_log: bool = False
    start: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinearTest:
    """A Wald test: weighted sums of terms and the values they are held against.

    `sign` is 0 of a joint test, else the direction of a one-sided one.
    """

    asked: str
    sums: tuple[tuple[tuple[tuple[str, float], ...], float], ...]
    sign: int = 0


@dataclass(frozen=True, slots=True)
class Recipe:
    """One model on columns of the extract.

    Attributes
    ----------
    key : as the expected output calls it, such as ``model 2``
    main : the right side of the formula
    others : right sides of further equations, by role
    columns : names of further variables, by role
    numbers, words : by role
    needs : variables without which a firm is left out
    subpopulation : the expression, or None
    firms : (n,) whose answers count
    is_simple : whether these are the subpopulation's firms that have all that is needed
    terms : of the table, in its order
    """

    key: str
    specification: Specification
    outcome_label: str
    main: Sides
    others: Mapping[str, Sides]
    columns: Mapping[str, str]
    numbers: Mapping[str, float]
    words: Mapping[str, str]
    needs: tuple[str, ...]
    firms: Rows
    is_simple: bool
    terms: tuple[str, ...]
    margins: tuple[MarginalEffect, ...] = ()
    margins_of: str = ""
    tests: tuple[LinearTest, ...] = ()
    untold: tuple[str, ...] = ()
    levels: tuple[float, ...] = field(default=())

    @property
    def estimator(self) -> str:
        return self.specification.estimator

    @property
    def covariance(self) -> str:
        return self.specification.covariance

    @property
    def outcome(self) -> str:
        return self.specification.outcome

    @property
    def subpopulation(self) -> Expression | None:
        return self.specification.subpopulation

    @property
    def is_weighted(self) -> bool:
        return self.specification.design.weights

    @property
    def variables(self) -> tuple[str, ...]:
        """All that the model reads, each once."""
        return tuple(dict.fromkeys([*self.terms_of, *self.columns.values()]))

    @property
    def terms_of(self) -> tuple[str, ...]:
        """Outcome and what stands in a formula, each once."""
        named = [self.outcome, *self.main.variables]
        named += [name for side in self.others.values() for name in side.variables]
        return tuple(dict.fromkeys(named))


def recipe(
    key: str, specification: Specification, known: Known, count: int, document: Mapping[str, Any]
) -> Recipe:
    """The recipe of a model that estimates.json has.

    Raises: Refusal, as `analysis.specification.matrix.equation`.
    """
    ready = equation(specification, known, count)
    given = _given(specification)
    dropped = {column for column, _ in document["dropped"]}
    others = {
        role: sides(formula, ready.parts.matrices[role], _dropped_of(role, dropped))
        for role, formula in given["matrix"].items()
    }
    main = sides(specification.formula, ready.X, dropped)
    columns = given["outcome"] | given["labels"]
    needs = _needs(specification, main, others, columns)
    inside = subpopulation_of(specification.subpopulation, known, count)
    answered = _answered(needs, known, inside)
    complete = ESTIMATORS[specification.estimator].complete
    domain = ready.domain & inside
    if complete is not None:
        domain = domain & complete(ready.y, ready.X, ready.parts)
    tests, untold = _tests(specification.tests, [each["term"] for each in document["terms"]])
    return Recipe(
        key=key,
        specification=specification,
        outcome_label=known[specification.outcome].label,
        main=main,
        others=others,
        columns=columns,
        numbers=given["number"],
        words=given["word"],
        needs=needs,
        firms=np.asarray(domain, dtype=bool),
        is_simple=bool(np.array_equal(answered, domain)),
        terms=tuple(each["term"] for each in document["terms"]),
        margins=_margins(ready, main, others, known, document["margins"]),
        margins_of=document["margins_of"],
        tests=tests,
        untold=untold,
        levels=_levels(ready),
    )


def _given(specification: Specification) -> dict[str, dict[str, Any]]:
    """What the plan gives the estimator besides, by kind and role."""
    kinds = {role.name: role.kind for role in ESTIMATORS[specification.estimator].roles}
    found: dict[str, dict[str, Any]] = {
        kind: {} for kind in ("outcome", "matrix", "labels", "number", "word")
    }
    for each in specification.given:
        kind = "matrix" if isinstance(each.value, Formula) else kinds.get(each.role, "labels")
        found[kind][each.role] = each.value
    return found


def _dropped_of(role: str, dropped: set[str]) -> set[str]:
    """Of another equation's columns those that were dropped, as its terms name them."""
    return {name.partition("|")[2] for name in dropped if name.startswith(f"{role}|")}


def _needs(
    specification: Specification,
    main: Sides,
    others: Mapping[str, Sides],
    columns: Mapping[str, str],
) -> tuple[str, ...]:
    named = [specification.outcome, *specification.formula.variables]
    for each in specification.given:
        if isinstance(each.value, Formula):
            named += each.value.variables
    named += [*main.variables, *columns.values()]
    named += [name for side in others.values() for name in side.variables]
    return tuple(dict.fromkeys(named))


def _answered(needs: Sequence[str], known: Known, rows: Rows) -> Rows:
    for name in needs:
        rows = rows & ~known[name].missing
    return rows


def _margins(
    ready: Equation,
    main: Sides,
    others: Mapping[str, Sides],
    known: Known,
    expected: Sequence[Mapping[str, Any]] | None,
) -> tuple[MarginalEffect, ...]:
    """Those of the expected effects that a variable of the model makes."""
    if not expected:
        return ()
    wanted = {each["term"] for each in expected}
    variables = [*main.variables, *(name for side in others.values() for name in side.variables)]
    matrices = [ready.X, *ready.parts.matrices.values()]
    found = []
    for name in dict.fromkeys(variables):
        made = _effect(name, matrices, known, wanted)
        if made is not None:
            found.append(made)
    return tuple(found)


def _effect(
    name: str, matrices: Sequence[DesignMatrix], known: Known, wanted: set[str]
) -> MarginalEffect | None:
    kind = known[name].kind
    factors = [
        factor
        for X in matrices
        for column in X.columns
        for factor in column.factors
        if factor.variable == name
    ]
    if kind == "category":
        levels = list(dict.fromkeys(f.level for f in factors))
        to = tuple(level for level in levels if f"{name}[{level}]" in wanted)
        base = next((X.bases[name] for X in matrices if name in X.bases), "")
        terms = tuple(f"{name}[{level}]" for level in to)
        return MarginalEffect(name, "category", terms, start=base, to=to) if to else None
    if name not in wanted:
        return None
    if kind == "binary":
        return MarginalEffect(name, "binary", (name,), start="0", to=("1",))
    in_log = any(factor.transform == "log" for factor in factors)
    return MarginalEffect(name, "number", (name,), in_log)


def _tests(
    asked: Sequence[Asked], terms: Sequence[str]
) -> tuple[tuple[LinearTest, ...], tuple[str, ...]]:
    """Wald tests as weighted sums of terms; and tests that the scripts leave out."""
    made, untold = [], []
    for each in asked:
        if each.kind == "u_shape":
            untold.append(str(each))
            continue
        (sentence,) = each.about
        if ">" in sentence or "<" in sentence:
            restriction, sign = read_direction(sentence, terms)
            sums = ((tuple(restriction.weights.items()), restriction.value),)
            made.append(LinearTest(sentence, sums, sign))
            continue
        hypothesis = linear_hypothesis(sentence, terms)
        made.append(LinearTest(sentence, tuple(_sums(hypothesis, terms))))
    return tuple(made), tuple(untold)


def _sums(
    hypothesis: Any, terms: Sequence[str]
) -> list[tuple[tuple[tuple[str, float], ...], float]]:
    return [
        (
            tuple((term, float(weight)) for term, weight in zip(terms, row, strict=True) if weight),
            float(value),
        )
        for row, value in zip(hypothesis.matrix, hypothesis.values, strict=True)
    ]


def _levels(ready: Equation) -> tuple[float, ...]:
    """Values of the outcome among the model's firms, if they are few."""
    found = np.unique(ready.y[ready.domain & ~np.isnan(ready.y)])
    return tuple(found.tolist()) if len(found) <= 60 else ()
