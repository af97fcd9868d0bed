"""Panel estimators put together again by loops, dummies and enumeration."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.estimates import Floats
from analysis.estimation.panel.conditional_logit import CONDITIONAL_LOGIT
from analysis.estimation.panel.cross_lagged import CROSS_LAGGED
from analysis.estimation.panel.differences import FIRST_DIFFERENCES, LONG_DIFFERENCES
from analysis.estimation.panel.firm_waves import as_firm_waves
from analysis.estimation.panel.fixed_effects import FIXED_EFFECTS
from analysis.estimation.panel.fixed_effects_poisson import FIXED_EFFECTS_POISSON
from tests.analysis.estimation.panel.small_panel import estimated, gradient, on_panel, panel
from tests.analysis.estimation.small import plain

# Rounding of sums over 500 rows, and of least squares with 150 dummies.
EXACT = 1e-9
# Differences of the fourth order of log-likelihoods of size 1e2.
DIFFERENCED = 1e-6

X = ("networking", "size", "exporter")


def dummies(data: pd.DataFrame) -> Floats:
    firm = data["firm"].to_numpy(dtype=object)
    return (firm[:, None] == np.unique(firm)).astype(float)


def weighted_fit(y: Floats, A: Floats, w: Floats) -> Floats:
    root = np.sqrt(w)
    return np.linalg.lstsq(A * root[:, None], y * root, rcond=None)[0]


def clustered_by_loops(A: Floats, residual: Floats, w: Floats, labels: Floats) -> Floats:
    bread = np.linalg.inv((A.T * w) @ A)
    meat = np.zeros_like(bread)
    for label in set(labels):
        total = sum(
            (w[i] * residual[i] * A[i] for i in np.flatnonzero(labels == label)),
            start=np.zeros(A.shape[1]),
        )
        meat += np.outer(total, total)
    return bread @ meat @ bread


def test_the_row_some_waves_earlier_is_found_across_no_gap() -> None:
    data = panel().sample(frac=1, random_state=1)
    firm, wave = data["firm"].to_numpy(), data["wave"].to_numpy()

    found = {lag: as_firm_waves(firm, wave).earlier(lag) for lag in (1, 2, 3)}

    for lag, rows in found.items():
        for i in range(len(firm)):
            before = np.flatnonzero((firm == firm[i]) & (wave == wave[i] - 2 * lag))
            assert rows[i] == (before[0] if len(before) else -1)


def test_the_within_estimator_is_least_squares_with_a_dummy_for_each_firm() -> None:
    data = panel()
    A = np.hstack([data[list(X)].to_numpy(dtype=float), dummies(data)])
    y, w = data["productivity"].to_numpy(), data["weight_t"].to_numpy()

    model = on_panel(FIXED_EFFECTS, "productivity", X, weight="weight_t")

    beta = weighted_fit(y, A, w)
    V = clustered_by_loops(A, y - A @ beta, w, data["firm"].to_numpy())
    n, firms, k = len(y), 150, 4
    factor = firms / (firms - 1) * (n - 1) / (n - k)
    np.testing.assert_allclose(model.estimates.coefficients[1:], beta[:3], rtol=EXACT)
    np.testing.assert_allclose(
        model.estimates.covariance[1:, 1:], factor * V[:3, :3], rtol=1e-8, atol=1e-14
    )
    assert model.estimates.residual_df == firms - 1


def test_the_intercept_is_the_average_effect_of_the_firms() -> None:
    data = panel()
    A = np.hstack([data[list(X)].to_numpy(dtype=float), dummies(data)])

    model = on_panel(FIXED_EFFECTS, "productivity", X)

    beta = weighted_fit(data["productivity"].to_numpy(), A, np.ones(len(data)))
    effects = A[:, 3:] @ beta[3:]
    assert model.estimates.coefficients[0] == pytest.approx(effects.mean(), rel=EXACT)


def test_the_three_r_squareds() -> None:
    data = panel()
    y = data["productivity"]

    model = on_panel(FIXED_EFFECTS, "productivity", X)

    fitted = data[list(X)] @ model.estimates.coefficients[1:]
    by_firm = pd.DataFrame({"y": y, "fitted": fitted, "firm": data["firm"]}).groupby("firm")
    means, apart = by_firm.mean(), by_firm.transform(lambda each: each - each.mean())
    measures = model.fitted.solution.fit_measures
    left = ((apart["y"] - apart["fitted"]) ** 2).sum() / (apart["y"] ** 2).sum()
    assert measures["within_r_squared"] == pytest.approx(1 - left, rel=EXACT)
    assert measures["between_r_squared"] == pytest.approx(
        np.corrcoef(means["y"], means["fitted"])[0, 1] ** 2, rel=EXACT
    )
    assert measures["overall_r_squared"] == pytest.approx(
        np.corrcoef(y, fitted)[0, 1] ** 2, rel=EXACT
    )


def test_poisson_with_effects_of_firms_maximises_the_multinomial_likelihood() -> None:
    data = panel()
    Z, y = data[list(X)].to_numpy(dtype=float), data["patents"].to_numpy(dtype=float)

    model = on_panel(FIXED_EFFECTS_POISSON, "patents", X, "model")

    firms = [np.flatnonzero(data["firm"] == firm) for firm in data["firm"].unique()]

    def height(beta: Floats) -> float:
        total = 0.0
        for rows in firms:
            share = np.exp(Z[rows] @ beta)
            total += float(y[rows] @ np.log(share / share.sum()))
        return total

    beta = model.estimates.coefficients
    slopes = gradient(height, beta)
    information = -np.array(
        [gradient(lambda b, j=j: gradient(height, b)[j], beta) for j in range(3)]
    )
    np.testing.assert_allclose(slopes, 0, atol=1e-7)
    np.testing.assert_allclose(
        model.estimates.covariance, np.linalg.inv(information), rtol=DIFFERENCED, atol=1e-9
    )


def placed(eta: Floats, yeses: int) -> float:
    """Log of the sum over all ways of choosing the waves of yes."""
    return float(
        np.log(
            sum(np.exp(sum(eta[i] for i in rows)) for rows in combinations(range(len(eta)), yeses))
        )
    )


@pytest.mark.parametrize("waves", [2, 5, 9])
def test_the_conditional_logit_maximises_the_likelihood_of_all_placings(waves: int) -> None:
    random = np.random.default_rng(waves)
    firms = 30
    unit = np.repeat(np.arange(firms), waves)
    Z = random.normal(size=(firms * waves, 2)) + 5
    y = (random.random(len(unit)) < 1 / (1 + np.exp(-(Z[:, 0] - 5)))).astype(float)

    model = estimated(
        CONDITIONAL_LOGIT,
        y,
        plain(a=Z[:, 0], b=Z[:, 1]),
        labels={"unit": unit, "wave": np.tile(np.arange(waves), firms), "cluster": unit},
    )

    def firm_height(beta: Floats, firm: int) -> float:
        rows = unit == firm
        eta = Z[rows] @ beta
        return float(y[rows] @ eta) - placed(eta, int(y[rows].sum()))

    beta = model.estimates.coefficients
    mixed = [i for i in range(firms) if 0 < y[unit == i].sum() < waves]
    scores = np.array([gradient(lambda b, i=i: firm_height(b, i), beta) for i in mixed])
    by_unit = np.array([model.fitted.solution.scores[unit == i].sum(axis=0) for i in mixed])
    back = model.fitted.solution.report
    np.testing.assert_allclose(scores.sum(axis=0), 0, atol=1e-7)
    np.testing.assert_allclose(by_unit, scores @ back, atol=1e-7)


def test_the_chances_of_twenty_waves_are_those_of_all_placings() -> None:
    random = np.random.default_rng(20)
    waves, firms = 20, 6
    unit = np.repeat(np.arange(firms), waves)
    z = random.normal(size=waves * firms)
    y = np.zeros(waves * firms)
    for firm, yeses in enumerate((1, 3, 3, 17, 18, 2)):
        y[firm * waves + random.permutation(waves)[:yeses]] = 1

    model = estimated(
        CONDITIONAL_LOGIT,
        y,
        plain(z=z),
        "model",
        labels={"unit": unit, "wave": np.tile(np.arange(waves), firms)},
    )

    beta = model.estimates.coefficients[0]
    height = sum(
        float(y[unit == i] @ z[unit == i] * beta)
        - placed(z[unit == i] * beta, int(y[unit == i].sum()))
        for i in range(firms)
    )
    assert model.fitted.solution.log_likelihood == pytest.approx(height, rel=EXACT)


@pytest.mark.parametrize("lag", [1, 2])
def test_differences_by_loops(lag: int) -> None:
    data = panel()
    by_key = {
        (row.firm, row.wave): (row.productivity, row.networking, row.size, row.weight_t)
        for row in data.itertuples()
    }
    rows, firms = [], []
    for (firm, wave), now in by_key.items():
        before = by_key.get((firm, wave - 2 * lag))
        if before is not None:
            rows.append([*(a - b for a, b in zip(now[:3], before[:3], strict=True)), now[3]])
            firms.append(firm)
    table = np.array(rows)

    estimator = FIRST_DIFFERENCES if lag == 1 else LONG_DIFFERENCES
    numbers = {} if lag == 1 else {"lag": 2}
    model = on_panel(
        estimator, "productivity", ("networking", "size"), weight="weight_t", numbers=numbers
    )

    A = np.column_stack([np.ones(len(table)), table[:, 1:3]])
    beta = weighted_fit(table[:, 0], A, table[:, 3])
    V = clustered_by_loops(A, table[:, 0] - A @ beta, table[:, 3], np.array(firms))
    ratio = model.estimates.covariance / V
    np.testing.assert_allclose(model.estimates.coefficients, beta, rtol=EXACT)
    np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-7)


def test_a_design_of_strata_and_regions_by_loops() -> None:
    data = panel()
    A = np.hstack([data[list(X)].to_numpy(dtype=float), dummies(data)])
    y, w = data["productivity"].to_numpy(), data["weight"].to_numpy()

    model = on_panel(FIXED_EFFECTS, "productivity", X, "design", weight="weight", cluster="region")

    beta = weighted_fit(y, A, w)
    residual = y - A @ beta
    bread = np.linalg.inv((A.T * w) @ A)
    meat = np.zeros_like(bread)
    for stratum in set(data["stratum"]):
        regions = sorted(set(data.loc[data["stratum"] == stratum, "region"]))
        sums = np.array(
            [
                (A * (w * residual)[:, None])[data["region"].to_numpy() == region].sum(axis=0)
                for region in regions
            ]
        )
        apart = sums - sums.mean(axis=0)
        meat += len(regions) / (len(regions) - 1) * apart.T @ apart
    V = (bread @ meat @ bread)[:3, :3]
    np.testing.assert_allclose(model.estimates.covariance[1:, 1:], V, rtol=1e-8)


def test_the_cross_lagged_pair_by_two_regressions() -> None:
    data = panel()
    before = data.assign(wave=data["wave"] + 2)
    pairs = data.merge(before, on=["firm", "wave"], suffixes=("", "_before"))
    lags = ["productivity_before", "networking_before"]
    A = np.column_stack([np.ones(len(pairs)), pairs[lags]])

    model = on_panel(
        CROSS_LAGGED, "productivity", (), outcomes={"other": data["networking"].to_numpy()}
    )

    fits = [
        weighted_fit(pairs[v].to_numpy(), A, np.ones(len(A)))
        for v in ("productivity", "networking")
    ]
    spread = pairs[["productivity", "networking", *lags]].std()
    derived = model.derived
    assert derived is not None
    np.testing.assert_allclose(model.estimates.coefficients, np.concatenate(fits), rtol=EXACT)
    standardised = [
        fits[0][1] * spread.iloc[2] / spread.iloc[0],
        fits[0][2] * spread.iloc[3] / spread.iloc[0],
        fits[1][1] * spread.iloc[2] / spread.iloc[1],
        fits[1][2] * spread.iloc[3] / spread.iloc[1],
    ]
    np.testing.assert_allclose(derived.coefficients[:4], standardised, rtol=EXACT)
    assert derived.coefficients[4] == pytest.approx(fits[0][2] - fits[1][1], rel=EXACT)
    assert derived.coefficients[5] == pytest.approx(standardised[1] - standardised[2], rel=EXACT)
