"""Bounds of size classes, against Cochran's table and against trying every set of bounds."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.sampling import SamplingRefused
from surveys.sampling.allocation import expected_cvs, total_of
from surveys.sampling.strata import (
    classes_of,
    cumulative_root_frequency,
    lavallee_hidiroglou,
    root_frequency_bounds,
)

# Cochran (1977), section 5A.7: 13,435 US banks by the percentage of loans that are industrial.
BANKS = [3464, 2516, 2157, 1581, 1142, 746, 512, 376, 265, 207]
BANKS += [126, 107, 82, 50, 39, 25, 16, 19, 2, 3]


def test_cochrans_banks_in_five_classes():
    bounds = root_frequency_bounds(BANKS, np.arange(0, 101, 5), classes=5)

    assert bounds.tolist() == [5, 15, 25, 45]


def test_intervals_of_unequal_width_count_by_their_width():
    # Four even firms a unit: one interval of width 3 counts as three of width 1 do.
    even = root_frequency_bounds([4, 4, 4, 4, 4, 4], np.arange(7), classes=3)

    assert even.tolist() == [2, 4]
    assert root_frequency_bounds([8, 4, 4, 8], [0, 2, 3, 4, 6], classes=2).tolist() == [3]


def test_sizes_are_put_into_the_class_above_their_bound():
    assert classes_of([1, 9, 10, 49, 50], [10, 50]).tolist() == [0, 0, 1, 1, 2]


def test_root_frequency_of_a_frame_counts_every_firm():
    sizes = np.exp(np.random.default_rng(2).normal(3, 1, 5_000))

    found = cumulative_root_frequency(np.log(sizes), classes=4)

    assert found.population.sum() == 5_000
    assert (np.diff(found.bounds) > 0).all()
    # For a symmetric size the outer of four classes hold between a tenth and a third.
    assert 0.1 < found.population[0] / 5_000 < 0.34


def criterion(sizes, bounds, cv, power):
    """Firms needed, from the definition; None if some class does not bear it."""
    groups = [sizes[classes_of(sizes, bounds) == h] for h in range(len(bounds) + 1)]
    if min(map(len, groups[:-1])) < 2 or not len(groups[-1]):
        return None
    n_all, mean = len(sizes), sizes.mean()
    weight = np.array([len(g) / n_all for g in groups[:-1]])
    deviation = np.array([np.std(g, ddof=1) for g in groups[:-1]])
    share = weight * deviation
    if power is not None:
        share = (weight * np.array([g.mean() for g in groups[:-1]])) ** power
    if share.sum() == 0:
        return float(len(groups[-1]))
    share = share / share.sum()
    top = sum(w**2 * s**2 / a for w, s, a in zip(weight, deviation, share, strict=True) if s > 0)
    some = top / ((cv * mean) ** 2 + (weight * deviation**2).sum() / n_all)
    if any(some * a > len(g) * (1 + 1e-12) for a, g in zip(share, groups, strict=False)):
        return None
    return len(groups[-1]) + some


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([None, 0.7]), st.sampled_from([3, 4]))
def test_no_set_of_bounds_needs_fewer_firms(seed, power, classes):
    sizes = np.round(np.exp(np.random.default_rng(seed).normal(3, 1.2, 20)), 1)
    places = np.unique(sizes)[1:]
    tried = (
        criterion(sizes, np.array(bounds), 0.06, power)
        for bounds in itertools.combinations(places, classes - 1)
    )
    best = min((n for n in tried if n is not None), default=None)

    if best is None:
        with pytest.raises(SamplingRefused, match="No bounds"):
            lavallee_hidiroglou(sizes, classes=classes, cv=0.06, power=power)
        return
    found = lavallee_hidiroglou(sizes, classes=classes, cv=0.06, power=power)
    assert found.total == pytest.approx(criterion(sizes, found.bounds, 0.06, power))
    assert found.total <= best * 1.005


def test_the_numbers_give_the_precision_and_the_last_class_is_taken_whole():
    sizes = np.round(np.exp(np.random.default_rng(4).normal(3, 1.4, 20_000)), 2)

    found = lavallee_hidiroglou(sizes, classes=5, cv=0.02)

    of = total_of(sizes, classes_of(sizes, found.bounds), variable="size", strata=5)
    assert expected_cvs([of], found.population, found.drawn)[0] == pytest.approx(0.02)
    assert found.drawn[-1] == found.population[-1]
    assert found.total < 0.5 * (np.std(sizes) / sizes.mean() / 0.02) ** 2


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (lambda: lavallee_hidiroglou([1, 2, 2], classes=3, cv=0.1), "of 2 different sizes"),
        (lambda: lavallee_hidiroglou([-1, 2, 3], classes=2, cv=0.1), "must not be negative"),
        (lambda: lavallee_hidiroglou([1, 2, 3], classes=2, cv=0.0), "precision positive"),
        (lambda: cumulative_root_frequency([1, 1, 1], classes=2), "of 1 different sizes"),
        (lambda: root_frequency_bounds([1, 1], [0, 1, 2], classes=3), "too coarse"),
        (lambda: root_frequency_bounds([1, 1], [0, 1, 2], classes=1), "At least two"),
        (lambda: lavallee_hidiroglou([1, np.nan, 3], classes=2, cv=0.1), "position 2"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wish, says):
    with pytest.raises(SamplingRefused, match=says):
        wish()
