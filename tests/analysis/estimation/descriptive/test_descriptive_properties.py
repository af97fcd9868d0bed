"""What every description must be, whatever the data."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.estimation.calibration.margins import table_margin
from analysis.estimation.calibration.raking import post_stratify
from analysis.estimation.descriptive import (
    STATISTICS,
    change,
    contrasts,
    correlations,
    cross_tabulation,
    describe,
    differences,
    kish_effective_size,
    means,
    quantiles,
    ratios,
    shares,
    standard_deviations,
    totals,
    variances,
)
from analysis.estimation.design import survey_design
from analysis.estimation.replication import replicate_weights
from tests.analysis.estimation.small import drawn, fitted

RANDOM = np.random.default_rng(12)
Y, MATRIX, DESIGN = drawn(4)
X = RANDOM.normal(5, 2, len(Y))
REGION = RANDOM.choice(["north", "south", "west"], len(Y))
EVERYONE = np.ones(len(Y), dtype=bool)


def same(one, other, rel=1e-10):
    assert one.estimates.coefficients == pytest.approx(other.estimates.coefficients, rel=rel)
    assert one.estimates.covariance == pytest.approx(other.estimates.covariance, rel=rel)
    assert one.intervals == pytest.approx(other.intervals, rel=rel)


def test_a_row_of_a_single_firm_has_shares_and_no_design_effect():
    rows = np.where(np.arange(len(Y)) == 0, "alone", "others")

    found = cross_tabulation(rows, REGION, design=DESIGN).row_shares

    alone = [place for place, term in enumerate(found.estimates.terms) if "alone" in term]
    assert found.estimates.coefficients[alone].sum() == pytest.approx(1)
    assert np.isnan(found.effects.with_replacement[alone]).all()


def test_the_unit_of_the_weights_changes_totals_only():
    heavier = replace(DESIGN, weight=DESIGN.weight * 7)

    same(means(X, design=heavier), means(X, design=DESIGN))
    same(quantiles(X, [0.3, 0.5], design=heavier), quantiles(X, [0.3, 0.5], design=DESIGN))
    assert totals(X, design=heavier).estimates.std_errors == pytest.approx(
        7 * totals(X, design=DESIGN).estimates.std_errors
    )


def test_weight_zero_is_outside_the_domain():
    outside = X > 6
    unweighted = replace(DESIGN, weight=np.where(outside, 0.0, DESIGN.weight))

    same(means(X, design=unweighted), means(X, design=DESIGN, domain=~outside))


def test_a_missing_answer_is_outside_the_domain_and_counted():
    missing = np.where(X > 6, np.nan, X)

    found = means(missing, design=DESIGN, wording={"y": "Turnover"})

    same(found, means(X, design=DESIGN, domain=X <= 6))
    count = int((X > 6).sum())
    assert found.notes[0] == (
        f"Left out because an answer is missing: {count} of 240 firms (Turnover {count})."
    )


def test_groups_are_domains_described_together():
    groups = means(X, design=DESIGN, by=REGION)

    for position, region in enumerate(["north", "south", "west"]):
        alone = means(X, design=DESIGN, domain=region == REGION)
        assert groups.estimates.terms[position] == f"mean[{region}]"
        assert groups.estimates.coefficients[position] == pytest.approx(
            alone.estimates.coefficients[0]
        )
        assert groups.estimates.covariance[position, position] == pytest.approx(
            alone.estimates.covariance[0, 0]
        )
        assert groups.intervals[position] == pytest.approx(alone.intervals[0])
        assert groups.n[position] == alone.n[0]


def test_dropping_the_other_firms_gives_another_standard_error():
    north = REGION == "north"
    filtered = survey_design(
        count=north.sum(),
        weight=DESIGN.weight[north],
        stratum=DESIGN.stratum[north],
        cluster=np.arange(north.sum()),
    )
    own = replace(DESIGN, cluster=np.arange(len(Y)), population=None)

    wrong = totals(X[north], design=filtered)
    right = totals(X, design=own, domain=north)

    assert right.estimates.coefficients == pytest.approx(wrong.estimates.coefficients)
    assert wrong.estimates.std_errors[0] < 0.9 * right.estimates.std_errors[0]


def test_a_difference_of_means_is_a_regression_on_the_group():
    """A design-based regression on one indicator estimates the same thing by another road."""
    indicator = MATRIX.X[:, 2]

    found = differences(means(X, design=DESIGN, by=indicator)).estimates
    model = fitted(
        X,
        replace(MATRIX, X=MATRIX.X[:, [0, 2]], columns=(MATRIX.columns[0], MATRIX.columns[2])),
        estimator="linear",
        covariance="design",
        design=DESIGN,
    ).estimates

    assert found.terms == ("mean[1] - mean[0]",)
    assert found.coefficients[0] == pytest.approx(model.coefficients[1])
    assert found.std_errors[0] == pytest.approx(model.std_errors[1])


def test_shares_of_the_categories_add_up_to_one():
    found = shares(REGION, design=DESIGN).estimates

    assert found.coefficients.sum() == pytest.approx(1)
    assert found.covariance.sum() == pytest.approx(0, abs=1e-15)


def test_a_share_is_the_mean_of_yes_and_no():
    found, expected = shares(Y, design=DESIGN, interval="wald"), means(Y, design=DESIGN)

    same(found, expected)


def test_a_ratio_to_one_is_a_mean():
    same(ratios(X, np.ones(len(X)), design=DESIGN), means(X, design=DESIGN))


def test_quantiles_follow_a_change_of_scale():
    found, logs = quantiles(np.exp(X), 0.6, design=DESIGN), quantiles(X, 0.6, design=DESIGN)

    assert found.intervals == pytest.approx(np.exp(logs.intervals))
    assert found.estimates.coefficients == pytest.approx(np.exp(logs.estimates.coefficients))


def test_the_median_of_a_tie_is_the_smallest_that_half_do_not_exceed():
    plain = survey_design(count=10)

    assert quantiles(np.arange(1.0, 11), 0.5, design=plain).estimates.coefficients[0] == 5


def test_the_standard_deviation_is_the_root_of_the_variance():
    deviation, variance = (
        function(X, design=DESIGN).estimates for function in (standard_deviations, variances)
    )

    root = np.sqrt(variance.coefficients[0])
    assert deviation.coefficients[0] == pytest.approx(root)
    assert deviation.std_errors[0] == pytest.approx(variance.std_errors[0] / (2 * root))


def test_without_weights_the_variance_is_the_textbook_one():
    assert variances(X, design=survey_design(count=len(X))).estimates.coefficients[
        0
    ] == pytest.approx(X.var(ddof=1))


def test_a_correlation_does_not_depend_on_units():
    one = correlations({"a": X, "b": Y}, design=DESIGN)
    other = correlations({"a": X * 1e6 - 3e8, "b": Y / 7}, design=DESIGN)

    same(one, other, rel=1e-8)


def test_a_large_mean_does_not_cost_the_small_digits():
    far = variances(X + 1e7, design=DESIGN).estimates
    near = variances(X, design=DESIGN).estimates

    assert far.coefficients == pytest.approx(near.coefficients, rel=1e-7)
    assert far.std_errors == pytest.approx(near.std_errors, rel=1e-7)


def test_what_is_the_same_in_all_firms_has_no_standard_error():
    found = means(np.full(len(X), 5.0), design=DESIGN)

    assert found.estimates.coefficients[0] == pytest.approx(5)
    assert np.isnan(found.estimates.std_errors[0])
    assert found.notes[0].startswith("No standard error for 'mean'")


def test_a_quantile_that_many_firms_share_has_no_standard_error():
    found = quantiles(np.repeat([1.0, 2.0, 9.0], [10, 220, 10]), 0.5, design=DESIGN)

    assert list(found.intervals[0]) == [2, 2]
    assert np.isnan(found.estimates.std_errors[0])


def test_an_enumerated_population_has_no_sampling_error():
    census = survey_design(count=len(X), population=np.full(len(X), float(len(X))))

    found = shares(Y, design=census, interval="korn_graubard")

    assert found.estimates.std_errors[0] == 0
    assert list(found.intervals[0]) == [Y.mean(), Y.mean()]
    assert found.notes[0].startswith("Standard error 0 for 'share'")
    assert quantiles(X, 0.5, design=census).estimates.std_errors[0] == 0


def test_korn_graubard_at_zero_is_the_rule_of_three():
    """Clopper-Pearson for no success in n: 1 - 0.025^(1/n)."""
    found = shares(np.zeros(50), design=survey_design(count=50), interval="korn_graubard")

    assert found.intervals[0] == pytest.approx([0, 1 - 0.025 ** (1 / 50)])
    assert shares(np.ones(50), design=survey_design(count=50), interval="korn_graubard").intervals[
        0
    ] == pytest.approx([0.025 ** (1 / 50), 1])


def test_unequal_weights_widen_the_interval_of_a_share_of_zero():
    weights = np.repeat([1.0, 9.0], 25)
    size = kish_effective_size(weights)

    found = shares(
        np.zeros(50), design=survey_design(count=50, weight=weights), interval="korn_graubard"
    )

    assert size == pytest.approx(250**2 / (25 + 25 * 81))
    assert found.intervals[0, 1] == pytest.approx(1 - 0.025 ** (1 / size))


def test_a_simple_sample_has_a_design_effect_of_one():
    n, size = 200, 1000.0
    design = survey_design(count=n, weight=np.full(n, size / n), population=np.full(n, size))

    effects = means(X[:n], design=design).effects

    assert effects.without_replacement == pytest.approx([1])
    assert effects.with_replacement == pytest.approx([1 - n / size])
    assert (effects.kish, effects.effective_n) == (pytest.approx([1]), pytest.approx([n]))


def test_the_order_of_the_firms_does_not_matter():
    order = np.random.default_rng(1).permutation(len(X))
    shuffled = survey_design(
        count=len(X),
        weight=DESIGN.weight[order],
        stratum=DESIGN.stratum[order],
        cluster=DESIGN.cluster[order],
        population=DESIGN.population[order],
    )

    same(means(X[order], design=shuffled, by=REGION[order]), means(X, design=DESIGN, by=REGION))
    same(quantiles(X[order], 0.5, design=shuffled), quantiles(X, 0.5, design=DESIGN))


def test_a_contrast_of_one_term_is_that_term():
    groups = means(X, design=DESIGN, by=REGION)

    found = contrasts(groups, {"south": {"mean[south]": 1.0}})

    assert found.estimates.coefficients[0] == groups.estimates.coefficients[1]
    assert found.estimates.std_errors[0] == pytest.approx(groups.estimates.std_errors[1])
    assert found.intervals[0] == pytest.approx(groups.intervals[1])


def test_the_joint_test_does_not_depend_on_the_base():
    groups = means(X, design=DESIGN, by=REGION)

    one = differences(groups).joint
    other = differences(
        groups, [("mean[north]", "mean[west]"), ("mean[south]", "mean[west]")]
    ).joint

    assert one is not None
    assert other is not None
    assert one.statistic == pytest.approx(other.statistic)
    assert one.numerator_df == 2


def test_the_joint_test_of_one_difference_is_its_squared_t():
    found = differences(means(X, design=DESIGN, by=Y))

    assert found.joint is not None
    assert found.joint.statistic == pytest.approx(found.estimates.statistics[0] ** 2)
    assert found.joint.p_value == pytest.approx(found.estimates.p_values[0])


def test_differences_that_follow_from_one_another_are_not_tested_jointly():
    found = differences(shares(REGION, design=DESIGN))

    assert found.joint is not None
    pairs = [("share[north]", "share[south]"), ("share[south]", "share[north]")]
    assert differences(shares(REGION, design=DESIGN), pairs).joint is None


def test_the_same_firms_in_both_waves_are_a_paired_comparison():
    later = X + RANDOM.normal(size=len(X))
    units = DESIGN.cluster

    found = change(means(X, design=DESIGN), means(later, design=DESIGN), (units, units))

    paired = means(later - X, design=DESIGN).estimates
    assert found.comparison.estimates.coefficients == pytest.approx(paired.coefficients)
    assert found.comparison.estimates.covariance == pytest.approx(paired.covariance)
    assert found.comparison.estimates.residual_df == paired.residual_df


def test_a_number_that_one_file_gives_as_17_and_the_other_as_17_0_is_one_firm():
    waves = means(X, design=DESIGN), means(Y, design=DESIGN)
    units = 1_234_567 + DESIGN.cluster

    found = change(*waves, (units, units.astype(float)))

    assert found.units[2] == len(np.unique(units))


def test_groups_of_long_numbers_are_told_apart():
    found = means(X, design=DESIGN, by=1_234_567.0 + Y)

    assert found.estimates.terms == ("mean[1234567]", "mean[1234568]")


def test_waves_of_other_firms_are_independent():
    found = change(
        means(X, design=DESIGN), means(Y, design=DESIGN), (DESIGN.cluster, DESIGN.cluster + 5000)
    )

    variances_of_both = [means(v, design=DESIGN).estimates.covariance[0, 0] for v in (X, Y)]
    assert found.comparison.estimates.covariance[0, 0] == pytest.approx(sum(variances_of_both))
    assert found.correlation == pytest.approx([0])


def test_the_covariance_of_all_changes_is_one_that_can_be():
    """Whatever the overlap and the sampled shares, no combination has a negative variance."""
    for seed in range(30):
        random = np.random.default_rng(seed)
        sizes = random.integers(3, 9, 2)
        stratum = [np.repeat(["a", "b"], size) for size in sizes]
        descriptions, units = [], []
        for size, labels in zip(sizes, stratum, strict=True):
            population = np.full(2 * size, 9.0)
            design = survey_design(
                count=2 * size,
                weight=9 / size * np.ones(2 * size),
                stratum=labels,
                population=population,
            )
            firms = [label + str(i) for label in "ab" for i in random.permutation(9)[:size]]
            units.append(np.array(firms))
            descriptions.append(
                means(random.normal(size=2 * size), design=design, by=np.tile([0, 1], size))
            )

        found = change(*descriptions, (units[0], units[1]))

        assert np.linalg.eigvalsh(found.comparison.estimates.covariance).min() > -1e-12


def test_a_post_stratified_count_has_no_sampling_error():
    counts = [("north", 900.0), ("south", 700.0), ("west", 500.0)]
    margin = table_margin("region", REGION, counts)

    found = totals(REGION == "north", design=post_stratify(DESIGN, margin)).estimates

    assert found.coefficients == pytest.approx([900])
    assert found.std_errors == pytest.approx([0], abs=1e-9)


@pytest.mark.parametrize("method", ["JKn", "bootstrap"])
def test_replicates_agree_with_linearisation_for_totals(method):
    """Exactly for the jackknife of a total; within chance for the bootstrap."""
    plain = replace(DESIGN, population=None)
    replicated = plain.with_replicates(
        replicate_weights(
            plain, method=method, **({} if method == "JKn" else {"count": 400, "seed": 2})
        )
    )

    linear = totals(X, design=plain).estimates.std_errors
    repeated = totals(X, design=replicated, covariance="replicate").estimates.std_errors

    assert repeated == pytest.approx(linear, rel=1e-10 if method == "JKn" else 0.15)


@pytest.mark.parametrize(
    "function",
    [
        means,
        variances,
        quantiles,
        lambda y, **scope: ratios(y, X + 3, **scope),
        lambda y, **scope: correlations({"a": y, "b": X + y**2}, **scope),
        lambda y, **scope: cross_tabulation(y > 5, REGION, **scope).row_shares,
    ],
)
def test_the_jackknife_of_what_is_not_linear_is_near_linearisation(function):
    plain = replace(DESIGN, population=None)
    replicated = plain.with_replicates(replicate_weights(plain, method="JKn"))

    linear = function(X, design=plain).estimates
    repeated = function(X, design=replicated, covariance="replicate").estimates

    assert repeated.std_errors == pytest.approx(linear.std_errors, rel=0.1)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_every_statistic_can_be_asked_by_name(statistic):
    parts = {"ratio": {"denominator": X}, "cross_tabulation": {"other": REGION}}

    found = describe(statistic, y=Y, design=DESIGN, **parts.get(statistic, {}))

    description = found.shares if statistic == "cross_tabulation" else found
    assert np.isfinite(description.estimates.coefficients).all()
    assert description.n[0] == len(Y)
