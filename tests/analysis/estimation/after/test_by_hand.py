"""Tests and decompositions rebuilt with loops, sums and numerical integrals of our own."""

from itertools import combinations

import numpy as np
import pytest
from scipy import integrate, stats

from analysis.estimation.after.decomposition import decomposed, independent_pieces
from analysis.estimation.after.fairlie import fairlie
from analysis.estimation.after.multiplicity import adjusted, max_t, romano_wolf
from analysis.estimation.after.oaxaca import oaxaca_blinder
from analysis.estimation.after.quadratic_forms import tail
from analysis.estimation.after.shape import u_test
from analysis.estimation.after.wald import wald_test
from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.regression import estimate
from tests.analysis.estimation.after.made import firms_of_two_groups, made
from tests.analysis.estimation.small import plain

# The same sums in another order.
ROUNDING = 1e-10
# Numerical integrals and derivatives.
NUMERICAL = 1e-7


def test_equality_of_three_coefficients_is_the_distance_to_the_nearest_equal_ones() -> None:
    estimates = made(1, 4)
    inverse = np.linalg.inv(estimates.covariance)
    # Minimise the distance over (m, m, m, d) by generalised least squares.
    alike = np.array([[1.0, 0], [1, 0], [1, 0], [0, 1]])
    nearest = alike @ np.linalg.solve(
        alike.T @ inverse @ alike, alike.T @ inverse @ estimates.coefficients
    )
    apart = estimates.coefficients - nearest

    test = wald_test(estimates, "a = b = c")

    assert test.wald == pytest.approx(apart @ inverse @ apart, rel=ROUNDING)
    assert test.numerator_df == 2


def imhof(value: float, weights: list[float], df: list[float]) -> float:
    """P(sum of weighted chi-squares > value) by Imhof's (1961) integral."""

    def integrand(u: float) -> float:
        angle = (
            sum(f * np.arctan(w * u) for w, f in zip(weights, df, strict=True)) / 2 - value * u / 2
        )
        size = np.prod([(1 + (w * u) ** 2) ** (f / 4) for w, f in zip(weights, df, strict=True)])
        return float(np.sin(angle) / (u * size))

    area = sum(
        integrate.quad(integrand, low, low + 5, limit=400, epsabs=1e-12)[0]
        for low in range(0, 600, 5)
    )
    return 0.5 + area / np.pi


@pytest.mark.parametrize("value", [1.0, 6.0, 20.0])
def test_the_exact_tail_is_imhofs_integral(value: float) -> None:
    weights = [0.4, 0.7, 1.0, 1.0, 2.5]

    assert tail(value, np.array(weights)) == pytest.approx(imhof(value, weights, [1] * 5), abs=1e-7)


def test_the_exact_tail_over_a_denominator_is_imhofs_integral_with_a_negative_weight() -> None:
    weights, value, df = [0.4, 0.7, 2.5], 8.0, 7.0

    found = tail(value, np.array(weights), df)

    assert found == pytest.approx(imhof(0.0, [*weights, -value / df], [1, 1, 1, df]), abs=1e-7)


def test_the_saddlepoint_is_the_formula_of_lugannani_and_rice() -> None:
    weights, value = np.array([0.5, 1.0, 3.0]), 11.0
    grid = np.linspace(0, 1 / 6 - 1e-9, 4_000_001)[1:]
    slope = sum(w / (1 - 2 * w * grid) for w in weights)
    zeta = grid[np.argmin(np.abs(slope - value))]
    height = -0.5 * sum(np.log(1 - 2 * w * zeta) for w in weights)
    bend = sum(2 * w**2 / (1 - 2 * w * zeta) ** 2 for w in weights)
    w, v = np.sqrt(2 * (zeta * value - height)), zeta * np.sqrt(bend)

    # The point lies on a grid, no nearer than its width.
    assert tail(value, weights, method="saddlepoint") == pytest.approx(
        stats.norm.sf(w + np.log(v / w) / w), rel=1e-6
    )


