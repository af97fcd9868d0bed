"""What a multilevel model must not depend on, and what it must."""

import numpy as np
import pytest

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.multilevel.after import region_effects
from analysis.estimation.multilevel.linear import MULTILEVEL_LINEAR
from analysis.estimation.multilevel.logit import MULTILEVEL_LOGIT
from tests.analysis.estimation.multilevel.made import (
    LINEAR,
    LOGIT,
    drawn,
    errors,
    model,
    sample_of,
    values,
)
from tests.analysis.estimation.small import plain

# Both sides converge to 1e-10 standard errors.
SAME = 1e-8

BOTH = pytest.mark.parametrize("estimator", [LINEAR, LOGIT])


def outcome(estimator: str, seed: int, **choices):
    growth, product, x, region = drawn(seed, **choices)
    return (growth if estimator == LINEAR else product), x, region


@BOTH
def test_order_of_firms_and_names_of_regions_change_nothing(estimator: str) -> None:
    y, x, region = outcome(estimator, 1)
    shuffled = np.random.default_rng(1).permutation(len(y))
    names = np.array([f"region {(7 * number) % 25}" for number in region])
    one = model(y, plain(x=x), region, estimator=estimator)
    other = model(y[shuffled], plain(x=x[shuffled]), names[shuffled], estimator=estimator)
    assert values(other) == pytest.approx(values(one), rel=SAME)
    assert errors(other) == pytest.approx(errors(one), rel=SAME)


@BOTH
def test_unit_of_a_slope_changes_its_variance_by_the_square(estimator: str) -> None:
    y, x, region = outcome(estimator, 2, regions=40)
    random = np.random.default_rng(2)
    y = y if estimator == LOGIT else y + x * random.normal(size=40)[region]
    if estimator == LOGIT:
        chance = 1 / (1 + np.exp(-(0.5 + x * 1.5 * random.normal(size=40)[region])))
        y = (random.random(len(x)) < chance).astype(float)
    one = model(y, plain(x=x), region, estimator=estimator, slopes="x")
    other = model(y, plain(x=1000 * x), region, estimator=estimator, slopes="x")
    assert values(other)["region_variance|x"] == pytest.approx(
        values(one)["region_variance|x"] / 1e6, rel=1e-7
    )
    assert values(other)["icc"] == pytest.approx(values(one)["icc"], rel=1e-7)
    assert errors(other)["x"] == pytest.approx(errors(one)["x"] / 1000, rel=1e-7)


@BOTH
def test_unit_of_weights_changes_nothing(estimator: str) -> None:
    y, x, region = outcome(estimator, 3)
    random = np.random.default_rng(3)
    within, of_region = random.uniform(1, 4, len(y)), random.uniform(1, 3, 25)[region]
    found = []
    for unit in (1.0, 37.0):
        design = SurveyDesign(weight=unit * within * of_region, stratum=region % 3, cluster=region)
        found.append(
            model(
                y,
                plain(x=x),
                region,
                estimator=estimator,
                design=design,
                within=within,
                covariance="design",
                **_ml(estimator),
            )
        )
    assert values(found[1]) == pytest.approx(values(found[0]), rel=SAME)
    assert errors(found[1]) == pytest.approx(errors(found[0]), rel=SAME)


@BOTH
def test_region_of_weight_two_is_two_regions_alike(estimator: str) -> None:
    y, x, region = outcome(estimator, 4)
    twice = region < 10
    doubled = model(
        np.concatenate([y, y[twice]]),
        plain(x=np.concatenate([x, x[twice]])),
        np.concatenate([region, region[twice] + 100]),
        estimator=estimator,
        **_ml(estimator),
    )
    weighted = model(
        y,
        plain(x=x),
        region,
        estimator=estimator,
        design=survey_design(count=len(y), weight=1.0 + twice, cluster=region),
        within=np.ones(len(y)),
        covariance="design",
        **_ml(estimator),
    )
    assert values(weighted) == pytest.approx(values(doubled), rel=1e-7)


