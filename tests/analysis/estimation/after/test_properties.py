"""Known values and properties of tests after estimation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.estimation.after.hypotheses import Restriction, linear_hypothesis
from analysis.estimation.after.likelihood_ratio import WorkingModel, working_wald_test
from analysis.estimation.after.quadratic_forms import tail
from analysis.estimation.after.shape import u_test
from analysis.estimation.after.wald import (
    contrasts,
    directed_test,
    equality_test,
    wald_test,
    zero_test,
)
from analysis.estimation.estimates import Estimates
from tests.analysis.estimation.after.made import made

ROUNDING = 1e-10

TERMS = (
    "(Intercept)",
    "local",
    "I(local^2)",
    "log(size)",
    "local:exporter",
    "sector[non-food]",
    "x2",
)


def read(asked: object) -> list[list[float]]:
    found = linear_hypothesis(asked, TERMS)
    return np.column_stack([found.matrix, found.values]).tolist()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("local", [[0, 1, 0, 0, 0, 0, 0, 0]]),
        ("local = 0.5", [[0, 1, 0, 0, 0, 0, 0, 0.5]]),
        ("local = x2 = log(size)", [[0, 1, 0, 0, 0, 0, -1, 0], [0, 0, 0, -1, 0, 0, 1, 0]]),
        ("local; x2 = 1", [[0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 1]]),
        ("2 * (local - x2) / 4 = -(1 + 2)", [[0, 0.5, 0, 0, 0, 0, -0.5, -3]]),
        ("(Intercept) + I(local^2)*3", [[1, 0, 3, 0, 0, 0, 0, 0]]),
        ("local:exporter - local", [[0, -1, 0, 0, 1, 0, 0, 0]]),
        ("sector[non-food] - - x2", [[0, 0, 0, 0, 0, 1, 1, 0]]),
        ("`local` + 1e1 = 12", [[0, 1, 0, 0, 0, 0, 0, 2]]),
        ({"local": 1, "x2": -2}, [[0, 1, 0, 0, 0, 0, -2, 0]]),
        (Restriction({"x2": 2}, 3), [[0, 0, 0, 0, 0, 0, 2, 3]]),
    ],
)
def test_hypotheses_are_read_as_they_are_written(
    asked: object, expected: list[list[float]]
) -> None:
    assert read(asked) == expected


def test_restrictions_keep_the_words_they_were_asked_in() -> None:
    found = linear_hypothesis("local = x2 = 2 * log(size); local:exporter", TERMS)

    assert found.words == ("local = x2", "x2 = 2 * log(size)", "local:exporter = 0")


def test_one_restriction_is_the_square_of_a_t() -> None:
    estimates = made(1, 3)

    test = wald_test(estimates, "b")

    assert test.statistic == pytest.approx(estimates.statistics[1] ** 2, rel=ROUNDING)
    assert test.p_value == pytest.approx(estimates.p_values[1], rel=ROUNDING)


def test_equal_and_zero_say_the_same_by_names_as_in_a_sentence() -> None:
    estimates = made(2, 4)

    assert equality_test(estimates, ("a", "b", "d")) == wald_test(
        estimates, [{"a": 1, "b": -1}, {"b": 1, "d": -1}]
    )
    assert equality_test(estimates, ("a", "b", "d")).wald == pytest.approx(
        wald_test(estimates, "d = b = a").wald, rel=ROUNDING
    )
    assert zero_test(estimates, ("a", "b")).wald == pytest.approx(
        wald_test(estimates, "a = 0, b = 0").wald, rel=ROUNDING
    )


def test_a_joint_test_is_the_same_whatever_the_restrictions_are_written_as() -> None:
    estimates = made(3, 3)

    one = wald_test(estimates, "a = b; b = c")
    other = wald_test(estimates, "a + b - 2 * c = 0; 5 * a = 5 * c")

    assert one.wald == pytest.approx(other.wald, rel=1e-8)


def test_the_adjusted_f_of_the_stata_manual_formula() -> None:
    estimates = Estimates(("a", "b"), np.array([1.0, 2.0]), np.eye(2), 9)

    test = wald_test(estimates, "a; b", reference="adjusted F", design_df=12)

    assert (test.wald, test.denominator_df) == (5.0, 11)
    assert test.statistic == pytest.approx(11 / 24 * 5)
    assert test.p_value == pytest.approx(stats.f.sf(11 / 24 * 5, 2, 11))


def test_without_a_design_every_reference_is_chi_square() -> None:
    estimates = made(4, 3, np.inf)

    found = {
        wald_test(estimates, "a; b", reference=name) for name in ("F", "adjusted F", "chi-square")
    }

    assert len(found) == 1
    assert found.pop().reference == "chi-square"


def test_opposite_directions_share_the_whole_probability() -> None:
    estimates = made(5, 2)

    above, below = directed_test(estimates, "a > b"), directed_test(estimates, "a < b")

    assert above.p_value + below.p_value == pytest.approx(1)
    assert min(above.p_value, below.p_value) == pytest.approx(
        wald_test(estimates, "a = b").p_value / 2, rel=ROUNDING
    )


def test_contrasts_are_estimates_with_intervals() -> None:
    estimates = Estimates(("a", "b"), np.array([3.0, 1.0]), np.array([[2.0, 0.5], [0.5, 1.0]]), 10)

    found = contrasts(estimates, {"lead": "a - b", "sum": "a + b = 1"})

    assert found.coefficients.tolist() == [2, 3]
    assert found.covariance.tolist() == [[2, 1], [1, 4]]
    half = stats.t.ppf(0.975, 10) * np.sqrt(2)
    assert found.intervals()[0] == pytest.approx([2 - half, 2 + half])


@pytest.mark.parametrize("method", ["exact", "satterthwaite"])
def test_equal_weights_give_a_scaled_chi_square(method: str) -> None:
    weights = np.full(3, 2.5)

    assert tail(7.0, weights, method=method) == pytest.approx(stats.chi2.sf(2.8, 3), rel=ROUNDING)
    assert tail(7.0, weights, 9, method) == pytest.approx(stats.f.sf(2.8 / 3, 3, 9), rel=ROUNDING)


def test_pairs_of_equal_weights_give_sums_of_exponentials() -> None:
    # 0.5 (E1 + E1') + 2 (E2 + E2'), each pair an exponential of mean 1 and of mean 4.
    expected = (4 * np.exp(-9 / 4) - np.exp(-9)) / 3

    assert tail(9.0, np.array([0.5, 0.5, 2, 2])) == pytest.approx(expected, rel=ROUNDING)


@pytest.mark.parametrize("df", [np.inf, 11])
def test_the_approximations_are_near_the_exact_tail(df: float) -> None:
    weights = np.array([0.6, 1.0, 1.7])

    for value in (2.0, 8.0, 15.0):
        exact = tail(value, weights, df)
        assert tail(value, weights, df, "saddlepoint") == pytest.approx(exact, rel=0.05)
        assert tail(value, weights, df, "satterthwaite") == pytest.approx(exact, rel=0.2)


def test_far_tails_keep_their_digits() -> None:
    assert tail(200.0, np.array([1.0, 1.0])) == pytest.approx(np.exp(-100), rel=1e-9)


def test_a_statistic_at_its_mean_has_a_saddlepoint_tail_too() -> None:
    weights = np.array([0.5, 1.0, 1.5])

    assert tail(3.0, weights, method="saddlepoint") == pytest.approx(tail(3.0, weights), abs=0.02)


def test_a_working_covariance_that_is_right_gives_the_ordinary_test() -> None:
    estimates = made(6, 3, np.inf)
    working = WorkingModel(estimates.terms, estimates.covariance, 100.0, 50)

    test = working_wald_test(working, estimates, "a; c", method="exact")

    assert test.eigenvalues == pytest.approx([1, 1])
    assert test.p_value == pytest.approx(wald_test(estimates, "a; c").p_value, rel=1e-8)


def quadratic(
    b1: float, b2: float, v11: float, v12: float, v22: float, df: float = 30
) -> Estimates:
    return Estimates(("x", "x2"), np.array([b1, b2]), np.array([[v11, v12], [v12, v22]]), df)


def test_an_inverse_u_within_the_data() -> None:
    test = u_test(
        quadratic(4, -0.5, 0.25, -0.02, 0.0025), linear="x", square="x2", lowest=0, highest=10
    )

    assert (test.shape, test.turning_point, test.is_inside) == ("inverse U", 4.0, True)
    assert (test.lower.estimate, test.upper.estimate) == (4, -6)
    assert test.p_value < 0.001
    assert test.fieller.kind == "interval"
    assert "inside the data (0 to 10)" in test.sentence


def test_a_turning_point_outside_the_data_is_no_u() -> None:
    test = u_test(
        quadratic(4, -0.5, 0.25, -0.02, 0.0025), linear="x", square="x2", lowest=0, highest=3
    )

    assert not test.is_inside
    assert test.p_value > 0.5
    assert "outside" in test.sentence


def test_the_other_shape_is_rejected() -> None:
    estimates = quadratic(4, -0.5, 0.25, -0.02, 0.0025)

    test = u_test(estimates, linear="x", square="x2", lowest=0, highest=10, shape="U")

    assert test.p_value > 0.99


@pytest.mark.parametrize(
    ("v22", "kind"), [(0.0001, "interval"), (0.25, "rays"), (25.0, "everything")]
)
def test_an_uncertain_square_leaves_the_turning_point_unbounded(v22: float, kind: str) -> None:
    estimates = quadratic(1.0, -0.5, 0.01 if kind != "everything" else 4, 0.0, v22)

    test = u_test(estimates, linear="x", square="x2", lowest=0, highest=3)

    assert test.fieller.kind == kind
    assert test.fieller.is_bounded == (kind == "interval")
    assert test.fieller.holds(test.turning_point)
    assert ("unbounded" in test.fieller.sentence) == (kind == "rays")


moderate = st.floats(-3, 3).filter(lambda value: abs(value) > 0.05)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    b1=moderate,
    b2=moderate,
    correlation=st.floats(-0.9, 0.9),
    s1=st.floats(0.1, 1),
    s2=st.floats(0.05, 1),
)
def test_the_joint_test_rejects_exactly_if_fiellers_interval_is_within_the_data(
    b1: float, b2: float, correlation: float, s1: float, s2: float
) -> None:
    estimates = quadratic(b1, b2, s1**2, correlation * s1 * s2, s2**2)

    test = u_test(estimates, linear="x", square="x2", lowest=-2, highest=2.5, level=0.9)

    is_within = test.fieller.is_bounded and test.fieller.lower > -2 and test.fieller.upper < 2.5
    assert (test.p_value < 0.05) == is_within
    assert test.fieller.holds(test.turning_point)
