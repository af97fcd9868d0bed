"""Fairlie: what differences in characteristics explain of a gap between two shares."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from analysis.estimation.after.two_groups import TwoGroups, two_groups
from analysis.estimation.design import Codes, Rows, named
from analysis.estimation.design_matrix import Column, DesignMatrix, Values, evaluate
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.regression import Model
from analysis.refusals import Refusal

DENSITIES = ("logit", "probit")


@dataclass(frozen=True, slots=True, eq=False)
class FairlieDecomposition:
    """A gap between two shares and what each variable's distribution explains of it.

    Attributes
    ----------
    mean_first, mean_second : shares seen in the groups
    gap : the first less the second
    explained : Estimates of one term, exact, over all firms of both groups
    unexplained : the rest of the gap
    detailed : Estimates by variable, average over draws; they sum to `explained` but for chance
    simulation_error : (variables,) standard error of each average from the finite draws
    """

    mean_first: float
    mean_second: float
    gap: float
    explained: Estimates
    unexplained: float
    detailed: Estimates
    simulation_error: Floats
    draws: int
    order: tuple[str, ...] | Literal["random"]
    notes: tuple[str, ...] = ()


def fairlie(
    *,
    y: Floats,
    X: DesignMatrix,
    group: Floats,
    model: Model,
    domain: Rows,
    order: Sequence[str] | Literal["random"] = "random",
    draws: int = 200,
    seed: int = 0,
    group_term: str | None = None,
    titles: tuple[str, str] = ("the first group", "the second group"),
) -> FairlieDecomposition:
    """Decompose the gap between two groups' shares of y = 1 by a logit or probit.

    Parameters
    ----------
    y : (n,) floats
        0 or 1, NaN missing.
    X : DesignMatrix
        The same n firms; the terms of the model but for the group's.
    group : (n,) floats
        1 for the first group, 0 for the second, NaN for neither.
    model : Model
        The logit or probit whose coefficients value the characteristics: of one group or
        of both together. Standard errors are by its covariance.
    domain : (n,) booleans
        The subpopulation.
    order : "random" or the variables
        In which variables are changed from the first group's values to the second's; at random
        anew in each draw (Fairlie 2017), for the parts depend on it.
    draws : int
        Of matched samples.
    seed : int
        Of the draws.
    group_term : str or None
        Term of the model that says the group; all firms are then taken as of the first.
    titles : two str
        What sentences for people call the groups.

    Raises
    ------
    Refusal
        As `two_groups.two_groups`; ``not_a_share_model``, ``unknown_term``,
        ``order_incomplete``.

    Notes
    -----
    Fairlie (2005). In each draw as many firms of the larger group as the smaller has are
    drawn; with weights, that many of both groups, with replacement and chances as their
    weights (Fairlie 2017). Both are ranked by their predicted probability and paired. A
    variable's part is the fall of the mean probability as its values are changed to the
    pair's. Columns of one variable, such as squares or levels, change together; interactions
    are computed anew. Standard errors hold the characteristics fixed.
    """
    _refuse_other_models(model)
    sides = two_groups(
        y=y,
        X=X,
        group=group,
        design=model.fitted.design,
        domain=domain,
        titles=titles,
        are_both_fitted=False,
    )
    worth = _worth(model, X, group_term)
    variables = _ordered(X, order)
    parts = _Parts(sides, worth, variables, order == "random", np.random.default_rng(seed))
    drawn = [parts.draw() for _ in range(draws)]
    contributions = np.array([values for values, _ in drawn])
    jacobian = np.mean([slopes for _, slopes in drawn], axis=0)
    explained, slope = _explained(sides, worth)
    means = [
        float(np.average(sides.y[rows], weights=sides.weight[rows]))
        for rows in (sides.members(0), sides.members(1))
    ]
    return FairlieDecomposition(
        mean_first=means[0],
        mean_second=means[1],
        gap=means[0] - means[1],
        explained=_estimates(("explained",), np.array([explained]), slope[None, :], model),
        unexplained=means[0] - means[1] - explained,
        detailed=_estimates(variables, contributions.mean(axis=0), jacobian, model),
        simulation_error=_simulation_error(contributions),
        draws=draws,
        order="random" if order == "random" else variables,
        notes=sides.notes,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Worth:
    """The model as a function of the columns.

    Attributes
    ----------
    places : where the model's terms stand among the columns; -1 for the group's
    coefficients : (k,) floats of the model's terms
    is_logit : otherwise a probit
    """

    places: Codes
    coefficients: Floats
    is_logit: bool

    def design(self, X: Floats) -> Floats:
        """(m, k) the model's columns, 1 for the group's."""
        return np.where(self.places < 0, 1.0, X[:, self.places])

    def probability(self, X: Floats) -> Floats:
        index = self.design(X) @ self.coefficients
        result: Floats = special.expit(index) if self.is_logit else special.ndtr(index)
        return result

    def slope(self, X: Floats, weight: Floats) -> Floats:
        """(k,) derivatives of the weighted mean probability."""
        columns = self.design(X)
        index = columns @ self.coefficients
        chance = special.expit(index)
        density = chance * (1 - chance) if self.is_logit else stats.norm.pdf(index)
        result: Floats = (weight * density) @ columns / weight.sum()
        return result


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Draws matched samples and changes variables one after the other."""

    sides: TwoGroups
    worth: _Worth
    variables: tuple[str, ...]
    is_shuffled: bool
    random: np.random.Generator
    reading: dict[str, tuple[list[int], tuple[Column, ...]]] = field(init=False)
    probability: Floats = field(init=False)

    def __post_init__(self) -> None:
        columns = self.sides.matrix.columns
        reading = {}
        for variable in self.variables:
            places = [i for i, column in enumerate(columns) if variable in column.variables]
            reading[variable] = places, tuple(columns[place] for place in places)
        object.__setattr__(self, "reading", reading)
        object.__setattr__(self, "probability", self.worth.probability(self.sides.X))

    def draw(self) -> tuple[Floats, Floats]:
        """(variables,) parts, and their (variables, k) derivatives, of one matched sample."""
        first, second = self._matched()
        values = _values_at(self.sides, first)
        others = _values_at(self.sides, second)
        X, ones = self.sides.X[first].copy(), np.ones(len(first))
        parts = np.empty(len(self.variables))
        slopes = np.empty((len(self.variables), len(self.worth.coefficients)))
        order = np.arange(len(self.variables))
        if self.is_shuffled:
            order = self.random.permutation(order)
        mean, slope = self.worth.probability(X).mean(), self.worth.slope(X, ones)
        for place in order:
            variable = self.variables[place]
            values[variable] = others[variable]
            where, columns = self.reading[variable]
            X[:, where] = evaluate(columns, values, count=len(X))
            after, slope_after = self.worth.probability(X).mean(), self.worth.slope(X, ones)
            parts[place], slopes[place] = mean - after, slope - slope_after
            mean, slope = after, slope_after
        return parts, slopes

    def _matched(self) -> tuple[Codes, Codes]:
        """As many firms of each group, in the order of their predicted probabilities."""
        members = [np.flatnonzero(self.sides.members(position)) for position in (0, 1)]
        size = min(len(each) for each in members)
        weight = self.sides.weight
        is_weighted = bool(np.any(weight != weight[0]))
        pair = []
        for each in members:
            chances = weight[each] / weight[each].sum() if is_weighted else None
            # Without replacement this also puts ties in random order.
            chosen = self.random.choice(each, size, replace=is_weighted, p=chances)
            pair.append(chosen[np.argsort(self.probability[chosen], kind="stable")])
        return pair[0], pair[1]