def test_fiellers_ends_are_where_the_slope_is_just_significant() -> None:
    estimates = Estimates(
        ("x", "x2"), np.array([2.0, -0.25]), np.array([[0.09, -0.012], [-0.012, 0.0019]]), 40
    )

    test = u_test(estimates, linear="x", square="x2", lowest=0, highest=9)

    for end in (test.fieller.lower, test.fieller.upper):
        slope = 2.0 - 0.5 * end
        error = np.sqrt(0.09 - 4 * end * 0.012 + 4 * end**2 * 0.0019)
        assert abs(slope / error) == pytest.approx(stats.t.ppf(0.975, 40), rel=ROUNDING)


def test_holm_is_the_closed_test_of_bonferroni() -> None:
    p_values = np.array([0.01, 0.04, 0.03, 0.005])
    sets = [s for size in (1, 2, 3, 4) for s in combinations(range(4), size)]
    by_hand = [
        max(min(1.0, len(s) * min(p_values[list(s)])) for s in sets if test in s)
        for test in range(4)
    ]

    assert adjusted("abcd", p_values, "holm").adjusted == pytest.approx(by_hand, rel=ROUNDING)


def test_romano_wolf_is_its_steps() -> None:
    random = np.random.default_rng(5)
    estimates = made(2, 4)
    replicates = random.multivariate_normal(estimates.coefficients, estimates.covariance, 199)
    statistics = abs(estimates.coefficients / estimates.std_errors)
    order, by_hand, before = np.argsort(-statistics), {}, 0.0
    for step, test in enumerate(order):
        as_large = 0
        for replicate in replicates:
            t = [
                abs(replicate[j] - estimates.coefficients[j]) / estimates.std_errors[j]
                for j in order[step:]
            ]
            as_large += max(t) >= statistics[test]
        before = max(before, (as_large + 1) / 200)
        by_hand[test] = before

    found = romano_wolf(estimates, replicates)

    assert found.adjusted == pytest.approx([by_hand[test] for test in range(4)], rel=ROUNDING)


def test_max_t_of_two_is_an_integral_over_the_plane() -> None:
    rho, bound = 0.6, 2.1
    estimates = Estimates(
        ("a", "b"), np.array([bound, 0.3]), np.array([[1, rho], [rho, 1]]), np.inf
    )
    density = stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]]).pdf
    within = integrate.dblquad(
        lambda y, x: density([x, y]), -bound, bound, -bound, bound, epsabs=1e-9
    )[0]

    assert max_t(estimates).adjusted[0] == pytest.approx(1 - within, abs=1e-6)


def test_max_t_of_independent_t_with_common_error_is_studentised_maximum_modulus() -> None:
    df, bound = 8, 2.5
    estimates = Estimates(("a", "b", "c"), np.array([bound, 0, 0]), np.eye(3), df)

    def given(s: float) -> float:
        length = np.sqrt(s / df)
        return float((2 * stats.norm.cdf(bound * length) - 1) ** 3 * stats.chi2.pdf(s, df))

    expected = 1 - integrate.quad(given, 0, np.inf)[0]

    assert max_t(estimates).adjusted[0] == pytest.approx(expected, abs=1e-5)


def test_the_oaxaca_blinder_standard_errors_are_those_of_the_jackknife() -> None:
    y, x, z, group, weight = firms_of_two_groups(3, n=600)

    def parts(w: Floats) -> list[float]:
        X = np.column_stack([np.ones(len(y)), x, z == 1, z == 2])
        b, mean = [], []
        for g in (1, 0):
            rows = group == g
            root = np.sqrt(w[rows])[:, None]
            b.append(np.linalg.lstsq(root * X[rows], root[:, 0] * y[rows], rcond=None)[0])
            mean.append(np.average(X[rows], axis=0, weights=w[rows]))
        first, second = b
        return [
            (mean[0] - mean[1]) @ second,
            mean[1] @ (first - second),
            (mean[0] - mean[1]) @ (first - second),
        ]

    left_out = []
    for firm in range(len(y)):
        w = weight.copy()
        w[firm] = 0.0
        left_out.append(parts(w))
    spread = np.array(left_out)
    jackknife = np.sqrt((len(y) - 1) / len(y) * ((spread - spread.mean(axis=0)) ** 2).sum(axis=0))

    found = oaxaca_blinder(
        y=y,
        X=plain(x=x, z=[f"level {value}" for value in z]),
        group=group,
        design=survey_design(count=len(y), weight=weight),
        domain=np.ones(len(y), dtype=bool),
        form="threefold",
    )

    assert found.overall.coefficients[3:] == pytest.approx(parts(weight), rel=1e-9)
    # The jackknife differs from linearisation by terms of the order of one over the firms.
    assert found.overall.std_errors[3:] == pytest.approx(jackknife, rel=0.02)


