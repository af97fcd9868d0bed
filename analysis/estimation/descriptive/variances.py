"""Variances, standard deviations, covariances and correlations in the population."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, Unpack

import numpy as np

from analysis.estimation.descriptive.description import Description, described
from analysis.estimation.descriptive.groups import Group
from analysis.estimation.descriptive.intervals import fisher_interval
from analysis.estimation.descriptive.scope import Scope, inside, numbers, setting
from analysis.estimation.descriptive.statistic import Part
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

Spread = Literal["variance", "standard_deviation"]


def variances(y: Any, **scope: Unpack[Scope]) -> Description:
    """Variance of y in the population: n/(n - 1) sum of w (y - mean)^2 / sum of w.

    Parameters
    ----------
    y : (n,) floats
        NaN missing

    Raises
    ------
    Refusal
        ``outcome_constant`` and those of `totals`.
    """
    return _spread("variance", y, scope)


def standard_deviations(y: Any, **scope: Unpack[Scope]) -> Description:
    """Square roots of `variances`, by the delta method."""
    return _spread("standard_deviation", y, scope)


def covariances(variables: Mapping[str, Any], **scope: Unpack[Scope]) -> Description:
    """Variances and covariances of several variables in the population.

    Parameters
    ----------
    variables
        name to (n,) floats; a firm counts if it has them all

    Returns
    -------
    Description with the terms ``covariance[a, a]``, ``covariance[a, b]``, ... of the upper
    triangle by rows
    """
    return _products("covariance", variables, scope)


def correlations(variables: Mapping[str, Any], **scope: Unpack[Scope]) -> Description:
    """Correlations of several variables, with intervals in Fisher's z.

    Parameters as of `covariances`; terms ``correlation[a, b]`` above the diagonal.
    """
    description = _products("correlation", variables, scope)
    estimates = description.estimates
    with np.errstate(divide="ignore", invalid="ignore"):
        limits = fisher_interval(
            estimates.coefficients,
            estimates.std_errors,
            description.degrees_of_freedom,
            description.level,
        )
    return replace(description, interval="fisher_z", intervals=limits)


def _spread(statistic: Spread, y: Any, scope: Scope) -> Description:
    asked, y = setting(scope), numbers(y)
    found = asked.answers({"y": y})
    parts = []
    for group in found.groups:
        part = _moments({asked.word("y"): y}, group, asked.design.weight)
        part = replace(part, terms=(group.term(statistic),))
        parts.append(part if statistic == "variance" else _rooted(part, asked.design.weight))
    return described(statistic, parts, asked, found.notes)


def _rooted(part: Part, weight: Floats) -> Part:
    deviation = np.sqrt(part.values(weight)[0, 0])
    return replace(
        part,
        function=lambda sums: np.sqrt(part.function(sums)),
        jacobian=part.jacobian / (2 * deviation),
    )


def _products(statistic: str, variables: Mapping[str, Any], scope: Scope) -> Description:
    asked = setting(scope)
    values = {name: numbers(given) for name, given in variables.items()}
    if len(values) < 2:
        raise Refusal(
            "too_few_variables", f"A {statistic} is of two variables or more.", "Name another."
        )
    found = asked.answers(values)
    parts = []
    for group in found.groups:
        part = _moments(values, group, asked.design.weight)
        if statistic == "correlation":
            part = _correlated(part, tuple(values), group, asked.design.weight)
        parts.append(part)
    return described(statistic, parts, asked, found.notes)


def _moments(values: Mapping[str, Floats], group: Group, weight: Floats) -> Part:
    """The covariances of the upper triangle, by rows, as functions of sums about the means."""
    names, v, w = tuple(values), len(values), weight[group.rows]
    centred = np.column_stack(
        [inside(y - w @ y[group.rows] / w.sum(), group) for y in values.values()]
    )
    _refuse_constant(values, group)
    left, right = np.triu_indices(v)
    products = centred[:, left] * centred[:, right]
    correction = group.rows.sum() / (group.rows.sum() - 1)

    def covariance(sums: Floats) -> Floats:
        means = sums[:, :v] / sums[:, -1:]
        raw = sums[:, v:-1] / sums[:, -1:]
        result: Floats = correction * (raw - means[:, left] * means[:, right])
        return result

    size, k = w.sum(), len(left)
    # The sums of the centred variables are 0, and so are the derivatives by them.
    jacobian = (
        correction
        / size
        * np.hstack([np.zeros((k, v)), np.eye(k), -(weight @ products)[:, None] / size])
    )
    return Part(
        terms=tuple(
            group.term("covariance", f"{names[a]}, {names[b]}")
            for a, b in zip(left, right, strict=True)
        ),
        rows=group.rows,
        columns=np.column_stack([centred, products, group.rows]),
        function=covariance,
        jacobian=jacobian,
    )


def _correlated(part: Part, names: tuple[str, ...], group: Group, weight: Floats) -> Part:
    """The correlations that the covariances of a part give."""
    left, right = np.triu_indices(len(names))
    across = np.flatnonzero(left != right)
    place = {(a, b): position for position, (a, b) in enumerate(zip(left, right, strict=True))}
    first = np.array([place[a, a] for a in left[across]])
    second = np.array([place[b, b] for b in right[across]])

    def correlation(sums: Floats) -> Floats:
        covariance = part.function(sums)
        spread = np.sqrt(covariance[:, first] * covariance[:, second])
        result: Floats = covariance[:, across] / spread
        return result

    covariance = part.values(weight)[0]
    spread = np.sqrt(covariance[first] * covariance[second])
    r = covariance[across] / spread
    slope = np.zeros((len(across), len(left)))
    line = np.arange(len(across))
    slope[line, across] = 1 / spread
    slope[line, first] = -r / (2 * covariance[first])
    slope[line, second] = -r / (2 * covariance[second])
    return replace(
        part,
        terms=tuple(
            group.term("correlation", f"{names[a]}, {names[b]}")
            for a, b in zip(left[across], right[across], strict=True)
        ),
        function=correlation,
        jacobian=slope @ part.jacobian,
    )


def _refuse_constant(values: Mapping[str, Floats], group: Group) -> None:
    for name, y in values.items():
        answered = y[group.rows]
        if answered.min() == answered.max():
            raise Refusal(
                "outcome_constant",
                f"{name} is {answered[0]:g} for all {len(answered)} firms of {group.called}, so "
                "there is no variation to describe.",
                "Choose another variable or widen the subpopulation.",
            )
