"""What a model says in units of the outcome: marginal effects, contrasts, elasticities, curves.

Every model has linear predictors and predicts something from them (`Solution.predictions`), so
one delta method serves all: averages over the firms of the sample, under their weights, with
the analytic Jacobian J by the coefficients and the covariance ``J V J'`` under whichever
covariance V was asked for. Covariates are taken as they are in the sample.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from analysis.estimation.blocks import Block
from analysis.estimation.counterfactual import (
    Setting,
    base_in_sample,
    checked,
    columns_at,
    constant,
    written,
)
from analysis.estimation.curvature import bent, refuse_not_positive
from analysis.estimation.design import Rows
from analysis.estimation.design_matrix import Kind, Values, derivative, evaluate
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Prediction, Solution
from analysis.refusals import Refusal

Slope = Literal["dydx", "eyex", "eydx", "dyex"]


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """One average effect: its name, value, and derivative by the k working coefficients."""

    term: str
    value: float
    gradient: Floats


@dataclass(frozen=True, eq=False)
class Margins:
    """The firms that effects are averaged over, and the model that predicts for them.

    Attributes
    ----------
    solution, sample : the model and its firms
    covariance : (k, k) floats, of the working coefficients
    residual_df : degrees of freedom of t
    prediction : what is predicted; None takes the first of the solution's
    """

    solution: Solution
    sample: Sample
    covariance: Floats
    residual_df: float
    prediction: str | None = None

    @cached_property
    def chosen(self) -> Prediction:
        """Raises: Refusal ``unknown_prediction``."""
        predictions = self.solution.predictions
        name = self.prediction or next(iter(predictions), "")
        if name not in predictions:
            raise Refusal(
                "unknown_prediction",
                f"The model does not predict {name!r}.",
                f"It predicts {', '.join(predictions) or 'nothing beyond its coefficients'}.",
            )
        return predictions[name]

    @cached_property
    def rows(self) -> Rows:
        """(m,) firms of which every variable of every equation is known."""
        known = np.ones(len(self.sample.weight), dtype=bool)
        for name in self._names:
            known &= ~np.asarray(pd.isna(self.sample.variables[name]))
        return known

    @cached_property
    def _names(self) -> tuple[str, ...]:
        names = (
            name
            for block in self.solution.blocks
            for column in block.columns
            for name in column.variables
        )
        return tuple(dict.fromkeys(names))

    @cached_property
    def variables(self) -> dict[str, Values]:
        """The variables of the firms that count, in the order in which the model reads them."""
        if self.rows.all():
            return {name: self.sample.variables[name] for name in self._names}
        return {name: self.sample.variables[name][self.rows] for name in self._names}

    @cached_property
    def share(self) -> Floats:
        """Weights of the firms that count, summing to one."""
        weight = self.sample.weight[self.rows]
        result: Floats = weight / weight.sum()
        return result

    def kind(self, variable: str) -> Kind:
        return self.sample.kinds[variable]

    @cached_property
    def _beta(self) -> tuple[Floats, ...]:
        """Coefficients of the columns, block by block."""
        parts = zip(self.solution.blocks, self.solution.slices, strict=True)
        return tuple(block.back @ self.solution.coefficients[place] for block, place in parts)

    def matrices(self, settings: Mapping[str, Setting]) -> list[Floats]:
        """Each block's columns if the variables had the given values."""
        if not settings and self.rows.all():
            return [block.X for block in self.solution.blocks]
        if not settings:
            return self._as_they_are
        held = {name: constant(value, self.kind(name), 1) for name, value in settings.items()}
        parts = zip(self.solution.blocks, self._as_they_are, strict=True)
        return [columns_at(block, X, held, self.variables) for block, X in parts]

    @cached_property
    def _as_they_are(self) -> list[Floats]:
        return [self._evaluated(block) for block in self.solution.blocks]

    def _evaluated(self, block: Block) -> Floats:
        """The block's columns; those that read no variable, as effects of waves, as they are."""
        X = evaluate(block.columns, self.variables, count=len(self.share))
        for place, column in enumerate(block.columns):
            if not column.factors:
                X[:, place] = block.X[self.rows, place]
        return X

    def predictors(self, matrices: Sequence[Floats]) -> Floats:
        """(M, m) linear predictors."""
        return np.vstack([X @ beta for X, beta in zip(matrices, self._beta, strict=True)])

    def gradient(self, by_predictor: Floats, matrices: Sequence[Floats]) -> Floats:
        """(k,) sums over firms of the (M, m) given times the blocks' columns."""
        parts = zip(by_predictor, matrices, self.solution.blocks, strict=True)
        return np.concatenate([(row @ X) @ block.back for row, X, block in parts])

    def average(self, term: str, settings: Mapping[str, Setting]) -> Effect:
        """The average prediction if the variables had the given values."""
        matrices = self.matrices(settings)
        curve = self.chosen.curve(self.predictors(matrices))
        return Effect(
            term, float(self.share @ curve.value), self.gradient(self.share * curve.slope, matrices)
        )

    def estimates(self, effects: Sequence[Effect]) -> Estimates:
        """Effects with their joint covariance."""
        jacobian = np.vstack([effect.gradient for effect in effects])
        return Estimates(
            terms=tuple(effect.term for effect in effects),
            coefficients=np.array([effect.value for effect in effects]),
            covariance=jacobian @ self.covariance @ jacobian.T,
            residual_df=self.residual_df,
        )


def average_marginal_effects(margins: Margins) -> Estimates | None:
    """Each variable's effect, averaged over the firms.

    A continuous variable: the total derivative of the prediction, through every column of
    every equation that reads the variable. A binary variable: the change from 0 to 1. A
    category: the change from its base to each level, named ``variable[level]``. None if the
    model has no variables, or predicts nothing.
    """
    if not margins.solution.predictions:
        return None
    # A variable of another equation may have no part in what is predicted.
    effects = tuple(effect for effect in _effects(margins) if np.any(effect.gradient != 0))
    return margins.estimates(effects) if effects else None


