"""Expected precision of draws in proportion to size and of groups, against draws made.

The standard deviation of an estimated variance over R draws is about its size times √(2/R),
here 2.2 %; the tolerance is four of these and 1 % for Rosén's approximation.
"""

import numpy as np
import pytest

from surveys.sampling.allocation import expected_variance, total_of
from surveys.sampling.designs import outlook, read, sized, stratified
from surveys.sampling.designs.drawing import drawn_sample
from surveys.sampling.designs.expected import Stages, variance_of_known, variance_of_unknown
from surveys.sampling.designs.frame import FrameColumns
from surveys.sampling.selection import (
    establishments_within,
    groups_of,
    inclusion_probabilities,
    proportional_sample,
    simple_sample,
)

REPEATS = 4_000
NEAR = 4 * (2 / REPEATS) ** 0.5 + 0.01
CHANCE = np.random.default_rng(20261122)
STRATUM = np.repeat([0, 1], [60, 40])
SIZE = np.exp(CHANCE.normal(3, 1, 100))
WORTH = SIZE**0.8 * np.exp(CHANCE.normal(0, 0.4, 100))
DRAWN = np.array([15, 12])


def alone(probability, response=(1.0, 1.0)) -> Stages:
    ones = np.ones(len(probability))
    return Stages(probability, ones, ones, STRATUM, 2, np.array(response))


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["pareto", "sequential_poisson"])
@pytest.mark.parametrize("response", [1.0, 0.6])
def test_the_variance_in_proportion_to_size_is_that_of_many_draws(scheme, response):
    chance = np.random.default_rng(7)
    probability = inclusion_probabilities(SIZE, STRATUM, DRAWN)
    assert (probability == 1).any()
    found = []
    for _ in range(REPEATS):
        drawn = proportional_sample(chance.random(100), STRATUM, probability, scheme=scheme)
        total = 0.0
        for h in (0, 1):
            units = drawn.unit[drawn.stratum == h]
            some = chance.permutation(units)[: round(response * len(units))]
            total += (WORTH[some] / probability[some]).sum() * len(units) / len(some)
        found.append(total)

    rates = np.array([round(response * n) / n for n in DRAWN])
    expected = variance_of_known(WORTH, np.arange(100), alone(probability, rates))

    assert np.var(found) == pytest.approx(expected, rel=NEAR)


def test_with_equal_chances_it_is_the_variance_of_simple_sampling():
    probability = (DRAWN / [60, 40])[STRATUM]
    of_total = total_of(WORTH, STRATUM, variable="worth", strata=2)

    for response in (1.0, 0.5):
        by = alone(probability, (response, response))
        simple = expected_variance(of_total, [60, 40], DRAWN, response)
        assert variance_of_known(WORTH, np.arange(100), by) == pytest.approx(simple)
        spread = np.full(100, 0.24)
        of_share = np.sum(np.array([60, 40]) ** 2 * 0.24 * np.array([60 / 59, 40 / 39])
                          * (1 / (response * DRAWN) - 1 / np.array([60, 40])))  # fmt: skip
        assert variance_of_unknown(spread, 1.0, by) == pytest.approx(of_share)


def grouped(most=2):
    """100 firms, of which the first 60 form 20 groups of one to five."""
    names = np.array([f"F{n:03}" for n in range(100)])
    owner = np.where(np.arange(100) < 60, np.array([f"G{n % 20}" for n in range(100)]), "")
    owner = np.where(np.arange(100) % 7 == 0, "G0", owner)
    groups = groups_of(owner, names, np.zeros(100, int), SIZE)
    firms = groups.establishments.astype(float)
    count = len(firms)
    by = Stages(
        np.full(count, 15 / count),
        firms,
        np.minimum(firms, most),
        np.zeros(count, int),
        1,
        np.array([1.0]),
    )
    return groups, by


def drawn_groups(groups, chance, most=2):
    count = len(groups.name)
    first = simple_sample(chance.random(count), np.zeros(count, int), np.array([15]))
    return establishments_within(groups, first, chance.random(100), most=most)


@pytest.mark.slow
def test_the_variance_of_drawing_groups_first_is_that_of_many_draws():
    groups, by = grouped()
    chance = np.random.default_rng(8)
    found = [
        draw.base_weight @ WORTH[draw.unit]
        for draw in (drawn_groups(groups, chance) for _ in range(REPEATS))
    ]

    assert np.var(found) == pytest.approx(variance_of_known(WORTH, groups.code, by), rel=NEAR)


@pytest.mark.slow
@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_firms_of_a_group_that_answer_alike_widen_a_share_as_far_as_they_do(correlation):
    groups, by = grouped()
    chance = np.random.default_rng(9)
    found = []
    for _ in range(REPEATS):
        shared = chance.normal(size=len(groups.name))[groups.code] * correlation**0.5
        values = shared + chance.normal(size=100) * (1 - correlation) ** 0.5
        draw = drawn_groups(groups, chance)
        found.append(draw.base_weight @ values[draw.unit] - values.sum())

    expected = variance_of_unknown(np.ones(len(groups.name)), correlation, by)

    # The expectation takes the divisor N - 1 of a frame that has its share exactly.
    assert np.var(found) == pytest.approx(expected, rel=NEAR + 1 / len(groups.name))


def frame(owner: list[str]) -> FrameColumns:
    count = len(owner)
    same = np.full(count, "x")
    return FrameColumns(
        identifier=np.array([f"F{n:04}" for n in range(count)]),
        size_class=same, industry=same, region=same, group=np.array(owner),
        number=np.random.default_rng(1).random(count),
        measures={"turnover": np.exp(np.random.default_rng(2).normal(3, 1.2, count))},
    )  # fmt: skip


def told(selection, owner=None, total=40):
    document = {"allocation": {"total": total}, "selection": selection, "seed": 1}
    design = read(document | {"targets": [{"variable": "turnover", "cv": 0.02}]})
    on = stratified(design, frame(owner or [""] * 400), origin="test")
    size = sized(design, on)
    draw = drawn_sample(design, on, size)
    return outlook(design, on, size, draw, starts=np.zeros(len(on.strata.keys)), earlier={})


def test_a_total_is_precise_and_a_share_is_not_where_firms_are_drawn_by_that_size():
    plain = told({})
    by_size = told({"method": "pareto", "size": "turnover"})

    total, share = (by_size["precision"][n]["cv"] for n in (0, 1))
    assert total == pytest.approx(0, abs=1e-7)
    assert by_size["precision"][0]["met"]
    assert not plain["precision"][0]["met"]
    assert share > 1.2 * plain["precision"][1]["cv"]
    assert plain["design_effect"] == pytest.approx(1)
    assert by_size["design_effect"] > 1.5


def test_groups_of_four_that_answer_alike_have_the_design_effect_of_kish():
    owner = [f"G{n // 4:03}" for n in range(400)]

    effects = [
        told({"groups": {"correlation": rho}}, owner)["design_effect"] for rho in (0, 0.5, 1)
    ]

    # 1 + (4 - 1) rho, but for the divisor N - 1 of 100 groups in place of 400 firms.
    assert effects == pytest.approx([1, 2.5, 4], rel=0.01)
    assert told({"groups": {}}, owner)["design_effect"] == pytest.approx(4, rel=0.01)
