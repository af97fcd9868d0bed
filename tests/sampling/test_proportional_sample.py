"""Sampling with probability proportional to size, against another program and exact probabilities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sampling import SamplingRefused
from surveys.sampling.selection import inclusion_probabilities, proportional_sample

# What pysps 0.1.1 (S. Martin), with alpha 0, gives for these sizes and random numbers.
SIZES = np.array([5.0, 1, 3, 40, 2, 8, 0, 13, 21, 1, 55, 6, 9, 4, 30, 2, 2, 7, 12, 100])
ONE = np.zeros(20, dtype=int)
PROBABILITIES = {
    5: "0.0904977376 0.0180995475 0.0542986425 0.7239819005 0.036199095 0.1447963801 0 "
    "0.2352941176 0.3800904977 0.0180995475 0.9954751131 0.1085972851 0.1628959276 0.07239819 "
    "0.5429864253 0.036199095 0.036199095 0.1266968326 0.2171945701 1",
    8: "0.2083333333 0.0416666667 0.125 1 0.0833333333 0.3333333333 0 0.5416666667 0.875 "
    "0.0416666667 1 0.25 0.375 0.1666666667 1 0.0833333333 0.0833333333 0.2916666667 0.5 1",
    12: "0.5 0.1 0.3 1 0.2 0.8 0 1 1 0.1 1 0.6 0.9 0.4 1 0.2 0.2 0.7 1 1",
}
DRAWS = [
    (5, 0, "sequential_poisson", [3, 8, 10, 14, 19]),
    (5, 1, "sequential_poisson", [3, 10, 14, 17, 19]),
    (5, 2, "sequential_poisson", [2, 3, 7, 14, 19]),
    (5, 2, "pareto", [2, 7, 10, 14, 19]),
    (8, 0, "sequential_poisson", [3, 7, 8, 10, 11, 14, 18, 19]),
    (8, 0, "pareto", [3, 5, 8, 10, 11, 14, 18, 19]),
    (8, 1, "sequential_poisson", [3, 4, 8, 10, 14, 17, 18, 19]),
    (8, 1, "pareto", [3, 4, 8, 10, 11, 14, 17, 19]),
    (8, 2, "sequential_poisson", [2, 3, 7, 10, 12, 14, 15, 19]),
    (8, 2, "pareto", [2, 3, 7, 8, 10, 12, 14, 19]),
    (12, 0, "pareto", [0, 3, 5, 7, 8, 10, 11, 12, 13, 14, 18, 19]),
    (12, 1, "sequential_poisson", [3, 4, 5, 7, 8, 10, 11, 12, 14, 17, 18, 19]),
    (12, 1, "pareto", [0, 3, 4, 5, 7, 8, 10, 11, 14, 17, 18, 19]),
]


@pytest.mark.parametrize("number", PROBABILITIES)
def test_probabilities_with_certainty_units_as_pysps(number):
    found = inclusion_probabilities(SIZES, ONE, [number])

    assert found == pytest.approx([float(p) for p in PROBABILITIES[number].split()], abs=1e-9)


@pytest.mark.parametrize(("number", "turn", "scheme", "expected"), DRAWS)
def test_units_drawn_as_pysps(number, turn, scheme, expected):
    numbers = (np.arange(20) * 0.6180339887498949 + 0.37 + 0.21 * turn) % 1
    probability = inclusion_probabilities(SIZES, ONE, [number])

    found = proportional_sample(numbers, ONE, probability, scheme=scheme)

    assert found.unit.tolist() == expected


@st.composite
def frames(draw):
    sizes = draw(st.lists(st.floats(0.01, 1e5), min_size=3, max_size=60))
    stratum = np.array([draw(st.integers(0, 2)) for _ in sizes[3:]] + [0, 1, 2])
    held = np.bincount(stratum)
    drawn = np.array([draw(st.integers(0, int(n))) for n in held])
    return np.array(sizes), stratum, drawn


@given(frames())
def test_probabilities_sum_to_the_sample_and_none_exceeds_one(frame):
    sizes, stratum, drawn = frame

    found = inclusion_probabilities(sizes, stratum, drawn)

    assert ((found >= 0) & (found <= 1)).all()
    assert np.bincount(stratum, weights=found) == pytest.approx(drawn, abs=1e-9)
    for h in range(3):
        some = (stratum == h) & (found < 1)
        if some.any() and found[some].max() > 0:
            assert np.ptp(found[some] / sizes[some]) <= 1e-9 * (found[some] / sizes[some]).max()


@given(frames(), st.integers(0, 99), st.sampled_from(["pareto", "sequential_poisson"]))
def test_the_sample_size_is_fixed_and_certain_units_are_always_in(frame, seed, scheme):
    sizes, stratum, drawn = frame
    probability = inclusion_probabilities(sizes, stratum, drawn)
    numbers = np.random.default_rng(seed).random(len(sizes))

    found = proportional_sample(numbers, stratum, probability, scheme=scheme, start=0.3)

    assert np.bincount(found.stratum, minlength=3).tolist() == drawn.tolist()
    assert set(np.flatnonzero(probability >= 1)) <= set(found.unit.tolist())
    assert (probability[found.unit] > 0).all()
    assert found.probability.tolist() == probability[found.unit].tolist()


def test_equal_sizes_are_simple_random_sampling():
    numbers = np.random.default_rng(1).random(20)
    probability = inclusion_probabilities(np.ones(20), ONE, [6])

    found = proportional_sample(numbers, ONE, probability)

    assert found.unit.tolist() == sorted(np.argsort(numbers)[:6].tolist())


def exact_probabilities(p, scheme):
    """Of inclusion in the n first of independent ranks, by integration over the own rank.

    Unit i is in if fewer than n others rank below it; the number that do is a sum of independent
    Bernoullis, whose distribution is built up unit by unit.
    """
    number = round(float(p.sum()))
    nodes, weights = np.polynomial.legendre.leggauss(150 if scheme == "pareto" else 24)
    # On the unit's own uniform number u the integral is smooth between the kinks.
    kinks = [
        np.unique(np.clip(p_i / p, 0, 1)) if scheme != "pareto" else np.array([0.0, 1]) for p_i in p
    ]
    found = np.empty(len(p))
    for i, p_i in enumerate(p):
        ends = np.unique(np.concatenate([[0.0], kinks[i], [1.0]]))
        u = ((nodes + 1) / 2 * np.diff(ends)[:, None] + ends[:-1, None]).ravel()
        mass = (weights / 2 * np.diff(ends)[:, None]).ravel()
        if scheme == "pareto":
            t = u / (1 - u) * (1 - p_i) / p_i
            below = (t[:, None] * p / (1 - p)) / (1 + t[:, None] * p / (1 - p))
        else:
            below = np.minimum(u[:, None] / p_i * p, 1.0)
        held = np.zeros((len(u), number))
        held[:, 0] = 1
        for j in np.delete(np.arange(len(p)), i):
            q = below[:, j : j + 1]
            held = held * (1 - q) + np.pad(held[:, :-1] * q, ((0, 0), (1, 0)))
        found[i] = mass @ held.sum(axis=1)
    return found


SMALL = np.array([1.0, 2, 3, 4, 5, 6, 8, 10, 12, 15])


@pytest.mark.parametrize(("scheme", "nearness"), [("pareto", 0.013), ("sequential_poisson", 0.12)])
def test_how_near_the_exact_probabilities_of_a_small_stratum_are(scheme, nearness):
    # Three of ten, sizes 1 to 15: about the worst that a stratum of a survey will be.
    p = 3 * SMALL / SMALL.sum()

    exact = exact_probabilities(p, scheme)

    assert exact.sum() == pytest.approx(3)
    worst = np.abs(exact / p - 1).max()
    assert nearness / 3 < worst < nearness


@pytest.mark.parametrize(("scheme", "nearness"), [("pareto", 0.001), ("sequential_poisson", 0.025)])
def test_how_near_they_are_in_a_stratum_of_sixty(scheme, nearness):
    sizes = np.exp(np.random.default_rng(6).normal(0, 0.7, 60))
    p = 15 * np.minimum(sizes, 3) / np.minimum(sizes, 3).sum()

    assert np.abs(exact_probabilities(p, scheme) / p - 1).max() < nearness


@pytest.mark.parametrize("scheme", ["pareto", "sequential_poisson"])
def test_units_are_drawn_as_often_as_the_exact_probabilities_say(scheme):
    p, draws = 3 * SMALL / SMALL.sum(), 20_000
    chance = np.random.default_rng(12)
    # Strata that are copies of one another: 20,000 draws at once.
    stratum = np.repeat(np.arange(draws), 10)

    found = proportional_sample(
        chance.random(10 * draws), stratum, np.tile(p, draws), scheme=scheme
    )

    often = np.bincount(found.unit % 10, minlength=10) / draws
    exact = exact_probabilities(p, scheme)
    error = np.sqrt(exact * (1 - exact) / draws)
    assert (np.abs(often - exact) / error).max() < 4.5


def test_horvitz_thompson_totals_under_pareto_sampling_are_unbiased_to_what_is_stated():
    draws = 4_000
    chance = np.random.default_rng(13)
    size = np.exp(chance.normal(2, 1, 80))
    turnover = size * chance.uniform(0.5, 1.5, 80)
    p = inclusion_probabilities(size, np.zeros(80, dtype=int), [20])
    stratum = np.repeat(np.arange(draws), 80)

    found = proportional_sample(chance.random(80 * draws), stratum, np.tile(p, draws))

    totals = np.bincount(found.stratum, weights=turnover[found.unit % 80] * found.base_weight)
    error = totals.std() / np.sqrt(draws)
    assert abs(totals.mean() - turnover.sum()) < 4 * error + 0.001 * turnover.sum()


def test_waves_on_the_same_numbers_share_most_units_though_sizes_moved():
    chance = np.random.default_rng(14)
    size, numbers, one = (
        np.exp(chance.normal(2, 1, 2_000)),
        chance.random(2_000),
        np.zeros(2_000, int),
    )
    later = size * np.exp(chance.normal(0, 0.1, 2_000))

    waves = [
        set(proportional_sample(numbers, one, inclusion_probabilities(x, one, [300])).unit.tolist())
        for x in (size, later)
    ]
    fresh = proportional_sample(
        chance.random(2_000), one, inclusion_probabilities(later, one, [300])
    )

    assert len(waves[0] & waves[1]) > 260
    assert len(waves[0] & set(fresh.unit.tolist())) < 200


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (lambda: inclusion_probabilities([-1, 2], [0, 0], [1]), "1 units have a negative size"),
        (lambda: inclusion_probabilities([0, 2], [0, 0], [2]), "in which 1 have a positive size"),
        (lambda: proportional_sample([0.1, 0.2], [0, 0], [0.5, 0.6]), "sum to 1.1"),
        (lambda: proportional_sample([0.1, 0.2], [0, 0], [1.5, 0.5]), "from 0 to 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(wish, says):
    with pytest.raises(SamplingRefused, match=says):
        wish()
