"""Multivariate optimal allocation, against published optima and another solver."""

import numpy as np
import pytest
from scipy import optimize

from surveys.sampling import AllocationRefused, PrecisionRefused
from surveys.sampling.allocation import (
    Target,
    bethel,
    deviation_of_share,
    expected_cvs,
    from_strata,
    limits,
    neyman,
)

# Valliant, Dever & Kreuter (2018), example 5.2: 50,568 establishments in five sectors.
SECTORS = np.array([6221, 11738, 4333, 22809, 5467])
COST = np.array([120.0, 80, 80, 90, 150])
RESEARCH, OFFSHORE = np.array([0.8, 0.2, 0.5, 0.3, 0.9]), np.array([0.06, 0.03, 0.03, 0.21, 0.77])


def of(variable, mean, deviation):
    return from_strata(population=SECTORS, mean=mean, deviation=deviation, variable=variable)


REVENUE = of("revenue", [85, 11, 23, 17, 126], [170, 8.8, 23, 25.5, 315])
EMPLOYEES = of("employees", [511, 21, 70, 32, 157], [255.5, 5.25, 35, 32, 471])
CREDIT = of("research credit", RESEARCH, deviation_of_share(RESEARCH, SECTORS))
AFFILIATES = of("offshore", OFFSHORE, deviation_of_share(OFFSHORE, SECTORS))
THREE = [Target(EMPLOYEES, 0.05), Target(CREDIT, 0.03), Target(AFFILIATES, 0.03)]


def test_the_optimum_of_valliant_dever_and_kreuter():
    # They minimise the CV of revenue within a budget of 300,000 under the other targets and find
    # 0.04658888 (Table 5.4, three solvers). The cheapest way to that CV must cost 300,000.
    found = bethel(limits(SECTORS, minimum=100), [Target(REVENUE, 0.04658888), *THREE], cost=COST)

    assert np.rint(found.allocation.exact).tolist() == [413, 318, 124, 1397, 596]
    assert COST @ found.allocation.exact == pytest.approx(300_000, abs=1)
    assert [each.is_binding for each in found.targets] == [True, False, False, True]
    assert [each.expected for each in found.targets] == pytest.approx(
        [0.04658888, 0.0239, 0.0208, 0.03], rel=2e-3
    )


def test_the_cheapest_allocation_as_svyplan():
    # The R package svyplan says that 265,192 is the least that the three targets cost.
    found = bethel(limits(SECTORS, minimum=100), THREE, cost=COST)

    assert COST @ found.allocation.exact == pytest.approx(265_192, abs=0.5)
    assert found.gap < 1e-9
    assert found.cost == pytest.approx(265_192, abs=COST.sum())


def problems():
    """Random frames of 12 strata, 3 variables, 3 domains each; some strata small."""
    for seed in range(12):
        chance = np.random.default_rng(seed)
        size = chance.integers(8, 900, 12)
        domain = np.arange(12) // 4
        targets = [
            Target(
                from_strata(
                    population=size,
                    mean=chance.uniform(5, 20, 12),
                    deviation=chance.gamma(2, 6, 12),
                    variable=f"y{variable}",
                    inside=domain == d,
                    domain=f"domain {d}",
                ),
                float(chance.uniform(0.03, 0.09)),
            )
            for variable in range(3)
            for d in range(3)
        ]
        yield size, targets, chance.uniform(1, 4, 12)


@pytest.mark.parametrize(("size", "targets", "cost"), list(problems()))
def test_no_other_solver_finds_a_cheaper_one(size, targets, cost):
    found = bethel(limits(size, minimum=2), targets, cost=cost)
    estimands, wanted = [t.estimand for t in targets], np.array([t.cv for t in targets])

    solved = optimize.minimize(
        lambda n: cost @ n / 1000,
        size * 0.9,
        jac=lambda _: cost / 1000,
        bounds=list(zip(np.full(12, 2), size, strict=True)),
        constraints={
            "type": "ineq",
            "fun": lambda n: 1 - (expected_cvs(estimands, size, n) / wanted) ** 2,
        },
        method="SLSQP",
        options={"maxiter": 1000, "ftol": 1e-13},
    )

    assert cost @ found.allocation.exact == pytest.approx(float(cost @ solved.x), rel=1e-5)
    assert (expected_cvs(estimands, size, found.allocation.exact) <= wanted * (1 + 1e-6)).all()


@pytest.mark.parametrize(("size", "targets", "cost"), list(problems()))
def test_whole_numbers_meet_every_target_and_none_can_be_spared(size, targets, cost):
    found = bethel(limits(size, minimum=2), targets, cost=cost)
    estimands, wanted = [t.estimand for t in targets], np.array([t.cv for t in targets])
    drawn = found.allocation.drawn

    assert (expected_cvs(estimands, size, drawn) <= wanted * (1 + 1e-6)).all()
    assert (drawn >= np.minimum(2, size)).all()
    assert (drawn <= size).all()
    for h in np.flatnonzero(drawn > 2):
        fewer = drawn - np.eye(12, dtype=int)[h]
        assert (expected_cvs(estimands, size, fewer) > wanted).any()


