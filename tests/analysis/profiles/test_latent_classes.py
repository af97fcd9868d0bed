"""What latent classes do with weights, clusters, blanks and too little to go on."""

import itertools

import numpy as np
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from analysis.estimation.design import survey_design
from analysis.estimation.replication import replicate_weights
from analysis.profiles.choosing import bootstrap_test, drawn_from, side_by_side
from analysis.profiles.curvature import free_parameters, moved, scores_and_information
from analysis.profiles.described import NOT_A_VERDICT
from analysis.profiles.latent_class import latent_classes, scaled_patterns
from analysis.profiles.mixture import Classes, log_likelihood, within_items
from analysis.profiles.responses import responses
from analysis.refusals import Refusal
from tests.analysis.profiles.published import carcinoma, values

TRUE_SHARE = np.array([0.6, 0.4])
TRUE_YES = np.array([[0.9, 0.8, 0.85, 0.3, 0.7], [0.2, 0.3, 0.1, 0.25, 0.15]])


def made(firms, seed, blanks=0.0):
    generator = np.random.default_rng(seed)
    of_class = (generator.random(firms) > TRUE_SHARE[0]).astype(int)
    yes = (generator.random((firms, 5)) < TRUE_YES[of_class]).astype(float)
    yes[generator.random(yes.shape) < blanks] = np.nan
    return {name: yes[:, place] for place, name in enumerate("abcde")}, of_class


def test_three_classes_of_four_yes_or_no_items_are_refused_as_goodman_showed():
    with pytest.raises(Refusal) as refused:
        latent_classes(responses(values()), classes=3, design=survey_design(count=216))

    assert refused.value.code == "not_identified"
    assert "14 parameters" in refused.value.message
    assert "only 13" in refused.value.message


def test_more_parameters_than_frequencies_are_refused_with_the_degrees_of_freedom():
    with pytest.raises(Refusal) as refused:
        latent_classes(responses(values()), classes=4, design=survey_design(count=216))

    assert refused.value.code == "too_many_parameters"
    assert "-4 degrees of freedom" in refused.value.message


def test_scores_and_information_are_the_derivatives_of_the_likelihood():
    columns, _ = made(200, 4, blanks=0.15)
    columns["f"] = np.array(["low", "mid", "high", None] * 50, dtype=object)
    given = responses(columns, {"f": ("low", "mid", "high")})
    found, _ = scaled_patterns(given, np.linspace(0.5, 2, 200), np.ones(200, dtype=bool))
    generator = np.random.default_rng(1)
    here = Classes(
        np.array([0.5, 0.3, 0.2]), within_items(generator.uniform(0.2, 1, (3, 13)), given)
    )
    free = free_parameters(here, given, np.zeros((3, 13), dtype=bool))

    scores, information = scores_and_information(here, found, given, free)

    def gradient(step):
        there = moved(here, given, free, step)
        return found.weight @ scores_and_information(there, found, given, free)[0]

    def height(step):
        return log_likelihood(moved(here, given, free, step), found)

    steps = np.eye(free.count) * 1e-5
    slopes = [(height(step) - height(-step)) / 2e-5 for step in steps]
    curves = np.array([(gradient(step) - gradient(-step)) / 2e-5 for step in steps])
    assert found.weight @ scores == pytest.approx(np.array(slopes), abs=1e-6)
    assert information == pytest.approx(-curves, abs=1e-6)


def test_a_weight_of_two_is_a_firm_twice_for_the_estimates():
    columns, _ = made(300, 2)
    weight = np.where(np.arange(300) % 3 == 0, 2.0, 1.0)
    twice = {name: np.repeat(column, weight.astype(int)) for name, column in columns.items()}

    weighted = latent_classes(
        responses(columns), classes=2, design=survey_design(count=300, weight=weight)
    )
    repeated = latent_classes(responses(twice), classes=2, design=survey_design(count=400))

    assert weighted.estimates.coefficients == pytest.approx(
        repeated.estimates.coefficients, abs=1e-8
    )


