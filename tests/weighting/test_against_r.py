"""Weights after every step as R survey and glm have them; weighting.R asked."""

import numpy as np
import pytest

from mathematics.replicates import replicate_variance
from surveys.weighting import (
    ByInversePropensity,
    ToTotals,
    Trimming,
    draw_of,
    in_classes,
    replicate_weights,
    weigh,
)
from tests.weighting.schools import (
    BASE,
    BY_TYPE,
    BY_WIDE,
    RESPONDED,
    SHARING,
    STYPE,
    TYPES,
    column,
    estimate_by_r,
    weights_by_r,
)

# The issue asks for 1e-8. R was asked for a misfit of 1e-13.
TOLERANCE = 1e-9

CLASSES = in_classes({"type": STYPE}, BASE, SHARING)
NUMBERS = {
    "margins": [BY_TYPE],
    "variables": {"api99": column("api99")},
    "totals": {"api99": 3914069.0},
}
STEPS = {
    "classes": [CLASSES],
    "rake": [CLASSES, ToTotals(margins=[BY_TYPE, BY_WIDE])],
    "raking distance": [CLASSES, ToTotals(distance="raking", **NUMBERS)],
    "linear": [CLASSES, ToTotals(distance="linear", **NUMBERS)],
    "logit": [CLASSES, ToTotals(distance="logit", bounds=(0.5, 2.0), **NUMBERS)],
    "trimmed": [
        CLASSES,
        ToTotals(distance="linear", **NUMBERS),
        Trimming(upper=80.0, lower=15.0, spread="equal"),
    ],
}


@pytest.mark.parametrize("case", STEPS)
def test_weights(case: str) -> None:
    found = weigh(BASE, STEPS[case])

    assert found.final == pytest.approx(weights_by_r(case), rel=TOLERANCE)


def test_weights_by_inverse_propensity() -> None:
    variables = {"type": STYPE, "wide": BY_WIDE.label}

    found = weigh(BASE, [ByInversePropensity(variables, SHARING)])

    assert found.final == pytest.approx(weights_by_r("inverse propensity"), rel=1e-8)


@pytest.mark.parametrize("case", ["rake", "raking distance", "linear", "logit"])
def test_totals_are_met(case: str) -> None:
    final = weigh(BASE, STEPS[case]).final

    assert np.array([final[label == STYPE].sum() for label in TYPES]) == pytest.approx(
        list(TYPES.values()), rel=TOLERANCE
    )
    if case == "rake":
        assert final[BY_WIDE.label == "No"].sum() == pytest.approx(1072, rel=TOLERANCE)
    else:
        assert final @ column("api99") == pytest.approx(3914069, rel=TOLERANCE)


def test_every_step_is_done_again_for_each_replicate() -> None:
    draw = draw_of(STYPE, population=column("fpc"))

    found = replicate_weights(BASE, STEPS["rake"], draw, method="JKn")

    assert found.weights.shape == (200, 200)
    for row in (np.flatnonzero(RESPONDED)[[0, -1]] + 1).tolist():
        (without,) = np.flatnonzero(found.weights[row - 1] == 0)
        assert found.weights[:, without] == pytest.approx(
            weights_by_r(f"jackknife without {row}"), rel=TOLERANCE
        )


@pytest.mark.parametrize("statistic", ["total", "mean_of"])
def test_standard_errors_over_replicates(statistic: str) -> None:
    found = replicate_weights(
        BASE, STEPS["rake"], draw_of(STYPE, population=column("fpc")), method="jackknife"
    )

    def value(weight: np.ndarray) -> float:
        y = column("api00" if statistic == "total" else "meals")
        return float(weight @ y / (1 if statistic == "total" else weight.sum()))

    estimates = np.array([[value(weight)] for weight in found.weights.T])
    full = value(weigh(BASE, STEPS["rake"]).final)
    variance = replicate_variance(estimates, np.array([full]), found)

    assert full == pytest.approx(estimate_by_r(statistic), rel=TOLERANCE)
    assert np.sqrt(variance[0, 0]) == pytest.approx(
        estimate_by_r(f"{statistic} std_error"), rel=1e-8
    )
