"""Raking category by category, and residuals by least squares, with nothing of the product's."""

import numpy as np
import pytest

from analysis.estimation.calibration.general import calibrate
from analysis.estimation.calibration.margins import Margin
from analysis.estimation.calibration.raking import rake
from analysis.estimation.design import survey_design
from analysis.estimation.variance import linearized_variance

# What raking to 1e-12 leaves of a weight.
WEIGHT = 1e-10
# Normal equations of indicators against an orthogonal decomposition.
VARIANCE = 1e-10


def raked_in_loops(weight: np.ndarray, labels: list[np.ndarray], totals: list[dict]) -> np.ndarray:
    w = weight.copy()
    for _ in range(400):
        for label, total in zip(labels, totals, strict=True):
            for level, target in total.items():
                rows = [i for i in range(len(w)) if label[i] == level]
                w[rows] *= target / sum(w[i] for i in rows)
    return w


def population(seed: int) -> dict:
    random = np.random.default_rng(seed)
    n = 120
    labels = [random.integers(0, 3, n), random.integers(0, 4, n)]
    weight = random.uniform(1, 6, n)
    truth = weight * random.uniform(0.6, 1.6, n)
    totals = [dict(enumerate(np.bincount(label, truth))) for label in labels]
    return {
        "labels": labels,
        "weight": weight,
        "totals": totals,
        "y": random.normal(size=n) + labels[0],
        "stratum": np.arange(n) % 3,
        "domain": random.random(n) < 0.6,
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_raking_in_loops(seed: int) -> None:
    made = population(seed)
    design = survey_design(count=120, weight=made["weight"])
    margins = [
        Margin(str(place), label, total)
        for place, (label, total) in enumerate(zip(made["labels"], made["totals"], strict=True))
    ]

    found = rake(design, margins)

    by_hand = raked_in_loops(made["weight"], made["labels"], made["totals"])
    assert found.weight == pytest.approx(by_hand, rel=WEIGHT)


@pytest.mark.parametrize("how", ["rake", "raking", "linear"])
def test_the_variance_is_that_of_residuals_under_the_weights_before(how: str) -> None:
    made = population(3)
    design = survey_design(count=120, weight=made["weight"], stratum=made["stratum"])
    margins = [
        Margin(str(place), label, total)
        for place, (label, total) in enumerate(zip(made["labels"], made["totals"], strict=True))
    ]
    found = (
        rake(design, margins) if how == "rake" else calibrate(design, margins=margins, distance=how)  # type: ignore[arg-type]
    )
    z = np.where(made["domain"], made["y"], 0.0)

    X = np.column_stack(
        [label == k for label, top in zip(made["labels"], (3, 4), strict=True) for k in range(top)]
    )
    root = np.sqrt(made["weight"])
    fitted = X @ np.linalg.pinv(X * root[:, None]) @ (root * z)
    residual = (z - fitted) * found.weight
    by_hand = sum(40 * residual[made["stratum"] == stratum].var(ddof=1) for stratum in range(3))
    variance = linearized_variance(made["y"][:, None], found, made["domain"])[0, 0]
    assert variance == pytest.approx(by_hand, rel=VARIANCE)
