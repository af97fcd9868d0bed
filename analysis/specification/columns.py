"""Terms of a formula as the columns of a design matrix, with their labels and levels."""

import numpy as np
import numpy.typing as npt

from analysis.constructs.measured import Measured, Values
from analysis.estimation.design_matrix import (
    INTERCEPT,
    Column,
    DesignMatrix,
    Factor,
    design_matrix,
)
from analysis.refusals import Refusal
from analysis.specification.computing import Vocabulary, known
from analysis.specification.formula import Formula, Part, Term

Rows = npt.NDArray[np.bool_]


class ColumnBuilder:
    """Writes terms out as columns, with their labels, scales and levels."""

    def __init__(self, vocabulary: Vocabulary, complete: Rows) -> None:
        self.vocabulary = vocabulary
        self.complete = complete
        self.bases: dict[str, str] = {}
        self.factors: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.scales: dict[str, str] = {}
        self.empty_levels: list[str] = []

    def seeing(self, complete: Rows) -> "ColumnBuilder":
        """The same builder for an equation that other firms answered."""
        self.complete = complete
        return self

    def matrix(self, formula: Formula, count: int) -> DesignMatrix:
        used = {name: known(name, self.vocabulary) for name in formula.variables}
        columns = self.all_columns(formula)
        return design_matrix(
            (Column(INTERCEPT), *columns),
            {name: measured.values for name, measured in used.items()},
            {name: measured.kind for name, measured in used.items()},
            bases={name: base for name, base in self.bases.items() if name in used},
            count=count,
        )

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
        measured = known(part.variable, self.vocabulary)
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
            self.factors[column.name] = known(categories[0].variable, self.vocabulary).label
            factor = column.factors[0]
            self.labels[column.name] = _code_label(
                known(factor.variable, self.vocabulary), factor.level
            )
        scales = {known(name, self.vocabulary).scale for name in column.variables}
        if len(scales) == 1 and (scale := scales.pop()):
            self.scales[column.name] = scale

    def _words(self, factor: Factor) -> str:
        measured = known(factor.variable, self.vocabulary)
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