def test_firms_repeated_in_clusters_leave_the_standard_errors_as_they_were():
    columns, _ = made(250, 3)
    thrice = {name: np.repeat(column, 3) for name, column in columns.items()}
    alone = latent_classes(responses(columns), classes=2, design=survey_design(count=250))

    together = latent_classes(
        responses(thrice),
        classes=2,
        design=survey_design(count=750, cluster=np.repeat(np.arange(250), 3)),
    )

    assert together.estimates.std_errors == pytest.approx(alone.estimates.std_errors, rel=1e-7)
    assert together.estimates.residual_df == 249


def test_multiplying_all_weights_changes_no_standard_error():
    columns, _ = made(250, 5)
    weight = np.random.default_rng(5).uniform(1, 4, 250)
    one, hundred = (
        latent_classes(
            responses(columns), classes=2, design=survey_design(count=250, weight=weight * factor)
        )
        for factor in (1, 100)
    )

    assert hundred.estimates.std_errors == pytest.approx(one.estimates.std_errors, rel=1e-8)


def test_linearised_and_jackknifed_standard_errors_agree():
    columns, _ = made(240, 6)
    weight = np.random.default_rng(6).uniform(1, 3, 240)
    plain = survey_design(
        count=240, weight=weight, cluster=np.arange(240) // 4, stratum=np.arange(240) // 120
    )
    design = plain.with_replicates(replicate_weights(plain, method="jackknife"))

    linear = latent_classes(responses(columns), classes=2, design=design)
    replicated = latent_classes(
        responses(columns), classes=2, design=design, covariance="replicate"
    )

    assert replicated.estimates.std_errors == pytest.approx(linear.estimates.std_errors, rel=0.15)
    assert replicated.estimates.coefficients == pytest.approx(linear.estimates.coefficients)


def test_blanks_at_random_are_borne():
    columns, of_class = made(3000, 7, blanks=0.2)

    found = latent_classes(responses(columns), classes=2, design=survey_design(count=3000))

    assert found.sizes == pytest.approx(TRUE_SHARE, abs=0.05)
    assert found.probabilities("a")[:, 1] == pytest.approx([0.9, 0.2], abs=0.06)
    right = found.membership.argmax(axis=1) == of_class
    assert right.mean() > 0.85
    assert any("missing at random" in note for note in found.notes)
    assert found.fit.g_squared is None


def test_a_firm_without_any_answer_belongs_nowhere():
    columns, _ = made(200, 8)
    for column in columns.values():
        column[0] = np.nan

    found = latent_classes(responses(columns), classes=2, design=survey_design(count=200))

    assert np.isnan(found.membership[0]).all()
    assert found.fit.n == 199
    assert "1 firms answered none of the items and are left out." in found.notes


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    covered = []
    for seed in range(60):
        columns, _ = made(500, 1000 + seed)
        found = latent_classes(
            responses(columns), classes=2, design=survey_design(count=500), starts=5
        )
        truth = np.concatenate([TRUE_SHARE, np.stack([1 - TRUE_YES, TRUE_YES], axis=2).ravel()])
        covered.append((found.intervals[:, 0] <= truth) & (truth <= found.intervals[:, 1]))

    # 60 samples of 12 distinct parameters: the standard error of the share is about 0.01.
    assert 0.92 <= np.mean(covered) <= 0.98


def test_the_firms_of_a_subpopulation_make_its_classes_and_no_other():
    columns, _ = made(400, 9)
    inside = np.arange(400) < 300
    given = responses(columns)

    of_part = latent_classes(given, classes=2, design=survey_design(count=400), domain=inside)
    alone = latent_classes(
        responses({name: column[inside] for name, column in columns.items()}),
        classes=2,
        design=survey_design(count=300),
    )

    assert of_part.estimates.coefficients == pytest.approx(alone.estimates.coefficients, abs=1e-8)
    assert np.isnan(of_part.membership[300:]).all()


@settings(max_examples=15, deadline=None)
@hypothesis_given(st.permutations("abcde"), st.integers(0, 3))
def test_order_of_items_and_seed_of_the_starts_do_not_matter(order, seed):
    columns, _ = made(300, 10)
    first = latent_classes(responses(columns), classes=2, design=survey_design(count=300))

    other = latent_classes(
        responses({name: columns[name] for name in order}),
        classes=2,
        design=survey_design(count=300),
        seed=seed,
    )

    assert other.sizes == pytest.approx(first.sizes, abs=1e-7)
    for item in columns:
        assert other.probabilities(item) == pytest.approx(first.probabilities(item), abs=1e-7)
    assert other.sizes[0] >= other.sizes[1]


