"""Multilevel models that cannot be estimated honestly are refused in words."""

from collections.abc import Callable

import numpy as np
import pytest

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.multilevel.after import one_more_effect, region_effects
from analysis.estimation.multilevel.contextual import region_means
from analysis.refusals import Refusal
from tests.analysis.estimation.multilevel.made import LOGIT, drawn, model, sample_of, values
from tests.analysis.estimation.small import plain


def refused(act: Callable[[], object], code: str, words: str) -> None:
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.code == code
    assert words in caught.value.message


def test_two_regions_are_too_few() -> None:
    y, _, x, region = drawn(1, regions=2, size=20)
    refused(lambda: model(y, plain(x=x), region), "too_few_regions", "in 2 regions")


def test_nine_regions_are_few_and_it_is_said() -> None:
    y, _, x, region = drawn(2, regions=9)
    notes = model(y, plain(x=x), region).fitted.solution.notes
    assert any("Only 9 regions" in note for note in notes)


def test_regions_of_one_firm_show_no_difference_between_regions_and_firms() -> None:
    y, _, x, _ = drawn(3, regions=20, size=2)
    refused(
        lambda: model(y, plain(x=x), np.arange(len(y))), "regions_of_one_firm", "No region has two"
    )


def test_slope_of_a_variable_that_describes_regions_is_refused() -> None:
    y, _, x, region = drawn(4)
    context = np.random.default_rng(1).normal(size=25)[region]
    refused(
        lambda: model(y, plain(x=x, universities=context), region, slopes="universities"),
        "slope_without_within_variation",
        "'universities' is the same for all firms of a region",
    )


def test_slope_of_a_year_counted_from_the_birth_of_christ_is_refused() -> None:
    y, _, x, region = drawn(20)
    refused(
        lambda: model(y, plain(year=2020 + x), region, slopes="year"),
        "slope_far_from_zero",
        "The values of 'year' lie so far from zero",
    )


def test_slope_of_what_is_not_a_regressor_is_refused() -> None:
    y, _, x, region = drawn(5)
    refused(lambda: model(y, plain(x=x), region, slopes="x, z"), "slope_not_in_model", "'z' cannot")


def test_more_slopes_than_quadrature_can_carry_are_refused() -> None:
    _, y, x, region = drawn(6)
    random = np.random.default_rng(2)
    X = plain(x=x, **{name: random.normal(size=len(x)) for name in "abc"})
    refused(
        lambda: model(y, X, region, estimator=LOGIT, slopes="x,a,b"), "too_many_slopes", "allows 2"
    )


def test_context_variables_that_leave_no_region_spare_are_refused() -> None:
    y, _, x, region = drawn(7, regions=4, size=10)
    random = np.random.default_rng(3)
    context = {name: random.normal(size=4)[region] for name in ("a", "b", "c")}
    refused(
        lambda: model(y, plain(x=x, **context), region), "too_few_regions_for_context", "4 regions"
    )


def test_context_variables_with_few_regions_each_are_noted() -> None:
    y, _, x, region = drawn(8, regions=15)
    random = np.random.default_rng(4)
    context = {name: random.normal(size=15)[region] for name in ("a", "b")}
    capital = (region < 2).astype(float)
    notes = model(y, plain(x=x, capital=capital, **context), region).fitted.solution.notes
    assert any("fewer than 10 for each" in note for note in notes)
    assert any("'capital' rests on 2 regions" in note for note in notes)


def test_variance_of_zero_is_reported_as_zero_and_the_model_is_that_of_one_level() -> None:
    random = np.random.default_rng(5)
    region = np.repeat(np.arange(20), 5)
    x = random.normal(size=100)
    y = x + np.tile(random.normal(size=5), 20) + 0.01 * random.normal(size=100)
    fitted = model(y, plain(x=x), region)
    assert fitted.estimates.terms == ("(Intercept)", "x", "log_sigma")
    assert any("estimated as zero" in note for note in fitted.fitted.solution.notes)
    assert fitted.fitted.solution.fit_measures["regions_p_value"] == 1.0
    X = np.column_stack([np.ones(100), x])
    least_squares, rest = np.linalg.lstsq(X, y, rcond=None)[:2]
    assert fitted.estimates.coefficients[:2] == pytest.approx(least_squares, rel=1e-10)
    assert values(fitted)["residual_variance"] == pytest.approx(rest[0] / 98, rel=1e-10)
    expected = rest[0] / 98 * np.linalg.inv(X.T @ X)
    assert fitted.estimates.covariance[:2, :2] == pytest.approx(expected, rel=1e-10)
    refused(lambda: region_effects(fitted), "no_region_effects", "estimated as zero")


def test_logit_with_a_variance_of_zero_is_the_logit_of_one_level() -> None:
    random = np.random.default_rng(6)
    region, y = np.repeat(np.arange(30), 6), np.tile([0.0, 1, 0, 1, 0, 1], 30)
    x = random.normal(size=180)
    fitted = model(y, plain(x=x), region, estimator=LOGIT)
    assert fitted.estimates.terms == ("(Intercept)", "x")
    assert fitted.derived is None
    assert any("estimated as zero" in note for note in fitted.fitted.solution.notes)


def test_slope_that_does_not_vary_over_regions_is_refused() -> None:
    region = np.repeat(np.arange(12), 5)
    x = np.tile([-2.0, -1, 0, 1, 2], 12)
    y = np.random.default_rng(7).normal(size=12)[region] + x + np.tile([1.0, -1, 0, -1, 1], 12)
    refused(
        lambda: model(y, plain(x=x), region, slopes="x"),
        "random_effects_degenerate",
        "random coefficient of 'x' does not vary",
    )


