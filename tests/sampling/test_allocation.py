import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sampling import AllocationRefused, allocate

POPULATIONS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3), st.integers(1, 5_000), min_size=1, max_size=40
)


@st.composite
def feasible_plans(draw):
    populations = draw(POPULATIONS)
    take_all = draw(st.sets(st.sampled_from(sorted(populations))))
    minimum = draw(st.integers(0, 8))
    lowest = {k: n if k in take_all else min(minimum, n) for k, n in populations.items()}
    total = draw(st.integers(sum(lowest.values()), sum(populations.values())))
    power = draw(st.floats(0, 1))
    return (
        populations,
        lowest,
        {"total": total, "minimum": minimum, "take_all": take_all, "power": power},
    )


@given(feasible_plans())
def test_the_sum_is_exact_and_every_bound_is_kept(plan):
    populations, lowest, wish = plan

    allocation = allocate(populations, **wish)

    assert sum(allocation.values()) == wish["total"]
    assert all(lowest[k] <= allocation[k] <= populations[k] for k in populations)
    assert allocation.keys() == populations.keys()


@given(feasible_plans())
def test_of_two_strata_the_larger_never_gets_less_by_more_than_rounding(plan):
    populations, _, wish = plan
    wish["take_all"] = set()
    wish["total"] = max(
        wish["total"], sum(min(wish["minimum"], count) for count in populations.values())
    )

    allocation = allocate(populations, **wish)

    ordered = sorted(populations, key=populations.__getitem__)
    for smaller, larger in itertools.pairwise(ordered):
        assert allocation[larger] >= allocation[smaller] - 1


def test_proportional_allocation_is_proportional():
    assert allocate({"small": 600, "medium": 300, "large": 100}, total=100) == {
        "small": 60,
        "medium": 30,
        "large": 10,
    }


def test_what_rounding_leaves_goes_to_the_largest_remainders():
    assert allocate({"a": 34, "b": 33, "c": 33}, total=10) == {"a": 4, "b": 3, "c": 3}
    assert allocate({"a": 50, "b": 27, "c": 23}, total=9) == {"a": 5, "b": 2, "c": 2}


def test_a_minimum_is_taken_from_the_others_in_proportion():
    assert allocate({"a": 800, "b": 190, "c": 10}, total=100, minimum=10) == {
        "a": 73,
        "b": 17,
        "c": 10,
    }


def test_a_take_all_stratum_is_drawn_whole():
    assert allocate({"small": 900, "large": 40}, total=100, take_all={"large"}) == {
        "small": 60,
        "large": 40,
    }


def test_power_zero_spreads_evenly_until_a_stratum_is_used_up():
    assert allocate({"a": 1000, "b": 100, "c": 10}, total=90, power=0) == {
        "a": 40,
        "b": 40,
        "c": 10,
    }


def test_neyman_draws_more_where_firms_differ_more():
    assert allocate({"a": 100, "b": 100}, total=40, deviations={"a": 3.0, "b": 1.0}) == {
        "a": 30,
        "b": 10,
    }


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"total": 101}, "frame holds 100 firms"),
        ({"total": 5, "minimum": 3}, "sum to 6"),
        ({"total": 9, "take_all": {"b"}}, "sum to 10"),
        ({"total": 20, "deviations": {"a": 1.0, "b": 0.0}}, "positive deviation: b"),
    ],
)
def test_a_sample_that_the_frame_cannot_give_is_refused_in_words(wish, says):
    with pytest.raises(AllocationRefused, match=says):
        allocate({"a": 90, "b": 10}, **wish)
