"""Descriptions rebuilt with loops and numerical derivatives, without the product's helpers."""

from collections import defaultdict
from itertools import pairwise, product

import numpy as np
import pytest
from scipy import stats

from analysis.estimation.descriptive import (
    change,
    correlations,
    covariances,
    cross_tabulation,
    differences,
    means,
    quantiles,
    ratios,
    shares,
    standard_deviations,
    totals,
    variances,
)
from analysis.estimation.design import survey_design

# Central differences of fourth order at this step are good to nine digits here.
STEP, DIFFERENCES = 1e-3, 1e-8
ROUNDING = 1e-11


class Firms:
    """A stratified, clustered, weighted sample, and the domain of it that is described."""

    def __init__(self, seed=3, n=120):
        random = np.random.default_rng(seed)
        self.stratum = np.arange(n) % 4
        self.cluster = self.stratum * 100 + random.integers(0, 7, n)
        self.weight = random.uniform(1, 9, n)
        self.population = np.array([20.0, 30.0, 17.0, 9.0])[self.stratum]
        self.domain = random.random(n) < 0.8
        self.x = random.normal(5, 2, n)
        self.y = self.x + random.normal(size=n)
        self.row = random.choice(["a", "b", "c"], n)
        self.column = np.where(random.random(n) < 0.3 + 0.2 * (self.row == "b"), "u", "v")

    @property
    def scope(self):
        design = survey_design(
            count=len(self.weight),
            weight=self.weight,
            stratum=self.stratum,
            cluster=self.cluster,
            population=self.population,
        )
        return {"design": design, "domain": self.domain}

    def variance(self, influence):
        """Of the weighted total of the influences, unit by unit."""
        total = defaultdict(float)
        units = defaultdict(set)
        for i in range(len(self.weight)):
            units[self.stratum[i]].add(self.cluster[i])
            total[self.stratum[i], self.cluster[i]] += (
                self.weight[i] * influence[i] if self.domain[i] else 0.0
            )
        result = 0.0
        for h, clusters in units.items():
            n, N = len(clusters), self.population[self.stratum == h][0]
            z = [total[h, j] for j in clusters]
            result += (1 - n / N) * n / (n - 1) * sum((value - sum(z) / n) ** 2 for value in z)
        return result

    def standard_error(self, estimate):
        """Of a function of the weights, by its derivative with respect to each of them."""
        influence = []
        for i in range(len(self.weight)):
            if not self.domain[i]:
                influence.append(0.0)
                continue
            values = {}
            for k in (-2, -1, 1, 2):
                weight = np.where(self.domain, self.weight, 0.0)
                weight[i] += k * STEP
                values[k] = estimate(weight)
            influence.append(
                (values[-2] - 8 * values[-1] + 8 * values[1] - values[2]) / (12 * STEP)
            )
        return np.sqrt(self.variance(influence))


FIRMS = Firms()
N_DOMAIN = FIRMS.domain.sum()


def mean(weight, values):
    return sum(w * v for w, v in zip(weight, values, strict=True)) / sum(weight)


def covariance(weight, x, y):
    n, a, b = N_DOMAIN, mean(weight, x), mean(weight, y)
    return n / (n - 1) * mean(weight, (x - a) * (y - b))


STATISTICS = {
    "total": (lambda: totals(FIRMS.x, **FIRMS.scope), lambda w: sum(w * FIRMS.x)),
    "mean": (lambda: means(FIRMS.x, **FIRMS.scope), lambda w: mean(w, FIRMS.x)),
    "share": (
        lambda: shares(FIRMS.column == "u", **FIRMS.scope),
        lambda w: mean(w, FIRMS.column == "u"),
    ),
    "ratio": (
        lambda: ratios(FIRMS.y, FIRMS.x, **FIRMS.scope),
        lambda w: sum(w * FIRMS.y) / sum(w * FIRMS.x),
    ),
    "variance": (
        lambda: variances(FIRMS.x, **FIRMS.scope),
        lambda w: covariance(w, FIRMS.x, FIRMS.x),
    ),
    "standard_deviation": (
        lambda: standard_deviations(FIRMS.x, **FIRMS.scope),
        lambda w: np.sqrt(covariance(w, FIRMS.x, FIRMS.x)),
    ),
    "correlation": (
        lambda: correlations({"x": FIRMS.x, "z": FIRMS.y}, **FIRMS.scope),
        lambda w: (
            covariance(w, FIRMS.x, FIRMS.y)
            / np.sqrt(covariance(w, FIRMS.x, FIRMS.x) * covariance(w, FIRMS.y, FIRMS.y))
        ),
    ),
}


