"""Targets that the draw of a plan misses, and the sample with which it meets them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from surveys.sampling import SamplingRefused
from surveys.sampling.designs import (
    DesignErrors,
    FrameColumns,
    outlook,
    read,
    remarks,
    shortfall,
    sized_for_draw,
    stratified,
)
from surveys.sampling.designs.drawing import drawn_sample

FIRMS = 800
BY_SIZE = {"method": "pareto", "size": "turnover"}
SHARE = {"share": 0.4, "cv": 0.08}


def frame(groups: bool = False) -> FrameColumns:
    chance = np.random.default_rng(5)
    names = np.array([f"R{n:04}" for n in range(FIRMS)])
    return FrameColumns(
        identifier=names,
        size_class=np.where(np.arange(FIRMS) < 600, "small", "large"),
        industry=np.full(FIRMS, "i"),
        region=np.array(["coast", "inland"])[np.arange(FIRMS) % 2],
        group=np.array([f"G{n // 4}" if groups else "" for n in range(FIRMS)]),
        number=chance.random(FIRMS),
        measures={"turnover": np.exp(chance.normal(2, 1, FIRMS))},
    )


def worked_out(allocation: dict[str, Any], selection: dict[str, Any], *targets: dict[str, Any]):
    document = {
        "strata": {"by": ["size_class"]},
        "allocation": allocation,
        "targets": list(targets),
        "selection": selection,
        "seed": 1,
    }
    design = read(document)
    on = stratified(design, frame("groups" in selection), origin="test")
    return design, on, sized_for_draw(design, on)


def missed_by(allocation: dict[str, Any], selection: dict[str, Any], *targets: dict[str, Any]):
    return shortfall(*worked_out(allocation, selection, *targets))


def precision(allocation: dict[str, Any], selection: dict[str, Any], *targets: dict[str, Any]):
    design, on, size = worked_out(allocation, selection, *targets)
    draw = drawn_sample(design, on, size)
    starts = np.zeros(len(on.strata.keys))
    lines = outlook(design, on, size, draw, starts=starts, earlier={})["precision"]
    return [line for line in lines if line["wanted"]]


@pytest.mark.parametrize(
    "selection", [{}, BY_SIZE, {"groups": {"correlation": 0.5}}, {**BY_SIZE, "groups": {"most": 2}}]
)
def test_the_total_that_is_offered_meets_every_target_and_one_less_does_not(selection):
    targets = (SHARE, {"share": 0.4, "by": "region", "cv": 0.13})
    found = missed_by({"total": 30}, selection, *targets)

    total = found.change["total"]

    assert found.drawn == total > 30
    assert all(each["met"] for each in precision({"total": total}, selection, *targets))
    assert not all(each["met"] for each in precision({"total": total - 1}, selection, *targets))


def test_what_the_draw_misses_is_told_with_by_how_much():
    found = missed_by({"total": 60}, BY_SIZE, SHARE, {"variable": "turnover", "cv": 0.01})

    (missed,) = found.missed
    (share, total) = precision({"total": 60}, BY_SIZE, SHARE, {"variable": "turnover", "cv": 0.01})
    assert total["met"]
    assert (missed.variable, missed.domain, missed.wanted) == ("a share of 40%", "all firms", 0.08)
    assert missed.cv == pytest.approx(share["cv"])
    assert missed.times == pytest.approx(share["cv"] / 0.08)


def test_a_draw_that_meets_its_targets_has_nothing_to_be_raised():
    assert missed_by({"total": 400}, {}, SHARE) is None
    assert missed_by({"total": 5}, {}) is None


@pytest.mark.parametrize(
    "selection",
    [
        BY_SIZE,
        {"groups": {"most": 1, "correlation": 0}},
        {"groups": {"most": 2, "correlation": 0.5}},
        {**BY_SIZE, "groups": {"most": 1, "correlation": 0.5}},
    ],
)
def test_bethel_for_equal_chances_misses_and_for_the_draw_itself_meets(selection):
    allocation: dict[str, Any] = {"method": "bethel"}
    found = missed_by(allocation, selection, SHARE)

    assert found.change == {"for_draw": True}
    raised = allocation | found.change
    design, on, size = worked_out(raised, selection, SHARE)
    assert size.allocation.total == found.drawn
    assert all(each["met"] for each in precision(raised, selection, SHARE))
    assert shortfall(design, on, size) is None


@pytest.mark.parametrize("wanted", [0.08, 0.1])
@pytest.mark.parametrize("selection", [BY_SIZE, {"groups": {"most": 2, "correlation": 0}}])
def test_bethel_for_the_draw_itself_takes_little_more_than_it_must(wanted, selection):
    raised = {"method": "bethel", "for_draw": True, "response_rate": 0.6}

    (line,) = precision(raised, selection, SHARE | {"cv": wanted})

    assert 0.99 * wanted < line["cv"] <= wanted * (1 + 1e-9)


def test_bethel_needs_no_more_than_the_draw_that_just_meets_the_target():
    found = missed_by({"method": "bethel"}, BY_SIZE, SHARE)
    spread = missed_by({"method": "proportional", "total": 30, "minimum": 2}, BY_SIZE, SHARE)

    assert found.drawn <= spread.drawn * 1.02


def test_a_largest_sample_of_bethel_is_raised_with_it():
    found = missed_by({"method": "bethel", "most": 185}, BY_SIZE, SHARE)

    assert found.change == {"for_draw": True, "most": found.drawn}
    assert found.drawn > 185


def alike_in_small_firms() -> FrameColumns:
    """Small firms all have one person, of whom Bethel's allocation need ask none."""
    chance = np.random.default_rng(3)
    staff = np.where(np.arange(FIRMS) < 600, 1.0, np.exp(chance.normal(2, 1, FIRMS)))
    return replace(frame(), measures=frame().measures | {"staff": staff})


