"""Logit, ordered and multinomial logit models drawn from their posterior, and levels from them.

The likelihoods are those of `analysis.estimation.likelihood`; a logit is the multinomial logit of
two levels. What differs is that coefficients may have a prior, and that perfect prediction is
answered by a few made rows instead of a refusal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import scipy.linalg
from scipy import special

from analysis.estimation.estimates import Floats
from analysis.estimation.imputation.linear import Linearized, drawn_spread, square_root
from analysis.estimation.imputation.regressors import Regressors
from analysis.estimation.labels import Codes
from analysis.estimation.likelihood.engine import Derivatives
from analysis.estimation.likelihood.multinomial import multinomial_derivatives
from analysis.estimation.likelihood.ordered import ordered_derivatives
from analysis.refusals import Refusal

# Newton steps; a summit that is not reached by then recedes without end.
STEPS = 25
HALVINGS = 40
# Newton's decrement, in standard errors, at which the summit is reached.
DECREMENT = 1e-8
# Of the scaled information: below it the likelihood does not curve.
FLAT = 1e-12
# Of a log-likelihood: what rounding alone may take away from one step to the next.
LEVEL = 1e-12
# Levels of a logit.
TWO = 2
# Made rows lie half a standard deviation to either side of the mean.
ASIDE = 0.5

Shape = Literal["ordered", "multinomial"]


@dataclass(frozen=True, slots=True, eq=False)
class Summit:
    """Where the penalised likelihood is highest.

    Attributes
    ----------
    coefficients : (K,) floats, of each linear predictor one after the other
    root : (K, K) floats, lower Cholesky factor of the penalised information
    scores : (rows, K) floats before weighting, without the penalty
    """

    coefficients: Floats
    root: Floats
    scores: Floats

    @property
    def inverse(self) -> Floats:
        result: Floats = scipy.linalg.cho_solve((self.root, True), np.eye(len(self.root)))
        return result


@dataclass(frozen=True, slots=True, eq=False)
class LevelDraw:
    """One draw.

    Attributes
    ----------
    codes : (r,) imputed levels, from 0
    start : (K,) estimated coefficients, near those of the next step; None after augmenting
    spread : drawn variance of each group's shrunken coefficients
    is_augmented : whether made rows were needed
    """

    codes: Codes
    start: Floats | None
    spread: Floats
    is_augmented: bool


@dataclass(frozen=True, slots=True, eq=False)
class LevelModel:
    """Rows, levels and priors of one fit."""

    shape: Shape
    X: Floats
    codes: Codes
    weight: Floats
    count: int
    penalty: Floats

    @property
    def designs(self) -> tuple[Floats, ...]:
        if self.shape == "multinomial":
            return (self.X,) * (self.count - 1)
        return (self.X, *(np.ones((len(self.X), 1)) for _ in range(self.count - 2)))

    @property
    def derivatives(self) -> Callable[[Floats], Derivatives]:
        if self.shape == "multinomial" and self.count == TWO:
            return partial(logit_derivatives, self.codes)
        if self.shape == "multinomial":
            return partial(multinomial_derivatives, self.codes)
        return partial(ordered_derivatives, "logit", self.codes)

    @property
    def penalties(self) -> Floats:
        if self.shape == "multinomial":
            return np.tile(self.penalty, self.count - 1)
        return np.concatenate([self.penalty, np.zeros(self.count - 2)])

    @property
    def start(self) -> Floats:
        """The model of levels alone."""
        share = np.bincount(self.codes, self.weight, self.count) / self.weight.sum()
        k = self.X.shape[1]
        if self.shape == "multinomial":
            start = np.zeros((self.count - 1, k))
            start[:, 0] = np.log(share[1:] / share[0])
            return start.ravel()
        cuts = special.logit(np.cumsum(share)[:-1])
        return np.concatenate([[-cuts[0]], np.zeros(k - 1), cuts[1:] - cuts[0]])


def logit_derivatives(codes: Codes, eta: Floats) -> Derivatives:
    """`multinomial_derivatives` of two levels, at a third of its cost."""
    p = special.expit(eta)
    return Derivatives(
        log_density=special.log_expit(np.where(codes == 1, eta[0], -eta[0])),
        gradient=codes - p,
        hessian=(p * (p - 1))[None],
    )


def level_draw(
    shape: Shape,
    codes: Codes,
    count: int,
    columns: Regressors,
    weight: Floats,
    spread: Floats,
    random: np.random.Generator,
    *,
    name: str,
    start: Floats | None = None,
    is_augmented: bool = False,
    linearized: Linearized | None = None,
) -> LevelDraw:
    """Coefficients from the normal approximation of their posterior, then levels from them.

    Differences of thresholds are drawn on the scale of their logarithms, so that thresholds stay
    in order.

    Raises: Refusal ``no_convergence``, naming the variable, if no summit is found even with made
    rows.
    """
    model = LevelModel(shape, columns.seen, codes, weight, count, columns.penalty(spread))
    found = None
    if not is_augmented:
        found = summit(model, start) or (None if start is None else summit(model, None))
    if found is None:
        is_augmented = True
        found = summit(augmented(model, columns.free), None)
    if found is None:
        raise Refusal(
            "no_convergence",
            f"The model that is to impute '{name}' did not converge.",
            "Name fewer predictors for it, or join levels that few firms have.",
        )
    noise = random.standard_normal(len(found.coefficients))
    if linearized is None:
        away = scipy.linalg.solve_triangular(found.root.T, noise, lower=False)
    else:
        away = square_root(linearized(found.scores[: len(codes)], found.inverse)) @ noise
    k = columns.seen.shape[1]
    drawn = _moved(shape, found.coefficients, away, k)
    slopes = drawn[: k * (count - 1)].reshape(-1, k) if shape == "multinomial" else drawn[None, :k]
    cumulative = _cumulative(shape, columns.unseen, drawn, k)
    aim = random.random(len(cumulative))
    return LevelDraw(
        codes=(cumulative[:, :-1] < aim[:, None]).sum(axis=1),
        start=None if is_augmented else found.coefficients,
        spread=np.array([drawn_spread(slopes[:, group], random) for group in columns.groups]),
        is_augmented=is_augmented,
    )


def summit(model: LevelModel, start: Floats | None) -> Summit | None:
    """The highest point of the penalised likelihood, or None if it recedes without end."""
    blocks, derivatives, penalty = model.designs, model.derivatives, model.penalties
    coefficients = model.start if start is None or len(start) != len(penalty) else start
    with np.errstate(all="ignore"):
        here = derivatives(_predictors(blocks, coefficients))
        for _ in range(STEPS):
            gradient = _gradient(blocks, here, model.weight) - penalty * coefficients
            information = _information(blocks, here, model.weight) + np.diag(penalty)
            root = _root(information)
            if root is None:
                return None
            step = scipy.linalg.cho_solve((root, True), gradient)
            if float(gradient @ step) < DECREMENT**2:
                return Summit(coefficients, root, _scores(blocks, here))
            coefficients, here = _climbed(model, coefficients, step, here)
    return None


def _climbed(
    model: LevelModel, coefficients: Floats, step: Floats, here: Derivatives
) -> tuple[Floats, Derivatives]:
    """A step on, halved until it does not lead down; none if every one would."""
    height = _height(here, coefficients, model.weight, model.penalties)
    for _ in range(HALVINGS):
        ahead = model.derivatives(_predictors(model.designs, coefficients + step))
        reached = _height(ahead, coefficients + step, model.weight, model.penalties)
        if reached >= height - LEVEL * abs(height):
            return coefficients + step, ahead
        step = step / 2
    return coefficients, here


def _predictors(blocks: tuple[Floats, ...], coefficients: Floats) -> Floats:
    ends = np.cumsum([0, *(each.shape[1] for each in blocks)])
    return np.stack(
        [
            each @ coefficients[start:end]
            for each, start, end in zip(blocks, ends[:-1], ends[1:], strict=True)
        ]
    )


def _height(here: Derivatives, coefficients: Floats, weight: Floats, penalty: Floats) -> float:
    height = float(weight @ here.log_density - penalty @ coefficients**2 / 2)
    return height if np.isfinite(height) else -np.inf


def _gradient(blocks: tuple[Floats, ...], here: Derivatives, weight: Floats) -> Floats:
    return np.concatenate(
        [each.T @ (weight * part) for each, part in zip(blocks, here.gradient, strict=True)]
    )


def _scores(blocks: tuple[Floats, ...], here: Derivatives) -> Floats:
    return np.hstack(
        [each * part[:, None] for each, part in zip(blocks, here.gradient, strict=True)]
    )


def _information(blocks: tuple[Floats, ...], here: Derivatives, weight: Floats) -> Floats:
    rows = [
        [one.T @ ((-weight * here.hessian[i, j])[:, None] * blocks[j]) for j in range(len(blocks))]
        for i, one in enumerate(blocks)
    ]
    return np.block(rows)


def _root(information: Floats) -> Floats | None:
    """Lower Cholesky factor, or None where the likelihood does not plainly curve down."""
    scale = np.sqrt(np.diag(information))
    root, fault = scipy.linalg.lapack.dpotrf(information / np.outer(scale, scale), lower=1, clean=1)
    if fault or not np.diag(root).min() ** 2 > FLAT:
        return None
    result: Floats = scale[:, None] * root
    return result


def augmented(model: LevelModel, free: int) -> LevelModel:
    """The rows, and for each level two more on either side of the mean of each free column.

    White, Daniel & Royston (2010), as in R's mice: together they weigh as much as there are
    free coefficients.
    """
    p = free - 1
    aside = np.zeros((2 * p, model.X.shape[1]))
    aside[:, 0] = 1.0
    aside[:, free:] = model.X[:, free:].mean(axis=0)
    for column in range(1, free):
        values = model.X[:, column]
        bounds = np.clip([-ASIDE, ASIDE], values.min(), values.max())
        aside[2 * column - 2 : 2 * column, column] = bounds
    made = np.tile(aside, (model.count, 1))
    return LevelModel(
        model.shape,
        np.vstack([model.X, made]),
        np.concatenate([model.codes, np.repeat(np.arange(model.count), 2 * p)]),
        np.concatenate([model.weight, np.full(len(made), (p + 1) / max(len(made), 1))]),
        model.count,
        model.penalty,
    )


def _moved(shape: Shape, coefficients: Floats, away: Floats, k: int) -> Floats:
    if shape == "multinomial" or len(coefficients) == k:
        return coefficients + away
    gaps = np.diff(coefficients[k:], prepend=0.0)
    drawn = gaps * np.exp(np.diff(away[k:], prepend=0.0) / gaps)
    return np.concatenate([coefficients[:k] + away[:k], np.cumsum(drawn)])


def _cumulative(shape: Shape, X: Floats, drawn: Floats, k: int) -> Floats:
    """(r, L) probabilities of each level or a lower one."""
    if shape == "multinomial":
        index = X @ drawn.reshape(-1, k).T
        every = np.column_stack([np.zeros(len(X)), index])
        result: Floats = np.cumsum(special.softmax(every, axis=1), axis=1)
        return result
    cuts = np.concatenate([[0.0], drawn[k:]])
    below = special.expit(cuts - (X @ drawn[:k])[:, None])
    return np.column_stack([below, np.ones(len(X))])