def test_models_stand_side_by_side_and_the_impossible_is_told():
    found = side_by_side(responses(values()), range(1, 5), design=survey_design(count=216))

    assert [candidate.classes for candidate in found] == [1, 2, 3, 4]
    assert found[1].fit.bic < found[0].fit.bic
    assert found[0].fit.entropy_r_squared is None
    assert "only 13 apart" in found[2].refusal
    assert found[3].fit is None


def test_bootstrap_finds_two_classes_in_values_and_no_third_in_made_answers():
    two = bootstrap_test(
        responses(values()), classes=2, design=survey_design(count=216), draws=9, starts=3
    )
    columns, _ = made(400, 11)
    three = bootstrap_test(
        responses(columns), classes=3, design=survey_design(count=400), draws=9, starts=3
    )

    assert two.statistic == pytest.approx(2 * (543.6498 - 504.4677), abs=2e-4)
    assert two.p_value == pytest.approx(1 / 10)
    assert three.p_value > 0.1


def test_firms_drawn_from_classes_answer_as_these_and_leave_the_same_blanks():
    columns, _ = made(4000, 13, blanks=0.1)
    given = responses(columns)
    truth = Classes(TRUE_SHARE, np.stack([1 - TRUE_YES, TRUE_YES], axis=2).reshape(2, -1))

    drawn = drawn_from(truth, given.codes, given, np.random.default_rng(0))

    answered, yes = drawn.weight @ drawn.answered, drawn.weight @ drawn.chosen
    assert answered[::2] == pytest.approx((given.codes >= 0).sum(axis=0))
    expected = TRUE_SHARE @ TRUE_YES
    assert yes[1::2] / answered[::2] == pytest.approx(expected, abs=0.04)


def test_weights_take_the_model_covariance_and_the_bootstrap_test_away():
    columns, _ = made(200, 12)
    design = survey_design(count=200, weight=np.linspace(1, 2, 200))

    for asked in (
        lambda: latent_classes(responses(columns), classes=2, design=design, covariance="model"),
        lambda: bootstrap_test(responses(columns), classes=2, design=design),
    ):
        with pytest.raises(Refusal, match="weight"):
            asked()


def test_a_profile_says_that_it_is_no_verdict():
    found = latent_classes(responses(carcinoma()), classes=2, design=survey_design(count=118))

    assert found.notes[0] == NOT_A_VERDICT
    assert "not a verdict" in NOT_A_VERDICT


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"a": [1.0, 0.0]}, "too_few_items"),
        ({"a": [1.0, 0.0], "b": [1.0, 1.0]}, "one_level"),
        ({"a": [1.0, 0.0] * 15, "b": list(np.linspace(0, 1, 30))}, "too_many_levels"),
    ],
)
def test_items_that_tell_nothing_are_refused(columns, code):
    with pytest.raises(Refusal) as refused:
        responses(columns)

    assert refused.value.code == code


def test_an_answer_outside_the_levels_is_named():
    with pytest.raises(Refusal, match="“7”") as refused:
        responses({"a": [1.0, 7.0], "b": [0.0, 1.0]}, {"a": ("0", "1")})

    assert refused.value.code == "unknown_level"


def test_few_firms_and_no_answers_are_refused():
    grid = np.array(list(itertools.product([0.0, 1.0], repeat=3)))
    few = responses({name: grid[:7, place] for place, name in enumerate("abc")})
    silent = np.zeros(7, dtype=bool)

    with pytest.raises(Refusal) as too_few:
        latent_classes(few, classes=2, design=survey_design(count=7))
    with pytest.raises(Refusal) as nobody:
        latent_classes(few, classes=2, design=survey_design(count=7), domain=silent)

    assert too_few.value.code == "too_few_firms"
    assert nobody.value.code == "no_rows"