def of_staff(allocation: dict[str, Any], cv: float = 0.2):
    document = {
        "strata": {"by": ["size_class"]},
        "allocation": {"method": "bethel", "minimum": 0} | allocation,
        "targets": [{"variable": "staff", "cv": cv}],
        "selection": BY_SIZE,
        "seed": 1,
    }
    design = read(document)
    return design, stratified(design, alike_in_small_firms(), origin="test")


def test_of_a_stratum_of_which_bethel_draws_nobody_at_least_two_are_offered():
    design, on = of_staff({})
    size = sized_for_draw(design, on)

    found = shortfall(design, on, size)

    assert found.change == {"for_draw": True, "minimum": 2}
    assert "at least 2 of every stratum" in remarks(design, size, found)[-1]
    design, on = of_staff(found.change)
    raised = sized_for_draw(design, on)
    assert raised.allocation.total == found.drawn
    assert shortfall(design, on, raised) is None


def test_bethel_for_the_draw_itself_says_that_a_stratum_would_have_nobody():
    with pytest.raises(SamplingRefused, match=r"least 1 of every stratum \(allocation.minimum\)"):
        sized_for_draw(*of_staff({"for_draw": True}))


def test_targets_that_no_narrowing_of_them_meets_are_refused_with_the_way_out():
    with pytest.raises(SamplingRefused, match="draw more of the strata"):
        sized_for_draw(*of_staff({"for_draw": True, "minimum": 2}, cv=0.1))

    design, on = of_staff({}, cv=0.1)
    size = sized_for_draw(design, on)
    found = shortfall(design, on, size)

    assert (found.change, found.drawn) == ({}, None)
    assert remarks(design, size, found)[-1].startswith("No allocation of Bethel’s was found")


def test_for_equal_chances_bethel_is_the_same_either_way():
    _, _, plain = worked_out({"method": "bethel"}, {}, SHARE)
    _, _, asked = worked_out({"method": "bethel", "for_draw": True}, {}, SHARE)

    assert asked.allocation.drawn.tolist() == plain.allocation.drawn.tolist()


