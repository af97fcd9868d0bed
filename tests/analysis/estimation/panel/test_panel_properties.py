"""What must hold of panel estimators whatever the data."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.glm import LOGIT_MODEL
from analysis.estimation.margins import average_predictions
from analysis.estimation.panel.correlated_random_effects import CORRELATED_RANDOM_EFFECTS
from analysis.estimation.panel.cross_lagged import CROSS_LAGGED
from analysis.estimation.panel.firm_waves import as_firm_waves
from analysis.estimation.panel.fixed_effects import FIXED_EFFECTS
from analysis.estimation.replication import replicate_weights
from tests.analysis.estimation.panel.small_panel import (
    EVERY,
    X,
    each_estimator,
    estimated,
    of,
    on_panel,
    panel,
)
from tests.analysis.estimation.small import plain

# Rounding of sums over 500 rows.
EXACT = 1e-9
# Two ways to the same summit, each within its own stopping rule.
SUMMIT = 1e-7


@each_estimator
def test_the_order_of_rows_does_not_matter(name: str) -> None:
    shuffled = of(name, panel().sample(frac=1, random_state=3))

    plainly = of(name)
    np.testing.assert_allclose(
        shuffled.estimates.coefficients, plainly.estimates.coefficients, rtol=SUMMIT, atol=1e-10
    )
    np.testing.assert_allclose(
        shuffled.estimates.std_errors, plainly.estimates.std_errors, rtol=SUMMIT
    )


@each_estimator
def test_weights_of_one_change_nothing_and_their_unit_neither(name: str) -> None:
    ones, sevens = (of(name, panel().assign(w=value), weight="w") for value in (1.0, 7.0))

    plainly = of(name)
    for model in (ones, sevens):
        np.testing.assert_allclose(
            model.estimates.coefficients, plainly.estimates.coefficients, rtol=SUMMIT, atol=1e-10
        )
        np.testing.assert_allclose(
            model.estimates.std_errors, plainly.estimates.std_errors, rtol=SUMMIT
        )


@each_estimator
def test_scores_sum_to_zero_under_the_weights(name: str) -> None:
    model = of(name, weight="weight")

    scores, weight = model.fitted.solution.scores, model.fitted.sample.weight
    size = np.sqrt((scores**2).sum(axis=0))
    assert np.all(np.abs(weight @ scores) <= 1e-7 * size)


@each_estimator
def test_a_firm_of_weight_two_counts_as_two_firms_alike(name: str) -> None:
    data = panel()
    twice = data["firm"].isin(sorted(data["firm"].unique())[:40])
    doubled = data.assign(w=np.where(twice, 2.0, 1.0))
    copied = np.concatenate([np.arange(len(data)), np.flatnonzero(twice)])
    copies = data.iloc[copied].reset_index(drop=True)
    copies.loc[len(data) :, "firm"] += "-again"

    weighted, repeated = of(name, doubled, weight="w"), of(name, copies)

    np.testing.assert_allclose(
        weighted.estimates.coefficients, repeated.estimates.coefficients, rtol=SUMMIT, atol=1e-9
    )


@each_estimator
def test_a_warm_start_leads_to_the_same_estimates(name: str) -> None:
    model = of(name)
    solution, sample = model.fitted.solution, model.fitted.sample

    again = EVERY[name][0].solve(sample, solution.coefficients)

    np.testing.assert_allclose(again.coefficients, solution.coefficients, rtol=SUMMIT, atol=1e-10)


@each_estimator
def test_working_coordinates_do_not_depend_on_weights(name: str) -> None:
    model = of(name)
    solution, sample = model.fitted.solution, model.fitted.sample
    firm = as_firm_waves(sample.labels["unit"], sample.labels["wave"]).unit
    weight = np.random.default_rng(4).integers(0, 3, firm.max() + 1)[firm].astype(float)

    again = EVERY[name][0].solve(sample.reweighted(weight), solution.coefficients)

    np.testing.assert_allclose(again.report, solution.report, rtol=1e-12)
    assert np.isfinite(again.coefficients).all()


@each_estimator
def test_each_estimator_says_in_which_order_the_waves_are(name: str) -> None:
    assert "Waves in order: 2010, 2012, 2014, 2016." in of(name).fitted.solution.notes


def test_an_effect_added_to_a_firm_moves_nothing_but_the_level() -> None:
    data = panel()
    effect = data["firm"].str[1:].astype(int) * 10.0
    moved = data.assign(productivity=data["productivity"] + effect)

    there, here = of("fixed_effects", moved), of("fixed_effects")

    np.testing.assert_allclose(
        there.estimates.coefficients[1:], here.estimates.coefficients[1:], rtol=1e-8
    )


def test_with_two_waves_changes_and_deviations_are_one() -> None:
    data = panel().query("wave <= 2012").reset_index(drop=True)

    changes = of("first_differences", data)
    within = of("fixed_effects", data, words={"wave_effects": "yes"})

    np.testing.assert_allclose(
        within.estimates.coefficients[1:4], changes.estimates.coefficients[1:], rtol=EXACT
    )


def test_with_two_waves_the_conditional_logit_is_a_logit_of_changes() -> None:
    data = panel().query("wave <= 2012").reset_index(drop=True)
    now = data.query("wave == 2012").set_index("firm")
    before = data.query("wave == 2010").set_index("firm")
    both = now.join(before.add_suffix("_before"), how="inner")
    both = both[both["innovator"] != both["innovator_before"]]
    changes = {name: both[name] - both[f"{name}_before"] for name in X}

    conditional = of("conditional_logit", data, words={"wave_effects": "yes"}, covariance="model")
    logit = estimated(LOGIT_MODEL, both["innovator"], plain(**changes), "model")

    order = ["networking", "size", "exporter", "wave|2012"]
    assert list(conditional.estimates.terms) == order
    expected = np.roll(logit.estimates.coefficients, -1)
    np.testing.assert_allclose(conditional.estimates.coefficients, expected, rtol=SUMMIT)
    np.testing.assert_allclose(
        conditional.estimates.std_errors, np.roll(logit.estimates.std_errors, -1), rtol=SUMMIT
    )


@pytest.mark.parametrize("weight", [None, "weight", "weight_t"])
def test_the_linear_model_with_means_has_the_slopes_of_the_within_estimator(
    weight: str | None,
) -> None:
    with_means = on_panel(
        CORRELATED_RANDOM_EFFECTS, "productivity", X, weight=weight, words={"response": "linear"}
    )

    within = on_panel(FIXED_EFFECTS, "productivity", X, weight=weight)
    np.testing.assert_allclose(
        with_means.estimates.coefficients[1:4], within.estimates.coefficients[1:], rtol=EXACT
    )


def test_growth_and_level_differ_by_one_in_the_own_lag_alone() -> None:
    level, growth = of("lagged_outcome"), of("lagged_outcome", words={"form": "growth"})

    apart = level.estimates.coefficients - growth.estimates.coefficients
    np.testing.assert_allclose(apart, [0, 1, 0, 0, 0], atol=1e-10)
    np.testing.assert_allclose(level.estimates.std_errors, growth.estimates.std_errors, rtol=EXACT)


def test_the_pair_turned_round_tells_the_same_story() -> None:
    data = panel()
    there = of("cross_lagged")

    back = on_panel(
        CROSS_LAGGED,
        "networking",
        ("size", "exporter"),
        outcomes={"other": data["productivity"].to_numpy()},
    )

    assert there.derived is not None
    assert back.derived is not None
    np.testing.assert_allclose(
        back.derived.coefficients[-2:], -there.derived.coefficients[-2:], rtol=EXACT
    )
    np.testing.assert_allclose(
        back.derived.std_errors[-2:], there.derived.std_errors[-2:], rtol=EXACT
    )


def test_standardised_paths_know_no_units() -> None:
    data = panel()
    other_units = data.assign(productivity=100 * data["productivity"] + 3)

    there, here = of("cross_lagged", other_units), of("cross_lagged")

    assert there.derived is not None
    assert here.derived is not None
    for place in (0, 1, 2, 3, 5):
        assert there.derived.coefficients[place] == pytest.approx(
            here.derived.coefficients[place], rel=EXACT
        )
        assert there.derived.std_errors[place] == pytest.approx(
            here.derived.std_errors[place], rel=EXACT
        )


def test_a_wave_left_out_is_not_bridged() -> None:
    data = panel()
    whole = data.groupby("firm")["wave"].transform("size") == 4
    data = data[whole].reset_index(drop=True)
    holed = data[data["wave"] != 2012].reset_index(drop=True)

    changes = of("first_differences", holed, numbers={"step": 2})

    firms = data["firm"].nunique()
    assert changes.fitted.n == firms
    assert changes.fitted.sample.y.shape == (3 * firms,)


def test_waves_named_by_words_are_taken_in_their_order() -> None:
    names = {2010: "wave 1", 2012: "wave 2", 2014: "wave 3", 2016: "wave 4"}
    named = panel().assign(wave=panel()["wave"].map(names))

    there, here = of("first_differences", named), of("first_differences")

    np.testing.assert_allclose(
        there.estimates.coefficients, here.estimates.coefficients, rtol=1e-14
    )


def test_numbers_written_as_text_are_numbers() -> None:
    waves = as_firm_waves(np.array(["a"] * 3), np.array(["9", "10", "11"], dtype=object))

    assert list(waves.wave) == [0, 1, 2]


def test_the_domain_is_kept_to_in_every_step() -> None:
    data = panel()
    inside = (data["stratum"] == "small").to_numpy()

    there = of("fixed_effects", domain=inside)

    here = of("fixed_effects", data[inside].reset_index(drop=True))
    np.testing.assert_allclose(
        there.estimates.coefficients, here.estimates.coefficients, rtol=EXACT
    )
    assert there.fitted.solution.residual_df == here.fitted.solution.residual_df


def test_year_and_its_square_keep_their_digits() -> None:
    data = panel().assign(year=panel()["wave"].astype(float))
    data["year_squared"] = data["year"] ** 2
    centred = data.assign(year=data["year"] - 2013.0)
    centred["year_squared"] = centred["year"] ** 2

    plainly = on_panel(FIXED_EFFECTS, "productivity", ("size", "year", "year_squared"), data=data)
    apart = on_panel(FIXED_EFFECTS, "productivity", ("size", "year", "year_squared"), data=centred)

    for place in (1, 3):
        assert plainly.estimates.coefficients[place] == pytest.approx(
            apart.estimates.coefficients[place], rel=1e-6
        )
        assert plainly.estimates.std_errors[place] == pytest.approx(
            apart.estimates.std_errors[place], rel=1e-6
        )


@each_estimator
def test_leaving_out_one_firm_at_a_time_agrees_with_clusters(name: str) -> None:
    data = panel()
    firms = data["firm"].isin(sorted(data["firm"].unique())[:60])
    data = data[firms].reset_index(drop=True)
    plain_design = survey_design(count=len(data), cluster=data["firm"])
    design = replace(plain_design, replicates=replicate_weights(plain_design, method="JK1"))

    replicated = of(name, data, covariance="replicate", design=design).estimates.std_errors

    clustered = of(name, data).estimates.std_errors
    np.testing.assert_allclose(replicated, clustered, rtol=0.25)


@pytest.mark.parametrize(
    ("estimator", "words"),
    [
        (FIXED_EFFECTS, {"wave_effects": "yes"}),
        (CORRELATED_RANDOM_EFFECTS, {"response": "linear"}),
    ],
)
def test_average_predictions_leave_waves_and_means_as_they_are(estimator, words) -> None:
    model = on_panel(estimator, "productivity", X, words=words)

    predicted = average_predictions(model.margins(), "networking", [2.0])

    matrix = model.fitted.solution.blocks[0].X.copy()
    matrix[:, 1] = 2.0
    expected = (matrix @ model.estimates.coefficients).mean()
    assert predicted.coefficients[0] == pytest.approx(expected, rel=EXACT)