def test_restricted_likelihood_is_refused_under_weights() -> None:
    y, _, x, region = drawn(9)
    weight = np.random.default_rng(8).uniform(1, 3, 25)[region]
    design = survey_design(count=len(y), weight=weight, cluster=region)
    act = lambda: model(  # noqa: E731
        y, plain(x=x), region, design=design, within=np.ones(len(y)), covariance="design"
    )
    refused(act, "reml_with_weights", "not defined under sampling weights")


def test_weights_of_one_level_only_are_refused() -> None:
    y, _, x, region = drawn(10)
    design = survey_design(count=len(y), weight=np.linspace(1, 2, len(y)), cluster=region)
    refused(
        lambda: model(y, plain(x=x), region, design=design, method="ml", covariance="design"),
        "level_weights_missing",
        "weights of both levels",
    )


def test_weights_of_a_region_that_differ_between_its_firms_are_refused() -> None:
    y, _, x, region = drawn(11)
    design = survey_design(count=len(y), weight=np.linspace(1, 2, len(y)), cluster=region)
    choices = {"design": design, "method": "ml", "covariance": "design"}
    refused(
        lambda: model(y, plain(x=x), region, within=np.ones(len(y)), **choices),
        "region_weight_varies",
        "differs within '0'",
    )
    refused(
        lambda: model(y, plain(x=x), region, within=np.zeros(len(y)), **choices),
        "level_weights_wrong",
        "200 are not",
    )


def test_words_and_numbers_that_mean_nothing_are_refused() -> None:
    y, product, x, region = drawn(12)
    design = survey_design(count=len(y), weight=np.full(len(y), 2.0), cluster=region)
    refused(lambda: model(y, plain(x=x), region, method="mm"), "method_unknown", "'mm'")
    refused(
        lambda: model(
            y,
            plain(x=x),
            region,
            design=design,
            within=np.ones(len(y)),
            method="ml",
            scaling="three",
            covariance="design",
        ),
        "scaling_unknown",
        "'three'",
    )
    for points in (0, 2.5, 60):
        refused(
            lambda points=points: model(
                product, plain(x=x), region, estimator=LOGIT, points=points
            ),
            "points_wrong",
            "points of quadrature",
        )


def test_sampled_units_inside_a_region_are_refused() -> None:
    y, _, x, region = drawn(13)
    halves = region * 2 + np.arange(len(y)) % 2
    refused(
        lambda: model(
            y,
            plain(x=x),
            region,
            covariance="design",
            design=survey_design(count=len(y), cluster=halves),
        ),
        "region_split",
        "Firms of one region are in several clusters",
    )


def test_clusters_are_the_regions_whatever_the_design_unless_others_are_named() -> None:
    y, _, x, region = drawn(13)
    halves = region * 2 + np.arange(len(y)) % 2
    split = survey_design(count=len(y), cluster=halves)

    plainly = model(y, plain(x=x), region, covariance="cluster")
    under_design = model(y, plain(x=x), region, covariance="cluster", design=split)

    np.testing.assert_array_equal(plainly.estimates.std_errors, under_design.estimates.std_errors)


def test_regions_inside_a_sampled_unit_are_allowed() -> None:
    y, _, x, region = drawn(14)
    pairs = region // 2
    fitted = model(
        y,
        plain(x=x),
        region,
        covariance="design",
        design=SurveyDesign(weight=np.ones(len(y)), stratum=pairs % 2, cluster=pairs),
    )
    assert fitted.spread.n_clusters == 13


def test_separated_outcomes_are_refused() -> None:
    _, y, x, region = drawn(15)
    refused(lambda: model(y, plain(x=x, sure=y), region, estimator=LOGIT), "separation", "'sure'")
    apart = (region < 12).astype(float)
    refused(
        lambda: model(apart, plain(x=x), region, estimator=LOGIT),
        "random_effects_run_away",
        "all firms have growth",
    )


def test_outcome_of_regions_is_not_one_of_firms() -> None:
    _, _, x, region = drawn(16)
    y = np.random.default_rng(9).normal(size=25)[region]
    refused(
        lambda: model(y, plain(x=x), region),
        "outcome_constant_within_regions",
        "same for all firms of a region",
    )


def test_outcome_that_the_terms_reproduce_is_refused() -> None:
    _, _, x, region = drawn(17)
    refused(lambda: model(2 * x, plain(x=x), region), "perfect_fit", "exactly")


def test_models_that_differ_in_more_than_a_slope_are_not_compared() -> None:
    y, _, x, region = drawn(18)
    z = np.random.default_rng(10).normal(size=len(x))
    smaller, larger = (
        model(y, plain(x=x), region),
        model(y, plain(x=x, z=z), region, method="ml"),
    )
    refused(lambda: one_more_effect(larger, smaller), "not_nested", "more than one random slope")


def test_weights_below_zero_make_no_mean() -> None:
    refused(
        lambda: region_means(np.ones(2), np.array(["a", "a"]), np.array([1.0, -1.0])),
        "weight_negative",
        "1 weights",
    )


def test_sample_of_a_model_keeps_its_words() -> None:
    y, _, x, region = drawn(19)
    assert sample_of(y, plain(x=x), region, slopes="x").words == {"slopes": "x"}