@pytest.mark.parametrize("statistic", STATISTICS)
def test_the_standard_error_is_of_the_derivative_by_each_weight(statistic):
    describe, by_hand = STATISTICS[statistic]

    estimates = describe().estimates

    weight = np.where(FIRMS.domain, FIRMS.weight, 0.0)
    assert estimates.coefficients == pytest.approx([by_hand(weight)], rel=ROUNDING)
    assert estimates.std_errors == pytest.approx([FIRMS.standard_error(by_hand)], rel=DIFFERENCES)


def test_a_covariance_is_that_of_the_weighted_products():
    found = covariances({"x": FIRMS.x, "z": FIRMS.y}, **FIRMS.scope).estimates

    weight = np.where(FIRMS.domain, FIRMS.weight, 0.0)
    assert found.coefficients[1] == pytest.approx(covariance(weight, FIRMS.x, FIRMS.y), rel=1e-11)


@pytest.mark.parametrize("p", [0.2, 0.5, 0.75])
def test_a_quantile_and_its_woodruff_interval_are_read_off_the_distribution_function(p):
    found = quantiles(FIRMS.x, p, **FIRMS.scope)

    rows = sorted(
        (x, w) for x, w, inside in zip(FIRMS.x, FIRMS.weight, FIRMS.domain, strict=True) if inside
    )
    size = sum(w for _, w in rows)

    def read(share):
        up_to = 0.0
        for x, w in rows:
            up_to += w / size
            if up_to >= share:
                return x
        raise AssertionError

    at = read(p)
    reached = sum(w for x, w in rows if x <= at) / size
    error = np.sqrt(FIRMS.variance(((at >= FIRMS.x) - reached) / size))
    t = stats.t.ppf(0.975, found.degrees_of_freedom[0])
    assert found.estimates.coefficients[0] == at
    assert list(found.intervals[0]) == [read(reached - t * error), read(reached + t * error)]
    assert found.estimates.std_errors[0] == pytest.approx(
        (found.intervals[0, 1] - found.intervals[0, 0]) / (2 * t), rel=ROUNDING
    )


def test_the_korn_graubard_interval_is_where_the_binomial_tails_are_small():
    found = shares(FIRMS.column == "u", interval="korn_graubard", **FIRMS.scope)

    p, error = found.estimates.coefficients[0], found.estimates.std_errors[0]
    df = found.degrees_of_freedom[0]
    size = p * (1 - p) / error**2
    size *= (stats.t.ppf(0.975, N_DOMAIN - 1) / stats.t.ppf(0.975, df)) ** 2
    lower, upper = found.intervals[0]
    # Of a binomial of a size that need not be whole, in the incomplete beta function.
    assert stats.beta.sf(1 - lower, size - size * p + 1, size * p) == pytest.approx(0.025)
    assert stats.beta.cdf(1 - upper, size - size * p, size * p + 1) == pytest.approx(0.025)


def two_by_two():
    found = cross_tabulation(np.where(FIRMS.row == "b", "b", "other"), FIRMS.column, **FIRMS.scope)
    b, u = FIRMS.row == "b", FIRMS.column == "u"
    cells = [b & u, b & ~u, ~b & u, ~b & ~u]
    weight = np.where(FIRMS.domain, FIRMS.weight, 0.0)
    return found, cells, [mean(weight, cell) for cell in cells], weight.sum()


def test_rao_and_scott_of_a_two_by_two_table_is_a_ratio_of_variances():
    found, cells, p, size = two_by_two()

    # With one degree of freedom the generalised design effect is the design's variance of the
    # log odds ratio (its derivatives are 1/p, -1/p) over that of simple sampling.
    signs = [1, -1, -1, 1]
    influence = sum(
        sign * (cell - share) / (share * size)
        for sign, cell, share in zip(signs, cells, p, strict=True)
    )
    effect = FIRMS.variance(influence) / (sum(1 / share for share in p) / N_DOMAIN)
    row, column = p[0] + p[1], p[0] + p[2]
    pearson = N_DOMAIN * (p[0] - row * column) ** 2 / (row * (1 - row) * column * (1 - column))
    df = found.shares.degrees_of_freedom[0]
    test = found.tests["pearson_f"]
    assert test.statistic == pytest.approx(pearson / effect, rel=1e-10)
    assert (test.numerator_df, test.denominator_df) == pytest.approx((1, df))
    assert test.p_value == pytest.approx(stats.f.sf(pearson / effect, 1, df), rel=1e-9)
    assert found.tests["pearson_second_order"].p_value == pytest.approx(
        stats.chi2.sf(pearson / effect, 1), rel=1e-9
    )


def test_wald_of_a_two_by_two_table_is_a_squared_excess_over_its_variance():
    found, _, _, _ = two_by_two()

    def excess(weight):
        b, u = FIRMS.row == "b", FIRMS.column == "u"
        return sum(weight * (b & u)) - sum(weight * b) * sum(weight * u) / sum(weight)

    weight = np.where(FIRMS.domain, FIRMS.weight, 0.0)
    by_hand = (excess(weight) / FIRMS.standard_error(excess)) ** 2
    assert found.tests["wald"].statistic == pytest.approx(by_hand, rel=DIFFERENCES)


