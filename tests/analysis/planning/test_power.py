"""The power calculator: against published sizes, its own formula, and what must hold of any test."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.planning.closed_form import closed_form_power, closed_form_size
from analysis.planning.power import (
    Tally,
    closed_form,
    power,
    power_of,
    simulate,
    wilson_interval,
)
from analysis.planning.study import base_odds, effective_size, study
from analysis.refusals import Refusal

HSIEH = {"exposed": 0.5, "rate_without": 0.4, "rate_with": 0.5}


def test_the_size_that_hsieh_bloch_and_larsen_give():
    # Table I of the paper, balanced design with high event rates: 1,281 firms for a power of 95 %.
    assert closed_form_size(power=0.95, **HSIEH) == pytest.approx(1281, abs=1)
    assert closed_form_power(size=1281, **HSIEH) == pytest.approx(0.95, abs=1e-3)


SHARES = st.floats(0.05, 0.95)


@given(SHARES, SHARES, SHARES, st.floats(0.2, 0.99), st.floats(0, 0.9))
def test_power_and_size_are_inverse(exposed, without, with_, wanted, correlation):
    if abs(without - with_) < 0.01:
        with_ = without + (0.02 if without < 0.5 else -0.02)
    parts = {
        "exposed": exposed,
        "rate_without": without,
        "rate_with": with_,
        "correlation": correlation,
    }

    size = closed_form_size(power=wanted, **parts)

    assert closed_form_power(size=size, **parts) == pytest.approx(wanted, abs=1e-9)


# Newcombe (1998), Statistics in Medicine 17, table I, method 3.
@pytest.mark.parametrize(
    ("successes", "trials", "expected"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilsons_interval_as_newcombe(successes, trials, expected):
    assert wilson_interval(successes, trials) == pytest.approx(expected, abs=5e-5)


def one_stratum(number=300, odds_ratio=1.9, **options):
    parts = {"outcome_rate": 0.4, "exposure_share": 0.35} | options
    return study(population=[100_000], drawn=[number], odds_ratio=odds_ratio, **parts)


def test_without_an_effect_the_test_rejects_as_often_as_its_level():
    plan = study(
        population=[4000, 900, 100],
        drawn=[150, 90, 60],
        outcome_rate=[0.3, 0.4, 0.6],
        exposure_share=0.4,
        odds_ratio=1.0,
        response_rate=[0.7, 0.8, 1.0],
    )

    found = power(plan, seed=4, replications=400)

    # Four and a half standard errors of a share of 5 % in 400.
    assert found.power == pytest.approx(0.05, abs=0.049)
    assert found.tally.wrong_side == 0
    assert found.odds_ratio == pytest.approx(1, abs=0.1)


def test_in_a_simple_sample_simulation_and_formula_agree():
    found = power(one_stratum(), seed=5, replications=500)

    assert 0.6 < found.closed_form < 0.9
    assert found.power == pytest.approx(found.closed_form, abs=4 * found.error + 0.01)
    assert found.interval[0] < found.power < found.interval[1]
    assert found.error == pytest.approx(np.sqrt(found.power * (1 - found.power) / 500))
    assert found.odds_ratio == pytest.approx(1.9, rel=0.06)
    assert found.effective_size == 300
    assert found.respondents == 300


def test_under_unequal_weights_and_nonresponse_they_agree_through_the_effective_size():
    plan = study(
        population=[9000, 900, 100],
        drawn=[300, 300, 100],
        outcome_rate=0.4,
        exposure_share=0.35,
        odds_ratio=2.0,
        response_rate=[0.6, 0.7, 0.8],
    )

    found = power(plan, seed=6, replications=500)

    answering = np.array([180, 210, 80])
    weight = np.repeat(np.array([9000, 900, 100]) / answering, answering)
    assert found.effective_size == pytest.approx(weight.sum() ** 2 / (weight @ weight))
    assert found.effective_size < 0.5 * answering.sum()
    assert found.respondents == pytest.approx(470, rel=0.02)
    assert found.power == pytest.approx(found.closed_form, abs=4 * found.error + 0.02)


def test_disproportionate_allocation_costs_power():
    shared = {
        "population": [9000, 1000],
        "outcome_rate": 0.4,
        "exposure_share": 0.35,
        "odds_ratio": 1.8,
    }

    even = power(study(drawn=[360, 40], **shared), seed=7, replications=300)
    uneven = power(study(drawn=[100, 300], **shared), seed=7, replications=300)

    assert uneven.power < even.power - 0.1
    assert uneven.closed_form < even.closed_form - 0.1


def test_the_same_seed_gives_the_same_power_and_parts_add_up():
    plan = one_stratum(120)

    whole = simulate(plan, seed=8, replications=range(30))
    parts = simulate(plan, seed=8, replications=range(12)) + simulate(
        plan, seed=8, replications=range(12, 30)
    )

    assert (parts.rejected, parts.failed) == (whole.rejected, whole.failed)
    assert parts.log_odds == pytest.approx(whole.log_odds)
    assert simulate(plan, seed=9, replications=range(30)).log_odds != whole.log_odds
    assert power(plan, seed=8, replications=30) == power_of(plan, whole)


def test_the_share_with_the_outcome_is_as_stated_whatever_the_odds_ratio():
    for odds_ratio in (0.2, 1.0, 3.0, 40.0):
        plan = study(
            population=[1000, 1000],
            drawn=[50, 50],
            outcome_rate=[0.1, 0.7],
            exposure_share=[0.2, 0.6],
            odds_ratio=odds_ratio,
        )
        base = base_odds(plan)
        with_ = base * odds_ratio
        rate = (1 - plan.exposure_share) * base / (1 + base) + plan.exposure_share * with_ / (
            1 + with_
        )
        assert rate == pytest.approx(plan.outcome_rate)


def test_an_odds_ratio_below_one_has_the_power_of_its_inverse_seen_from_the_other_group():
    one = closed_form(one_stratum(odds_ratio=0.5, exposure_share=0.5))
    other = closed_form(one_stratum(odds_ratio=2.0, exposure_share=0.5))

    assert one == pytest.approx(other)
    assert power(one_stratum(odds_ratio=0.4), seed=3, replications=60).odds_ratio < 0.6


def test_a_finite_population_that_is_nearly_all_asked_is_known_better():
    shared = {
        "population": [400],
        "drawn": [360],
        "outcome_rate": 0.4,
        "exposure_share": 0.4,
        "odds_ratio": 1.5,
    }

    beyond = simulate(study(**shared), seed=2, replications=range(100))
    within = simulate(study(**shared, is_finite=True), seed=2, replications=range(100))

    assert within.log_odds == pytest.approx(beyond.log_odds)
    assert within.rejected > beyond.rejected + 20


def test_surveys_without_an_estimate_are_counted_and_show_nothing():
    plan = one_stratum(25, outcome_rate=0.02, exposure_share=0.1)

    found = power(plan, seed=1, replications=60)

    assert found.tally.failed > 30
    assert found.power <= 1 - found.tally.failed / 60
    silent = simulate(one_stratum(5, response_rate=1e-9), seed=1, replications=range(3))
    assert (silent.failed, silent.respondents) == (3, 0)


def test_strata_of_which_nothing_is_drawn_are_left_out():
    plan = study(
        population=[1000, 50],
        drawn=[200, 0],
        outcome_rate=0.4,
        exposure_share=0.4,
        odds_ratio=2.0,
    )

    assert effective_size(plan) == 200
    assert simulate(plan, seed=1, replications=range(5)).respondents == 1000


def test_tallies_start_at_nothing():
    assert Tally() + Tally(3, 2, 0, 1, 0.5, 90.0) == Tally(3, 2, 0, 1, 0.5, 90.0)


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"drawn": [0]}, "study_without_sample", "draws no firm"),
        ({"drawn": [200_000]}, "study_impossible", "more firms are drawn than there are"),
        ({"outcome_rate": 1.0}, "study_impossible", "outcome rates"),
        ({"exposure_share": 0.0}, "study_impossible", "distant partners"),
        ({"response_rate": 0.0}, "study_impossible", "response rates"),
        ({"odds_ratio": 0.0}, "study_impossible", "odds ratio"),
        ({"level": 1.0}, "study_impossible", "level"),
        ({"drawn": [10, 10]}, "study_impossible", "different strata"),
    ],
)
def test_a_study_that_cannot_be_is_refused_in_words(changed, code, says):
    parts = {
        "population": [100_000],
        "drawn": [100],
        "outcome_rate": 0.4,
        "exposure_share": 0.3,
        "odds_ratio": 2.0,
    }

    with pytest.raises(Refusal, match=says) as refusal:
        study(**parts | changed)

    assert refusal.value.code == code


def test_no_replications_are_refused():
    with pytest.raises(Refusal, match="No survey"):
        power(one_stratum(), seed=1, replications=0)
