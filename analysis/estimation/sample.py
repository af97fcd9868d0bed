"""The firms and terms that a model is estimated on, once what cannot be used is set aside."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimation.collinearity import aliased
from analysis.estimation.coordinates import coordinates, weighted_moments
from analysis.estimation.design import Rows, SurveyDesign, named
from analysis.estimation.design_matrix import Column, DesignMatrix, Kind, Values
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal


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
    """m firms by k linearly independent columns.

    Attributes
    ----------
    rows : (n,) booleans, the m firms among the n of the design
    y : (m,) floats
    X : (m, k) floats
    Z : (m, k) floats, the same space in coordinates fit for arithmetic
    back : (k, k) floats; coefficients b of Z are coefficients ``back @ b`` of X
    weight : (m,) positive floats of mean one
    columns : the k columns of X
    variables : what the columns read, (m,) each
    dropped : pairs of column name and the reason it was dropped
    notes : sentences on what was set aside
    """

    rows: Rows
    y: Floats
    X: Floats
    Z: Floats
    back: Floats
    weight: Floats
    columns: tuple[Column, ...]
    variables: Mapping[str, Values]
    kinds: Mapping[str, Kind]
    bases: Mapping[str, str]
    wording: Wording
    dropped: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def estimation_sample(
    *, y: Floats, matrix: DesignMatrix, design: SurveyDesign, domain: Rows, wording: Wording
) -> Sample:
    """Firms of the domain with weight and complete answers; columns that can be told apart.

    Raises
    ------
    Refusal
        ``no_rows``, ``term_undefined``, ``outcome_infinite``, ``outcome_constant``,
        ``too_few_rows``.
    """
    eligible = domain & (design.weight > 0)
    rows = eligible & ~np.isnan(y) & ~np.isnan(matrix.X).any(axis=1)
    _refuse_no_rows(eligible, rows, matrix, y, wording)
    _refuse_undefined_terms(matrix, rows, wording)
    _refuse_constant_outcome(y[rows], wording)
    # Columns are read one by one below and by statsmodels: by columns is how X is stored.
    X = np.asfortranarray(matrix.X if rows.all() else matrix.X[rows])
    weight = design.weight[rows] / design.weight[rows].mean()
    moments = weighted_moments(X, weight)
    dropped = aliased(X, weight, moments, [wording.term(name) for name in matrix.names])
    kept = [position for position in range(X.shape[1]) if position not in dropped]
    _refuse_too_few_rows(X, len(kept))
    if dropped:
        X, moments = X[:, kept], moments[np.ix_(kept, kept)]
    Z, back = coordinates(X, weight, moments)
    named_reasons = tuple((matrix.names[position], why) for position, why in dropped.items())
    return Sample(
        rows=rows,
        y=y[rows],
        X=X,
        Z=Z,
        back=back,
        weight=weight,
        columns=tuple(matrix.columns[position] for position in kept),
        variables={name: values[rows] for name, values in matrix.variables.items()},
        kinds=matrix.kinds,
        bases=matrix.bases,
        wording=wording,
        dropped=named_reasons,
        notes=_notes(eligible, rows, named_reasons, wording),
    )


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


def _refuse_undefined_terms(matrix: DesignMatrix, rows: Rows, wording: Wording) -> None:
    undefined = np.isinf(matrix.X) & rows[:, None]
    faults = [
        f"{wording.term(matrix.names[position])} for {undefined[:, position].sum()} of "
        f"{rows.sum()} firms"
        for position in np.flatnonzero(undefined.any(axis=0))
    ]
    if faults:
        raise Refusal(
            "term_undefined",
            "These terms are not finite numbers, as comes of the logarithm of zero or of a "
            f"negative number, or of a division by zero: {'; '.join(faults)}.",
            "Define a variable that has a value for every firm, or narrow the subpopulation.",
        )


def _refuse_constant_outcome(y: Floats, wording: Wording) -> None:
    if np.isinf(y).any():
        raise Refusal(
            "outcome_infinite",
            f"{wording.outcome} is infinite for {np.isinf(y).sum()} of {len(y)} firms.",
            "Look for a division by zero or a logarithm of zero in its definition.",
        )
    if y.min() == y.max():
        raise Refusal(
            "outcome_constant",
            f"{wording.outcome} is {y[0]:g} for all {len(y)} firms of the subpopulation, so there "
            "is no variation to explain.",
            "Choose another outcome or widen the subpopulation.",
        )


def _notes(
    eligible: Rows, rows: Rows, dropped: tuple[tuple[str, str], ...], wording: Wording
) -> tuple[str, ...]:
    notes = []
    incomplete = int(eligible.sum() - rows.sum())
    if incomplete:
        notes.append(
            f"Left out because an answer is missing: {incomplete} of {eligible.sum()} firms."
        )
    notes += [f"{wording.term(name)} was dropped: it {why}." for name, why in dropped]
    return tuple(notes)


def refuse_not_binary(sample: Sample, estimator: str) -> None:
    """Refuse a logit or probit of anything but 0 and 1."""
    odd = np.unique(sample.y[(sample.y != 0) & (sample.y != 1)])
    if odd.size:
        values = named([f"{value:g}" for value in odd])
        raise Refusal(
            "outcome_not_binary",
            f"A {estimator} needs an outcome of 0 and 1; {sample.wording.outcome} also has "
            f"the values {values}.",
            "Compare it with a threshold to make it yes or no, or use the linear estimator.",
        )
