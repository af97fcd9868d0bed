"""From a specification and a vocabulary to outcome, design matrix and domain."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.constructs.measured import Floats, Measured, Values
from analysis.estimation.design_matrix import (
    DesignMatrix,
)
from analysis.estimation.estimator import SHARED_ROLES
from analysis.estimation.likelihood.levels import level_name
from analysis.estimation.parts import Parts
from analysis.estimation.registry import ESTIMATORS
from analysis.refusals import Refusal
from analysis.specification.columns import ColumnBuilder, Rows
from analysis.specification.computing import (
    Vocabulary,
    compute,
    in_other_wave,
    is_known,
    kind_of,
    known,
    unknown_term,
)
from analysis.specification.expressions import Expression, names_in
from analysis.specification.formula import Formula
from analysis.specification.model import Plan, Specification
from analysis.specification.over_waves import names_in_time, names_over_waves

# Roles of an outcome that has to be another variable than the outcome of the model.
_OTHER_VARIABLES = frozenset({"exposure", "selected", "second_outcome"})


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """One model ready to be fitted.

    Attributes
    ----------
    y : (n,) floats, NaN where missing
    X : DesignMatrix of the same n firms
    domain : (n,) bool; firms of the subpopulation for which nothing is missing, or where the
        estimator itself says whose answers it needs, all for which no label is missing
    parts : what the estimator reads besides
    in_subpopulation : number of firms of the subpopulation
    factors : term name to the label of the categorical variable it is a level of
    labels : term name to the words of the table's stub
    scales : term name to its geographic scale, where it has one
    empty_levels : labels of levels that no firm of the domain has
    roles : of the estimator's other outcomes, to their labels
    levels : of an outcome that is a category, each as a number, to its label
    """

    y: Floats
    X: DesignMatrix
    domain: Rows
    in_subpopulation: int
    factors: Mapping[str, str]
    labels: Mapping[str, str]
    scales: Mapping[str, str]
    empty_levels: tuple[str, ...]
    parts: Parts = field(default_factory=Parts)
    roles: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)


def with_definitions(plan: Plan, vocabulary: Vocabulary, count: int) -> dict[str, Measured]:
    """The vocabulary with the plan's definitions computed, and its labels put on.

    A definition takes the place of a measure of the same name.
    """
    known_so_far = dict(vocabulary)
    for name, expression in plan.definitions:
        try:
            known_so_far[name] = Measured(
                name=name,
                values=compute(expression, known_so_far, count),
                kind=kind_of(expression, known_so_far),
                label=name.replace("_", " "),
                definition=str(expression),
            )
        except Refusal as refusal:
            message = f"The definition of “{name}”: {refusal.message}"
            raise Refusal(refusal.code, message, refusal.remedy) from None
    for name in names_over_waves(plan):
        # What cannot be had is refused with the model that names it.
        with suppress(Refusal):
            known_so_far[name] = in_other_wave(name, known_so_far)
    for name, label in plan.labels:
        if name in known_so_far:
            known_so_far[name] = _relabelled(known_so_far[name], label)
    return known_so_far


def _relabelled(measured: Measured, label: str) -> Measured:
    return Measured(
        measured.name, measured.values, measured.kind, label, measured.definition,
        measured.source, measured.missing_rule, measured.scale, measured.codes,
    )  # fmt: skip


def equation(specification: Specification, vocabulary: Vocabulary, count: int) -> Equation:
    """Outcome, regressors, parts and domain of one model.

    Rows with a missing value stay in the design, outside the domain.
    Raises: Refusal ``unknown_term``, ``not_a_number``, ``not_a_category``, ``unknown_code``,
    ``outcome_among_terms``.
    """
    _refuse_outcome_among_terms(specification, vocabulary)
    y = _numbers(specification.outcome, vocabulary)
    subpopulation = subpopulation_of(specification.subpopulation, vocabulary, count)
    is_complete_case = ESTIMATORS[specification.estimator].complete is None
    reader = _Parts(specification, vocabulary)
    # An estimator that says itself whose answers it needs does not look at labels.
    labelled = reader.labelled(subpopulation)
    answered = _answered(specification.formula, vocabulary, labelled & ~np.isnan(y))
    if is_complete_case:
        answered = reader.answered(answered)
    builder = ColumnBuilder(vocabulary, answered)
    X = builder.matrix(specification.formula, count)
    parts = reader.parts(builder, labelled, count, is_complete_case=is_complete_case)
    return Equation(
        y=y,
        X=X,
        domain=subpopulation
        if specification.missing == "refuse"
        else answered
        if is_complete_case
        else labelled,
        in_subpopulation=int(subpopulation.sum()),
        factors=builder.factors,
        labels=builder.labels,
        scales=builder.scales,
        empty_levels=tuple(dict.fromkeys(builder.empty_levels)),
        parts=parts,
        roles={role: known(name, vocabulary).label for role, name in reader.outcomes.items()},
        levels={
            level_name(float(code)): label
            for code, label in known(specification.outcome, vocabulary).codes
            if _is_number(code)
        },
    )


def _refuse_outcome_among_terms(specification: Specification, vocabulary: Vocabulary) -> None:
    """Refuse to explain an outcome by itself: the fit would be perfect and say nothing."""
    read = {"the formula": specification.formula.variables}
    for each in specification.given:
        if isinstance(each.value, Formula):
            read[f"“{each.role}”"] = each.value.variables
        elif each.role in _OTHER_VARIABLES:
            read[f"“{each.role}”"] = (str(each.value),)
    outcome = _meant(specification.outcome, vocabulary)
    for where, names in read.items():
        for name in names:
            if _meant(name, vocabulary) == outcome:
                raise Refusal(
                    "outcome_among_terms",
                    f"The outcome “{specification.outcome}” stands in {where} of its own model"
                    f"{'' if name == specification.outcome else f', as “{name}”'}: it would "
                    "explain itself.",
                    "Leave it out there, or choose another outcome.",
                )


def _meant(name: str, vocabulary: Vocabulary) -> str:
    """The name that a definition only gives another name to."""
    passed: set[str] = set()
    while name in vocabulary and name not in passed:
        passed.add(name)
        definition = vocabulary[name].definition
        name = definition if definition in vocabulary else name
    return name


def _is_number(code: str) -> bool:
    return code.removeprefix("-").replace(".", "", 1).isdecimal()


def _answered(formula: Formula, vocabulary: Vocabulary, rows: Rows) -> Rows:
    """Those of the rows for which no variable of the formula is missing."""
    for name in formula.variables:
        rows = rows & ~known(name, vocabulary).missing
    return rows


class _Parts:
    """Reads what a model gives its estimator besides outcome and formula."""

    def __init__(self, specification: Specification, vocabulary: Vocabulary) -> None:
        roles = (*ESTIMATORS[specification.estimator].roles, *SHARED_ROLES)
        kinds = {role.name: role.kind for role in roles}
        self.vocabulary = vocabulary
        self.given = [(kinds[each.role], each.role, each.value) for each in specification.given]

    def _of(self, kind: str) -> dict[str, Any]:
        return {role: value for each, role, value in self.given if each == kind}

    @property
    def outcomes(self) -> dict[str, Any]:
        return self._of("outcome")

    def answered(self, rows: Rows) -> Rows:
        """Those of the rows for which nothing of any part is missing."""
        for formula in self._of("matrix").values():
            rows = _answered(formula, self.vocabulary, rows)
        for name in self._of("outcome").values():
            rows = rows & ~known(name, self.vocabulary).missing
        return self.labelled(rows)

    def labelled(self, rows: Rows) -> Rows:
        """Those of the rows for which no label is missing."""
        for name in self._of("labels").values():
            rows = rows & ~known(name, self.vocabulary).missing
        return rows

    def parts(
        self, builder: ColumnBuilder, subpopulation: Rows, count: int, *, is_complete_case: bool
    ) -> Parts:
        matrices = {}
        for role, formula in self._of("matrix").items():
            rows = (
                builder.complete
                if is_complete_case
                else _answered(formula, self.vocabulary, subpopulation)
            )
            matrices[role] = builder.seeing(rows).matrix(formula, count)
        return Parts(
            outcomes={
                role: _numbers(name, self.vocabulary) for role, name in self._of("outcome").items()
            },
            matrices=matrices,
            labels={
                role: _labels(name, self.vocabulary) for role, name in self._of("labels").items()
            },
            numbers=self._of("number"),
            words=self._of("word"),
        )


def unknown_terms(specification: Specification, vocabulary: Vocabulary) -> tuple[Refusal, ...]:
    """Every name of the model that the wave does not know, as the refusal it would bring."""
    names = [specification.outcome, *specification.formula.variables]
    kinds = {role.name: role.kind for role in ESTIMATORS[specification.estimator].roles}
    for each in specification.given:
        if isinstance(each.value, Formula):
            names += each.value.variables
        elif kinds.get(each.role, "labels") in ("outcome", "labels"):
            names.append(str(each.value))
    if specification.subpopulation is not None:
        names += names_in(specification.subpopulation)
    return tuple(
        unknown_term(name, vocabulary)
        for name in dict.fromkeys(names)
        if not is_known(name, vocabulary)
    )


def _numbers(name: str, vocabulary: Vocabulary) -> Floats:
    """(n,) values of a number, or of a category whose codes are numbers."""
    outcome = known(name, vocabulary)
    if outcome.kind != "category":
        return outcome.values.astype(float)
    codes = pd.to_numeric(pd.Series(outcome.values, dtype=object), errors="coerce")
    if (codes.isna().to_numpy() & ~outcome.missing).any():
        raise Refusal(
            "not_a_number",
            f"The outcome “{outcome.name}” is a category whose codes are not numbers.",
            "Choose a binary or a numeric outcome, or define one by comparisons.",
        )
    return codes.to_numpy(dtype=float)


def _labels(name: str, vocabulary: Vocabulary) -> Values:
    return names_in_time(known(name, vocabulary))


def subpopulation_of(asked: Expression | None, vocabulary: Vocabulary, count: int) -> Rows:
    """(n,) firms for which the expression is true; all of them without one."""
    if asked is None:
        return np.ones(count, dtype=bool)
    inside = compute(asked, vocabulary, count)
    return np.asarray(~np.isnan(inside) & (inside != 0), dtype=bool)
