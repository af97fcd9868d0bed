"""What every allocation keeps to, whatever the frame."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from surveys.sampling import AllocationRefused
from surveys.sampling.allocation import (
    AllocationResult,
    equal,
    expected_variance,
    from_strata,
    limits,
    neyman,
    optimal,
    power,
    proportional,
)
from surveys.sampling.allocation.spreading import spread


@st.composite
def plans(draw):
    """Bounds, a total that they can give, and deviations, some of them 0."""
    strata = draw(st.integers(1, 25))
    each = st.lists(st.integers(1, 3_000), min_size=strata, max_size=strata)
    population = np.array(draw(each))
    whole = np.array(draw(st.lists(st.booleans(), min_size=strata, max_size=strata)))
    bounds = limits(population, minimum=draw(st.integers(0, 6)), take_all=whole)
    total = draw(st.integers(int(bounds.lower.sum()), int(bounds.upper.sum())))
    width = st.one_of(st.just(0.0), st.floats(0.01, 1e4))
    deviations = np.array(draw(st.lists(width, min_size=strata, max_size=strata)))
    return bounds, total, deviations


METHODS = {
    "equal": lambda bounds, total, _: equal(bounds, total=total),
    "proportional": lambda bounds, total, _: proportional(bounds, total=total),
    "neyman": lambda bounds, total, s: neyman(bounds, total=total, deviations=s),
    "power": lambda bounds, total, s: power(
        bounds, total=total, exponent=0.4, size=bounds.population, variation=s
    ),
}


@pytest.mark.parametrize("method", METHODS)
@given(plan=plans())
def test_the_total_and_every_bound_are_kept(method, plan):
    bounds, total, deviations = plan

    result = METHODS[method](bounds, total, deviations)

    assert result.total == total
    assert (result.drawn >= bounds.lower).all()
    assert (result.drawn <= bounds.upper).all()
    assert result.exact.sum() == pytest.approx(total, abs=1e-6)
    assert np.abs(result.drawn - result.exact).max() < 1 + 1e-6


@pytest.mark.parametrize("method", ["equal", "proportional", "neyman"])
@given(plan=plans())
def test_no_stratum_loses_when_the_sample_grows(method, plan):
    bounds, total, deviations = plan
    larger = min(total + 10, int(bounds.upper.sum()))

    before = METHODS[method](bounds, total, deviations).exact

    assert (METHODS[method](bounds, larger, deviations).exact >= before - 1e-6).all()


@given(plans())
def test_neyman_is_never_less_precise_than_the_others(plan):
    bounds, total, deviations = plan
    of = from_strata(
        population=bounds.population,
        mean=np.ones(len(deviations)),
        deviation=deviations,
        variable="y",
    )

    def variance(method):
        exact = METHODS[method](bounds, total, deviations).exact
        return expected_variance(of, bounds.population, exact)

    # Where nearly all are drawn, what is left of the variance is the rounding of large numbers.
    rounding = 1e-10 * expected_variance(of, bounds.population, np.ones(len(deviations)))
    best = min(variance("equal"), variance("proportional"))
    assert variance("neyman") <= best * (1 + 1e-7) + 1e-6 + rounding


@given(plans(), st.floats(0, 1))
def test_no_budget_is_overspent_nor_enough_left_for_another_firm(plan, share):
    bounds, _, deviations = plan
    cost = np.linspace(1, 3, len(deviations))
    low, high = float(cost @ bounds.lower), float(cost @ bounds.upper)
    budget = low + share * (high - low)

    result = optimal(bounds, budget=budget, deviations=deviations, cost=cost)

    assert cost @ result.drawn <= budget * (1 + 1e-9)
    left = budget - float(cost @ result.drawn)
    open_strata = (result.drawn < bounds.upper) & (result.exact > result.drawn + 1e-6)
    assert not (cost[open_strata] < left * (1 - 1e-9)).any()


def test_the_optimum_under_costs_is_that_of_another_solver():
    chance = np.random.default_rng(3)
    size, deviation = chance.integers(20, 400, 7), chance.uniform(1, 30, 7)
    cost = chance.uniform(1, 9, 7)
    upper, lower = size.astype(float), np.full(7, 2)
    budget = 0.75 * float(cost @ upper)

    found = spread(size * deviation / np.sqrt(cost), lower, size, budget, cost)

    solved = optimize.minimize(
        lambda n: np.sum((size * deviation) ** 2 / n) / 1e6,
        np.minimum(upper, budget / cost.sum()),
        bounds=list(zip(lower, upper, strict=True)),
        constraints={"type": "eq", "fun": lambda n: (cost @ n - budget) / budget},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-14},
    )
    assert found == pytest.approx(solved.x, rel=1e-4)
    assert (found == upper).any(), "a stratum should be full, or the bounds were not tried"


@given(plans())
def test_an_allocation_survives_being_kept_as_plain_data(plan):
    bounds, total, _ = plan
    result = proportional(bounds, total=total)

    again = AllocationResult.from_document(json.loads(json.dumps(result.document())))

    assert again.document() == result.document()


def test_weights_of_an_allocation_give_the_frame_back():
    result = equal(limits([1000, 100, 10]), total=90)

    assert float(result.base_weight @ result.drawn) == pytest.approx(1110)
    assert np.isnan(equal(limits([5, 5]), total=1).base_weight).sum() == 1


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (lambda: proportional(limits([90, 10]), total=101), "100 firms can be drawn"),
        (lambda: proportional(limits([90, 10], minimum=3), total=5), "sum to 6"),
        (lambda: limits([90, 0]), "Strata without a firm: 2"),
        (lambda: limits([90, 10], minimum=5, maximum=4), "exceeds the largest in strata 1, 2"),
        (lambda: limits([90, 10], maximum=0), "below 1 in strata 1, 2: no weight can stand"),
        (lambda: limits([90, 10], maximum=[9, -2]), "below 1 in strata 2: no weight can stand"),
        (lambda: neyman(limits([9, 9]), total=5, deviations=[1.0, -1.0]), "below 0"),
        (
            lambda: power(limits([9, 9]), total=5, exponent=1.5, size=[1, 1]),
            "outside 0 to 1",
        ),
        (lambda: power(limits([9, 9]), total=5, exponent=1, size=[1, 0]), "positive size"),
        (
            lambda: optimal(limits([9, 9], minimum=2), budget=3, deviations=[1, 1], cost=1),
            "cost 4",
        ),
        (lambda: optimal(limits([9, 9]), budget=3, deviations=[1, 1], cost=[1, 0]), "positive"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wish, says):
    with pytest.raises(AllocationRefused, match=says):
        wish()


def test_a_stratum_drawn_whole_needs_no_largest_number():
    bounds = limits([90, 10], take_all=[False, True], maximum=[20, 0])

    assert bounds.upper.tolist() == [20, 10]
