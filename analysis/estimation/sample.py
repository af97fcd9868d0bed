"""The firms and terms that a model is estimated on, once what cannot be used is set aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimation.blocks import Block
from analysis.estimation.collinearity import aliased
from analysis.estimation.coordinates import coordinates, weighted_moments
from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.design_matrix import Column, DesignMatrix, Kind, Values
from analysis.estimation.estimates import Floats
from analysis.estimation.parts import Labels, Parts
from analysis.refusals import Refusal

Missing = Literal["leave_out", "refuse"]

# Squares of what lies beyond are lost to doubles.
ABSURD = 1e100


@dataclass(frozen=True, slots=True)
class Wording:
    """How outcome and terms are called in sentences for people."""

    outcome: str
    labels: Mapping[str, str]

    def term(self, name: str) -> str:
        """The label of a column or variable in quotes."""
        return f"'{self.labels.get(name, name)}'"


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """m firms by the columns of one or more equations.

    Attributes
    ----------
    rows : (n,) booleans, the m firms among the n of the design
    y : (m,) floats; NaN only where the estimator said that it is not needed
    main : Block of the main equation
    weight : (m,) floats of mean one; positive, but where a replicate leaves firms out
    is_weighted : whether the design has weights
    variables : what the columns read, (m,) each
    blocks : the other equations, by role
    outcomes : other outcomes by role, (m,) each
    labels : by role, (m,) each
    numbers, words : by role
    dropped : pairs of column name and the reason it was dropped
    notes : sentences on what was set aside
    near : (k,) working coefficients near the answer, where a model like this one is solved
    """

    rows: Rows
    y: Floats
    main: Block
    weight: Floats
    is_weighted: bool
    variables: Mapping[str, Values]
    kinds: Mapping[str, Kind]
    bases: Mapping[str, str]
    wording: Wording
    estimator: str = ""
    blocks: Mapping[str, Block] = field(default_factory=dict)
    outcomes: Mapping[str, Floats] = field(default_factory=dict)
    labels: Mapping[str, Labels] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    near: Floats | None = None

    @property
    def X(self) -> Floats:  # noqa: N802 -- the matrix of the formulas
        return self.main.X

    @property
    def Z(self) -> Floats:  # noqa: N802 -- as X, in working coordinates
        return self.main.Z

    @property
    def back(self) -> Floats:
        return self.main.back

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.main.columns

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def seen_as(self, role: str, y: Floats) -> "Sample":
        """The same firms with another equation as the main one, to explain the outcome `y`."""
        return replace(self, main=self.blocks[role], y=y)

    def starting_near(self, coefficients: Mapping[str, float]) -> "Sample":
        """The same, to be solved from the coefficients of a model like it; others are zero."""
        known = np.array([coefficients.get(name, 0.0) for name in self.names])
        near: Floats = np.linalg.solve(self.back, known)
        return replace(self, near=near)

    def reweighted(self, weight: Floats) -> "Sample":
        """The same firms under the weights of a replicate, (m,) of any mean above zero."""
        return replace(self, weight=weight / weight.mean(), is_weighted=True)


def estimation_sample(
    *,
    y: Floats,
    matrix: DesignMatrix,
    design: SurveyDesign,
    domain: Rows,
    wording: Wording,
    parts: Parts | None = None,
    complete: Rows | None = None,
    estimator: str = "",
    missing: Missing = "leave_out",
) -> Sample:
    """Firms of the domain with weight and complete answers; columns that can be told apart.

    `complete` says which firms have all that the model needs, where that is not every answer
    of outcome, regressors and parts. `missing` says what becomes of the others.

    Raises
    ------
    Refusal
        ``no_rows``, ``missing_answers``, ``term_undefined``, ``absurd_scale``,
        ``outcome_infinite``, ``outcome_constant``, ``too_few_rows``.
    """
    parts = parts or Parts()
    eligible = domain & (design.weight > 0)
    rows = eligible & (everything_answered(y, matrix, parts) if complete is None else complete)
    for labels in parts.labels.values():
        rows &= ~np.asarray(pd.isna(labels))
    _refuse_no_rows(eligible, rows, matrix, y, wording)
    if missing == "refuse":
        _refuse_missing(eligible, rows, (matrix, *parts.matrices.values()), y, wording)
    for each in (matrix, *parts.matrices.values()):
        _refuse_undefined_terms(each, rows, wording)
    _refuse_outcome(y[rows], wording, may_be_constant="upper" in parts.outcomes)
    weight = design.weight[rows] / design.weight[rows].mean()
    maker = _Blocks(rows, weight, wording, needs_all=complete is None)
    main = maker.block("", matrix)
    blocks = {role: maker.block(role, each) for role, each in parts.matrices.items()}
    matrices = (matrix, *parts.matrices.values())
    return Sample(
        rows=rows,
        y=y[rows],
        main=main,
        weight=weight,
        is_weighted=design.is_weighted,
        variables={
            name: values if rows.all() else values[rows]
            for each in matrices
            for name, values in each.variables.items()
        },
        kinds={name: kind for each in matrices for name, kind in each.kinds.items()},
        bases={name: base for each in matrices for name, base in each.bases.items()},
        wording=wording,
        estimator=estimator,
        blocks=blocks,
        outcomes={role: values[rows] for role, values in parts.outcomes.items()},
        labels={role: np.asarray(values)[rows] for role, values in parts.labels.items()},
        numbers=parts.numbers,
        words=parts.words,
        dropped=tuple(maker.dropped),
        notes=_notes(eligible, rows, maker.dropped, wording),
    )


def as_domain(domain: npt.ArrayLike) -> Rows:
    """(n,) booleans: who is in the subpopulation.

    Raises: ValueError unless every value is true or false, or 1 or 0: a firm of which it is
    not known must be decided by the caller, and positions are not truths.
    """
    given = np.asarray(domain)
    if given.dtype == bool:
        return given
    if given.dtype == object or not np.issubdtype(given.dtype, np.number):
        if all(value is True or value is False for value in given.tolist()):
            return given.astype(bool)
    elif np.all((given == 0) | (given == 1)):
        return given.astype(bool)
    raise ValueError("A domain is one true or false for each firm, none of them missing.")


def everything_answered(y: Floats, matrix: DesignMatrix, parts: Parts) -> Rows:
    """(n,) firms without a missing value in outcome, regressors and parts."""
    answered = ~np.isnan(y)
    for each in (matrix, *parts.matrices.values()):
        answered &= ~np.isnan(each.X).any(axis=1)
    for values in parts.outcomes.values():
        answered &= ~np.isnan(values)
    for labels in parts.labels.values():
        answered &= ~np.asarray(pd.isna(labels))
    return answered


class _Blocks:
    """Makes blocks of independent columns; keeps what was dropped."""

    def __init__(self, rows: Rows, weight: Floats, wording: Wording, *, needs_all: bool) -> None:
        self.rows = rows
        self.weight = weight
        self.wording = wording
        self.needs_all = needs_all
        self.dropped: list[tuple[str, str]] = []

    def block(self, role: str, matrix: DesignMatrix) -> Block:
        # Columns are read one by one: by columns is how X is stored.
        X = np.asfortranarray(matrix.X if self.rows.all() else matrix.X[self.rows])
        if self.needs_all:
            return self._independent(role, matrix, X, X, self.weight)
        # A firm that the equation is not asked of takes no part in it, whatever stands there.
        asked: Rows = np.asarray(~np.isnan(X).any(axis=1), dtype=bool)
        filled = np.where(asked[:, None], X, 0.0)
        return self._independent(role, matrix, filled, X[asked], self.weight[asked])

    def _independent(
        self, role: str, matrix: DesignMatrix, X: Floats, asked: Floats, weight: Floats
    ) -> Block:
        terms = [self.wording.term(name) for name in matrix.names]
        moments = weighted_moments(asked, weight)
        dropped = aliased(asked, weight, moments, terms)
        kept = [position for position in range(X.shape[1]) if position not in dropped]
        _refuse_too_few_rows(asked, len(kept))
        lead = f"{role}|" if role else ""
        self.dropped += [
            (f"{lead}{matrix.names[position]}", why) for position, why in dropped.items()
        ]
        if dropped:
            X, asked, moments = X[:, kept], asked[:, kept], moments[np.ix_(kept, kept)]
        Z, back = coordinates(asked, weight, moments)
        if len(asked) < len(X):
            Z = X @ back
        return Block(role, tuple(matrix.columns[position] for position in kept), X, Z, back)


def _refuse_too_few_rows(X: Floats, kept: int) -> None:
    if kept >= len(X):
        raise Refusal(
            "too_few_rows",
            f"The model has {X.shape[1]} terms and there are {len(X)} firms with complete answers.",
            "Leave terms out or widen the subpopulation.",
        )


def _refuse_no_rows(
    eligible: Rows, rows: Rows, matrix: DesignMatrix, y: Floats, wording: Wording
) -> None:
    if rows.any():
        return
    if not eligible.any():
        raise Refusal(
            "no_rows",
            "No firm with a positive weight is in the subpopulation.",
            "Widen the subpopulation.",
        )
    empty = [wording.outcome] if np.isnan(y[eligible]).all() else []
    for name, values in matrix.variables.items():
        if pd.isna(values[eligible]).all():
            empty.append(wording.term(name))
    which = f" Nobody answered {', '.join(empty)}." if empty else ""
    raise Refusal(
        "no_rows",
        f"None of the {eligible.sum()} firms of the subpopulation answered all that the model "
        f"uses.{which}",
        "Leave out the terms that were not answered together.",
    )


def _refuse_missing(
    eligible: Rows, rows: Rows, matrices: Sequence[DesignMatrix], y: Floats, wording: Wording
) -> None:
    """Refuse to leave anybody out, where that was not asked for."""
    left_out = eligible & ~rows
    if not left_out.any():
        return
    counts = {wording.outcome: int(np.isnan(y[left_out]).sum())}
    for matrix in matrices:
        for name, values in matrix.variables.items():
            counts[wording.term(name)] = int(pd.isna(values[left_out]).sum())
    found = ", ".join(f"{name} ({count})" for name, count in counts.items() if count)
    raise Refusal(
        "missing_answers",
        f"Answers are missing for {left_out.sum()} of {eligible.sum()} firms, and the plan does "
        f"not say what is to become of them. Missing: {found or 'what the estimator reads'}.",
        "Say  missing: leave_out  to estimate on the firms that answered everything, impute the "
        "answers, or give them a value with missing_as().",
    )


def _refuse_undefined_terms(matrix: DesignMatrix, rows: Rows, wording: Wording) -> None:
    undefined, absurd = [], []
    for name, column in zip(matrix.names, matrix.X.T, strict=True):
        size = np.abs(column if rows.all() else column[rows])
        # NaN, which an equation not asked of a firm may hold, is no fault and never the largest.
        infinite, largest = int(np.isinf(size).sum()), float(np.fmax.reduce(size, initial=0.0))
        if infinite:
            undefined.append(f"{wording.term(name)} for {infinite} of {len(size)} firms")
        elif largest > ABSURD:
            absurd.append(f"{wording.term(name)} (up to {largest:.3g})")
    if undefined:
        raise Refusal(
            "term_undefined",
            "These terms are not finite numbers, as comes of the logarithm of zero or of a "
            f"negative number, or of a division by zero: {'; '.join(undefined)}.",
            "Define a variable that has a value for every firm, or narrow the subpopulation.",
        )
    if absurd:
        raise Refusal(
            "absurd_scale",
            f"These terms have values too large to compute with: {', '.join(absurd)}.",
            "Look for an error in the data, or measure the variable in a larger unit.",
        )


def _refuse_outcome(y: Floats, wording: Wording, *, may_be_constant: bool) -> None:
    if np.isinf(y).any():
        raise Refusal(
            "outcome_infinite",
            f"{wording.outcome} is infinite for {np.isinf(y).sum()} of {len(y)} firms.",
            "Look for a division by zero or a logarithm of zero in its definition.",
        )
    given = y[~np.isnan(y)]
    if np.abs(given).max(initial=0) > ABSURD:
        raise Refusal(
            "absurd_scale",
            f"{wording.outcome} has values up to {np.abs(given).max():.3g}, too large to compute "
            "with.",
            "Look for an error in the data, or measure it in a larger unit.",
        )
    if not may_be_constant and len(given) and given.min() == given.max():
        raise Refusal(
            "outcome_constant",
            f"{wording.outcome} is {given[0]:g} for all {len(given)} firms of the subpopulation, "
            "so there is no variation to explain.",
            "Choose another outcome or widen the subpopulation.",
        )


def _notes(
    eligible: Rows, rows: Rows, dropped: list[tuple[str, str]], wording: Wording
) -> tuple[str, ...]:
    notes = []
    incomplete = int(eligible.sum() - rows.sum())
    if incomplete:
        notes.append(
            f"Left out because an answer is missing: {incomplete} of {eligible.sum()} firms."
        )
    notes += [f"{wording.term(name)} was dropped: it {why}." for name, why in dropped]
    return tuple(notes)
