"""How slopes of a prediction change as its linear predictors move in a direction."""

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.solution import Curve, Prediction
from analysis.refusals import Refusal

# Of a linear predictor: where differences of the fourth order lose least.
DIFFERENCE = 1e-3


def bent(curve: Curve, prediction: Prediction, eta: Floats, delta: Floats) -> Floats:
    """(M, m) derivatives of the slopes in the direction in which the predictors move."""
    if curve.bend is not None:
        result: Floats = np.einsum("ijm,jm->im", curve.bend, delta)
        return result
    length = np.maximum(np.abs(delta).max(axis=0), np.finfo(float).tiny)
    step = DIFFERENCE / length

    def slope(times: float) -> Floats:
        return prediction.curve(eta + times * step * delta).slope

    near, far = slope(1) - slope(-1), slope(2) - slope(-2)
    return np.where(np.abs(delta).max(axis=0) > 0, (8 * near - far) / (12 * step), 0.0)


def refuse_not_positive(value: Floats) -> None:
    if np.any(value <= 0):
        raise Refusal(
            "prediction_not_positive",
            f"The model predicts zero or less for {int(np.sum(value <= 0))} of {len(value)} firms, "
            "so a proportional change of it has no meaning.",
            "Ask for average marginal effects instead of elasticities.",
        )
