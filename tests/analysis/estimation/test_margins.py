"""Average marginal effects where the answer can be written down."""

import numpy as np
import pytest
from scipy.special import expit

from analysis.estimation.design import survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, Factor, design_matrix
from analysis.estimation.estimates import Fit
from tests.analysis.estimation.small import drawn, fitted, plain

N = 300
RANDOM = np.random.default_rng(31)
BREADTH = RANDOM.integers(0, 9, N).astype(float)
EXPORTER = (RANDOM.random(N) < 0.5).astype(float)
SIZE = np.exp(RANDOM.normal(3, 1, N))
INDUSTRY = np.array(["food", "metal", "trade"], dtype=object)[RANDOM.integers(0, 3, N)]
GROWTH = 0.3 * BREADTH - 0.03 * BREADTH**2 + 0.2 * EXPORTER + RANDOM.normal(size=N)
INNOVATED = (np.median(GROWTH) < GROWTH).astype(float)

CURVE = (
    Column(INTERCEPT),
    Column("breadth", (Factor("breadth"),)),
    Column("breadth^2", (Factor("breadth", "power", exponent=2),)),
    Column("exporter", (Factor("exporter"),)),
    Column("breadth:exporter", (Factor("breadth"), Factor("exporter"))),
    Column("log(size)", (Factor("size", "log"),)),
)
MATRIX = design_matrix(
    CURVE,
    {"breadth": BREADTH, "exporter": EXPORTER, "size": SIZE},
    {"breadth": "continuous", "exporter": "binary", "size": "continuous"},
)


def effects(result: Fit) -> dict[str, float]:
    assert result.margins is not None
    return dict(zip(result.margins.terms, result.margins.coefficients, strict=True))


def test_squares_interactions_and_logarithms_give_one_total_effect_a_variable() -> None:
    result = fitted(GROWTH, MATRIX, estimator="linear")

    _, b, b2, e, be, s = result.estimates.coefficients
    assert effects(result) == pytest.approx(
        {
            "breadth": b + 2 * b2 * BREADTH.mean() + be * EXPORTER.mean(),
            "exporter": e + be * BREADTH.mean(),
            "size": s * np.mean(1 / SIZE),
        }
    )


def test_the_standard_error_of_a_total_effect_is_that_of_its_linear_combination() -> None:
    result = fitted(GROWTH, MATRIX, estimator="linear")

    weights = np.array([0, 1, 2 * BREADTH.mean(), 0, EXPORTER.mean(), 0])
    assert result.margins is not None
    assert result.margins.std_errors[0] == pytest.approx(
        np.sqrt(weights @ result.estimates.covariance @ weights)
    )


def test_sampling_weights_and_the_subpopulation_hold_in_the_average() -> None:
    weight = RANDOM.uniform(1, 9, N)
    domain = INDUSTRY != "trade"

    result = fitted(INNOVATED, MATRIX, design=survey_design(count=N, weight=weight), domain=domain)

    beta = result.estimates.coefficients
    X1, X0 = MATRIX.X.copy(), MATRIX.X.copy()
    X1[:, 3], X1[:, 4] = 1, BREADTH
    X0[:, 3], X0[:, 4] = 0, 0
    change = (expit(X1 @ beta) - expit(X0 @ beta))[domain]
    assert effects(result)["exporter"] == pytest.approx(np.average(change, weights=weight[domain]))


def test_each_level_of_a_category_is_held_against_the_base() -> None:
    matrix = plain(industry=INDUSTRY)

    result = fitted(INNOVATED, matrix)

    # With a category alone the fit gives each its own share.
    share = {name: INNOVATED[name == INDUSTRY].mean() for name in ("food", "metal", "trade")}
    assert effects(result) == pytest.approx(
        {
            "industry[metal]": share["metal"] - share["food"],
            "industry[trade]": share["trade"] - share["food"],
        }
    )


def test_a_base_that_was_named_is_the_base_even_if_it_has_a_column() -> None:
    columns = (
        Column(INTERCEPT),
        Column("breadth", (Factor("breadth"),)),
        *(
            Column(f"breadth:{level}", (Factor("breadth"), Factor("industry", "indicator", level)))
            for level in ("food", "metal")
        ),
    )
    matrix = design_matrix(
        columns,
        {"breadth": BREADTH, "industry": INDUSTRY},
        {"breadth": "continuous", "industry": "category"},
        bases={"industry": "food"},
    )

    result = fitted(GROWTH, matrix, estimator="linear")

    _, _, food, metal = result.estimates.coefficients
    assert effects(result)["industry[metal]"] == pytest.approx((metal - food) * BREADTH.mean())
    assert set(effects(result)) == {"breadth", "industry[metal]"}


def test_degrees_of_freedom_are_those_of_the_coefficients() -> None:
    y, matrix, design = drawn(32)

    result = fitted(y, matrix, covariance="design", design=design)

    assert result.margins is not None
    assert result.margins.residual_df == result.estimates.residual_df
