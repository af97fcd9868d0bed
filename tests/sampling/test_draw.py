import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sampling import FrameUnit, SamplePlan, StratumKey, design_weight, draw, select


def make_frame(number: int, seed: int = 7) -> list[FrameUnit]:
    numbers = random.Random(seed)
    return [
        FrameUnit(
            identifier=f"R{index:05}",
            size_class=numbers.choices(["small", "medium", "large"], [70, 25, 5])[0],
            industry=numbers.choice(["goods", "services"]),
            region=numbers.choice(["coast", "inland"]),
            permanent_random_number=numbers.random(),
        )
        for index in range(number)
    ]


@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_plan_and_seed_always_give_the_same_sample_whatever_the_order_of_the_frame(seed, shuffler):
    frame = make_frame(300)
    plan = SamplePlan(size=60, minimum=2, take_all=("large",))
    first = draw(frame, plan, seed=seed)

    shuffler.shuffle(frame)

    assert draw(frame, plan, seed=seed) == first


@given(st.integers(0, 2**32), st.integers(0, 200))
def test_weights_of_the_sample_sum_to_the_frame(seed, extra):
    frame = make_frame(400)
    sample = draw(frame, SamplePlan(size=100 + extra, minimum=1), seed=seed)

    total = sum(s.weight.design_weight * s.drawn for s in sample)

    assert total == pytest.approx(400, rel=1e-12)
    assert sum(stratum.drawn for stratum in sample) == 100 + extra


def test_no_unit_is_drawn_twice_and_every_unit_stays_in_its_stratum():
    sample = draw(make_frame(500), SamplePlan(size=200), seed=3)

    units = [unit for stratum in sample for unit in stratum.units]

    assert len({unit.identifier for unit in units}) == 200
    assert all(unit.stratum == stratum.key for stratum in sample for unit in stratum.units)


def test_the_draw_goes_round_the_circle_of_random_numbers():
    key = StratumKey("small", "goods", "coast")
    units = [FrameUnit(f"U{n}", "small", "goods", "coast", n / 10) for n in range(10)]

    chosen = select({key: units}, {key: 3}, start=0.75)[key]

    assert [unit.identifier for unit in chosen] == ["U8", "U9", "U0"]


def test_over_many_seeds_every_unit_of_a_stratum_is_drawn_equally_often():
    frame = [FrameUnit(f"U{n}", "small", "goods", "coast", n / 50) for n in range(50)]
    plan = SamplePlan(size=10, minimum=1)

    times = Counter(
        unit.identifier
        for seed in range(4_000)
        for stratum in draw(frame, plan, seed=seed)
        for unit in stratum.units
    )

    assert min(times.values()) > 650
    assert max(times.values()) < 950


def test_two_waves_with_the_same_seed_overlap_and_with_distant_starts_hardly():
    frame = make_frame(400)
    here = {u.identifier for s in draw(frame, SamplePlan(size=80), seed=1) for u in s.units}
    again = {u.identifier for s in draw(frame, SamplePlan(size=100), seed=1) for u in s.units}

    assert len(here & again) >= 78


def test_a_stratum_of_which_nothing_is_drawn_is_kept_without_a_weight():
    frame = [FrameUnit(f"A{n}", "small", "goods", "coast", n / 100) for n in range(99)]
    frame.append(FrameUnit("B0", "large", "goods", "coast", 0.5))

    sample = draw(frame, SamplePlan(size=5, minimum=0), seed=1)

    assert [(s.key.label, s.population, s.drawn, s.weight) for s in sample if not s.drawn] == [
        ("large · goods · coast", 1, 0, None)
    ]


def test_a_weight_is_the_inverse_of_the_chance():
    weight = design_weight(population=40, drawn=10)

    assert (weight.inclusion_probability, weight.design_weight) == (0.25, 4.0)


@pytest.mark.parametrize(("population", "drawn"), [(10, 0), (10, 11), (0, 0)])
def test_no_weight_is_made_up_for_what_was_not_drawn(population, drawn):
    with pytest.raises(ValueError, match="drawn from a stratum"):
        design_weight(population=population, drawn=drawn)
