"""What a snapshot says of its variables without its data."""

import json

import numpy as np
import pytest

from analysis import snapshots
from analysis.constructs import vocabulary
from analysis.snapshots.distributions import LEAST_AT_AN_END, distribution
from analysis.snapshots.portions import vocabulary_in_portions
from tests.analysis.datasets import EVERY_CONSTRUCT, dataset_of
from tests.analysis.snapshots.made import known, written
from tests.analysis.test_pipeline import made_dataset


@pytest.fixture(scope="module")
def dataset():
    return known(made_dataset())


def test_every_name_that_a_plan_may_use_has_its_line(dataset):
    profile = snapshots.profile_of(dataset)

    assert {each.name for each in profile.variables} == set(vocabulary(dataset))
    assert profile.firms == len(dataset.frame)
    assert {each.name for each in profile.variables if each.is_answer} == {
        each.name for each in dataset.variables
    }


def test_what_is_counted_is_what_the_data_hold(dataset):
    known_names = vocabulary(dataset)

    for each in snapshots.profile_of(dataset).variables:
        measured = known_names[each.name]
        assert each.missing == measured.missing.sum()
        assert each.n + each.missing == len(dataset.frame)
        assert sum(one.count for one in each.bins) == each.n
        if each.kind != "category":
            assert each.mean == pytest.approx(np.nanmean(measured.values.astype(float)))


def test_it_is_read_from_the_snapshot_as_it_was_made(dataset):
    assert snapshots.read_profile(written(dataset)) == snapshots.profile_of(dataset)


def test_it_goes_through_json(dataset):
    profile = snapshots.profile_of(dataset)
    document = json.loads(json.dumps(profile.document(), allow_nan=False))

    assert snapshots.Profile.again(document) == profile


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("source", ["made", "every construct"])
def test_portions_of_firms_give_what_all_firms_at_once_give(dataset, size, source):
    held = dataset if source == "made" else dataset_of(EVERY_CONSTRUCT)
    whole = vocabulary(held)
    found = {each.name: each for each in vocabulary_in_portions(held, size)}

    assert list(found) == list(whole)
    for name, each in found.items():
        assert each.values.dtype == whole[name].values.dtype
        assert list(map(repr, each.values)) == list(map(repr, whole[name].values))
        assert (each.label, each.codes, each.kind) == (
            whole[name].label, whole[name].codes, whole[name].kind,
        )  # fmt: skip


def test_neither_the_lowest_nor_the_highest_value_of_a_firm_is_told():
    values = np.concatenate([np.arange(100, 200), [3.0, 987_654.0]])
    told = distribution(values, "continuous", ())

    assert sum(each.count for each in told) == 102
    assert told[0].label.startswith("under ")
    assert told[-1].label.endswith(" or more")
    assert min(told[0].count, told[-1].count) >= LEAST_AT_AN_END
    assert "987" not in "".join(each.label for each in told)


def test_a_rare_value_at_the_end_is_not_told():
    told = distribution(np.array([0.0] * 20 + [1.0] * 20 + [7.0]), "continuous", ())

    assert [(each.label, each.count) for each in told] == [("under 1", 20), ("1 or more", 21)]


def test_codes_come_in_the_order_of_the_codebook_with_those_that_nobody_gave():
    told = distribution(
        np.array(["b", "b", "x"], dtype=object), "category", (("a", "A"), ("b", "B"))
    )

    assert [(each.label, each.count) for each in told] == [("A", 0), ("B", 2), ("x", 1)]


def test_nothing_is_known_of_what_all_firms_miss():
    assert distribution(np.array([]), "continuous", ()) == ()
    assert [each.count for each in distribution(np.array([]), "category", (("a", "A"),))] == [0]
