"""What a Monte Carlo scenario is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.estimation.estimates import Estimates

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A way to make firms of known truth, draw them, and estimate.

    Attributes
    ----------
    estimator : as plans name it
    terms : the terms whose truth is known, among those of the estimates
    truth : (k,) floats
    replicate : from a seeded generator to the estimates under each covariance; a covariance
        is named as in plans, with words after it where it has variants: "design, clusters"
    note : what was made and drawn, in a sentence
    """

    estimator: str
    terms: tuple[str, ...]
    truth: Floats
    replicate: Callable[[np.random.Generator], Mapping[str, Estimates]]
    note: str
