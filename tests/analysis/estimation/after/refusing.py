"""What tests of refusals share."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Estimates
from analysis.estimation.regression import Model, estimate
from analysis.refusals import Refusal
from tests.analysis.estimation.small import plain

THREE = Estimates(("local", "national", "world"), np.array([1.0, 2.0, 3.0]), np.eye(3), 5)


def refused(function: Callable[..., Any], *arguments: object, **choices: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        function(*arguments, **choices)
    assert caught.value.remedy
    return caught.value


N = 80
X = np.linspace(-1, 1, N)
Z = np.cos(7 * X)
Y = (np.sin(40 * X) + X > 0).astype(float)


def logit(matrix: Any = None, **choices: Any) -> Model:
    settings: dict[str, Any] = {
        "y": Y,
        "X": plain(x=X, z=Z) if matrix is None else matrix,
        "estimator": "logit",
        "covariance": "model",
        "design": survey_design(count=N),
        "domain": np.ones(N, dtype=bool),
    }
    return estimate(**(settings | choices))


WEIGHTED = survey_design(count=N, weight=1 + X**2)
