"""Normal linear models drawn from their posterior, and values taken from donors."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from analysis.estimation.estimates import Floats
from analysis.estimation.imputation.regressors import Regressors
from analysis.estimation.labels import Codes

# Prior of the variance between strata, relative to that of firms: one observation of this.
PRIOR_SPREAD = 0.1
# Of the predictions' spread: differences that are rounding.
SAME = 1e-9

Linearized = Callable[[Floats, Floats], Floats]
"""From (d, k) scores and the (k, k) inverse information to the design's (k, k) covariance."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearDraw:
    """One draw.

    Attributes
    ----------
    fitted : (d,) predictions by the estimated coefficients
    predicted : (r,) predictions by the drawn coefficients
    sigma : drawn residual standard deviation
    spread : drawn variance of each group's shrunken coefficients, relative to sigma squared
    """

    fitted: Floats
    predicted: Floats
    sigma: float
    spread: Floats


def linear_draw(
    y: Floats,
    columns: Regressors,
    weight: Floats,
    spread: Floats,
    random: np.random.Generator,
    linearized: Linearized | None = None,
) -> LinearDraw:
    """Coefficients and variance from their posterior under flat priors.

    Rubin (1987, p. 167): sigma squared is the residual sum of squares over a chi-square, then the
    coefficients are normal about least squares. Shrunken coefficients have a normal prior with
    mean zero and variance `spread` times sigma squared. Under weights of mean one the coefficients
    have the covariance `linearized`, and the chi-square the effective number of firms (Kish).
    """
    X, penalty = columns.seen, columns.penalty(spread)
    information = X.T @ (weight[:, None] * X) + np.diag(penalty)
    root = scipy.linalg.cholesky(information, lower=True)
    coefficients = scipy.linalg.cho_solve((root, True), X.T @ (weight * y))
    fitted = X @ coefficients
    residual = y - fitted
    squares = float(weight @ residual**2 + penalty @ coefficients**2)
    effective = weight.sum() ** 2 / float(weight @ weight)
    freedom, plain = max(effective - columns.free, 1.0), max(len(y) - columns.free, 1)
    sigma = float(np.sqrt(squares * freedom / plain / random.chisquare(freedom)))
    noise = random.standard_normal(len(coefficients))
    if linearized is None:
        away = sigma * scipy.linalg.solve_triangular(root.T, noise, lower=False)
    else:
        inverse = scipy.linalg.cho_solve((root, True), np.eye(len(root)))
        away = square_root(linearized(X * residual[:, None], inverse)) @ noise
    drawn = coefficients + away
    return LinearDraw(
        fitted=fitted,
        predicted=columns.unseen @ drawn,
        sigma=sigma,
        spread=np.array(
            [drawn_spread(drawn[group] / (sigma or 1.0), random) for group in columns.groups]
        ),
    )


def drawn_spread(effects: Floats, random: np.random.Generator) -> float:
    """A variance from its posterior, given effects that have it."""
    freedom = effects.size + 1
    return float((PRIOR_SPREAD + np.sum(effects**2)) / random.chisquare(freedom))


def square_root(covariance: Floats) -> Floats:
    """(k, k) whose product with its transpose is the covariance, be it singular."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    result: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return result


def matched(
    fitted: Floats,
    predicted: Floats,
    count: int,
    weight: Floats,
    random: np.random.Generator,
) -> Codes:
    """(r,) positions of donors, one of the `count` whose predictions are nearest to each.

    Type 1 matching of van Buuren (2018, section 3.4). Donors of one prediction are equally
    near, and which of them counts is drawn for each row anew. Under weights a donor's chance is
    in proportion to its weight.
    """
    step = SAME * (float(fitted.std()) or 1.0)
    rounded = np.round(fitted / step)
    order = np.argsort(rounded, kind="stable")
    line, heavy = rounded[order], weight[order]
    wanted = predicted / step
    width = min(2 * count, len(line))
    first = np.clip(np.searchsorted(line, wanted) - count, 0, len(line) - width)
    window = first[:, None] + np.arange(width)
    distance = np.abs(line[window] - wanted[:, None])
    near = np.argpartition(distance, count - 1, axis=1)[:, :count] if count < width else None
    candidates = window if near is None else np.take_along_axis(window, near, axis=1)
    chances = np.cumsum(heavy[candidates], axis=1)
    aim = random.random(len(wanted)) * chances[:, -1]
    place = np.minimum((chances <= aim[:, None]).sum(axis=1), count - 1)
    value = line[candidates[np.arange(len(wanted)), place]]
    return order[_among_equals(line, heavy, value, random)]


def _among_equals(line: Floats, heavy: Floats, value: Floats, random: np.random.Generator) -> Codes:
    """Positions in the sorted line, drawn by weight among those of the value."""
    total = np.concatenate([[0.0], np.cumsum(heavy)])
    start = np.searchsorted(line, value, side="left")
    end = np.searchsorted(line, value, side="right")
    aim = total[start] + random.random(len(value)) * (total[end] - total[start])
    drawn = np.searchsorted(total, aim, side="right") - 1
    result: Codes = np.clip(drawn, start, end - 1)
    return result
