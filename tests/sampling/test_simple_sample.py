"""Sequential simple random sampling on permanent random numbers, and waves coordinated by it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sampling import FrameUnit, SamplingRefused, StratumKey, select
from surveys.sampling.selection import (
    distances,
    expected_overlap,
    permanent_random_numbers,
    rotated_start,
    separate_start,
    simple_sample,
)

ZERO = np.zeros(10, dtype=int)
TENTHS = np.arange(10) / 10


def shuffled(seed, size=400):
    """Numbers, strata and identifiers of a made frame."""
    chance = np.random.default_rng(seed)
    names = np.array([f"R{n:05}" for n in range(size)])
    stratum = np.concatenate([[0, 1, 2], chance.integers(0, 3, size - 3)])
    return permanent_random_numbers(names, origin="frame", seed=seed), stratum, names


def test_numbers_are_a_function_of_identifier_origin_and_seed():
    first = permanent_random_numbers(["A", "B", "C"], origin="2024", seed=1)

    assert permanent_random_numbers(["C", "A", "D"], origin="2024", seed=1)[:2].tolist() == [
        first[2],
        first[0],
    ]
    assert permanent_random_numbers(["A"], origin="2026", seed=1)[0] != first[0]
    assert permanent_random_numbers(["A"], origin="2024", seed=2)[0] != first[0]
    # A number once given is given for ever: this one was written down.
    assert permanent_random_numbers(["NO914778271"], origin="f" * 64, seed=7)[0] == WRITTEN_DOWN


WRITTEN_DOWN = 0.042290306312820825


def test_numbers_are_uniform():
    numbers = permanent_random_numbers(map(str, range(20_000)), origin="x", seed=3)

    assert ((numbers >= 0) & (numbers < 1)).all()
    # Kolmogorov-Smirnov at one in ten thousand.
    gap = np.abs(np.sort(numbers) - np.arange(20_000) / 20_000).max()
    assert gap < 2.23 / np.sqrt(20_000)


@pytest.mark.parametrize(("direction", "expected"), [("up", [0, 8, 9]), ("down", [5, 6, 7])])
def test_the_draw_goes_round_the_circle_in_either_direction(direction, expected):
    found = simple_sample(TENTHS, ZERO, [3], start=0.75, direction=direction)

    assert found.unit.tolist() == expected
    assert found.probability.tolist() == [0.3] * 3
    assert found.base_weight.tolist() == pytest.approx([10 / 3] * 3)


@given(st.integers(0, 1000), st.floats(0, 1), st.sampled_from(["up", "down"]))
def test_the_numbers_are_kept_and_the_frame_is_weighted_back(seed, start, direction):
    numbers, stratum, names = shuffled(seed)
    size = np.bincount(stratum)
    drawn = np.array([size[0], size[1] // 2, 5])

    found = simple_sample(
        numbers, stratum, drawn, start=start, direction=direction, identifiers=names
    )

    assert np.bincount(found.stratum, minlength=3).tolist() == drawn.tolist()
    assert (stratum[found.unit] == found.stratum).all()
    assert len(set(found.unit.tolist())) == len(found.unit)
    assert found.base_weight.sum() == pytest.approx(400)
    assert found.is_certain.sum() == size[0]


@given(st.integers(0, 1000))
def test_the_order_of_the_frame_does_not_matter(seed):
    numbers, stratum, names = shuffled(seed)
    numbers[:20] = 0.5
    order = np.random.default_rng(seed).permutation(400)
    drawn = [20, 30, 40]

    here = simple_sample(numbers, stratum, drawn, identifiers=names)
    there = simple_sample(numbers[order], stratum[order], drawn, identifiers=names[order])

    assert set(names[here.unit]) == set(names[order][there.unit])


def test_units_one_by_one_and_arrays_give_the_same_sample():
    numbers, _, names = shuffled(5)
    units = [FrameUnit(n, "s", "i", "r", u) for n, u in zip(names, numbers, strict=True)]
    key = StratumKey("s", "i", "r")

    one_by_one = {u.identifier for u in select({key: units}, {key: 60}, start=0.9)[key]}

    found = simple_sample(numbers, np.zeros(400, dtype=int), [60], start=0.9)
    assert set(names[found.unit]) == one_by_one


def test_every_unit_is_drawn_equally_often():
    times = np.zeros(50)
    names = [f"U{n}" for n in range(50)]
    for seed in range(4_000):
        numbers = permanent_random_numbers(names, origin="x", seed=seed)
        times[simple_sample(numbers, np.zeros(50, dtype=int), [10]).unit] += 1

    # 800 expected; five standard deviations are 126.
    assert np.abs(times - 800).max() < 126


def drawn_names(numbers, names, rate, start):
    number = int(rate * len(names))
    return set(names[simple_sample(numbers, np.zeros(len(names), int), [number], start=start).unit])


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 1.0])
def test_the_share_that_is_to_rotate_out_does(share):
    numbers, _, names = shuffled(8, size=20_000)

    first = drawn_names(numbers, names, 0.1, rotated_start(0.3, rate=0.1, share=share, wave=0))
    second = drawn_names(numbers, names, 0.1, rotated_start(0.3, rate=0.1, share=share, wave=1))

    # About 2,000 numbers in an arc; its length is known to five standard deviations.
    assert len(first & second) / 2_000 == pytest.approx(1 - share, abs=0.06)
    assert share > 0 or first == second


def test_a_survey_behind_another_avoids_it_until_the_circle_is_used_up():
    numbers, _, names = shuffled(9, size=20_000)
    behind = separate_start(0.95, rate=0.3)

    first = drawn_names(numbers, names, 0.3, 0.95)
    second = drawn_names(numbers, names, 0.3, float(behind))

    assert len(first & second) / 20_000 < 0.02
    assert float(behind) == pytest.approx(0.25)


def test_a_unit_that_is_born_moves_no_more_than_one_other_out():
    numbers, _, names = shuffled(10)
    born = np.append(names, "R99999")
    again = permanent_random_numbers(born, origin="frame", seed=10)

    before = drawn_names(numbers, names, 0.25, 0.4)
    after = drawn_names(again, born, 0.25, 0.4)

    assert again[:-1].tolist() == numbers.tolist()
    assert len(before - after) <= 1


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((0.1, 0.2), (0.1, 0.2), 0.2),
        ((0.1, 0.2), (0.2, 0.2), 0.1),
        ((0.2, 0.2), (0.1, 0.2), 0.1),
        ((0.1, 0.2), (0.3, 0.2), 0.0),
        ((0.9, 0.3), (0.1, 0.2), 0.1),
        ((0.0, 0.7), (0.6, 0.7), 0.4),
        ((0.4, 1.0), (0.7, 0.25), 0.25),
    ],
)
def test_the_expected_overlap_is_the_common_arc(first, second, expected):
    assert expected_overlap(first, second) == pytest.approx(expected)
    points = (np.arange(100_000) + 0.5) / 100_000
    both = (distances(points, first[0]) < first[1]) & (distances(points, second[0]) < second[1])
    assert both.mean() == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (lambda: simple_sample(TENTHS, ZERO, [11]), "stratum 1, which holds 10"),
        (lambda: simple_sample(TENTHS + 0.2, ZERO, [1]), "up to, but not at, 1"),
        (lambda: simple_sample([np.nan, 0.5], [0, 0], [1]), "position 1"),
        (lambda: rotated_start(0, rate=0.1, share=1.5, wave=1), "outside 0 to 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(wish, says):
    with pytest.raises(SamplingRefused, match=says):
        wish()
