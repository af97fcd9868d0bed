"""The firms of a model, fitted again with other regressors, outcomes or weights."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.design_matrix import (
    INTERCEPT,
    Column,
    DesignMatrix,
    Factor,
    Kind,
    Values,
    design_matrix,
)
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model, estimate


def with_variables(
    model: Model, extra: Mapping[str, Floats], *, keeps_terms: bool = True
) -> DesignMatrix:
    """The model's columns and one for each of the (m,) variables, or these alone."""
    sample = model.fitted.sample
    rows = sample.rows
    columns = list(sample.columns) if keeps_terms else [Column(INTERCEPT)]
    used = [name for column in columns for name in column.variables]
    variables: dict[str, Values] = {name: _scattered(sample.variables[name], rows) for name in used}
    kinds: dict[str, Kind] = {name: sample.kinds[name] for name in used}
    bases = {name: base for name, base in sample.bases.items() if name in variables}
    for name, values in extra.items():
        columns.append(Column(name, (Factor(name),)))
        variables[name] = _scattered(values, rows)
        kinds[name] = "continuous"
    return design_matrix(columns, variables, kinds, bases, count=len(rows))


def refitted_with(
    model: Model,
    matrix: DesignMatrix,
    *,
    y: Floats | None = None,
    estimator: str | None = None,
    covariance: Covariance | None = None,
    design: SurveyDesign | None = None,
) -> Model:
    """The same firms under other regressors; `y` is (m,). What is not given stays as it was."""
    fitted = model.fitted
    sample = fitted.sample
    return estimate(
        y=_scattered(sample.y if y is None else y, sample.rows),
        X=matrix,
        estimator=estimator or fitted.estimator.name,
        covariance=covariance or model.covariance_type,
        design=design or fitted.design,
        domain=sample.rows,
        outcome=sample.wording.outcome,
        labels=sample.wording.labels,
        parts=_parts(model, labels_only=y is not None),
    )


def _parts(model: Model, *, labels_only: bool) -> Parts:
    sample = model.fitted.sample
    labels = {name: _scattered(each, sample.rows) for name, each in sample.labels.items()}
    if labels_only:
        return Parts(labels=labels)
    return Parts(
        outcomes={name: _scattered(each, sample.rows) for name, each in sample.outcomes.items()},
        labels=labels,
        numbers=sample.numbers,
        words=sample.words,
    )


def _scattered(values: npt.NDArray[Any], rows: Rows) -> npt.NDArray[Any]:
    """(n,) values of the m firms, missing elsewhere."""
    if values.dtype.kind in "biuf":
        numbers = np.full(len(rows), np.nan)
        numbers[rows] = values
        return numbers
    objects = np.full(len(rows), None, dtype=object)
    objects[rows] = values
    return objects