def test_one_target_gives_neymans_allocation():
    found = bethel(limits(SECTORS), [Target(REVENUE, 0.05)]).allocation

    again = neyman(limits(SECTORS), total=found.total, deviations=np.sqrt(REVENUE.variance))

    assert found.exact / found.exact.sum() == pytest.approx(
        again.exact / again.exact.sum(), rel=1e-6
    )


def test_where_the_optimum_exceeds_the_stratum_it_is_taken_whole():
    size = np.array([1000, 12])
    estimand = from_strata(population=size, mean=[1, 500], deviation=[1, 900], variable="y")

    found = bethel(limits(size, minimum=2), [Target(estimand, 0.02)])

    assert found.allocation.take_all.tolist() == [False, True]


def test_the_saving_of_a_wider_target_is_what_it_saves():
    targets = [Target(REVENUE, 0.04658888), *THREE]
    wider = [Target(REVENUE, 0.04658888 * 1.001), *THREE]
    bounds = limits(SECTORS, minimum=100)

    found = bethel(bounds, targets, cost=COST)
    saved = COST @ (found.allocation.exact - bethel(bounds, wider, cost=COST).allocation.exact)

    assert found.targets[0].saved / 10 == pytest.approx(saved, rel=0.01)


def test_expected_nonresponse_asks_for_more():
    full = bethel(limits(SECTORS), [Target(REVENUE, 0.05)]).allocation.exact

    half = bethel(limits(SECTORS), [Target(REVENUE, 0.05)], response_rate=0.5).allocation.exact

    assert half == pytest.approx(2 * full, rel=1e-6)


def test_a_stratum_that_no_target_touches_gets_its_minimum():
    size = np.array([100, 100])
    estimand = from_strata(population=size, mean=[5, 0], deviation=[4, 0], variable="y")

    assert bethel(limits(size), [Target(estimand, 0.1)]).allocation.drawn[1] == 0
    assert bethel(limits(size, minimum=3), [Target(estimand, 0.1)]).allocation.drawn[1] == 3


def test_a_target_that_nobody_can_meet_is_named_with_what_is_possible():
    with pytest.raises(PrecisionRefused) as refusal:
        bethel(limits(SECTORS, maximum=200), [Target(REVENUE, 0.0466), *THREE])

    best = expected_cvs([REVENUE], SECTORS, [200] * 5)[0]
    assert "revenue in all firms: 4.66% wanted, 7.99% possible" in str(refusal.value)
    assert "employees" not in str(refusal.value)
    assert refusal.value.possible["revenue", "all firms"] == pytest.approx(best)
    assert refusal.value.needed is None


def test_nonresponse_can_put_a_target_out_of_reach_even_of_a_census():
    size = np.array([60])
    estimand = from_strata(population=size, mean=[10.0], deviation=[9.0], variable="y")

    with pytest.raises(PrecisionRefused, match="raise the response rate"):
        bethel(limits(size), [Target(estimand, 0.05)], response_rate=0.4)


def test_targets_that_need_too_many_firms_say_how_many_and_what_the_allowed_number_gives():
    with pytest.raises(PrecisionRefused) as refusal:
        bethel(limits(SECTORS, minimum=100), THREE, most=2000)

    possible = refusal.value.possible
    assert refusal.value.needed > 2000
    within = [Target(t.estimand, possible[t.estimand.variable, "all firms"]) for t in THREE]
    assert bethel(limits(SECTORS, minimum=100), within, most=2000).allocation.total <= 2000
    tighter = [Target(t.estimand, t.cv * 0.997) for t in within]
    with pytest.raises(PrecisionRefused):
        bethel(limits(SECTORS, minimum=100), tighter, most=2000)


def test_fewer_firms_than_the_minimum_of_all_strata_are_refused():
    with pytest.raises(PrecisionRefused, match="sum to 500"):
        bethel(limits(SECTORS, minimum=100), THREE, most=400)


def test_fewer_firms_than_the_strata_that_targets_rest_on_are_refused():
    with pytest.raises(PrecisionRefused, match=r"sum to 5: .* at least one of every stratum"):
        bethel(limits(SECTORS), THREE, most=4)


NOTHING = from_strata(population=SECTORS, mean=[0] * 5, deviation=[1] * 5, variable="nothing")


@pytest.mark.parametrize(
    ("targets", "options", "says"),
    [
        ([], {}, "at least one"),
        ([Target(REVENUE, 0.0)], {}, "revenue in all firms must be above 0"),
        ([Target(NOTHING, 0.1)], {}, "nothing in all firms is 0"),
        ([Target(REVENUE, 0.1)], {"cost": 0}, "Costs must be positive"),
        ([Target(REVENUE, 0.1)], {"response_rate": 1.2}, "response rates above 0"),
    ],
)
def test_what_has_no_meaning_is_refused(targets, options, says):
    with pytest.raises(AllocationRefused, match=says):
        bethel(limits(SECTORS), targets, **options)
