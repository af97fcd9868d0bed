"""From a specification and a vocabulary to outcome, design matrix and domain."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.constructs.measured import Floats, Measured, Values
from analysis.estimation.design_matrix import (
    INTERCEPT,
    Column,
    DesignMatrix,
    Factor,
    design_matrix,
)
from analysis.refusals import Refusal
from analysis.specification.computing import Vocabulary, compute, kind_of, known, unknown_term
from analysis.specification.expressions import names_in
from analysis.specification.formula import Formula, Part, Term
from analysis.specification.model import Plan, Specification


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """One model ready to be fitted.

    Attributes
    ----------
    y : (n,) floats, NaN where missing
    X : DesignMatrix of the same n firms
    domain : (n,) bool; firms of the subpopulation for which nothing is missing
    in_subpopulation : number of firms of the subpopulation
    factors : term name to the label of the categorical variable it is a level of
    labels : term name to the words of the table's stub
    scales : term name to its geographic scale, where it has one
    empty_levels : labels of levels that no firm of the domain has
    """

    y: Floats
    X: DesignMatrix
    domain: npt.NDArray[np.bool_]
    in_subpopulation: int
    factors: Mapping[str, str]
    labels: Mapping[str, str]
    scales: Mapping[str, str]
    empty_levels: tuple[str, ...]


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
    """Outcome, regressors and domain of one model.

    Rows with a missing value stay in the design, outside the domain.
    Raises: Refusal ``unknown_term``, ``not_a_number``, ``not_a_category``, ``unknown_code``.
    """
    y = _outcome(specification.outcome, vocabulary)
    used = {name: known(name, vocabulary) for name in specification.formula.variables}
    subpopulation = _subpopulation(specification, vocabulary, count)
    complete = subpopulation & ~np.isnan(y)
    for measured in used.values():
        complete &= ~measured.missing
    builder = _Builder(used, complete)
    columns = builder.all_columns(specification.formula)
    X = design_matrix(
        (Column(INTERCEPT), *columns),
        {name: measured.values for name, measured in used.items()},
        {name: measured.kind for name, measured in used.items()},
        bases=builder.bases,
        count=count,
    )
    return Equation(
        y=y,
        X=X,
        domain=complete,
        in_subpopulation=int(subpopulation.sum()),
        factors=builder.factors,
        labels=builder.labels,
        scales=builder.scales,
        empty_levels=tuple(dict.fromkeys(builder.empty_levels)),
    )


def unknown_terms(specification: Specification, vocabulary: Vocabulary) -> tuple[Refusal, ...]:
    """Every name of the model that the wave does not know, as the refusal it would bring."""
    names = [specification.outcome, *specification.formula.variables]
    if specification.subpopulation is not None:
        names += names_in(specification.subpopulation)
    return tuple(unknown_term(name, vocabulary) for name in names if name not in vocabulary)


def _outcome(name: str, vocabulary: Vocabulary) -> Floats:
    outcome = known(name, vocabulary)
    if outcome.kind == "category":
        raise Refusal(
            "not_a_number",
            f"The outcome “{outcome.name}” is a category.",
            "Choose a binary or a numeric outcome.",
        )
    return outcome.values.astype(float)


def _subpopulation(
    specification: Specification, vocabulary: Vocabulary, count: int
) -> npt.NDArray[np.bool_]:
    if specification.subpopulation is None:
        return np.ones(count, dtype=bool)
    inside = compute(specification.subpopulation, vocabulary, count)
    return np.asarray(~np.isnan(inside) & (inside != 0), dtype=bool)


class _Builder:
    """Writes terms out as columns, with their labels, scales and levels."""

    def __init__(self, used: Mapping[str, Measured], complete: npt.NDArray[np.bool_]) -> None:
        self.used = used
        self.complete = complete
        self.bases: dict[str, str] = {}
        self.factors: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.scales: dict[str, str] = {}
        self.empty_levels: list[str] = []

    def all_columns(self, formula: Formula) -> tuple[Column, ...]:
        """The columns of every term, each name once."""
        columns = (column for term in formula.terms for column in self.columns(term))
        return tuple({column.name: column for column in columns}.values())

    def columns(self, term: Term) -> list[Column]:
        """One column, or one for each level where the term holds a factor."""
        columns = [Column("")]
        for part in term.parts:
            columns = [
                Column(f"{column.name}:{name}" if column.name else name, (*column.factors, factor))
                for column in columns
                for name, factor in self._factors(part)
            ]
        for column in columns:
            self._describe(term, column)
        return columns

    def _factors(self, part: Part) -> list[tuple[str, Factor]]:
        measured = self.used[part.variable]
        if part.transform in ("categories", "indicator"):
            return self._levels(part, measured)
        if measured.kind == "category":
            raise Refusal(
                "not_a_number",
                f"“{part.variable}” is a category.",
                f"Write  factor({part.variable}).",
            )
        transform = part.transform
        return [(str(part), Factor(part.variable, transform, exponent=part.exponent))]  # type: ignore[arg-type]  # categories are handled above

    def _levels(self, part: Part, measured: Measured) -> list[tuple[str, Factor]]:
        if measured.kind != "category":
            raise Refusal(
                "not_a_category",
                f"“{part.variable}” is a number, not a category.",
                "Use it as it is, or define a comparison.",
            )
        present, levels = _levels_of(measured, self.complete)
        if part.level and part.level not in present:
            raise Refusal(
                "unknown_code",
                f"No firm of the model has the code '{part.level}' of “{part.variable}”.",
                f"Codes that occur: {', '.join(present)}.",
            )
        if part.transform == "indicator":
            return [(str(part), Factor(part.variable, "indicator", part.level))]
        self.empty_levels += [
            f"{measured.label}: {_code_label(measured, level)}"
            for level in levels
            if level not in present
        ]
        base = self._base(part, present)
        return [
            (f"{part.variable}[{level}]", Factor(part.variable, "indicator", level))
            for level in present
            if level != base
        ]

    def _base(self, part: Part, present: list[str]) -> str:
        """The level that is left out: one for a variable, however many terms it stands in."""
        base = part.level or (present[0] if present else "")
        if self.bases.setdefault(part.variable, base) != base:
            raise Refusal(
                "two_bases",
                f"“{part.variable}” stands with the bases '{self.bases[part.variable]}' "
                f"and '{base}' in one formula.",
                "Name the same base throughout.",
            )
        return base

    def _describe(self, term: Term, column: Column) -> None:
        words = [self._words(factor) for factor in column.factors]
        self.labels[column.name] = " × ".join(words)
        categories = [part for part in term.parts if part.transform == "categories"]
        if categories and len(term.parts) == 1:
            self.factors[column.name] = self.used[categories[0].variable].label
            factor = column.factors[0]
            self.labels[column.name] = _code_label(self.used[factor.variable], factor.level)
        scales = {self.used[name].scale for name in column.variables}
        if len(scales) == 1 and (scale := scales.pop()):
            self.scales[column.name] = scale

    def _words(self, factor: Factor) -> str:
        measured = self.used[factor.variable]
        match factor.transform:
            case "power":
                power = "squared" if factor.exponent == 2 else f"power {factor.exponent}"
                return f"{measured.label}, {power}"
            case "log":
                return f"{measured.label} (log)"
            case "indicator":
                return f"{measured.label}: {_code_label(measured, factor.level)}"
            case _:
                return measured.label


def _levels_of(measured: Measured, complete: Values) -> tuple[list[str], list[str]]:
    """Levels that occur among the complete rows, and all levels, in codebook order."""
    occurring = {str(value) for value in measured.values[complete]}
    everything = {str(value) for value in measured.values if value is not None}
    ordered = [code for code, _ in measured.codes]
    ordered += sorted(everything - set(ordered), key=_numeric_first)
    return [code for code in ordered if code in occurring], ordered


def _numeric_first(code: str) -> tuple[int, float, str]:
    return (0, float(code), code) if code.replace(".", "", 1).isdecimal() else (1, 0.0, code)


def _code_label(measured: Measured, code: str) -> str:
    return dict(measured.codes).get(code, code)
