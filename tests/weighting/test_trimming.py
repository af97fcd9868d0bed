"""Trimming: bounds kept, sums kept, costs shown."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mathematics.refusals import Refusal
from surveys.weighting import Trimming, cost, distribution, weigh

WEIGHT = np.array([1.0, 2.0, 3.0, 4.0, 30.0])


def test_what_is_cut_goes_to_the_others_in_proportion() -> None:
    found = weigh(WEIGHT, [Trimming(upper=20.0)])

    assert found.final == pytest.approx([2, 4, 6, 8, 20])


def test_or_in_equal_parts() -> None:
    found = weigh(WEIGHT, [Trimming(upper=20.0, spread="equal")])

    assert found.final == pytest.approx([3.5, 4.5, 5.5, 6.5, 20])


def test_a_weight_that_is_pushed_over_the_bound_is_cut_in_turn() -> None:
    found = weigh([1.0, 9.0, 30.0], [Trimming(upper=15.0)]).final

    assert found == pytest.approx([10, 15, 15])


def test_bounds_that_leave_the_sum_as_it_was_need_no_others() -> None:
    assert weigh([1.0, 5.0], [Trimming(lower=2.0, upper=4.0)]).final == pytest.approx([2, 4])


def test_small_weights_are_raised_at_the_cost_of_the_others() -> None:
    # The third is pushed under the bound by what the first two get, and is raised in turn.
    found = weigh(WEIGHT, [Trimming(lower=3.0)])

    assert found.final == pytest.approx([3, 3, 3, 4 * 31 / 34, 30 * 31 / 34])


def test_bounds_may_be_multiples_of_the_median_or_quantiles() -> None:
    weight = np.array([1.0] * 8 + [5.0, 10.0])

    by_median = weigh(weight, [Trimming(upper=4.0, rule="median")]).final
    by_quantile = weigh(weight, [Trimming(upper=0.95, rule="quantile")]).final

    assert by_median == pytest.approx([15 / 8] * 8 + [4, 4])
    assert by_quantile.max() == pytest.approx(7.75)


def test_each_group_keeps_its_own_sum() -> None:
    group = np.array(["a", "a", "a", "b", "b"])

    found = weigh(WEIGHT, [Trimming(upper=20.0, group=group)]).final

    assert found == pytest.approx([1, 2, 3, 14, 20])


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({"upper": 5.0}, "trimming_no_room"),
        ({"upper": 2.0, "lower": 3.0}, "trimming_bounds"),
        ({"upper": 1.5, "rule": "quantile"}, "trimming_bounds"),
        (
            {"upper": 9.0, "group": np.array(["a", None, "a", "a", "a"], dtype=object)},
            "trimming_group_missing",
        ),
    ],
)
def test_bounds_that_cannot_be_kept_are_refused(choices, code) -> None:
    with pytest.raises(Refusal) as refused:
        weigh(WEIGHT, [Trimming(**choices)])

    assert refused.value.code == code
    assert refused.value.remedy


def test_the_step_tells_what_it_did() -> None:
    (adjustment,) = weigh(WEIGHT, [Trimming(upper=20.0)]).adjustments

    assert adjustment.notes == (
        "1 weights became smaller and 4 larger; the design effect of weighting went from 2.906 to 1.625",
    )


def test_the_cost_of_trimming_in_totals_and_precision() -> None:
    after = weigh(WEIGHT, [Trimming(upper=20.0)]).final
    employees = np.array([10.0, 10.0, 10.0, 10.0, 100.0])

    found = cost(WEIGHT, after, {"employees": employees})

    assert found.totals["employees"] == pytest.approx((3100, 2200))
    assert found.relative("employees") == pytest.approx(-9 / 31)
    assert found.changed == 5
    assert found.moved == pytest.approx(10 / 40)
    assert found.before.design_effect == pytest.approx(5 * 930 / 1600)
    assert found.after.design_effect == pytest.approx(5 * 520 / 1600)


def test_a_total_of_nothing_has_no_relative_change() -> None:
    assert np.isnan(cost(WEIGHT, WEIGHT, {"x": np.zeros(5)}).relative("x"))


weights = st.lists(st.floats(0.1, 1000), min_size=2, max_size=40).map(np.array)


@given(weights, st.floats(1.2, 4), st.sampled_from(["proportional", "equal"]))
def test_weights_end_within_their_bounds_with_the_sum_they_had(weight, multiple, spread) -> None:
    upper = multiple * weight.mean()

    found = weigh(weight, [Trimming(upper=upper, spread=spread)]).final

    assert found.sum() == pytest.approx(weight.sum())
    assert np.all(found <= upper * (1 + 1e-9))


@given(weights, st.floats(1.2, 4))
def test_trimming_from_above_in_proportion_keeps_the_order_of_weights(weight, multiple) -> None:
    found = weigh(weight, [Trimming(upper=multiple * weight.mean())]).final
    order = np.argsort(weight)

    assert np.all(np.diff(found[order]) >= -1e-9 * found.max())


@given(weights, st.floats(0.1, 0.9))
def test_twice_trimmed_is_trimmed_once(weight, share) -> None:
    step = Trimming(lower=share * weight.mean() / 2, upper=2 * weight.mean())
    try:
        once = weigh(weight, [step]).final
    except Refusal:
        assume(False)

    assert weigh(weight, [step, step]).final == pytest.approx(once, rel=1e-9)


@given(weights)
def test_the_effective_number_is_at_most_the_number(weight) -> None:
    found = distribution(weight)

    assert 1 - 1e-9 <= found.effective <= found.count * (1 + 1e-12)
    assert found.design_effect == pytest.approx(1 + found.variation**2, rel=1e-6)
    assert found.quantiles[0.5] == pytest.approx(np.median(weight))