def test_shares_of_a_table_are_cell_over_row_column_or_all():
    found = cross_tabulation(FIRMS.row, FIRMS.column, **FIRMS.scope)

    weight = np.where(FIRMS.domain, FIRMS.weight, 0.0)
    for (i, row), (j, column) in product(enumerate("abc"), enumerate("uv")):
        cell = sum(weight * (FIRMS.row == row) * (FIRMS.column == column))
        assert found.cell(found.counts)[i, j] == pytest.approx(cell)
        assert found.cell(found.shares)[i, j] == pytest.approx(cell / sum(weight))
        assert found.cell(found.row_shares)[i, j] == pytest.approx(
            cell / sum(weight * (FIRMS.row == row))
        )
        assert found.cell(found.column_shares)[i, j] == pytest.approx(
            cell / sum(weight * (FIRMS.column == column))
        )


def test_the_joint_test_of_two_differences_is_adjusted_for_the_units_that_judge_it():
    groups = means(FIRMS.x, by=FIRMS.row, **FIRMS.scope)

    found = differences(groups)

    rows = [FIRMS.domain & (level == FIRMS.row) for level in "abc"]
    weight = FIRMS.weight
    middles = [mean(weight[row], FIRMS.x[row]) for row in rows]
    influence = [
        np.where(row, (FIRMS.x - middle) / weight[row].sum(), 0.0)
        for row, middle in zip(rows, middles, strict=True)
    ]
    one, other = influence[1] - influence[0], influence[2] - influence[0]
    # Var(a + b) - Var(a) - Var(b) is twice their covariance.
    shared = (FIRMS.variance(one + other) - FIRMS.variance(one) - FIRMS.variance(other)) / 2
    a, b = middles[1] - middles[0], middles[2] - middles[0]
    v, w = FIRMS.variance(one), FIRMS.variance(other)
    quadratic = (w * a**2 - 2 * shared * a * b + v * b**2) / (v * w - shared**2)
    d = len(set(FIRMS.cluster[FIRMS.domain])) - 4
    assert found.joint is not None
    assert found.joint.statistic == pytest.approx(quadratic * (d - 1) / (2 * d), rel=1e-9)
    assert (found.joint.numerator_df, found.joint.denominator_df) == (2, d - 1)
    assert found.joint.p_value == pytest.approx(
        stats.f.sf(quadratic * (d - 1) / (2 * d), 2, d - 1), rel=1e-9
    )


def waves(overlap, population=None):
    """Two simple samples of 12 and 10 firms with some of them in both."""
    random = np.random.default_rng(8)
    shared = random.normal(size=40)
    ids = np.arange(12), np.arange(12 - overlap, 22 - overlap)
    y = [shared[rows] + random.normal(scale=0.5, size=len(rows)) for rows in ids]
    descriptions = [
        means(
            values,
            design=survey_design(
                count=len(values),
                weight=np.full(len(values), 40 / len(values)),
                population=None if population is None else np.full(len(values), population),
            ),
        )
        for values in y
    ]
    return ids, y, descriptions


@pytest.mark.parametrize("population", [None, 40.0])
@pytest.mark.parametrize("overlap", [0, 1, 5, 10])
def test_the_covariance_of_two_waves_is_that_of_the_firms_in_both(overlap, population):
    ids, y, (first, second) = waves(overlap, population)

    found = change(first, second, ids)

    n1, n2 = 12, 10
    common = [(y[0][i], y[1][list(ids[1]).index(i)]) for i in ids[0] if i in ids[1]]
    products = sum((a - y[0].mean()) * (b - y[1].mean()) for a, b in common)
    shared = products / np.sqrt((n1 - 1) * (n2 - 1) * n1 * n2)
    if population is not None and overlap:
        most = np.sqrt((1 - n1 / population) * (1 - n2 / population))
        shared *= np.clip(1 - n1 * n2 / (overlap * population), -most, most)
    share = [0 if population is None else n / population for n in (n1, n2)]
    own = [(1 - f) * values.var(ddof=1) / len(values) for f, values in zip(share, y, strict=True)]
    assert found.units == (12, 10, overlap)
    assert found.comparison.estimates.coefficients == pytest.approx([y[1].mean() - y[0].mean()])
    assert found.comparison.estimates.covariance == pytest.approx(
        np.array([[sum(own) - 2 * shared]])
    )
    assert found.correlation == pytest.approx([shared / np.sqrt(own[0] * own[1])])


def test_more_firms_in_common_make_waves_go_together_more():
    correlations_of_waves = [
        change(first, second, ids).correlation[0]
        for ids, _, (first, second) in map(waves, (0, 5, 10))
    ]

    assert correlations_of_waves[0] == 0
    assert all(earlier < later for earlier, later in pairwise(correlations_of_waves))
