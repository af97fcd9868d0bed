"""Enterprise groups as primary sampling units, and how often units were drawn before."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sampling import SamplingRefused
from surveys.sampling.selection import (
    burden,
    establishments_within,
    groups_of,
    inclusion_probabilities,
    permanent_random_numbers,
    proportional_sample,
    simple_sample,
)

OWNER = np.array(["G1", "", "G1", "G2", "G2", "G2", ""])
NAMES = np.array(["a", "b", "c", "d", "e", "f", "g"])
STRATUM = np.array([0, 0, 1, 1, 0, 1, 0])
SIZE = np.array([10.0, 5, 30, 7, 7, 2, 1])


def test_a_group_stands_where_its_largest_establishment_does():
    groups = groups_of(OWNER, NAMES, STRATUM, SIZE)

    assert groups.name.tolist() == ["G1", "G2", "b", "g"]
    # Of G2's two largest, d comes first by its identifier.
    assert groups.stratum.tolist() == [1, 1, 0, 0]
    assert groups.establishments.tolist() == [2, 3, 1, 1]
    assert groups.size.tolist() == [40, 16, 5, 1]
    assert groups.name[groups.code].tolist() == ["G1", "b", "G1", "G2", "G2", "G2", "g"]


def test_all_establishments_of_a_group_have_the_chance_of_the_group():
    groups = groups_of(OWNER, NAMES, STRATUM, SIZE)
    drawn = simple_sample([0.1, 0.6, 0.3, 0.2], groups.stratum, [1, 1])

    found = establishments_within(groups, drawn, np.linspace(0, 0.9, 7))

    assert groups.name[drawn.unit].tolist() == ["G1", "g"]
    assert NAMES[found.unit].tolist() == ["a", "c", "g"]
    assert found.probability.tolist() == [0.5, 0.5, 0.5]
    assert groups.name[found.group].tolist() == ["G1", "G1", "g"]
    assert found.stratum.tolist() == [1, 1, 0]


def test_of_large_groups_a_number_is_drawn_by_their_own_numbers():
    groups = groups_of(OWNER, NAMES, STRATUM, SIZE)
    drawn = simple_sample([0.6, 0.1, 0.3, 0.2], groups.stratum, [2, 1])

    found = establishments_within(groups, drawn, [0.5, 0.5, 0.5, 0.9, 0.1, 0.4, 0.5], most=2)

    assert NAMES[found.unit].tolist() == ["b", "e", "f", "g"]
    assert found.probability == pytest.approx([1, 0.5 * 2 / 3, 0.5 * 2 / 3, 1])


@given(st.integers(0, 500), st.integers(1, 3))
def test_over_strata_the_weights_of_groups_give_the_groups_back(seed, most):
    chance = np.random.default_rng(seed)
    names = np.array([f"E{n:03}" for n in range(120)])
    owner = np.where(
        chance.random(120) < 0.6, np.char.add("G", chance.integers(0, 20, 120).astype(str)), ""
    )
    groups = groups_of(owner, names, np.zeros(120, dtype=int), chance.random(120) + 0.1)
    drawn = simple_sample(
        permanent_random_numbers(groups.name, origin="x", seed=seed),
        groups.stratum,
        [len(groups.name) // 3],
    )

    found = establishments_within(
        groups, drawn, permanent_random_numbers(names, origin="x", seed=seed), most=most
    )

    of_group = np.bincount(found.group, minlength=len(groups.name))[drawn.unit]
    assert (of_group == np.minimum(groups.establishments[drawn.unit], most)).all()
    # Within a group the weights add up to the group's weight times its establishments.
    carried = np.bincount(found.group, weights=found.base_weight, minlength=len(groups.name))
    assert carried[drawn.unit] == pytest.approx(
        drawn.base_weight * groups.establishments[drawn.unit]
    )


def test_groups_can_be_drawn_by_size():
    groups = groups_of(OWNER, NAMES, np.zeros(7, dtype=int), SIZE)
    probability = inclusion_probabilities(groups.size, groups.stratum, [2])

    drawn = proportional_sample([0.5, 0.9, 0.1, 0.2], groups.stratum, probability)

    assert groups.name[drawn.unit][0] == "G1"
    assert drawn.is_certain.tolist() == [True, False]


def test_a_name_for_two_things_is_refused():
    with pytest.raises(SamplingRefused, match="a names a group and an establishment"):
        groups_of(["a", ""], ["x", "a"], [0, 0], [1, 1])
    groups = groups_of(OWNER, NAMES, STRATUM, SIZE)
    with pytest.raises(SamplingRefused, match="At least one"):
        establishments_within(
            groups, simple_sample([0.1] * 4, groups.stratum, [1, 1]), NAMES, most=0
        )


def test_burden_counts_earlier_draws_and_how_long_ago_the_last_was():
    earlier = [["a", "b", "gone"], ["b", "b", "c"], ["d"]]

    found = burden(["a", "b", "c", "d", "new"], earlier)

    assert found.waves.tolist() == [1, 2, 1, 1, 0]
    assert found.since.tolist() == [3, 2, 2, 1, 0]
    assert found.distribution == {0: 1, 1: 3, 2: 1}
    assert burden(["a"], []).distribution == {0: 1}