def test_a_budget_is_raised_until_it_does():
    allocation = {"method": "optimal", "variable": "turnover", "budget": 100.0}
    allocation["cost"] = {"small": 1, "large": 3}
    found = missed_by(allocation, BY_SIZE, SHARE)

    enough = found.change["budget"]

    assert enough > 100
    assert precision(allocation | {"budget": enough}, BY_SIZE, SHARE)[0]["met"]
    assert not precision(allocation | {"budget": enough * 0.99}, BY_SIZE, SHARE)[0]["met"]


@pytest.mark.parametrize(
    "allocation",
    [
        {"total": 60, "response_rate": 0.3},
        {"method": "optimal", "variable": "turnover", "budget": 60, "response_rate": 0.3},
    ],
)
def test_what_no_sample_meets_is_told_with_what_is_possible(allocation):
    found = missed_by(allocation, {}, {"share": 0.4, "cv": 0.01})

    assert (found.change, found.drawn) == ({}, None)
    assert found.possible[0].cv > 0.01
    assert found.possible[0].cv < found.missed[0].cv


def test_bethel_for_a_draw_that_cannot_meet_its_targets_is_refused_or_not_offered():
    allocation = {"method": "bethel", "maximum": 150}
    target = {"share": 0.4, "cv": 0.08}
    found = missed_by(allocation, BY_SIZE, target)

    assert (found.change, found.drawn) == ({}, None)
    with pytest.raises(SamplingRefused, match="less precise than one with equal chances"):
        worked_out(allocation | {"for_draw": True}, BY_SIZE, target)


def test_remarks_say_what_was_taken_for_what_and_what_would_do():
    design, on, size = worked_out({"method": "bethel"}, BY_SIZE, SHARE)
    missing = shortfall(design, on, size)

    first, second, third = remarks(design, size, missing)

    assert first.startswith("Bethel’s allocation spreads firms as if")
    assert "in proportion to size" in first
    assert "wanted, " in second
    assert "8.0\u202f% wanted" in second
    assert third == (
        f"With {missing.drawn:,} firms instead of {size.allocation.total:,} the draw would meet "
        "all."
    )


def test_a_plan_that_draws_as_it_allocates_has_no_remarks():
    design, _, size = worked_out({"method": "bethel"}, {}, SHARE)
    raised, _, more = worked_out({"method": "bethel", "for_draw": True}, BY_SIZE, SHARE)

    assert remarks(design, size, None) == []
    assert remarks(raised, more, None) == []


def test_remarks_of_groups_of_a_budget_and_of_what_is_out_of_reach():
    groups = {"groups": {"most": 1}}
    design, on, size = worked_out({"total": 20}, groups, SHARE)
    assert "groups instead of 20" in remarks(design, size, shortfall(design, on, size))[-1]

    allocation = {"method": "optimal", "variable": "turnover", "budget": 50}
    design, on, size = worked_out(allocation, groups, SHARE)
    said = remarks(design, size, shortfall(design, on, size))
    assert "by group" in said[0]
    assert said[-1].startswith("A budget of ")

    design, on, size = worked_out(
        {"total": 60, "response_rate": 0.3}, {}, {"share": 0.4, "cv": 0.01}
    )
    said = remarks(design, size, shortfall(design, on, size))
    assert said[-1].startswith("No number of firms that may be drawn would meet every target")
    assert "possible" in said[-1]


def test_of_many_targets_that_are_missed_the_worst_are_told():
    targets = [{"share": 0.1 * n, "cv": 0.05} for n in range(1, 6)]
    design, on, size = worked_out({"total": 60}, {}, *targets)

    (said, _) = remarks(design, size, shortfall(design, on, size))

    assert said.startswith("The draw misses 5 precision targets: a share of 10% in all firms")
    assert said.endswith("and 2 more.")


@pytest.mark.parametrize(
    ("allocation", "where"),
    [
        ({"method": "bethel", "for_draw": "yes"}, "allocation.for_draw"),
        ({"total": 9, "for_draw": True}, "allocation.for_draw"),
    ],
)
def test_for_draw_is_true_or_false_and_of_bethel_alone(allocation, where):
    with pytest.raises(DesignErrors) as caught:
        read({"allocation": allocation, "targets": [SHARE], "seed": 1})

    assert where in [each.where for each in caught.value.problems]
