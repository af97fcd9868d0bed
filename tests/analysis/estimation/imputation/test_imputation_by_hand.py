"""Draws, donors, diagnostics and pooling, rebuilt with loops and textbook formulas."""

import math

import numpy as np
import pytest
from scipy import optimize, stats

from analysis.estimation.estimates import Estimates
from analysis.estimation.imputation import imputations_needed, joint_test, pool
from analysis.estimation.imputation.categorical import LevelModel, augmented, level_draw, summit
from analysis.estimation.imputation.diagnostics import lag_one, scale_reduction
from analysis.estimation.imputation.linear import linear_draw, matched
from analysis.estimation.imputation.regressors import Regressors
from analysis.refusals import Refusal

EXACT = 1e-10
# Of maxima found by a general optimiser.
CLIMBED = 1e-5
DRAWS = 3000
# Means over so many draws, in standard errors.
CHANCE = 4.5


def design(d: int = 40, r: int = 3, seed: int = 0) -> tuple[np.ndarray, Regressors]:
    """A response and two standardised columns with a constant, of d rows, and r rows without."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(d, 2))
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    seen = np.column_stack([np.ones(d), X])
    unseen = np.column_stack([np.ones(r), random.normal(size=(r, 2))])
    return 1 + X @ [0.5, -1.0] + random.normal(size=d), Regressors(seen, unseen, free=3)


def test_linear_coefficients_are_drawn_around_least_squares() -> None:
    y, given = design()
    X, d = given.seen, len(y)
    inverse = np.linalg.inv(X.T @ X)
    estimated = inverse @ X.T @ y
    residual = y - X @ estimated
    columns = Regressors(X, np.eye(3), free=3)
    random = np.random.default_rng(1)

    draws = [linear_draw(y, columns, np.ones(d), np.empty(0), random) for _ in range(DRAWS)]

    drawn = np.array([each.predicted for each in draws])
    # Of an inverse chi-square: the mean of sigma squared over its draws.
    sigma2 = residual @ residual / (d - 3 - 2)
    covariance = sigma2 * inverse
    error = np.sqrt(np.diag(covariance) / DRAWS)
    assert np.all(np.abs(drawn.mean(axis=0) - estimated) < CHANCE * error)
    assert np.cov(drawn.T) == pytest.approx(covariance, abs=0.1 * covariance.max())
    assert np.mean([each.sigma**2 for each in draws]) == pytest.approx(sigma2, rel=0.03)
    assert draws[0].fitted == pytest.approx(X @ estimated, rel=EXACT)


def test_weighted_coefficients_have_the_covariance_that_is_given() -> None:
    y, given = design()
    weight = np.random.default_rng(3).uniform(0.5, 2, len(y))
    weight /= weight.mean()
    X = given.seen
    bread = np.linalg.inv(X.T @ (weight[:, None] * X))
    residual = y - X @ (bread @ X.T @ (weight * y))
    meat = sum(np.outer(w * e * x, w * e * x) for w, e, x in zip(weight, residual, X, strict=True))
    columns = Regressors(X, np.eye(3), free=3)
    random = np.random.default_rng(4)

    def sandwich(scores: np.ndarray, inverse: np.ndarray) -> np.ndarray:
        influence = weight[:, None] * scores @ inverse
        return influence.T @ influence

    drawn = np.array(
        [
            linear_draw(y, columns, weight, np.empty(0), random, sandwich).predicted
            for _ in range(DRAWS)
        ]
    )

    expected = bread @ meat @ bread
    assert np.cov(drawn.T) == pytest.approx(expected, abs=0.1 * expected.max())


def test_shrunken_effects_are_the_mean_of_a_random_intercept() -> None:
    """Of one stratum: its sum of deviations over its firms and the ratio of variances."""
    y = np.array([1.0, 2.0, 4.0, 9.0, 10.0, 12.0])
    strata = np.repeat(np.eye(2), 3, axis=0)
    columns = Regressors(
        np.column_stack([np.ones(6), strata]), np.eye(3), free=1, groups=(slice(1, 3),)
    )
    ratio = 0.5
    random = np.random.default_rng(0)

    draws = [linear_draw(y, columns, np.ones(6), np.array([ratio]), random) for _ in range(DRAWS)]

    mean = y.mean()
    effects = [sum(v - mean for v in part) / (3 + 1 / ratio) for part in (y[:3], y[3:])]
    drawn = np.array([each.predicted for each in draws])
    error = drawn.std(axis=0) / math.sqrt(DRAWS)
    assert np.all(np.abs(drawn.mean(axis=0) - [mean, *effects]) < CHANCE * error)
    assert min(each.spread[0] for each in draws) > 0


def test_donors_are_the_nearest_and_equally_likely() -> None:
    random = np.random.default_rng(0)
    fitted, predicted = random.normal(size=50), np.repeat(random.normal(size=4), 3000)

    found = matched(fitted, predicted, 5, np.ones(50), random)

    for value in np.unique(predicted):
        nearest = sorted(range(50), key=lambda i: abs(fitted[i] - value))[:5]
        counts = [int(np.sum(found[predicted == value] == i)) for i in nearest]
        assert sum(counts) == 3000
        assert stats.chisquare(counts).pvalue > 1e-4


def test_donors_of_one_prediction_are_all_candidates() -> None:
    fitted = np.array([0.0] * 20 + [5.0] * 3)
    predicted = np.full(20_000, 0.4)

    found = matched(fitted, predicted, 5, np.ones(23), np.random.default_rng(0))

    counts = np.bincount(found, minlength=23)
    assert counts[20:].sum() == 0
    assert stats.chisquare(counts[:20]).pvalue > 1e-4


def test_a_donor_counts_by_its_weight() -> None:
    weight = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 99.0])
    fitted = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 9.0])

    found = matched(fitted, np.full(30_000, 0.2), 5, weight, np.random.default_rng(0))

    counts = np.bincount(found, minlength=6)
    assert counts[5] == 0
    assert stats.chisquare(counts[:5], 30_000 * weight[:5] / 15).pvalue > 1e-4


def test_as_many_donors_as_there_are_firms_is_anyone() -> None:
    found = matched(np.arange(3.0), np.zeros(9000), 3, np.ones(3), np.random.default_rng(0))

    assert stats.chisquare(np.bincount(found)).pvalue > 1e-4


def levels(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    X = np.column_stack([np.ones(120), random.normal(size=(120, 2))])
    cuts = np.linspace(-1, 1, count - 1)
    return X, np.digitize(X[:, 1] + random.logistic(size=120), cuts)


def penalised(kind: str, X: np.ndarray, codes: np.ndarray, count: int, penalty: np.ndarray):
    """Minus the penalised log-likelihood, firm by firm."""

    def height(b: np.ndarray) -> float:
        total = 0.0
        for x, level in zip(X, codes, strict=True):
            if kind == "multinomial":
                scores = [0.0, *(float(x @ part) for part in b.reshape(count - 1, -1))]
                total += scores[level] - math.log(sum(math.exp(each) for each in scores))
            else:
                cuts = [-math.inf, 0.0, *b[3:], math.inf]
                upper, lower = (
                    1 / (1 + math.exp(-min(max(cut - float(x @ b[:3]), -500), 500)))
                    for cut in (cuts[level + 1], cuts[level])
                )
                total += math.log(max(upper - lower, 1e-300))
        every = np.tile(penalty, count - 1) if kind == "multinomial" else penalty
        slopes = b if kind == "multinomial" else b[:3]
        return -(total - float(every @ slopes**2) / 2)

    return height


@pytest.mark.parametrize(
    ("kind", "count"), [("multinomial", 2), ("multinomial", 3), ("ordered", 2), ("ordered", 3)]
)
@pytest.mark.parametrize("ridge", [0.0, 4.0])
def test_level_models_stand_where_the_penalised_likelihood_is_highest(
    kind: str, count: int, ridge: float
) -> None:
    X, codes = levels(count)
    penalty = np.array([0.0, ridge, ridge])

    found = summit(LevelModel(kind, X, codes, np.ones(120), count, penalty), None)

    assert found is not None
    height = penalised(kind, X, codes, count, penalty)
    best = optimize.minimize(height, found.coefficients + 0.1, method="BFGS", tol=1e-9)
    assert found.coefficients == pytest.approx(best.x, abs=CLIMBED)


def test_separated_levels_have_no_summit_without_made_rows() -> None:
    X, _ = levels(2)
    codes = (X[:, 1] > 0).astype(int)

    assert summit(LevelModel("multinomial", X, codes, np.ones(120), 2, np.zeros(3)), None) is None


def test_made_rows_are_two_for_each_column_and_level() -> None:
    X, codes = levels(3)
    X[:, 2] = np.clip(X[:, 2], -0.2, None)
    model = LevelModel("multinomial", X, codes, np.ones(120), 3, np.zeros(3))

    made = augmented(model, free=3)

    rows = [
        (level, *((0.5 * side if place == column else 0.0) for place in (1, 2)))
        for level in range(3)
        for column in (1, 2)
        for side in (-1, 1)
    ]
    rows = [(level, max(a, X[:, 1].min()), max(b, -0.2)) for level, a, b in rows]
    assert [
        (int(code), *row) for code, row in zip(made.codes[120:], made.X[120:, 1:], strict=True)
    ] == rows
    assert made.weight[120:].sum() == pytest.approx(3)
    assert np.array_equal(made.X[:120], X)


def test_levels_are_drawn_as_often_as_the_model_says() -> None:
    X, codes = levels(3)
    columns = Regressors(X, np.repeat([[1.0, 0.5, 0.0]], 400, axis=0), free=3)
    random = np.random.default_rng(2)
    found = summit(LevelModel("ordered", X, codes, np.ones(120), 3, np.zeros(3)), None)
    assert found is not None
    index = found.coefficients[0] + 0.5 * found.coefficients[1]
    below = [1 / (1 + math.exp(index)), 1 / (1 + math.exp(index - found.coefficients[3]))]

    draws = [
        level_draw("ordered", codes, 3, columns, np.ones(120), np.empty(0), random, name="c")
        for _ in range(300)
    ]

    shares = np.array([np.bincount(each.codes, minlength=3) / 400 for each in draws if each])
    expected = np.diff([0.0, *below, 1.0])
    # The mean over drawn coefficients is near, not at, the estimated probabilities.
    assert shares.mean(axis=0) == pytest.approx(expected, abs=0.015)
    assert np.all(shares.std(axis=0) > np.sqrt(expected * (1 - expected) / 400))


def pieces(seed: int = 0, m: int = 7) -> list[Estimates]:
    random = np.random.default_rng(seed)
    result = []
    for _ in range(m):
        root = np.eye(3) + 0.2 * random.normal(size=(3, 3))
        result.append(Estimates(("a", "b", "c"), random.normal(size=3), root @ root.T, 40.0))
    return result


def test_rubins_rules_term_by_term() -> None:
    each = pieces()
    m = len(each)

    pooled = pool(each)

    for k in range(3):
        q = [float(one.coefficients[k]) for one in each]
        u = [float(one.covariance[k, k]) for one in each]
        mean, within = sum(q) / m, sum(u) / m
        between = sum((value - mean) ** 2 for value in q) / (m - 1)
        total = within + between + between / m
        r = (between + between / m) / within
        share = (between + between / m) / total
        old = (m - 1) * (1 + 1 / r) ** 2
        observed = (40 + 1) / (40 + 3) * 40 * (1 - share)
        df = 1 / (1 / old + 1 / observed)
        information = (r + 2 / (df + 3)) / (1 + r)
        assert pooled.coefficients[k] == pytest.approx(mean, rel=EXACT)
        assert pooled.estimates.std_errors[k] == pytest.approx(math.sqrt(total), rel=EXACT)
        assert pooled.residual_df[k] == pytest.approx(df, rel=EXACT)
        assert pooled.missing_information[k] == pytest.approx(information, rel=EXACT)
        assert pooled.relative_efficiency[k] == pytest.approx(1 / (1 + information / m), rel=EXACT)
        half = stats.t.ppf(0.95, df) * math.sqrt(total)
        assert pooled.estimates.intervals(0.9)[k] == pytest.approx(
            [mean - half, mean + half], rel=EXACT
        )


def test_the_joint_test_from_sums_of_products() -> None:
    each = pieces()
    m, q = len(each), 2
    matrix = np.array([[1.0, -1.0, 0.0], [0.0, 0.0, 1.0]])

    test = joint_test(pool(each), "a = b; c = 0.5")

    points = [matrix @ one.coefficients - [0.0, 0.5] for one in each]
    mean = sum(points) / m
    within = sum(matrix @ one.covariance @ matrix.T for one in each) / m
    between = sum(np.outer(p - mean, p - mean) for p in points) / (m - 1)
    inverse = np.linalg.inv(within)
    r = (1 + 1 / m) * float((between * inverse.T).sum()) / q
    t = q * (m - 1)
    a, v = r * t / (t - 2), 41 / 43 * 40
    rest = (
        a**2 * (v - 2 * (1 + a)) / ((1 + a) ** 2 * (v - 4 * (1 + a)))
        + 8 * a**2 * (v - 2 * (1 + a)) / ((1 + a) * (v - 4 * (1 + a)) ** 2)
        + 4 * a**2 / ((1 + a) * (v - 4 * (1 + a)))
        + 4 * a**2 / ((v - 4 * (1 + a)) * (v - 2 * (1 + a)))
        + 16 * a**2 * (v - 2 * (1 + a)) / (v - 4 * (1 + a)) ** 3
        + 8 * a**2 / (v - 4 * (1 + a)) ** 2
    )
    df = 4 + 1 / (1 / (v - 4 * (1 + a)) + rest / (t - 4))
    statistic = float(mean @ inverse @ mean) / (q * (1 + r))
    assert test.statistic == pytest.approx(statistic, rel=EXACT)
    assert test.denominator_df == pytest.approx(df, rel=EXACT)
    assert test.p_value == pytest.approx(stats.f.sf(statistic, q, df), rel=EXACT)


def test_the_number_of_imputations_from_von_hippels_formula() -> None:
    pooled = pool(pieces())
    g = float(pooled.missing_information.max())

    needed = imputations_needed(pooled, variation=0.1, level=0.9)

    logit = math.log(g / (1 - g)) + 1.6448536269514722 * math.sqrt(2 / 7)
    upper = 1 / (1 + math.exp(-logit))
    assert needed == math.ceil(1 + 0.5 * (upper / 0.1) ** 2)


def test_scale_reduction_and_autocorrelation_with_loops() -> None:
    chains = np.random.default_rng(0).normal(size=(6, 4)) + np.arange(4) / 3
    means = [sum(chain) / 6 for chain in chains.T]
    grand = sum(means) / 4
    between = 6 / 3 * sum((mean - grand) ** 2 for mean in means)
    within = sum(
        sum((value - mean) ** 2 for value in chain) / 5
        for chain, mean in zip(chains.T, means, strict=True)
    )
    within /= 4

    expected = math.sqrt((5 / 6 * within + between / 6) / within)

    assert scale_reduction(chains) == pytest.approx(expected, rel=EXACT)
    pairs = [(c[i] - grand) * (c[i + 1] - grand) for c in chains.T for i in range(5)]
    squares = [(value - grand) ** 2 for value in chains.ravel()]
    assert lag_one(chains) == pytest.approx((sum(pairs) / 20) / (sum(squares) / 24), rel=EXACT)


def test_chains_that_stand_still_are_told_apart() -> None:
    assert scale_reduction(np.ones((5, 3))) == 1.0
    assert np.isinf(scale_reduction(np.tile([1.0, 2.0, 3.0], (5, 1))))
    assert lag_one(np.ones((5, 3))) == 0.0


def test_a_summit_is_found_from_afar() -> None:
    X, codes = levels(3)
    model = LevelModel("ordered", X, codes, np.ones(120), 3, np.zeros(3))
    near = summit(model, None)

    far = summit(model, np.array([-3.0, 9.0, 4.0, 0.4]))

    assert near is not None
    assert far is not None
    assert far.coefficients == pytest.approx(near.coefficients, abs=1e-7)


def test_a_model_without_a_summit_is_refused_by_name() -> None:
    X, codes = levels(2)
    columns = Regressors(np.full_like(X, np.nan), X, free=3)
    random = np.random.default_rng(0)

    with pytest.raises(Refusal, match="'novelty' did not converge") as refused:
        level_draw("ordered", codes, 2, columns, np.ones(120), np.empty(0), random, name="novelty")

    assert refused.value.code == "no_convergence"
