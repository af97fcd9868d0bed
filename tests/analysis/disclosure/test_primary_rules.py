"""Rules for single cells, by the arithmetic of the ESSnet handbook (Hundepool et al. 2012)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure.primary import (
    Broken,
    Contributions,
    broken_by_count,
    broken_by_magnitude,
    largest,
)
from analysis.disclosure.rules import DisclosurePolicy
from analysis.refusals import Refusal

# At three firms only concentration decides, as in the handbook's examples.
OFFICIAL = DisclosurePolicy(least_firms=3, p_percent=10.0, dominance=())


def of(*values, weights=None, holdings=None):
    values = np.array(values, dtype=float)
    return Contributions(
        values,
        np.ones(len(values)) if weights is None else np.array(weights, dtype=float),
        None if holdings is None else np.array(holdings, dtype=object),
    )


def rules(contributions, policy):
    return {each.rule: each.protection for each in broken_by_magnitude(contributions, policy)}


def with_rest(total, first, second):
    """A cell of that total whose rest is 100 equal firms."""
    return of(first, second, *[(total - first - second) / 100] * 100)


def test_the_second_largest_firm_bounds_the_first_by_two_per_cent():
    # Handbook, example 1: X = 100 000, x1 = 50 000, x2 = 49 000; 1 000 < 5 000.
    found = rules(with_rest(100_000, 50_000, 49_000), OFFICIAL)

    assert found == {"p_percent": pytest.approx(0.10 * 50_000 - 1_000)}


def test_the_dominance_rule_protects_more_than_the_percentage_it_stands_for():
    # Handbook, example 2: X = 110 000, x1 = 52 000, x2 = 50 000; k = 100 · 100/110 = 90.9.
    cell = with_rest(110_000, 52_000, 50_000)
    dominance = DisclosurePolicy(least_firms=3, p_percent=None, dominance=((2, 100 * 100 / 110),))

    assert rules(cell, OFFICIAL) == {}
    assert rules(cell, dominance) == {"dominance": pytest.approx(1.1 * 102_000 - 110_000)}


def test_contributions_count_as_often_as_their_weights_say():
    # Handbook: 100 with weight 4 and 10 with weight 7 make 470; the two largest are 100 and 100.
    cell = of(100, 10, weights=[4, 7])
    sizes, times = np.array([100.0, 10.0]), np.array([4.0, 7.0])

    assert cell.published == 470
    assert largest(sizes, times, 2) == 200
    assert largest(sizes, times, 5) == 410
    assert largest(np.array([100.0, 10.0]), np.array([1.5, 2.0]), 2) == 155
    expanded = DisclosurePolicy(
        least_firms=3, p_percent=10.0, dominance=((2, 85.0),), judged_on=("expanded",)
    )
    assert set(rules(cell, expanded)) == {"few_firms"}
    # Taken alone, the two firms of the sample tell each other's number.
    sample = DisclosurePolicy(least_firms=3, p_percent=10.0, dominance=(), judged_on=("sample",))
    assert rules(cell, sample)["p_percent"] == pytest.approx(0.1 * 100 * 470 / 110)


def test_weights_below_one_do_not_make_half_a_firm():
    # Two of 100 and twenty of 1: 200 of 220 is more than 85 per cent, 0.2 · 200 of 60 is less.
    cell = of(100, 100, *[1] * 20, weights=[0.2, 0.2, *[1] * 20])
    expanded = DisclosurePolicy(
        least_firms=3, p_percent=None, dominance=((2, 85.0),), judged_on=("expanded",)
    )

    assert set(rules(cell, expanded)) == {"dominance"}


def test_firms_of_one_group_count_as_one():
    apart = of(40, 30, 30, 20, 20)
    together = of(40, 30, 30, 20, 20, holdings=["a", "a", "b", "b", None])
    one = of(40, 30, 30, holdings=["a", "a", "a"])

    assert rules(apart, OFFICIAL) == {}
    assert apart.of_sample().tolist() == [40, 30, 30, 20, 20]
    assert together.of_sample().tolist() == [70, 50, 20]
    assert "few_firms" in rules(one, OFFICIAL)


def test_losses_count_by_their_size():
    assert rules(of(-100, 2, 1), OFFICIAL) == rules(of(100, 2, 1), OFFICIAL)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, ()), (1, (Broken("few_firms", 9.0),)), (9, (Broken("few_firms", 1.0),)), (10, ())],
)
def test_ten_firms_are_enough_and_none_are_no_secret(count, expected):
    assert broken_by_count(count, DisclosurePolicy()) == expected


def test_that_nobody_does_it_may_be_a_secret():
    policy = DisclosurePolicy(zeros_are_safe=False)

    assert broken_by_count(0, policy) == (Broken("few_firms", 10.0),)


@settings(max_examples=200)
@given(
    st.lists(st.floats(0.01, 1e6), min_size=3, max_size=30),
    st.floats(1, 99),
)
def test_the_protection_is_what_makes_the_p_rule_hold(values, p):
    policy = DisclosurePolicy(least_firms=3, p_percent=p, dominance=(), judged_on=("sample",))
    ordered = sorted(values, reverse=True)

    found = rules(of(*values), policy)

    lacking = p / 100 * ordered[0] - sum(ordered[2:])
    if "p_percent" in found:
        # With that much more in the rest, the rule holds to the digit.
        assert found["p_percent"] == pytest.approx(lacking, rel=1e-6, abs=1e-6 * ordered[0])
        assert lacking > 0
    else:
        assert lacking <= 1e-9 * sum(ordered)


@settings(max_examples=100)
@given(st.lists(st.floats(0.01, 1e4), min_size=3, max_size=20), st.floats(50, 99))
def test_what_two_firms_do_not_dominate_the_matching_percentage_lets_pass(values, k):
    """Handbook, statement A: safe by (2, k) is safe by p = 100 (100 - k) / k."""
    matching = 100 * (100 - k) / k
    by_two = DisclosurePolicy(
        least_firms=3, p_percent=None, dominance=((2, k),), judged_on=("sample",)
    )
    by_p = DisclosurePolicy(
        least_firms=3, p_percent=min(matching, 100.0), dominance=(), judged_on=("sample",)
    )

    if not rules(of(*values), by_two):
        assert not rules(of(*values), by_p)


def test_a_rule_on_the_largest_firm_alone_is_refused():
    with pytest.raises(Refusal, match="second largest"):
        DisclosurePolicy(p_percent=None, dominance=((1, 85.0),))


@pytest.mark.parametrize(
    "given",
    [
        {"least_firms": 2},
        {"p_percent": 0.0},
        {"dominance": ((2, 100.0),)},
        {"judged_on": ()},
        {"least_residual_df": 0},
    ],
)
def test_rules_that_protect_nobody_are_refused(given):
    with pytest.raises(Refusal) as refused:
        DisclosurePolicy(**given)

    assert refused.value.code == "policy_unusable"


def test_a_wave_may_be_stricter_than_its_survey_and_no_looser():
    survey = DisclosurePolicy(zeros_are_safe=False)

    assert survey.tightened(least_firms=20, second_person=True).least_firms == 20
    for change in (
        {"least_firms": 5},
        {"p_percent": None},
        {"most_fit": 0.99},
        {"dominance": ()},
        {"judged_on": ("sample",)},
        {"zeros_are_safe": True},
    ):
        with pytest.raises(Refusal) as refused:
            survey.tightened(**change)
        assert refused.value.code == "policy_loosened"
    with pytest.raises(Refusal):
        survey.tightened(second_person=True).tightened(second_person=False)


def test_a_policy_is_kept_and_read_again():
    policy = DisclosurePolicy(
        least_firms=4, dominance=((2, 80.0), (3, 90.0)), judged_on=("sample",)
    )

    assert DisclosurePolicy.from_document(policy.to_document()) == policy
    with pytest.raises(Refusal, match="“secrecy”"):
        DisclosurePolicy.from_document({"secrecy": 1})
