"""Plans as documents: what is read, what is refused, and what a frame gives."""

import re

import numpy as np
import pytest

from surveys.sampling import PrecisionRefused, SamplingRefused
from surveys.sampling.designs import (
    DesignErrors,
    Earlier,
    FrameColumns,
    drawn_sample,
    outlook,
    read,
    sized,
    starts_of,
    stratified,
)
from surveys.sampling.selection import permanent_random_numbers

PLAN = {"allocation": {"method": "proportional", "total": 60}, "seed": 4}


def made_frame(number=600) -> FrameColumns:
    names = np.array([f"R{n:04}" for n in range(number)])
    positions = np.arange(number)
    return FrameColumns(
        identifier=names,
        size_class=np.where(positions % 20 == 0, "large", "small"),
        industry=np.array(["goods", "services", "rare"])[np.where(positions < 6, 2, positions % 2)],
        region=np.array(["coast", "inland"])[positions // 7 % 2],
        group=np.where(positions % 10 < 3, np.char.add("G", (positions // 10).astype(str)), ""),
        number=permanent_random_numbers(names.tolist(), origin="test", seed=1),
        measures={"employees": np.where(positions % 20 == 0, 300.0, 10.0 + positions % 40)},
    )


def result_of(document, frame=None, earlier=None):
    design = read(document)
    on = stratified(design, made_frame() if frame is None else frame, origin="survey")
    size = sized(design, on)
    draw = drawn_sample(design, on, size, earlier=earlier)
    starts = starts_of(design, on, earlier)
    return on, draw, outlook(design, on, size, draw, starts=starts, earlier={})


@pytest.mark.parametrize(
    ("document", "code", "where"),
    [
        ([], "wrong_shape", "plan"),
        (PLAN | {"weights": 1}, "unknown_key", "weights"),
        ({"seed": 1}, "missing_key", "allocation"),
        (PLAN | {"seed": -1}, "bad_number", "seed"),
        (PLAN | {"seed": True}, "bad_number", "seed"),
        (PLAN | {"strata": {"by": ["colour"]}}, "unknown_value", "strata.by[1]"),
        (
            PLAN | {"strata": {"by": ["region"], "take_all": ["x"]}},
            "unknown_key",
            "strata.take_all",
        ),
        (PLAN | {"strata": {"take_all": ["x", "x"]}}, "named_twice", "strata.take_all[2]"),
        (
            PLAN | {"strata": {"size": {"measure": "employees", "bounds": [50, 10]}}},
            "bad_number",
            "strata.size.bounds[2]",
        ),
        (PLAN | {"strata": {"certain": {}}}, "missing_key", "strata.certain"),
        (PLAN | {"strata": {"collapse": {"below": 1}}}, "bad_number", "strata.collapse.below"),
        (PLAN | {"allocation": {"total": 0}}, "bad_number", "allocation.total"),
        (PLAN | {"allocation": {"total": float("nan")}}, "bad_number", "allocation.total"),
        (PLAN | {"allocation": {"total": 5, "cost": 2}}, "unknown_key", "allocation.cost"),
        (
            PLAN | {"allocation": {"method": "neyman", "total": 5}},
            "missing_key",
            "allocation.variable",
        ),
        (
            PLAN | {"allocation": {"total": 9, "minimum": 5, "maximum": 3}},
            "bad_number",
            "allocation.minimum",
        ),
        (PLAN | {"allocation": {"method": "bethel"}}, "missing_key", "targets"),
        (
            PLAN | {"targets": [{"share": 0.3, "variable": "x", "cv": 1}]},
            "missing_key",
            "targets[1]",
        ),
        (PLAN | {"targets": [{"share": 0.3, "cv": 0}]}, "bad_number", "targets[1].cv"),
        (PLAN | {"selection": {"method": "pareto"}}, "missing_key", "selection.size"),
        (PLAN | {"selection": {"size": "employees"}}, "unknown_key", "selection.size"),
        (
            PLAN | {"selection": {"rotation": {"wave": "2024", "rotate": 2}}},
            "bad_number",
            "selection.rotation.rotate",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_place_and_remedy(document, code, where):
    with pytest.raises(DesignErrors) as caught:
        read(document)

    assert (code, where) in {(each.code, each.where) for each in caught.value.problems}
    assert all(each.remedy for each in caught.value.problems)


def test_all_problems_are_told_at_once():
    with pytest.raises(DesignErrors) as caught:
        read({"seed": "x", "colour": 1, "allocation": {"total": -1}})

    assert len(caught.value.problems) == 3


def test_thin_strata_are_collapsed_and_the_preview_says_from_what():
    collapse = {"below": 10, "over": ["industry"]}

    _, draw, told = result_of(PLAN | {"strata": {"by": ["industry"], "collapse": collapse}})

    assert sorted(cell for line in told["strata"] for cell in line["cells"]) == [
        "goods",
        "rare",
        "services",
    ]
    assert len(told["strata"]) == 2
    assert told["collapsed"][0]["thin"] == "rare"
    assert len(draw.unit) == told["drawn"] == 60
    assert draw.base_weight.sum() == pytest.approx(600)


def test_certain_firms_are_drawn_whatever_the_numbers():
    certain = {"units": ["R0001"], "measure": "employees", "from": 300}

    on, draw, told = result_of(PLAN | {"strata": {"certain": certain}})

    drawn = set(on.firms.identifier[draw.unit])
    assert {f"R{n:04}" for n in range(0, 600, 20)} | {"R0001"} <= drawn
    assert next(line for line in told["strata"] if line["label"] == "certain")["fraction"] == 1
    assert draw.base_weight.sum() == pytest.approx(600)


def test_a_certain_firm_that_is_not_on_the_frame_is_refused_by_its_position():
    with pytest.raises(SamplingRefused, match="position 2"):
        result_of(PLAN | {"strata": {"certain": {"units": ["R0001", "X"]}}})


@pytest.mark.parametrize("rule", ["root_frequency", "lavallee_hidiroglou"])
def test_size_classes_are_formed_from_a_measure(rule):
    size = {"measure": "employees", "rule": rule, "classes": 3, "cv": 0.02}
    chance = np.random.default_rng(1)
    frame = made_frame()
    frame.measures["employees"][:] = np.exp(chance.normal(3, 1, 600)).round()

    on, _, told = result_of(
        {"strata": {"by": ["size_class"], "size": size}, "allocation": {"total": 200}, "seed": 1},
        frame,
    )

    assert len(told["size_bounds"]) == 2
    assert len(told["strata"]) == 3
    assert sum(line["population"] for line in told["strata"]) == 600
    assert on.strata.take_all.sum() == (rule == "lavallee_hidiroglou")


@pytest.mark.parametrize("method", ["neyman", "equal", "power"])
def test_methods_spread_the_total(method):
    more = {"variable": "employees"} if method == "neyman" else {}

    _, draw, _ = result_of(PLAN | {"allocation": {"method": method, "total": 60, **more}})

    assert len(draw.unit) == 60


def test_a_budget_is_spent_and_not_exceeded():
    cost = {"small": 1, "large": 5}
    allocation = {"method": "optimal", "variable": "employees", "budget": 200, "cost": cost}

    on, draw, _ = result_of(PLAN | {"allocation": allocation})

    spent = sum(cost[each] for each in on.firms.size_class[draw.unit])
    assert 195 <= spent <= 200


def test_targets_are_met_and_told():
    document = {
        "allocation": {"method": "bethel", "response_rate": 0.6},
        "targets": [{"share": 0.4, "by": "region", "cv": 0.12}],
        "seed": 2,
    }

    _, _, told = result_of(document)

    asked = [each for each in told["precision"] if each["wanted"]]
    assert [each["domain"] for each in asked] == ["region coast", "region inland"]
    assert all(each["met"] and each["cv"] <= 0.12 for each in asked)


def test_targets_out_of_reach_are_refused_by_name():
    document = {
        "allocation": {"method": "bethel", "most": 20, "minimum": 0},
        "targets": [{"share": 0.4, "by": "region", "only": "coast", "cv": 0.03}],
        "seed": 2,
    }

    with pytest.raises(PrecisionRefused, match="region coast"):
        result_of(document)


def test_proportional_to_size_gives_weights_that_sum_to_the_size():
    selection = {"method": "pareto", "size": "employees"}

    on, draw, _ = result_of(PLAN | {"selection": selection})

    sizes = on.firms.measures["employees"]
    assert draw.base_weight @ sizes[draw.unit] == pytest.approx(sizes.sum())


def test_firms_without_a_size_have_no_chance_and_are_refused_by_number():
    frame = made_frame()
    frame.measures["employees"][[3, 5]] = 0

    with pytest.raises(SamplingRefused, match="2 firms"):
        result_of(PLAN | {"selection": {"method": "pareto", "size": "employees"}}, frame)


def test_a_missing_measure_is_refused_with_the_number_of_firms():
    frame = made_frame()
    frame.measures["employees"][[3, 5]] = np.nan

    with pytest.raises(SamplingRefused, match="2 of 600 firms have no employees"):
        result_of(
            PLAN | {"allocation": {"method": "neyman", "total": 9, "variable": "employees"}}, frame
        )


NEYMAN = {"method": "neyman", "total": 60, "variable": "employees"}
BY_EMPLOYEES = {"method": "pareto", "size": "employees"}


@pytest.mark.parametrize(
    ("document", "values", "says"),
    [
        ({"allocation": NEYMAN}, np.nan, "600 of 600 firms have no employees. Complete the frame"),
        ({"allocation": NEYMAN}, 0.0, "employees is the same for all firms within every stratum"),
        ({"allocation": NEYMAN}, 7.0, "employees is the same for all firms within every stratum"),
        (
            {"allocation": {"method": "optimal", "budget": 60, "variable": "employees"}},
            7.0,
            "so that optimal has nothing to tell strata apart by",
        ),
        (
            {"allocation": NEYMAN | {"method": "power"}},
            -1.0,
            "employees sums to 0 or less in 8 strata",
        ),
        (
            {"allocation": {"total": 60}, "selection": BY_EMPLOYEES},
            -1.0,
            "600 firms in 8 strata have no employees above 0 (600 have one below 0)",
        ),
        (
            {"allocation": {"total": 60}, "selection": BY_EMPLOYEES},
            0.0,
            "600 firms in 8 strata have no employees above 0 and so no chance",
        ),
        (
            {
                "allocation": {"method": "bethel"},
                "targets": [{"variable": "employees", "cv": 0.1}],
            },
            0.0,
            "employees in all firms is 0 on the frame",
        ),
    ],
)
def test_a_measure_that_tells_nothing_is_refused_by_name(document, values, says):
    frame = made_frame()
    frame.measures["employees"][:] = values

    with pytest.raises(SamplingRefused, match=re.escape(says)):
        result_of({"seed": 1, **document}, frame)


def test_neymans_allocation_goes_by_spread_and_not_by_level_so_that_values_may_be_negative():
    lower = made_frame()
    lower.measures["employees"][:] -= 1_000

    _, draw, _ = result_of({"allocation": NEYMAN, "seed": 1})
    _, of_lower, _ = result_of({"allocation": NEYMAN, "seed": 1}, lower)

    assert of_lower.unit.tolist() == draw.unit.tolist()


@pytest.mark.parametrize(
    ("strata", "says"),
    [
        ({"take_all": ["large"]}, "drawn whole hold 30 firms, and a sample of 20"),
        ({"certain": {"measure": "employees", "from": 40}}, "drawn whole hold "),
        ({"take_all": ["huge"]}, "No firm of the frame is in size class huge."),
    ],
)
def test_strata_taken_whole_that_the_sample_cannot_hold_are_told(strata, says):
    with pytest.raises(SamplingRefused, match=says):
        result_of(PLAN | {"allocation": {"total": 20}, "strata": {"by": ["size_class"], **strata}})


@pytest.mark.parametrize(
    ("allocation", "says"),
    [
        ({"total": 601}, "601 was asked for, and 600 firms can be drawn. Ask for 600 or fewer"),
        ({"total": 500, "maximum": 10}, "66 firms can be drawn"),
        ({"total": 60, "minimum": 50}, "smallest numbers of the strata sum to 80"),
    ],
)
def test_more_or_fewer_firms_than_the_strata_give_are_told_with_how_many_they_do(allocation, says):
    strata = {} if "maximum" in allocation else {"by": ["size_class"]}

    with pytest.raises(SamplingRefused, match=says):
        result_of(PLAN | {"allocation": allocation, "strata": strata})


def test_a_stratum_smaller_than_its_smallest_number_is_drawn_whole_and_no_further():
    plan = {"allocation": {"total": 599, "minimum": 50}, "strata": {"by": ["size_class"]}}

    _, draw, told = result_of(PLAN | plan)

    assert [(each["population"], each["drawn"]) for each in told["strata"]] == [
        (30, 30),
        (570, 569),
    ]
    assert len(np.unique(draw.unit)) == 599


def test_groups_are_drawn_first_and_weights_still_sum_to_the_frame_on_average():
    selection = {"groups": {"most": 2}}

    on, draw, told = result_of(PLAN | {"selection": selection})

    groups = on.firms.group[draw.unit]
    named, number = np.unique(groups[groups != ""], return_counts=True)
    assert len(named) > 0
    assert number.max() == 2
    assert told["drawn_groups"] == 60
    weights = [
        result_of(PLAN | {"selection": selection, "seed": seed})[1].base_weight.sum()
        for seed in range(60)
    ]
    assert np.mean(weights) == pytest.approx(600, rel=0.03)


@pytest.mark.parametrize(("rotate", "low", "high"), [(0, 1, 1), (0.25, 0.6, 0.9), (1, 0, 0.05)])
def test_rotation_sets_how_many_firms_stay(rotate, low, high):
    plan = {"strata": {"by": []}, "allocation": {"total": 150}, "seed": 4}
    _, first, told = result_of(plan)
    arcs = {c: (line["start"], line["rate"]) for line in told["strata"] for c in line["cells"]}
    rotation = {"rotation": {"wave": "earlier", "rotate": rotate}}

    _, second, _ = result_of(
        plan | {"seed": 99, "selection": rotation}, earlier=Earlier(arcs, start=0.1)
    )

    assert low <= len(np.intersect1d(first.unit, second.unit)) / 150 <= high


def test_the_order_of_the_frame_changes_nothing():
    frame = made_frame()
    turned = FrameColumns(
        *(getattr(frame, name)[::-1] for name in FrameColumns.__slots__[:-1]),
        {name: values[::-1] for name, values in frame.measures.items()},
    )

    here, there = result_of(PLAN), result_of(PLAN, turned)

    drawn = [set(on.firms.identifier[draw.unit]) for on, draw, _ in (here, there)]
    assert drawn[0] == drawn[1]


def arcs_of(told) -> Earlier:
    arcs = {c: (line["start"], line["rate"]) for line in told["strata"] for c in line["cells"]}
    return Earlier(arcs, start=0.1)


def test_every_stratum_of_a_plan_rotates_by_the_stated_share_wave_after_wave():
    """Strata of very different rates: the largest drawn whole, others from a tenth to a third."""
    frame = made_frame(6_000)
    plan = {
        "strata": {"by": ["size_class", "industry", "region"], "take_all": ["large"]},
        "allocation": {"method": "power", "total": 1_500, "power": 0.5},
        "seed": 4,
    }
    _, draw, told = result_of(plan, frame)
    waves, small = [draw], draw.stratum[~draw.is_certain]
    for seed in range(5, 9):
        rotation = {"selection": {"rotation": {"wave": "before", "rotate": 0.25}}}
        _, draw, told = result_of(plan | rotation | {"seed": seed}, frame, earlier=arcs_of(told))
        waves.append(draw)

    whole = np.flatnonzero(frame.size_class == "large")
    assert all(np.isin(whole, draw.unit).all() for draw in waves)
    for h in np.unique(small):
        drawn = [set(draw.unit[draw.stratum == h]) - set(whole) for draw in waves]
        if len(drawn[0]) < 100:
            continue
        stay = [len(drawn[0] & other) / len(drawn[0]) for other in drawn[1:]]
        # A binomial share of some hundred firms, four standard deviations.
        assert stay[:3] == pytest.approx([0.75, 0.5, 0.25], abs=0.15)
        assert stay[3] <= 0.1


def test_a_stratum_joined_of_several_rotates_as_its_largest_cell_did():
    frame = made_frame(6_000)
    plan = {"strata": {"by": ["industry", "region"]}, "allocation": {"total": 600}, "seed": 4}
    _, first, told = result_of(plan, frame)
    joined = {"by": ["industry", "region"], "collapse": {"below": 200, "over": ["industry"]}}
    rotation = {"rotation": {"wave": "before", "rotate": 0}}

    _, second, again = result_of(
        plan | {"strata": joined, "selection": rotation, "seed": 9}, frame, earlier=arcs_of(told)
    )

    assert any(len(line["cells"]) > 1 for line in again["strata"])
    assert len(np.intersect1d(first.unit, second.unit)) / 600 > 0.95