def _ml(estimator: str) -> dict[str, str]:
    return {"method": "ml"} if estimator == LINEAR else {}


def test_equal_weights_within_regions_have_one_scaling() -> None:
    y, x, region = outcome(LINEAR, 5)
    of_region = np.random.default_rng(5).uniform(1, 3, 25)[region]
    design = survey_design(count=len(y), weight=5 * of_region, cluster=region)
    found = [
        values(
            model(
                y,
                plain(x=x),
                region,
                design=design,
                within=np.full(len(y), 5.0),
                scaling=scaling,
                method="ml",
                covariance="design",
            )
        )
        for scaling in ("size", "effective")
    ]
    assert found[0] == pytest.approx(found[1], rel=SAME)


@BOTH
def test_refit_of_a_replicate_is_the_fit_under_its_weights(estimator: str) -> None:
    y, x, region = outcome(estimator, 6)
    replicate = np.where(region == 3, 0.0, 25 / 24)
    solver = MULTILEVEL_LINEAR if estimator == LINEAR else MULTILEVEL_LOGIT
    ones = np.ones(len(y))
    sample = sample_of(y, plain(x=x), region, estimator=estimator, within=ones, **_ml(estimator))
    first = solver.solve(sample, None)
    again = solver.solve(sample.reweighted(replicate), first.coefficients)
    left = region != 3
    fewer = model(y[left], plain(x=x[left]), region[left], estimator=estimator, **_ml(estimator))
    reported = again.report @ again.coefficients
    assert reported == pytest.approx(fewer.estimates.coefficients, rel=1e-7)


@BOTH
def test_effects_are_drawn_towards_zero_the_more_the_fewer_the_firms(estimator: str) -> None:
    y, x, region = outcome(estimator, 7, regions=30, size=12)
    thin = (region >= 15) & (np.arange(len(y)) % 12 > 2)
    y, x, region = y[~thin], x[~thin], region[~thin]
    effects = region_effects(model(y, plain(x=x), region, estimator=estimator))
    assert effects.labels.tolist() == list(range(30))
    assert effects.std_errors[15:, 0].min() > effects.std_errors[:15, 0].max()


def test_more_points_come_nearer_to_the_integral() -> None:
    y, x, region = outcome(LOGIT, 8, size=4, spread=2.0)
    heights = [
        model(y, plain(x=x), region, estimator=LOGIT, points=points).fitted.solution.log_likelihood
        for points in (1, 5, 9, 31)
    ]
    apart = np.abs(np.array(heights[:3]) - heights[3])
    assert apart[0] > apart[1] > apart[2]


def test_effects_averaged_over_regions_are_smaller_than_in_a_typical_region() -> None:
    y, x, region = outcome(LOGIT, 9, regions=40, spread=1.5)
    margins = model(y, plain(x=x), region, estimator=LOGIT).margins()
    typical = model(y, plain(x=x), region, estimator=LOGIT).margins("typical_region")
    averaged = average_marginal_effects(margins).coefficients[0]
    assert 0 < averaged < average_marginal_effects(typical).coefficients[0]


def test_scores_of_firms_stand_in_the_first_row_of_their_region() -> None:
    y, x, region = outcome(LINEAR, 10)
    scores = model(y, plain(x=x), region).fitted.solution.scores
    first = np.unique(region, return_index=True)[1]
    assert np.flatnonzero(np.any(scores != 0, axis=1)).tolist() == first.tolist()
    assert np.abs(scores.sum(axis=0)).max() < 1e-8


def test_design_of_regions_in_one_stratum_is_the_cluster_covariance_up_to_its_factor() -> None:
    y, x, region = outcome(LOGIT, 11)
    design = survey_design(count=len(y), cluster=region)
    found = {
        covariance: model(
            y, plain(x=x), region, estimator=LOGIT, design=design, covariance=covariance
        ).estimates.covariance
        for covariance in ("cluster", "design")
    }
    factor = (len(y) - 1) / (len(y) - 3)
    assert found["cluster"] == pytest.approx(factor * found["design"], rel=SAME)
