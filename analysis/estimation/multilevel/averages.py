"""Probabilities averaged over regions: the logistic function integrated over a normal."""

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.solution import Curve, Prediction

# Half-width of the grid in standard deviations: beyond it lie 1e-17 of the normal.
REACH = 8.5
# Steps of the grid: the trapezoidal rule then errs by exp(-39), the poles of the logistic
# function standing pi over the spread from the line.
STEP = 0.5
# Firms at a time, so that what is integrated stays in the processor's cache.
AT_A_TIME = 4096


def population_averaged(eta: Floats) -> Curve:
    """The share of all regions' firms: E logistic(eta_0 + s v), v standard normal.

    s squared is the sum of squares of the other linear predictors t_k. With the derivatives
    f', f'', ... of the logistic function integrated likewise, Stein's identity gives

        d/d eta = E f', d/d t_k = t_k E f'',
        d2/d eta2 = E f'', d2/d eta d t_k = t_k E f''',
        d2/d t_k d t_l = [k = l] E f'' + t_k t_l E f''''.
    """
    spread = np.sqrt((eta[1:] ** 2).sum(axis=0))
    levels = _integrated(eta[0], spread)
    t = eta[1:]
    slope = np.vstack([levels[1][None], t * levels[2]])
    bend = np.empty((len(eta), *eta.shape))
    bend[0, 0] = levels[2]
    bend[0, 1:] = bend[1:, 0] = t * levels[3]
    bend[1:, 1:] = t[:, None] * t[None] * levels[4] + np.eye(len(t))[:, :, None] * levels[2]
    return Curve(levels[0], slope, bend)


def typical(eta: Floats) -> Curve:
    """The probability in a region with an effect of zero."""
    levels = _derivatives(eta[0])
    slope, bend = np.zeros_like(eta), np.zeros((len(eta), *eta.shape))
    slope[0], bend[0, 0] = levels[1], levels[2]
    return Curve(levels[0], slope, bend)


def predictor(eta: Floats) -> Curve:
    """The linear predictor in a region with an effect of zero."""
    slope = np.zeros_like(eta)
    slope[0] = 1.0
    return Curve(eta[0], slope, np.zeros((len(eta), *eta.shape)))


def _integrated(centre: Floats, spread: Floats) -> Floats:
    """(5, m) the logistic function and four derivatives, averaged over a normal."""
    widest = float(spread.max(initial=0.0))
    if widest == 0:
        return _derivatives(centre)
    step = min(STEP, STEP / widest)
    count = int(np.ceil(REACH / step))
    points = step * np.arange(-count, count + 1)
    weights = np.exp(-(points**2) / 2)
    weights /= weights.sum()
    result = np.empty((5, len(centre)))
    for start in range(0, len(centre), AT_A_TIME):
        part = slice(start, start + AT_A_TIME)
        values = _derivatives(centre[part, None] + spread[part, None] * points)
        result[:, part] = values @ weights
    return result


def _derivatives(eta: Floats) -> Floats:
    """The logistic function p and its first four derivatives."""
    small = np.exp(-np.abs(eta))
    p = np.where(eta > 0, 1, small) / (1 + small)
    first = small / (1 + small) ** 2
    apart = 1 - 2 * p
    return np.stack(
        [
            p,
            first,
            first * apart,
            first * (1 - 6 * first),
            first * apart * (1 - 12 * first),
        ]
    )


PREDICTIONS = {
    name: Prediction(name, title, curve)
    for name, title, curve in (
        ("population_averaged", "Probability, averaged over regions", population_averaged),
        ("typical_region", "Probability in a typical region", typical),
        ("linear_predictor", "Linear predictor", predictor),
    )
}
