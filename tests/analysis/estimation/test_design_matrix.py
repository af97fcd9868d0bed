import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimation.design_matrix import (
    INTERCEPT,
    Column,
    Factor,
    derivative,
    design_matrix,
    evaluate,
)
from analysis.refusals import Refusal

SIZE = Factor("size")
LOG = Factor("size", "log")
SQUARE = Factor("size", "power", exponent=2)
CUBE = Factor("size", "power", exponent=3)
TRADE = Factor("industry", "indicator", "trade")
KINDS = {"size": "continuous", "industry": "category", "exporter": "binary"}
VARIABLES = {
    "size": np.array([1.0, 2.0, np.e]),
    "industry": np.array(["trade", "food", None], dtype=object),
    "exporter": np.array([1.0, np.nan, 0.0]),
}


def test_columns_are_products_of_their_factors() -> None:
    columns = (
        Column(INTERCEPT),
        Column("log", (LOG,)),
        Column("square", (SQUARE,)),
        Column("trade", (TRADE,)),
        Column("size:exporter", (SIZE, Factor("exporter"))),
    )

    matrix = design_matrix(columns, VARIABLES, KINDS)

    assert matrix.names == ("(Intercept)", "log", "square", "trade", "size:exporter")
    np.testing.assert_array_equal(
        matrix.X,
        [
            [1, 0, 1, 1, 1],
            [1, np.log(2), 4, 0, np.nan],
            [1, 1, np.e**2, np.nan, 0],
        ],
    )


def test_a_logarithm_that_is_not_defined_is_told_from_a_missing_answer() -> None:
    sizes = {"size": np.array([0.0, -1.0, np.nan, 1.0]), "exporter": np.array([0.0, 1, 1, 1])}
    columns = (Column(INTERCEPT), Column("log:exporter", (LOG, Factor("exporter"))))

    X = design_matrix(columns, sizes, KINDS).X

    np.testing.assert_array_equal(X[:, 1], [np.inf, np.inf, np.nan, 0])


def test_an_intercept_alone_is_told_how_many_firms_there_are() -> None:
    assert design_matrix((Column(INTERCEPT),), {}, {}, count=2).X.tolist() == [[1], [1]]
    with pytest.raises(ValueError, match="how many firms"):
        design_matrix((Column(INTERCEPT),), {}, {})


@given(st.floats(0.5, 20), st.floats(-3, 3))
def test_the_derivative_is_the_limit_of_differences(size: float, other: float) -> None:
    columns = (
        Column(INTERCEPT),
        Column("size:log", (SIZE, LOG)),
        Column("cube:other", (CUBE, Factor("other"))),
        Column("other", (Factor("other"),)),
    )
    step = 1e-5 * size

    def at(value: float) -> np.ndarray:
        values = {"size": np.array([value]), "other": np.array([other])}
        return evaluate(columns, values, count=1)

    slopes = derivative(
        columns, {"size": np.array([size]), "other": np.array([other])}, "size", count=1
    )

    assert slopes[0] == pytest.approx(
        (at(size + step) - at(size - step))[0] / (2 * step), rel=1e-6, abs=1e-6
    )


def test_a_binary_variable_holds_nothing_but_0_and_1() -> None:
    columns = (Column(INTERCEPT), Column("exporter", (Factor("exporter"),)))

    with pytest.raises(
        Refusal, match=r"yes or no, but has other values in 1 of 3 rows, such as 2\."
    ):
        design_matrix(columns, {"exporter": np.array([0.0, 2.0, np.nan])}, KINDS)


@pytest.mark.parametrize(
    "columns",
    [
        (),
        (Column("size", (SIZE,)),),
        (Column(INTERCEPT), Column("a", (SIZE,)), Column("a", (SQUARE,))),
        (Column(INTERCEPT), Column("unknown", (Factor("unknown"),))),
        (Column(INTERCEPT), Column("industry", (Factor("industry"),))),
        (Column(INTERCEPT), Column("size", (Factor("size", "indicator", "1"),))),
    ],
)
def test_columns_that_make_no_matrix_are_an_error(columns: tuple[Column, ...]) -> None:
    with pytest.raises(ValueError):
        design_matrix(columns, VARIABLES, KINDS)


def test_variables_of_different_length_are_an_error() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        design_matrix((Column(INTERCEPT),), {"size": np.ones(2), "exporter": np.ones(3)}, KINDS)