def elasticities(margins: Margins, kind: Slope = "eyex") -> Estimates:
    """Average elasticities of the continuous variables.

    ``eyex``: per cent by per cent; ``eydx``: share by unit; ``dyex``: unit by share.

    Raises: Refusal ``no_continuous_variable``; ``prediction_not_positive`` where a share of
    something that may be zero or negative would be formed.
    """
    effects = [
        _slope(name, margins, kind)
        for name in margins.variables
        if margins.kind(name) == "continuous"
    ]
    if not effects:
        raise Refusal(
            "no_continuous_variable",
            "The model has no continuous variable, so there is nothing to take an elasticity by.",
            "Ask for average marginal effects.",
        )
    return margins.estimates(effects)


def marginal_effects_at(margins: Margins, at: Mapping[str, Setting]) -> Estimates:
    """Marginal effects with some variables held at the given values, the others as they are.

    Raises: Refusal ``unknown_variable``, ``unknown_level``, ``not_binary_value``,
    ``not_a_number``, ``term_undefined``, ``no_variables``.
    """
    at = _settings(margins, at)
    effects = tuple(_effects(margins, at))
    if not effects:
        raise Refusal("no_variables", "Every variable of the model is held.", "Hold fewer.")
    return margins.estimates(effects)


def at_means(margins: Margins) -> dict[str, Setting]:
    """Values of the typical firm: means of numbers, under the weights; commonest categories."""
    typical: dict[str, Setting] = {}
    for name, values in margins.variables.items():
        if margins.kind(name) == "category":
            levels, codes = np.unique(values.astype(str), return_inverse=True)
            typical[name] = str(levels[np.argmax(np.bincount(codes, margins.share))])
        else:
            typical[name] = float(margins.share @ values)
    return typical


def average_predictions(
    margins: Margins, variable: str, values: Sequence[Setting], at: Mapping[str, Setting] = {}
) -> Estimates:
    """The average prediction if every firm had each of the values: a curve with its band.

    Raises: Refusal as of `marginal_effects_at`.
    """
    settings = [_settings(margins, {**at, variable: value}) for value in values]
    return margins.estimates(
        [
            margins.average(f"{variable} = {written(setting[variable])}", setting)
            for setting in settings
        ]
    )


def contrast(
    margins: Margins, variable: str, low: Setting, high: Setting, at: Mapping[str, Setting] = {}
) -> Estimates:
    """The average change of the prediction as the variable goes from one value to another.

    Raises: Refusal as of `marginal_effects_at`.
    """
    settings = [_settings(margins, {**at, variable: value}) for value in (low, high)]
    before, after = (setting[variable] for setting in settings)
    term = f"{variable}: {written(before)} to {written(after)}"
    start, end = (margins.average(term, setting) for setting in settings)
    return margins.estimates([_change(term, start, end)])


def _settings(margins: Margins, at: Mapping[str, Setting]) -> dict[str, Setting]:
    return checked(at, margins.sample.kinds, margins.variables, margins.share)


def _effects(margins: Margins, at: Mapping[str, Setting] = {}) -> Iterator[Effect]:
    for variable in margins.variables:
        if variable in at and margins.kind(variable) != "continuous":
            continue
        match margins.kind(variable):
            case "continuous":
                yield _slope(variable, margins, "dydx", at)
            case "binary":
                low, high = (
                    margins.average(variable, {**at, variable: value}) for value in (0.0, 1.0)
                )
                yield _change(variable, low, high)
            case _:
                yield from _levels(variable, margins, at)


def _levels(variable: str, margins: Margins, at: Mapping[str, Setting]) -> Iterator[Effect]:
    """From the base of a category to each other level that has a column."""
    levels = dict.fromkeys(
        factor.level
        for block in margins.solution.blocks
        for column in block.columns
        for factor in column.factors
        if factor.variable == variable
    )
    if not levels:
        return
    declared = margins.sample.bases.get(variable)
    base = base_in_sample(variable, declared, levels, margins.variables[variable])
    low = margins.average(variable, {**at, variable: base})
    for level in levels:
        if level != base:
            term = f"{variable}[{level}]"
            yield _change(term, low, margins.average(term, {**at, variable: level}))


def _change(term: str, low: Effect, high: Effect) -> Effect:
    return Effect(term, high.value - low.value, high.gradient - low.gradient)


def _slope(variable: str, margins: Margins, kind: Slope, at: Mapping[str, Setting] = {}) -> Effect:
    matrices = margins.matrices(at)
    count = len(margins.share)
    values = margins.variables | {
        name: constant(value, margins.kind(name), count) for name, value in at.items()
    }
    turning = [
        derivative(block.columns, values, variable, count=count)
        for block in margins.solution.blocks
    ]
    eta, delta = margins.predictors(matrices), margins.predictors(turning)
    curve = margins.chosen.curve(eta)
    steepness = np.einsum("ij,ij->j", curve.slope, delta)
    turned = bent(curve, margins.chosen, eta, delta)
    factor = np.asarray(values[variable], dtype=float) if kind in ("eyex", "dyex") else 1.0
    by_eta = factor * turned
    if kind in ("eyex", "eydx"):
        refuse_not_positive(curve.value)
        factor = factor / curve.value
        by_eta = factor * (turned - steepness * curve.slope / curve.value)
    gradient = margins.gradient(margins.share * by_eta, matrices)
    gradient += margins.gradient(margins.share * factor * curve.slope, turning)
    return Effect(variable, float(margins.share @ (factor * steepness)), gradient)
