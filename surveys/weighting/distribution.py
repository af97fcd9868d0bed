"""The distribution of weights, and what unequal weights cost."""

from dataclasses import dataclass

import numpy as np

from mathematics.arrays import Floats
from mathematics.refusals import Refusal

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Distribution:
    """Of n weights above zero.

    Attributes
    ----------
    count : int
    total : float
    least, most, mean : float
    quantiles : mapping from share to weight
    variation : float
        Coefficient of variation, under division by n.
    design_effect : float
        Kish's 1 + variation²: by how much unequal weights that have nothing to do with an
        answer inflate the variance of its mean.
    effective : float
        n over the design effect: (Σw)² / Σw².
    """

    count: int
    total: float
    least: float
    most: float
    mean: float
    quantiles: dict[float, float]
    variation: float
    design_effect: float
    effective: float


def distribution(weight: Floats) -> Distribution:
    """Distribution of weights, Kish (1965). Raises: Refusal ``no_weights`` if there are none."""
    if len(weight) == 0:
        raise Refusal(
            "no_weights", "No case has a weight above zero.", "Weight a wave with respondents."
        )
    total = float(weight.sum())
    effective = total**2 / float(weight @ weight)
    effect = len(weight) / effective
    return Distribution(
        count=len(weight),
        total=total,
        least=float(weight.min()),
        most=float(weight.max()),
        mean=float(weight.mean()),
        quantiles=dict(zip(QUANTILES, np.quantile(weight, QUANTILES).tolist(), strict=True)),
        variation=float(np.sqrt(max(effect - 1, 0.0))),
        design_effect=effect,
        effective=effective,
    )