def _values_at(sides: TwoGroups, places: Codes) -> dict[str, Values]:
    return {name: values[sides.rows][places] for name, values in sides.matrix.variables.items()}


def _worth(model: Model, X: DesignMatrix, group_term: str | None) -> _Worth:
    estimates = model.estimates
    unknown = [term for term in estimates.terms if term not in (*X.names, group_term)]
    if unknown:
        raise Refusal(
            "unknown_term",
            f"The model has terms that the characteristics lack: {named(unknown)}.",
            "Give all columns of the model but the group's.",
        )
    places: npt.NDArray[np.intp] = np.array(
        [-1 if term == group_term else X.names.index(term) for term in estimates.terms]
    )
    return _Worth(places, estimates.coefficients, model.fitted.estimator.name == "logit")


def _ordered(X: DesignMatrix, order: Sequence[str] | Literal["random"]) -> tuple[str, ...]:
    variables = tuple(dict.fromkeys(name for column in X.columns for name in column.variables))
    if order == "random":
        return variables
    if sorted(order) != sorted(variables):
        raise Refusal(
            "order_incomplete",
            f"The order has {named(order)}; the variables are {named(variables)}.",
            "Name every variable once, or leave the order to chance.",
        )
    return tuple(order)


def _explained(sides: TwoGroups, worth: _Worth) -> tuple[float, Floats]:
    """The difference of mean predicted probabilities, and its derivatives."""
    value, slope = 0.0, np.zeros(len(worth.coefficients))
    for sign, rows in ((1, sides.members(0)), (-1, sides.members(1))):
        X, weight = sides.X[rows], sides.weight[rows]
        value += sign * float(np.average(worth.probability(X), weights=weight))
        slope += sign * worth.slope(X, weight)
    return value, slope


def _estimates(terms: tuple[str, ...], values: Floats, jacobian: Floats, model: Model) -> Estimates:
    covariance = jacobian @ model.estimates.covariance @ jacobian.T
    return Estimates(terms, values, covariance, model.estimates.residual_df)


def _simulation_error(contributions: Floats) -> Floats:
    draws = len(contributions)
    if draws < 2:
        return np.full(contributions.shape[1], np.nan)
    result: Floats = contributions.std(axis=0, ddof=1) / np.sqrt(draws)
    return result


def _refuse_other_models(model: Model) -> None:
    if model.fitted.estimator.name not in DENSITIES:
        raise Refusal(
            "not_a_share_model",
            f"Fairlie's decomposition is of a logit or probit; the model is "
            f"{model.fitted.estimator.title.lower()}.",
            "Use Oaxaca-Blinder for an outcome that is linear in its terms.",
        )