def test_detailed_unexplained_parts_are_the_mean_over_every_choice_of_base() -> None:
    y, x, z, group, _ = firms_of_two_groups(4)
    X0 = np.column_stack([np.ones(len(y)), x])
    of_the_category = []
    for base in range(3):
        others = [level for level in range(3) if level != base]
        X = np.column_stack([X0, *[z == level for level in others]]).astype(float)
        b = [np.linalg.lstsq(X[group == g], y[group == g], rcond=None)[0] for g in (1, 0)]
        mean = X[group == 1].mean(axis=0)
        of_the_category.append(float(mean[2:] @ (b[0] - b[1])[2:]))

    found = oaxaca_blinder(
        y=y,
        X=plain(x=x, z=[f"level {value}" for value in z]),
        group=group,
        design=survey_design(count=len(y)),
        domain=np.ones(len(y), dtype=bool),
        covariance="HC1",
        reference="second",
    )

    place = found.detailed.terms.index("unexplained|z")
    assert found.detailed.coefficients[place] == pytest.approx(np.mean(of_the_category), rel=1e-9)


def test_independent_pieces_have_the_variance_of_jann() -> None:
    random = np.random.default_rng(6)
    fits = (made(7, 3), made(8, 3))
    roots = [random.normal(size=(3, 3)) for _ in range(2)]
    means = tuple(
        Estimates(fits[0].terms, random.normal(size=3), root @ root.T, np.inf) for root in roots
    )

    found = decomposed(independent_pieces(fits, means, {}), form="twofold", reference="first")

    # Explained: (x1 - x2)' b1, two independent vectors (Jann 2008, equation 14).
    difference = means[0].coefficients - means[1].coefficients
    spread = means[0].covariance + means[1].covariance
    b1 = fits[0]
    variance = difference @ b1.covariance @ difference + b1.coefficients @ spread @ b1.coefficients
    place = found.overall.terms.index("explained")
    assert found.overall.std_errors[place] ** 2 == pytest.approx(variance, rel=ROUNDING)


def test_a_share_decomposition_averages_over_orders_as_a_loop_does() -> None:
    random = np.random.default_rng(9)
    n = 120
    group = (np.arange(n) < n // 2).astype(float)
    x, v = random.normal(0.6 * group, 1), random.normal(0.3 * group, 1)
    y = (random.random(n) < stats.logistic.cdf(-0.2 + x - 0.5 * v + 0.3 * x * v)).astype(float)
    everyone = np.ones(n, dtype=bool)
    X = plain(x=x, v=v)
    logit = estimate(
        y=y,
        X=X,
        estimator="logit",
        covariance="HC1",
        design=survey_design(count=n),
        domain=everyone,
    )
    b0, b1, b2 = logit.estimates.coefficients

    def chance(a: Floats, c: Floats) -> float:
        return float(np.mean(1 / (1 + np.exp(-(b0 + b1 * a + b2 * c)))))

    index = b0 + b1 * x + b2 * v
    first = np.flatnonzero(group == 1)[np.argsort(index[group == 1])]
    second = np.flatnonzero(group == 0)[np.argsort(index[group == 0])]
    x_first = chance(x[first], v[first]) - chance(x[second], v[first])
    x_last = chance(x[first], v[second]) - chance(x[second], v[second])

    either = [
        fairlie(y=y, X=X, group=group, model=logit, domain=everyone, order=order, draws=1)
        for order in (("x", "v"), ("v", "x"))
    ]
    mixed = fairlie(y=y, X=X, group=group, model=logit, domain=everyone, draws=400)

    assert either[0].detailed.coefficients[0] == pytest.approx(x_first, rel=ROUNDING)
    assert either[1].detailed.coefficients[1] == pytest.approx(x_last, rel=ROUNDING)
    assert mixed.detailed.coefficients[0] == pytest.approx(
        (x_first + x_last) / 2, abs=4 * mixed.simulation_error[0]
    )
